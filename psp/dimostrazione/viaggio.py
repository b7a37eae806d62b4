"""What the offices have done with the invented people's CVs: transfers asked for, notices prepared, somebody told."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterable

from django.conf import settings

from curriculum.services.scadenze import avvisa, curricula_in_scadenza, prepara_avvisi
from curriculum.services.trasferimento import AVVISO, chiedi_trasferimento, impedimenti
from orientamento.anagrafica.models import Operatore, Utente

QUANTI_TRASFERIMENTI = 5  # of each operator
SEGRETO_DI_PROVA = "solo-per-prova"


def manda_curricula(con_curriculum: Iterable[tuple[Utente, Operatore]], *, adesso: dt.datetime) -> int:
    """Ask for some transfers of each operator; how many. They leave by themselves as soon as the worker runs.

    Only towards the portal to try against: invented people are sent to no other.
    """
    if not settings.PORTALE_URL or settings.PORTALE_SEGRETO != SEGRETO_DI_PROVA:
        return 0
    chiesti: Counter[Operatore] = Counter()
    for utente, operatore in con_curriculum:
        if chiesti[operatore] == QUANTI_TRASFERIMENTI or impedimenti(utente, adesso):
            continue
        chiesti[operatore] += 1
        quando = adesso - dt.timedelta(minutes=3 * chiesti[operatore])
        chiedi_trasferimento(utente=utente, attore=operatore, avviso_versione=AVVISO.versione, adesso=quando)
    return chiesti.total()


def avvisa_di_scadenze(operatori: Iterable[Operatore], *, adesso: dt.datetime) -> int:
    """The notices of tonight's sweep, and one person of each operator told by telephone; how many notices (V4)."""
    preparati = prepara_avvisi(adesso=adesso)
    for operatore in operatori:
        primo = curricula_in_scadenza(operatore, adesso=adesso).select_related("utente")[:1]
        avvisa(curricula=primo, modo="telefono", attore=operatore, adesso=adesso)
    return preparati
