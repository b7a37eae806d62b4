"""The starting tables: offices, towns, programmes, texts for citizens. Facts stand in `anagrafica/dati/`.

Loading them again adds what is missing and never touches what an administrator has changed meanwhile.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

from django.db import transaction

from orientamento.anagrafica.models import CPI, CompetenzaTerritoriale, GenereTesto, Programma, TestoInformativo
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

DATI = Path(__file__).resolve().parent.parent / "dati"

# Since when the regional agency runs the centres of Tuscany; the day from which our first rows are good.
INIZIO_COMPETENZE = dt.date(2018, 6, 28)
INIZIO_TESTI = dt.date(2015, 9, 24)


@transaction.atomic
def carica_tabelle() -> dict[str, int]:
    """Add the rows that are missing; answer how many of each kind were added."""
    aggiunte = {
        "centri": _carica_cpi(),
        "comuni": _carica_competenze(),
        "programmi": _carica_programmi(),
        "testi": _carica_testi(),
    }
    if any(aggiunte.values()):
        registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=None, dettaglio={"tabelle_iniziali": aggiunte})
    return aggiunte


def _righe(nome: str) -> Iterator[dict[str, str]]:
    with (DATI / nome).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _data(testo: str) -> dt.date | None:
    return dt.date.fromisoformat(testo) if testo else None


def _carica_cpi() -> int:
    presenti = set(CPI.objects.values_list("codice", flat=True))
    nuovi = [
        CPI(codice=riga["codice"], nome=riga["nome"], comune=riga["comune"])
        for riga in _righe("cpi.csv")
        if riga["codice"] not in presenti
    ]
    # An office entered by hand under the same name keeps it.
    return len(CPI.objects.bulk_create(nuovi, ignore_conflicts=True))


def _carica_competenze() -> int:
    presenti = set(CompetenzaTerritoriale.objects.values_list("codice_comune", flat=True))
    centri = dict(CPI.objects.values_list("codice", "pk"))
    nuove = [
        CompetenzaTerritoriale(
            cpi_id=centri[riga["cpi"]],
            codice_comune=riga["comune"],
            comune=riga["nome"],
            valido_dal=_data(riga["dal"]) or INIZIO_COMPETENZE,
        )
        for riga in _righe("competenze.csv")
        if riga["comune"] not in presenti and riga["cpi"] in centri
    ]
    return len(CompetenzaTerritoriale.objects.bulk_create(nuove))


def _carica_programmi() -> int:
    presenti = set(Programma.objects.values_list("chiave", flat=True))
    nuovi = [
        Programma(
            chiave=riga["chiave"],
            nome=riga["nome"],
            giorni_per_patto=int(riga["giorni"]),
            valido_dal=dt.date.fromisoformat(riga["dal"]),
            valido_al=_data(riga["al"]),
        )
        for riga in _righe("programmi.csv")
        if riga["chiave"] not in presenti
    ]
    return len(Programma.objects.bulk_create(nuovi))


def _carica_testi() -> int:
    presenti = set(TestoInformativo.objects.values_list("genere", flat=True))
    nuovi = []
    for genere in GenereTesto:
        if genere.value in presenti:
            continue
        titolo, _, testo = (DATI / "testi" / f"{genere.value}.txt").read_text(encoding="utf-8").partition("\n")
        nuovi.append(
            TestoInformativo(
                genere=genere, versione=1, titolo=titolo.strip(), testo=testo.strip(), valido_dal=INIZIO_TESTI
            )
        )
    return len(TestoInformativo.objects.bulk_create(nuovi))
