"""Asking the portal for something: a transfer, its undoing, the removal from Intuition, one more message (V2, V5).

Nothing here calls the portal: each verb writes rows of the queue, which `coda` works.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db import transaction

from curriculum.models import Curriculum, Operazione, StatoTrasferimento, Trasferimento
from curriculum.models.trasferimento import IN_CODA
from curriculum.services.accodamento import accoda, annulla, in_coda
from curriculum.services.impedimenti import Impedimento, impedimenti
from curriculum.services.rimozione import (
    accoda_la_rimozione,
    alla_revoca,
    chiedi_rimozione,
    dopo_una_cancellazione,
    ripeti_rimozione,
)
from curriculum.services.sollecito import (
    MESSAGGI_MASSIMI,
    PAUSA_TRA_MESSAGGI,
    Esito,
    chiedi_solleciti,
    chiedi_sollecito,
)
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

__all__ = [
    "AVVISO",
    "MESSAGGI_MASSIMI",
    "PAUSA_TRA_MESSAGGI",
    "Avviso",
    "Esito",
    "Impedimento",
    "alla_revoca",
    "annulla_trasferimento",
    "chiedi_rimozione",
    "chiedi_solleciti",
    "chiedi_sollecito",
    "chiedi_trasferimento",
    "dopo_un_nuovo_curriculum",
    "dopo_una_cancellazione",
    "impedimenti",
    "ripeti_rimozione",
]


@dataclass(frozen=True)
class Avviso:
    """What the operator reads and accepts at each transfer (V2). Other words are another version."""

    versione: str
    testo: str


AVVISO = Avviso(
    versione="1",
    testo=(
        "Il CV va automaticamente al sistema di ricerca dei profili professionali (Intuition) "
        "e può essere trovato dalle imprese sul portale."
    ),
)


def chiedi_trasferimento(
    *, utente: Utente, attore: Operatore, avviso_versione: str, adesso: dt.datetime
) -> Trasferimento:
    """Put the current CV of `utente` in the queue for the portal, the alert having been accepted (V2).

    A rule that refuses it raises RegolaViolata and leaves one line of the register, although all else is undone. The
    same CV already on its way is returned as it is; an older one still queued gives up its place.
    """
    try:
        with transaction.atomic():
            return _chiedi(utente, attore, avviso_versione, adesso)
    except _Negato as errore:
        registra(
            Azione.TRASFERIMENTO_NEGATO,
            attore=attore,
            utente=utente,
            dettaglio={"motivi": errore.motivi, "regola": "V2"},
        )
        raise


@transaction.atomic
def annulla_trasferimento(*, trasferimento: Trasferimento, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """Stop what has not gone yet. Twice is once; what has gone is refused (V5 says how to take it back).

    Where an attempt without answer may have brought the CV to the portal, its removal from Intuition is queued too.
    """
    Utente.objects.bloccato(trasferimento.utente_id)
    riga = (
        Trasferimento.objects.select_for_update(of=("self",), no_key=True)
        .select_related("utente")
        .get(pk=trasferimento.pk)
    )
    if riga.stato == StatoTrasferimento.ANNULLATO:
        return riga
    if riga.operazione == Operazione.RIMOZIONE and riga.aperto:
        raise RegolaViolata("La rimozione da Intuition non si annulla: parte da sola.", regola="V5")
    if riga.stato == StatoTrasferimento.IN_CORSO:
        raise RegolaViolata(
            "La richiesta sta partendo proprio adesso: aspettare un momento e guardare com'è andata.", regola="V6"
        )
    if riga.stato not in IN_CODA:
        raise RegolaViolata(
            "La richiesta non è più in coda. Per togliere il curriculum da Intuition bisogna cancellarlo.", regola="V5"
        )
    motivo = f"Annullato da {attore}."
    forse_arrivato = riga.operazione == Operazione.INVIO and riga.esito_incerto
    if forse_arrivato:
        motivo += " Un tentativo può essere arrivato: è stata chiesta anche la rimozione da Intuition."
    annulla(riga, motivo, attore=attore, adesso=adesso)
    if forse_arrivato:
        accoda_la_rimozione(riga.utente, attore, adesso)
    return riga


@transaction.atomic
def dopo_un_nuovo_curriculum(
    *, utente: Utente, nuovo: Curriculum, attore: Operatore, adesso: dt.datetime
) -> Trasferimento | None:
    """A newer CV takes the place of an older one that has not arrived yet, under the alert already accepted.

    One that is leaving right now is let go, and the newer one follows it; not where its removal has been asked for
    meanwhile: who cancelled a CV, or took back the consent, has not asked that another one go.
    """
    utente = Utente.objects.bloccato(utente.pk)
    non_arrivati = (*IN_CODA, StatoTrasferimento.IN_CORSO)
    vecchio = (
        Trasferimento.objects.select_for_update(of=("self",), no_key=True)
        .filter(utente=utente, operazione=Operazione.INVIO, stato__in=non_arrivati)
        .exclude(curriculum=nuovo)
        .order_by("-pk")
        .first()
    )
    if vecchio is None:
        return None
    rimozioni = Trasferimento.objects.filter(utente=utente, operazione=Operazione.RIMOZIONE, pk__gt=vecchio.pk)
    if rimozioni.exists():
        return None
    if vecchio.stato in IN_CODA:
        annulla(vecchio, "Sostituito da un curriculum più recente.", attore=attore, adesso=adesso)
    return accoda(
        utente,
        Operazione.INVIO,
        attore,
        adesso,
        curriculum=nuovo,
        avviso_accettato_il=vecchio.avviso_accettato_il,
        avviso_versione=vecchio.avviso_versione,
        sostituisce=vecchio,
    )


class _Negato(RegolaViolata):
    """A refused transfer, with the keys of the reasons for the register."""

    def __init__(self, messaggio: str, motivi: list[str]) -> None:
        super().__init__(messaggio, regola="V2")
        self.motivi = motivi


def _chiedi(utente: Utente, attore: Operatore, avviso_versione: str, adesso: dt.datetime) -> Trasferimento:
    utente = Utente.objects.bloccato(utente.pk)
    if trovati := impedimenti(utente, adesso):
        parole = " ".join(f"{uno.testo} {uno.cura}".strip() for uno in trovati)
        raise _Negato(f"Il curriculum non può partire. {parole}", [uno.chiave for uno in trovati])
    if avviso_versione != AVVISO.versione:
        raise _Negato(
            "L'avviso non è stato accettato, o è cambiato mentre la pagina era aperta: va letto e accettato di nuovo.",
            ["avviso_non_accettato"],
        )
    attuale = Curriculum.objects.attuali().get(utente=utente)
    aperti = (
        Trasferimento.objects.select_for_update(of=("self",), no_key=True)
        .aperti()
        .filter(utente=utente)
        .order_by("-pk")
    )
    vecchio = None
    for riga in aperti:
        if riga.operazione == Operazione.RIMOZIONE:
            break
        if riga.operazione == Operazione.INVIO and riga.curriculum_id == attuale.pk:
            return riga
    for riga in in_coda(utente, Operazione.INVIO):
        annulla(riga, "Sostituito da una richiesta più recente.", attore=attore, adesso=adesso)
        vecchio = riga
    return accoda(
        utente,
        Operazione.INVIO,
        attore,
        adesso,
        curriculum=attuale,
        avviso_accettato_il=adesso,
        avviso_versione=avviso_versione,
        sostituisce=vecchio,
    )
