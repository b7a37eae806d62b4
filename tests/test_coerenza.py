"""What the house keeps everywhere: short modules, no inline code, no foreign address, no dead end of a template."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

RADICE = Path(__file__).resolve().parent.parent
CARTELLE = ("orientamento", "psp", "propensioni", "curriculum", "bench", "tests")
MODULI = [p for c in CARTELLE for p in (RADICE / c).rglob("*.py") if "migrations" not in p.parts]
# The printed document is no page of the browser: its own sheet stands in it.
PAGINE = [p for p in (RADICE / "templates").rglob("*.html") if "documento" not in p.parts]
SCRITTI = [
    *(RADICE / "templates").rglob("*.html"),
    *(RADICE / "static").rglob("*.css"),
    *(RADICE / "static").rglob("*.js"),
]

CODICE_IN_LINEA = re.compile(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)
INDIRIZZO_ESTERNO = re.compile(r"(?:https?:)?//(?!www\.w3\.org/)[a-z0-9.-]+\.[a-z]{2,}", re.IGNORECASE)


def nomi(percorsi: list[Path]) -> list[str]:
    return [str(p.relative_to(RADICE)) for p in percorsi]


@pytest.mark.parametrize("modulo", MODULI, ids=nomi(MODULI))
def test_no_module_over_400_lines(modulo: Path) -> None:
    assert len(modulo.read_text(encoding="utf-8").splitlines()) <= 400


@pytest.mark.parametrize("pagina", PAGINE, ids=nomi(PAGINE))
def test_no_inline_code_in_a_page(pagina: Path) -> None:
    """The strict CSP would block it."""
    assert not CODICE_IN_LINEA.search(pagina.read_text(encoding="utf-8"))


@pytest.mark.parametrize("file", SCRITTI, ids=nomi(SCRITTI))
def test_no_foreign_address(file: Path) -> None:
    """No page and no PDF asks anything of another host."""
    assert not INDIRIZZO_ESTERNO.search(file.read_text(encoding="utf-8"))


def test_every_lock_lets_others_refer_to_the_row() -> None:
    """`FOR UPDATE` would keep waiting, at the end of their transactions, those who write a row that refers to it."""
    pezzi = re.compile(r"select_for_update\((?!(of=\(\"self\",\), )?no_key=True)|FOR UPDATE")
    colpevoli = [
        str(p.relative_to(RADICE))
        for p in MODULI
        if p.parts[len(RADICE.parts)] not in ("tests", "bench") and pezzi.search(p.read_text("utf-8"))
    ]
    assert colpevoli == []


def test_no_rule_hides_in_signals_or_admin() -> None:
    """Rules live in services, constraints and models; never in signals, `save()` or admin actions."""
    vietati = re.compile(r"from django\.db\.models\.signals|@receiver|def save\(self|admin\.ModelAdmin")
    colpevoli = [
        str(p.relative_to(RADICE)) for p in MODULI if "tests" not in p.parts and vietati.search(p.read_text("utf-8"))
    ]
    assert colpevoli == []
