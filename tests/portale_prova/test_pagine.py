"""The portal's pages: the citizen's area, the outbox, Intuition, the switches."""

from __future__ import annotations

import datetime as dt
import io
import re

import httpx
import pikepdf
import pytest
from axe_playwright_python.sync_playwright import Axe
from pikepdf import Pdf
from playwright.sync_api import Page, expect

from curriculum.portale.prova import tempo
from tests.curriculum.fabbrica import pdf
from tests.portale_prova.conftest import CODICE, Chiamate
from tests.portale_prova.server import PortaleDiProva

PAGINE = ["/", "/messaggi", "/cittadini", f"/cittadini/{CODICE}", f"/cittadini/{CODICE}/cancella"]
PAGINE += ["/intuition?q=magazziniere", "/guasti", "/conferma/inventato", "/non-esiste"]


def che_dice(testo: str) -> bytes:
    """A PDF with one line of text."""

    def scrivi(documento: Pdf) -> None:
        riga = testo.encode("cp1252").replace(b"(", b"\\(").replace(b")", b"\\)")
        documento.pages[0].Contents = documento.make_stream(b"BT /F1 12 Tf 40 700 Td (" + riga + b") Tj ET")
        documento.pages[0].Resources.Font.F1.Encoding = pikepdf.Name.WinAnsiEncoding

    return pdf(scrivi)


@pytest.fixture
def pubblicati(chiama: Chiamate) -> Chiamate:
    """Two CVs: a warehouse worker's, fresh, and a cook's, uploaded more than six months ago."""
    for codice, cognome in ((CODICE, "Rossi"), ("VRDLGU85M01G702K", "Verdi")):
        chiama.preregistra(codice, cognome=cognome)
        chiama.portale.conferma(codice)
    chiama.portale.guasti(oggi="2026-11-23")
    chiama.metti(che_dice("Ho lavorato come magazziniera, con attività di carico e scarico"))
    chiama.metti(
        che_dice("Ho lavorato in mensa"),
        "VRDLGU85M01G702K",
        caricato_il="2026-03-31T10:00:00+02:00",
        propensioni=[{"codice": "5.2.2.1", "professione": "Cuoco"}],
    )
    return chiama


def cerca(chiama: Chiamate, testo: str, **altro: str) -> str:
    pagina = chiama.http.get("/intuition", params={"q": testo, **altro}).text
    return " ".join(re.sub(r"<[^>]+>", "", pagina.partition('id="risultati"')[2].partition("</section>")[0]).split())


@pytest.mark.parametrize("parole", ["magazziniere", "MAGAZZINIERI", "attivita", "l'attività scarico", "logistica"])
def test_a_firm_finds_gender_number_accents_and_sectors_alike(pubblicati: Chiamate, parole: str) -> None:
    trovato = cerca(pubblicati, parole)
    assert "Un curriculum" in trovato
    assert "Maria Rossi" in trovato


def test_what_a_firm_does_not_find(pubblicati: Chiamate) -> None:
    assert "Nessun curriculum" in cerca(pubblicati, "astronauta")
    # Not every word is there: those who have one of them, and it is said. The words of a query language mean nothing.
    assert "almeno una" in cerca(pubblicati, "magazziniera astronauta")
    assert "Nessun curriculum" in cerca(pubblicati, '" OR * NEAR( testo:')
    assert "<script>" not in pubblicati.http.get("/intuition", params={"q": "<script>"}).text


def test_an_obsolete_cv_is_left_out_unless_asked_for_and_marked(pubblicati: Chiamate) -> None:
    assert "Nessun curriculum" in cerca(pubblicati, "cuoca")
    assert "CV obsoleto" in cerca(pubblicati, "cuoca", obsoleti="1")
    sezione = pubblicati.http.get("/cittadini/VRDLGU85M01G702K").text
    assert "CV obsoleto (con data aggiornamento oltre i 6 mesi)" in sezione
    assert "CV obsoleto" not in pubblicati.http.get(f"/cittadini/{CODICE}").text


def test_out_of_intuition_is_out_of_the_search_and_still_in_the_profile(pubblicati: Chiamate) -> None:
    pubblicati.togli()
    assert "Nessun curriculum" in cerca(pubblicati, "magazziniere")
    profilo = pubblicati.http.get(f"/cittadini/{CODICE}").text
    assert "Scarica il PDF" in profilo
    assert "tolto dal centro per l’impiego" in profilo


@pytest.mark.parametrize(
    ("caricato", "ultimo"),
    [
        ("2026-08-31T12:00:00+02:00", dt.date(2027, 2, 28)),
        ("2027-08-31T12:00:00+02:00", dt.date(2028, 2, 29)),
        ("2026-03-31T12:00:00+02:00", dt.date(2026, 9, 30)),
        ("2026-06-30T12:00:00+02:00", dt.date(2026, 12, 30)),
        ("2026-08-30T23:30:00Z", dt.date(2027, 2, 28)),  # the 31st already, in Italy
        ("2026-10-25T00:30:00Z", dt.date(2027, 4, 25)),  # in the hour that comes twice
    ],
)
def test_six_months_are_those_of_the_calendar(chiama: Chiamate, caricato: str, ultimo: dt.date) -> None:
    assert tempo.ultimo_giorno(tempo.letto(caricato)) == ultimo
    chiama.portale.registrati(CODICE)
    chiama.portale.guasti(oggi=ultimo.isoformat())
    assert chiama.metti(caricato_il=caricato).json()["obsoleto"] is False
    chiama.portale.guasti(oggi=(ultimo + dt.timedelta(days=1)).isoformat())
    assert chiama.stato().json()["obsoleto"] is True


def test_the_citizen_downloads_and_deletes_their_own_cv(pubblicati: Chiamate, page: Page) -> None:
    page.goto(f"{pubblicati.portale.url}/cittadini")
    page.get_by_label("Codice fiscale, cognome o nome").fill("RSSM")
    page.get_by_role("button", name="Cerca").click()
    page.get_by_role("link", name="Rossi Maria").click()
    with page.expect_download() as scaricato:
        page.get_by_role("link", name="Scarica il PDF").click()
    pikepdf.open(io.BytesIO(scaricato.value.path().read_bytes())).close()

    page.get_by_role("link", name="Cancella il mio CV").click()
    page.get_by_role("button", name="Sì, cancella il mio CV").click()
    expect(page.get_by_text("Il CV è stato cancellato da qui")).to_be_visible()
    stato = pubblicati.stato().json()
    assert (stato["stato"], stato["intuition"], stato["cancellato_dal_cittadino"]) == ("assente", "assente", True)
    assert "Nessun curriculum" in cerca(pubblicati, "magazziniere")


def test_the_link_of_the_message_confirms(chiama: Chiamate, page: Page) -> None:
    chiama.preregistra()
    page.goto(f"{chiama.portale.url}/messaggi")
    page.get_by_role("link", name="Confermo la registrazione").click()
    expect(page.get_by_role("heading", name="Registrazione confermata")).to_be_visible()
    assert chiama.cerca().json()["stato"] == "confermata"


def test_faults_are_set_and_put_out_by_hand(chiama: Chiamate, page: Page) -> None:
    page.goto(f"{chiama.portale.url}/guasti")
    page.get_by_label("Errore 500", exact=True).fill("100")
    page.get_by_role("button", name="Imposta i guasti").click()
    expect(page.get_by_role("status")).to_have_text("I guasti sono impostati.")
    assert chiama.cerca().status_code == 500
    page.get_by_role("button", name="Spegni tutti i guasti").click()
    expect(page.get_by_role("status")).to_have_text("Tutti i guasti sono spenti.")
    assert chiama.cerca().status_code == 404


@pytest.mark.parametrize("valori", [{"errore_500": 1.5}, {"errore_500": "si"}, {"non_esiste": 1}, {"oggi": "domani"}])
def test_a_switch_takes_no_nonsense(chiama: Chiamate, valori: dict[str, object]) -> None:
    assert chiama.http.post("/prova/guasti", json=valori).status_code == 400


def test_a_page_of_another_site_can_neither_command_nor_delete(pubblicati: Chiamate) -> None:
    modulo = {"Content-Type": "text/plain"}
    assert pubblicati.http.post("/prova/azzera", content=b"{}", headers=modulo).status_code == 400
    assert pubblicati.http.post(f"/cittadini/{CODICE}/cancella").status_code == 403
    assert pubblicati.http.get("/cittadini", headers={"Host": "altro.example.com"}).status_code == 400
    assert pubblicati.stato().json()["stato"] == "pubblicato"


@pytest.mark.parametrize("larghezza", [1366, 768])
def test_every_page_is_accessible_and_fits(pubblicati: Chiamate, page: Page, larghezza: int) -> None:
    page.set_viewport_size({"width": larghezza, "height": 768})
    rimproveri: list[str] = []
    page.on("console", lambda m: rimproveri.append(m.text) if "Content Security" in m.text else None)
    for indirizzo in PAGINE:
        page.goto(f"{pubblicati.portale.url}{indirizzo}")
        violazioni = [f"{indirizzo}: {voce['id']}" for voce in Axe().run(page).response["violations"]]
        assert violazioni == []
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), indirizzo
    assert rimproveri == []


def test_pages_send_a_strict_policy_and_hold_no_inline_code(pubblicati: Chiamate) -> None:
    in_linea = re.compile(r"<script|<style|\sstyle=|\son[a-z]+=", re.IGNORECASE)
    for indirizzo in PAGINE:
        risposta: httpx.Response = pubblicati.http.get(indirizzo)
        politica = risposta.headers["Content-Security-Policy"]
        assert "default-src 'none'" in politica
        assert "unsafe" not in politica
        assert not in_linea.search(risposta.text)
        assert not re.search(r"""(?:src|href)="(?:https?:)?//""", risposta.text)


def test_the_process_needs_no_settings_of_the_application(portale_di_prova: PortaleDiProva) -> None:
    assert "orientamento" not in portale_di_prova.registro.read_text().lower()
