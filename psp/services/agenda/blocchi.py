"""Locks of the agenda, always in the same order: citizens, measures, operators, room, meeting (see README, *Locks*).

Operators and rooms are locked so that two bookings look at the same time one after the other: the exclusion
constraints alone would keep the time clean, but two rows written at once could wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from psp.models import Iscrizione, Luogo, Misura, Seduta
from psp.models.agenda import SedutaQuerySet

ATTIVE = (Iscrizione.Stato.PRENOTATA, Iscrizione.Stato.IN_LISTA)
CAMBIATA = (
    "Qualcun altro ha cambiato questo appuntamento mentre lei aveva la pagina aperta. Qui c'è com'è ora: rileggere e, "
    "se va bene, confermare di nuovo."
)


@dataclass
class Bloccata:
    """A meeting, its bookings that count and their citizens, all locked until the end of the transaction."""

    seduta: Seduta
    iscrizioni: list[Iscrizione]
    utenti: dict[int, Utente]

    def con_stato(self, *stati: str) -> list[Iscrizione]:
        return [i for i in self.iscrizioni if i.stato in stati]

    @property
    def in_lista(self) -> list[Iscrizione]:
        """The waiting list, first come first."""
        return sorted(self.con_stato(Iscrizione.Stato.IN_LISTA), key=lambda i: i.pk)


def blocca_utenti(chiavi: Iterable[int]) -> dict[int, Utente]:
    """Citizens' rows in the order of their keys: two services that lock several never wait in a ring."""
    righe = (
        Utente.objects.filter(pk__in=sorted(chiavi))
        .select_related("cpi")
        .select_for_update(of=("self",), no_key=True)
        .order_by("pk")
    )
    return {utente.pk: utente for utente in righe}


def blocca_misure(chiavi: Iterable[int]) -> dict[int, Misura]:
    righe = Misura.objects.filter(pk__in=sorted(chiavi)).select_for_update(of=("self",), no_key=True).order_by("pk")
    righe = righe.select_related("servizio", "patto").defer("patto__pdf", "patto__contenuto")
    return {misura.pk: misura for misura in righe}


def blocca_operatori(*operatori: Operatore | int) -> dict[int, Operatore]:
    """The rows of those whose time is about to be written, as they are now."""
    chiavi = sorted({o if isinstance(o, int) else o.pk for o in operatori})
    righe = Operatore.objects.filter(pk__in=chiavi).select_for_update(of=("self",), no_key=True).order_by("pk")
    return {operatore.pk: operatore for operatore in righe}


def blocca_luogo(luogo: Luogo | None) -> Luogo | None:
    if luogo is None:
        return None
    return Luogo.objects.select_for_update(of=("self",), no_key=True).get(pk=luogo.pk)


def blocca_seduta(
    seduta: Seduta,
    *,
    versione: int | None = None,
    operatori: Iterable[Operatore | int] = (),
    luogo: Luogo | None = None,
    misure: bool = False,
) -> Bloccata:
    """The meeting with all its people, locked in order. `versione` is the one that the page was made from.

    People are known only after their meeting is locked, and are to be locked before it: they are read first, and
    where somebody has been booked in between the change is refused and may be asked again.
    """
    righe = list(Iscrizione.objects.filter(seduta=seduta).values_list("utente_id", "misura_id", "stato"))
    utenti = blocca_utenti({utente for utente, _, stato in righe if stato != Iscrizione.Stato.ANNULLATA})
    if misure:
        blocca_misure({misura for _, misura, _ in righe if misura})
    if operatori:
        blocca_operatori(*operatori)
    blocca_luogo(luogo)
    bloccata = riga_bloccata(seduta)
    if versione is not None and bloccata.versione != versione:
        raise VersioneSuperata(CAMBIATA)
    iscrizioni = list(
        Iscrizione.objects.filter(seduta=bloccata).exclude(stato=Iscrizione.Stato.ANNULLATA).order_by("posto", "pk")
    )
    if any(i.utente_id not in utenti for i in iscrizioni):
        raise VersioneSuperata(CAMBIATA)
    for iscrizione in iscrizioni:
        iscrizione.utente, iscrizione.seduta = utenti[iscrizione.utente_id], bloccata
    return Bloccata(bloccata, iscrizioni, utenti)


def blocca_sedute(
    sedute: SedutaQuerySet, *, operatori: Iterable[Operatore | int], utenti: Iterable[int] = ()
) -> list[Bloccata]:
    """The meetings that answer a question, with all their people, locked in order, and `utenti` with them.

    The question is asked again once people and operators are locked. A meeting into which somebody has been booked in
    between is left out: the citizen could not be locked in their turn.
    """
    compagni = Iscrizione.objects.filter(seduta__in=sedute.values("pk")).exclude(stato=Iscrizione.Stato.ANNULLATA)
    noti = blocca_utenti({*utenti, *compagni.values_list("utente_id", flat=True)})
    blocca_operatori(*operatori)
    righe = sedute.select_for_update(of=("self",), no_key=True).select_related("cpi", "operatore", "luogo", "servizio")
    bloccate = {riga.pk: Bloccata(riga, [], noti) for riga in righe.order_by("pk")}
    iscrizioni = Iscrizione.objects.filter(seduta__in=bloccate).exclude(stato=Iscrizione.Stato.ANNULLATA)
    for iscrizione in iscrizioni.order_by("posto", "pk"):
        if iscrizione.utente_id not in noti:
            bloccate.pop(iscrizione.seduta_id, None)
        elif iscrizione.seduta_id in bloccate:
            tutti = bloccate[iscrizione.seduta_id]
            iscrizione.utente, iscrizione.seduta = noti[iscrizione.utente_id], tutti.seduta
            tutti.iscrizioni.append(iscrizione)
    return list(bloccate.values())


def riga_bloccata(seduta: Seduta) -> Seduta:
    """The row of a meeting, locked; whoever wants its people too calls `blocca_seduta`."""
    return (
        Seduta.objects.select_for_update(of=("self",), no_key=True)
        .select_related("cpi", "operatore", "luogo", "servizio")
        .get(pk=seduta.pk)
    )


def richiedi_operatore(operatore: Operatore, cpi_id: int) -> None:
    """Who holds a meeting works at its office and may keep an agenda."""
    if operatore.cpi_id != cpi_id or not operatore.is_active or not puo(operatore, Permesso.GESTIRE_AGENDA):
        raise RegolaViolata(
            f"{operatore} non tiene appuntamenti in questo centro: scegliere un altro operatore.", campo="operatore"
        )


def richiedi_postazione(luogo: Luogo | None, *, assistita: bool, di_gruppo: bool) -> None:
    """Only a place at a web learning point can be used without the operator, by one person."""
    if not assistita and di_gruppo:
        raise RegolaViolata("Un incontro di gruppo si tiene con l'operatore.", campo="assistita")
    if not assistita and (luogo is None or luogo.tipo != Luogo.Tipo.POSTAZIONE):
        raise RegolaViolata(
            "Senza operatore si prenota solo una postazione del web learning point: sceglierne una.", campo="luogo"
        )


def richiedi_luogo(luogo: Luogo | None, cpi_id: int, posti: int) -> None:
    """A room is of the same office, in use, and large enough."""
    if luogo is None:
        return
    if luogo.cpi_id != cpi_id or not luogo.attivo:
        raise RegolaViolata("La sala non è tra quelle in uso del centro: sceglierne un'altra.", campo="luogo")
    if posti > luogo.posti:
        ha = "ha un posto solo" if luogo.posti == 1 else f"ha {luogo.posti} posti"
        raise RegolaViolata(f"«{luogo}» {ha}: scegliere una sala più grande o meno posti.", campo="luogo")
