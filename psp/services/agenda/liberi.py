"""Free time: of an operator (hours, less closings, less meetings), of a room or of a place at a web learning point."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass

from orientamento.anagrafica.models import Operatore
from psp.models import Luogo, OrarioOperatore, Seduta
from psp.services.agenda.giorni import chiusure, giorno_di, inizio_del_giorno, istante_prossimo

GIORNI_IN_CUI_CERCARE = 60
QUANTI = 6
MINUTI_CONSUETI = 60
# When rooms may be used, where nobody's hours decide.
APERTURA = (dt.time(8), dt.time(19))
DURATA_MASSIMA = dt.timedelta(hours=12)

Tratto = tuple[dt.datetime, dt.datetime]


@dataclass(frozen=True)
class Libero:
    """A free slot, in UTC."""

    inizio: dt.datetime
    fine: dt.datetime

    @property
    def minuti(self) -> int:
        return round((self.fine - self.inizio).total_seconds() / 60)


def meno(tratti: Iterable[Tratto], occupati: Iterable[Tratto]) -> list[Tratto]:
    """What is left of `tratti` without `occupati`, in order; ends may touch."""
    restano = sorted(t for t in tratti if t[0] < t[1])
    for da, a in sorted(occupati):
        nuovi: list[Tratto] = []
        for inizio, fine in restano:
            if a <= inizio or da >= fine:
                nuovi.append((inizio, fine))
                continue
            if inizio < da:
                nuovi.append((inizio, da))
            if a < fine:
                nuovi.append((a, fine))
        restano = nuovi
    return restano


def unisci(tratti: Iterable[Tratto]) -> list[Tratto]:
    """The same time, in order and without overlaps."""
    uniti: list[Tratto] = []
    for inizio, fine in sorted(t for t in tratti if t[0] < t[1]):
        if uniti and inizio <= uniti[-1][1]:
            uniti[-1] = (uniti[-1][0], max(uniti[-1][1], fine))
        else:
            uniti.append((inizio, fine))
    return uniti


def tratti_liberi(operatore: Operatore, dal: dt.date, al: dt.date) -> list[Tratto]:
    """The free time of `operatore` from `dal` to `al`, both included (three queries)."""
    if operatore.cpi_id is None:
        return []
    occupati = _occupati(Seduta.objects.filter(operatore=operatore, assistita=True), dal, al)
    return tratti_di(orari_di(operatore), chiusure(operatore.cpi_id, dal, al), occupati, dal, al)


def orari_di(operatore: Operatore) -> list[OrarioOperatore]:
    return list(OrarioOperatore.objects.filter(operatore=operatore))


def tratti_di(
    orari: Collection[OrarioOperatore], chiusi: Container[dt.date], occupati: list[Tratto], dal: dt.date, al: dt.date
) -> list[Tratto]:
    """The same of what has been read already."""
    ricevimento = [
        (istante_prossimo(giorno, o.dalle), istante_prossimo(giorno, o.alle))
        for giorno in _giorni(dal, al)
        if giorno not in chiusi
        for o in orari
        if o.giorno == giorno.isoweekday()
    ]
    return meno(unisci(ricevimento), occupati)


def tratti_liberi_del_luogo(luogo: Luogo, dal: dt.date, al: dt.date) -> list[Tratto]:
    """The free time of a room or place, between the usual opening hours of the office (two queries)."""
    chiusi = chiusure(luogo.cpi_id, dal, al)
    aperto = [
        (istante_prossimo(giorno, APERTURA[0]), istante_prossimo(giorno, APERTURA[1]))
        for giorno in _giorni(dal, al)
        if giorno not in chiusi and giorno.isoweekday() < 7
    ]
    return meno(aperto, _occupati(Seduta.objects.filter(luogo=luogo), dal, al))


def primi_liberi(
    operatore: Operatore,
    *,
    adesso: dt.datetime,
    minuti: int = MINUTI_CONSUETI,
    dal: dt.date | None = None,
    quanti: int = QUANTI,
) -> list[Libero]:
    """The next free slots of `minuti` minutes, from `dal` (today) on, one after the other, none in the past."""
    primo = max(dal or giorno_di(adesso), giorno_di(adesso))
    tratti = tratti_liberi(operatore, primo, primo + dt.timedelta(days=GIORNI_IN_CUI_CERCARE))
    trovati: list[Libero] = []
    for libero in in_pezzi(tratti, minuti=minuti, adesso=adesso):
        if len(trovati) == quanti:
            break
        trovati.append(libero)
    return trovati


def in_pezzi(tratti: Iterable[Tratto], *, minuti: int, adesso: dt.datetime) -> Iterator[Libero]:
    """Slots of `minuti` real minutes, from the beginning of each stretch; those already begun are left out."""
    durata = dt.timedelta(minutes=minuti)
    for inizio, fine in tratti:
        momento = inizio
        while momento + durata <= fine:
            if momento > adesso:
                yield Libero(momento, momento + durata)
            momento += durata


def _giorni(dal: dt.date, al: dt.date) -> Iterator[dt.date]:
    for passi in range((al - dal).days + 1):
        yield dal + dt.timedelta(days=passi)


def _occupati(sedute: object, dal: dt.date, al: dt.date) -> list[Tratto]:
    da, a = inizio_del_giorno(dal), inizio_del_giorno(al + dt.timedelta(days=1))
    # A meeting lasts twelve hours at most: what began earlier cannot reach this time.
    righe = sedute.non_annullate().filter(inizio__gte=da - DURATA_MASSIMA, inizio__lt=a, fine__gt=da)  # type: ignore[attr-defined]
    return list(righe.values_list("inizio", "fine"))
