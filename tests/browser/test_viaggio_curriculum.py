"""One CV followed through all its journey in a real Chromium: here, the portal, Intuition, and back (V2, V3, V5, U2).

The operator, the citizen and a firm have a browser each. The portal is a process of its own; the queue is worked by
the test, with a clock that it moves, so that nobody waits for pauses.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Browser, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from curriculum.models import Trasferimento
from curriculum.services.trasferimento import AVVISO
from orientamento.comune.calendario import adesso
from tests.browser import caso_intero as caso
from tests.browser.conftest import Guardia
from tests.cast import PASSWORD, Cast, crea_cast
from tests.curriculum import fabbrica
from tests.curriculum.conftest import aggiungi_propensione, aggiungi_titolo
from tests.curriculum.trasferimenti import Orologio, gira, intuition_ha_finito
from tests.portale_prova.server import PortaleDiProva

# The page asks again every four seconds: it has to turn by itself, and nobody reloads it.
DA_SOLA = 15_000
TESTO = "Restauratrice di mobili antichi, intarsio e lucidatura a gommalacca"
DI_UN_IMPRESA = "restauratrici mobile antico"


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """The cast, whose citizen may have a CV and has a mail."""
    cast = crea_cast()
    cast.utente.email = "fiorenza@esempio.invalid"
    cast.utente.save()
    aggiungi_titolo(cast.utente)
    aggiungi_propensione(cast.utente, cast)
    return cast


@pytest.fixture
def apri(
    browser: Browser, browser_context_args: dict[str, Any], live_server: LiveServer
) -> Iterator[Callable[[str], Page]]:
    """A browser for each person, at the address given; a complaint of any of them fails the test."""
    guardie, contesti = [], []

    def apri(indirizzo: str) -> Page:
        contesti.append(browser.new_context(**browser_context_args))
        pagina = contesti[-1].new_page()
        guardie.append(Guardia(casa=indirizzo.split("/")[2]))
        guardie[-1].ascolta(pagina)
        pagina.goto(indirizzo)
        return pagina

    yield apri
    for contesto in contesti:
        contesto.close()
    assert [lamento for guardia in guardie for lamento in guardia.lamenti] == []


@pytest.fixture
def operatore(apri: Callable[[str], Page], live_server: LiveServer, cast: Cast) -> Page:
    """The operator, at the citizen's CV."""
    pagina = apri(f"{live_server.url}/accesso")
    caso.entra(caso.Gesti(pagina), live_server.url, cast.operatore.username, PASSWORD)
    pagina.goto(f"{live_server.url}/utenti/{cast.utente.pk}/curriculum")
    return pagina


def cv(cartella: Path) -> Path:
    def scrivi(documento: Any) -> None:
        documento.pages[0].Contents = documento.make_stream(f"BT /F1 12 Tf 72 770 Td ({TESTO}) Tj ET".encode())

    file = cartella / "CV di Fiorenza.pdf"
    file.write_bytes(fabbrica.pdf(scrivi))
    return file


def luogo(pagina: Page, nome: str) -> Locator:
    """The state of one of the three places, as the operator reads it."""
    return pagina.locator("#cv-luoghi .luogo", has=pagina.locator(".luogo-nome", has_text=nome))


def tre_posti(pagina: Page, qui: str, portale: str, intuition: str) -> None:
    for nome, stato in (("Qui", qui), ("Portale", portale), ("Intuition", intuition)):
        expect(luogo(pagina, nome).locator(".stato")).to_have_text(stato, timeout=DA_SOLA)


def carica_e_trasferisci(pagina: Page, file: Path) -> None:
    """V1, then V2: the alert is read and accepted."""
    pagina.set_input_files("#id_cv_file", file)
    pagina.get_by_role("button", name="Salva curriculum").click()
    tre_posti(pagina, "C'è", "Mai trasferito", "Mai trasferito")
    pagina.get_by_role("link", name="Trasferisci CV al portale").click()
    expect(pagina.locator(".cv-passo-avviso")).to_have_text(AVVISO.testo)
    pagina.get_by_role("button", name="Accetto e trasferisco").click()
    expect(pagina.locator(".cv-esito")).to_contain_text("parte da solo")


def cerca(impresa: Page, parole: str, trovati: str) -> None:
    impresa.get_by_role("searchbox").fill(parole)
    impresa.get_by_role("button", name="Cerca").click()
    expect(impresa.locator("#risultati")).to_have_text(f"{trovati} per «{parole}»")


def conferma_dal_messaggio(cittadino: Page, cast: Cast) -> None:
    """V2: the link of the message that the portal has sent."""
    lettera = cittadino.locator("article.lettera")
    expect(lettera).to_have_count(1)
    expect(lettera).to_contain_text(cast.utente.email)
    lettera.get_by_role("link", name="Confermo la registrazione").click()
    expect(cittadino.locator("h1")).to_have_text("Registrazione confermata")
    cittadino.get_by_role("link", name="Vai alla mia area").click()
    expect(cittadino.locator("main")).to_contain_text("Nel profilo non c’è ancora un CV.")


def cancella_qui(pagina: Page) -> None:
    """V5: the page says what goes and what stays, and only then it is done."""
    pagina.locator(".cv-attuale").get_by_role("link", name="Cancella CV").click()
    va_via, resta = (pagina.locator(".cv-va-e-resta > div").nth(numero) for numero in (0, 1))
    expect(va_via).to_contain_text("Da Intuition: la rimozione viene chiesta al portale adesso.")
    expect(resta).to_contain_text("Lì può cancellarlo soltanto la persona")
    foglio = resta.get_by_role("link", name="Stampa il foglio che spiega come si fa").get_attribute("href")
    risposta = pagina.request.get(str(pagina.evaluate("(via) => new URL(via, location).href", foglio)))
    assert (risposta.status, risposta.headers["content-type"]) == (200, "application/pdf")
    pagina.get_by_role("button", name="Sì, cancella qui e da Intuition").click()


def test_one_cv_from_the_upload_to_its_end(
    operatore: Page,
    apri: Callable[[str], Page],
    cast: Cast,
    portale_collegato: PortaleDiProva,
    tmp_path: Path,
) -> None:
    """V1, V2, V3, V5."""
    portale_collegato.guasti(intuition_differita_s=3600)
    orologio = Orologio(adesso())
    impresa = apri(f"{portale_collegato.url}/intuition")
    carica_e_trasferisci(operatore, cv(tmp_path))
    tre_posti(operatore, "C'è", "In attesa di conferma del cittadino", "Non ancora")
    expect(operatore.locator(".cv-conferma")).to_contain_text("1 messaggio")
    operatore.evaluate("window.segno = 1")

    cittadino = apri(f"{portale_collegato.url}/messaggi")
    conferma_dal_messaggio(cittadino, cast)
    cerca(impresa, DI_UN_IMPRESA, "Nessun curriculum")
    orologio.avanti(minutes=5)
    assert gira(orologio) == 1
    tre_posti(operatore, "C'è", "In arrivo", "In arrivo")
    intuition_ha_finito(portale_collegato)
    orologio.avanti(minutes=5)
    assert gira(orologio) == 1
    tre_posti(operatore, "C'è", "C'è", "C'è")
    expect(luogo(operatore, "Portale")).to_contain_text("Confermato dal portale il")
    expect(operatore.locator(".luoghi-testa")).not_to_contain_text("Si aggiorna da solo")
    assert operatore.evaluate("window.segno") == 1

    cerca(impresa, DI_UN_IMPRESA, "Un curriculum")
    expect(impresa.locator(".risultati")).to_contain_text(f"{cast.utente.nome} {cast.utente.cognome}")
    expect(impresa.locator(".risultati mark")).to_have_text(["Restauratrice", "mobili", "antichi"])
    cittadino.reload()
    expect(cittadino.locator("main")).to_contain_text("Le imprese possono trovarlo")

    cancella_qui(operatore)
    tre_posti(operatore, "Non c'è", "C'è ancora", "In rimozione")
    intuition_ha_finito(portale_collegato)
    orologio.avanti(minutes=5)
    assert gira(orologio) == 1
    tre_posti(operatore, "Non c'è", "C'è ancora", "Tolto")
    assert operatore.evaluate("window.segno") == 1
    cerca(impresa, DI_UN_IMPRESA, "Nessun curriculum")

    cittadino.reload()
    expect(cittadino.locator("main")).to_contain_text("è stato tolto dal centro per l’impiego")
    cittadino.get_by_role("link", name="Cancella il mio CV").click()
    cittadino.get_by_role("button", name="Sì, cancella il mio CV").click()
    expect(cittadino.locator("main")).to_contain_text("Il CV è stato cancellato da qui")
    conteggi = portale_collegato.conteggi()
    assert (conteggi["ricezioni"], conteggi["doppi"], conteggi["curricula"]) == (1, 0, 0)


def test_consent_withdrawn_while_queued(
    operatore: Page,
    live_server: LiveServer,
    cast: Cast,
    portale_collegato: PortaleDiProva,
    tmp_path: Path,
    settings: Any,
) -> None:
    """U2, V6: the portal was down when it was asked, the consent is gone when it is back: nothing ever leaves."""
    settings.PORTALE_URL = "http://127.0.0.1:9"
    orologio = Orologio(adesso())
    carica_e_trasferisci(operatore, cv(tmp_path))
    tre_posti(operatore, "C'è", "In coda", "Non ancora")

    altra = operatore.context.new_page()
    altra.goto(live_server.url + reverse("anagrafica:presa_in_carico", args=[cast.utente.pk]))
    incontro = altra.locator("section[aria-labelledby=t-incontro]")
    incontro.locator("summary", has_text="Revoca").click()
    incontro.get_by_role("button", name="Sì, revoca il consenso").click()
    expect(incontro.locator("h3")).to_contain_text("Revocato")

    tre_posti(operatore, "C'è", "Mai trasferito", "Mai trasferito")
    expect(operatore.locator("#cv-impedimenti")).to_contain_text("ritirato il consenso")
    expect(operatore.locator("#cv-trasferisci")).to_have_attribute("aria-disabled", "true")
    settings.PORTALE_URL = portale_collegato.url
    orologio.avanti(hours=1)
    assert gira(orologio) == 0
    assert [riga.stato for riga in Trasferimento.objects.all()] == ["annullato"]
    conteggi = portale_collegato.conteggi()
    assert (conteggi["ricezioni"], conteggi["cittadini"], conteggi["messaggi"]) == (0, 0, 0)
