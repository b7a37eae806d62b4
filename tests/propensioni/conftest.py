"""What the tests of this app share: the glossary, once a test that asks for it."""

from __future__ import annotations

from typing import Any

import pytest

from propensioni.models import Professione
from propensioni.services.glossario import carica_glossario


@pytest.fixture
def glossario(db: None) -> None:
    carica_glossario()


@pytest.fixture
def professioni(glossario: None) -> list[Professione]:
    """Four professions to choose from, in a known order."""
    titoli = ["Magazziniere", "Cuoco", "Badante", "Idraulico"]
    trovate = {p.titolo: p for p in Professione.objects.filter(titolo__in=titoli).select_related("sep")}
    return [trovate[titolo] for titolo in titoli]


def dati_propensione(professione: Professione, **altro: Any) -> dict[str, Any]:
    return {"professione": professione, "da_lavoro": True, "nota": {"competenze": "Uso del palmare"}, **altro}
