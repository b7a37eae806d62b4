"""Forms that leave the constraints of the row to the service."""

from __future__ import annotations

from typing import Any

from django.db import models


class VincoliAlServizioMixin:
    """The form judges its own fields. The service says the rest at the right field and under the lock; the database
    has the last word. Mix into a `ModelForm`, before it."""

    instance: models.Model

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.validate_constraints = _nessun_vincolo  # type: ignore[method-assign]


def _nessun_vincolo(exclude: Any = None) -> None:
    """Nothing to say here."""
