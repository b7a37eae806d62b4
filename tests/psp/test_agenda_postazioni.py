"""Places at a web learning point: booked for one person each, also without tying an operator to them."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from psp.documento_agenda.stampe import convocazione_pdf
from psp.models import Luogo, Seduta
from psp.services import agenda
from psp.services.agenda.calendario import ics_dell_iscrizione, ics_dell_operatore
from psp.services.agenda.liberi import tratti_liberi
from tests.cast import Cast
from tests.psp.scene_agenda import (
    ADESSO,
    MARTEDI,
    alle,
    feriale,
    fissa,
    gruppo,
    orario,
    persona,
    postazione,
    sala,
)
from tests.psp.test_agenda_documenti import compatto, scritto_in

pytestmark = pytest.mark.django_db


def senza(cast: Cast, luogo: Luogo | None, **altro: Any) -> Seduta:
    """Another person at `luogo` from nine to ten, without the operator."""
    dati = {"utente": persona(cast), "luogo": luogo, "assistita": False, **altro}
    return fissa(cast, dati.pop("dalle", alle(9)), dati.pop("fino", alle(10)), **dati).seduta


class TestSenzaOperatore:
    def test_five_places_at_the_same_hour_with_one_operator_who_stays_free(self, cast: Cast) -> None:
        orario(cast)
        for numero in range(1, 6):
            senza(cast, postazione(cast, numero))
        assert Seduta.objects.filter(operatore=cast.operatore, assistita=False).count() == 5
        assert tratti_liberi(cast.operatore, MARTEDI, MARTEDI) == [(alle(9), alle(13))]
        assert fissa(cast, alle(9), alle(10)).seduta.assistita

    def test_also_while_the_operator_receives_somebody_else(self, cast: Cast) -> None:
        fissa(cast, alle(9), alle(10))
        assert not senza(cast, postazione(cast)).assistita

    def test_with_the_operator_the_time_is_taken_and_the_way_out_is_said(self, cast: Cast) -> None:
        una, due = postazione(cast, 1), postazione(cast, 2)
        senza(cast, una, assistita=True)
        with pytest.raises(RegolaViolata, match=r"ha già .* togliere la spunta") as errore:
            senza(cast, due, assistita=True)
        assert errore.value.campo == "dalle"
        senza(cast, due)

    def test_the_same_place_twice_is_refused(self, cast: Cast) -> None:
        posto = postazione(cast)
        senza(cast, posto)
        with pytest.raises(RegolaViolata, match="è occupata") as errore:
            senza(cast, posto, operatore=cast.collega)
        assert errore.value.campo == "luogo"

    def test_the_same_person_at_two_places_is_refused(self, cast: Cast) -> None:
        senza(cast, postazione(cast, 1), utente=cast.utente)
        with pytest.raises(RegolaViolata, match="ha già"):
            senza(cast, postazione(cast, 2), utente=cast.utente)

    @pytest.mark.parametrize("con_sala", [True, False])
    def test_only_a_place_can_do_without(self, cast: Cast, con_sala: bool) -> None:
        with pytest.raises(RegolaViolata, match="solo una postazione") as errore:
            senza(cast, sala(cast) if con_sala else None)
        assert errore.value.campo == "luogo"

    def test_it_moves_to_another_place_but_not_into_a_room(self, cast: Cast) -> None:
        seduta = senza(cast, postazione(cast, 1))
        senza(cast, postazione(cast, 2))
        come = {"motivo": "x", "attore": cast.operatore, "adesso": ADESSO, "inizio": alle(9), "fine": alle(10)}
        with pytest.raises(RegolaViolata, match="solo una postazione"):
            agenda.sposta_seduta(seduta=seduta, luogo=sala(cast), versione=1, **come)
        mossa = agenda.sposta_seduta(seduta=seduta, luogo=postazione(cast, 3), versione=1, **come)
        assert (mossa.luogo, mossa.assistita) == (Luogo.objects.get(nome="Postazione 3"), False)

    def test_the_database_wants_a_place_and_one_person(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(11), alle(12), luogo=sala(cast))
        for chiave in (seduta.pk, fissa(cast, alle(9), alle(10)).seduta_id):
            with pytest.raises(IntegrityError, match="senza_operatore_in_una_postazione"), transaction.atomic():
                Seduta.objects.filter(pk=chiave).update(assistita=False)


class TestCheCosaSiLegge:
    def test_the_papers_name_who_to_ask_for(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10), luogo=postazione(cast), assistita=False)
        scritto = compatto(scritto_in(convocazione_pdf(iscrizione, adesso=ADESSO)))
        assert compatto(f"Referente {cast.operatore}") in scritto
        assert "Conchi" not in scritto
        assert "senza operatore" in ics_dell_iscrizione(iscrizione, ADESSO).decode().replace("\r\n ", "")
        assert b"TRANSP:TRANSPARENT" in ics_dell_operatore(cast.operatore, ADESSO)


class TestPagine:
    def posta(self, cast: Cast, luogo: Luogo, **altro: Any) -> Any:
        giorno = feriale(adesso().date() + dt.timedelta(days=1))
        dati = {
            "utente": persona(cast).pk,
            "operatore": cast.operatore.pk,
            "luogo": luogo.pk,
            "giorno": f"{giorno:%d/%m/%Y}",
            "dalle": "9:00",
            "alle": "10:00",
            **altro,
        }
        return cast.client("operatore").post(reverse("psp:nuova_seduta"), dati)

    def test_without_the_tick_a_place_leaves_the_operator_free(self, cast: Cast) -> None:
        assert self.posta(cast, postazione(cast, 1), assistita="on").status_code == 302
        risposta = self.posta(cast, postazione(cast, 2), assistita="on")
        assert risposta.status_code == 422
        assert "togliere la spunta" in risposta.content.decode()
        risposta = self.posta(cast, postazione(cast, 2))
        assert risposta.status_code == 302
        seduta = Seduta.objects.get(luogo__nome="Postazione 2")
        assert not seduta.assistita
        client = cast.client("operatore")
        assert "usa la postazione da sola" in client.get(risposta.url).content.decode()
        pagina = client.get(reverse("psp:agenda"), {"giorno": seduta.inizio.date().isoformat()}).content.decode()
        assert pagina.count("senza operatore") == 1

    def test_in_a_room_the_tick_does_not_count(self, cast: Cast) -> None:
        assert self.posta(cast, sala(cast)).status_code == 302
        assert Seduta.objects.get().assistita

    def test_the_page_knows_which_are_places(self, cast: Cast) -> None:
        posto, aula = postazione(cast), sala(cast)
        pagina = cast.client("operatore").get(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk}).content.decode()
        assert f'<option value="{posto.pk}" data-postazione>' in pagina
        assert f'<option value="{aula.pk}">' in pagina
