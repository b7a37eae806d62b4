"""Dates of a sheet as one would type them in the file's forms: "12/03/2019", or "03/2019" where no day is said."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?(?:$|T)")


@dataclass(frozen=True)
class Data:
    """A date with as much as is known of it; an impossible one is no date at all."""

    anno: int | None = None
    mese: int | None = None
    giorno: int | None = None

    def scritta(self) -> str:
        if not self.anno or not self.mese:
            return ""
        return f"{self.giorno:02}/{self.mese:02}/{self.anno}" if self.giorno else f"{self.mese:02}/{self.anno}"


@dataclass
class Periodo:
    dal: Data = field(default_factory=Data)
    al: Data = field(default_factory=Data)
    in_corso: bool = False

    def scritto(self, avvisi: list[str]) -> tuple[str, str]:
        """Beginning and end as typed; what a person must ask is said in `avvisi`."""
        if not self.dal.mese:
            c_e_anno = f"Nel documento c'è solo l'anno di inizio, {self.dal.anno}: chiedere il mese."
            avvisi.append(c_e_anno if self.dal.anno else "Nel documento manca la data di inizio: chiederla.")
        if not self.in_corso and not self.al.mese:
            avvisi.append(
                f"Nel documento c'è solo l'anno di fine, {self.al.anno}: chiedere il mese."
                if self.al.anno
                else "Nel documento manca la data di fine: chiederla, o lasciare vuoto se il lavoro è in corso."
            )
        return self.dal.scritta(), "" if self.in_corso else self.al.scritta()


def data(anno: str, mese: str = "", giorno: str = "") -> Data:
    """A date from its parts as XML writes them: 2019, --03, ---12."""
    a, m, g = (_numero(parte) for parte in (anno, mese, giorno))
    if a is None or not 1900 <= a <= 2100:
        return Data()
    if m is None or not 1 <= m <= 12:
        return Data(a)
    try:
        dt.date(a, m, g or 1)
    except ValueError:
        return Data(a, m)
    return Data(a, m, g or None)


def data_iso(testo: str) -> Data:
    """A date from 2019-03-12, 2019-03 or 2019."""
    trovata = _ISO.match(testo.strip())
    return data(trovata[1], trovata[2] or "", trovata[3] or "") if trovata else Data()


def data_di_attributi(elemento: Element | None) -> Data:
    """A date from the attributes year, month and day."""
    if elemento is None:
        return Data()
    return data(elemento.get("year", ""), elemento.get("month", ""), elemento.get("day", ""))


def _numero(testo: str) -> int | None:
    cifre = testo.strip().strip("-")
    return int(cifre) if cifre.isascii() and cifre.isdigit() and len(cifre) <= 4 else None
