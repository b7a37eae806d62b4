"""The pages of the interview: gate, autosave, conflict, completion, firms, sittings (C1-C5, C8, A1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.comune.calendario import adesso, oggi
from psp.models import Area, AreaAnalisi, Colloquio, ImpresaObiettivo
from psp.services import colloquio as servizi
from tests.cast import Cast, crea_utente
from tests.psp.scene import INFORMATIVA, analizzato, apri, informato, propensione, salva

HTMX = {"HX-Request": "true"}


@pytest.fixture
def operatore(cast: Cast) -> Client:
    return cast.client("operatore")


def fase(colloquio: Colloquio, numero: int) -> str:
    return reverse("psp:fase", args=[colloquio.pk, numero])


def autosalva(client: Client, colloquio: Colloquio, numero: int, versione: int, **campi: Any):
    """What the page posts by itself: the whole form, and which fields were touched."""
    dati = {"versione": versione, "toccati": ",".join(campi), **campi}
    return client.post(fase(colloquio, numero), dati, headers=HTMX)


class TestApri:
    def test_leads_to_the_first_incomplete_phase(self, cast: Cast, operatore: Client) -> None:
        url = reverse("psp:apri_colloquio", args=[cast.utente.pk])
        risposta = operatore.post(url)
        colloquio = Colloquio.objects.get()
        assert risposta["Location"] == fase(colloquio, 1)
        assert operatore.post(url)["Location"] == fase(colloquio, 1)
        assert Colloquio.objects.count() == 1

    def test_without_presa_in_carico_leads_there(self, cast: Cast, operatore: Client) -> None:
        """U2."""
        altro = crea_utente(cast.cpi)
        risposta = operatore.post(reverse("psp:apri_colloquio", args=[altro.pk]), follow=True)
        assert risposta.redirect_chain[-1][0] == reverse("anagrafica:presa_in_carico", args=[altro.pk])
        assert "serve la presa in carico" in risposta.content.decode()

    def test_reading_does_not_open(self, cast: Cast, operatore: Client) -> None:
        assert operatore.get(reverse("psp:apri_colloquio", args=[cast.utente.pk])).status_code == 405

    def test_strangers_and_matching(self, cast: Cast) -> None:
        """A1."""
        url = reverse("psp:apri_colloquio", args=[cast.utente.pk])
        assert cast.client("estraneo").post(url).status_code == 404
        assert cast.client("incrocio").post(url).status_code == 403
        colloquio = apri(cast)
        for nome in ("imprese", "incontri", "tempo", "concludi_colloquio", "indice_fase"):
            indirizzo = reverse(f"psp:{nome}", args=[colloquio.pk])
            assert cast.client("estraneo").post(indirizzo).status_code == 404
            assert cast.client("incrocio").post(indirizzo).status_code == 403


class TestFaseUno:
    def test_shows_the_text_and_what_is_missing(self, cast: Cast, operatore: Client) -> None:
        """C3."""
        pagina = operatore.get(fase(apri(cast), 1)).content.decode()
        assert servizi.testo_informazioni(oggi()).titolo in pagina
        assert "versione 1" in pagina
        assert 'aria-current="step"' in pagina
        assert "Dopo la fase 1" in pagina

    @pytest.mark.parametrize("numero", [2, 3])
    def test_gates_the_others(self, cast: Cast, operatore: Client, numero: int) -> None:
        """C1: with a message, on the page of the cure."""
        colloquio = apri(cast)
        risposta = operatore.get(fase(colloquio, numero), follow=True)
        assert risposta.redirect_chain == [(fase(colloquio, 1), 302)]
        assert f"La fase {numero} si apre dopo la fase 1" in risposta.content.decode()

    def test_there_is_no_fourth(self, cast: Cast, operatore: Client) -> None:
        assert operatore.get(fase(apri(cast), 4)).status_code == 404

    def completa(self, client: Client, colloquio: Colloquio, **altro: Any):
        campi = {nome: ("on" if valore is True else valore) for nome, valore in INFORMATIVA.items()}
        dati = {
            **campi,
            "versione": 1,
            "azione": "completa",
            "informazioni": servizi.testo_informazioni(oggi()).pk,
            **altro,
        }
        return client.post(fase(colloquio, 1), {k: v for k, v in dati.items() if v is not None})

    def test_completing_goes_on_without_scripts(self, cast: Cast, operatore: Client) -> None:
        colloquio = apri(cast)
        assert self.completa(operatore, colloquio)["Location"] == fase(colloquio, 2)
        colloquio.refresh_from_db()
        assert colloquio.informazioni.versione == 1
        assert self.completa(operatore, colloquio)["Location"] == fase(colloquio, 2)  # double click

    def test_completing_by_script_says_where_to_go(self, cast: Cast, operatore: Client) -> None:
        colloquio = apri(cast)
        salva(cast, colloquio, 1, INFORMATIVA)
        dati = {
            "versione": 2,
            "toccati": "",
            "azione": "completa",
            "informazioni": servizi.testo_informazioni(oggi()).pk,
        }
        risposta = operatore.post(fase(colloquio, 1), dati, headers=HTMX)
        assert (risposta.status_code, risposta["HX-Redirect"]) == (200, fase(colloquio, 2))

    def test_completing_too_early_saves_and_says_what_is_missing(self, cast: Cast, operatore: Client) -> None:
        colloquio = apri(cast)
        risposta = self.completa(operatore, colloquio, motivazione=None, aspettative_note="Vuole lavorare ✨")
        assert risposta.status_code == 422
        pagina = risposta.content.decode()
        assert f'href="{fase(colloquio, 1)}#id_motivazione_1"' in pagina
        assert "Vuole lavorare ✨" in pagina
        colloquio.refresh_from_db()
        assert (colloquio.aspettative_note, colloquio.informato_il) == ("Vuole lavorare ✨", None)


class TestFaseDue:
    def test_everything_stands_on_one_page(self, cast: Cast, operatore: Client) -> None:
        """C4, C5: ten areas, firms, propensioni, CV, portal, and the file beside."""
        colloquio = informato(cast)
        pagina = operatore.get(fase(colloquio, 2)).content.decode()
        for area in Area.values:
            assert pagina.count(f'name="area_{area}_giudizio"') == 5
            assert f'id="id_area_{area}_note"' in pagina
        for ancora in ("imprese", "propensioni", "curriculum", "portale"):
            assert f'id="{ancora}"' in pagina
        assert f'hx-get="{reverse("anagrafica:pannello_titoli", args=[cast.utente.pk])}"' in pagina
        assert "0 di 10" in pagina

    def test_the_cost_of_the_page(self, cast: Cast, operatore: Client, django_assert_max_num_queries) -> None:
        colloquio = informato(cast)
        for n in range(5):
            ImpresaObiettivo.objects.create(colloquio=colloquio, nome=f"Impresa {n}")
        with django_assert_max_num_queries(19):
            operatore.get(fase(colloquio, 2))

    def test_the_cost_of_an_autosave(self, cast: Cast, operatore: Client, django_assert_max_num_queries) -> None:
        """One UPDATE and one upsert: the rest reads."""
        colloquio = informato(cast)
        autosalva(operatore, colloquio, 2, 1, area_profilo_note="Prima")
        with django_assert_max_num_queries(13) as catturate:
            risposta = autosalva(operatore, colloquio, 2, 2, area_profilo_note="Seconda", area_profilo_giudizio="4")
        assert risposta.status_code == 200
        scritture = [
            q["sql"] for q in catturate.captured_queries if q["sql"].startswith(("UPDATE", "INSERT", "DELETE"))
        ]
        assert len(scritture) == 2

    def test_an_autosave_answers_state_version_and_index(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        risposta = autosalva(operatore, colloquio, 2, 1, area_profilo_giudizio="4", area_profilo_note="a\r\nb")
        testo = risposta.content.decode()
        assert 'value="2" hx-swap-oob="true"' in testo
        assert "Salvato alle " in testo
        assert "1 di 10" in testo
        assert "<html" not in testo
        riga = AreaAnalisi.objects.get()
        assert (riga.giudizio, riga.note) == (4, "a\nb")

    def test_only_what_was_touched_is_saved(self, cast: Cast, operatore: Client) -> None:
        """A page opened earlier does not write its old texts over newer ones."""
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_vincoli_note": "Nuovo"})
        operatore.post(
            fase(colloquio, 2),
            {"versione": 2, "toccati": "portale", "portale": "fatto", "area_vincoli_note": "Vecchio"},
            headers=HTMX,
        )
        assert AreaAnalisi.objects.get().note == "Nuovo"
        assert Colloquio.objects.get().portale == "fatto"

    def test_without_scripts_all_the_fields_count(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        dati = {"versione": 1, "area_vincoli_note": "Orari", "portale": "fatto", "azione": "completa"}
        risposta = operatore.post(fase(colloquio, 2), dati)
        assert risposta["Location"] == fase(colloquio, 3)
        assert AreaAnalisi.objects.get(area="vincoli").note == "Orari"

    def test_a_text_too_long_stays_and_the_rest_is_saved(self, cast: Cast, operatore: Client) -> None:
        """10,001 characters: said at the field, nothing lost, nothing cut."""
        colloquio = informato(cast)
        risposta = autosalva(operatore, colloquio, 2, 1, area_vincoli_note="x" * 10_001, area_profilo_note="y" * 10_000)
        assert risposta.status_code == 422
        testo = risposta.content.decode()
        assert 'id="id_area_vincoli_note_error"' in testo
        assert "10001 caratteri" in testo
        assert AreaAnalisi.objects.get().note == "y" * 10_000
        intera = operatore.post(fase(colloquio, 2), {"versione": 2, "area_vincoli_note": "x" * 10_001})
        assert intera.status_code == 422
        assert "x" * 10_001 in intera.content.decode()

    @pytest.mark.parametrize("giudizio", ["0", "6", "tre", "²", "-1"])
    def test_an_impossible_judgement_is_refused(self, cast: Cast, operatore: Client, giudizio: str) -> None:
        risposta = autosalva(operatore, informato(cast), 2, 1, area_profilo_giudizio=giudizio)
        assert risposta.status_code == 422
        assert not AreaAnalisi.objects.exists()

    @pytest.mark.parametrize("versione", ["", "abc", "²", "-3", "9" * 30])
    def test_a_strange_version_is_a_stale_one(self, cast: Cast, operatore: Client, versione: str) -> None:
        risposta = autosalva(operatore, informato(cast), 2, versione, area_profilo_note="a")  # type: ignore[arg-type]
        assert risposta.status_code == 409

    def test_going_on_says_what_is_missing_and_does_not_stop(self, cast: Cast, operatore: Client) -> None:
        """C1: inside the analysis the order is free."""
        colloquio = informato(cast)
        risposta = operatore.post(fase(colloquio, 2), {"versione": 1, "azione": "completa"}, follow=True)
        assert "mancano ancora 4 cose" in risposta.content.decode()

    def test_going_on_when_complete_registers_it_and_prepares_the_draft(self, cast: Cast, operatore: Client) -> None:
        colloquio = analizzato(cast)
        risposta = operatore.post(fase(colloquio, 2), {"versione": 2, "toccati": "", "azione": "completa"}, follow=True)
        assert "La fase 2 è completata" in risposta.content.decode()
        assert colloquio.patti.count() == 1

    def test_the_index_follows_the_file(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        propensione(cast)
        testo = operatore.get(reverse("psp:indice_fase", args=[colloquio.pk]), headers=HTMX).content.decode()
        assert "1 di 3" in testo

    def test_a_curriculum_of_the_file_is_proposed(self, cast: Cast, operatore: Client, monkeypatch) -> None:
        """C5: an older one was already there; one of today was made in the interview."""
        colloquio = informato(cast)
        for quando, atteso in ((adesso() - dt.timedelta(days=9), "gia_presente"), (adesso(), "fatto")):
            cv = {"caricato_il": quando, "valido_fino_al": oggi(), "obsoleto": False, "id": 1, "pagine": 1}
            monkeypatch.setattr("psp.views.quadro.curricula.curriculum_attuale", lambda _, cv=cv: cv)
            pagina = operatore.get(fase(colloquio, 2)).content.decode()
            (riga,) = [r for r in pagina.split("<label") if "(proposto" in r]
            assert f'for="id_curriculum_{atteso}"' in riga

    def test_an_expired_login_answers_401_to_the_page_that_saves(self, cast: Cast) -> None:
        assert autosalva(Client(), informato(cast), 2, 1, area_profilo_note="a").status_code == 401

    def test_a_concluded_interview_is_read_only(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        Colloquio.objects.update(concluso_il=adesso())
        pagina = operatore.get(fase(colloquio, 2)).content.decode()
        assert "si può leggere ma non cambiare" in pagina
        assert 'name="azione"' not in pagina
        assert autosalva(operatore, colloquio, 2, 1, area_profilo_note="a").status_code == 422


class TestConflitto:
    """C8: the save of two operators on the same phase."""

    @pytest.fixture
    def colloquio(self, cast: Cast) -> Colloquio:
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_vincoli_note": "Di Verdi"}, versione=1)
        return colloquio

    def test_shows_both_texts_and_writes_nothing(self, cast: Cast, colloquio: Colloquio) -> None:
        risposta = autosalva(cast.client("collega"), colloquio, 2, 1, area_vincoli_note="Di Neri", portale="fatto")
        testo = risposta.content.decode()
        assert risposta.status_code == 409
        assert "Scritto da Laura Verdi alle " in testo
        assert "Il suo testo" in testo
        assert "Di Verdi" in testo
        assert "Di Neri" in testo
        assert "Portale" not in testo.split('id="conflitto"')[1].split("</section>")[0]
        assert AreaAnalisi.objects.get().note == "Di Verdi"
        assert Colloquio.objects.get().portale == ""
        assert 'id="versione"' not in testo  # the page goes on being the older one until the choice

    def test_without_scripts_the_page_comes_back_as_typed(self, cast: Cast, colloquio: Colloquio) -> None:
        dati = {"versione": 1, "area_vincoli_note": "Di Neri", "area_metodo_note": "Lungo lavoro", "portale": "fatto"}
        risposta = cast.client("collega").post(fase(colloquio, 2), dati)
        pagina = risposta.content.decode()
        assert risposta.status_code == 409
        assert "Lungo lavoro</textarea>" in pagina
        assert "Di Neri</textarea>" in pagina
        assert 'value="fatto" checked' in pagina
        assert 'name="versione_scelta" value="2"' in pagina

    @pytest.mark.parametrize(
        ("scelta", "nota"), [("mio", "Di Neri"), ("altrui", "Di Verdi"), ("entrambi", "Di Verdi\n\nDi Neri")]
    )
    @pytest.mark.parametrize("intestazioni", [{}, HTMX], ids=["senza script", "con script"])
    def test_the_choice_saves(
        self, cast: Cast, colloquio: Colloquio, scelta: str, nota: str, intestazioni: dict[str, str]
    ) -> None:
        dati = {"versione": 1, "versione_scelta": 2, "area_vincoli_note": "Di Neri", "portale": "fatto"}
        risposta = cast.client("collega").post(
            fase(colloquio, 2), {**dati, "scelta_area_vincoli_note": scelta}, headers=intestazioni
        )
        assert risposta.headers.get("HX-Redirect", risposta.headers.get("Location")) == fase(colloquio, 2)
        assert AreaAnalisi.objects.get(area="vincoli").note == nota
        assert Colloquio.objects.get().portale == "fatto"

    def test_without_a_choice_it_asks_again(self, cast: Cast, colloquio: Colloquio) -> None:
        dati = {"versione": 1, "versione_scelta": 2, "toccati": "area_vincoli_note", "area_vincoli_note": "Di Neri"}
        risposta = cast.client("collega").post(fase(colloquio, 2), dati, headers=HTMX)
        assert risposta.status_code == 422
        assert "Scegliere quale testo tenere" in risposta.content.decode()
        assert AreaAnalisi.objects.get().note == "Di Verdi"

    def test_written_again_while_choosing_asks_again(self, cast: Cast, colloquio: Colloquio) -> None:
        salva(cast, colloquio, 2, {"area_vincoli_note": "Di Verdi, ripensata"}, versione=2)
        dati = {"versione": 1, "versione_scelta": 2, "area_vincoli_note": "Di Neri", "scelta_area_vincoli_note": "mio"}
        risposta = cast.client("collega").post(fase(colloquio, 2), dati, headers=HTMX)
        assert risposta.status_code == 409
        assert "Di Verdi, ripensata" in risposta.content.decode()

    def test_what_only_the_other_wrote_stays(self, cast: Cast, colloquio: Colloquio) -> None:
        dati = {"versione": 1, "toccati": "portale", "portale": "fatto"}
        collega = cast.client("collega")
        risposta = collega.post(fase(colloquio, 2), dati, headers=HTMX)
        assert risposta.status_code == 409
        assert "Salva il mio e aggiorna la pagina" in risposta.content.decode()
        collega.post(fase(colloquio, 2), {**dati, "versione_scelta": 2}, headers=HTMX)
        assert AreaAnalisi.objects.get().note == "Di Verdi"
        assert Colloquio.objects.get().portale == "fatto"
