"""Files inside the PDF: only the Europass XML may travel with a CV."""

from __future__ import annotations

import zlib
from typing import Any
from xml.parsers import expat

import pikepdf
from pikepdf import Dictionary, Stream

from curriculum.controllo import motivi
from curriculum.controllo.azioni import nome
from curriculum.controllo.rifiuto import Rifiutato

MASSIMO_XML = 4 * 1024 * 1024
# The root of the three generations of the format; all of them live in a name space that says Europass.
RADICI = frozenset({"candidate", "skillspassport", "learnerinfo", "profile"})


def guarda_allegato(incorporati: Any) -> None:
    """Each stream of an `/EF` dictionary must be the Europass XML."""
    if isinstance(incorporati, Stream) or not isinstance(incorporati, Dictionary):
        raise Rifiutato(motivi.ALLEGATO)
    for _chiave, flusso in incorporati.items():
        if not isinstance(flusso, Stream) or not _e_europass(flusso):
            raise Rifiutato(motivi.ALLEGATO)


def guarda_flusso(flusso: Stream) -> None:
    """A stream that calls itself an embedded file is one, also where no file specification leads to it."""
    if nome(flusso.get("/Type")) == "/EmbeddedFile" and not _e_europass(flusso):
        raise Rifiutato(motivi.ALLEGATO)


def _e_europass(flusso: Stream) -> bool:
    dati = leggi(flusso)
    return dati is not None and e_europass(dati)


def leggi(flusso: Stream) -> bytes | None:
    """The content, unless it is too large or packed in an unusual way."""
    filtro = flusso.get("/Filter")
    grezzi = flusso.read_raw_bytes()
    if len(grezzi) > MASSIMO_XML:
        return None
    if filtro is None:
        return grezzi
    if isinstance(filtro, pikepdf.Array) and len(filtro) == 1:
        filtro = filtro[0]
    if nome(filtro) not in ("/FlateDecode", "/Fl"):
        return None
    apri = zlib.decompressobj()
    try:
        dati = apri.decompress(grezzi, MASSIMO_XML)
    except zlib.error:
        return None
    return None if apri.unconsumed_tail else dati


def e_europass(dati: bytes) -> bool:
    """Whether `dati` is well-formed XML with a Europass root. A document type, and so any entity, is refused."""
    radice: list[str] = []

    def inizio(elemento: str, _attributi: dict[str, str]) -> None:
        if not radice:
            radice.append(elemento)

    def documento(*_: Any) -> None:
        raise ValueError("document type declared")

    lettore = expat.ParserCreate(namespace_separator=" ")
    lettore.StartElementHandler = inizio
    lettore.StartDoctypeDeclHandler = documento
    lettore.EntityDeclHandler = documento
    try:
        lettore.Parse(dati, True)
    except (expat.ExpatError, ValueError):
        return False
    spazio, _, locale = radice[0].rpartition(" ")
    return "europass" in spazio.lower() and locale.lower() in RADICI
