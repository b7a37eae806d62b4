"""The Celery application. Tasks only ring the bell: what is to be done stands in database rows."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "orientamento.settings.sviluppo")

app = Celery("orientamento")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["orientamento", "curriculum", "psp"])
