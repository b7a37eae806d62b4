"""The tasks of the pact's app."""

from __future__ import annotations

import logging

from celery import shared_task

from psp.services.lavoro import elenco

logger = logging.getLogger(__name__)


@shared_task
def rifai_lavoro() -> None:
    """Each night the worklist is held against its rule. A line that was not right is put right, and told."""
    cambiate = elenco.rifai_lavoro()
    if cambiate:
        logger.error("Lista di lavoro: %s voci non erano come dice la regola e sono state rifatte.", cambiate)
