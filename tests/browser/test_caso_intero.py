"""The main job from the first visit to the signed copy, by an operator and a supervisor in a real Chromium.

It ends by reading the printed pact and comparing it with what was typed, and it counts what the job costs.
"""

from __future__ import annotations

import io
from pathlib import Path

import pypdfium2
import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from orientamento.anagrafica.models import Utente
from propensioni.services.glossario import carica_glossario
from psp.models import PattoDiServizio, StatoPatto
from psp.services.catalogo import carica_catalogo
from tests.browser import caso_intero as caso
from tests.cast import PASSWORD, Cast, crea_cast
from tests.curriculum import fabbrica

GESTI_AL_PIU = 120
CARICAMENTI_AL_PIU = 15


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    carica_glossario()
    carica_catalogo()
    return crea_cast()


@pytest.fixture
def cv(tmp_path: Path) -> Path:
    file = tmp_path / "curriculum di Fiorenza.pdf"
    file.write_bytes(fabbrica.pdf(pagine=2))
    return file


def leggi_pdf(byte: bytes) -> str:
    documento = pypdfium2.PdfDocument(io.BytesIO(byte))
    testo = " ".join(pagina.get_textpage().get_text_bounded() for pagina in documento)
    return " ".join(testo.replace("\ufffe", "").split())


def revisiona(browser: Browser, live_server: LiveServer, cast: Cast, contesto: dict[str, object]) -> None:
    """The supervisor reads the pact and approves it."""
    pagina = browser.new_context(**contesto).new_page()
    gesti = caso.Gesti(pagina)
    caso.entra(gesti, live_server.url, cast.responsabile.username, PASSWORD)
    gesti.premi(pagina.get_by_role("link", name="patto da revisionare"))
    gesti.premi(pagina.get_by_role("link", name="Landucci Fiorenza").first)
    gesti.pulsante("Approva e proponi per la firma")
    expect(pagina.locator("#messaggi")).to_contain_text("approvato")
    pagina.context.close()


def test_the_whole_job(
    page: Page,
    browser: Browser,
    browser_context_args: dict[str, object],
    live_server: LiveServer,
    cast: Cast,
    cv: Path,
    tmp_path: Path,
) -> None:
    """C1-C5, P1-P2, V1, M1-M2, T1-T4."""
    gesti = caso.Gesti(page)
    caso.entra(gesti, live_server.url, cast.operatore.username, PASSWORD)
    codice = caso.apri_fascicolo(gesti)
    caso.prima_fase(gesti)
    caso.seconda_fase(gesti, cv)
    caso.terza_fase(gesti)
    patto = PattoDiServizio.objects.get(utente__codice_fiscale=codice)
    assert patto.stato == StatoPatto.IN_REVISIONE
    revisiona(browser, live_server, cast, browser_context_args)

    page.reload()
    with page.context.expect_page() as nuova:
        gesti.link("Stampa il patto per la firma")
    nuova.value.close()
    patto.refresh_from_db()
    stampato = page.request.get(f"{live_server.url}/patti/{patto.pk}/pdf").body()
    assert stampato == bytes(patto.pdf)
    firmata = tmp_path / "patto firmato.pdf"
    firmata.write_bytes(stampato)
    gesti.carica("#id_scansione", firmata)
    gesti.pulsante("Registra la firma e archivia la copia")
    expect(page.get_by_text("Il patto è in vigore fino al")).to_be_visible()

    testo = leggi_pdf(stampato)
    for atteso in (
        codice,
        "Landucci",
        "Fiorenza",
        "Via Bologna 12",
        "Diploma di perito commerciale",
        "Logistica Val di Bisenzio",
        "0,7432",
        *(p.competenze for p in caso.PROPENSIONI),
        *caso.ATTI,
        *caso.MISURE,
        "A05",
        "A06",
        "Ogni mese",
        patto.codice_versione,
    ):
        assert atteso in testo, atteso
    assert Utente.objects.get(codice_fiscale=codice).consenso_incontro
    print(f"\ngesti {gesti.quanti}, caricamenti {gesti.caricamenti}")  # noqa: T201 - the figures of the closing note
    assert gesti.quanti <= GESTI_AL_PIU, gesti.passi
    assert gesti.caricamenti <= CARICAMENTI_AL_PIU
