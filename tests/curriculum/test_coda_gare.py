"""Races on the queue to the portal, with real threads and a real portal; each with a control (V6, U2)."""

from __future__ import annotations

import datetime as dt
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.core.files.storage import default_storage
from django.db import close_old_connections, connection, connections, transaction

from curriculum.models import Trasferimento
from curriculum.portale.client import portale
from curriculum.services import coda
from curriculum.services.trasferimento import chiedi_rimozione
from orientamento.anagrafica.models import Finalita, Utente
from orientamento.anagrafica.services import presa_in_carico
from tests.cast import Cast, crea_cast
from tests.curriculum.trasferimenti import Orologio, chiedi, con_curriculum, fresco, revoca
from tests.portale_prova.server import PortaleDiProva

# What is asked for from here on is not due yet: the bell that rings at each request finds nothing to do.
DOMANI = dt.datetime(2126, 11, 24, 10, 0, tzinfo=dt.UTC)
# The part of the claim that keeps the rows of one citizen in order and in one hand; it holds one of the values.
_INIZIO = coda.PRENDI.index("    AND NOT EXISTS (\n        SELECT FROM curriculum_trasferimento o")
ORDINE = coda.PRENDI[_INIZIO : coda.PRENDI.index("    ORDER BY", _INIZIO)]
SENZA_ORDINE = coda.PRENDI.replace(ORDINE, "    AND %s::timestamptz IS NOT NULL\n")

Condotta = tuple[Path, bytes]


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return crea_cast()


@pytest.fixture
def utente(cast: Cast, portale_collegato: PortaleDiProva) -> Utente:
    """On the portal already, confirmed, with a CV of today."""
    utente = con_curriculum(cast, cast.utente, ora=DOMANI)
    portale_collegato.registrati(utente.codice_fiscale)
    return utente


@contextmanager
def accanto(lavoro: Callable[[], object]) -> Iterator[None]:
    """`lavoro` on a thread and a connection of its own, ended when the block ends."""
    errori: list[BaseException] = []

    def corri() -> None:
        try:
            lavoro()
        except BaseException as errore:
            errori.append(errore)
        finally:
            connections.close_all()

    filo = threading.Thread(target=corri)
    filo.start()
    try:
        yield
    finally:
        filo.join(60)
    assert errori == []


@contextmanager
def senza_vincolo(nome: str) -> Iterator[None]:
    vincolo = next(v for v in Trasferimento._meta.constraints if v.name == nome)
    with connection.schema_editor() as schema:
        schema.remove_constraint(Trasferimento, vincolo)
    try:
        yield
    finally:
        with connection.schema_editor() as schema:
            schema.add_constraint(Trasferimento, vincolo)


def gira() -> int:
    close_old_connections()
    return coda.giro(orologio=Orologio(DOMANI))


class TestDueLavoratoriDuePianificatori:
    """Everything rings at once, and a portal that does not know the key counts what it gets."""

    PERSONE = 12

    def tutti_insieme(self, cast: Cast, portale_collegato: PortaleDiProva) -> list[Trasferimento]:
        portale_collegato.guasti(ignora_chiave=True)
        righe = []
        for _ in range(self.PERSONE):
            utente = con_curriculum(cast, ora=DOMANI)
            portale_collegato.registrati(utente.codice_fiscale)
            righe.append(chiedi(cast, utente, DOMANI))
        partenza = threading.Barrier(4)

        def lavoratore() -> None:
            partenza.wait(20)
            gira()

        def campanelli() -> None:
            partenza.wait(20)
            for riga in righe:
                coda.lavora(riga.pk, orologio=Orologio(DOMANI))

        with accanto(lavoratore), accanto(lavoratore), accanto(campanelli), accanto(campanelli):
            pass
        return righe

    def test_each_row_is_sent_once(self, cast: Cast, portale_collegato: PortaleDiProva) -> None:
        righe = self.tutti_insieme(cast, portale_collegato)

        assert {fresco(riga).stato for riga in righe} == {"confermato"}
        conteggi = portale_collegato.conteggi()
        assert (conteggi["ricezioni"], conteggi["doppi"]) == (self.PERSONE, 0)

    def test_control_without_the_claim_rows_are_doubled(
        self, cast: Cast, portale_collegato: PortaleDiProva, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The same, where a claim keeps nobody else away, is nobody's own and leaves no doubt behind."""
        senza = SENZA_ORDINE.replace("prossimo_il = %s,", "prossimo_il = least(t.prossimo_il, %s),")
        senza = senza.replace("SET presa = %s", "SET presa = coalesce(t.presa, %s)")
        senza = senza.replace(" OR t.stato = 'in_corso',", ",")
        monkeypatch.setattr(coda, "PRENDI", senza)
        monkeypatch.setattr(coda, "MANCIATA", 3)
        self.tutti_insieme(cast, portale_collegato)

        assert portale_collegato.conteggi()["doppi"] > 0


def test_rows_of_one_citizen_keep_their_order(cast: Cast, portale_collegato: PortaleDiProva) -> None:
    """Sent, taken away and sent again, by four workers at once: at the end it is there."""
    utenti = [con_curriculum(cast, ora=DOMANI) for _ in range(4)]
    portale_collegato.registrati(*[u.codice_fiscale for u in utenti])
    for utente in utenti:
        chiedi(cast, utente, DOMANI)
        Trasferimento.objects.filter(utente=utente).update(esito_incerto=True)
        chiedi_rimozione(utente=utente, attore=cast.operatore, adesso=DOMANI)
        chiedi(cast, utente, DOMANI)
    with accanto(gira), accanto(gira), accanto(gira), accanto(gira):
        pass
    gira()

    assert not Trasferimento.objects.aperti().exists()
    stati = [portale().stato_curriculum(u.codice_fiscale) for u in utenti]
    assert [stato and stato.intuition for stato in stati] == ["presente"] * 4


class TestRevocaMentreParte:
    """U2: the send that is under way may end; the removal comes after it, never before."""

    @pytest.fixture
    def condotta(self, utente: Utente) -> Condotta:
        """The file of the CV is a pipe: whoever reads it has looked at the consent already, and waits for us."""
        percorso = Path(default_storage.path(utente.curricula.get().file.name))
        contenuto = percorso.read_bytes()
        percorso.unlink()
        os.mkfifo(percorso)
        return percorso, contenuto

    def revoca_nel_mezzo(self, cast: Cast, utente: Utente, condotta: Condotta) -> int:
        """How many rows another worker could do between the withdrawal and the end of the send."""
        chiedi(cast, utente, DOMANI)
        percorso, contenuto = condotta
        with accanto(gira), percorso.open("wb") as scrittura:
            revoca(cast, utente, DOMANI)
            nel_mezzo = gira()
            scrittura.write(contenuto)
        gira()
        return nel_mezzo

    def test_the_removal_follows_the_send(self, cast: Cast, utente: Utente, condotta: Condotta) -> None:
        assert self.revoca_nel_mezzo(cast, utente, condotta) == 0

        righe = Trasferimento.objects.filter(utente=utente).order_by("pk")
        assert [(r.operazione, r.stato) for r in righe] == [("invio", "confermato"), ("rimozione", "confermato")]
        stato = portale().stato_curriculum(utente.codice_fiscale)
        assert stato is not None
        assert stato.intuition == "assente"

    def test_control_without_the_order_it_stays_on_intuition(
        self, cast: Cast, utente: Utente, condotta: Condotta, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Neither by the claim nor by the database."""
        monkeypatch.setattr(coda, "PRENDI", SENZA_ORDINE)
        with senza_vincolo("un_solo_trasferimento_in_corso"):
            assert self.revoca_nel_mezzo(cast, utente, condotta) == 1

        stato = portale().stato_curriculum(utente.codice_fiscale)
        assert stato is not None
        assert stato.intuition == "presente"


class TestRevocaPrimaDellaPresa:
    """U2: who withdraws first is not sent, although the claim does not see the withdrawal yet."""

    def gira_durante_la_revoca(self, cast: Cast, utente: Utente, portale: PortaleDiProva) -> None:
        fatta, finito, lavorato = threading.Event(), threading.Event(), threading.Event()

        def revocante() -> None:
            with transaction.atomic():
                revoca(cast, utente, DOMANI)
                fatta.set()
                assert finito.wait(30)

        def lavoratore() -> None:
            assert fatta.wait(30)
            gira()
            lavorato.set()

        chiedi(cast, utente, DOMANI)
        with accanto(revocante), accanto(lavoratore):
            while not lavorato.wait(0.02) and not portale.conteggi()["ricezioni"]:
                pass
            finito.set()
        gira()

    def test_nothing_leaves(self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva) -> None:
        self.gira_durante_la_revoca(cast, utente, portale_collegato)

        assert Trasferimento.objects.get().stato == "annullato"
        assert portale_collegato.conteggi()["ricezioni"] == 0

    def test_control_without_what_follows_a_withdrawal_it_leaves(
        self,
        cast: Cast,
        utente: Utente,
        portale_collegato: PortaleDiProva,
        monkeypatch: pytest.MonkeyPatch,
    ) -> None:
        monkeypatch.setitem(presa_in_carico.alla_revoca, Finalita.INCONTRO, [])
        self.gira_durante_la_revoca(cast, utente, portale_collegato)

        assert portale_collegato.conteggi()["ricezioni"] == 1
