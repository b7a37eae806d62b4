"""How values are written on paper: dates, hours, names and people's text."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

from orientamento.comune.testo import pulito as pulito
from orientamento.comune.testo import riga as riga


def giorno(data: dt.date | None) -> str:
    return data.strftime("%d/%m/%Y") if data else ""


def numero(valore: Decimal | float | int) -> str:
    """A number as Italian offices write it, without useless zeros: 1,5 and 8."""
    testo = f"{Decimal(str(valore)):f}"
    if "." in testo:
        testo = testo.rstrip("0").rstrip(".")
    return testo.replace(".", ",")


def ore(valore: Decimal | None) -> str:
    if valore is None:
        return ""
    return "1 ora" if valore == 1 else f"{numero(valore)} ore"


def periodo(dal: dt.date | None, al: dt.date | None) -> str:
    """A planned period in words."""
    if dal and al:
        return giorno(dal) if dal == al else f"dal {giorno(dal)} al {giorno(al)}"
    if dal:
        return f"dal {giorno(dal)}"
    return f"entro il {giorno(al)}" if al else ""


def mesi(dal: dt.date, al: dt.date | None) -> str:
    """The months of a past job: 03/2019 – 06/2023."""
    return f"{dal:%m/%Y} – {al:%m/%Y}" if al else f"dal {dal:%m/%Y}, in corso"


def indirizzo(via: str, cap: str, comune: str, provincia: str) -> str:
    luogo = " ".join(parte for parte in (riga(cap), riga(comune), f"({riga(provincia)})" if provincia else "") if parte)
    return ", ".join(parte for parte in (riga(via), luogo) if parte)


def minuscola(testo: str) -> str:
    """First letter lower case: for words that follow others."""
    return testo[:1].lower() + testo[1:]
