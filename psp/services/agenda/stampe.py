"""The door to what the agenda prints: each print is one line of the register."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.documento_agenda.stampe import convocazione_pdf, foglio_pdf
from psp.models import Iscrizione, Seduta


@transaction.atomic
def stampa_convocazione(*, iscrizione: Iscrizione, attore: Operatore, adesso: dt.datetime) -> bytes:
    """The letter of one citizen; none for a booking that is no more."""
    if iscrizione.stato == Iscrizione.Stato.ANNULLATA:
        raise RegolaViolata("La prenotazione è annullata: non c'è una convocazione da stampare.")
    registra(
        Azione.CONVOCAZIONE_STAMPATA,
        attore=attore,
        oggetto=iscrizione,
        utente=iscrizione.utente,
        dettaglio={"seduta": iscrizione.seduta_id},
    )
    return convocazione_pdf(iscrizione, adesso=adesso)


@transaction.atomic
def stampa_foglio(*, seduta: Seduta, attore: Operatore, adesso: dt.datetime) -> bytes:
    """The attendance of a meeting: the list for staff and one slip to sign a person."""
    iscrizioni = list(Iscrizione.objects.filter(seduta=seduta, posto__isnull=False).select_related("utente"))
    registra(
        Azione.CONVOCAZIONE_STAMPATA,
        attore=attore,
        oggetto=seduta,
        dettaglio={"foglio_presenze": len(iscrizioni)},
    )
    return foglio_pdf(seduta, iscrizioni, adesso=adesso)
