"""The queue to the portal: removals, reminders, and the order in which the rows of one citizen go (V2, V5, V6)."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid

import pytest

from curriculum.models import PosizionePortale, Trasferimento
from curriculum.portale.client import portale
from curriculum.portale.dati import CurriculumDaInviare
from curriculum.services import coda, pause
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.trasferimento import annulla_trasferimento, chiedi_rimozione, chiedi_sollecito
from orientamento.anagrafica.models import Utente
from tests.cast import Cast
from tests.curriculum import fabbrica
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    azioni,
    carica,
    chiedi,
    con_curriculum,
    fresco,
    gira,
    intuition_ha_finito,
    luoghi,
    posizione,
    revoca,
)
from tests.portale_prova.server import PortaleDiProva


@pytest.fixture
def utente(cast: Cast) -> Utente:
    return con_curriculum(cast, cast.utente)


@pytest.fixture
def registrato(utente: Utente, portale_collegato: PortaleDiProva) -> Utente:
    """On the portal already, confirmed."""
    portale_collegato.registrati(utente.codice_fiscale)
    return utente


@pytest.fixture
def orologio() -> Orologio:
    return Orologio()


class TestRimozione:
    """V5."""

    def test_off_intuition_and_the_profile_stays(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)
        cancella_curriculum(curriculum=registrato.curricula.get(), attore=cast.operatore, adesso=ORA)
        gira(orologio)

        rimozione = Trasferimento.objects.get(operazione="rimozione")
        assert rimozione.stato == "confermato"
        assert luoghi(registrato)[1:] == ("presente confermato", "assente confermato")
        assert azioni(registrato)[-2:] == ["rimozione_chiesta", "rimozione_confermata"]

    def test_slow_removal_is_asked_about(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)
        portale_collegato.guasti(intuition_differita_s=3600)
        rimozione = chiedi_rimozione(utente=registrato, attore=cast.operatore, adesso=ORA)
        assert rimozione is not None
        gira(orologio)

        assert fresco(rimozione).stato == "inviato"
        assert luoghi(registrato)[2] == "in_rimozione confermato"

        intuition_ha_finito(portale_collegato)
        orologio.avanti(minutes=1)
        gira(orologio)
        assert fresco(rimozione).stato == "confermato"
        assert luoghi(registrato)[2] == "assente confermato"

    def test_a_send_that_the_portal_ends_after_the_removal_is_taken_away_too(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V5: the removal has been answered, and then a send that was slower than it puts the CV there once more."""
        chiedi(cast, registrato)
        gira(orologio)
        portale_collegato.guasti(intuition_differita_s=3600)
        rimozione = chiedi_rimozione(utente=registrato, attore=cast.operatore, adesso=ORA)
        assert rimozione is not None
        gira(orologio)
        portale_collegato.guasti(intuition_differita_s=0)
        contenuto = fabbrica.pdf()
        lento = CurriculumDaInviare(contenuto, hashlib.sha256(contenuto).hexdigest(), ORA, [], [])
        assert portale().metti_curriculum(registrato.codice_fiscale, lento, chiave=uuid.uuid4()).intuition == "presente"

        orologio.avanti(minutes=1)
        gira(orologio)

        assert fresco(rimozione).stato == "confermato"
        stato = portale().stato_curriculum(registrato.codice_fiscale)
        assert stato is not None
        assert stato.intuition == "assente"

    def test_a_removal_survives_a_portal_that_is_down(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)
        portale_collegato.guasti(errore_500=1.0)
        revoca(cast, registrato)
        gira(orologio)
        rimozione = Trasferimento.objects.get(operazione="rimozione")
        assert rimozione.stato == "da_inviare"
        assert luoghi(registrato)[2] == "in_rimozione senza_risposta"

        portale_collegato.guasti(errore_500=0.0)
        orologio.avanti(hours=1)
        gira(orologio)
        assert fresco(rimozione).stato == "confermato"

    def test_sent_again_after_a_removal(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)
        chiedi_rimozione(utente=registrato, attore=cast.operatore, adesso=ORA)
        seconda = chiedi(cast, registrato)
        assert gira(orologio) == 2

        assert fresco(seconda).stato == "confermato"
        assert luoghi(registrato)[2] == "presente confermato"


class TestSollecito:
    def test_one_more_message(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2: it does not wait behind the CV, which itself waits for the citizen."""
        invio = chiedi(cast, utente)
        gira(orologio)
        PosizionePortale.objects.update(ultimo_messaggio_il=ORA - dt.timedelta(days=3))
        riga = chiedi_sollecito(utente=utente, attore=cast.operatore, adesso=orologio.ora)
        gira(orologio)

        assert (fresco(riga).stato, fresco(invio).stato) == ("confermato", "in_attesa")
        assert posizione(utente).messaggi == 2
        assert len(portale_collegato.messaggi(utente.codice_fiscale)) == 2
        assert azioni(utente)[-2:] == ["sollecito_chiesto", "sollecito_mandato"]

    def test_confirmed_meanwhile_lets_the_cv_go_at_once(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        invio = chiedi(cast, utente)
        gira(orologio)
        PosizionePortale.objects.update(ultimo_messaggio_il=ORA - dt.timedelta(days=3))
        portale_collegato.conferma(utente.codice_fiscale)
        chiedi_sollecito(utente=utente, attore=cast.operatore, adesso=orologio.ora)
        gira(orologio)

        assert fresco(invio).stato == "confermato"
        assert "sollecito_mandato" not in azioni(utente)


class TestOrdine:
    def test_a_newer_row_waits_for_the_older(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        invio = chiedi(cast, registrato)
        preso = coda.prendi(adesso=ORA, quanti=20)
        assert preso == [invio]
        revoca(cast, registrato)

        assert coda.prendi(adesso=ORA, quanti=20) == [], "the removal waits for the send that is under way"
        concluso = coda.rilascia(preso[0], preso_il=ORA, adesso=ORA)
        assert concluso
        assert fresco(invio).stato == "annullato", "it would only be taken away again"
        assert [r.operazione for r in coda.prendi(adesso=ORA, quanti=20)] == ["rimozione"]

    def test_what_follows_an_unknown_end_does_not_overtake_it(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V6: the portal may still be at work on the send when the removal is asked for."""
        portale_collegato.guasti(taglia_dopo=1.0)
        invio = chiedi(cast, registrato)
        [presa] = coda.prendi(adesso=ORA, quanti=20)
        revoca(cast, registrato)
        Trasferimento.objects.filter(pk=invio.pk).update(esito_incerto=True)
        coda.rilascia(fresco(presa), preso_il=ORA, adesso=ORA)

        rimozione = Trasferimento.objects.get(operazione="rimozione")
        assert rimozione.prossimo_il == ORA + pause.di_quiete()

    def test_the_newer_of_two_cvs_follows_the_one_that_is_leaving(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        invio = chiedi(cast, registrato)
        [presa] = coda.prendi(adesso=ORA, quanti=20)
        nuovo = carica(cast, registrato, pagine=2)
        coda.rilascia(presa, preso_il=ORA, adesso=ORA)
        gira(orologio)

        assert fresco(invio).stato == "annullato"
        assert Trasferimento.objects.get(curriculum=nuovo).stato == "confermato"
        assert posizione(registrato).curriculum == nuovo

    def test_stopped_while_queued(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        riga = chiedi(cast, registrato)
        annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)

        assert gira(orologio) == 0
