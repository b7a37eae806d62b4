"""The pages of the agenda: a week in few queries, booking in two clicks, refusals at the field, attendance at once."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from orientamento.comune.calendario import adesso, oggi
from psp.models import ChiusuraUfficio, Iscrizione, Seduta
from psp.services.agenda.giorni import lunedi_di, ora_di
from tests.cast import Cast
from tests.psp.scene_agenda import alle, feriale, fissa, gruppo, iscrivi, misura_firmata, orario, persona, sala

pytestmark = pytest.mark.django_db


@pytest.fixture
def giorno() -> dt.date:
    """A Tuesday of next week at the earliest: in the future whatever the day and hour of the test."""
    return feriale(lunedi_di(oggi()) + dt.timedelta(days=7))


@pytest.fixture
def client(cast: Cast) -> Client:
    return cast.client("operatore")


def corpo(risposta: Any) -> str:
    return str(risposta.content.decode())


class TestSettimana:
    def test_who_when_and_what_is_free(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        orario(cast)
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso(), titolo="Consulenza")
        pagina = corpo(client.get(reverse("psp:agenda"), {"giorno": giorno.isoformat()}))
        for parte in (
            f'Martedì <span class="numero">{giorno:%d/%m/%Y}',
            escape(str(cast.utente)),
            "Consulenza",
            "9:00–10:00",
        ):
            assert parte in pagina, parte
        assert "10:00–13:00" in pagina
        assert "Libero: fissa" in pagina

    def test_today_is_said_in_words(self, client: Client) -> None:
        assert "· oggi" in corpo(client.get(reverse("psp:agenda")))
        altra = (oggi() + dt.timedelta(days=14)).isoformat()
        assert "· oggi" not in corpo(client.get(reverse("psp:agenda"), {"giorno": altra}))

    def test_a_closing_day_is_said(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        ChiusuraUfficio.objects.create(cpi=cast.cpi, dal=giorno, al=giorno, motivo="Santo patrono")
        assert "Chiuso: Santo patrono" in corpo(client.get(reverse("psp:agenda"), {"giorno": giorno.isoformat()}))

    def test_a_colleague_a_room_the_groups(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        aula = sala(cast)
        seduta = gruppo(
            cast, alle(9, giorno=giorno), alle(10, giorno=giorno), operatore=cast.collega, luogo=aula, adesso=adesso()
        )
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), titolo="Privato", adesso=adesso())
        for di in (f"operatore-{cast.collega.pk}", f"sala-{aula.pk}", "gruppi"):
            pagina = corpo(client.get(reverse("psp:agenda"), {"giorno": giorno.isoformat(), "di": di}))
            assert seduta.titolo in pagina, di
            assert "Privato" not in pagina, di

    @pytest.mark.parametrize("di", ["operatore-999999", "sala-x", "operatore-²", "gruppi'--", "\x00"])
    def test_a_filter_that_is_none_is_the_own_agenda(self, client: Client, di: str) -> None:
        assert "La mia agenda" in corpo(client.get(reverse("psp:agenda"), {"di": di}))

    def test_another_office_s_operator_is_not_among_them(self, cast: Cast, client: Client) -> None:
        pagina = corpo(client.get(reverse("psp:agenda"), {"di": f"operatore-{cast.estraneo.pk}"}))
        assert "La mia agenda" in pagina
        assert str(cast.estraneo) not in pagina

    def test_a_day_that_is_none(self, client: Client) -> None:
        assert client.get(reverse("psp:agenda"), {"giorno": "32/13"}).status_code == 200
        assert client.get(reverse("psp:agenda_giorno", args=["domani"])).status_code == 404
        assert client.get(reverse("psp:agenda_giorno", args=["9999-12-31"])).status_code == 404

    def test_its_queries_do_not_grow_with_the_meetings(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        orario(cast)
        sala(cast)

        def quante() -> int:
            with CaptureQueriesContext(connection) as catturate:
                client.get(reverse("psp:agenda"), {"giorno": giorno.isoformat()})
            return len(catturate)

        fissa(cast, alle(9, giorno=giorno), alle(9, 30, giorno=giorno), adesso=adesso())
        poche = quante()
        for n in range(8):
            inizio = alle(10 + n, giorno=giorno)
            fissa(cast, inizio, inizio + dt.timedelta(minutes=30), utente=persona(cast), adesso=adesso())
        assert quante() == poche
        assert poche <= 9, poche


class TestNuovo:
    def test_from_the_citizen_two_clicks(self, cast: Cast, client: Client) -> None:
        orario(cast)
        pagina = corpo(client.get(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk}))
        libero = pagina.partition('name="libero" value="')[2].partition('"')[0]
        dati = {
            "utente": cast.utente.pk,
            "libero": libero,
            "operatore": cast.operatore.pk,
            "minuti": "60",
            "giorno": "boh",
        }
        risposta = client.post(reverse("psp:nuova_seduta"), dati)
        iscrizione = Iscrizione.objects.get()
        assert risposta["Location"] == reverse("psp:seduta", args=[iscrizione.seduta_id])
        assert iscrizione.seduta.minuti == 60
        assert iscrizione.inizio > adesso()

    def test_for_a_measure_it_is_already_chosen(self, cast: Cast, client: Client) -> None:
        misura = misura_firmata(cast)
        pagina = corpo(client.get(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk, "misura": misura.pk}))
        assert f'<option value="{misura.pk}" selected>' in pagina

    def test_another_length_other_slots(self, cast: Cast, client: Client) -> None:
        orario(cast, (2, 9, 10))
        indirizzo = reverse("psp:nuova_seduta")
        dati = {"utente": cast.utente.pk, "operatore": cast.operatore.pk}
        pezzo = corpo(client.get(indirizzo, {**dati, "minuti": "30"}, headers={"HX-Request": "true"}))
        assert "9:00–9:30" in pezzo
        assert "<html" not in pezzo
        assert "9:00–10:00" in corpo(client.get(indirizzo, {**dati, "minuti": "60"}, headers={"HX-Request": "true"}))

    def test_free_slots_of_a_later_day(self, cast: Cast, client: Client) -> None:
        orario(cast, (2, 9, 10))
        dopo = feriale(lunedi_di(oggi()) + dt.timedelta(days=21))
        dati = {"utente": cast.utente.pk, "operatore": cast.operatore.pk, "minuti": "60"}

        def chiede(dal: str) -> str:
            indirizzo = reverse("psp:nuova_seduta")
            return corpo(client.get(indirizzo, {**dati, "liberi_dal": dal}, headers={"HX-Request": "true"}))

        pezzo = chiede(f"{dopo:%d/%m/%Y}")
        primo = pezzo.partition('name="libero"')[2]
        assert f"{dopo:%d/%m/%Y}, 9:00–10:00" in primo.partition("</button>")[0]
        assert pezzo.count('name="libero"') == chiede("").count('name="libero"')
        assert f"{dopo:%d/%m/%Y}, 9:00–10:00" in chiede(f"{dopo:%d%m%Y}")
        assert "Scrivere una data che esiste" in chiede("boh")
        for giorno in ("01/01/0001", "31/12/9999"):
            assert "controllare l&#x27;anno. Intanto gli orari cominciano da oggi" in chiede(giorno)

    @pytest.mark.parametrize(
        ("dalle", "fino", "detto"),
        [
            ("9:00", "9:00", "fine deve seguire"),
            ("10", "9", "fine deve seguire"),
            ("1030", "930", "fine deve seguire"),
            ("7:00", "21:00", "al massimo dodici ore"),
            ("9:00", "25:00", "Scrivere un"),
            ("", "", "oppure scegliere un orario libero"),
        ],
    )
    def test_impossible_hours_are_refused_at_the_field(
        self, cast: Cast, client: Client, giorno: dt.date, dalle: str, fino: str, detto: str
    ) -> None:
        dati = {
            "utente": cast.utente.pk,
            "operatore": cast.operatore.pk,
            "giorno": f"{giorno:%d/%m/%Y}",
            "dalle": dalle,
            "alle": fino,
        }
        risposta = client.post(reverse("psp:nuova_seduta"), dati)
        assert risposta.status_code == 422
        assert detto in corpo(risposta)
        assert not Seduta.objects.exists()

    def test_an_hour_that_clocks_skip(self, cast: Cast, client: Client) -> None:
        dati = {
            "utente": cast.utente.pk,
            "operatore": cast.operatore.pk,
            "giorno": "28/03/2027",
            "dalle": "2:30",
            "alle": "4",
        }
        assert "non esistono" in corpo(client.post(reverse("psp:nuova_seduta"), dati))

    def test_whom_it_is_for_is_looked_for(self, cast: Cast, client: Client) -> None:
        pagina = corpo(
            client.get(reverse("psp:nuova_seduta"), {"q": cast.utente.codice_fiscale, "giorno": "2027-01-12"})
        )
        assert f"utente={cast.utente.pk}" in pagina
        assert "giorno=2027-01-12" in pagina

    def test_a_stranger_s_citizen_is_not_found(self, cast: Cast) -> None:
        estraneo = cast.client("estraneo")
        assert estraneo.get(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk}).status_code == 404
        assert estraneo.post(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk}).status_code == 404

    @pytest.mark.parametrize("libero", ["1-2", "99999999999-99999999999", "²-³", "a-b"])
    def test_an_invented_slot_is_judged_as_any_other(self, cast: Cast, client: Client, libero: str) -> None:
        dati = {"utente": cast.utente.pk, "operatore": cast.operatore.pk, "libero": libero}
        assert client.post(reverse("psp:nuova_seduta"), dati).status_code == 422
        assert not Seduta.objects.exists()


class TestGruppoInPagina:
    def test_from_creation_to_the_waiting_list(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        aula = sala(cast)
        dati = {
            "titolo": "Laboratorio CV",
            "giorno": f"{giorno:%d/%m/%Y}",
            "dalle": "9.30",
            "alle": "11",
            "posti": "1",
            "modo": "presenza",
            "operatore": cast.operatore.pk,
            "luogo": aula.pk,
            "programma": "Due parti",
        }
        assert client.post(reverse("psp:nuovo_gruppo"), {**dati, "posti": "0"}).status_code == 422
        assert client.post(reverse("psp:nuovo_gruppo"), dati).status_code == 302
        seduta = Seduta.objects.get()
        assert (ora_di(seduta.inizio), seduta.minuti) == ("9:30", 90)
        altra = persona(cast)
        for utente in (cast.utente, altra):
            client.post(reverse("psp:iscrivi", args=[seduta.pk]), {"utente": utente.pk})
        pagina = corpo(client.get(reverse("psp:seduta", args=[seduta.pk])))
        assert "1 di 1 posti" in pagina
        assert "Lista d'attesa" in pagina.replace("&#x27;", "'")
        prima = Iscrizione.objects.get(utente=cast.utente)
        client.post(reverse("psp:togli_iscrizione", args=[prima.pk]), {"togli-motivo": "Lavora"})
        assert Iscrizione.objects.get(utente=altra).stato == "prenotata"

    def test_the_groups_of_the_office_are_offered_on_the_citizen_s_page(
        self, cast: Cast, client: Client, giorno: dt.date
    ) -> None:
        seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), operatore=cast.collega, adesso=adesso())
        indirizzo = reverse("psp:appuntamenti", args=[cast.utente.pk])
        assert seduta.titolo in corpo(client.get(indirizzo))
        risposta = client.post(reverse("psp:iscrivi", args=[seduta.pk]), {"utente": cast.utente.pk, "torna": "1"})
        assert risposta["Location"] == indirizzo
        assert Iscrizione.objects.get().utente == cast.utente

    def test_the_measure_of_the_same_service_is_found_by_itself(
        self, cast: Cast, client: Client, giorno: dt.date
    ) -> None:
        misura = misura_firmata(cast)
        seduta = gruppo(
            cast, alle(9, giorno=giorno), alle(10, giorno=giorno), servizio=misura.servizio, adesso=adesso()
        )
        client.post(reverse("psp:iscrivi", args=[seduta.pk]), {"utente": cast.utente.pk})
        assert Iscrizione.objects.get().misura == misura


class TestSpostaEAnnulla:
    def test_who_cannot_come_is_shown_and_left_out_only_if_ticked(
        self, cast: Cast, client: Client, giorno: dt.date
    ) -> None:
        seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        iscrivi(cast, seduta, cast.utente, adesso=adesso())
        fissa(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), operatore=cast.collega, adesso=adesso())
        indirizzo = reverse("psp:sposta_seduta", args=[seduta.pk])
        dati = {
            "giorno": f"{giorno:%d/%m/%Y}",
            "dalle": "11:00",
            "alle": "12:00",
            "operatore": cast.operatore.pk,
            "motivo": "Sala occupata",
            "versione": "1",
        }
        risposta = client.post(indirizzo, dati)
        assert risposta.status_code == 422
        assert f'name="lascia_fuori" value="{cast.utente.pk}"' in corpo(risposta)
        assert client.post(indirizzo, {**dati, "lascia_fuori": cast.utente.pk}).status_code == 302
        seduta.refresh_from_db()
        assert seduta.inizio == alle(11, giorno=giorno)

    def test_from_a_page_left_open(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        seduta = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso()).seduta
        indirizzo = reverse("psp:annulla_seduta", args=[seduta.pk])
        Seduta.objects.filter(pk=seduta.pk).update(versione=2)
        risposta = client.post(indirizzo, {"motivo": "Sala allagata", "versione": "1"})
        assert risposta.status_code == 409
        assert 'value="Sala allagata"' in corpo(risposta)
        assert 'name="versione" value="2"' in corpo(risposta)
        assert client.post(indirizzo, {"motivo": "x", "versione": "2"}).status_code == 302

    def test_what_was_written_of_a_group_survives_somebody_else_s_change_c8(
        self, cast: Cast, client: Client, giorno: dt.date
    ) -> None:
        seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        Seduta.objects.filter(pk=seduta.pk).update(versione=2, titolo="Titolo del collega")
        dati = {"titolo": "Mio titolo", "posti": "2", "programma": "Un programma lungo", "versione": "1"}
        risposta = client.post(reverse("psp:seduta", args=[seduta.pk]), dati)
        assert risposta.status_code == 409
        for scritto in ("Titolo del collega", "Mio titolo", "Un programma lungo", 'name="versione" value="2"'):
            assert scritto in corpo(risposta)

    def test_after_it_another_one_is_a_click_away(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        seduta = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso()).seduta
        client.post(reverse("psp:annulla_seduta", args=[seduta.pk]), {"motivo": "x", "versione": "1"})
        pagina = corpo(client.get(reverse("psp:seduta", args=[seduta.pk])))
        assert f"{reverse('psp:nuova_seduta')}?utente={cast.utente.pk}" in pagina


class TestPresenzeInPagina:
    def test_whose_attendance_is_still_to_be_marked_is_said(self, cast: Cast, client: Client) -> None:
        ieri = feriale(oggi() - dt.timedelta(days=8))
        iscrizione = fissa(cast, alle(9, giorno=ieri), alle(10, giorno=ieri), adesso=adesso())
        agenda, pagina = reverse("psp:agenda"), reverse("psp:seduta", args=[iscrizione.seduta_id])
        for indirizzo in (agenda, pagina):
            assert "Presenze da segnare" in corpo(client.get(indirizzo, {"giorno": ieri.isoformat()})), indirizzo
        dati = {f"stato-{iscrizione.pk}": "presente", f"minuti-{iscrizione.pk}": "60"}
        client.post(reverse("psp:presenze", args=[iscrizione.seduta_id]), dati)
        for indirizzo in (agenda, pagina):
            assert "Presenze da segnare" not in corpo(client.get(indirizzo, {"giorno": ieri.isoformat()})), indirizzo

    def test_the_measure_is_one_click_away(self, cast: Cast, client: Client, giorno: dt.date) -> None:
        misura = misura_firmata(cast)
        iscrizione = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), misura=misura, adesso=adesso())
        pagina = corpo(client.get(reverse("psp:seduta", args=[iscrizione.seduta_id])))
        assert reverse("psp:misura", args=[misura.pk]) in pagina

    def test_all_at_once_with_the_exceptions(self, cast: Cast, client: Client) -> None:
        ieri = feriale(oggi() - dt.timedelta(days=8))
        seduta = gruppo(cast, alle(9, giorno=ieri), alle(11, giorno=ieri), adesso=adesso())
        uno, due = (iscrivi(cast, seduta, persona(cast), adesso=adesso()) for _ in range(2))
        indirizzo = reverse("psp:presenze", args=[seduta.pk])
        dati = {f"stato-{uno.pk}": "presente", f"minuti-{uno.pk}": "90", f"stato-{due.pk}": "giustificata"}
        senza_motivo = client.post(indirizzo, dati)
        assert senza_motivo.status_code == 422
        assert f'href="#motivo-{due.pk}"' in corpo(senza_motivo)
        assert 'value="90"' in corpo(senza_motivo)
        assert Iscrizione.objects.filter(stato="presente").count() == 0
        assert client.post(indirizzo, {**dati, f"motivo-{due.pk}": "lavoro"}).status_code == 302
        uno.refresh_from_db()
        assert (uno.stato, uno.minuti) == ("presente", 90)
        # The reason stands where attendance is corrected, and nowhere else.
        assert "impegno di lavoro" not in corpo(client.get(reverse("psp:seduta", args=[seduta.pk])))

    @pytest.mark.parametrize("minuti", ["0", "1500", "novanta", "-5", "²"])
    def test_impossible_minutes_keep_what_was_written(self, cast: Cast, client: Client, minuti: str) -> None:
        ieri = feriale(oggi() - dt.timedelta(days=8))
        iscrizione = fissa(cast, alle(9, giorno=ieri), alle(10, giorno=ieri), adesso=adesso())
        dati = {f"stato-{iscrizione.pk}": "presente", f"minuti-{iscrizione.pk}": minuti}
        risposta = client.post(reverse("psp:presenze", args=[iscrizione.seduta_id]), dati)
        assert risposta.status_code == 422
        assert f'value="{minuti}"' in corpo(risposta)
