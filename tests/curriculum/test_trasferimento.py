"""Asking the portal for something: who may be sent, what a withdrawal or a cancelling undoes (V2, V5, U2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from curriculum.models import Curriculum, PosizionePortale, Trasferimento
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.trasferimento import (
    AVVISO,
    annulla_trasferimento,
    chiedi_rimozione,
    chiedi_solleciti,
    chiedi_sollecito,
    chiedi_trasferimento,
    impedimenti,
)
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.presa_in_carico import esprimi_consenso
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.curriculum.trasferimenti import ORA, azioni, carica, chiedi, con_curriculum, fresco, revoca


@pytest.fixture(autouse=True)
def _portale_collegato_ma_spento(settings: Any) -> None:
    """An address that answers nobody: whatever is asked here must not need it."""
    settings.PORTALE_URL = "http://127.0.0.1:9"


@pytest.fixture
def utente(cast: Cast) -> Utente:
    return con_curriculum(cast, cast.utente)


def chiavi(utente: Utente, ora: dt.datetime = ORA) -> list[str]:
    return [uno.chiave for uno in impedimenti(utente, ora)]


class TestImpedimenti:
    def test_none_for_who_has_all(self, utente: Utente) -> None:
        assert chiavi(utente) == []

    def test_each_is_said_with_its_cure(self, cast: Cast) -> None:
        nuovo = crea_utente(cast.cpi, cast.operatore, email="", cellulare="")
        trovati = {uno.chiave: uno for uno in impedimenti(nuovo, ORA)}

        assert list(trovati) == ["curriculum_mancante", "consenso_mancante", "recapiti_mancanti"]
        assert trovati["recapiti_mancanti"].url == f"/utenti/{nuovo.pk}/identita#id_email"
        assert trovati["consenso_mancante"].url == f"/utenti/{nuovo.pk}/presa-in-carico#id_consenso_incontro"
        assert all(uno.testo and uno.cura for uno in trovati.values())

    def test_refused_consent_says_when_and_who_recorded_it(self, cast: Cast) -> None:
        """V2."""
        altro = crea_utente(cast.cpi, cast.operatore)
        metti_in_carico(altro, cast.operatore, incontro="rifiutato")
        uno = next(i for i in impedimenti(altro, ORA) if i.chiave == "consenso_rifiutato")

        quando = altro.consensi.get(finalita="incontro").registrato_il
        assert f"{quando:%d/%m/%Y}" in uno.testo
        assert str(cast.operatore) in uno.testo

    def test_withdrawn_consent_says_when_and_who_recorded_it(self, cast: Cast, utente: Utente) -> None:
        revoca(cast, utente, ORA)
        uno = next(i for i in impedimenti(utente, ORA) if i.chiave == "consenso_revocato")

        assert "23/11/2026" in uno.testo
        assert str(cast.operatore) in uno.testo

    def test_a_consent_given_again_counts(self, cast: Cast, utente: Utente) -> None:
        revoca(cast, utente)
        dopo = adesso() + dt.timedelta(days=1)
        esprimi_consenso(utente=utente, finalita="incontro", esito="dato", attore=cast.operatore, adesso=dopo)

        assert chiavi(utente) == []

    def test_valid_on_its_last_day_and_not_after(self, utente: Utente) -> None:
        """V4."""
        ultimo = dt.datetime(2027, 5, 23, 23, 59, tzinfo=ORA.tzinfo)

        assert chiavi(utente, ultimo) == []
        assert chiavi(utente, ultimo + dt.timedelta(minutes=1)) == ["curriculum_scaduto"]

    def test_a_phone_is_enough(self, utente: Utente) -> None:
        Utente.objects.filter(pk=utente.pk).update(email="", cellulare="333 1234567")
        utente.refresh_from_db()
        assert chiavi(utente) == []
        Utente.objects.filter(pk=utente.pk).update(cellulare="non ne ha")
        utente.refresh_from_db()
        assert chiavi(utente) == ["recapiti_mancanti"]

    def test_who_is_registered_needs_no_contact(self, utente: Utente) -> None:
        Utente.objects.filter(pk=utente.pk).update(email="", cellulare="")
        utente.refresh_from_db()
        PosizionePortale.objects.create(utente=utente, registrazione="confermata")

        assert chiavi(utente) == []

    def test_waiting_for_the_antivirus(self, utente: Utente) -> None:
        Curriculum.objects.filter(utente=utente).update(stato="in_controllo")

        assert chiavi(utente) == ["in_controllo"]

    def test_an_installation_without_portal_says_so(self, utente: Utente, settings: Any) -> None:
        settings.PORTALE_URL = ""

        assert chiavi(utente) == ["portale_non_collegato"]


class TestChiedi:
    def test_queued_with_the_alert_accepted(self, cast: Cast, utente: Utente) -> None:
        """V2."""
        riga = chiedi(cast, utente)

        assert (riga.stato, riga.operazione, riga.prossimo_il) == ("da_inviare", "invio", ORA)
        assert (riga.avviso_versione, riga.avviso_accettato_il) == (AVVISO.versione, ORA)
        evento = Evento.objects.get(azione=Azione.TRASFERIMENTO_CHIESTO)
        assert (evento.attore, evento.oggetto_id, evento.dettaglio["avviso"]) == (cast.operatore, riga.pk, "1")

    def test_twice_is_once(self, cast: Cast, utente: Utente) -> None:
        assert chiedi(cast, utente) == chiedi(cast, utente)
        assert azioni(utente) == ["trasferimento_chiesto"]

    @pytest.mark.parametrize("versione", ["", "0"])
    def test_the_alert_must_be_the_present_one(self, cast: Cast, utente: Utente, versione: str) -> None:
        with pytest.raises(RegolaViolata, match="avviso"):
            chiedi_trasferimento(utente=utente, attore=cast.operatore, avviso_versione=versione, adesso=ORA)

        assert not Trasferimento.objects.exists()

    def test_a_refusal_leaves_one_line_with_the_keys_of_why(self, cast: Cast, utente: Utente) -> None:
        """V2: the register keeps it although all the rest is undone."""
        revoca(cast, utente)
        with pytest.raises(RegolaViolata):
            chiedi(cast, utente)

        evento = Evento.objects.get(azione=Azione.TRASFERIMENTO_NEGATO)
        assert evento.dettaglio == {"motivi": ["consenso_revocato"], "regola": "V2"}
        assert evento.utente_id == utente.pk
        assert not Trasferimento.objects.exists()

    def test_a_newer_cv_takes_the_place_of_a_queued_one(self, cast: Cast, utente: Utente) -> None:
        """V2: under the alert that was accepted, without asking again."""
        vecchia = chiedi(cast, utente)
        dopo = ORA + dt.timedelta(hours=1)
        nuovo = carica(cast, utente, pagine=2, ora=dopo)

        nuova = Trasferimento.objects.get(stato="da_inviare")
        assert fresco(vecchia).stato == "annullato"
        assert "più recente" in fresco(vecchia).motivo
        assert (nuova.curriculum, nuova.sostituisce, nuova.creato_il) == (nuovo, vecchia, dopo)
        assert nuova.avviso_accettato_il == ORA

    def test_a_newer_cv_of_who_asked_nothing_queues_nothing(self, cast: Cast, utente: Utente) -> None:
        carica(cast, utente, pagine=2)

        assert not Trasferimento.objects.exists()


class TestAnnulla:
    def test_what_is_queued_stops(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente)
        for _ in range(2):
            annulla_trasferimento(trasferimento=riga, attore=cast.collega, adesso=ORA)

        assert fresco(riga).motivo == f"Annullato da {cast.collega}."
        assert azioni(utente) == ["trasferimento_chiesto", "trasferimento_annullato"]

    def test_what_may_have_arrived_is_taken_away(self, cast: Cast, utente: Utente) -> None:
        """V6: the last attempt had no answer."""
        riga = chiedi(cast, utente)
        Trasferimento.objects.filter(pk=riga.pk).update(esito_incerto=True)
        annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)

        assert fresco(riga).stato == "annullato"
        assert rimozioni(utente) == ["da_inviare"]

    @pytest.mark.parametrize(("stato", "parole"), [("in_corso", "sta partendo"), ("inviato", "non è più in coda")])
    def test_what_has_gone_does_not(self, cast: Cast, utente: Utente, stato: str, parole: str) -> None:
        riga = portata_a(chiedi(cast, utente), stato)
        with pytest.raises(RegolaViolata, match=parole):
            annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)

    def test_a_removal_is_never_lost(self, cast: Cast, utente: Utente) -> None:
        """V5."""
        portata_a(chiedi(cast, utente), "confermato")
        rimozione = chiedi_rimozione(utente=utente, attore=cast.operatore, adesso=ORA)
        assert rimozione is not None
        with pytest.raises(RegolaViolata, match="parte da sola"):
            annulla_trasferimento(trasferimento=rimozione, attore=cast.operatore, adesso=ORA)


def portata_a(riga: Trasferimento, stato: str) -> Trasferimento:
    """As the queue would have left it."""
    Trasferimento.objects.filter(pk=riga.pk).update(stato="in_corso", presa=riga.chiave)
    if stato == "inviato":
        Trasferimento.objects.filter(pk=riga.pk).update(stato=stato, presa=None, inviato_il=ORA)
    if stato == "confermato":
        Trasferimento.objects.filter(pk=riga.pk).update(
            stato=stato, presa=None, inviato_il=ORA, chiuso_il=ORA, prossimo_il=None
        )
    return fresco(riga)


def rimozioni(utente: Utente) -> list[str]:
    return list(Trasferimento.objects.filter(utente=utente, operazione="rimozione").values_list("stato", flat=True))


class TestRevoca:
    """U2: from now on, at once."""

    def test_what_is_queued_stops_and_nothing_is_removed(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente)
        revoca(cast, utente)

        assert (fresco(riga).stato, fresco(riga).motivo) == ("annullato", "La persona ha ritirato il consenso.")
        assert rimozioni(utente) == []

    @pytest.mark.parametrize("stato", ["in_corso", "inviato", "confermato"])
    def test_what_may_have_arrived_is_taken_away(self, cast: Cast, utente: Utente, stato: str) -> None:
        riga = portata_a(chiedi(cast, utente), stato)
        revoca(cast, utente)

        assert rimozioni(utente) == ["da_inviare"]
        assert fresco(riga).aperto == (stato == "in_corso")

    def test_an_attempt_without_answer_may_have_arrived(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente)
        Trasferimento.objects.filter(pk=riga.pk).update(esito_incerto=True)
        revoca(cast, utente)

        assert fresco(riga).stato == "annullato"
        assert rimozioni(utente) == ["da_inviare"]

    def test_a_no_at_a_new_presa_in_carico_takes_back_the_yes(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente)
        presa = utente.prese_in_carico.get()
        presa.chiusa_il = presa.data
        presa.save()
        metti_in_carico(utente, cast.operatore, incontro="rifiutato")

        assert fresco(riga).stato == "annullato"

    def test_nothing_ever_sent_asks_nothing(self, cast: Cast, utente: Utente) -> None:
        revoca(cast, utente)

        assert not Trasferimento.objects.exists()

    def test_a_removal_already_queued_is_enough(self, cast: Cast, utente: Utente) -> None:
        portata_a(chiedi(cast, utente), "confermato")
        prima = chiedi_rimozione(utente=utente, attore=cast.operatore, adesso=ORA)
        revoca(cast, utente)

        assert rimozioni(utente) == ["da_inviare"]
        assert prima == Trasferimento.objects.get(operazione="rimozione")


class TestCancellazione:
    """V5."""

    def test_never_sent_is_cancelled_here_only(self, cast: Cast, utente: Utente) -> None:
        cancella_curriculum(curriculum=utente.curricula.get(), attore=cast.operatore, adesso=ORA)

        assert not Trasferimento.objects.exists()

    def test_a_queued_one_does_not_leave(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente)
        cancella_curriculum(curriculum=utente.curricula.get(), attore=cast.operatore, adesso=ORA)

        assert (fresco(riga).stato, fresco(riga).motivo) == ("annullato", "Il curriculum è stato cancellato.")
        assert rimozioni(utente) == []

    @pytest.mark.parametrize("come", ["cancellato", "consenso_ritirato"])
    def test_after_one_that_is_leaving_no_other_goes_by_itself(self, cast: Cast, utente: Utente, come: str) -> None:
        """V2, U2: the alert was accepted for a CV that nobody wants to be found any more."""
        portata_a(chiedi(cast, utente), "in_corso")
        if come == "cancellato":
            cancella_curriculum(curriculum=utente.curricula.get(), attore=cast.operatore, adesso=ORA)
        else:
            revoca(cast, utente)
        nuovo = carica(cast, utente, pagine=2)

        assert rimozioni(utente) == ["da_inviare"]
        assert not Trasferimento.objects.filter(curriculum=nuovo).exists()

    def test_one_that_arrived_is_taken_away(self, cast: Cast, utente: Utente) -> None:
        portata_a(chiedi(cast, utente), "confermato")
        cancella_curriculum(curriculum=utente.curricula.get(), attore=cast.operatore, adesso=ORA)

        assert rimozioni(utente) == ["da_inviare"]

    def test_an_old_one_that_is_still_on_intuition_is_taken_away(self, cast: Cast, utente: Utente) -> None:
        vecchio = utente.curricula.get()
        portata_a(chiedi(cast, utente), "confermato")
        PosizionePortale.objects.create(utente=utente, curriculum=vecchio, intuition="presente")
        carica(cast, utente, pagine=2)
        vecchio.refresh_from_db()
        cancella_curriculum(curriculum=vecchio, attore=cast.operatore, adesso=ORA)

        assert rimozioni(utente) == ["da_inviare"]

    def test_an_old_one_replaced_there_takes_nothing_away(self, cast: Cast, utente: Utente) -> None:
        vecchio = utente.curricula.get()
        portata_a(chiedi(cast, utente), "confermato")
        nuovo = carica(cast, utente, pagine=2)
        PosizionePortale.objects.create(utente=utente, curriculum=nuovo, intuition="presente")
        vecchio.refresh_from_db()
        cancella_curriculum(curriculum=vecchio, attore=cast.operatore, adesso=ORA)

        assert rimozioni(utente) == []

    def test_after_a_removal_the_same_cv_may_go_again(self, cast: Cast, utente: Utente) -> None:
        portata_a(chiedi(cast, utente), "confermato")
        chiedi_rimozione(utente=utente, attore=cast.operatore, adesso=ORA)
        seconda = chiedi(cast, utente)

        assert seconda.stato == "da_inviare"
        assert Trasferimento.objects.filter(operazione="invio").count() == 2


class TestSollecito:
    """V2: one more message, with a pause and a cap."""

    @pytest.fixture
    def da_confermare(self, utente: Utente) -> Utente:
        PosizionePortale.objects.create(
            utente=utente,
            registrazione="da_confermare",
            messaggi=1,
            ultimo_messaggio_il=ORA - dt.timedelta(days=3),
        )
        return utente

    def test_after_three_days(self, cast: Cast, da_confermare: Utente) -> None:
        riga = chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)
        ancora = chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)

        assert riga == ancora
        assert azioni(da_confermare) == ["sollecito_chiesto"]

    def test_not_before_and_says_when(self, cast: Cast, da_confermare: Utente) -> None:
        with pytest.raises(RegolaViolata, match="dal 23/11/2026 alle 10:00"):
            chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA - dt.timedelta(seconds=1))

    def test_five_in_all(self, cast: Cast, da_confermare: Utente) -> None:
        PosizionePortale.objects.update(messaggi=5)
        with pytest.raises(RegolaViolata, match="5 messaggi, il massimo"):
            chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)

    @pytest.mark.parametrize("stato", ["confermata", "assente", "sconosciuta", "rifiutata"])
    def test_only_where_there_is_something_to_confirm(self, cast: Cast, da_confermare: Utente, stato: str) -> None:
        PosizionePortale.objects.update(registrazione=stato)
        with pytest.raises(RegolaViolata, match="non ha una registrazione da confermare"):
            chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)

    def test_not_without_consent(self, cast: Cast, da_confermare: Utente) -> None:
        riga = chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)
        revoca(cast, da_confermare)
        assert fresco(riga).stato == "annullato"
        with pytest.raises(RegolaViolata, match="ha ritirato il consenso"):
            chiedi_sollecito(utente=da_confermare, attore=cast.operatore, adesso=ORA)

    def test_a_batch_does_what_it_may_and_says_the_rest(self, cast: Cast, da_confermare: Utente) -> None:
        altro = crea_utente(cast.cpi, cast.operatore)
        esito = chiedi_solleciti(utenti=[da_confermare, altro], attore=cast.operatore, adesso=ORA)

        assert [riga.utente for riga in esito.chiesti] == [da_confermare]
        assert [chi for chi, _ in esito.saltati] == [altro]
