"""Step 2: content → HTML, through the template of a version. People's text is only ever a value, never a template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.template.loader import get_template

from psp.documento.codice import barre_svg, codice_versione
from psp.models import Sezione

MODELLO = "v1"
MODELLI = frozenset({MODELLO})

_TITOLI = {
    Sezione.GENERALE: "Parti e durata del patto",
    Sezione.PROFILO: "Profilo della persona",
    Sezione.PROPENSIONI: "Propensioni",
    Sezione.PIANO: "Piano degli atti di ricerca attiva",
    Sezione.MISURE: "Misure concordate",
    Sezione.IMPEGNI: "Impegni, disponibilità e contatti",
}


@dataclass(frozen=True)
class SezioneStampata:
    """One section as printed: its key of `Sezione`, its title, the partial template that prints its content."""

    chiave: str
    titolo: str
    modello: str
    contenuto: dict[str, Any]


def sezioni(contenuto: dict[str, Any]) -> list[SezioneStampata]:
    """The sections in the order of the paper; print and review include the same partials (T4)."""
    return [
        SezioneStampata(chiave.value, titolo, f"psp/documento/_{chiave.value}.html", contenuto)
        for chiave, titolo in _TITOLI.items()
    ]


def html_del_documento(contenuto: dict[str, Any], *, modello: str = MODELLO, bozza: bool) -> str:
    """The whole document. A draft says so on every page and carries no code: it cannot pass for the signed version."""
    if modello not in MODELLI:
        raise ValueError(f"Il modello di stampa «{modello}» non esiste.")
    codice = "" if bozza else codice_versione(contenuto)
    return get_template(f"psp/documento/{modello}.html").render(
        {
            "contenuto": contenuto,
            "sezioni": sezioni(contenuto),
            "bozza": bozza,
            "codice": codice,
            "barre": barre_svg(codice) if codice else "",
        }
    )
