"""The circuit breaker: a portal that is down is left alone, people are told once, one call at a time tries it (V6).

Its one row is shared by all processes; no row means that all is well. Times are passed in.
"""

from __future__ import annotations

import datetime as dt
import logging
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q

from curriculum.models import InterruttorePortale, StatoTrasferimento, Trasferimento
from curriculum.portale.errori import CredenzialiRifiutate, ErroreTemporaneo
from curriculum.services import pause
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

giornale = logging.getLogger(__name__)
SOGLIA = 5
UNICO = 1


def e_fermo() -> bool:
    """Whether the portal is stopped: then only the holder of the trial call may call it."""
    return InterruttorePortale.objects.filter(pk=UNICO, aperto_il__isnull=False).exists()


def concedi_prova(*, adesso: dt.datetime) -> bool:
    """Take the trial call, where the portal is stopped and its pause is over. One holder at a time, also if it dies."""
    righe = InterruttorePortale.objects.filter(pk=UNICO, aperto_il__isnull=False, riprova_il__lte=adesso)
    return righe.update(riprova_il=adesso + pause.di_presa()) == 1


def rendi_prova(*, adesso: dt.datetime) -> None:
    """The trial was not used: the next one may have it."""
    InterruttorePortale.objects.filter(pk=UNICO, aperto_il__isnull=False).update(riprova_il=adesso)


def portale_risponde(*, adesso: dt.datetime) -> None:
    """The portal has answered, be it with a refusal: errors are forgotten, and a stop ends, registered once.

    One reading where there is nothing to forget.
    """
    da_scordare = InterruttorePortale.objects.filter(Q(errori_di_fila__gt=0) | Q(aperto_il__isnull=False), pk=UNICO)
    if not da_scordare.exists():
        return
    with transaction.atomic():
        riga = InterruttorePortale.objects.select_for_update(no_key=True).get(pk=UNICO)
        if riga.aperto_il:
            minuti = int((adesso - riga.aperto_il).total_seconds() // 60)
            registra(Azione.PORTALE_RIPRESO, attore=None, oggetto=riga, dettaglio={"minuti": max(minuti, 0)})
            giornale.warning("Il portale ha ripreso a rispondere dopo %s minuti.", max(minuti, 0))
        riga.errori_di_fila, riga.aperto_il, riga.riprova_il, riga.ultimo_errore = 0, None, None, ""
        riga.save()


@transaction.atomic
def portale_non_risponde(*, errore: ErroreTemporaneo, adesso: dt.datetime, prova: bool = False) -> bool:
    """Count a failed call; True where the portal is now stopped.

    Five in a row stop it, refused credentials at once. While it is stopped only a failed trial (`prova`) counts, and
    makes the pause longer: calls that were under way when it stopped say nothing new.
    """
    InterruttorePortale.objects.get_or_create(pk=UNICO)
    riga = InterruttorePortale.objects.select_for_update(no_key=True).get(pk=UNICO)
    if riga.aperto_il and not prova:
        return True
    subito = isinstance(errore, CredenzialiRifiutate)
    riga.errori_di_fila = max(riga.errori_di_fila + 1, SOGLIA if subito else 0)
    riga.ultimo_errore = errore.messaggio[:300]
    if riga.errori_di_fila >= SOGLIA:
        if riga.aperto_il is None:
            riga.aperto_il = adesso
            registra(Azione.PORTALE_FERMO, attore=None, oggetto=riga, dettaglio={"errore": errore.codice})
            scrivi = giornale.error if subito else giornale.warning
            scrivi("Il portale è fermo (%s): la coda aspetta.", errore.codice)
        riga.riprova_il = adesso + pause.di_prova(riga.errori_di_fila - SOGLIA, errore.riprova_tra)
    riga.save()
    return riga.aperto_il is not None


def avviso_portale() -> dict[str, Any] | None:
    """The words of the banner while the portal is stopped: since when, how many wait, what it answered. Else None."""
    riga = InterruttorePortale.objects.filter(pk=UNICO, aperto_il__isnull=False).first()
    if riga is None:
        return None
    return {
        "dal": riga.aperto_il,
        "riprova_il": riga.riprova_il,
        "in_coda": Trasferimento.objects.filter(stato=StatoTrasferimento.DA_INVIARE).count(),
        "errore": riga.ultimo_errore,
    }


def salute_del_portale(*, adesso: dt.datetime) -> dict[str, Any]:
    """For whoever is on call: how the last calls went, the requests not yet sent, the age in seconds of the oldest.

    Nothing is asked of the portal here: its state is what the queue has met.
    """
    if not settings.PORTALE_URL:
        return {"stato": "non collegato"}
    riga = InterruttorePortale.objects.filter(pk=UNICO).first()
    non_partite = (StatoTrasferimento.DA_INVIARE, StatoTrasferimento.IN_CORSO)
    coda = Trasferimento.objects.filter(stato__in=non_partite)
    detto = coda.aggregate(in_coda=Count("pk"), prima=Min("creato_il"))
    attesa = int((adesso - detto["prima"]).total_seconds()) if detto["prima"] else 0
    stato = "ok"
    if riga and riga.errori_di_fila:
        stato = "fermo" if riga.aperto_il else "in difficoltà"
    return {"stato": stato, "in_coda": detto["in_coda"], "attesa_s": max(attesa, 0)}
