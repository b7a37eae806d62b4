"""A look now and then at what nobody is waiting for any more: the citizen may have changed it on the portal (V3, V5).

The queue asks only while something is open. Afterwards the citizen may delete the CV there, or confirm a registration
whose transfer was stopped. Each position is looked at again a week after it was last heard of, few at a time, by the
same client and breaker as the queue.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from curriculum.models import PosizionePortale, StatoRegistrazione, Trasferimento
from curriculum.portale.client import Portale, portale
from curriculum.portale.errori import ErroreDefinitivo, ErroreTemporaneo, PortaleNonConfigurato
from curriculum.services import interruttore
from curriculum.services.posizione import del_curriculum, della_registrazione, scrivi_posizione
from curriculum.services.scadenze import DOPO
from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import adesso as adesso_ora
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

giornale = logging.getLogger(__name__)
OGNI = dt.timedelta(days=7)
# How long a claim lasts, and so when one is tried again that failed or was not come to.
PRESA = dt.timedelta(days=1)
A_LUNGO = dt.timedelta(days=DOPO)
QUANTI = 100
INTATTI = ("riscontro_dal", "portale_visto_il", "registrazione_vista_il")
DETTI = ("registrazione", "portale", "intuition")


def riscontra(*, orologio: Callable[[], dt.datetime] = adesso_ora, quanti: int = QUANTI, secondi: float = 100.0) -> int:
    """Ask the portal about up to `quanti` positions that are due, beginning none after `secondi`; how many were asked.

    While the portal is stopped one alone is asked about, where the breaker lends its trial call.
    """
    fine, chieste = time.monotonic() + secondi, 0
    posizioni, prova = _prendi(orologio(), quanti)
    for posizione in posizioni:
        if time.monotonic() >= fine or not _guarda(posizione, prova, orologio):
            break
        chieste += 1
    return chieste


def _prendi(adesso: dt.datetime, quanti: int) -> tuple[list[PosizionePortale], bool]:
    """Claim those that are due, and whether they are for the trial call. The longest unheard of come first."""
    if not settings.PORTALE_URL:
        return [], False
    with transaction.atomic():
        prova = interruttore.e_fermo()
        if prova and not interruttore.concedi_prova(adesso=adesso):
            return [], False
        prese = _dovute(adesso, 1 if prova else quanti)
        if not prese:
            transaction.set_rollback(True)
        for posizione in prese:
            posizione.riscontro_dal = adesso + PRESA
        PosizionePortale.objects.filter(pk__in=[p.pk for p in prese]).update(riscontro_dal=adesso + PRESA)
    return prese, prova


def _dovute(adesso: dt.datetime, quanti: int) -> list[PosizionePortale]:
    una_settimana_fa, da_tempo = adesso - OGNI, adesso - A_LUNGO
    righe = PosizionePortale.objects.da_riscontrare(adesso)
    righe = righe.select_related("utente", "curriculum").select_for_update(of=("self",), no_key=True, skip_locked=True)
    curricula = righe.con_il_curriculum().filter(
        portale_visto_il__lte=una_settimana_fa, curriculum__valido_fino_al__gte=timezone.localdate(da_tempo)
    )
    registrazioni = righe.da_confermare().filter(
        registrazione_vista_il__lte=una_settimana_fa, ultimo_messaggio_il__gte=da_tempo
    )
    trovate = list(curricula[:quanti])
    return trovate + list(registrazioni[: quanti - len(trovate)])


def _guarda(posizione: PosizionePortale, prova: bool, orologio: Callable[[], dt.datetime]) -> bool:
    """Ask about one and write the answer; False where the portal is to be left alone from now on."""
    chi = Utente.objects.filter(
        pk=posizione.utente_id, consenso_incontro=True, codice_fiscale=posizione.utente.codice_fiscale
    )
    if not chi.exists():
        if prova:
            interruttore.rendi_prova(adesso=orologio())
        return True
    try:
        detto = _chiedi(portale(), posizione, orologio())
    except PortaleNonConfigurato:
        return False
    except ErroreTemporaneo as errore:
        return not interruttore.portale_non_risponde(errore=errore, adesso=orologio(), prova=prova)
    except ErroreDefinitivo as errore:
        giornale.warning("Riscontro della posizione %s: %s", posizione.pk, errore.codice)
        detto = {}
    interruttore.portale_risponde(adesso=orologio())
    _scrivi(posizione, detto)
    return True


def _chiedi(client: Portale, posizione: PosizionePortale, adesso: dt.datetime) -> dict[str, Any]:
    codice = posizione.utente.codice_fiscale
    if posizione.registrazione == StatoRegistrazione.DA_CONFERMARE:
        return della_registrazione(client.cerca(codice), adesso)
    stato = client.stato_curriculum(codice)
    detto = del_curriculum(stato, adesso, None)
    if stato and posizione.curriculum and stato.sha256 not in (None, posizione.curriculum.sha256):
        detto["curriculum"] = None
    return detto


@transaction.atomic
def _scrivi(letta: PosizionePortale, detto: dict[str, Any]) -> None:
    """Write what the portal said, unless something newer has been heard or asked for meanwhile."""
    utente = Utente.objects.bloccato(letta.utente_id)
    intatta = PosizionePortale.objects.filter(
        pk=letta.pk,
        utente__codice_fiscale=letta.utente.codice_fiscale,
        **{campo: getattr(letta, campo) for campo in INTATTI},
    )
    if not intatta.exists() or Trasferimento.objects.aperti().filter(utente=utente).exists():
        return
    scrivi_posizione(utente.pk, detto)
    cambiati = {campo: str(detto[campo]) for campo in DETTI if detto.get(campo) not in (None, getattr(letta, campo))}
    if cambiati:
        registra(Azione.CAMBIATO_SUL_PORTALE, attore=None, oggetto=letta, utente=utente, dettaglio=cambiati)
