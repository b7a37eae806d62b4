"""The pact's PDF in a warm process against bare WeasyPrint on the same HTML with the same options."""

from __future__ import annotations

import datetime as dt
import json
import time
from collections.abc import Callable
from pathlib import Path
from zoneinfo import ZoneInfo

from weasyprint import HTML

from psp.documento.pdf import OPZIONI, SCHEMA_RISORSE, RisorseDelDocumento, caratteri
from psp.services.documento import codice_versione, html_del_documento, pdf_del_documento

NOME = "PDF del patto"
CONTRO = "WeasyPrint da solo, stesso HTML"
OBIETTIVO = 1.2
CAMPIONI = 20
ISTANTE = dt.datetime(2026, 11, 23, 10, 32, tzinfo=ZoneInfo("Europe/Rome"))
ESEMPIO = Path(__file__).resolve().parent / "dati" / "patto_consueto.json"


def misura() -> tuple[float, float]:
    """Seconds of ours and of the limit: minima of samples taken in turn."""
    contenuto = json.loads(ESEMPIO.read_text(encoding="utf-8"))
    codice = codice_versione(contenuto)
    html = html_del_documento(contenuto, bozza=False)

    def nostro() -> bytes:
        return pdf_del_documento(html, identificatore=codice, data=ISTANTE)

    def limite() -> bytes:
        documento = HTML(string=html, base_url=SCHEMA_RISORSE, url_fetcher=RisorseDelDocumento())
        return documento.write_pdf(font_config=caratteri(), pdf_identifier=b"0" * 32, **OPZIONI)

    assert nostro().startswith(b"%PDF-")
    assert limite().startswith(b"%PDF-")
    coppie = [(_secondi(nostro), _secondi(limite)) for _ in range(CAMPIONI)]
    return min(a for a, _ in coppie), min(b for _, b in coppie)


def _secondi(operazione: Callable[[], bytes]) -> float:
    inizio = time.perf_counter()
    operazione()
    return time.perf_counter() - inizio
