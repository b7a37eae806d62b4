"""Actions in a PDF: which are forbidden anywhere, and which may start without the reader's will."""

from __future__ import annotations

import re
from typing import Any

from pikepdf import Array, Dictionary, Name, Stream, String

from curriculum.controllo import motivi
from curriculum.controllo.rifiuto import Rifiutato

VIETATE_OVUNQUE = {
    "/JavaScript": motivi.JAVASCRIPT,
    "/Launch": motivi.AVVIO_PROGRAMMI,
    "/ImportData": motivi.IMPORTA_DATI,
    "/SubmitForm": motivi.INVIA_MODULO,
    "/GoToE": motivi.ALTRO_FILE,
    "/Rendition": motivi.MULTIMEDIA,
    "/Sound": motivi.MULTIMEDIA,
    "/Movie": motivi.MULTIMEDIA,
    "/GoTo3DView": motivi.MULTIMEDIA,
    "/RichMediaExecute": motivi.MULTIMEDIA,
}
# What may happen by itself, at opening or on an event: moving inside the document, showing and hiding, emptying a form.
AMMESSE_DA_SOLE = frozenset({"/GoTo", "/Named", "/Hide", "/SetOCGState", "/Trans", "/ResetForm"})
# A file on another machine: opening it would send that machine the operator's credentials.
IN_RETE = re.compile(r"^\s*(?:\\\\|//|[a-z][a-z0-9+.-]+://)", re.IGNORECASE)
PASSI_DI_CATENA = 50


def nome(valore: Any) -> str:
    """The text of a name, `/` included; empty for anything else."""
    return str(valore) if isinstance(valore, Name) else ""


def guarda_azione(diz: Dictionary) -> None:
    """Refuse a dictionary that is a forbidden action, wherever it stands (chained ones stand by themselves too)."""
    genere = nome(diz.get("/S"))
    if genere in VIETATE_OVUNQUE:
        raise Rifiutato(VIETATE_OVUNQUE[genere])
    if genere == "/GoToR" and IN_RETE.match(_percorso(diz.get("/F"))):
        raise Rifiutato(motivi.ALTRO_FILE)
    indirizzo = diz.get("/URI")
    if isinstance(indirizzo, String) and "".join(str(indirizzo).split()).lower().startswith("javascript:"):
        raise Rifiutato(motivi.JAVASCRIPT)


def guarda_apertura(apertura: Any) -> None:
    """What happens when the document is opened: a place to go to is fine, any other thing is not."""
    if isinstance(apertura, Dictionary):
        _da_sola(apertura)


def guarda_azioni_aggiuntive(azioni: Any) -> None:
    """The actions tied to events (`/AA`) of the document, of a page, of an annotation or of a field."""
    if isinstance(azioni, Dictionary):
        for _evento, azione in azioni.items():
            if isinstance(azione, Dictionary):
                _da_sola(azione)


def _da_sola(azione: Dictionary) -> None:
    """Refuse unless `azione` and all that follow it may start by themselves."""
    da_guardare: list[Any] = [azione]
    for _ in range(PASSI_DI_CATENA):
        if not da_guardare:
            return
        una = da_guardare.pop()
        if isinstance(una, Array):
            da_guardare.extend(una)
        elif isinstance(una, Dictionary):
            guarda_azione(una)
            if nome(una.get("/S")) not in AMMESSE_DA_SOLE:
                raise Rifiutato(motivi.AZIONE_AUTOMATICA)
            if "/Next" in una:
                da_guardare.append(una.get("/Next"))
    raise Rifiutato(motivi.AZIONE_AUTOMATICA)


def _percorso(file: Any) -> str:
    """The path in a file specification, simple or full."""
    if isinstance(file, Dictionary) and not isinstance(file, Stream):
        if nome(file.get("/FS")) == "/URL":
            return "http://"
        return next((str(file.get(k)) for k in ("/UF", "/F", "/DOS", "/Unix") if isinstance(file.get(k), String)), "")
    return str(file) if isinstance(file, String) else ""
