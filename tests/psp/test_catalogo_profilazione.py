"""The catalogue as dated rows (M2), the typical acts (M1), the quantitative profile (C6)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from psp.models import AttoRicerca, CodiceServizio, Profilazione, Servizio
from psp.services.catalogo import atti_tipici, carica_catalogo, codice_del_giorno, servizi_in_vigore
from psp.services.profilazione import profilazione_attuale, registra_profilazione
from tests.cast import Cast
from tests.psp.scene_patto import domani

pytestmark = pytest.mark.django_db

CODICI = {
    "colloquio-patto": "A05",
    "colloquio-informativo": "A05",
    "consulenza-orientativa": "A06",
    "seminari-laboratori": "A06",
    "bilancio-competenze": "",
    "tirocinio": "C06",
    "tutoraggio-tirocinio": "B04",
    "accompagnamento-lavoro": "",
    "scouting": "B03",
    "formazione-riqualificazione": "C07",
    "eures": "B01",
    "certificazione-competenze": "",
    "auto-impresa": "",
}


def test_the_charter_has_its_services_and_codes_and_invents_none_m2() -> None:
    carica_catalogo()
    assert {s.chiave: codice_del_giorno(s) for s in servizi_in_vigore(oggi())} == CODICI


def test_loading_twice_changes_nothing_that_an_office_has_changed() -> None:
    assert carica_catalogo() == 13
    Servizio.objects.filter(chiave="scouting").update(nome="Ricerca di opportunità")
    assert carica_catalogo() == 0
    assert Servizio.objects.get(chiave="scouting").nome == "Ricerca di opportunità"
    assert CodiceServizio.objects.count() == 9


def test_services_and_codes_follow_their_dates_m2(django_assert_num_queries: Any) -> None:
    carica_catalogo()
    giorno = dt.date(2026, 6, 30)
    CodiceServizio.objects.filter(codice="B03").update(valido_al=giorno)
    CodiceServizio.objects.create(
        servizio=Servizio.objects.get(chiave="scouting"), codice="B99", valido_dal=giorno + dt.timedelta(days=1)
    )
    Servizio.objects.filter(chiave="eures").update(valido_al=giorno)
    with django_assert_num_queries(2):
        prima = {s.chiave: codice_del_giorno(s) for s in servizi_in_vigore(giorno)}
    dopo = {s.chiave: codice_del_giorno(s) for s in servizi_in_vigore(giorno + dt.timedelta(days=1))}
    assert (prima["scouting"], dopo["scouting"]) == ("B03", "B99")
    assert "eures" in prima
    assert "eures" not in dopo


def test_typical_acts_of_three_kinds_each_with_timing_and_proof_m1() -> None:
    tipici = atti_tipici()
    assert {t.tipo for t in tipici} == set(AttoRicerca.Tipo.values)
    assert all(bool(t.frequenza) != bool(t.giorni) and t.prova and len(t.descrizione) <= 300 for t in tipici)
    assert len({t.chiave for t in tipici}) == len(tipici)


DATI = {"data": oggi(), "metodo": "Sistema unitario", "valore": Decimal("0.7432"), "classe": ""}


def test_the_newest_profile_counts_and_the_older_stay_c6(cast: Cast) -> None:
    for giorni, valore in ((30, "0.2000"), (0, "0.7432"), (10, "0.5000")):
        registra_profilazione(
            utente=cast.utente,
            dati={**DATI, "data": oggi() - dt.timedelta(days=giorni), "valore": Decimal(valore)},
            attore=cast.operatore,
            adesso=adesso(),
        )
    attuale = profilazione_attuale(cast.utente)
    assert attuale is not None
    assert attuale.valore == Decimal("0.7432")
    assert Profilazione.objects.count() == 3


def test_a_second_click_records_once(cast: Cast) -> None:
    for _ in range(2):
        registra_profilazione(utente=cast.utente, dati=DATI, attore=cast.operatore, adesso=adesso())
    assert Profilazione.objects.count() == 1


@pytest.mark.parametrize(
    ("dati", "campo"),
    [({"data": domani()}, "data"), ({"valore": None}, "valore"), ({"valore": Decimal("1.1")}, "valore")],
)
def test_impossible_profiles_are_refused(cast: Cast, dati: dict[str, Any], campo: str) -> None:
    with pytest.raises(RegolaViolata) as errore:
        registra_profilazione(utente=cast.utente, dati={**DATI, **dati}, attore=cast.operatore, adesso=adesso())
    assert errore.value.campo == campo


def test_the_database_keeps_value_or_class(cast: Cast) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Profilazione.objects.create(utente=cast.utente, data=oggi(), registrata_da=cast.operatore)
    assert Profilazione.objects.create(utente=cast.utente, data=oggi(), classe="Alta", registrata_da=cast.operatore)
