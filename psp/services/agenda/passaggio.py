"""When a file passes to another office its bookings still to come here end (A1)."""

from __future__ import annotations

import datetime as dt

from django.db.models import QuerySet

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.services import utente as fascicoli
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import Iscrizione, Seduta
from psp.services.agenda import avvisi
from psp.services.agenda.blocchi import ATTIVE, Bloccata, blocca_seduta, blocca_utenti
from psp.services.agenda.giorni import quando
from psp.services.agenda.iscrizioni import annulla_iscrizioni, promuovi
from psp.services.agenda.sedute import chiudi_seduta

MOTIVO = "Passaggio a un altro centro"


def prima_del_passaggio(*, utente: Utente, adesso: dt.datetime) -> None:
    """Lock, in their order, all those who are booked with `utente`: the place given back may go to one of them."""
    sedute = _future(utente.pk, adesso).values("seduta_id")
    compagni = Iscrizione.objects.filter(seduta__in=sedute).exclude(stato=Iscrizione.Stato.ANNULLATA)
    blocca_utenti({utente.pk, *compagni.values_list("utente_id", flat=True)})


def al_passaggio(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> None:
    """The bookings of `utente` still to come end: their own appointments are cancelled, places in groups given on.

    What has begun stays, for its attendance is still to be written by the office that held it.
    """
    sedute = Seduta.objects.filter(pk__in=_future(utente.pk, adesso).values("seduta_id")).order_by("pk")
    for seduta in sedute:
        _libera(blocca_seduta(seduta), utente, attore, adesso)


def _libera(tutti: Bloccata, utente: Utente, attore: Operatore, adesso: dt.datetime) -> None:
    seduta = tutti.seduta
    sue = [i for i in tutti.con_stato(*ATTIVE) if i.utente_id == utente.pk]
    con_posto = [i for i in sue if i.posto is not None]
    if not seduta.di_gruppo and seduta.stato == Seduta.Stato.FISSATA:
        chiudi_seduta(seduta, MOTIVO, attore=attore)
    annulla_iscrizioni(sue, MOTIVO)
    for riga in sue:
        registra(
            Azione.ISCRIZIONE_ANNULLATA,
            attore=attore,
            oggetto=riga,
            utente=utente,
            dettaglio={"seduta": seduta.pk, "quando": quando(riga.inizio, riga.fine), "motivo": MOTIVO},
        )
    avvisi.avvisa_annullati(con_posto, attore=attore, adesso=adesso)
    promuovi(tutti, attore=attore, adesso=adesso)


def _future(utente_id: int, adesso: dt.datetime) -> QuerySet[Iscrizione]:
    return Iscrizione.objects.filter(utente=utente_id, stato__in=ATTIVE, inizio__gt=adesso)


def collega() -> None:
    """Called once, when the app is ready."""
    fascicoli.prima_del_passaggio.append(prima_del_passaggio)
    fascicoli.al_passaggio.append(al_passaggio)
