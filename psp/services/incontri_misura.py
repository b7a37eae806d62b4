"""A meeting of a measure that has been held without an appointment: written down afterwards (C2)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import Iscrizione, Misura, Seduta
from psp.models.agenda import MINUTI_DI_UNA_SEDUTA
from psp.services.agenda.blocchi import blocca_operatori
from psp.services.agenda.conflitti import vincoli_in_parole
from psp.services.passaggi_misura import blocca_misura, controlla_giorno


@transaction.atomic
def registra_incontro(
    *,
    misura: Misura,
    inizio: dt.datetime,
    minuti: int,
    operatore: Operatore,
    attore: Operatore,
    adesso: dt.datetime,
    modo: str = Seduta.Modo.PRESENZA,
) -> Iscrizione:
    """Write down a single meeting already held: `inizio` aware, real `minuti`, who held it.

    It lies in the past, inside the pact and after the start of the measure, and over no other meeting of the citizen
    or of the operator. The fields of refusals are `giorno`, `dalle` and `minuti`.
    """
    riga = blocca_misura(misura)
    if riga.stato != Misura.Stato.AVVIATA:
        raise RegolaViolata("Gli incontri si registrano mentre la misura è avviata.", regola="M3")
    if not 1 <= minuti <= MINUTI_DI_UNA_SEDUTA:
        raise RegolaViolata("I minuti di un incontro vanno da 1 a 720.", campo="minuti", regola="C2")
    da = inizio.astimezone(dt.UTC)  # on local times the minutes of the night of a clock change would be miscounted
    a = da + dt.timedelta(minutes=minuti)
    giorno = timezone.localdate(da)
    controlla_giorno(riga, giorno, timezone.localdate(adesso), "giorno")
    if a > adesso:
        raise RegolaViolata("L'incontro non è ancora finito: i minuti si scrivono dopo.", campo="minuti", regola="C2")
    if riga.iniziata_il and giorno < riga.iniziata_il:
        raise RegolaViolata(
            f"La misura è avviata dal {riga.iniziata_il:%d/%m/%Y}: l'incontro non può precederla.",
            campo="giorno",
            regola="M3",
        )
    blocca_operatori(operatore)
    _senza_sovrapposizioni(riga, operatore, da, a)
    utente = riga.patto.utente
    with vincoli_in_parole():
        seduta = Seduta.objects.create(
            cpi=operatore.cpi or utente.cpi,
            operatore=operatore,
            servizio=riga.servizio,
            titolo=riga.servizio.nome[:160],
            modo=modo,
            inizio=da,
            fine=a,
            stato=Seduta.Stato.TENUTA,
            creata_il=adesso,
            creata_da=attore,
        )
        iscrizione = Iscrizione.objects.create(
            seduta=seduta,
            utente=utente,
            misura=riga,
            stato=Iscrizione.Stato.PRESENTE,
            posto=1,
            inizio=da,
            fine=a,
            minuti=minuti,
            creata_il=adesso,
            creata_da=attore,
            segnata_il=adesso,
            segnata_da=attore,
        )
    registra(
        Azione.PRESENZA_SEGNATA,
        attore=attore,
        oggetto=riga,
        utente=utente,
        dettaglio={"incontro": seduta.pk, "inizio": da.isoformat(), "minuti": minuti, "registrato_dopo": True},
    )
    return iscrizione


def _senza_sovrapposizioni(misura: Misura, operatore: Operatore, da: dt.datetime, a: dt.datetime) -> None:
    """Say what was already there at that time; the exclusion constraints have the last word."""
    altro = (
        Iscrizione.objects.filter(
            utente_id=misura.patto.utente_id,
            stato__in=(Iscrizione.Stato.PRENOTATA, Iscrizione.Stato.PRESENTE),
            inizio__lt=a,
            fine__gt=da,
        )
        .select_related("seduta")
        .first()
    )
    if altro is not None:
        raise RegolaViolata(
            f"La persona ha già «{altro.seduta.titolo}» {_orario(altro.inizio, altro.fine)}: correggere l'ora, "
            "o segnare la presenza in quell'appuntamento.",
            campo="dalle",
            regola="C2",
        )
    altra = Seduta.objects.filter(operatore=operatore, assistita=True).non_annullate().tra(da, a).first()
    if altra is not None:
        raise RegolaViolata(
            f"{operatore} ha già un altro appuntamento {_orario(altra.inizio, altra.fine)}: correggere l'ora o "
            "l'operatore.",
            campo="dalle",
            regola="C2",
        )


def _orario(inizio: dt.datetime, fine: dt.datetime) -> str:
    dalle, alle = timezone.localtime(inizio), timezone.localtime(fine)
    return f"il {dalle:%d/%m/%Y} dalle {dalle:%H:%M} alle {alle:%H:%M}"
