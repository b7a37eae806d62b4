"""The interview in a real Chromium: what is typed is never lost (C8)."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from psp.models import Appuntamento, AreaAnalisi, Colloquio, ImpresaObiettivo
from tests.cast import PASSWORD, Cast, crea_cast
from tests.psp.scene import apri, informato

SALVATO = re.compile(r"Salvato alle \d\d:\d\d")


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return crea_cast()


@pytest.fixture
def accedi(live_server, cast: Cast) -> Callable[[BrowserContext, str], Page]:
    """A page of `context` logged in as one of the cast; also the way back after an expired login."""

    def entra(context: BrowserContext, chi: str) -> Page:
        pagina = context.new_page()
        pagina.goto(live_server.url + reverse("anagrafica:accesso"))
        pagina.fill("input[name=username]", getattr(cast, chi).username)
        pagina.fill("input[name=password]", PASSWORD)
        pagina.press("input[name=password]", "Enter")
        pagina.wait_for_url(lambda url: "/accesso" not in url)
        return pagina

    return entra


def vai(pagina: Page, live_server, colloquio: Colloquio, fase: int) -> None:
    pagina.goto(live_server.url + reverse("psp:fase", args=[colloquio.pk, fase]))


def stato(pagina: Page):
    return expect(pagina.locator("#stato-salvataggio"))


def test_phase_1_saves_by_itself_and_leads_on(context, accedi, live_server, cast: Cast) -> None:
    """C1, C3: nothing but ticks, a judgement by keyboard and one button."""
    colloquio = apri(cast)
    pagina = accedi(context, "operatore")
    vai(pagina, live_server, colloquio, 1)
    pagina.check("#id_informato_svolgimento")
    pagina.check("#id_informato_diritti_doveri")
    pagina.locator("label[for=id_aspettative_3]").click()
    pagina.fill("#id_aspettative_note", "Un lavoro vicino a casa ✨")
    stato(pagina).to_have_text(SALVATO)
    assert Colloquio.objects.get().aspettative_note == "Un lavoro vicino a casa ✨"
    pagina.click("#id_completa")
    expect(pagina.locator("#avvisi-fase")).to_contain_text("Valutare la motivazione")
    expect(pagina.locator("#avvisi-fase [role=alert]")).to_be_focused()
    pagina.focus("#id_motivazione_1")
    pagina.keyboard.press("ArrowRight")
    pagina.click("#id_completa")
    pagina.wait_for_url("**/fase/2")
    assert Colloquio.objects.get().motivazione == 2
    assert Appuntamento.objects.count() == 1


def test_two_operators_on_the_same_phase_lose_nothing(context, new_context, accedi, live_server, cast: Cast) -> None:
    colloquio = informato(cast)
    verdi, neri = accedi(context, "operatore"), accedi(new_context(), "collega")
    for pagina in (verdi, neri):
        vai(pagina, live_server, colloquio, 2)
    verdi.fill("#id_area_vincoli_note", "Di Verdi")
    stato(verdi).to_have_text(SALVATO)
    neri.fill("#id_area_vincoli_note", "Di Neri")
    conflitto = neri.locator("#conflitto")
    expect(conflitto).to_contain_text(re.compile(r"Scritto da Laura Verdi alle \d\d:\d\d"))
    neri.fill("#id_area_metodo_note", "Scritto durante la scelta")
    stato(neri).to_contain_text("Non salvato")
    conflitto.get_by_text("Tieni tutti e due").click()
    conflitto.get_by_role("button").click()
    expect(neri.locator("#messaggi")).to_contain_text("salvata")
    assert AreaAnalisi.objects.get(area="vincoli").note == "Di Verdi\n\nDi Neri"
    assert AreaAnalisi.objects.get(area="metodo").note == "Scritto durante la scelta"


def test_an_expired_login_loses_nothing(context, accedi, live_server, cast: Cast) -> None:
    colloquio = informato(cast)
    pagina = accedi(context, "operatore")
    vai(pagina, live_server, colloquio, 2)
    context.clear_cookies()
    pagina.fill("#id_area_autonomia_note", "Scritto ad accesso scaduto")
    stato(pagina).to_contain_text("l'accesso è scaduto")
    expect(pagina.locator("#avviso-accesso")).to_be_visible()
    accedi(context, "operatore").close()
    pagina.evaluate("window.dispatchEvent(new Event('focus'))")
    stato(pagina).to_have_text(SALVATO)
    assert AreaAnalisi.objects.get().note == "Scritto ad accesso scaduto"


def test_leaving_at_once_and_a_fallen_network_lose_nothing(context, accedi, live_server, cast: Cast) -> None:
    colloquio = informato(cast)
    pagina = accedi(context, "operatore")
    vai(pagina, live_server, colloquio, 2)
    pagina.fill("#id_area_strumenti_note", "Scritto e subito via")
    pagina.goto(live_server.url + reverse("psp:incontri", args=[colloquio.pk]))
    vai(pagina, live_server, colloquio, 2)
    expect(pagina.locator("#id_area_strumenti_note")).to_have_value("Scritto e subito via")
    context.set_offline(True)
    pagina.fill("#id_area_strumenti_note", "Senza rete")
    stato(pagina).to_contain_text("manca il collegamento")
    context.set_offline(False)
    stato(pagina).to_have_text(SALVATO, timeout=15_000)
    assert AreaAnalisi.objects.get().note == "Senza rete"


def test_firms_are_added_in_place_and_the_reason_appears_when_asked(context, accedi, live_server, cast: Cast) -> None:
    """C4, C5."""
    colloquio = informato(cast)
    pagina = accedi(context, "operatore")
    vai(pagina, live_server, colloquio, 2)
    pagina.fill("#id_impresa-nome", "Tessitura Rossi")
    pagina.press("#id_impresa-nome", "Enter")
    expect(pagina.locator("#imprese li")).to_contain_text("Tessitura Rossi")
    assert ImpresaObiettivo.objects.count() == 1
    expect(pagina.locator("#id_portale_motivo")).to_be_hidden()
    pagina.locator("label[for=id_portale_declinato]").click()
    pagina.fill("#id_portale_motivo", "Non ha lo SPID")
    stato(pagina).to_have_text(SALVATO)
    expect(pagina.locator("#indice-voci")).to_contain_text("Portale: fatto")
