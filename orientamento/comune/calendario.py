"""Dates as the domain counts them. Every function takes its dates as arguments; only `oggi` and `adesso` read the clock."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.utils import timezone


def adesso() -> dt.datetime:
    """The present instant, aware."""
    return timezone.now()


def oggi() -> dt.date:
    """Today in Italy."""
    return timezone.localdate()


def aggiungi_mesi(giorno: dt.date, mesi: int) -> dt.date:
    """`giorno` plus `mesi` calendar months; month ends count as the calendar does (V4: 31 August + 6 = 28/29 February)."""
    return giorno + relativedelta(months=mesi)


def eta(nascita: dt.date, al: dt.date) -> int:
    """Completed years between `nascita` and `al`."""
    return relativedelta(al, nascita).years
