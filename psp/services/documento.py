"""The door to the printed pact: content → HTML → bytes, its code, its sections and what changed between two contents.

A proposal does it once and stores everything (T2); later prints serve the stored bytes and never come here.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from orientamento.comune.stampa.pdf import impronta, pdf_del_documento
from orientamento.comune.stampa.pdf import scalda as scalda_la_stampa
from psp.documento.codice import codice_versione, impronta_contenuto
from psp.documento.contenuto import contenuto_del_patto
from psp.documento.differenze import differenze
from psp.documento.html import MODELLO, SezioneStampata, html_del_documento, sezioni

__all__ = [
    "MODELLO",
    "Documento",
    "SezioneStampata",
    "codice_versione",
    "contenuto_del_patto",
    "differenze",
    "html_del_documento",
    "impronta",
    "impronta_contenuto",
    "pdf_del_documento",
    "prepara_documento",
    "scalda",
    "sezioni",
]


def scalda() -> None:
    """The first print of a process is slow: make one, in the look of the pact, that nobody waits for."""
    scalda_la_stampa("psp/documento/v1.css")


@dataclass(frozen=True)
class Documento:
    """What is stored at the proposal beside the content."""

    codice_versione: str
    modello_versione: str
    pdf: bytes
    sha256: str


def prepara_documento(
    contenuto: dict[str, Any], *, adesso: dt.datetime, bozza: bool, modello: str = MODELLO
) -> Documento:
    """From frozen content to bytes. A draft has no code."""
    codice = codice_versione(contenuto)
    html = html_del_documento(contenuto, modello=modello, bozza=bozza)
    pdf = pdf_del_documento(html, identificatore=f"{codice} bozza" if bozza else codice, data=adesso)
    return Documento("" if bozza else codice, modello, pdf, impronta(pdf))
