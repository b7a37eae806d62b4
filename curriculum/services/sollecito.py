"""One more message of confirmation to who was pre-registered on the portal (V2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.utils import timezone

from curriculum.models import Operazione, PosizionePortale, StatoRegistrazione, Trasferimento
from curriculum.services.accodamento import accoda
from curriculum.services.impedimenti import impedimento_del_consenso
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.calendario import giorno_e_ora
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

PAUSA_TRA_MESSAGGI = dt.timedelta(days=3)
MESSAGGI_MASSIMI = 5


@dataclass
class Esito:
    """Of a batch: the rows put in the queue, and who was left out with the reason in words."""

    chiesti: list[Trasferimento] = field(default_factory=list)
    saltati: list[tuple[Utente, str]] = field(default_factory=list)


@transaction.atomic
def chiedi_sollecito(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """One more message of confirmation to who was pre-registered: every three days at the most, five in all (V2)."""
    utente = Utente.objects.bloccato(utente.pk)
    if aperto := Trasferimento.objects.aperti().filter(utente=utente, operazione=Operazione.SOLLECITO).first():
        return aperto
    posizione = PosizionePortale.objects.filter(utente=utente).first()
    if posizione is None or posizione.registrazione != StatoRegistrazione.DA_CONFERMARE:
        raise RegolaViolata(f"{utente} non ha una registrazione da confermare sul portale.", regola="V2")
    if manca := impedimento_del_consenso(utente):
        raise RegolaViolata(f"{manca.testo} {manca.cura}", regola="U2")
    if posizione.messaggi >= MESSAGGI_MASSIMI:
        raise RegolaViolata(
            f"Sono già partiti {posizione.messaggi} messaggi, il massimo: "
            "sentire la persona al telefono o al prossimo appuntamento.",
            regola="V2",
        )
    ultimo = posizione.ultimo_messaggio_il
    if ultimo and ultimo + PAUSA_TRA_MESSAGGI > adesso:
        raise RegolaViolata(
            f"L'ultimo messaggio è partito il {timezone.localtime(ultimo):%d/%m/%Y}: "
            f"il prossimo si può chiedere dal {giorno_e_ora(ultimo + PAUSA_TRA_MESSAGGI)}.",
            regola="V2",
        )
    sollecito = accoda(utente, Operazione.SOLLECITO, attore, adesso)
    registra(Azione.SOLLECITO_CHIESTO, attore=attore, oggetto=sollecito, utente=utente)
    return sollecito


def chiedi_solleciti(*, utenti: Iterable[Utente], attore: Operatore, adesso: dt.datetime) -> Esito:
    """One more message to each, where the rule lets it; each stands by itself."""
    esito = Esito()
    for utente in utenti:
        try:
            esito.chiesti.append(chiedi_sollecito(utente=utente, attore=attore, adesso=adesso))
        except RegolaViolata as errore:
            esito.saltati.append((utente, errore.messaggio))
    return esito
