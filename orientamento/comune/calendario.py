"""Dates as the domain counts them. Only `oggi` and `adesso` read the clock; every other function takes its dates."""

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


def giorno_e_ora(istante: dt.datetime) -> str:
    """In Italy: 23/11/2026 alle 10:32."""
    return f"{timezone.localtime(istante):%d/%m/%Y alle %H:%M}"


def aggiungi_mesi(giorno: dt.date, mesi: int) -> dt.date:
    """`giorno` plus `mesi` calendar months; month ends as in the calendar (V4: 31 August + 6 = 28/29 February)."""
    return giorno + relativedelta(months=mesi)


def eta(nascita: dt.date, al: dt.date) -> int:
    """Completed years between `nascita` and `al`."""
    return relativedelta(al, nascita).years
