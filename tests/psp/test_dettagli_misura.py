"""What is written of a measure by its kind, and the offers and firms of a scouting (M2, M3)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.models import Evento
from psp.forms.dettagli import MODULI
from psp.models import GenereServizio, Misura, VoceScouting
from psp.services import dettagli, erogazione, scouting
from tests.cast import Cast
from tests.psp.scene_misure import BILANCIO, TIROCINIO, avvia, avviata, concludi, patto_firmato, scrivi

pytestmark = pytest.mark.django_db


def test_a_tirocinio_starts_with_its_host_firm_m3(cast: Cast) -> None:
    misura = patto_firmato(cast, "tirocinio").misure.get()
    with pytest.raises(erogazione.MisuraIncompleta) as rifiuto:
        avvia(cast, misura)
    assert [m.chiave for m in rifiuto.value.mancanze] == [
        "impresa",
        "codice_fiscale",
        "indirizzo",
        "tutor",
        "dal",
        "al",
        "progetto",
    ]
    assert rifiuto.value.mancanze[0].url.endswith(f"/misure/{misura.pk}#id_dettagli-impresa")
    scrivi(cast, misura, TIROCINIO)
    assert avvia(cast, misura).stato == "avviata"
    with pytest.raises(RegolaViolata, match="impresa ospitante") as rifiuto_dopo:
        scrivi(cast, misura, {**TIROCINIO, "impresa": ""})
    assert rifiuto_dopo.value.campo == "impresa"
    assert Misura.objects.get().dettagli["impresa"] == TIROCINIO["impresa"]


@pytest.mark.parametrize(("campo", "giorni"), [("dal", -31), ("al", 400)])
def test_its_days_lie_in_the_pact_m3(cast: Cast, campo: str, giorni: int) -> None:
    misura = patto_firmato(cast, "tirocinio").misure.get()
    with pytest.raises(RegolaViolata, match="durata del patto") as rifiuto:
        scrivi(cast, misura, {**TIROCINIO, campo: oggi() + dt.timedelta(days=giorni)})
    assert rifiuto.value.campo == campo
    assert Misura.objects.get().dettagli == {}


@pytest.mark.parametrize(
    ("codice", "buono"),
    [
        ("00743110157", True),
        ("IT 00743110157", True),
        ("007.431.101-57", True),
        ("RSSMRA85T10A562S", True),
        ("rssmra85t10a562s", True),
        ("00743110158", False),
        ("00743110175", False),
        ("0074311015", False),
        ("007431101577", False),
        ("00000000000", False),
        ("RSSMRA85T10A562T", False),
        ("RSSMRA85T10A56", False),
        ("0074311015X", False),
        ("²²²²²²²²²²²", False),
        ("", False),
    ],
)
def test_the_fiscal_code_of_a_firm_has_its_check_digit_m3(cast: Cast, codice: str, buono: bool) -> None:
    misura = patto_firmato(cast, "tirocinio").misure.get()
    if not codice:
        scrivi(cast, misura, {**TIROCINIO, "codice_fiscale": codice})
        assert "codice_fiscale" in {m.chiave for m in dettagli.mancanze_per_avviare(Misura.objects.get())}
    elif buono:
        scrivi(cast, misura, {**TIROCINIO, "codice_fiscale": dettagli.valida_codice_impresa(codice)})
        assert len(Misura.objects.get().dettagli["codice_fiscale"]) in (11, 16)
    else:
        with pytest.raises(RegolaViolata) as rifiuto:
            scrivi(cast, misura, {**TIROCINIO, "codice_fiscale": codice})
        assert rifiuto.value.campo == "codice_fiscale"
        assert Misura.objects.get().dettagli == {}


DOVUTI: list[tuple[str, dict[str, Any], set[str]]] = [
    ("seminari-laboratori", {"programma": "Due mattine"}, {"programma"}),
    ("scouting", {"analizzato_il": oggi()}, {"analizzato_il", "scouting"}),
    (
        "formazione-riqualificazione",
        {"tipo": "catalogo", "corso": "Saldatura", "ente": "Ente di prova", "luogo": "Prato", "ore": Decimal(40)},
        {"tipo", "corso", "ente", "luogo", "ore"},
    ),
    ("eures", {"paesi": ["Austria"]}, {"paesi"}),
    ("certificazione-competenze", {"competenza": "Saldare", "fase": "validazione"}, {"competenza", "fase"}),
    ("auto-impresa", {"idea": "Un forno", "prossimo_passo": "Piano dei costi"}, {"idea", "prossimo_passo"}),
    ("accompagnamento-lavoro", {"strumenti": ["colloqui"]}, {"strumenti"}),
    ("bilancio-competenze", BILANCIO, {"competenze"}),
    ("tutoraggio-tirocinio", {"modalita": "Ogni settimana"}, set()),
]


@pytest.mark.parametrize(("chiave", "dati", "dovuti"), DOVUTI)
def test_each_kind_closes_with_its_own_details_m2_m3(
    cast: Cast, chiave: str, dati: dict[str, Any], dovuti: set[str]
) -> None:
    misura = avviata(cast, chiave)
    assert {m.chiave for m in dettagli.mancanze_per_concludere(misura)} == dovuti
    if dovuti:
        with pytest.raises(erogazione.MisuraIncompleta):
            concludi(cast, misura, motivo_scostamento="Prova")
    scrivi(cast, misura, dati)
    if chiave == "scouting":
        voce(cast, misura)
    assert concludi(cast, misura, motivo_scostamento="Prova").stato == "conclusa"


def test_a_web_learning_module_says_which_m2(cast: Cast) -> None:
    misura = avviata(cast, "formazione-riqualificazione")
    corso = {"corso": "Italiano A2", "ente": "Centro per l'impiego", "luogo": "Postazione 1", "ore": Decimal("1.5")}
    scrivi(cast, misura, {"tipo": "web_learning", **corso})
    misura.refresh_from_db()
    assert [m.chiave for m in dettagli.mancanze_per_concludere(misura)] == ["modulo"]


def test_hours_are_plain_digits_however_they_were_typed(cast: Cast) -> None:
    misura = avviata(cast, "formazione-riqualificazione")
    dati = {"dettagli-versione": misura.versione, "dettagli-ore": "1e2"}
    url = reverse("psp:dettagli_misura", args=[misura.pk])
    assert cast.client("operatore").post(url, dati).status_code == 302
    misura.refresh_from_db()
    assert misura.dettagli["ore"] == "100"


def test_saving_what_is_there_writes_nothing_and_an_older_page_is_refused_c8(cast: Cast) -> None:
    misura = avviata(cast, "eures")
    scrivi(cast, misura, {"paesi": ["Austria"]})
    eventi = Evento.objects.count()
    salva: dict[str, Any] = {"misura": misura, "attore": cast.operatore, "adesso": adesso()}
    dettagli.salva_dettagli(dati={"paesi": ["Austria"], "lingue": []}, versione=1, **salva)
    assert Evento.objects.count() == eventi
    with pytest.raises(VersioneSuperata):
        dettagli.salva_dettagli(dati={"paesi": ["Malta"]}, versione=1, **salva)


def test_what_is_closed_is_not_written_any_more(cast: Cast) -> None:
    misura = avviata(cast, "eures")
    scrivi(cast, misura, {"paesi": ["Austria"]})
    concludi(cast, misura)
    with pytest.raises(RegolaViolata, match="non si cambia più"):
        scrivi(cast, misura, {"paesi": ["Malta"]})


def test_every_kind_of_the_charter_has_form_and_fields_m2() -> None:
    assert set(MODULI) == set(dettagli.CAMPI)
    for genere, campi in dettagli.CAMPI.items():
        assert set(MODULI[genere].base_fields) - {"versione"} == set(campi), genere
    assert {str(g) for g in set(GenereServizio) - set(MODULI)} == {"colloquio", "consulenza", "altro"}


# Scouting


def voce(cast: Cast, misura: Misura, **altro: Any) -> VoceScouting:
    dati = {"genere": "offerta", "impresa": "Filati Bisenzio", "descrizione": "Magazziniere", "data": oggi()}
    dati |= {"incentivi": "", "esito": "in_attesa", **altro}
    return scouting.registra_voce(misura=misura, dati=dati, attore=cast.operatore, adesso=adesso())


def test_offers_and_firms_each_with_its_outcome_m3(cast: Cast) -> None:
    misura = avviata(cast, "scouting")
    prima = voce(cast, misura)
    assert voce(cast, misura).pk == prima.pk  # a second click
    esito: dict[str, Any] = {"voce": prima, "dati": {**_campi(prima), "esito": "colloquio"}}
    esito |= {"attore": cast.operatore, "adesso": adesso()}
    assert scouting.modifica_voce(versione=1, **esito).esito == "colloquio"
    with pytest.raises(VersioneSuperata):
        scouting.modifica_voce(versione=1, **{**esito, "dati": {**_campi(prima), "esito": "assunzione"}})
    with pytest.raises(RegolaViolata, match="futuro"):
        voce(cast, misura, data=oggi() + dt.timedelta(days=1))
    scouting.elimina_voce(voce=prima, attore=cast.operatore)
    scouting.elimina_voce(voce=prima, attore=cast.operatore)
    assert not misura.scouting.exists()
    assert "Filati" not in str(list(Evento.objects.values_list("dettaglio", flat=True)))


def _campi(riga: VoceScouting) -> dict[str, Any]:
    return {campo: getattr(riga, campo) for campo in scouting.CAMPI}


def test_a_scouting_not_under_way_takes_nothing(cast: Cast) -> None:
    misura = patto_firmato(cast, "scouting", "eures").misure.get(servizio__chiave="scouting")
    with pytest.raises(RegolaViolata, match="mentre è avviato"):
        voce(cast, misura)
    with pytest.raises(RegolaViolata, match="nello scouting"):
        voce(cast, misura.patto.misure.get(servizio__chiave="eures"))
