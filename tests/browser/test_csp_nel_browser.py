"""The browser itself refuses what the policy forbids. Apart: the office at work stands here for a whole module."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import Guardia

pytestmark = pytest.mark.django_db


def test_the_browser_refuses_what_is_written_in_the_page(
    entra: Callable[[str | None], Page], guardia: Guardia, sito: str
) -> None:
    """And the guard of these tests hears it: with `entra` such a page would fail."""
    pagina = entra(None)
    pagina.goto(f"{sito}/accesso")
    assert guardia.lamenti == []
    pagina.evaluate(
        """() => {
          const scritto = document.createElement("script");
          scritto.textContent = "window.entrato = true";
          document.body.append(scritto);
          document.body.setAttribute("onclick", "window.entrato = true");
          document.body.click();
          const immagine = new Image();
          immagine.src = "http://altrove.invalid/spia.png";
          document.body.append(immagine);
        }"""
    )
    pagina.wait_for_timeout(100)
    assert pagina.evaluate("window.entrato") is None
    assert len(guardia.lamenti) >= 3
    guardia.lamenti.clear()
