"""The Celery application. Tasks only ring the bell: what is to be done stands in database rows."""

import os
from typing import Any

from celery import Celery
from celery.signals import beat_init, celeryd_init

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orientamento.settings.sviluppo")

app = Celery("orientamento", task_cls="orientamento.campanello:Campanello")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["orientamento", "orientamento.anagrafica", "curriculum", "psp"])


@celeryd_init.connect
@beat_init.connect
def aspetta_il_broker(**_: Any) -> None:
    """Worker and scheduler have nobody waiting for them: they give the broker the time that a web request must not."""
    app.conf.broker_transport_options = {"socket_connect_timeout": 5, "socket_timeout": 30}
