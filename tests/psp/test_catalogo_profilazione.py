"""The catalogue as dated rows (M2), the typical acts (M1), the quantitative profile (C6)."""

from __future__ import annotations

import datetime as dt
import importlib
from decimal import Decimal
from typing import Any

import pytest
from django.apps import apps
from django.db import IntegrityError, transaction
from django.urls import reverse

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from psp.forms.catalogo import ServizioForm
from psp.models import AttoRicerca, CodiceServizio, GenereServizio, Profilazione, Servizio
from psp.services.catalogo import (
    atti_tipici,
    carica_catalogo,
    codice_del_giorno,
    salva_codice,
    salva_servizio,
    servizi_in_vigore,
)
from psp.services.profilazione import profilazione_attuale, registra_profilazione
from tests.cast import Cast
from tests.psp.scene_misure import patto_firmato
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


def test_the_usual_hours_are_shown_as_they_were_written_m2() -> None:
    """A number box of the browser shows nothing for 1,5: whoever saved anything else wiped the hours."""
    carica_catalogo()
    campo = str(ServizioForm(instance=Servizio.objects.get(chiave="colloquio-patto"))["ore_previste"])
    assert 'type="text"' in campo
    assert 'value="1,5"' in campo


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


def test_the_charter_says_kind_and_limits_of_every_service_m2_c2() -> None:
    carica_catalogo()
    limiti = {
        s.chiave: (s.genere, s.minuti_minimi_incontro, s.minuti_minimi, s.minuti_massimi)
        for s in Servizio.objects.all()
    }
    assert limiti["colloquio-patto"] == limiti["colloquio-informativo"] == ("colloquio", None, None, 90)
    assert limiti["consulenza-orientativa"] == ("consulenza", 60, None, None)
    assert limiti["bilancio-competenze"] == ("bilancio", None, 480, 720)
    assert GenereServizio.ALTRO not in {genere for genere, *_ in limiti.values()}
    assert Servizio.objects.get(chiave="colloquio-informativo").descrizione.endswith("consultare le banche dati.")


def test_rows_of_the_version_before_get_kind_and_limits_and_changed_ones_stay_m2() -> None:
    carica_catalogo()
    come_deve = list(Servizio.objects.order_by("pk").values())
    vuoti = {"genere": "altro", "minuti_minimi_incontro": None, "minuti_minimi": None, "minuti_massimi": None}
    Servizio.objects.update(**vuoti)
    Servizio.objects.filter(chiave="colloquio-informativo").update(
        descrizione="Prime informazioni su servizi, formazione e lavoro"
    )
    migrazione = importlib.import_module("psp.migrations.0003_genere_dei_servizi")
    migrazione.completa(apps, None)
    assert list(Servizio.objects.order_by("pk").values()) == come_deve
    Servizio.objects.filter(chiave="bilancio-competenze").update(minuti_massimi=900)
    migrazione.completa(apps, None)
    assert Servizio.objects.get(chiave="bilancio-competenze").minuti_massimi == 900


# The administrator's tables


def campi_servizio(servizio: Servizio | None = None, **altro: Any) -> dict[str, Any]:
    base = {
        "nome": "Laboratorio di cucito",
        "chiave": "cucito",
        "descrizione": "",
        "modo": "gruppo",
        "genere": "seminario",
        "ore_previste": Decimal("2.0"),
        "minuti_minimi_incontro": None,
        "minuti_minimi": None,
        "minuti_massimi": None,
        "valido_dal": oggi(),
        "valido_al": None,
        "ordine": 200,
    }
    if servizio:
        base = {campo: getattr(servizio, campo) for campo in base}
    return {**base, **altro}


def test_the_administrator_enters_and_retires_services_m2(cast: Cast) -> None:
    attore = cast.amministratore
    nuovo = salva_servizio(servizio=None, dati=campi_servizio(), attore=attore)
    assert nuovo in servizi_in_vigore(oggi())
    salva_servizio(servizio=nuovo, dati=campi_servizio(nuovo, chiave="altra", valido_al=oggi()), attore=attore)
    nuovo.refresh_from_db()
    assert nuovo.chiave == "cucito"
    assert nuovo in servizi_in_vigore(oggi())
    assert nuovo not in servizi_in_vigore(domani())
    eventi = Evento.objects.filter(azione="configurazione_modificata", oggetto_tipo="psp.servizio")
    assert [list(e.dettaglio) for e in eventi.order_by("pk")] == [["creato"], ["valido_al"]]


@pytest.mark.parametrize(
    ("dati", "campo"),
    [
        ({"valido_al": dt.date(2020, 1, 1)}, "valido_al"),
        ({"minuti_minimi": 100, "minuti_massimi": 99}, "minuti_massimi"),
        ({"chiave": "scouting"}, "chiave"),
    ],
)
def test_services_that_cannot_be(cast: Cast, dati: dict[str, Any], campo: str) -> None:
    carica_catalogo()
    with pytest.raises(RegolaViolata) as rifiuto:
        salva_servizio(servizio=None, dati=campi_servizio(**dati), attore=cast.amministratore)
    assert rifiuto.value.campo == campo


@pytest.mark.parametrize("ore", ["-5", "0"])
def test_usual_hours_are_some_hours_m2(cast: Cast, ore: str) -> None:
    carica_catalogo()
    nuovo = reverse("anagrafica:amministrazione_nuovo", args=["servizi"])
    dati = {**campi_servizio(ore_previste=ore), "valido_dal": f"{oggi():%d/%m/%Y}"}
    risposta = cast.client("amministratore").post(nuovo, {c: v for c, v in dati.items() if v is not None})
    assert risposta.status_code == 422
    assert "almeno mezza (0,5)" in risposta.content.decode()
    with pytest.raises(IntegrityError, match="ore_consuete_positive"), transaction.atomic():
        Servizio.objects.update(ore_previste=ore)


def test_the_kind_of_a_service_already_agreed_stays_m2(cast: Cast) -> None:
    servizio = patto_firmato(cast, "scouting").misure.get().servizio
    with pytest.raises(RegolaViolata) as rifiuto:
        salva_servizio(servizio=servizio, dati=campi_servizio(servizio, genere="altro"), attore=cast.amministratore)
    assert rifiuto.value.campo == "genere"


def test_one_code_a_day_and_the_same_code_for_two_services_m2(cast: Cast) -> None:
    carica_catalogo()
    scouting, bilancio = (Servizio.objects.get(chiave=c) for c in ("scouting", "bilancio-competenze"))
    dati = {"servizio": scouting, "codice": "B99", "valido_dal": domani(), "valido_al": None}
    with pytest.raises(RegolaViolata) as rifiuto:
        salva_codice(codice=None, dati=dati, attore=cast.amministratore)
    assert rifiuto.value.campo == "valido_dal"
    di_oggi = scouting.codici.get()
    chiuso = {"servizio": bilancio, "codice": "B03", "valido_dal": di_oggi.valido_dal, "valido_al": oggi()}
    salva_codice(codice=di_oggi, dati=chiuso, attore=cast.amministratore)
    salva_codice(codice=None, dati=dati, attore=cast.amministratore)
    salva_codice(codice=None, dati={**dati, "servizio": bilancio}, attore=cast.amministratore)
    domani_ = {s.chiave: codice_del_giorno(s) for s in servizi_in_vigore(domani())}
    assert (domani_["scouting"], domani_["bilancio-competenze"]) == ("B99", "B99")
    assert di_oggi.servizio == scouting  # a code never moves to another service


@pytest.mark.parametrize("tabella", ["servizi", "codici-servizi"])
def test_the_tables_are_the_administrator_s_a1(cast: Cast, tabella: str) -> None:
    carica_catalogo()
    elenco = reverse("anagrafica:amministrazione_elenco", args=[tabella])
    assert cast.client("operatore").get(elenco).status_code == 403
    pagina = cast.client("amministratore").get(elenco)
    assert pagina.status_code == 200
    assert "Scouting" in pagina.content.decode()
    riga = Servizio.objects.first() if tabella == "servizi" else CodiceServizio.objects.first()
    modifica = reverse("anagrafica:amministrazione_modifica", args=[tabella, riga.pk])
    assert cast.client("amministratore").get(modifica).status_code == 200
    assert cast.client("amministratore").post(modifica, {"valido_al": "ieri"}).status_code == 422
