"""XML → tree, with limits: no document type, no entities, so many elements and so deep. Names without their space."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError, TreeBuilder

from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import DefusedXMLParser  # type: ignore[import-untyped]

from curriculum.controllo.rifiuto import Rifiutato
from curriculum.importazione import motivi

MEGA = 1024 * 1024
BYTE_MASSIMI = 5 * MEGA
ELEMENTI_MASSIMI = 20_000
PROFONDITA_MASSIMA = 40
TESTO_MASSIMO = 40_000  # of one element, in characters: beyond, it is a picture


class _Costruttore(TreeBuilder):
    """Builds the tree and stops as soon as it is larger or deeper than a sheet can be."""

    def __init__(self) -> None:
        super().__init__()
        self.elementi = self.profondita = 0

    def start(self, tag: Any, attrs: Any) -> Element:
        self.elementi += 1
        self.profondita += 1
        if self.elementi > ELEMENTI_MASSIMI or self.profondita > PROFONDITA_MASSIMA:
            raise Rifiutato(motivi.TROPPO_COMPLICATO)
        return super().start(tag, attrs)

    def end(self, tag: Any) -> Element:
        self.profondita -= 1
        return super().end(tag)


def radice(dati: bytes) -> Element:
    """The root element of `dati`, or `Rifiutato`."""
    if len(dati) > BYTE_MASSIMI:
        raise Rifiutato(motivi.troppo_grande(BYTE_MASSIMI))
    lettore = DefusedXMLParser(target=_Costruttore(), forbid_dtd=True)
    try:
        lettore.feed(dati)
        return lettore.close()
    except DefusedXmlException as errore:
        raise Rifiutato(motivi.ENTITA) from errore
    except (ParseError, LookupError, ValueError) as errore:
        raise Rifiutato(motivi.ROTTO) from errore


def nome(elemento: Element) -> str:
    """The local name."""
    return elemento.tag.rpartition("}")[2] if isinstance(elemento.tag, str) else ""


def spazio(elemento: Element) -> str:
    """The name space, empty where there is none."""
    return elemento.tag[1:].partition("}")[0] if elemento.tag.startswith("{") else ""


def figli(elemento: Element | None, *percorso: str) -> Iterator[Element]:
    """Every element at the end of `percorso`, going down one name at a time."""
    if elemento is None:
        return
    if not percorso:
        yield elemento
        return
    for figlio in elemento:
        if nome(figlio) == percorso[0]:
            yield from figli(figlio, *percorso[1:])


def figlio(elemento: Element | None, *percorso: str) -> Element | None:
    """The first of `figli`."""
    return next(figli(elemento, *percorso), None)


def testo(elemento: Element | None, *percorso: str) -> str:
    """The text of the first element at the end of `percorso`; empty where there is none."""
    trovato = figlio(elemento, *percorso)
    return "" if trovato is None else (trovato.text or "").strip()[:TESTO_MASSIMO]
