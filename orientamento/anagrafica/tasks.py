"""The bell of the messages: what is to be sent stands in the rows."""

from __future__ import annotations

from celery import shared_task

from orientamento.comune.calendario import adesso


@shared_task
def invia_messaggi() -> None:
    from orientamento.anagrafica.services import messaggi

    messaggi.invia_messaggi(adesso=adesso())
