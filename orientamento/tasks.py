"""The tasks of the project itself."""

from __future__ import annotations

import time
from importlib import import_module
from typing import Any

from celery import shared_task
from celery.signals import worker_ready
from django.conf import settings
from django.core.cache import cache

from orientamento.comune import archivio
from orientamento.comune.calendario import adesso
from orientamento.salute import BATTITO, BATTITO_SCADE


@shared_task(expires=20)
def batti() -> None:
    """The heartbeat: scheduler, broker and worker have all done their part when it is written."""
    cache.set(BATTITO, time.time(), timeout=BATTITO_SCADE * 4)


@worker_ready.connect
def primo_battito(**_: Any) -> None:
    """A worker that has just started says so at once."""
    batti.delay()


@shared_task
def elimina_sessioni_scadute() -> None:
    import_module(settings.SESSION_ENGINE).SessionStore.clear_expired()


@shared_task
def togli_file_orfani() -> None:
    """The files that a process which died had left without a row, each night."""
    archivio.togli_file_orfani(adesso=adesso())
