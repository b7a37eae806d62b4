"""Every page under axe (WCAG 2.1 AA) at both widths, in Italian, with one heading and without sideways scrolling.

A new page fails `test_every_page_stands_in_the_list` until it gets its line in `PAGINE`.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from django.urls import resolve
from playwright.sync_api import Page, expect

from orientamento.anagrafica.models import TitoloStudio
from orientamento.comune.calendario import oggi
from tests.browser.conftest import Guardia
from tests.browser.mondo import PAGINE, Mondo, Pagina

pytestmark = pytest.mark.django_db

LARGHEZZE = (1366, 768)
REGOLE = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"],
    "resultTypes": ["violations"],
}
# What a framework writes by itself where nobody wrote Italian, and what only a programmer should see.
ESTRANEE = re.compile(
    r"\b(Choose|Save|Submit|None|True|False|This field|Select|Delete|Required|Invalid|Error|Login|Search|Upload"
    r"|null|undefined|NaN|[a-z]+_[a-z_]+)\b|-{5,}|\{[{%]"
)
LEGGI = """() => {
  const detto = [document.body.innerText];
  for (const e of document.querySelectorAll('[aria-label], [placeholder], [title], [alt], option')) {
    detto.push(e.getAttribute('aria-label'), e.placeholder, e.title, e.alt, e.localName === 'option' && e.textContent);
  }
  return detto.filter(Boolean).join('\\n');
}"""
# Parts of pages, downloads, ways back to a page, and sections that share the template of one that is in the list.
NON_PAGINE = {
    "psp:fascia",
    "psp:indice_fase",
    "psp:patto_pdf",
    "psp:patto_scansione",
    "anagrafica:suggerisci_comuni",
    "anagrafica:leggi_codice_fiscale",
    "anagrafica:pannello_esperienze",
    "anagrafica:pannello_lingue",
    "anagrafica:pannello_competenze",
    "anagrafica:pannello_altro",
    "propensioni:cerca_professioni",
    "curriculum:scarica",
    "curriculum:carica",
    "curriculum:luoghi",
    "curriculum:sollecita",
    "curriculum:controlla",
    "curriculum:rimuovi",
    "curriculum:annulla_trasferimento",
    "curriculum:come_cancellare",
    "psp:registra_contatto",
    "psp:risposta_impresa",
    "psp:registra_prova",
    "psp:verifica_prova",
    "psp:scarica_prova",
    "psp:convocazione",
    "psp:ics",
    "psp:foglio_presenze",
}


def trasgressioni(pagina: Page) -> list[str]:
    """What axe finds, one line per element. Its script goes into a page once."""
    if not pagina.evaluate("'axe' in window"):
        pagina.evaluate(AXE_SCRIPT)
    trovate = pagina.evaluate("async (regole) => (await axe.run(document, regole)).violations", REGOLE)
    return [f"{v['id']}: {nodo['html']} {nodo['failureSummary']}" for v in trovate for nodo in v["nodes"]]


def apri(pagina: Page, sito: str, mondo: Mondo, voce: Pagina) -> None:
    risposta = pagina.goto(sito + mondo.url(voce))
    assert risposta
    assert risposta.status == voce.stato
    if voce.prepara:
        voce.prepara(pagina)


def test_every_page_stands_in_the_list(mondo: Mondo) -> None:
    from tests.test_permessi import MATRICE

    presenti = {resolve(mondo.url(voce).partition("?")[0]).view_name for voce in PAGINE if voce.stato != 404}
    da_leggere = {nome for nome, (leggere, _) in MATRICE.items() if leggere is not None}
    assert da_leggere - presenti - NON_PAGINE == set()


@pytest.mark.parametrize("voce", PAGINE, ids=lambda voce: voce.nome)
def test_pages(voce: Pagina, mondo: Mondo, sito: str, entra: Callable[[str | None], Page], guardia: Guardia) -> None:
    guardia.ammessi = {voce.stato, voce.stato_dopo or 200} - {200}
    pagina = entra(voce.chi)
    apri(pagina, sito, mondo, voce)
    assert pagina.locator("h1").count() == 1
    assert pagina.locator("html").get_attribute("lang") == "it"
    assert re.fullmatch(r"\S.+ · Orientamento", pagina.title())
    assert [m.group() for m in ESTRANEE.finditer(pagina.evaluate(LEGGI))] == []
    for larghezza in LARGHEZZE:
        pagina.set_viewport_size({"width": larghezza, "height": 768})
        assert pagina.evaluate("document.documentElement.scrollWidth") <= larghezza
        assert trasgressioni(pagina) == [], larghezza


def test_axe_does_look(mondo: Mondo, sito: str, entra: Callable[[str | None], Page]) -> None:
    """The check itself is checked: a field without its label and a low contrast are found."""
    pagina = entra("operatore")
    pagina.goto(sito + "/utenti")
    pagina.evaluate("document.querySelectorAll('label').forEach((e) => e.remove())")
    pagina.evaluate("document.querySelector('h1').style.color = '#e0e0e0'")
    trovate = {riga.partition(":")[0] for riga in trasgressioni(pagina)}
    assert {"label", "color-contrast"} <= trovate


def premi_tab_fino_a(pagina: Page, nome: str, elemento: str = "", al_piu: int = 60) -> None:
    """Tab, seeing the focus at each stop, until what is named `nome` (an `elemento`, if given) has it."""
    for _ in range(al_piu):
        pagina.keyboard.press("Tab")
        qui = pagina.evaluate(
            """() => {
              const e = document.activeElement;
              const stile = getComputedStyle(e);
              const etichetta = e.labels && e.labels.length ? e.labels[0].innerText : "";
              return {
                elemento: e.localName,
                nome: e.getAttribute("aria-label") || etichetta || e.innerText || "",
                visibile: stile.boxShadow !== "none" || parseFloat(stile.outlineWidth) > 0,
                largo: e.getBoundingClientRect().width > 0,
              };
            }"""
        )
        assert qui["visibile"], qui["nome"]
        assert qui["largo"], qui["nome"]
        if nome in qui["nome"] and elemento in ("", qui["elemento"]):
            return
    raise AssertionError(f"Con il tasto Tab non si arriva a «{nome}»")


def test_the_first_tab_skips_to_the_content(mondo: Mondo, sito: str, entra: Callable[[str | None], Page]) -> None:
    pagina = entra("operatore")
    pagina.goto(sito + f"/utenti/{mondo.chiavi['utente']}")
    pagina.keyboard.press("Tab")
    salta = pagina.locator(".salta")
    expect(salta).to_be_focused()
    expect(salta).to_be_in_viewport()
    pagina.keyboard.press("Enter")
    expect(pagina.locator("#contenuto")).to_be_focused()
    pagina.keyboard.press("Tab")
    assert pagina.evaluate("document.activeElement.closest('main') !== null")


def test_a_study_title_by_keyboard_alone(mondo: Mondo, sito: str, entra: Callable[[str | None], Page]) -> None:
    """Search, open, add a title: no mouse, and the focus never gets lost."""
    pagina = entra("operatore")
    pagina.goto(sito)
    premi_tab_fino_a(pagina, "Cerca una persona", "input")
    pagina.keyboard.type(f"{mondo.cast.utente.cognome} {mondo.cast.utente.nome}")
    pagina.keyboard.press("Enter")
    pagina.wait_for_url("**/utenti?q=**")
    premi_tab_fino_a(pagina, f"{mondo.cast.utente.cognome} {mondo.cast.utente.nome}", "a")
    pagina.keyboard.press("Enter")
    pagina.wait_for_url(f"**/utenti/{mondo.cast.utente.pk}")
    premi_tab_fino_a(pagina, "Apri titoli")
    pagina.keyboard.press("Enter")
    pagina.wait_for_url("**/fascicolo")
    premi_tab_fino_a(pagina, "Aggiungi un titolo")
    pagina.keyboard.press("Enter")
    pannello = pagina.locator("#pannello-titoli")
    expect(pannello.locator("form select").first).to_be_focused()
    pagina.keyboard.type("Laurea")
    premi_tab_fino_a(pagina, "Descrizione")
    pagina.keyboard.type("Laurea in scienze della formazione")
    premi_tab_fino_a(pagina, "Anno")
    pagina.keyboard.type(str(oggi().year))
    pagina.keyboard.press("Enter")
    expect(pannello).to_contain_text("Laurea in scienze della formazione")
    expect(pannello.locator("a.btn")).to_be_focused()
    titolo = TitoloStudio.objects.get(utente=mondo.cast.utente, anno=oggi().year)
    assert titolo.get_livello_display().startswith("Laurea")
