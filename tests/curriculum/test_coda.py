"""The queue to the portal, worked against the portal to try against: one transfer from asking to Intuition."""

from __future__ import annotations

import datetime as dt
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage

from curriculum.models import Curriculum
from curriculum.services.trasferimento import annulla_trasferimento
from orientamento.anagrafica.models import Utente
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    azioni,
    cancella_sul_portale,
    chiedi,
    con_curriculum,
    fresco,
    gira,
    intuition_ha_finito,
    luoghi,
    posizione,
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


class TestInvio:
    def test_one_put_and_it_is_on_intuition(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2, V3: from the desk to the firms' search."""
        riga = chiedi(cast, registrato)
        assert gira(orologio) == 1

        riga = fresco(riga)
        assert (riga.stato, riga.tentativi, riga.presa, riga.prossimo_il) == ("confermato", 1, None, None)
        assert (riga.inviato_il, riga.chiuso_il) == (ORA, ORA)
        assert luoghi(registrato) == ("confermata", "presente confermato", "presente confermato")
        assert posizione(registrato).curriculum == riga.curriculum
        assert azioni(registrato) == ["trasferimento_chiesto", "trasferimento_confermato"]
        assert portale_collegato.conteggi()["per_chiave"] == {str(riga.chiave): 1}

    def test_firms_find_it_by_what_is_on_the_file_now(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V3: propensioni and titles are read when it leaves."""
        chiedi(cast, registrato)
        registrato.titoli.update(descrizione="Diploma di liutaio")
        gira(orologio)

        trovati = httpx.get(
            f"{portale_collegato.url}/intuition", params={"q": "diplomi liutaio magazzinieri"}, timeout=10
        )
        assert "Un curriculum" in trovati.text
        assert "Magazziniere di prova" in trovati.text

    def test_unknown_citizen_is_preregistered_and_waits(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2: the CV leaves once the citizen has followed the link."""
        riga = chiedi(cast, utente)
        gira(orologio)
        riga = fresco(riga)
        assert (riga.stato, riga.in_attesa_dal) == ("in_attesa", ORA)
        p = posizione(utente)
        assert (p.registrazione, p.canale, p.messaggi) == ("da_confermare", "posta", 1)
        assert (p.portale, p.intuition) == ("assente", "assente")
        assert portale_collegato.conteggi()["ricezioni"] == 0

        portale_collegato.conferma(utente.codice_fiscale)
        assert gira(orologio) == 0, "not before the pause is over"
        orologio.avanti(minutes=1)
        gira(orologio)
        assert fresco(riga).stato == "confermato"
        assert azioni(utente) == ["trasferimento_chiesto", "preregistrato", "trasferimento_confermato"]

    def test_the_pauses_of_the_wait_grow_up_to_six_hours(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        riga = chiedi(cast, utente)
        gira(orologio)
        pause_viste = []
        for _ in range(11):
            prossimo = fresco(riga).prossimo_il
            assert prossimo is not None
            pause_viste.append((prossimo - orologio.ora).total_seconds() / 60)
            orologio.ora = prossimo
            gira(orologio)

        assert pause_viste == [1, 1, 2, 4, 8, 16, 32, 64, 128, 256, 360]
        assert fresco(riga).tentativi == 1

    def test_a_wrong_address_is_mended_by_asking_anew(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2: contacts corrected, transfer stopped and asked again: the message goes to the right address, once."""
        riga = chiedi(cast, utente)
        gira(orologio)
        annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)
        Utente.objects.filter(pk=utente.pk).update(email="giusta@example.org")

        nuova = chiedi(cast, utente)
        gira(orologio)

        assert fresco(nuova).stato == "in_attesa"
        messaggi = portale_collegato.messaggi(utente.codice_fiscale)
        assert [m["destinatario"] for m in messaggi] == ["giusta@example.org", utente.email]
        assert posizione(utente).messaggi == 2
        orologio.avanti(minutes=1)
        gira(orologio)
        assert len(portale_collegato.messaggi(utente.codice_fiscale)) == 2

    def test_asking_anew_with_the_same_contacts_sends_no_second_message(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2."""
        riga = chiedi(cast, utente)
        gira(orologio)
        annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)
        nuova = chiedi(cast, utente)
        gira(orologio)

        assert fresco(nuova).stato == "in_attesa"
        assert len(portale_collegato.messaggi(utente.codice_fiscale)) == 1
        assert posizione(utente).messaggi == 1

    def test_a_cv_that_ends_while_the_citizen_does_not_confirm_waits_no_more(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V2, V4: nobody is asked to confirm what could not leave any more, and the list says what to do."""
        riga = chiedi(cast, utente)
        gira(orologio)
        orologio.avanti(days=182)
        gira(orologio)

        assert (fresco(riga).stato, fresco(riga).errore) == ("rifiutato", "scaduto_in_coda")
        assert "Caricarne uno aggiornato" in fresco(riga).motivo

    def test_a_phone_gets_an_sms(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        Utente.objects.filter(pk=utente.pk).update(email="", cellulare="333 1234567")
        utente.refresh_from_db()
        chiedi(cast, utente)
        gira(orologio)

        assert posizione(utente).canale == "sms"
        assert portale_collegato.messaggi(utente.codice_fiscale)[0]["destinatario"] == "+393331234567"

    def test_slow_intuition_is_asked_about_until_it_shows_the_cv(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V3."""
        portale_collegato.guasti(intuition_differita_s=3600)
        riga = chiedi(cast, registrato)
        gira(orologio)
        assert fresco(riga).stato == "inviato"
        assert luoghi(registrato)[2] == "in_arrivo confermato"
        gira(orologio)
        orologio.avanti(minutes=1)
        gira(orologio)
        assert (fresco(riga).stato, fresco(riga).inviato_il) == ("inviato", ORA)

        intuition_ha_finito(portale_collegato)
        orologio.avanti(hours=1)
        gira(orologio)
        assert fresco(riga).stato == "confermato"
        assert azioni(registrato) == ["trasferimento_chiesto", "trasferimento_inviato", "trasferimento_confermato"]

    def test_the_citizen_deletes_it_there(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V5: the profile is the citizen's own."""
        portale_collegato.guasti(intuition_differita_s=3600)
        riga = chiedi(cast, registrato)
        gira(orologio)
        cancella_sul_portale(portale_collegato, registrato)
        orologio.avanti(minutes=1)
        gira(orologio)

        riga = fresco(riga)
        assert (riga.stato, riga.motivo) == ("annullato", "La persona ha cancellato il curriculum dal portale.")
        assert luoghi(registrato)[1:] == ("assente confermato", "assente confermato")
        assert posizione(registrato).curriculum is None


class TestNonParte:
    """What changed while the row was queued: no call leaves."""

    @pytest.fixture(autouse=True)
    def _nessuna_chiamata(self, portale_collegato: PortaleDiProva) -> Any:
        yield
        assert portale_collegato.conteggi()["ricezioni"] == 0
        assert portale_collegato.conteggi()["cittadini"] == 1

    def test_consent_gone_by_another_way(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        """U2: looked at again when the row is taken, not only when it was asked for."""
        riga = chiedi(cast, registrato)
        Utente.objects.filter(pk=registrato.pk).update(consenso_incontro=False)
        gira(orologio)

        assert (fresco(riga).stato, fresco(riga).motivo) == ("annullato", "La persona ha ritirato il consenso.")

    def test_expired_in_the_queue(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        """V4."""
        riga = chiedi(cast, registrato)
        orologio.ora = dt.datetime(2027, 5, 24, 0, 0, tzinfo=ORA.tzinfo)
        gira(orologio)

        assert fresco(riga).stato == "rifiutato"
        assert "è scaduto mentre era in coda: valeva fino al 23/05/2027" in fresco(riga).motivo
        assert azioni(registrato)[-1] == "trasferimento_rifiutato"

    def test_no_longer_the_current_one(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        riga = chiedi(cast, registrato)
        Curriculum.objects.filter(utente=registrato).update(stato="cancellato")
        gira(orologio)

        assert (fresco(riga).stato, fresco(riga).motivo) == ("annullato", "Il curriculum è stato cancellato.")

    def test_file_lost_from_the_archive(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        riga = chiedi(cast, registrato)
        default_storage.delete(registrato.curricula.get().file.name)
        gira(orologio)

        assert fresco(riga).stato == "rifiutato"
        assert "caricarlo di nuovo e ripetere il trasferimento" in fresco(riga).motivo

    def test_no_portal_set(self, cast: Cast, registrato: Utente, orologio: Orologio, settings: Any) -> None:
        riga = chiedi(cast, registrato)
        settings.PORTALE_URL = ""

        assert gira(orologio) == 0
        assert fresco(riga).stato == "da_inviare"


class TestRifiuti:
    def test_registration_refused(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        portale_collegato.guasti(rifiuta_registrazione=True)
        riga = chiedi(cast, utente)
        gira(orologio)

        assert (fresco(riga).stato, fresco(riga).errore) == ("rifiutato", "registrazione_rifiutata")
        assert posizione(utente).registrazione == "rifiutata"

    def test_registered_with_another_mail(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        portale_collegato.guasti(posta_diversa=True)
        riga = chiedi(cast, utente)
        gira(orologio)

        assert (fresco(riga).stato, fresco(riga).errore) == ("rifiutato", "posta_diversa")
        assert "ripetere il trasferimento" in fresco(riga).motivo

    def test_after_the_cure_it_goes(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        portale_collegato.guasti(posta_diversa=True)
        chiedi(cast, utente)
        gira(orologio)
        portale_collegato.guasti(posta_diversa=False, conferma_automatica=True)
        seconda = chiedi(cast, utente)
        gira(orologio)
        orologio.avanti(minutes=1)
        gira(orologio)

        assert fresco(seconda).stato == "confermato"
