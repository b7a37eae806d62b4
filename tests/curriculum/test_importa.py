"""Importa da scheda lavoratore (U4): the page of confirmation, and what lands in the file."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connections
from django.http import HttpResponse
from django.urls import reverse

from curriculum.importazione import motivi
from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    TitoloStudio,
)
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_cast, crea_utente
from tests.curriculum import schede
from tests.curriculum.conftest import archivio


@pytest.fixture
def cast(cast: Cast) -> Cast:
    """Old enough for the jobs of the samples, whoever the invented person is."""
    cast.utente.data_nascita = dt.date(1985, 4, 9)
    cast.utente.save()
    return cast


def scritto(risposta: HttpResponse) -> str:
    return unescape(risposta.content.decode())


def carica(cast: Cast, dati: bytes, nome: str = "europass.xml") -> HttpResponse:
    file = SimpleUploadedFile(nome, dati)
    return cast.client("operatore").post(reverse("curriculum:importa", args=[cast.utente.pk]), {"file": file})


def campi(risposta: HttpResponse) -> dict[str, Any]:
    """What a browser would send back from the page of confirmation as it stands."""
    trovati: dict[str, Any] = {}

    class Lettore(HTMLParser):
        select = textarea = ""

        def handle_starttag(self, tag: str, attrs: Any) -> None:
            a = dict(attrs)
            if tag == "input" and a.get("name"):
                if a.get("type") in ("checkbox", "radio"):
                    if "checked" in a:
                        trovati.setdefault(a["name"], []).append(a.get("value", "on"))
                else:
                    trovati[a["name"]] = a.get("value", "")
            elif tag == "select":
                self.select = a["name"]
                trovati[self.select] = ""
            elif tag == "option" and self.select and "selected" in a:
                trovati[self.select] = a.get("value", "")
            elif tag == "textarea":
                self.textarea = a["name"]
                trovati[self.textarea] = ""

        def handle_endtag(self, tag: str) -> None:
            if tag == "select":
                self.select = ""
            elif tag == "textarea":
                trovati[self.textarea] = trovati[self.textarea].removeprefix("\n")
                self.textarea = ""

        def handle_data(self, data: str) -> None:
            if self.textarea:
                trovati[self.textarea] += data

    Lettore().feed(risposta.content.decode())
    trovati.pop("csrfmiddlewaretoken", None)
    return trovati


def conferma(cast: Cast, dati: dict[str, Any], **altro: Any) -> HttpResponse:
    url = reverse("curriculum:importa", args=[cast.utente.pk])
    return cast.client("operatore").post(url, {**dati, **altro}, follow=True)


def completata(cast: Cast) -> dict[str, Any]:
    """The page of the first sample with what a person has to say filled in."""
    dati = campi(carica(cast, schede.CANDIDATO))
    return dati | {"esperienze-1-dal": "02/2014", "titoli-1-livello": "4"}


class TestCaricamento:
    def test_nothing_is_written_by_reading(self, cast):
        righe = Evento.objects.exclude(azione=Azione.FASCICOLO_APERTO).count()
        risposta = carica(cast, schede.CANDIDATO)
        assert risposta.status_code == 200
        assert "Sarta confezionista" in scritto(risposta)
        assert Evento.objects.exclude(azione=Azione.FASCICOLO_APERTO).count() == righe
        assert not Esperienza.objects.exists()
        assert archivio() == []

    @pytest.mark.parametrize(
        ("dati", "nome", "atteso"),
        [
            (b"", "vuoto.xml", motivi.VUOTO),
            (b"ciao", "ciao.xml", motivi.NON_XML),
            (schede.BOMBA, "cv.xml", motivi.ENTITA),
            (schede.pdf_con(), "cv.pdf", motivi.PDF_SENZA_SCHEDA),
            (b"<" + b" " * (5 * 1024 * 1024), "grande.xml", motivi.troppo_grande(5 * 1024 * 1024)),
        ],
    )
    def test_a_refusal_is_at_the_field(self, cast, dati, nome, atteso):
        risposta = carica(cast, dati, nome)
        assert risposta.status_code == 422
        assert risposta.context["form"].errors["file"] == [atteso]
        assert archivio() == []

    def test_no_file_at_all(self, cast):
        risposta = cast.client("operatore").post(reverse("curriculum:importa", args=[cast.utente.pk]), {})
        assert risposta.status_code == 422
        assert "Scegliere il file della scheda." in scritto(risposta)

    def test_contacts_are_shown_beside_those_of_the_file_and_never_taken(self, cast):
        prima = (cast.utente.cellulare, cast.utente.email)
        pagina = scritto(carica(cast, schede.CANDIDATO))
        assert "nel documento è «333 123 4567»" in pagina
        assert "controllare che la scheda sia proprio di" in pagina
        conferma(cast, completata(cast))
        cast.utente.refresh_from_db()
        assert (cast.utente.cellulare, cast.utente.email) == prima

    def test_the_same_number_written_otherwise_is_no_difference(self, cast):
        cast.utente.cellulare = "+39 333 1234567"
        cast.utente.save()
        pagina = scritto(carica(cast, schede.CANDIDATO))
        assert "Cellulare</strong>" not in pagina


class TestConferma:
    def test_chosen_entries_are_saved_with_one_line_for_the_import(self, cast):
        risposta = conferma(cast, completata(cast))
        assert "Importate 9 voci" in scritto(risposta)
        esperienze = list(Esperienza.objects.filter(utente=cast.utente).order_by("dal"))
        assert [(e.mansione, f"{e.dal}", e.al and f"{e.al}") for e in esperienze] == [
            ("Addetta al controllo qualità", "2014-02-01", "2018-11-30"),
            ("Sarta confezionista", "2019-03-01", None),
        ]
        assert esperienze[1].attivita.splitlines() == ["Ogni giorno:", "- cuciture lineari", "- asole"]
        assert TitoloStudio.objects.get(utente=cast.utente, estero=True).livello == 4
        assert LinguaConosciuta.objects.get(utente=cast.utente, lingua="Francese").comprensione == "B1"
        assert CompetenzaPersonale.objects.filter(utente=cast.utente).count() == 2
        assert cast.utente.altre_informazioni.patenti == ["B"]
        evento = Evento.objects.get(azione=Azione.SCHEDA_IMPORTATA)
        assert evento.utente == cast.utente
        assert evento.dettaglio["Esperienze di lavoro"] == 2
        assert "Sarta" not in str(evento.dettaglio)

    def test_what_is_left_unticked_is_neither_judged_nor_saved(self, cast):
        dati = campi(carica(cast, schede.CANDIDATO))
        for voce in ("titoli-1", "esperienze-1", "lingue-0"):
            del dati[f"prendi-{voce}"]
        conferma(cast, dati)
        assert Esperienza.objects.filter(utente=cast.utente).count() == 1
        assert [x.lingua for x in cast.utente.lingue.all()] == ["Francese"]

    def test_a_corrected_value_is_what_is_saved(self, cast):
        conferma(cast, completata(cast), **{"esperienze-0-mansione": "Sarta di campionario"})
        assert Esperienza.objects.filter(mansione="Sarta di campionario").exists()

    def test_what_only_a_person_knows_is_asked_at_its_field_and_nothing_is_lost(self, cast):
        dati = campi(carica(cast, schede.CANDIDATO)) | {"esperienze-0-luogo": "Montale"}
        risposta = conferma(cast, dati)
        assert risposta.status_code == 422
        proposta = risposta.context["proposta"]
        assert {(e["etichetta"], e["errore"]) for e in proposta.errori} == {
            ("Livello", "Compilare «Livello»."),
            ("Dal", "Compilare «Dal»."),
        }
        assert campi(risposta) == dati
        assert "c'è solo l'anno di inizio, 2014" in scritto(risposta)
        assert not Esperienza.objects.exists()

    def test_a_rule_of_the_file_refuses_all_and_says_where(self, cast):
        """The service, not the form, knows the birth date: nothing of the other entries stays."""
        dati = completata(cast) | {"esperienze-1-dal": "02/1930", "titoli-0-anno": "1931"}
        risposta = conferma(cast, dati)
        assert risposta.status_code == 422
        assert {e["etichetta"] for e in risposta.context["proposta"].errori} == {"Dal", "Anno"}
        assert "non si accorda con la nascita" in scritto(risposta)
        assert campi(risposta)["esperienze-1-dal"] == "02/1930"
        for modello in (Esperienza, TitoloStudio, LinguaConosciuta, CompetenzaPersonale, AltreInformazioni):
            assert not modello.objects.filter(utente=cast.utente).exists()
        assert not Evento.objects.filter(azione__in=[Azione.SCHEDA_IMPORTATA, Azione.VOCE_AGGIUNTA]).exists()

    def test_sent_twice_it_is_imported_once_and_said(self, cast):
        dati = completata(cast)
        conferma(cast, dati)
        risposta = conferma(cast, dati)
        assert "Già nel fascicolo e non ripetute" in scritto(risposta)
        assert Esperienza.objects.filter(utente=cast.utente).count() == 2
        assert Evento.objects.filter(azione=Azione.SCHEDA_IMPORTATA).count() == 1

    def test_nothing_ticked(self, cast):
        dati = {c: v for c, v in completata(cast).items() if not c.startswith("prendi-")}
        risposta = conferma(cast, dati)
        assert risposta.status_code == 422
        assert "Segnare almeno una voce da importare." in scritto(risposta)


class TestGiaPresenti:
    def test_what_the_file_has_is_said_and_not_ticked(self, cast):
        conferma(cast, completata(cast))
        proposta = carica(cast, schede.CANDIDATO).context["proposta"]
        assert [v.titolo for v in proposta.voci if v.presa] == []
        assert "Già nel fascicolo" in scritto(carica(cast, schede.CANDIDATO))

    def test_written_otherwise_it_is_the_same(self, cast):
        LinguaConosciuta.objects.create(utente=cast.utente, lingua="FRANCESE", comprensione="A1")
        proposta = carica(cast, schede.CANDIDATO).context["proposta"]
        francese = next(v for v in proposta.voci if v.titolo == "Francese")
        assert (francese.presa, francese.gia_presente) == (False, "C'è già nel fascicolo")

    def test_a_language_taken_all_the_same_is_refused_at_its_field(self, cast):
        LinguaConosciuta.objects.create(utente=cast.utente, lingua="Francese", comprensione="A1")
        risposta = conferma(cast, completata(cast), **{"prendi-lingue-1": "on"})
        assert risposta.status_code == 422
        assert "«Francese» è già nel fascicolo: correggere quella riga." in scritto(risposta)

    def test_licences_join_those_of_the_file_and_leave_the_rest_alone(self, cast):
        AltreInformazioni.objects.create(
            utente=cast.utente, patenti=["A"], patentini=["muletto"], automunito=True, note="riservata"
        )
        conferma(cast, completata(cast))
        altre = AltreInformazioni.objects.get(utente=cast.utente)
        assert altre.patenti == ["A", "B"]
        assert (altre.patentini, altre.automunito, altre.note) == (["muletto"], True, "riservata")


class TestQuaderno:
    """What travels with the page is ours, for this person, and not for ever."""

    @pytest.mark.parametrize("quaderno", ["", "inventato", "a:b:c"])
    def test_another_is_not_taken(self, cast, quaderno):
        risposta = conferma(cast, completata(cast), quaderno=quaderno)
        assert "La pagina di conferma non vale più" in scritto(risposta)
        assert not Esperienza.objects.exists()

    def test_that_of_another_person_is_not_taken(self, cast):
        altra = crea_utente(cast.cpi, cast.operatore)
        dati = completata(cast)
        risposta = cast.client("operatore").post(reverse("curriculum:importa", args=[altra.pk]), dati, follow=True)
        assert "La pagina di conferma non vale più" in scritto(risposta)
        assert not altra.esperienze.exists()

    @pytest.mark.parametrize("quante", ["999999999", "-1", "²", "tre"])
    def test_a_number_of_entries_out_of_reason(self, cast, quante):
        risposta = conferma(cast, completata(cast), **{"quante-titoli": quante})
        assert risposta.status_code in (200, 422)


def test_two_clicks_at_once_import_once(transactional_db: None) -> None:
    """Two requests of the same page, in two connections: the second waits for the citizen and finds all there."""
    cast = crea_cast()
    cast.utente.data_nascita = dt.date(1985, 4, 9)
    cast.utente.save()
    dati = completata(cast)
    via = threading.Barrier(2)

    def manda() -> int:
        try:
            client = cast.client("operatore")
            via.wait(timeout=10)
            return client.post(reverse("curriculum:importa", args=[cast.utente.pk]), dati).status_code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as due:
        esiti = [f.result(timeout=60) for f in [due.submit(manda) for _ in range(2)]]
    assert esiti == [302, 302]
    assert (cast.utente.esperienze.count(), cast.utente.titoli.count(), cast.utente.lingue.count()) == (2, 2, 2)
    assert Evento.objects.filter(azione=Azione.SCHEDA_IMPORTATA).count() == 1
