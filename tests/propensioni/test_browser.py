"""The panel in a real Chromium: the whole of one propensione by keyboard, the preview, the loss of the login, axe."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from propensioni.models import Propensione
from propensioni.services.glossario import carica_glossario
from tests.cast import Cast, crea_cast


@pytest.fixture
def scena(transactional_db: None, live_server: LiveServer, page: Page) -> Cast:
    carica_glossario()
    cast = crea_cast()
    biscotto = cast.client("operatore").cookies["sessionid"].value
    page.context.add_cookies([{"name": "sessionid", "value": biscotto, "url": live_server.url}])
    page.goto(live_server.url + reverse("propensioni:pannello", args=[cast.utente.pk]))
    return cast


def senza_violazioni(page: Page) -> None:
    violazioni = Axe().run(page).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in violazioni] == []


def test_one_propensione_by_keyboard(scena: Cast, page: Page) -> None:
    senza_violazioni(page)
    page.get_by_role("link", name="Aggiungi una propensione").click()
    campo = page.get_by_role("combobox", name="Professione")
    expect(campo).to_be_focused()
    campo.press_sequentially("mulettsta", delay=20)
    opzione = page.get_by_role("option", name="Carrellista")
    expect(opzione).to_be_visible()
    expect(campo).to_have_attribute("aria-expanded", "true")
    expect(campo).to_have_attribute("aria-activedescendant", opzione.get_attribute("id") or "-")
    senza_violazioni(page)
    campo.press("Escape")
    expect(campo).to_have_attribute("aria-expanded", "false")
    campo.press("ArrowDown")
    expect(opzione).to_be_visible()
    campo.press("Enter")
    expect(campo).to_have_value("Carrellista")
    expect(page.get_by_text("Scelta dal glossario: Carrellista (7.4.4.4.0).", exact=True)).to_be_visible()
    expect(page.get_by_label("SEP, settore")).to_contain_text("Trasporti e logistica")
    page.get_by_label("Lavoro", exact=True).check()
    page.get_by_label("Esperienza: anni").fill("10")
    page.get_by_label("Patentini e abilitazioni").fill("Carrelli elevatori")
    atteso = (
        "SEP: Trasporti e logistica. Durata dell'esperienza: 10 anni. Patentini e abilitazioni: Carrelli elevatori."
    )
    expect(page.locator(".compositore-anteprima")).to_have_text(f"«{atteso}»")
    senza_violazioni(page)
    page.get_by_role("button", name="Salva la propensione").click()
    expect(page.get_by_text("Propensione aggiunta: Carrellista.")).to_be_visible()
    expect(page.get_by_role("link", name="Aggiungi una propensione")).to_be_focused()
    senza_violazioni(page)
    assert Propensione.objects.get().nota_testo == atteso


def test_an_expired_login_loses_nothing(scena: Cast, page: Page) -> None:
    page.get_by_role("link", name="Aggiungi una propensione").click()
    page.get_by_label("Apprese a scuola").fill("Corso di cucina, 2015")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Salva la propensione").click()
    expect(page.get_by_text("L'accesso è scaduto.")).to_be_visible()
    expect(page.get_by_label("Apprese a scuola")).to_have_value("Corso di cucina, 2015")
