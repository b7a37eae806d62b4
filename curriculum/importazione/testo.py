"""Texts of a sheet made plain: HTML taken away, lists kept as lines, lengths kept within those of the file."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from orientamento.comune.testo import pulito, riga

_A_CAPO = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_MUTI = frozenset({"script", "style", "head", "title"})
_SEPARATORI = re.compile(r"[\n;•]+")
_INIZIO_VOCE = re.compile(r"^[-–—*•·▪◦\s]+")
_SEMBRA_HTML = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")


class _Semplificatore(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pezzi: list[str] = []
        self.muto = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _MUTI:
            self.muto += 1
        elif tag in _A_CAPO:
            self.pezzi.append("\n- " if tag == "li" else "\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in _MUTI:
            self.muto = max(0, self.muto - 1)
        elif tag in _A_CAPO:
            self.pezzi.append("\n")

    def handle_data(self, data: str) -> None:
        if not self.muto:
            self.pezzi.append(data)


def semplice(testo: str) -> str:
    """`testo`, which may be HTML, as people would type it: one line per paragraph and per item of a list."""
    if not _SEMBRA_HTML.search(testo):
        return pulito(testo)
    lettore = _Semplificatore()
    lettore.feed(testo)
    lettore.close()
    righe = [" ".join(r.split()) for r in "".join(lettore.pezzi).split("\n")]
    return pulito("\n".join(r for r in righe if r and r != "-"))


def su_una_riga(testo: str) -> str:
    return riga(semplice(testo))


def accorcia(testo: str, massimo: int, che_cosa: str, avvisi: list[str]) -> str:
    """`testo` within `massimo` characters; a cut is said."""
    if len(testo) <= massimo:
        return testo
    avvisi.append(f"«{che_cosa}» era più lungo di {massimo} caratteri ed è stato accorciato: rileggerlo.")
    tagliato = testo[: massimo - 1].rstrip()
    return (tagliato.rpartition(" ")[0] or tagliato) + "…"


def voci_di_elenco(testo: str) -> list[str]:
    """The single things that a text lists, one per line or separated by semicolons."""
    pezzi = (_INIZIO_VOCE.sub("", riga(pezzo)).rstrip(" .,") for pezzo in _SEPARATORI.split(semplice(testo)))
    return list(dict.fromkeys(p for p in pezzi if len(p) > 1))
