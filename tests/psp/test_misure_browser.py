"""The page of a measure in a real Chromium: what stands unsaved in one form is not lost by sending another."""

from __future__ import annotations

import pytest
from playwright.sync_api import Dialog, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.cast import PASSWORD, Cast, crea_cast
from tests.psp.scene_misure import patto_firmato


@pytest.fixture
def ufficio(transactional_db: None) -> Cast:
    return crea_cast()


def test_the_browser_asks_before_losing_what_another_form_holds(
    page: Page, live_server: LiveServer, ufficio: Cast
) -> None:
    misura = patto_firmato(ufficio, "bilancio-competenze").misure.get()
    page.goto(f"{live_server.url}/accesso")
    page.fill("input[name=username]", ufficio.operatore.username)
    page.fill("input[name=password]", PASSWORD)
    with page.expect_navigation():
        page.press("input[name=password]", "Enter")
    page.goto(f"{live_server.url}/misure/{misura.pk}")
    page.get_by_label("Competenze trasversali").fill("Lavoro in gruppo")
    domande: list[str] = []

    def resta(domanda: Dialog) -> None:
        domande.append(domanda.type)
        domanda.dismiss()

    page.once("dialog", resta)
    page.get_by_role("button", name="Avvia la misura").click()
    expect(page.get_by_label("Competenze trasversali")).to_have_value("Lavoro in gruppo")
    assert domande == ["beforeunload"]
    page.get_by_role("button", name="Salva", exact=True).click()
    expect(page.get_by_text("Fatto.")).to_be_visible()
    expect(page.get_by_label("Competenze trasversali")).to_have_value("Lavoro in gruppo")
    page.get_by_role("button", name="Avvia la misura").click()
    expect(page.get_by_text("La misura è avviata")).to_be_visible()
