"""The catalogue of the service charter as dated rows (M2) and the typical acts as starting facts (M1)."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import Prefetch

from orientamento.comune.validita import valida_il
from psp.models import AttoRicerca, CodiceServizio, Servizio

DATI = Path(__file__).resolve().parent.parent / "dati"
CARTA_DAL = dt.date(2021, 1, 1)


@dataclass(frozen=True)
class AttoTipico:
    """An act that offices agree often: ticked, it becomes an act of the plan with its timing and proof."""

    chiave: str
    tipo: str
    descrizione: str
    soggetto: str
    frequenza: str
    giorni: int | None
    prova: str


@cache
def atti_tipici() -> tuple[AttoTipico, ...]:
    """The typical acts of the three kinds, in the order of the file."""
    return tuple(
        AttoTipico(
            chiave=riga["chiave"],
            tipo=AttoRicerca.Tipo(riga["tipo"]).value,
            descrizione=riga["descrizione"],
            soggetto=riga["soggetto"],
            frequenza=riga["frequenza"],
            giorni=int(riga["giorni"]) if riga["giorni"] else None,
            prova=riga["prova"],
        )
        for riga in _righe("atti_tipici.csv")
    )


@transaction.atomic
def carica_catalogo() -> int:
    """Load the services that are not there yet; rows that an office has changed stay as they are. Returns how many."""
    nuovi = 0
    for riga in _righe("servizi.csv"):
        servizio, creato = Servizio.objects.get_or_create(
            chiave=riga["chiave"],
            defaults={
                "nome": riga["nome"],
                "descrizione": riga["descrizione"],
                "modo": Servizio.Modo(riga["modo"]),
                "ore_previste": Decimal(riga["ore"].replace(",", ".")) if riga["ore"] else None,
                "ordine": int(riga["ordine"]),
                "valido_dal": CARTA_DAL,
            },
        )
        nuovi += creato
        if creato and riga["codice"]:
            CodiceServizio.objects.create(servizio=servizio, codice=riga["codice"], valido_dal=CARTA_DAL)
    return nuovi


def con_codice(giorno: dt.date, prefisso: str = "") -> Prefetch[str]:
    """A prefetch of the code in force on `giorno` into `codici_del_giorno`; none means no code (M2)."""
    codici = CodiceServizio.objects.filter(valida_il(giorno))
    return Prefetch(f"{prefisso}codici", queryset=codici.order_by("-valido_dal"), to_attr="codici_del_giorno")


def codice_del_giorno(servizio: Servizio) -> str:
    """The code prefetched by `con_codice`, or the empty text."""
    codici = servizio.codici_del_giorno  # type: ignore[attr-defined]
    return codici[0].codice if codici else ""


def servizi_in_vigore(giorno: dt.date) -> list[Servizio]:
    """The services that may be agreed on `giorno`, in the order of the charter, with their code (two queries)."""
    return list(Servizio.objects.in_vigore(giorno).prefetch_related(con_codice(giorno)))


def _righe(nome: str) -> list[dict[str, str]]:
    with (DATI / nome).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
