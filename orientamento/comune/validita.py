"""Dated rows: good from `valido_dal` to `valido_al`, both days included; without an end where that is empty."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q


def valida_il(giorno: dt.date) -> Q:
    """The condition of the rows that are good on `giorno`."""
    return Q(valido_dal__lte=giorno) & (Q(valido_al__isnull=True) | Q(valido_al__gte=giorno))
