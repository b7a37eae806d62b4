"""Texts of a sheet made plain: HTML taken away, lists kept as lines, lengths kept within those of the file."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape

from orientamento.comune.testo import pulito, riga

_A_CAPO = frozenset({"p", "div", "br", "li", "ul", "ol", "tr", "h1", "h2", "h3", "h4", "h5", "h6"})
_MUTI = frozenset({"script", "style", "head", "title"})
_SEPARATORI = re.compile(r"[\n;•]+")
_INIZIO_VOCE = re.compile(r"^[-–—*•·▪◦\s]+")
_SEMBRA_HTML = re.compile(r"<[a-zA-Z/!]|&[a-zA-Z#]")
# Each stretch is looked at once, from its "<" to the next sign: `html.parser` takes minutes over a hostile text.
_MARCA = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*+)[^<>]*+>|<[!?][^<>]*+>")
_NUMERO_IMPOSSIBILE = re.compile(r"&#(?:[0-9]{8,}|[xX][0-9a-fA-F]{8,});?")


def semplice(testo: str) -> str:
    """`testo`, which may be HTML, as people would type it: one line per paragraph and per item of a list."""
    if not _SEMBRA_HTML.search(testo):
        return pulito(testo)
    nudo = unescape("".join(_senza_marche(_NUMERO_IMPOSSIBILE.sub("", testo))))
    righe = [" ".join(r.split()) for r in nudo.split("\n")]
    return pulito("\n".join(r for r in righe if r and r != "-"))


def _senza_marche(testo: str) -> Iterator[str]:
    """The text between the tags, with line ends where blocks begin and end; scripts and styles say nothing."""
    muto = fino_a = 0
    for marca in _MARCA.finditer(testo):
        if not muto:
            yield testo[fino_a : marca.start()]
        fino_a = marca.end()
        chiude, nome = bool(marca[1]), (marca[2] or "").lower()
        if nome in _MUTI:
            muto = max(0, muto - 1) if chiude else muto + 1
        elif nome in _A_CAPO:
            yield "\n- " if nome == "li" and not chiude else "\n"
    if not muto:
        yield testo[fino_a:]


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
