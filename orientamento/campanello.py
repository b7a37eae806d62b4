"""The task class of the project: to queue a task is to ring a bell, and a bell that does not ring stops nobody.

What is to be done stands in database rows, and a periodic sweep finds it; so a broker that is down or frozen costs a
web request at most one short time-out, and a line in the log.
"""

from __future__ import annotations

import logging
from typing import Any

from celery import current_task
from celery.contrib.django.task import DjangoTask
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from orientamento.cache import Interruttore

giornale = logging.getLogger(__name__)
interruttore = Interruttore()


class Campanello(DjangoTask):
    """Returns nothing when the broker cannot be reached. Inside a task the error is raised: Celery's retry needs it."""

    abstract = True

    def apply_async(self, *args: Any, **kwargs: Any) -> Any:
        if current_task or self._get_app().conf.task_always_eager:
            return super().apply_async(*args, **kwargs)
        if not interruttore.aperto:
            return None
        try:
            return super().apply_async(*args, **kwargs)
        except (OperationalError, RedisError, OSError) as errore:
            interruttore.scatta()
            giornale.warning("Il broker non risponde, %s aspetta il prossimo giro: %s", self.name, errore)
            return None
