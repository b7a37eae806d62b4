"""The worklist: everything that is due in one list, the nearest first, with how much there is of each kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, F, Window

from orientamento.anagrafica.models import Operatore, Utente
from psp.services.lavoro.generi import GENERI, Ambito, Genere

PASSO = 30
RIGHE_MASSIME = 300
# Those whose day is not a term: it says since when, and does not make the line late.
DA_ALLORA = {"rimandato", "prova", "fermo"}


@dataclass(frozen=True)
class Filtro:
    """What to show: the kinds (none: all), due within so many days (None: any), a supervisor's operator, how many."""

    generi: tuple[str, ...] = ()
    entro: int | None = None
    di: int | None = None
    mostra: int = PASSO

    def sceglie(self, genere: str) -> bool:
        return not self.generi or genere in self.generi


@dataclass(frozen=True)
class Voce:
    """One line: who, what, by when, where it is done. `giorni` are those left, negative when it is late."""

    genere: str
    nome: str
    pk: int
    utente: Utente | None
    testo: str
    url: str
    scade: dt.date
    giorni: int
    da_allora: bool

    @property
    def ritardo(self) -> int:
        return -self.giorni


@dataclass(frozen=True)
class Lavoro:
    """`voci`: the lines to show. `quante`: how many there are of each kind. `altre`: how many are not shown."""

    voci: list[Voce] = field(default_factory=list)
    quante: dict[str, int] = field(default_factory=dict)
    altre: int = 0

    @property
    def totale(self) -> int:
        return sum(self.quante.values())


def lavoro_di(operatore: Operatore, filtro: Filtro, adesso: dt.datetime) -> Lavoro:
    """The worklist of `operatore`, one statement for each kind however many the cases are (A1)."""
    ambito = Ambito(operatore, adesso, filtro.di)
    voci: list[Voce] = []
    quante: dict[str, int] = {}
    for genere in GENERI.values():
        lette = _leggi(genere, ambito, filtro)
        if lette:
            quante[genere.chiave] = lette[0].quante
            if filtro.sceglie(genere.chiave):
                voci += [_voce(genere, riga, ambito) for riga in lette]
    voci.sort(key=lambda v: (v.scade, v.utente.cognome if v.utente else "", v.pk))
    scelte = sum(n for chiave, n in quante.items() if filtro.sceglie(chiave))
    mostrate = voci[: filtro.mostra]
    return Lavoro(mostrate, quante, scelte - len(mostrate))


def _leggi(genere: Genere, ambito: Ambito, filtro: Filtro) -> list[Any]:
    """The first rows, each with the number of all; one is enough where only the number is wanted."""
    righe = genere.righe(ambito)
    if filtro.entro is not None:
        righe = righe.filter(scade__lte=ambito.oggi + dt.timedelta(days=filtro.entro))
    legami = [f"{genere.utente}__operatore_riferimento"] if genere.utente else ["operatore_riferimento"]
    righe = righe.select_related(*legami).annotate(quante=Window(Count("*"))).order_by(F("scade").asc(), "pk")
    return list(righe[: filtro.mostra if filtro.sceglie(genere.chiave) else 1])


def _voce(genere: Genere, riga: Any, ambito: Ambito) -> Voce:
    utente = riga
    for passo in genere.utente.split("__") if genere.utente else ():
        utente = getattr(utente, passo)
    return Voce(
        genere=genere.chiave,
        nome=genere.nome,
        pk=riga.pk,
        utente=utente,
        testo=genere.testo(riga),
        url=genere.url(riga),
        scade=riga.scade,
        giorni=(riga.scade - ambito.oggi).days,
        da_allora=genere.chiave in DA_ALLORA,
    )
