"""The code that names one version of one pact, printed on every page (T3), and its bars for a scanner."""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from django.utils.safestring import SafeString, mark_safe

# Code 128: the widths of bars and blanks of each symbol, by value; 103-105 open in set A, B, C; 106 closes.
_LARGHEZZE: list[str] = re.findall(
    r"\d+",
    "212222 222122 222221 121223 121322 131222 122213 122312 132212 221213 221312 231212 112232 122132 "
    "122231 113222 123122 123221 223211 221132 221231 213212 223112 312131 311222 321122 321221 312212 "
    "322112 322211 212123 212321 232121 111323 131123 131321 112313 132113 132311 211313 231113 231311 "
    "112133 112331 132131 113123 113321 133121 313121 211331 231131 213113 213311 213131 311123 311321 "
    "331121 312113 312311 332111 314111 221411 431111 111224 111422 121124 121421 141122 141221 112214 "
    "112412 122114 122411 142112 142211 241211 221114 413111 241112 134111 111242 121142 121241 114212 "
    "124112 124211 411212 421112 421211 212141 214121 412121 111143 111341 131141 114113 114311 411113 "
    "411311 113141 114131 311141 411131 211412 211214 211232 2331112",
)
_INIZIO_B, _FINE, _MODULO = 104, 106, 103
_MARGINE = 10  # modules left white on each side


def impronta_contenuto(contenuto: dict[str, Any]) -> str:
    """SHA-256 of the content, whatever the order of its keys."""
    canonico = json.dumps(contenuto, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonico.encode()).hexdigest()


def codice_versione(contenuto: dict[str, Any]) -> str:
    """Year and number of the pact, then four figures that change with the content: PSP-2026-000123-7F3A."""
    impronta = impronta_contenuto(contenuto)[:4].upper()
    numero = contenuto["numero"]
    return f"PSP-{numero['anno']}-{numero['progressivo']:06d}-{impronta}"


def simboli(testo: str) -> list[int]:
    """The values of the Code 128 symbols (set B) of a printable ASCII text: start, characters, check, stop."""
    valori = [ord(carattere) - 32 for carattere in testo]
    if not valori or not all(0 <= valore < 95 for valore in valori):
        raise ValueError("Il codice a barre porta solo caratteri ASCII stampabili.")
    controllo = (_INIZIO_B + sum(posto * valore for posto, valore in enumerate(valori, start=1))) % _MODULO
    return [_INIZIO_B, *valori, controllo, _FINE]


def barre_svg(testo: str) -> SafeString:
    """The bars as an SVG one module to a unit, with the text as its name for whoever cannot see it."""
    posizione, tratti = _MARGINE, []
    for simbolo in simboli(testo):
        for posto, larghezza in enumerate(int(cifra) for cifra in _LARGHEZZE[simbolo]):
            if posto % 2 == 0:
                tratti.append(f"M{posizione} 0h{larghezza}v10h-{larghezza}z")
            posizione += larghezza
    return mark_safe(  # noqa: S308 - numbers of ours and a code already checked to be plain ASCII
        f'<svg xmlns="http://www.w3.org/2000/svg" class="barre" role="img" viewBox="0 0 {posizione + _MARGINE} 10"'
        f' preserveAspectRatio="none"><title>{_senza_marcatori(testo)}</title><path d="{"".join(tratti)}"/></svg>'
    )


def _senza_marcatori(testo: str) -> str:
    return testo.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
