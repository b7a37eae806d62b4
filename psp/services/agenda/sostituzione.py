"""A colleague takes over meetings at their day and hour: those that they can hold pass, the others stay."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F

from orientamento.anagrafica.models import Operatore
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra_tutti
from psp.models import Iscrizione, Seduta
from psp.models.agenda import SedutaQuerySet
from psp.services.agenda import avvisi
from psp.services.agenda.blocchi import Bloccata, blocca_sedute, richiedi_operatore
from psp.services.agenda.conflitti import vincoli_in_parole
from psp.services.agenda.giorni import chiusure, giorno_di, ora_di
from psp.services.agenda.liberi import meno, orari_di, tratti_di


@dataclass(frozen=True)
class Passaggio:
    """What became of the meetings asked for; `fuori_orario` are those that passed beyond the hours of who took them."""

    passate: list[Seduta]
    restano: int
    fuori_orario: list[Seduta]


@transaction.atomic
def passa_sedute(
    *,
    sedute: SedutaQuerySet,
    da: Operatore,
    a: Operatore,
    attore: Operatore,
    adesso: dt.datetime,
    utenti: Iterable[int] = (),
) -> Passaggio:
    """Those of `sedute`, meetings that `da` has still to hold, that `a` can hold are now of `a`; the people are told.

    `utenti` are citizens to whom the caller will write: locked with the others, in their order.
    """
    tutte = blocca_sedute(sedute, operatori=(da, a), utenti=utenti)
    a = Operatore.objects.get(pk=a.pk)
    assert attore.cpi_id is not None
    richiedi_operatore(a, attore.cpi_id)
    impedite = impedimenti([t.seduta for t in tutte], a)
    passano = [t for t in tutte if t.seduta.pk not in impedite]
    _passa(passano, da, a)
    cambi = {"operatore": [da.pk, a.pk]}
    registra_tutti(Azione.APPUNTAMENTO_SPOSTATO, attore=attore, righe=[(t.seduta, None, cambi) for t in passano])
    iscrizioni = [i for t in passano for i in t.iscrizioni]
    righe = [(i, i.utente, {"seduta": i.seduta_id, **cambi}) for i in iscrizioni]
    registra_tutti(Azione.APPUNTAMENTO_SPOSTATO, attore=attore, righe=righe)
    con_posto = [i for i in iscrizioni if i.stato == Iscrizione.Stato.PRENOTATA]
    avvisi.avvisa_cambiati(con_posto, attore=attore, adesso=adesso)
    avvisi.riscrivi([i for t in passano for i in t.in_lista], attore=attore, adesso=adesso)
    passate = [t.seduta for t in passano]
    return Passaggio(passate, sedute.count(), _fuori_orario(passate, a))


def impedimenti(sedute: Collection[Seduta], a: Operatore) -> dict[int, str]:
    """Why `a` cannot hold some of `sedute`, all of one office: meeting → a sentence (two queries)."""
    if not sedute:
        return {}
    dal, al = min(s.inizio for s in sedute), max(s.fine for s in sedute)
    cpi_id = next(iter(sedute)).cpi_id
    chiusi = chiusure(cpi_id, giorno_di(dal), giorno_di(al))
    impegni = list(Seduta.objects.non_annullate().filter(operatore=a, assistita=True).tra(dal, al))
    trovati = {}
    for seduta in sedute:
        chiuso = chiusi.get(giorno_di(seduta.inizio))
        altra = next((x for x in impegni if x.inizio < seduta.fine and x.fine > seduta.inizio), None)
        if chiuso:
            trovati[seduta.pk] = f"Quel giorno il centro è chiuso: {chiuso}."
        elif altra is not None and seduta.assistita:
            trovati[seduta.pk] = f"{a} ha già «{altra.titolo}» dalle {ora_di(altra.inizio)} alle {ora_di(altra.fine)}."
    return trovati


def _passa(passano: list[Bloccata], da: Operatore, a: Operatore) -> None:
    motivo = f"Passaggio da {da} a {a}"
    for tutti in passano:
        tutti.seduta.operatore, tutti.seduta.motivo = a, motivo
        tutti.seduta.versione += 1
    with vincoli_in_parole():
        Seduta.objects.filter(pk__in=[t.seduta.pk for t in passano]).update(
            operatore=a, motivo=motivo, versione=F("versione") + 1
        )


def _fuori_orario(sedute: list[Seduta], a: Operatore) -> list[Seduta]:
    """Those at an hour at which `a` does not usually receive; none where `a` has written no hours."""
    orari = orari_di(a)
    if not orari or not sedute:
        return []
    dal, al = giorno_di(min(s.inizio for s in sedute)), giorno_di(max(s.inizio for s in sedute))
    riceve = tratti_di(orari, (), [], dal, al)
    fuori = [s for s in sedute if s.assistita and meno([(s.inizio, s.fine)], riceve)]
    return sorted(fuori, key=lambda s: s.inizio)
