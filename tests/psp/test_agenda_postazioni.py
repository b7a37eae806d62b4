"""Places at a web learning point: booked for one person each, also without tying an operator to them."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from orientamento.anagrafica.models import Messaggio
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
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


def casella(pagina: str) -> str:
    """The tick «L'operatore è presente», as the page writes it."""
    return re.findall(r'<input[^>]*name="assistita"[^>]*>', pagina)[0]


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

    def come(self, cast: Cast, seduta: Seduta, **altro: Any) -> Seduta:
        """The same day and hour, at the same place, changed as told."""
        seduta.refresh_from_db()
        dati = {"motivo": "x", "attore": cast.operatore, "adesso": ADESSO, "versione": seduta.versione, **altro}
        return agenda.sposta_seduta(
            seduta=seduta, inizio=seduta.inizio, fine=seduta.fine, **{"luogo": seduta.luogo, **dati}
        )

    def test_a_change_lets_the_operator_go_and_calls_them_back(self, cast: Cast) -> None:
        orario(cast)
        seduta = senza(cast, postazione(cast), assistita=True, utente=persona(cast, email="a@esempio.it"))
        self.come(cast, seduta, assistita=False)
        assert tratti_liberi(cast.operatore, MARTEDI, MARTEDI) == [(alle(9), alle(13))]
        ultimo = Messaggio.objects.filter(causale__startswith="appuntamento_cambiato").get()
        assert f"Postazione senza operatore, referente {cast.operatore}" in ultimo.testo
        riga = Evento.objects.filter(azione=Azione.APPUNTAMENTO_SPOSTATO, utente__isnull=False).get()
        assert riga.dettaglio == {"seduta": seduta.pk, "assistita": [True, False]}
        self.come(cast, seduta, assistita=True)
        assert tratti_liberi(cast.operatore, MARTEDI, MARTEDI) == [(alle(10), alle(13))]

    def test_called_back_where_they_are_busy_is_refused_with_who_and_when(self, cast: Cast) -> None:
        altra = fissa(cast, alle(9, 30), alle(10, 30), titolo="Consulenza")
        seduta = senza(cast, postazione(cast))
        with pytest.raises(RegolaViolata, match=rf"ha già «Consulenza» con {altra.utente} .*togliere la spunta") as no:
            self.come(cast, seduta, assistita=True)
        assert no.value.campo == "dalle"
        seduta.refresh_from_db()
        assert not seduta.assistita
        assert self.come(cast, seduta, assistita=True, operatore=cast.collega).assistita

    def test_a_group_is_held_by_its_operator(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(11), alle(12), luogo=postazione(cast), posti=1)
        with pytest.raises(RegolaViolata, match="si tiene con l'operatore"):
            self.come(cast, seduta, assistita=False)

    def test_nothing_changed_is_told_to_nobody(self, cast: Cast) -> None:
        seduta = senza(cast, postazione(cast), utente=persona(cast, email="a@esempio.it"))
        prima = Messaggio.objects.count()
        with pytest.raises(RegolaViolata, match="Non è cambiato nulla"):
            self.come(cast, seduta, assistita=False)
        assert Messaggio.objects.count() == prima

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

    def cambia(self, cast: Cast, seduta: Seduta, luogo: Luogo, **altro: Any) -> Any:
        dati = {
            "giorno": f"{seduta.inizio:%d/%m/%Y}",
            "dalle": "9:00",
            "alle": "10:00",
            "operatore": cast.operatore.pk,
            "luogo": luogo.pk,
            "motivo": "Serve aiuto",
            "versione": seduta.versione,
            **altro,
        }
        return cast.client("operatore").post(reverse("psp:sposta_seduta", args=[seduta.pk]), dati, follow=True)

    def test_the_tick_is_changed_where_the_meeting_is_moved(self, cast: Cast) -> None:
        self.posta(cast, postazione(cast, 1))
        seduta = Seduta.objects.get()
        indirizzo = reverse("psp:sposta_seduta", args=[seduta.pk])
        pagina = cast.client("operatore").get(indirizzo).content.decode()
        assert "postazione senza operatore, referente" in pagina
        assert "checked" not in casella(pagina)
        risposta = self.cambia(cast, seduta, postazione(cast, 1), assistita="on")
        assert f"con {cast.operatore}. Chi deve venire" in risposta.content.decode()
        seduta.refresh_from_db()
        assert seduta.assistita
        assert "checked" in casella(cast.client("operatore").get(indirizzo).content.decode())

    def test_a_place_where_the_operator_is_busy_keeps_what_was_typed(self, cast: Cast) -> None:
        self.posta(cast, postazione(cast, 1))
        self.posta(cast, postazione(cast, 2), assistita="on")
        seduta = Seduta.objects.get(assistita=False)
        risposta = self.cambia(cast, seduta, postazione(cast, 1), assistita="on")
        assert risposta.status_code == 422
        pagina = risposta.content.decode()
        assert "togliere la spunta" in pagina
        assert "Serve aiuto" in pagina

    def test_moved_into_a_room_the_operator_is_there(self, cast: Cast) -> None:
        self.posta(cast, postazione(cast, 1))
        seduta = Seduta.objects.get()
        assert self.cambia(cast, seduta, sala(cast)).status_code == 200
        seduta.refresh_from_db()
        assert (seduta.luogo, seduta.assistita) == (sala(cast), True)

    def test_of_a_group_it_is_not_asked(self, cast: Cast) -> None:
        giorno = feriale(adesso().date() + dt.timedelta(days=1))
        seduta = gruppo(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), adesso=adesso())
        pagina = cast.client("operatore").get(reverse("psp:sposta_seduta", args=[seduta.pk])).content.decode()
        assert 'name="assistita"' not in pagina

    def test_in_a_room_the_tick_does_not_count(self, cast: Cast) -> None:
        assert self.posta(cast, sala(cast)).status_code == 302
        assert Seduta.objects.get().assistita

    def test_the_page_knows_which_are_places(self, cast: Cast) -> None:
        posto, aula = postazione(cast), sala(cast)
        pagina = cast.client("operatore").get(reverse("psp:nuova_seduta"), {"utente": cast.utente.pk}).content.decode()
        assert f'<option value="{posto.pk}" data-postazione>' in pagina
        assert f'<option value="{aula.pk}">' in pagina
