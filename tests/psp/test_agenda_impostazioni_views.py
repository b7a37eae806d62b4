"""The pages on which an office writes when it is closed and an operator when they receive."""

from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.comune.calendario import adesso, oggi
from psp.models import ChiusuraUfficio, OrarioOperatore, Seduta
from tests.cast import Cast
from tests.psp.scene_agenda import alle, feriale, fissa, gruppo, sala
from tests.psp.test_agenda_views import client as client
from tests.psp.test_agenda_views import corpo
from tests.psp.test_agenda_views import giorno as giorno

pytestmark = pytest.mark.django_db


class TestImpostazioni:
    def test_one_s_own_hours(self, cast: Cast, client: Client) -> None:
        indirizzo = reverse("psp:orario")
        assert client.post(indirizzo, {"dalle-1-1": "9", "alle-1-1": "13", "dalle-2-1": "15"}).status_code == 422
        assert client.post(indirizzo, {"dalle-1-1": "13", "alle-1-1": "9"}).status_code == 422
        doppio = {"dalle-1-1": "9", "alle-1-1": "13", "dalle-1-2": "12", "alle-1-2": "15"}
        assert "si sovrappongono" in corpo(client.post(indirizzo, doppio))
        assert client.post(indirizzo, {"dalle-1-1": "9", "alle-1-1": "13"}).status_code == 302
        assert str(OrarioOperatore.objects.get()) == "Lunedì 09:00–13:00"

    def test_the_supervisor_closes_the_office_and_is_told_what_was_fixed(self, cast: Cast, giorno: dt.date) -> None:
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        responsabile = cast.client("responsabile")
        dati = {"dal": f"{giorno:%d/%m/%Y}", "motivo": "Santo patrono"}
        risposta = responsabile.post(reverse("psp:chiusure"), dati, follow=True)
        assert "un appuntamento già fissato" in corpo(risposta)
        chiusura = ChiusuraUfficio.objects.get()
        assert (chiusura.cpi, chiusura.al) == (cast.cpi, giorno)
        responsabile.post(reverse("psp:togli_chiusura", args=[chiusura.pk]))
        assert not ChiusuraUfficio.objects.exists()

    @pytest.mark.parametrize("giorno", ["01/01/0001", "31/12/9999"])
    def test_a_day_at_the_ends_of_the_calendar_is_a_slip(self, cast: Cast, giorno: str) -> None:
        risposta = cast.client("responsabile").post(reverse("psp:chiusure"), {"dal": giorno, "motivo": "Patrono"})
        assert risposta.status_code == 422
        assert "controllare l&#x27;anno" in corpo(risposta)
        assert not ChiusuraUfficio.objects.exists()
        incontro = {"titolo": "Laboratorio", "operatore": cast.operatore.pk, "posti": "3", "modo": "presenza"}
        ore = {"giorno": giorno, "dalle": "0:00", "alle": "23:59"}
        risposta = cast.client("operatore").post(reverse("psp:nuovo_gruppo"), incontro | ore)
        assert risposta.status_code == 422
        assert "controllare l&#x27;anno" in corpo(risposta)

    def test_the_administrator_s_tables(self, cast: Cast) -> None:
        client = cast.client("amministratore")
        nuovo = reverse("anagrafica:amministrazione_nuovo", args=["luoghi"])
        dati = {"cpi": cast.cpi.pk, "nome": "Sala A", "tipo": "sala", "posti": "8", "attivo": "on"}
        assert client.post(nuovo, dati).status_code == 302
        assert client.post(nuovo, dati).status_code == 422
        chiusura = {"dal": "24/12/2026", "al": "31/12/2026", "motivo": "Feste"}
        assert client.post(reverse("anagrafica:amministrazione_nuovo", args=["chiusure"]), chiusura).status_code == 302
        assert ChiusuraUfficio.objects.get().cpi is None

    @pytest.mark.parametrize("campo", ["cpi", "tipo", "attivo"])
    def test_a_room_with_meetings_to_come_stays_what_it_is(self, cast: Cast, giorno: dt.date, campo: str) -> None:
        stanza = sala(cast)
        seduta = gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), luogo=stanza, adesso=adesso())
        dati = {"cpi": cast.cpi.pk, "nome": stanza.nome, "tipo": "sala", "posti": "12", "attivo": "on"}
        dati |= {"cpi": {"cpi": cast.altro_cpi.pk}, "tipo": {"tipo": "postazione"}, "attivo": {"attivo": ""}}[campo]
        indirizzo = reverse("anagrafica:amministrazione_modifica", args=["luoghi", stanza.pk])
        client = cast.client("amministratore")
        assert client.post(indirizzo, dati).status_code == 422
        # One held long ago, whose attendance nobody has written, keeps nothing.
        ieri = feriale(oggi() - dt.timedelta(days=8))
        Seduta.objects.filter(pk=seduta.pk).update(inizio=alle(9, giorno=ieri), fine=alle(10, giorno=ieri))
        assert client.post(indirizzo, dati).status_code == 302
