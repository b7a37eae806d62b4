"""The panel in a real Chromium: choosing, dropping, sending, reading why not, cancelling. The console stays silent."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.urls import reverse
from playwright.sync_api import Page, expect

from curriculum.models import Curriculum, Trasferimento
from orientamento.comune.calendario import adesso
from tests.cast import PASSWORD, Cast, crea_cast
from tests.curriculum import fabbrica
from tests.curriculum.conftest import aggiungi_propensione, aggiungi_titolo
from tests.psp.scene import informato


@pytest.fixture
def pronto(live_server: Any) -> Cast:
    cast = crea_cast()
    aggiungi_titolo(cast.utente)
    aggiungi_propensione(cast.utente, cast)
    return cast


@pytest.fixture
def lamenti() -> list[str]:
    """What the browser complained of."""
    return []


@pytest.fixture
def pagina(page: Page, live_server: Any, pronto: Cast, lamenti: list[str]) -> Iterator[Page]:
    """The panel's page, opened by the operator; a complaint of the browser fails the test."""
    page.on("console", lambda m: lamenti.append(m.text) if m.type == "error" and "422" not in m.text else None)
    page.on("pageerror", lambda e: lamenti.append(str(e)))
    page.goto(f"{live_server.url}/accesso")
    page.fill("input[name=username]", pronto.operatore.username)
    page.fill("input[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{live_server.url}/")
    page.goto(f"{live_server.url}/utenti/{pronto.utente.pk}/curriculum")
    yield page
    assert lamenti == []


def scrivi(cartella: Path, nome: str, dati: bytes) -> str:
    (cartella / nome).write_bytes(dati)
    return str(cartella / nome)


def accessibile(pagina: Page) -> None:
    esito = Axe().run(pagina, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]})
    assert esito.violations_count == 0, esito.generate_report()


def test_upload_refused_then_accepted_then_cancelled(pagina: Page, tmp_path: Path) -> None:
    """V1, V4, V5: no page load in between."""
    pagina.evaluate("window.segno = 1")
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.docx()))
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator("#id_cv_file_error")).to_contain_text("Word")
    expect(pagina.locator(".riepilogo-errori")).to_be_focused()
    accessibile(pagina)

    pagina.get_by_label("Redatto al centro per l'impiego").check()
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "Il mio CV.pdf", fabbrica.pdf(pagine=2)))
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator(".cv-esito")).to_contain_text("Il curriculum è salvato e vale fino al")
    expect(pagina.locator(".cv-attuale")).to_contain_text("2 pagine · Redatto al centro per l'impiego")
    accessibile(pagina)

    with pagina.expect_download() as scaricato:
        pagina.get_by_role("link", name="Scarica").click()
    assert scaricato.value.suggested_filename.startswith("CV ")

    pagina.get_by_role("link", name="Cancella CV attuale").click()
    expect(pagina.locator("#cv-passo-titolo")).to_be_focused()
    accessibile(pagina)
    pagina.get_by_role("button", name="Sì, cancella il curriculum").click()
    expect(pagina.locator("h2")).to_contain_text("Nessun curriculum")
    assert pagina.evaluate("window.segno") == 1
    assert Curriculum.objects.get().stato == "cancellato"


def test_the_card_updates_itself_and_the_keyboard_keeps_its_place(
    pagina: Page, pronto: Cast, tmp_path: Path, settings: Any
) -> None:
    """V2, V5: the alert by keyboard, then news of the portal without a gesture; the focus stays where it was."""
    settings.PORTALE_URL = "http://127.0.0.1:9"
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.pdf()))
    pagina.get_by_role("button", name="Salva curriculum").click()
    pagina.get_by_role("link", name="Trasferisci CV al portale").focus()
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#cv-passo-titolo")).to_be_focused()
    pagina.get_by_role("button", name="Accetto e trasferisco").press("Enter")
    expect(pagina.locator(".cv-esito")).to_be_focused()
    accessibile(pagina)

    ferma = pagina.get_by_role("button", name="Ferma il trasferimento")
    ferma.focus()
    righe = Trasferimento.objects.filter(utente=pronto.utente)
    righe.update(stato="in_corso", presa=uuid.uuid4())
    expect(pagina.locator("#cv-luoghi")).to_contain_text("In corso", timeout=15_000)
    expect(pagina.locator("#cv-luoghi-titolo")).to_be_focused()
    expect(pagina.locator("#cv-luoghi-detto")).to_contain_text("Portale (Toscana Lavoro): In corso.")
    righe.update(stato="da_inviare", presa=None)
    expect(ferma).to_be_visible(timeout=15_000)
    ferma.focus()
    righe.update(ultimo_tentativo_il=adesso(), tentativi=7)
    expect(pagina.locator("#cv-luoghi")).to_contain_text("Ultimo tentativo", timeout=15_000)
    expect(ferma).to_be_focused()


def test_the_card_does_not_take_the_keyboard_from_who_has_gone_elsewhere(
    pagina: Page, pronto: Cast, tmp_path: Path, settings: Any
) -> None:
    """V2: the card that updates itself gives back only what it took; one who moves at that moment stays there."""
    settings.PORTALE_URL = "http://127.0.0.1:9"
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.pdf()))
    pagina.get_by_role("button", name="Salva curriculum").click()
    pagina.get_by_role("link", name="Trasferisci CV al portale").click()
    pagina.get_by_role("button", name="Accetto e trasferisco").click()
    pagina.get_by_role("button", name="Ferma il trasferimento").focus()
    pagina.evaluate(
        """() => {
          const altrove = document.querySelector("header a");
          document.addEventListener("htmx:afterSwap", () => altrove.focus());
          document.addEventListener("htmx:afterSettle", () => {
            document.body.dataset.posato = document.activeElement === altrove ? "altrove" : "qui";
          });
        }"""
    )
    Trasferimento.objects.filter(utente=pronto.utente).update(stato="in_corso", presa=uuid.uuid4())
    expect(pagina.locator("body")).to_have_attribute("data-posato", "altrove", timeout=20_000)


def test_early_word_on_what_will_be_refused(pagina: Page, tmp_path: Path) -> None:
    """The server is the judge; the page spares the wait."""
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "grande.pdf", b"%PDF-" + bytes(11_000_000)))
    expect(pagina.locator("[data-cv-avviso]")).to_contain_text("il massimo è 10 MB")
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.docx", fabbrica.docx()))
    expect(pagina.locator("[data-cv-avviso]")).to_contain_text("non finisce con .pdf")
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.PDF", fabbrica.pdf()))
    expect(pagina.locator("[data-cv-avviso]")).to_be_hidden()
    expect(pagina.locator("[data-cv-scelto]")).to_contain_text("cv.PDF")


def test_a_file_can_be_dropped(pagina: Page) -> None:
    pagina.evaluate(
        """(byte) => {
          const merce = new DataTransfer();
          merce.items.add(new File([new Uint8Array(byte)], "trascinato.pdf", {type: "application/pdf"}));
          const area = document.querySelector("[data-cv-area]");
          for (const nome of ["dragenter", "dragover", "drop"]) {
            area.dispatchEvent(new DragEvent(nome, {bubbles: true, cancelable: true, dataTransfer: merce}));
          }
        }""",
        list(fabbrica.pdf()),
    )
    expect(pagina.locator("[data-cv-scelto]")).to_contain_text("trascinato.pdf")
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator(".cv-esito")).to_be_visible()


def test_double_click_saves_once(pagina: Page, tmp_path: Path) -> None:
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.pdf()))
    pagina.get_by_role("button", name="Salva curriculum").dblclick()
    expect(pagina.locator(".cv-esito")).to_be_visible()
    assert Curriculum.objects.count() == 1


def test_a_cut_connection_is_said(pagina: Page, tmp_path: Path, lamenti: list[str]) -> None:
    pagina.route("**/curriculum/carica", lambda via: via.abort())
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.pdf()))
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator("[data-cv-avviso]")).to_contain_text("L'invio si è interrotto")
    expect(pagina.locator("[data-cv-invio]")).to_be_hidden()
    lamenti.clear()
    pagina.unroute("**/curriculum/carica")
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator(".cv-esito")).to_be_visible()


@pytest.mark.parametrize("larghezza", [1366, 768])
def test_nothing_runs_out_of_the_page(pagina: Page, larghezza: int) -> None:
    pagina.set_viewport_size({"width": larghezza, "height": 768})
    assert pagina.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_upload_inside_the_interview(pagina: Page, live_server: Any, pronto: Cast, tmp_path: Path) -> None:
    """C5: phase 2 holds the panel; the rest of its page stays where it is."""
    colloquio = informato(pronto)
    pagina.goto(live_server.url + reverse("psp:fase", args=[colloquio.pk, 2]))
    pagina.evaluate("window.segno = 1")
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "rotto.pdf", fabbrica.pdf()[:-200]))
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator("#id_cv_file_error")).to_contain_text("danneggiato")
    pagina.set_input_files("#id_cv_file", scrivi(tmp_path, "cv.pdf", fabbrica.pdf()))
    pagina.get_by_role("button", name="Salva curriculum").click()
    expect(pagina.locator(".cv-esito")).to_contain_text("Il curriculum è salvato")
    assert pagina.evaluate("window.segno") == 1
