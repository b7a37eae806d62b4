"""The entries of the file (U4): services, panels, permissions, query counts."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from orientamento.anagrafica.forms.fascicolo import EsperienzaForm
from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    TitoloStudio,
    Utente,
)
from orientamento.anagrafica.services.fascicolo import elimina_voce, salva_voce
from orientamento.anagrafica.sezioni import SEZIONI, durata
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_utente

pytestmark = pytest.mark.django_db

TITOLO: dict[str, Any] = {
    "livello": 4,
    "descrizione": "Perito meccanico",
    "istituto": "",
    "anno": 2012,
    "conseguito": True,
    "estero": False,
    "riconosciuto": False,
}
ESPERIENZA: dict[str, Any] = {
    "mansione": "Magazziniere",
    "datore": "Rossi",
    "luogo": "",
    "dal": dt.date(2015, 3, 1),
    "al": dt.date(2023, 9, 30),
    "tipo_rapporto": "",
    "attivita": "Segreto di chi scrive",
}
LINGUA = {"lingua": "Inglese", "madrelingua": False, "comprensione": "B1", "parlato": "A2", "scritto": ""}
HTMX = {"HX-Request": "true"}


@pytest.fixture
def adulto(cast: Cast) -> Utente:
    """A citizen whose birth date the tests may count on."""
    return crea_utente(cast.cpi, data_nascita=dt.date(1990, 6, 15))


def salva(cast: Cast, utente: Utente, modello: Any, dati: dict[str, Any], pk: int | None = None) -> Any:
    return salva_voce(utente=utente, modello=modello, dati=dati, attore=cast.operatore, pk=pk)


def test_an_entry_sent_twice_is_added_once(cast: Cast, adulto: Utente) -> None:
    assert salva(cast, adulto, TitoloStudio, TITOLO).pk == salva(cast, adulto, TitoloStudio, TITOLO).pk
    assert Evento.objects.filter(utente=adulto, azione="voce_aggiunta").count() == 1


def test_a_correction_says_before_and_after_and_never_the_free_text(cast: Cast, adulto: Utente) -> None:
    voce = salva(cast, adulto, Esperienza, ESPERIENZA)
    salva(cast, adulto, Esperienza, {**ESPERIENZA, "datore": "Bianchi", "attivita": "Altro segreto"}, voce.pk)
    eventi = Evento.objects.filter(utente=adulto).order_by("pk")
    assert eventi[1].dettaglio == {
        "sezione": "Esperienze di lavoro",
        "datore": ["Rossi", "Bianchi"],
        "testi_modificati": "attività svolte",
    }
    assert "egreto" not in str([e.dettaglio for e in eventi])
    salva(cast, adulto, Esperienza, {**ESPERIENZA, "datore": "Bianchi", "attivita": "Altro segreto"}, voce.pk)
    assert eventi.count() == 2


@pytest.mark.parametrize(
    ("modello", "base", "cambi", "campo"),
    [
        (TitoloStudio, TITOLO, {"anno": 1992}, "anno"),
        (TitoloStudio, TITOLO, {"anno": oggi().year + 1}, "anno"),
        (TitoloStudio, TITOLO, {"anno": 2099, "conseguito": False}, "anno"),
        (TitoloStudio, TITOLO, {"riconosciuto": True}, "riconosciuto"),
        (Esperienza, ESPERIENZA, {"dal": dt.date(1995, 1, 1)}, "dal"),
        (Esperienza, ESPERIENZA, {"dal": oggi() + dt.timedelta(days=1), "al": None}, "dal"),
        (Esperienza, ESPERIENZA, {"al": oggi() + dt.timedelta(days=1)}, "al"),
        (Esperienza, ESPERIENZA, {"al": dt.date(2014, 1, 1)}, "al"),
        (LinguaConosciuta, LINGUA, {"comprensione": "", "parlato": ""}, "comprensione"),
    ],
)
def test_what_is_not_plausible_is_refused_at_its_field(
    cast: Cast, adulto: Utente, modello: Any, base: dict[str, Any], cambi: dict[str, Any], campo: str
) -> None:
    with pytest.raises(RegolaViolata) as errore:
        salva(cast, adulto, modello, {**base, **cambi})
    assert errore.value.campo == campo
    assert not modello.objects.filter(utente=adulto).exists()
    assert not Evento.objects.filter(utente=adulto).exists()


def test_a_title_still_under_way_may_have_a_coming_year(cast: Cast, adulto: Utente) -> None:
    assert salva(cast, adulto, TitoloStudio, {**TITOLO, "anno": oggi().year + 2, "conseguito": False}).pk


def test_a_language_is_there_once_however_it_is_written(cast: Cast, adulto: Utente) -> None:
    voce = salva(cast, adulto, LinguaConosciuta, LINGUA)
    with pytest.raises(RegolaViolata, match="già nel fascicolo"):
        salva(cast, adulto, LinguaConosciuta, {**LINGUA, "lingua": "INGLESE", "parlato": "C1"})
    assert salva(cast, adulto, LinguaConosciuta, {**LINGUA, "parlato": "C1"}, voce.pk).parlato == "C1"
    assert salva(cast, adulto, LinguaConosciuta, {**LINGUA, "parlato": "C1"}).pk == voce.pk


def test_other_information_is_one_row_whichever_way_it_is_saved(cast: Cast, adulto: Utente) -> None:
    dati = {"patenti": ["B"], "patentini": [], "albi": "", "automunito": True, "trasferta": "", "note": ""}
    prima = salva(cast, adulto, AltreInformazioni, dati)
    dopo = salva(cast, adulto, AltreInformazioni, {**dati, "patenti": ["B", "C"]})
    assert (prima.pk, dopo.patenti) == (dopo.pk, ["B", "C"])


def test_deleting_twice_and_correcting_what_is_gone(cast: Cast, adulto: Utente) -> None:
    voce = salva(cast, adulto, TitoloStudio, TITOLO)
    for _ in range(2):
        elimina_voce(utente=adulto, modello=TitoloStudio, pk=voce.pk, attore=cast.operatore)
    assert Evento.objects.filter(utente=adulto, azione="voce_eliminata").count() == 1
    with pytest.raises(RegolaViolata, match="eliminata"):
        salva(cast, adulto, TitoloStudio, TITOLO, voce.pk)


def test_an_entry_of_another_person_is_out_of_reach(cast: Cast, adulto: Utente) -> None:
    voce = salva(cast, adulto, TitoloStudio, TITOLO)
    elimina_voce(utente=cast.utente, modello=TitoloStudio, pk=voce.pk, attore=cast.operatore)
    assert TitoloStudio.objects.filter(pk=voce.pk).exists()


@pytest.mark.parametrize(
    ("scritto", "dal", "al"),
    [
        ("03/2018", dt.date(2018, 3, 1), dt.date(2018, 3, 31)),
        ("022024", dt.date(2024, 2, 1), dt.date(2024, 2, 29)),
        ("5/2019", dt.date(2019, 5, 1), dt.date(2019, 5, 31)),
        ("07/04/2020", dt.date(2020, 4, 7), dt.date(2020, 4, 7)),
        ("07042020", dt.date(2020, 4, 7), dt.date(2020, 4, 7)),
    ],
)
def test_month_and_year_are_enough(scritto: str, dal: dt.date, al: dt.date) -> None:
    modulo = EsperienzaForm({"mansione": "x", "dal": scritto, "al": scritto})
    assert modulo.is_valid(), modulo.errors
    assert (modulo.cleaned_data["dal"], modulo.cleaned_data["al"]) == (dal, al)


@pytest.mark.parametrize("scritto", ["13/2018", "00/2018", "31/02/2020", "2018", "marzo"])
def test_impossible_dates_are_refused_in_words(scritto: str) -> None:
    modulo = EsperienzaForm({"mansione": "x", "dal": scritto})
    assert modulo.errors["dal"] == ["Scrivere una data che esiste, come 23/11/2026."]


@pytest.mark.parametrize(
    ("dal", "al", "parole"),
    [
        (dt.date(2015, 3, 1), dt.date(2023, 9, 30), "8 anni e 7 mesi"),
        (dt.date(2020, 1, 1), dt.date(2020, 12, 31), "1 anno"),
        (dt.date(2020, 1, 1), dt.date(2020, 1, 31), "1 mese"),
        (dt.date(2020, 1, 1), dt.date(2020, 1, 10), "meno di un mese"),
    ],
)
def test_how_long(dal: dt.date, al: dt.date, parole: str) -> None:
    assert durata(dal, al) == parole


class TestPages:
    def url(self, nome: str, utente: Utente, *altro: Any) -> str:
        return reverse(f"anagrafica:{nome}", args=[utente.pk, *altro])

    def test_every_section_is_a_panel_on_the_page_and_by_itself(self, cast: Cast) -> None:
        client = cast.client("operatore")
        pagina = client.get(self.url("fascicolo", cast.utente)).content.decode()
        for chiave in SEZIONI:
            assert f'id="pannello-{chiave}"' in pagina
            parziale = client.get(self.url(f"pannello_{chiave}", cast.utente), headers=HTMX).content.decode()
            assert parziale.strip().startswith(f'<section id="pannello-{chiave}"')
            assert "<html" not in parziale
            assert "<html" in client.get(self.url(f"pannello_{chiave}", cast.utente)).content.decode()

    @pytest.mark.parametrize(
        ("chiave", "dati"),
        [
            ("titoli", {"livello": "4", "anno": "2012", "conseguito": "on"}),
            ("esperienze", {"mansione": "Sarta", "dal": "03/2018"}),
            ("lingue", {"lingua": "wolof", "madrelingua": "on", "comprensione": "B1"}),
            ("competenze", {"descrizione": "Taglio e cucito", "genere": "tecnica"}),
            ("altro", {"patenti": ["B", "C"], "patentini": ["muletto"], "automunito": "on"}),
        ],
    )
    def test_add_in_place_and_without_javascript(self, cast: Cast, chiave: str, dati: dict[str, Any]) -> None:
        client = cast.client("operatore")
        nuova = self.url("voce_nuova", cast.utente, chiave)
        aperto = client.get(nuova, headers=HTMX).content.decode()
        assert aperto.count("data-porta-a-fuoco") == 1
        risposta = client.post(nuova, dati, headers=HTMX)
        assert (risposta.status_code, risposta["HX-Trigger"]) == (200, "fascicolo-cambiato")
        modello = SEZIONI[chiave].modello
        assert modello._default_manager.filter(utente=cast.utente).count() == 1
        risposta = client.post(nuova, dati)
        assert risposta.status_code == 302
        assert risposta["Location"].endswith(f"/fascicolo#pannello-{chiave}")
        assert modello._default_manager.filter(utente=cast.utente).count() == 1

    def test_defaults_that_save_typing(self, cast: Cast) -> None:
        client = cast.client("operatore")
        client.post(self.url("voce_nuova", cast.utente, "titoli"), {"livello": "2"})
        assert TitoloStudio.objects.get(utente=cast.utente).descrizione == "Licenza media"
        client.post(
            self.url("voce_nuova", cast.utente, "lingue"),
            {"lingua": " arabo ", "madrelingua": "on", "comprensione": "B1"},
        )
        lingua = LinguaConosciuta.objects.get(utente=cast.utente)
        assert (lingua.lingua, lingua.comprensione) == ("Arabo", "")

    @pytest.mark.parametrize("htmx", [True, False])
    def test_nothing_typed_is_lost_on_an_error(self, cast: Cast, htmx: bool) -> None:
        dati = {"mansione": "Fresatore 😀 è", "dal": "31/02/2020", "attivita": "Testo lungo"}
        risposta = cast.client("operatore").post(
            self.url("voce_nuova", cast.utente, "esperienze"), dati, headers=HTMX if htmx else {}
        )
        testo = risposta.content.decode()
        assert risposta.status_code == 422
        assert "Fresatore 😀 è" in testo
        assert "31/02/2020" in testo
        assert 'href="#id_esperienze_dal"' in testo
        assert ("<html" in testo) is not htmx

    def test_a_text_too_long_says_so(self, cast: Cast) -> None:
        dati = {"mansione": "x", "dal": "03/2018", "attivita": "x" * 10_001}
        risposta = cast.client("operatore").post(self.url("voce_nuova", cast.utente, "esperienze"), dati)
        assert risposta.status_code == 422
        assert "10000" in risposta.content.decode().replace(".", "").replace("\xa0", "")

    def test_correct_and_delete_in_place(self, cast: Cast) -> None:
        voce = CompetenzaPersonale.objects.create(utente=cast.utente, descrizione="Excel", genere="digitale")
        client = cast.client("collega")
        modifica = self.url("voce_modifica", cast.utente, "competenze", voce.pk)
        assert 'value="Excel"' in client.get(modifica, headers=HTMX).content.decode()
        client.post(modifica, {"descrizione": "Fogli di calcolo", "genere": "digitale"}, headers=HTMX)
        voce.refresh_from_db()
        assert voce.descrizione == "Fogli di calcolo"
        elimina = self.url("voce_elimina", cast.utente, "competenze", voce.pk)
        assert client.get(elimina).status_code == 405
        for _ in range(2):
            risposta = client.post(elimina, headers=HTMX)
            assert (risposta.status_code, risposta["HX-Trigger"]) == (200, "fascicolo-cambiato")
        assert not CompetenzaPersonale.objects.filter(pk=voce.pk).exists()
        assert client.get(modifica).status_code == 404
        perso = client.post(modifica, {"descrizione": "Non perso", "genere": "digitale"}, headers=HTMX)
        assert perso.status_code == 422
        assert "Non perso" in perso.content.decode()

    def test_an_entry_of_another_person_and_an_unknown_section(self, cast: Cast, adulto: Utente) -> None:
        voce = CompetenzaPersonale.objects.create(utente=adulto, descrizione="Excel")
        client = cast.client("operatore")
        assert client.get(self.url("voce_modifica", cast.utente, "competenze", voce.pk)).status_code == 404
        assert client.get(self.url("voce_nuova", cast.utente, "segreti")).status_code == 404

    @pytest.mark.parametrize(
        ("chi", "stato"),
        [("operatore", 200), ("responsabile", 200), ("incrocio", 403), ("estraneo", 404), ("amministratore", 404)],
    )
    def test_who_may(self, cast: Cast, chi: str, stato: int) -> None:
        client = cast.client(chi)
        for url in (self.url("fascicolo", cast.utente), self.url("voce_nuova", cast.utente, "titoli")):
            assert client.get(url).status_code == stato
        dati = {"livello": "2"}
        atteso = {200: 302}.get(stato, stato)
        assert client.post(self.url("voce_nuova", cast.utente, "titoli"), dati).status_code == atteso
        assert TitoloStudio.objects.filter(utente=cast.utente).exists() is (stato == 200)

    def test_the_page_asks_the_same_number_of_questions_however_much_it_shows(
        self, cast: Cast, django_assert_max_num_queries: DjangoAssertNumQueries
    ) -> None:
        for n in range(15):
            TitoloStudio.objects.create(utente=cast.utente, livello=4, descrizione=f"Titolo {n}")
            Esperienza.objects.create(utente=cast.utente, mansione=f"Lavoro {n}", dal=dt.date(2015, 1, 1))
        client = cast.client("operatore")
        client.get(self.url("fascicolo", cast.utente))
        with django_assert_max_num_queries(13):
            client.get(self.url("fascicolo", cast.utente))
        with django_assert_max_num_queries(5):
            client.get(self.url("pannello_titoli", cast.utente), headers=HTMX)
