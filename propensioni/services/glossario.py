"""The common glossary of professions (P3): its starting data and the search by everyday names."""

from __future__ import annotations

import csv
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from django.db import transaction

from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from propensioni.models import SEP, Professione, VoceProfessione
from propensioni.services.ricerca import cerca_professioni

__all__ = ["Caricati", "aggiungi_voci", "carica_glossario", "cerca_professioni"]

DATI = Path(__file__).resolve().parent.parent / "dati"
EDIZIONE = "CP2021"


@dataclass(frozen=True)
class Caricati:
    """How many rows are new."""

    sep: int
    professioni: int
    voci: int

    def __str__(self) -> str:
        return f"settori {self.sep}, professioni {self.professioni}, voci {self.voci}"


@transaction.atomic
def carica_glossario() -> Caricati:
    """Load the 24 SEP and the everyday professions. Idempotent: a second run changes nothing and registers nothing."""
    prima = _conta()
    SEP.objects.bulk_create(
        [SEP(**riga) for riga in _leggi("sep.csv")],
        update_conflicts=True,
        unique_fields=["codice"],
        update_fields=["nome"],
    )
    settori = {sep.codice: sep for sep in SEP.objects.all()}
    righe = _leggi("professioni.csv")
    Professione.objects.bulk_create(
        [
            Professione(
                codice=riga["codice"],
                edizione=EDIZIONE,
                titolo=riga["titolo"],
                sep=settori[riga["sep"]],
                quotidiana=True,
            )
            for riga in righe
        ],
        update_conflicts=True,
        unique_fields=["edizione", "codice", "titolo"],
        update_fields=["sep", "quotidiana"],
    )
    sinonimi = {(riga["codice"], riga["titolo"]): riga["sinonimi"].split("|") for riga in righe}
    aggiungi_voci(
        {
            professione: [professione.titolo, *sinonimi[professione.codice, professione.titolo]]
            for professione in Professione.objects.filter(edizione=EDIZIONE, quotidiana=True)
            if (professione.codice, professione.titolo) in sinonimi
        }
    )
    nuovi = Caricati(*(dopo - prima for dopo, prima in zip(_conta(), prima, strict=True)))
    if any((nuovi.sep, nuovi.professioni, nuovi.voci)):
        registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=None, dettaglio={"glossario": str(nuovi)})
    return nuovi


def aggiungi_voci(voci: dict[Professione, list[str]]) -> None:
    """Give professions the names they are found by; a name that folds to one already there is left out."""
    VoceProfessione.objects.bulk_create(
        [
            VoceProfessione(professione=professione, voce=unicodedata.normalize("NFC", voce.strip()))
            for professione, nomi in voci.items()
            for voce in nomi
            if voce.strip()
        ],
        ignore_conflicts=True,
        batch_size=2000,
    )


def _leggi(nome: str) -> list[dict[str, str]]:
    with (DATI / nome).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _conta() -> tuple[int, int, int]:
    return SEP.objects.count(), Professione.objects.count(), VoceProfessione.objects.count()
