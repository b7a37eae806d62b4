"""HTML → bytes, for all that is printed. Archivable and accessible (PDF/A-3a, PDF/UA-1), the same for ever (T2, T3).

Rendering is kept in one thread at a time: the font configuration, warm from the first print on, is shared.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import os
import threading
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.template.loader import get_template
from weasyprint import HTML, Document
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import URLFetcher, URLFetcherResponse

from orientamento.comune.stampa.conformita import ambiguo, rifinisci

SCHEMA_RISORSE = "documento:"
_CARTELLA_CARATTERI = "fonts/Titillium_Web/titillium-web-v10-latin-ext_latin-"
_CARATTERI = {
    f"titillium-{peso}.ttf": f"{_CARTELLA_CARATTERI}{peso}.ttf" for peso in ("regular", "italic", "600", "700")
}
_FILIGRANA = "bozza.svg"

OPZIONI = {"pdf_variant": "pdf/a-3a", "pdf_version": "1.7"}
_TENTATIVI = 8
_serratura = threading.Lock()


class RisorseDelDocumento(URLFetcher):
    """The only things a document may load: its fonts and its watermark, by name. Every other address is refused."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("documento",), allow_redirects=False, fail_on_errors=True)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        percorso = risorse().get(url.removeprefix(SCHEMA_RISORSE)) if url.startswith(SCHEMA_RISORSE) else None
        if percorso is None:
            raise ValueError(f"Il documento non può caricare {url[:200]}")
        return URLFetcherResponse(url, percorso.read_bytes())


@cache
def risorse() -> dict[str, Path]:
    """Name → file of ours. A font that the installed theme lacks is an error at the first print, not an ugly page."""
    trovate = {_FILIGRANA: Path(settings.RADICE) / "templates" / "comune" / "stampa" / _FILIGRANA}
    for nome, statico in _CARATTERI.items():
        percorso = finders.find(statico)
        if not percorso:
            raise FileNotFoundError(f"Manca il carattere {statico} tra i file statici.")
        trovate[nome] = Path(percorso)
    return trovate


@cache
def caratteri() -> FontConfiguration:
    """One configuration for the life of the process: fonts are read once."""
    return FontConfiguration()


def pdf_del_documento(html: str, *, identificatore: str, data: dt.datetime) -> bytes:
    """The PDF of `html`; `identificatore` and `data` are all that its bytes depend on besides the text."""
    with _serratura, _orologio_dei_caratteri(data):
        contenuto, mancanti = _componi(html, identificatore, data)
        if mancanti:
            contenuto, _ = _componi(_con_segni_scritti(html, mancanti), identificatore, data)
    return contenuto


def _componi(html: str, identificatore: str, data: dt.datetime) -> tuple[bytes, set[int]]:
    """The bytes, and the characters that no font of this machine can draw."""
    documento = HTML(string=html, base_url=SCHEMA_RISORSE, url_fetcher=RisorseDelDocumento()).render(
        font_config=caratteri(), **OPZIONI
    )
    documento.metadata.created = documento.metadata.modified = data.replace(microsecond=0).isoformat()
    return _scrivi(documento, identificatore), {
        codice for carattere in documento.fonts.values() for codice in carattere.missing
    }


def _scrivi(documento: Document, identificatore: str) -> bytes:
    """Written again, slightly otherwise, in the rare case that a stream happens to end like a line."""
    opzioni = {**OPZIONI, "pdf_identifier": hashlib.sha256(identificatore.encode()).hexdigest()[:32].encode()}
    for tentativo in range(_TENTATIVI):
        contenuto: bytes = documento.write_pdf(finisher=partial(rifinisci, tentativo=tentativo), **opzioni)
        if not ambiguo(contenuto):
            break
    return contenuto


def _con_segni_scritti(html: str, mancanti: set[int]) -> str:
    """What cannot be drawn is named by its code point: an empty box would say nothing and PDF/A forbids it.

    A sign that is drawn as several is looked for by its parts.
    """
    presenti = {ord(carattere) for carattere in set(html)}
    parti = {chr(codice) for codice in mancanti - presenti}
    da_scrivere = (mancanti & presenti) | {
        codice for codice in presenti if parti & set(unicodedata.normalize("NFKD", chr(codice)))
    }
    return html.translate({codice: f"[U+{codice:04X}]" for codice in da_scrivere})


def scalda(foglio: str) -> None:
    """The first print of a process reads the fonts: make one, with the style sheet `foglio`, that nobody waits for."""
    stile = get_template(foglio).render()
    pdf_del_documento(
        f'<html lang="it"><title>Pronto</title><style>{stile}</style><p>Pronto</p></html>',
        identificatore="pronto",
        data=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )


def impronta(contenuto: bytes) -> str:
    """SHA-256 in hexadecimal, as stored beside the bytes."""
    return hashlib.sha256(contenuto).hexdigest()


@contextmanager
def _orologio_dei_caratteri(data: dt.datetime) -> Iterator[None]:
    """Where a font has to be rewritten, its tables carry the document's date and not the machine's clock."""
    chiave = "SOURCE_DATE_EPOCH"
    prima: Any = os.environ.get(chiave)
    os.environ[chiave] = str(int(data.timestamp()))
    try:
        yield
    finally:
        if prima is None:
            os.environ.pop(chiave, None)
        else:
            os.environ[chiave] = prima
