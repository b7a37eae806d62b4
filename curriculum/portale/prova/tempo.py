"""The portal's clock and calendar."""

from __future__ import annotations

import calendar
import datetime as dt
import time
from zoneinfo import ZoneInfo

ROMA = ZoneInfo("Europe/Rome")
MESI_DI_VALIDITA = 6


def adesso() -> str:
    """This moment, as the contract writes it."""
    return scritto(dt.datetime.now(dt.UTC))


def secondi() -> float:
    return time.time()


def scritto(momento: dt.datetime) -> str:
    return momento.astimezone(dt.UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def letto(testo: str) -> dt.datetime:
    """A date-time with its offset (RFC 3339); anything else is a ValueError."""
    momento = dt.datetime.fromisoformat(testo.upper())
    if momento.tzinfo is None or "T" not in testo.upper():
        raise ValueError(testo)
    return momento


def ultimo_giorno(caricato_il: dt.datetime) -> dt.date:
    """The last day on which a CV uploaded then is not obsolete: six calendar months later, in Italy's calendar.

    Where the month has no such day, its last one: 31 August leads to 28 or 29 February.
    """
    giorno = caricato_il.astimezone(ROMA).date()
    anno, mese = divmod(giorno.year * 12 + giorno.month - 1 + MESI_DI_VALIDITA, 12)
    return dt.date(anno, mese + 1, min(giorno.day, calendar.monthrange(anno, mese + 1)[1]))


def oggi(fissato: str = "") -> dt.date:
    """Today in Italy, or the day that the switch has set."""
    return dt.date.fromisoformat(fissato) if fissato else dt.datetime.now(ROMA).date()
