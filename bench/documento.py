"""The pact's PDF in a warm process against bare WeasyPrint on the same HTML with the same options."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path
from zoneinfo import ZoneInfo

from weasyprint import HTML

from bench.misura import alterna
from orientamento.comune.stampa.pdf import OPZIONI, SCHEMA_RISORSE, RisorseDelDocumento, caratteri
from psp.services.documento import codice_versione, html_del_documento, pdf_del_documento

COPPIE = 20  # a print lasts some tenths of a second
ISTANTE = dt.datetime(2026, 11, 23, 10, 32, tzinfo=ZoneInfo("Europe/Rome"))
ESEMPIO = Path(__file__).resolve().parent / "dati" / "patto_consueto.json"


def misura() -> tuple[float, float]:
    """Seconds of ours and of the limit."""
    contenuto = json.loads(ESEMPIO.read_text(encoding="utf-8"))
    codice = codice_versione(contenuto)
    html = html_del_documento(contenuto, bozza=False)

    def nostro() -> bytes:
        return pdf_del_documento(html, identificatore=codice, data=ISTANTE)

    def limite() -> bytes:
        documento = HTML(string=html, base_url=SCHEMA_RISORSE, url_fetcher=RisorseDelDocumento())
        return documento.write_pdf(font_config=caratteri(), pdf_identifier=b"0" * 32, **OPZIONI)

    return alterna(nostro, limite, COPPIE)
