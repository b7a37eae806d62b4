"""A bilancio delle competenze in a real Chromium: agreed, started, held, concluded, and the pact updated (C2, M4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from urllib.parse import urlsplit

import pytest
import time_machine
from playwright.sync_api import Page, expect
from pytest_django.live_server_helper import LiveServer

from orientamento.anagrafica.models import CompetenzaPersonale
from psp.models import Iscrizione, Misura, PattoDiServizio
from psp.services import patto as servizi_del_patto
from psp.services import revisione
from psp.services.agenda.giorni import istante
from tests.browser.conftest import Guardia
from tests.cast import PASSWORD, Cast, crea_cast
from tests.psp import scene_patto
from tests.psp.scene_agenda import orario

NOME = "Bilancio delle competenze"
PERCHE = "Perché le ore sono fuori dalla carta dei servizi"


@pytest.fixture
def ufficio(transactional_db: None) -> Cast:
    cast = crea_cast()
    orario(cast)
    return cast


@pytest.fixture
def entra(page: Page, live_server: LiveServer, ufficio: Cast) -> Iterator[Callable[[], None]]:
    """Log in as the operator; whatever the pages complained of fails the test."""
    guardia = Guardia(casa=urlsplit(live_server.url).netloc, ammessi={422})
    guardia.ascolta(page)

    def entra_ora() -> None:
        page.context.clear_cookies()
        page.goto(f"{live_server.url}/accesso")
        page.fill("input[name=username]", ufficio.operatore.username)
        page.fill("input[name=password]", PASSWORD)
        with page.expect_navigation():
            page.press("input[name=password]", "Enter")

    yield entra_ora
    assert guardia.lamenti == []


def firma(cast: Cast, bozza: PattoDiServizio) -> None:
    """The review and the signature, which other tests walk through."""
    ora = scene_patto.adesso()
    servizi_del_patto.manda_in_revisione(patto=bozza, attore=cast.operatore, adesso=ora)
    revisione.approva_patto(patto=bozza, attore=cast.responsabile, adesso=ora)
    bozza.refresh_from_db()
    scene_patto.firmato(cast, bozza)


def registra_incontro(page: Page, giorno: dt.date) -> None:
    """A meeting of two hours, already held."""
    page.get_by_text("Registra un incontro già fatto").click()
    page.get_by_label("Giorno").fill(f"{giorno:%d%m%Y}")
    page.get_by_label("Dalle").fill("15")
    page.get_by_label("Minuti effettivi").fill("120")
    page.get_by_role("button", name="Registra l'incontro").click()
    expect(page.get_by_text("L'incontro è registrato e i minuti sono contati")).to_be_visible()


def test_a_bilancio_from_the_proposal_to_the_updated_pact(
    page: Page, live_server: LiveServer, ufficio: Cast, entra: Callable[[], None]
) -> None:
    bozza = scene_patto.completo(ufficio)
    entra()

    # Agreed in phase 3, and signed with the rest of the plan.
    page.goto(f"{live_server.url}{scene_patto.piano(bozza)}")
    page.get_by_text("Aggiungi dalla carta dei servizi").click()
    page.get_by_label(NOME).first.check()
    page.get_by_role("button", name="Aggiungi i servizi spuntati").click()
    expect(page.get_by_role("button", name=f"Togli «{NOME}»")).to_be_visible()
    bozza.refresh_from_db()
    firma(ufficio, bozza)

    # Started, and the first meeting fixed with two clicks.
    page.goto(f"{live_server.url}/utenti/{ufficio.utente.pk}/misure")
    page.get_by_role("link", name=NOME).click()
    page.get_by_role("button", name="Avvia la misura").click()
    expect(page.get_by_text("È avviata dal")).to_be_visible()
    page.get_by_role("link", name="Fissa un incontro").click()
    page.locator(".liberi button").first.click()
    expect(page.get_by_text("Appuntamento fissato")).to_be_visible()
    misura = Misura.objects.get(servizio__chiave="bilancio-competenze")
    primo = Iscrizione.objects.get(misura=misura)

    # A week later it has been held, and three more with it.
    giorno = primo.inizio.date()
    with time_machine.travel(istante(giorno + dt.timedelta(days=7), dt.time(12))):
        entra()
        page.goto(f"{live_server.url}/misure/{misura.pk}")
        expect(page.get_by_text("Segnare chi c'era, o annullare, gli incontri ancora fissati")).to_be_visible()
        segna(page, primo, "119")
        page.goto(f"{live_server.url}/misure/{misura.pk}")
        for giorni in (1, 2, 3):
            registra_incontro(page, giorno + dt.timedelta(days=giorni))
        page.get_by_label("Competenze tecnico-professionali").fill("Gestire il magazzino\nLeggere una distinta base")
        page.get_by_label("Competenze trasversali").fill("Lavorare in squadra")
        page.get_by_role("button", name="Salva").click()
        expect(page.get_by_text("«Competenze spendibili»: salvato.")).to_be_visible()

        # A minute short of eight hours: it does not close without a reason.
        expect(page.get_by_text("In tutto 7 ore e 59 minuti. Manca 1 minuto al minimo di 8 ore.")).to_be_visible()
        concludi(page)
        expect(page.get_by_role("alert")).to_contain_text("Le ore sono fuori dalla carta dei servizi: scrivere perché")
        expect(page.get_by_label(PERCHE)).to_be_visible()
        misura.refresh_from_db()
        assert misura.stato == "avviata"

        # The first meeting was of two hours: eight in all, and nothing is asked.
        segna(page, primo, "120")
        page.goto(f"{live_server.url}/misure/{misura.pk}")
        expect(page.get_by_text("In tutto 8 ore, in 4 incontri.")).to_be_visible()
        concludi(page, senza=PERCHE)
        expect(page.get_by_text("La misura è conclusa. Le competenze sono nel fascicolo")).to_be_visible()
        page.get_by_role("button", name="Aggiorna il patto").click()
        expect(page.get_by_role("button", name="Togli «Consulenza orientativa»")).to_be_visible()

    misura.refresh_from_db()
    assert (misura.stato, misura.esiti, misura.motivo_scostamento) == ("conclusa", ["obiettivo", "competenze"], "")
    assert sorted(CompetenzaPersonale.objects.values_list("genere", "descrizione", "acquisita_dove")) == [
        ("tecnica", "Gestire il magazzino", NOME),
        ("tecnica", "Leggere una distinta base", NOME),
        ("trasversale", "Lavorare in squadra", NOME),
    ]
    nuovo = PattoDiServizio.objects.get(stato="bozza")
    assert nuovo.sostituisce_id == bozza.pk
    assert list(nuovo.misure.values_list("servizio__chiave", "continua__patto")) == [
        ("consulenza-orientativa", bozza.pk)
    ]
    assert list(nuovo.atti.values_list("continua__patto", flat=True)) == [bozza.pk]


def segna(page: Page, iscrizione: Iscrizione, minuti: str) -> None:
    """From the measure to the sheet of the meeting, and the real minutes there."""
    page.get_by_role("region", name="Incontri della misura").get_by_role("link").last.click()
    page.get_by_role("link", name="le presenze").click()
    page.get_by_label("Presente").check()
    page.get_by_label(f"Minuti effettivi di {iscrizione.utente}").fill(minuti)
    page.get_by_role("button", name="Salva le presenze").click()
    expect(page.get_by_text("Presenza segnata")).to_be_visible()


def concludi(page: Page, senza: str = "") -> None:
    """Two outcomes, and the words of what came of it; the field labelled `senza` is not there."""
    page.get_by_text("Concludi la misura").first.click()
    for esito in ("Persona assistita nella definizione dell'obiettivo", "messa in evidenza delle competenze"):
        page.get_by_label(esito).check()
    page.get_by_label("Che cosa ne è venuto").fill("Cerca nella logistica.")
    if senza:
        expect(page.get_by_label(senza)).to_have_count(0)
    page.get_by_role("button", name="Concludi la misura").click()
