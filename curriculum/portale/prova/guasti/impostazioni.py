"""The development settings with a scheduler in a hurry: what takes half a minute at work takes a second here."""

from orientamento.settings.sviluppo import *  # noqa: F403
from orientamento.settings.sviluppo import CELERY_BEAT_SCHEDULE as _CONSUETO

CELERY_BEAT_SCHEDULE = {
    **_CONSUETO,
    "trasferimenti": {"task": "curriculum.tasks.giro", "schedule": 1.0, "options": {"expires": 3}},
}
