"""Appointments and groups: fixed, booked, waited for, moved, cancelled, attended (C2, M3, U6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from orientamento.anagrafica.models import Messaggio
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import ChiusuraUfficio, Iscrizione, Misura, MotivoAssenza, Seduta
from psp.services import agenda
from psp.services.agenda.avvisi import non_piu_dovuto
from psp.services.agenda.lettura import prossimo_appuntamento
from psp.services.agenda.presenze import Presenza
from tests.cast import Cast, crea_utente
from tests.psp.scene_agenda import (
    ADESSO,
    MARTEDI,
    alle,
    feriale,
    fissa,
    gruppo,
    iscrivi,
    misura_firmata,
    orario,
    persona,
    sala,
)

pytestmark = pytest.mark.django_db


def rifiuto(errore: pytest.ExceptionInfo[RegolaViolata]) -> str:
    return errore.value.messaggio


def sposta(cast: Cast, seduta: Seduta, dalle: dt.datetime, fino: dt.datetime, **altro: Any) -> Seduta:
    seduta.refresh_from_db()
    dati = {"motivo": "Riunione", "versione": seduta.versione, "attore": cast.operatore, "adesso": ADESSO, **altro}
    return agenda.sposta_seduta(seduta=seduta, inizio=dalle, fine=fino, **dati)


def annulla(cast: Cast, seduta: Seduta, **altro: Any) -> Seduta:
    dati = {"motivo": "Malattia", "versione": seduta.versione, "attore": cast.operatore, "adesso": ADESSO, **altro}
    return agenda.annulla_seduta(seduta=seduta, **dati)


def segna(cast: Cast, seduta: Seduta, esiti: dict[int, Presenza], **altro: Any) -> list[Iscrizione]:
    return agenda.segna_presenze(seduta=seduta, esiti=esiti, **{"attore": cast.operatore, "adesso": alle(12), **altro})


class TestFissare:
    def test_one_citizen_one_operator_one_place(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10), luogo=sala(cast))
        assert (iscrizione.posto, iscrizione.stato) == (1, "prenotata")
        assert iscrizione.seduta.minuti == 60
        assert Evento.objects.filter(azione=Azione.APPUNTAMENTO_FISSATO, utente=cast.utente).count() == 1

    def test_the_operator_s_overlap_says_who_what_when_and_the_next_free_slot(self, cast: Cast) -> None:
        orario(cast)
        fissa(cast, alle(9), alle(10), titolo="Consulenza")
        with pytest.raises(RegolaViolata) as errore:
            fissa(cast, alle(9, 30), alle(10, 30), utente=persona(cast))
        detto = rifiuto(errore)
        assert (
            f"{cast.operatore} ha già «Consulenza» con {cast.utente} martedì 24/11/2026 dalle 9:00 alle 10:00" in detto
        )
        assert "Il primo orario libero è martedì 24/11/2026 dalle 10:00 alle 11:00" in detto
        assert Seduta.objects.count() == 1

    def test_the_citizen_s_overlap_names_the_other_meeting(self, cast: Cast) -> None:
        fissa(cast, alle(9), alle(10), titolo="Consulenza", operatore=cast.collega)
        with pytest.raises(RegolaViolata, match=f"{cast.utente} ha già «Consulenza» con {cast.collega}"):
            fissa(cast, alle(9, 59), alle(11))

    def test_the_room_s_overlap(self, cast: Cast) -> None:
        aula = sala(cast)
        fissa(cast, alle(9), alle(10), luogo=aula)
        with pytest.raises(RegolaViolata, match="«Sala corsi» è occupata") as errore:
            fissa(cast, alle(9), alle(10), luogo=aula, utente=persona(cast), operatore=cast.collega)
        assert errore.value.campo == "luogo"

    def test_meetings_may_touch(self, cast: Cast) -> None:
        aula = sala(cast)
        fissa(cast, alle(9), alle(10), luogo=aula)
        assert fissa(cast, alle(10), alle(11), luogo=aula).pk

    @pytest.mark.parametrize(
        ("dalle", "fino", "campo"),
        [
            (alle(9), alle(9), "alle"),
            (alle(10), alle(9), "alle"),
            (alle(9), alle(10, giorno=MARTEDI + dt.timedelta(days=1)), "alle"),
            (alle(8), alle(20, 1), "alle"),
            (alle(22), alle(1, giorno=MARTEDI + dt.timedelta(days=1)), "alle"),
            (alle(9, giorno=dt.date(2206, 11, 24)), alle(10, giorno=dt.date(2206, 11, 24)), "giorno"),
        ],
        ids=["zero", "al contrario", "25 ore", "oltre 12 ore", "di notte", "tra due secoli"],
    )
    def test_impossible_lengths_are_refused_at_the_field(
        self, cast: Cast, dalle: dt.datetime, fino: dt.datetime, campo: str
    ) -> None:
        with pytest.raises(RegolaViolata) as errore:
            fissa(cast, dalle, fino)
        assert errore.value.campo == campo

    def test_not_on_a_closing_day(self, cast: Cast) -> None:
        natale = dt.date(2026, 12, 25)
        with pytest.raises(RegolaViolata, match=r"il centro è chiuso \(Natale\)"):
            fissa(cast, alle(9, giorno=natale), alle(10, giorno=natale))
        ChiusuraUfficio.objects.create(cpi=cast.altro_cpi, dal=MARTEDI, al=MARTEDI, motivo="Patrono")
        fissa(cast, alle(9), alle(10))
        ChiusuraUfficio.objects.create(cpi=cast.cpi, dal=MARTEDI, al=MARTEDI, motivo="Disinfestazione")
        with pytest.raises(RegolaViolata, match="Disinfestazione"):
            fissa(cast, alle(11), alle(12))

    def test_only_with_who_keeps_an_agenda_in_the_office(self, cast: Cast) -> None:
        for chi in (cast.incrocio, cast.estraneo, cast.amministratore):
            with pytest.raises(RegolaViolata, match="non tiene appuntamenti in questo centro"):
                fissa(cast, alle(9), alle(10), operatore=chi)
        cast.collega.is_active = False
        cast.collega.save()
        with pytest.raises(RegolaViolata, match="non tiene appuntamenti"):
            fissa(cast, alle(9), alle(10), operatore=cast.collega)

    def test_a_citizen_of_another_office_is_refused(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata, match="altro centro"):
            fissa(cast, alle(9), alle(10), utente=crea_utente(cast.altro_cpi))

    def test_for_a_measure_of_a_signed_pact(self, cast: Cast) -> None:
        misura = misura_firmata(cast)
        iscrizione = fissa(cast, alle(9), alle(10), misura=misura)
        assert iscrizione.misura_id == misura.pk
        assert iscrizione.seduta.titolo == misura.servizio.nome

    def test_not_for_another_s_measure_nor_for_a_promise(self, cast: Cast) -> None:
        misura = misura_firmata(cast)
        with pytest.raises(RegolaViolata, match="di un'altra persona"):
            fissa(cast, alle(9), alle(10), misura=misura, utente=persona(cast))
        Misura.objects.filter(pk=misura.pk).update(stato="rifiutata")
        with pytest.raises(RegolaViolata, match="non è una misura da erogare"):
            fissa(cast, alle(9), alle(10), misura=misura)


class TestGruppo:
    def test_places_then_the_waiting_list(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        iscrizioni = [iscrivi(cast, seduta, persona(cast)) for _ in range(3)]
        assert [i.stato for i in iscrizioni] == ["prenotata", "prenotata", "in_lista"]

    def test_a_place_given_back_calls_the_first_who_is_free(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=1)
        prima, seconda, terza = (iscrivi(cast, seduta, persona(cast, email=f"p{n}@esempio.it")) for n in range(3))
        # The first of the list has taken another appointment meanwhile.
        fissa(cast, alle(9), alle(10), utente=seconda.utente, operatore=cast.collega)
        agenda.togli_iscrizione(iscrizione=prima, motivo="Lavora", attore=cast.operatore, adesso=ADESSO)
        seconda.refresh_from_db()
        terza.refresh_from_db()
        assert (seconda.stato, terza.stato, terza.posto) == ("in_lista", "prenotata", 1)
        scritti = set(Messaggio.objects.filter(utente=terza.utente).values_list("oggetto", flat=True))
        assert "Si è liberato un posto: la aspettiamo" in scritti
        assert Evento.objects.filter(azione=Azione.ISCRIZIONE_AGGIUNTA, utente=terza.utente).count() == 2
        annullato = Messaggio.objects.filter(utente=prima.utente, oggetto="L'appuntamento è annullato")
        assert annullato.count() == 1

    def test_twice_the_same_person_is_refused(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        iscrivi(cast, seduta, cast.utente)
        with pytest.raises(RegolaViolata, match="ha già un'iscrizione"):
            iscrivi(cast, seduta, cast.utente)

    def test_a_cancelled_person_may_come_back(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        iscrizione = iscrivi(cast, seduta, cast.utente)
        agenda.togli_iscrizione(iscrizione=iscrizione, motivo="Errore", attore=cast.operatore, adesso=ADESSO)
        assert iscrivi(cast, seduta, cast.utente).stato == "prenotata"

    def test_more_places_call_from_the_list_fewer_send_nobody_away(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12), posti=1)
        _, attesa = (iscrivi(cast, seduta, persona(cast)) for _ in range(2))
        dati = {"titolo": "Laboratorio", "programma": "Due ore", "posti": 2}
        seduta = agenda.modifica_seduta(
            seduta=seduta, dati=dati, versione=seduta.versione, attore=cast.operatore, adesso=ADESSO
        )
        attesa.refresh_from_db()
        assert attesa.stato == "prenotata"
        with pytest.raises(RegolaViolata, match="quelli già presi"):
            agenda.modifica_seduta(
                seduta=seduta,
                dati={**dati, "posti": 1},
                versione=seduta.versione,
                attore=cast.operatore,
                adesso=ADESSO,
            )

    def test_more_places_than_the_room(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata, match="ha 12 posti"):
            gruppo(cast, alle(9), alle(12), luogo=sala(cast), posti=13)


class TestSpostare:
    def test_the_people_follow_and_are_told(self, cast: Cast) -> None:
        cast.utente.email = "anna@esempio.it"
        cast.utente.save()
        # Whether a message is still due is asked of the real clock.
        futuro = feriale(max(MARTEDI, oggi()) + dt.timedelta(days=7))
        iscrizione = fissa(cast, alle(9, giorno=futuro), alle(10, giorno=futuro))
        seduta = sposta(cast, iscrizione.seduta, alle(11, giorno=futuro), alle(12, giorno=futuro))
        iscrizione.refresh_from_db()
        assert (iscrizione.inizio, seduta.versione) == (alle(11, giorno=futuro), 2)
        messaggi = {m.causale: m for m in Messaggio.objects.filter(utente=cast.utente)}
        assert "dalle 11:00 alle 12:00" in messaggi[f"appuntamento_spostato:{iscrizione.pk}:2"].testo
        # The reminder of before is not true any more: at its turn it stays at home; the new one goes.
        assert non_piu_dovuto(messaggi[f"promemoria_appuntamento:{iscrizione.pk}:1"]) == "l'appuntamento è cambiato"
        assert non_piu_dovuto(messaggi[f"promemoria_appuntamento:{iscrizione.pk}:2"]) == ""
        assert messaggi[f"promemoria_appuntamento:{iscrizione.pk}:2"].prossimo_il == alle(
            11, giorno=futuro
        ) - dt.timedelta(days=2)

    def test_to_its_own_time_with_a_shorter_end(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        assert sposta(cast, iscrizione.seduta, alle(9), alle(9, 30)).minuti == 30

    def test_who_is_expected_elsewhere_is_named_and_nothing_moves(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        fissa(cast, alle(11), alle(12), operatore=cast.collega, titolo="Tirocinio")
        with pytest.raises(RegolaViolata, match=f"non si sposta a quell'ora. {cast.utente} ha già «Tirocinio»"):
            sposta(cast, iscrizione.seduta, alle(11), alle(12))
        iscrizione.refresh_from_db()
        assert iscrizione.inizio == alle(9)

    def test_from_a_group_only_those_shown_are_left_out(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(10))
        resta, esce = (iscrivi(cast, seduta, persona(cast)) for _ in range(2))
        attesa = iscrivi(cast, seduta, persona(cast))
        fissa(cast, alle(11), alle(12), utente=esce.utente, operatore=cast.collega)
        with pytest.raises(RegolaViolata, match=str(esce.utente)):
            sposta(cast, seduta, alle(11), alle(12))
        sposta(cast, seduta, alle(11), alle(12), lascia_fuori=[esce.utente_id])
        for iscrizione in (resta, esce, attesa):
            iscrizione.refresh_from_db()
        assert (resta.stato, esce.stato, attesa.stato) == ("prenotata", "annullata", "prenotata")
        assert attesa.inizio == alle(11)

    def test_to_a_colleague_and_another_room(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        aula = sala(cast)
        seduta = sposta(cast, iscrizione.seduta, alle(9), alle(10), operatore=cast.collega, luogo=aula)
        assert (seduta.operatore, seduta.luogo) == (cast.collega, aula)

    def test_from_an_older_page_is_refused(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        sposta(cast, iscrizione.seduta, alle(10), alle(11))
        with pytest.raises(VersioneSuperata):
            sposta(cast, iscrizione.seduta, alle(12), alle(13), versione=1)

    def test_what_has_begun_does_not_move_nor_does_anything_into_the_past(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        with pytest.raises(RegolaViolata, match="già cominciato"):
            sposta(cast, iscrizione.seduta, alle(15), alle(16), adesso=alle(9, 1))
        with pytest.raises(RegolaViolata, match="già passato"):
            sposta(cast, iscrizione.seduta, ADESSO - dt.timedelta(hours=2), ADESSO - dt.timedelta(hours=1))


class TestAnnullare:
    def test_everybody_s_booking_ends_and_the_time_is_free_again(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(12))
        iscrizioni = [iscrivi(cast, seduta, persona(cast, email=f"a{n}@esempio.it")) for n in range(3)]
        annulla(cast, seduta)
        assert set(seduta.iscrizioni.values_list("stato", flat=True)) == {"annullata"}
        assert Messaggio.objects.filter(oggetto="L'appuntamento è annullato").count() == 2
        assert Messaggio.objects.filter(oggetto__contains="lista d'attesa").get().utente == iscrizioni[2].utente
        # The private reason is the office's: no message and no register line of a citizen tells it.
        assert not Messaggio.objects.filter(testo__contains="Malattia").exists()
        assert fissa(cast, alle(9), alle(10), utente=iscrizioni[0].utente).pk

    def test_with_a_reason_and_once(self, cast: Cast) -> None:
        seduta = fissa(cast, alle(9), alle(10)).seduta
        with pytest.raises(RegolaViolata, match="motivo"):
            annulla(cast, seduta, motivo=" ")
        annullata = annulla(cast, seduta)
        with pytest.raises(RegolaViolata, match="è annullato"):
            annulla(cast, annullata)

    def test_what_is_done_with_one_person_stays_out_of_the_register(self, cast: Cast) -> None:
        annulla(cast, fissa(cast, alle(9), alle(10), titolo="Dopo la visita medica").seduta)
        assert Evento.objects.filter(azione=Azione.APPUNTAMENTO_ANNULLATO).count() == 2
        assert not [e for e in Evento.objects.all() if "visita" in str(e.dettaglio)]

    def test_a_message_not_gone_yet_stays_at_home(self, cast: Cast) -> None:
        cast.utente.email = "anna@esempio.it"
        cast.utente.save()
        iscrizione = fissa(cast, alle(9), alle(10))
        conferma = Messaggio.objects.get(causale=f"appuntamento:{iscrizione.pk}:1")
        annulla(cast, iscrizione.seduta)
        assert non_piu_dovuto(conferma) == "la prenotazione non c'è più"


class TestPresenze:
    def test_planned_minutes_unless_others_are_written(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(11), posti=3)
        uno, due, tre = (iscrivi(cast, seduta, persona(cast)) for _ in range(3))
        segna(
            cast,
            seduta,
            {
                uno.pk: Presenza("presente"),
                due.pk: Presenza("presente", 95),
                tre.pk: Presenza("giustificata", motivo_assenza=MotivoAssenza.SALUTE),
            },
        )
        righe = list(seduta.iscrizioni.order_by("pk").values_list("stato", "minuti", "giustificazione__motivo"))
        assert righe == [("presente", 120, None), ("presente", 95, None), ("giustificata", None, "salute")]
        seduta.refresh_from_db()
        assert seduta.stato == "tenuta"

    def test_the_reason_of_an_absence_is_never_in_the_register(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("giustificata", motivo_assenza="salute")})
        assert not [e for e in Evento.objects.all() if "salute" in str(e.dettaglio)]

    def test_a_correction_is_one_more_line(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("assente")})
        segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente", 50)})
        assert segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente", 50)}) == []
        ultima = Evento.objects.filter(azione=Azione.PRESENZA_SEGNATA).order_by("-pk")
        assert ultima.count() == 2
        assert ultima[0].dettaglio["stato"] == ["assente", "presente"]

    def test_not_before_it_begins(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        with pytest.raises(RegolaViolata, match="non è ancora cominciato"):
            segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente")}, adesso=alle(8, 59))

    @pytest.mark.parametrize("minuti", [0, 721, 1500])
    def test_impossible_minutes(self, cast: Cast, minuti: int) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        with pytest.raises(RegolaViolata, match="da 1 a 720") as errore:
            segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente", minuti)})
        assert errore.value.campo == f"minuti-{iscrizione.pk}"

    def test_justified_only_with_a_reason_of_the_norm(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        with pytest.raises(RegolaViolata, match="motivo che giustifica"):
            segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("giustificata", motivo_assenza="raffreddore")})

    def test_one_impossible_line_writes_none(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(11))
        uno, due = (iscrivi(cast, seduta, persona(cast)) for _ in range(2))
        with pytest.raises(RegolaViolata):
            segna(cast, seduta, {uno.pk: Presenza("presente"), due.pk: Presenza("presente", 0)})
        uno.refresh_from_db()
        assert uno.stato == "prenotata"

    def test_the_hours_of_a_closed_measure_do_not_change(self, cast: Cast) -> None:
        misura = misura_firmata(cast)
        iscrizione = fissa(cast, alle(9), alle(10), misura=misura)
        segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente", 60)})
        Misura.objects.filter(pk=misura.pk).update(stato="avviata", iniziata_il=MARTEDI)
        Misura.objects.filter(pk=misura.pk).update(
            stato="conclusa", finita_il=MARTEDI, chiusa_il=ADESSO, chiusa_da=cast.operatore, esiti=["ricerca"]
        )
        with pytest.raises(RegolaViolata, match="già chiusa"):
            segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente", 61)})

    def test_a_held_meeting_is_not_cancelled_nor_moved(self, cast: Cast) -> None:
        iscrizione = fissa(cast, alle(9), alle(10))
        segna(cast, iscrizione.seduta, {iscrizione.pk: Presenza("presente")})
        iscrizione.seduta.refresh_from_db()
        with pytest.raises(RegolaViolata, match="già tenuto"):
            annulla(cast, iscrizione.seduta)
        with pytest.raises(RegolaViolata, match="già tenuto"):
            sposta(cast, iscrizione.seduta, alle(15), alle(16))


class TestLettura:
    def test_the_week_of_an_operator_names_the_person_of_a_single_appointment(self, cast: Cast) -> None:
        fissa(cast, alle(9), alle(10))
        seduta = gruppo(cast, alle(11), alle(12))
        for _ in range(3):
            iscrivi(cast, seduta, persona(cast))
        prima, seconda = agenda.appuntamenti_di(cast.operatore, MARTEDI, MARTEDI)
        assert (prima["persona"], prima["utente_id"]) == (str(cast.utente), cast.utente.pk)
        assert (seconda["iscritti"], seconda["in_lista"], seconda["persona"]) == (2, 1, "")

    def test_the_next_appointment_of_a_citizen(self, cast: Cast) -> None:
        fissa(cast, alle(11), alle(12), titolo="Dopo")
        fissa(cast, alle(9), alle(10), titolo="Prima")
        assert prossimo_appuntamento(cast.utente, ADESSO)["titolo"] == "Prima"
        assert prossimo_appuntamento(cast.utente, alle(13)) is None
        assert [a["titolo"] for a in agenda.appuntamenti_dell_utente(cast.utente)] == ["Dopo", "Prima"]
