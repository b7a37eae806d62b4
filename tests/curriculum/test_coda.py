"""The queue to the portal, worked against the portal to try against: one transfer from asking to Intuition and back."""

from __future__ import annotations

import datetime as dt
import sqlite3
import uuid
from typing import Any

import httpx
import pytest
from django.core.files.storage import default_storage
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curriculum.models import Curriculum, PosizionePortale, Trasferimento
from curriculum.services import coda, pause
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.trasferimento import annulla_trasferimento, chiedi_rimozione, chiedi_sollecito
from orientamento.anagrafica.models import Utente
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    azioni,
    carica,
    chiedi,
    con_curriculum,
    fresco,
    gira,
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


def luoghi(utente: Utente) -> tuple[str, str, str]:
    p = posizione(utente)
    return p.registrazione, f"{p.portale} {p.portale_come}", f"{p.intuition} {p.intuition_come}"


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

        trovati = httpx.get(f"{portale_collegato.url}/intuition", params={"q": "liutaio magazziniere"}, timeout=10)
        assert "Diploma di liutaio" in trovati.text

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


def intuition_ha_finito(portale: PortaleDiProva) -> None:
    """What Intuition had put off has been done."""
    with sqlite3.connect(portale.cartella / "portale.sqlite3", timeout=10) as deposito:
        deposito.execute("UPDATE curriculum SET intuition_da = 0")
        deposito.execute("UPDATE curriculum SET intuition_fino = 0 WHERE intuition_fino IS NOT NULL")


def cancella_sul_portale(portale: PortaleDiProva, utente: Utente) -> None:
    with httpx.Client(base_url=portale.url, timeout=10) as browser:
        pagina = f"/cittadini/{utente.codice_fiscale}/cancella"
        browser.get(pagina)
        segno = browser.cookies["portale_prova_csrf"]
        risposta = browser.post(pagina, data={"csrfmiddlewaretoken": segno})
        assert risposta.status_code < 400, risposta.text


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


class TestPresa:
    def test_a_holder_who_comes_back_late_writes_nothing(
        self, cast: Cast, registrato: Utente, orologio: Orologio
    ) -> None:
        """V6."""
        riga = chiedi(cast, registrato)
        [vecchia] = coda.prendi(adesso=ORA, quanti=20)
        orologio.avanti(seconds=pause.di_presa().total_seconds())
        [nuova] = coda.prendi(adesso=orologio.ora, quanti=20)
        assert vecchia.presa != nuova.presa

        assert not coda.rilascia(vecchia, preso_il=ORA, adesso=orologio.ora)
        assert (fresco(riga).stato, fresco(riga).presa) == ("in_corso", nuova.presa)

    def test_a_claim_that_went_stale_asks_before_it_repeats(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V6: the worker died after the portal had received it."""
        portale_collegato.guasti(ignora_chiave=True)
        riga = chiedi(cast, registrato)
        [presa] = coda.prendi(adesso=ORA, quanti=20)
        muori_dopo_l_invio(presa)
        assert gira(orologio) == 0
        orologio.avanti(seconds=pause.di_presa().total_seconds())
        gira(orologio)

        assert fresco(riga).stato == "confermato"
        assert portale_collegato.conteggi()["per_chiave"] == {str(riga.chiave): 1}

    def test_the_lease_outlasts_the_longest_row(self, settings: Any) -> None:
        settings.PORTALE_TEMPO, settings.PORTALE_PAUSA = 1.0, 0.01

        assert pause.di_presa() > pause.di_una_riga() >= dt.timedelta(seconds=4 * 3 * 1.0)

    def test_claiming_twenty_is_one_statement(self, cast: Cast, portale_collegato: PortaleDiProva) -> None:
        for _ in range(20):
            chiedi(cast, con_curriculum(cast))
        with CaptureQueriesContext(
            connection,
        ) as scritte:
            righe = coda.prendi(adesso=ORA, quanti=20)

        assert len(righe) == 20
        assert [q["sql"].split()[0] for q in scritte if "SAVEPOINT" not in q["sql"]] == ["UPDATE"]

    def test_the_statements_of_one_transfer_are_few(self, cast: Cast, registrato: Utente, orologio: Orologio) -> None:
        """The row, propensioni, titles; citizen's lock, other rows, row, places, register; the breaker."""
        chiedi(cast, registrato)
        gira(orologio)
        chiedi(cast, registrato)
        [presa] = coda.prendi(adesso=ORA, quanti=1)
        with CaptureQueriesContext(connection) as scritte:
            coda._svolgi_tutte([presa], ORA, orologio)

        verbi = [q["sql"].split()[0] for q in scritte if "SAVEPOINT" not in q["sql"]]
        assert verbi == ["SELECT"] * 3 + ["SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"] + ["SELECT"]

    def test_the_lines_of_the_register_are_the_systems(
        self, cast: Cast, registrato: Utente, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)

        assert Evento.objects.get(azione="trasferimento_confermato").attore_nome == "Sistema"


def muori_dopo_l_invio(presa: Trasferimento) -> None:
    """What a worker killed between the answer of the portal and its own writing leaves behind: a PUT and a claim."""
    from curriculum.portale.client import portale
    from curriculum.services.esecuzione import esegui

    assert esegui(presa, portale(), ORA).stato == "confermato"
    assert fresco(presa).stato == "in_corso"


def test_the_command_sweeps_without_celery(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, capsys: pytest.CaptureFixture[str]
) -> None:
    riga = chiedi(cast, registrato)
    call_command("invia_trasferimenti")

    assert fresco(riga).stato == "confermato"
    assert "1" in capsys.readouterr().out
    assert uuid.UUID(next(iter(portale_collegato.conteggi()["per_chiave"]))) == riga.chiave
