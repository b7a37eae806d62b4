"""Asking the portal sooner than the queue would."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from curriculum.models import Operazione, StatoTrasferimento, Trasferimento
from curriculum.tasks import lavora
from orientamento.anagrafica.models import Utente

PAUSA = dt.timedelta(seconds=20)


@transaction.atomic
def controlla_subito(*, utente: Utente, adesso: dt.datetime) -> bool:
    """Make due now the transfer of `utente` that waits for their confirmation (V2); False where none waits.

    For the citizen at the counter who has just confirmed: the pauses of the queue may be hours long by then. A row
    asked about a moment ago, or in somebody's hands, is left as it is.
    """
    Utente.objects.bloccato(utente.pk)
    riga = (
        Trasferimento.objects.select_for_update(of=("self",), no_key=True)
        .filter(utente=utente, operazione=Operazione.INVIO, stato=StatoTrasferimento.IN_ATTESA)
        .first()
    )
    if riga is None:
        return False
    appena = riga.ultimo_tentativo_il is not None and riga.ultimo_tentativo_il + PAUSA > adesso
    if not appena and riga.prossimo_il and riga.prossimo_il > adesso:
        riga.prossimo_il = adesso
        riga.save(update_fields=["prossimo_il"])
        lavora.delay_on_commit(riga.pk)
    return True
