"""Search, new person and expired login in a real Chromium (U1, C8), and the accessibility of their pages."""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.contrib.sessions.models import Session
from django.urls import reverse
from playwright.sync_api import BrowserContext, BrowserType, Page, expect

from orientamento.anagrafica.models import Utente
from tests.anagrafica.test_codice_fiscale import ROSSI
from tests.cast import PASSWORD, Cast, crea_cast, crea_utente

REGOLE = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]}}
IMMAGINI = os.environ.get("IMMAGINI_DEI_TEST")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return crea_cast()


@pytest.fixture
def accedi(live_server, cast: Cast) -> Callable[[BrowserContext, str], Page]:
    def entra(context: BrowserContext, chi: str, percorso: str = "/utenti") -> Page:
        pagina = context.new_page()
        pagina.goto(f"{live_server.url}/accesso?next={percorso}")
        riempi(pagina, getattr(cast, chi).username)
        pagina.wait_for_url(f"**{percorso}")
        return pagina

    return entra


def riempi(pagina: Page, nome_utente: str) -> None:
    pagina.fill("#id_username", nome_utente)
    pagina.fill("#id_password", PASSWORD)
    pagina.get_by_role("button", name="Accedi").click()


def accessibile(pagina: Page, nome: str) -> None:
    esito = Axe().run(pagina, options=REGOLE)
    assert not esito.response["violations"], f"{nome}: {esito.generate_report()}"
    if IMMAGINI:
        for larghezza in (1366, 768):
            pagina.set_viewport_size({"width": larghezza, "height": 768})
            pagina.screenshot(path=Path(IMMAGINI) / f"{nome}-{larghezza}.png", full_page=True)
        pagina.set_viewport_size({"width": 1366, "height": 768})


def test_search_as_one_types_by_keyboard_alone(context, accedi, cast: Cast) -> None:
    prima = crea_utente(cast.cpi, cognome="Zanobini", nome="Ada")
    dopo = crea_utente(cast.cpi, cognome="Zanobini", nome="Bruna")
    pagina = accedi(context, "operatore")
    accessibile(pagina, "ricerca-vuota")
    pagina.keyboard.type("zanobni")
    expect(pagina.get_by_role("link", name="Zanobini Ada")).to_be_visible()
    expect(pagina.locator("#risultati")).to_contain_text("Nomi simili")
    accessibile(pagina, "ricerca-simili")
    for tasto in ("ArrowDown", "ArrowDown", "ArrowUp", "ArrowUp"):
        pagina.keyboard.press(tasto)
    expect(pagina.locator("#id_q")).to_be_focused()
    for tasto in ("ArrowDown", "ArrowDown", "Enter"):
        pagina.keyboard.press(tasto)
    pagina.wait_for_url(f"**/utenti/{dopo.pk}")
    pagina.go_back()
    expect(pagina.locator("#id_q")).to_have_value("zanobni")
    pagina.fill("#id_q", "zanobini ad")
    expect(pagina.locator("#risultati")).to_have_attribute("data-per", "zanobini ad")
    pagina.press("#id_q", "Enter")
    pagina.wait_for_url(f"**/utenti/{prima.pk}")


def test_a_new_person_with_few_keys(context, accedi, cast: Cast) -> None:
    """U1: the code fills what it knows, never what was typed; the town brings province and office."""
    pagina = accedi(context, "operatore")
    pagina.fill("#id_q", ROSSI)
    pagina.get_by_role("link", name="Inserisci una nuova persona").click()
    expect(pagina.locator("#id_data_nascita")).to_have_value("10/12/1985")
    pagina.goto(pagina.url.split("?")[0])
    expect(pagina.locator("#id_codice_fiscale")).to_be_focused()
    pagina.fill("#id_luogo_nascita", "Fiesole")
    pagina.fill("#id_codice_fiscale", ROSSI.lower())
    expect(pagina.locator("#id_data_nascita")).to_have_value("10/12/1985")
    expect(pagina.locator("#id_luogo_nascita")).to_have_value("Fiesole")
    expect(pagina.get_by_label("Femmina")).to_be_checked()
    pagina.fill("#id_cognome", "Rossi")
    pagina.fill("#id_nome", "Maria")
    pagina.fill("#id_domicilio_indirizzo", "Via Roma 1")
    pagina.locator("#id_domicilio_comune").press_sequentially("empo")
    expect(pagina.get_by_role("option", name="Empoli")).to_be_visible()
    accessibile(pagina, "nuova-persona")
    pagina.keyboard.press("ArrowDown")
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#id_domicilio_comune")).to_have_value("Empoli")
    expect(pagina.locator("#id_domicilio_provincia")).to_have_value("FI")
    expect(pagina.locator("#nota-competenza")).to_contain_text("Empoli")
    pagina.fill("#id_domicilio_cap", "50053")
    pagina.get_by_role("button", name="Apri il fascicolo").click()
    expect(pagina.get_by_role("heading", name="2 cose da confermare")).to_be_focused()
    expect(pagina.locator("#id_luogo_nascita")).to_have_value("Fiesole")
    accessibile(pagina, "nuova-persona-avvisi")
    for spunta in pagina.locator("input[name=conferma]").all():
        spunta.check()
    pagina.get_by_role("button", name="Apri il fascicolo").click()
    pagina.wait_for_url("**/presa-in-carico")
    utente = Utente.objects.get(codice_fiscale=ROSSI)
    assert (utente.luogo_nascita, utente.domicilio_codice_comune) == ("Fiesole", "D403")


def test_an_expired_login_hands_the_form_back(context, accedi, live_server, cast: Cast) -> None:
    """C8, the usual way of sending: login page, one button, saved."""
    pagina = accedi(context, "operatore", reverse("anagrafica:identita", args=[cast.utente.pk]))
    pagina.fill("#id_domicilio_indirizzo", 'Via "Nuova" & <lunga> 12')
    Session.objects.all().delete()
    pagina.get_by_role("button", name="Salva identità e recapiti").click()
    expect(pagina.get_by_text("L'accesso era scaduto.")).to_be_visible()
    accessibile(pagina, "accesso-scaduto")
    riempi(pagina, cast.operatore.username)
    expect(pagina.get_by_role("heading", name="Riprenda da dove era")).to_be_visible()
    accessibile(pagina, "riprenda")
    pagina.get_by_role("button", name="Invia ciò che avevo scritto").click()
    pagina.wait_for_url(f"**/utenti/{cast.utente.pk}")
    cast.utente.refresh_from_db()
    assert cast.utente.domicilio_indirizzo == 'Via "Nuova" & <lunga> 12'


def test_a_partial_request_keeps_the_page_and_a_second_tab_mends(context, accedi, live_server, cast: Cast) -> None:
    """C8, the way of pages that save by themselves: a banner, a login in a new tab, and on with it."""
    pagina = accedi(context, "operatore", reverse("anagrafica:identita", args=[cast.utente.pk]))
    pagina.fill("#id_email", "scritta.prima@example.it")
    Session.objects.all().delete()
    pagina.fill("#id_codice_fiscale", ROSSI)
    avviso = pagina.locator("#avviso-accesso")
    expect(avviso).to_be_visible()
    expect(pagina.locator("#id_email")).to_have_value("scritta.prima@example.it")
    with context.expect_page() as nuova:
        avviso.get_by_role("link").click()
    riempi(nuova.value, cast.operatore.username)
    expect(nuova.value.get_by_role("heading", name="Accesso eseguito")).to_be_visible()
    accessibile(nuova.value, "accesso-fatto")
    nuova.value.close()
    pagina.fill("#id_codice_fiscale", cast.utente.codice_fiscale)
    expect(avviso).to_be_hidden()
    pagina.get_by_role("button", name="Salva identità e recapiti").click()
    pagina.wait_for_url(f"**/utenti/{cast.utente.pk}")
    cast.utente.refresh_from_db()
    assert cast.utente.email == "scritta.prima@example.it"


def test_two_operators_on_the_same_identity(context, new_context, accedi, cast: Cast) -> None:
    percorso = reverse("anagrafica:identita", args=[cast.utente.pk])
    mia, sua = accedi(context, "operatore", percorso), accedi(new_context(), "collega", percorso)
    sua.fill("#id_domicilio_indirizzo", "Via Sua 2")
    sua.get_by_role("button", name="Salva identità e recapiti").click()
    sua.wait_for_url(f"**/utenti/{cast.utente.pk}")
    mia.fill("#id_domicilio_indirizzo", "Via Mia 1")
    mia.get_by_role("button", name="Salva identità e recapiti").click()
    expect(mia.get_by_role("cell", name="Via Sua 2")).to_be_visible()
    accessibile(mia, "conflitto")
    mia.get_by_role("button", name="Salva identità e recapiti").click()
    mia.wait_for_url(f"**/utenti/{cast.utente.pk}")
    cast.utente.refresh_from_db()
    assert cast.utente.domicilio_indirizzo == "Via Mia 1"


def test_the_other_pages_are_accessible(context, accedi, live_server, cast: Cast) -> None:
    pagina = accedi(context, "responsabile", reverse("anagrafica:passaggio", args=[cast.utente.pk]))
    accessibile(pagina, "passaggio")
    altra = context.browser.new_context().new_page()
    altra.goto(f"{live_server.url}/accesso")
    accessibile(altra, "accesso")
    for _ in range(5):
        altra.fill("#id_username", cast.operatore.username)
        altra.fill("#id_password", "sbagliata")
        altra.get_by_role("button", name="Accedi").click()
    expect(altra.get_by_text("Può riprovare dalle")).to_be_visible()
    accessibile(altra, "accesso-bloccato")


def test_a_page_kept_for_the_back_button_is_not_shown_after_the_logout(
    live_server, cast: Cast, browser_type: BrowserType, browser_type_launch_args: dict[str, Any]
) -> None:
    """As browsers are on desks: those of the tests keep no page, unless asked to."""
    browser = browser_type.launch(**browser_type_launch_args, ignore_default_args=["--disable-back-forward-cache"])
    pagina = browser.new_page()
    pagina.goto(f"{live_server.url}/accesso?next=/utenti/{cast.utente.pk}")
    riempi(pagina, cast.operatore.username)
    expect(pagina.get_by_role("button", name="Esci")).to_be_visible()
    pagina.get_by_role("button", name="Esci").click()
    pagina.wait_for_url("**/accesso")
    pagina.evaluate("history.back()")
    expect(pagina).to_have_url(re.compile(r"accesso\?next="))
    expect(pagina.get_by_label("Nome utente")).to_be_visible()
    assert cast.utente.cognome not in pagina.content()
    browser.close()
