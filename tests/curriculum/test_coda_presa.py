"""The queue to the portal: the claim, what a dead or late holder leaves, the statements it takes (V6)."""

from __future__ import annotations

import datetime as dt
import uuid
from contextlib import suppress
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from curriculum.models import Trasferimento
from curriculum.portale.client import portale
from curriculum.services import coda, pause
from curriculum.services.chiusura import concludi, concludi_insieme
from curriculum.services.esecuzione import esegui
from curriculum.services.trasferimento import chiedi_rimozione
from orientamento.anagrafica.models import Utente
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    azioni,
    chiedi,
    con_curriculum,
    fresco,
    gira,
)
from tests.portale_prova.server import PortaleDiProva


class Ripensamento(Exception):
    """What was written is taken back, and leaves its page behind."""


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


class TestPresa:
    def test_no_more_than_asked_for_whatever_the_database_believes(
        self, cast: Cast, portale_collegato: PortaleDiProva
    ) -> None:
        """V6: the trial call is one. Where the table was empty when it was last counted, it is read row by row."""
        utenti = [con_curriculum(cast) for _ in range(3)]
        with connection.cursor() as cursore:
            with suppress(Ripensamento), transaction.atomic():
                chiedi(cast, utenti[0])
                raise Ripensamento
            cursore.execute("ANALYZE curriculum_trasferimento")
        righe = [chiedi(cast, utente) for utente in utenti]

        assert [presa.pk for presa in coda.prendi(adesso=ORA, quanti=1)] == [righe[0].pk]
        assert Trasferimento.objects.filter(presa__isnull=False).count() == 1

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
        assert [q["sql"].split()[0] for q in scritte if "SAVEPOINT" not in q["sql"]] == ["WITH"]

    def test_a_slow_portal_does_not_keep_a_sweep_beyond_its_time(
        self, cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """V6: what of a handful is not begun is given back, for the next sweep or for others."""
        utenti = [con_curriculum(cast) for _ in range(3)]
        portale_collegato.registrati(*[u.codice_fiscale for u in utenti])
        righe = [chiedi(cast, utente) for utente in utenti]
        portale_collegato.guasti(ritardo_ms=300)
        assert coda.giro(orologio=orologio, secondi=0.2) == 1
        assert [(fresco(r).stato, fresco(r).presa, fresco(r).tentativi) for r in righe[1:]] == [
            ("da_inviare", None, 0)
        ] * 2

        portale_collegato.guasti(ritardo_ms=0)
        assert coda.giro(orologio=orologio) == 2
        assert {fresco(r).stato for r in righe} == {"confermato"}

    def test_the_statements_of_one_transfer_are_few(
        self, cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of a handful: rows, propensioni, titles, breaker; lock, others, rows, places, register. Of each: ours?"""
        monkeypatch.setattr(coda, "RACCOLTA", 60.0)  # however slow the machine
        utenti = [con_curriculum(cast) for _ in range(4)]
        portale_collegato.registrati(*[u.codice_fiscale for u in utenti])
        for utente in utenti:
            chiedi(cast, utente)
        viste = {}
        for quanti in (1, 3):
            prese = coda.prendi(adesso=ORA, quanti=quanti)
            with CaptureQueriesContext(connection) as scritte:
                coda._svolgi_tutte(prese, ORA, orologio)
            viste[quanti] = [q["sql"].split()[0] for q in scritte if "SAVEPOINT" not in q["sql"]]

        assert viste[1] == ["SELECT"] * 3 + ["SELECT"] * 2 + ["SELECT", "SELECT", "UPDATE", "INSERT", "INSERT"]
        assert len(viste[3]) == len(viste[1]) + 2

    def test_written_together_only_where_nothing_else_is_open(
        self, cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
    ) -> None:
        """Of three that arrive together one has a removal behind it, and one is no longer in the same hands."""
        utenti = [con_curriculum(cast) for _ in range(3)]
        portale_collegato.registrati(*[u.codice_fiscale for u in utenti])
        righe = [chiedi(cast, utente) for utente in utenti]
        prese = coda.prendi(adesso=ORA, quanti=3)
        turni = [(fresco(presa), esegui(presa, portale(), ORA)) for presa in prese]
        chiedi_rimozione(utente=utenti[1], attore=cast.operatore, adesso=ORA)
        Trasferimento.objects.filter(pk=righe[2].pk).update(presa=uuid.uuid4())

        rimasti = concludi_insieme(turni, adesso=ORA)
        assert [riga.pk for riga, _ in rimasti] == [righe[1].pk, righe[2].pk]
        assert [concludi(riga, r, preso_il=ORA, adesso=ORA) for riga, r in rimasti] == [True, False]
        assert [fresco(riga).stato for riga in righe] == ["confermato", "confermato", "in_corso"]
        gira(orologio)
        assert Trasferimento.objects.get(operazione="rimozione").stato == "confermato"
        assert azioni(utenti[0]) == ["trasferimento_chiesto", "trasferimento_confermato"]

    def test_the_lines_of_the_register_are_the_systems(
        self, cast: Cast, registrato: Utente, orologio: Orologio
    ) -> None:
        chiedi(cast, registrato)
        gira(orologio)

        assert Evento.objects.get(azione="trasferimento_confermato").attore_nome == "Sistema"


def muori_dopo_l_invio(presa: Trasferimento) -> None:
    """What a worker killed between the answer of the portal and its own writing leaves behind: a PUT and a claim."""
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
