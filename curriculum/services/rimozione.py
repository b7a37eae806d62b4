"""Taking a CV away from Intuition (V5): asked for, or following from what has happened to the person or the CV."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from curriculum.models import (
    Curriculum,
    LuogoCurriculum,
    Operazione,
    PosizionePortale,
    StatoRegistrazione,
    StatoTrasferimento,
    Trasferimento,
)
from curriculum.models.trasferimento import FORSE_ARRIVATO, IN_CODA
from curriculum.services.accodamento import accoda, annulla, in_coda
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra


@transaction.atomic
def chiedi_rimozione(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento | None:
    """Take the CV of `utente` away from Intuition (V5): queued, never lost, after whatever is under way.

    Sends not yet gone are annulled first. None where nothing can ever have reached Intuition; a removal that already
    follows the last send is returned as it is.
    """
    utente = Utente.objects.bloccato(utente.pk)
    ritira_gli_invii(utente, "È stata chiesta la rimozione da Intuition.", attore=attore, adesso=adesso)
    return accoda_la_rimozione(utente, attore, adesso)


@transaction.atomic
def ripeti_rimozione(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """Ask again for a removal that was refused, or after which the CV is found on Intuition all the same (V5).

    Twice is once.
    """
    utente = Utente.objects.bloccato(utente.pk)
    righe = Trasferimento.objects.filter(utente=utente).exclude(operazione=Operazione.SOLLECITO).order_by("-pk")
    ultima = righe.first()
    if ultima is None or ultima.operazione != Operazione.RIMOZIONE:
        raise RegolaViolata("Non c'è una rimozione rifiutata da chiedere di nuovo.", regola="V5")
    trovato = PosizionePortale.objects.filter(utente=utente, intuition=LuogoCurriculum.PRESENTE)
    rispuntato = ultima.stato == StatoTrasferimento.CONFERMATO and trovato.exists()
    if ultima.stato != StatoTrasferimento.RIFIUTATO and not rispuntato:
        return ultima
    return _nuova_rimozione(utente, ultima.codice_fiscale, attore, adesso)


@transaction.atomic
def alla_revoca(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> None:
    """What follows, in the same transaction, when the consent to matching is taken back (U2).

    Nothing more starts for this person, and what may have reached Intuition is taken away.
    """
    utente = Utente.objects.bloccato(utente.pk)
    motivo = "La persona ha ritirato il consenso."
    ritira_gli_invii(utente, motivo, attore=attore, adesso=adesso)
    for sollecito in in_coda(utente, Operazione.SOLLECITO):
        annulla(sollecito, motivo, attore=attore, adesso=adesso)
    accoda_la_rimozione(utente, attore, adesso)


@transaction.atomic
def alla_correzione_del_codice(*, utente: Utente, vecchio: str, attore: Operatore, adesso: dt.datetime) -> str:
    """What follows, in the same transaction, when the codice fiscale of the file is no longer `vecchio` (V5, U1).

    What has not gone under the old code does not go, what may have reached Intuition under it is taken away from there:
    the operator transfers anew, under the right one. The sentence that says so; empty where nothing was under way.
    """
    utente = Utente.objects.bloccato(utente.pk)
    motivo = "Il codice fiscale è stato corretto."
    non_partono = bool(in_coda(utente, Operazione.INVIO))
    ritira_gli_invii(utente, motivo, attore=attore, adesso=adesso)
    for sollecito in in_coda(utente, Operazione.SOLLECITO):
        annulla(sollecito, motivo, attore=attore, adesso=adesso)
    rimozione = accoda_la_rimozione(utente, attore, adesso)
    # The registration that we know of is that of the old code; of the right one nothing has been heard yet.
    PosizionePortale.objects.filter(utente=utente).update(
        registrazione=StatoRegistrazione.SCONOSCIUTA,
        registrazione_vista_il=None,
        canale="",
        messaggi=0,
        ultimo_messaggio_il=None,
    )
    if rimozione and rimozione.aperto:
        return (
            f"Il curriculum era sul portale con il codice fiscale {rimozione.codice_fiscale}: ne è stata chiesta la "
            "rimozione da Intuition. Per mandarlo con il codice giusto, trasferirlo di nuovo."
        )
    if non_partono:
        return "Il trasferimento in coda aveva il codice fiscale di prima ed è stato annullato: chiederlo di nuovo."
    return ""


@transaction.atomic
def dopo_una_cancellazione(
    *, curriculum: Curriculum, era_attuale: bool, attore: Operatore, adesso: dt.datetime
) -> None:
    """What a cancelling here (V5) means for the portal: its sends do not leave, what arrived is taken away.

    An old CV that was never sent, and that nobody finds on Intuition, takes nothing away.
    """
    utente = Utente.objects.bloccato(curriculum.utente_id)
    la_sua = PosizionePortale.objects.filter(utente=utente, curriculum=curriculum).exists()
    aperti = Trasferimento.objects.aperti().filter(utente=utente, curriculum=curriculum)
    if era_attuale or la_sua or aperti.exists():
        ritira_gli_invii(utente, "Il curriculum è stato cancellato.", attore=attore, adesso=adesso)
        accoda_la_rimozione(utente, attore, adesso)


def ritira_gli_invii(utente: Utente, motivo: str, *, attore: Operatore, adesso: dt.datetime) -> None:
    """No send of the person goes on: those queued do not leave, those that arrived are no longer asked about."""
    righe = Trasferimento.objects.select_for_update(of=("self",), no_key=True).filter(
        utente=utente, operazione=Operazione.INVIO, stato__in=(*IN_CODA, StatoTrasferimento.INVIATO)
    )
    for riga in righe:
        annulla(riga, motivo, attore=attore, adesso=adesso)


def accoda_la_rimozione(utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento | None:
    """Queue the removal under each codice fiscale under which something may stand; the last one, or None."""
    righe = Trasferimento.objects.filter(utente=utente)
    forse = righe.filter(FORSE_ARRIVATO) | righe.filter(operazione=Operazione.RIMOZIONE)
    codici = sorted(set(forse.values_list("codice_fiscale", flat=True))) or [utente.codice_fiscale]
    rimozioni = [_accoda_la_rimozione_di(utente, codice, attore, adesso) for codice in codici]
    return max((una for una in rimozioni if una), key=lambda una: una.pk, default=None)


def _accoda_la_rimozione_di(
    utente: Utente, codice: str, attore: Operatore, adesso: dt.datetime
) -> Trasferimento | None:
    righe = Trasferimento.objects.filter(utente=utente, codice_fiscale=codice)
    rimozioni = righe.filter(operazione=Operazione.RIMOZIONE)
    ultima = rimozioni.exclude(stato=StatoTrasferimento.ANNULLATO).order_by("-pk").first()
    forse_arrivati = righe.filter(FORSE_ARRIVATO)
    dopo = forse_arrivati.filter(pk__gt=ultima.pk) if ultima else forse_arrivati
    if not dopo.exists():
        if ultima and ultima.aperto:
            return ultima
        if ultima and ultima.stato == StatoTrasferimento.CONFERMATO:
            return None
        la_si_trova = (LuogoCurriculum.IN_ARRIVO, LuogoCurriculum.PRESENTE, LuogoCurriculum.IN_RIMOZIONE)
        trovato = PosizionePortale.objects.filter(utente=utente, intuition__in=la_si_trova)
        if not trovato.exists() and not (ultima and forse_arrivati.exists()):
            return None
    if ultima and ultima.stato == StatoTrasferimento.DA_INVIARE:
        return ultima
    return _nuova_rimozione(utente, codice, attore, adesso)


def _nuova_rimozione(utente: Utente, codice: str, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    rimozione = accoda(utente, Operazione.RIMOZIONE, attore, adesso, codice_fiscale=codice)
    # Said only where it is not that of the file: the code under which the portal knows the person has been corrected.
    dettaglio = {"codice_fiscale": codice} if codice and codice != utente.codice_fiscale else {}
    registra(Azione.RIMOZIONE_CHIESTA, attore=attore, oggetto=rimozione, utente=utente, dettaglio=dettaglio)
    return rimozione
