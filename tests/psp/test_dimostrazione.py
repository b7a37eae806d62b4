"""The invented cases: a CV's journey is visible as soon as the application has started (V2, V4, U2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import time_machine

from curriculum.models import AvvisoScadenza, Curriculum, PosizionePortale, Trasferimento
from curriculum.services import coda
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.services.tabelle import carica_tabelle
from orientamento.comune.calendario import adesso, oggi
from propensioni.services.glossario import carica_glossario
from psp.dimostrazione.casi import GIORNI_DEI_CHIUSI, carica_casi
from psp.services.catalogo import carica_catalogo
from tests.portale_prova.server import PortaleDiProva

pytestmark = pytest.mark.django_db


@pytest.fixture
def _tabelle(db: None) -> None:
    carica_tabelle()
    carica_glossario()
    carica_catalogo()


@pytest.mark.usefixtures("_tabelle")
def test_the_journey_of_the_cv_is_there_to_see(portale_collegato: PortaleDiProva) -> None:
    """Transfers that leave by themselves, notices prepared, somebody told, and the CV of who refused stays here."""
    assert carica_casi(adesso(), {"Prato": 25, "Empoli": 0}) == 25

    trasferiti = Trasferimento.objects.all()
    assert {t.stato for t in trasferiti} == {"da_inviare"}
    assert all(t.utente.consenso_incontro for t in trasferiti)
    assert {t.creato_da.username for t in trasferiti} == {"operatore", "collega"}
    assert coda.giro() == len(trasferiti), "due at once"
    assert PosizionePortale.objects.filter(registrazione="da_confermare", messaggi=1).count() == len(trasferiti)
    assert portale_collegato.conteggi()["cittadini"] == len(trasferiti)
    assert Utente.objects.filter(consenso_incontro=False, curricula__stato="attuale").exists()

    portale_collegato.conferma(trasferiti[0].utente.codice_fiscale)
    assert coda.giro(orologio=lambda: adesso() + dt.timedelta(hours=1)) == len(trasferiti)
    trasferito = Trasferimento.objects.get(stato="confermato")
    assert portale_collegato.conteggi()["per_chiave"] == {str(trasferito.chiave): 1}

    entro = oggi() + dt.timedelta(days=30)
    vicini = Curriculum.objects.attuali().filter(valido_fino_al__lte=entro)
    assert AvvisoScadenza.objects.count() == len(vicini) == 1
    assert AvvisoScadenza.objects.filter(modo="telefono").exists()


@pytest.mark.usefixtures("_tabelle")
@pytest.mark.parametrize("segreto", ["", "quello-vero"])
def test_invented_people_go_to_no_other_portal(settings: Any, segreto: str) -> None:
    settings.PORTALE_URL, settings.PORTALE_SEGRETO = ("https://portale.example.it" if segreto else ""), segreto
    carica_casi(adesso(), {"Prato": 8, "Empoli": 0})

    assert Operatore.objects.filter(username="operatore").exists()
    assert Curriculum.objects.exists()
    assert not Trasferimento.objects.exists()


@pytest.mark.usefixtures("_tabelle")
@pytest.mark.parametrize("giorno", ["2027-01-01", "2027-03-28", "2028-02-29", "2027-08-31", "2030-12-31"])
def test_it_can_be_loaded_on_any_day(settings: Any, giorno: str) -> None:
    """The invented lives are in the past of whoever starts the application, also in January."""
    settings.PORTALE_URL = ""
    with time_machine.travel(f"{giorno}T09:30:00+01:00", tick=True):
        assert carica_casi(adesso(), {"Prato": 12, "Empoli": 0}) == 12


def test_the_closed_cases_end_on_both_sides_of_today() -> None:
    """V4: some CVs are good for days, some for weeks, some no more; none is too old for the list."""
    giorni = [183 - giorni for giorni in GIORNI_DEI_CHIUSI]
    assert min(giorni) < 0 < max(giorni) <= 28
    assert any(0 < restano <= 7 for restano in giorni)
