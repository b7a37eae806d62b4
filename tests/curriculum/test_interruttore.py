"""The circuit breaker: five in a row, told once, one trial at a time (V6)."""

from __future__ import annotations

import datetime as dt
import threading
import uuid
from collections.abc import Callable

import pytest
from django.db import connection, connections

from curriculum.models import InterruttorePortale, Trasferimento
from curriculum.portale.errori import CredenzialiRifiutate, ErroreTemporaneo
from curriculum.services import coda, interruttore
from curriculum.services.interruttore import (
    avviso_portale,
    concedi_prova,
    portale_non_risponde,
    portale_risponde,
)
from orientamento.anagrafica.models import Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.trasferimenti import ORA, Orologio, chiedi, con_curriculum, fresco, gira
from tests.portale_prova.server import PortaleDiProva

GUASTO = ErroreTemporaneo("guasto", incerto=True)


def riga() -> InterruttorePortale:
    return InterruttorePortale.objects.get()


def registrati(azione: Azione) -> int:
    return Evento.objects.filter(azione=azione).count()


def ferma(volte: int = 5, ora: dt.datetime = ORA) -> None:
    for _ in range(volte):
        portale_non_risponde(errore=GUASTO, adesso=ora)


@pytest.mark.django_db
class TestApertura:
    def test_four_in_a_row_are_not_enough(self) -> None:
        ferma(4)

        assert riga().aperto_il is None
        assert avviso_portale() is None

    def test_five_in_a_row_stop_it_and_say_so_once(self) -> None:
        ferma(7)

        assert (riga().aperto_il, riga().errori_di_fila) == (ORA, 5)
        assert registrati(Azione.PORTALE_FERMO) == 1
        avviso = avviso_portale()
        assert avviso is not None
        assert (avviso["dal"], avviso["errore"]) == (ORA, GUASTO.messaggio)

    def test_an_answer_in_between_starts_the_count_again(self) -> None:
        ferma(4)
        portale_risponde(adesso=ORA)
        ferma(4)

        assert riga().aperto_il is None

    def test_refused_credentials_stop_it_at_once(self) -> None:
        assert portale_non_risponde(errore=CredenzialiRifiutate(), adesso=ORA)

        avviso = avviso_portale()
        assert avviso is not None
        assert "credenziali" in avviso["errore"]

    def test_the_pause_that_the_portal_asks_for_counts(self) -> None:
        ferma(4)
        portale_non_risponde(errore=ErroreTemporaneo("non_disponibile", riprova_tra=900.0), adesso=ORA)

        assert riga().riprova_il == ORA + dt.timedelta(minutes=15)


@pytest.mark.django_db
class TestProva:
    def test_one_holder_at_a_time_after_the_pause(self) -> None:
        ferma()
        assert not concedi_prova(adesso=ORA + dt.timedelta(seconds=29))
        dopo = ORA + dt.timedelta(seconds=30)

        assert [concedi_prova(adesso=dopo) for _ in range(3)] == [True, False, False]

    def test_a_holder_who_died_does_not_keep_it(self) -> None:
        ferma()
        assert concedi_prova(adesso=ORA + dt.timedelta(seconds=30))

        assert concedi_prova(adesso=ORA + dt.timedelta(minutes=10))

    def test_each_failed_trial_doubles_the_pause_up_to_ten_minutes(self) -> None:
        ferma()
        pause_viste, ora = [], ORA
        for _ in range(7):
            prossima = riga().riprova_il
            assert prossima is not None
            pause_viste.append((prossima - ora).total_seconds())
            ora = prossima
            portale_non_risponde(errore=GUASTO, adesso=ora, prova=True)

        assert pause_viste == [30, 60, 120, 240, 480, 600, 600]
        assert registrati(Azione.PORTALE_FERMO) == 1

    def test_calls_that_were_under_way_do_not_lengthen_it(self) -> None:
        ferma()
        prima = riga().riprova_il
        ferma(10, ORA + dt.timedelta(seconds=5))

        assert (riga().riprova_il, riga().errori_di_fila) == (prima, 5)

    def test_it_closes_once_and_says_how_long_it_was(self) -> None:
        ferma()
        for _ in range(3):
            portale_risponde(adesso=ORA + dt.timedelta(minutes=42))

        assert registrati(Azione.PORTALE_RIPRESO) == 1
        assert Evento.objects.get(azione=Azione.PORTALE_RIPRESO).dettaglio == {"minuti": 42}
        assert (riga().errori_di_fila, avviso_portale()) == (0, None)


class TestConLaCoda:
    @pytest.fixture
    def registrato(self, cast: Cast, portale_collegato: PortaleDiProva) -> Utente:
        utente = con_curriculum(cast, cast.utente)
        portale_collegato.registrati(utente.codice_fiscale)
        return utente

    def test_only_the_trial_leaves_and_its_answer_lets_all_go(
        self, cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva
    ) -> None:
        altro = con_curriculum(cast)
        portale_collegato.registrati(altro.codice_fiscale)
        righe = [chiedi(cast, registrato), chiedi(cast, altro)]
        ferma()
        orologio = Orologio()
        assert gira(orologio) == 0
        assert coda.lavora(righe[0].pk, orologio=orologio) == 0

        orologio.avanti(seconds=30)
        assert [r.pk for r in coda.prendi_la_prova(adesso=orologio.ora)] == [righe[0].pk]
        assert coda.prendi_la_prova(adesso=orologio.ora) == []
        orologio.avanti(minutes=30)
        assert gira(orologio) == 2
        assert [fresco(r).stato for r in righe] == ["confermato", "confermato"]
        assert registrati(Azione.PORTALE_RIPRESO) == 1

    def test_with_nothing_to_do_the_trial_is_kept_for_later(self, cast: Cast, registrato: Utente) -> None:
        ferma()
        prima = riga().riprova_il
        orologio = Orologio(ORA + dt.timedelta(minutes=1))
        assert gira(orologio) == 0

        assert riga().riprova_il == prima
        chiedi(cast, registrato, orologio.ora)
        assert gira(orologio) == 1

    def test_a_trial_that_called_nobody_is_given_back(self, cast: Cast, registrato: Utente) -> None:
        """The row had lost its consent: that says nothing about the portal."""
        chiedi(cast, registrato)
        Utente.objects.filter(pk=registrato.pk).update(consenso_incontro=False)
        ferma()
        orologio = Orologio(ORA + dt.timedelta(minutes=1))
        gira(orologio)

        assert riga().aperto_il == ORA
        assert concedi_prova(adesso=orologio.ora)

    def test_a_trial_whose_row_is_no_longer_held_is_given_back(self, cast: Cast, registrato: Utente) -> None:
        """Taken out of the hands of the holder before the call: the portal was not asked."""
        trasferimento = chiedi(cast, registrato)
        ferma()

        orologio = Orologio(ORA + dt.timedelta(minutes=1))

        def sfugge(esegui: Callable[..., object], sql: str, *altro: object) -> object:
            if sql == coda.ANCORA:
                Trasferimento.objects.filter(pk=trasferimento.pk).update(presa=uuid.uuid4())
            return esegui(sql, *altro)

        with connection.execute_wrapper(sfugge):
            assert gira(orologio) == 1

        assert riga().aperto_il == ORA
        assert concedi_prova(adesso=orologio.ora)

    def test_a_refusal_is_an_answer(self, cast: Cast, portale_collegato: PortaleDiProva) -> None:
        ferma()
        portale_collegato.guasti(rifiuta_registrazione=True)
        utente = con_curriculum(cast, cast.utente)
        trasferimento = chiedi(cast, utente)
        gira(Orologio(ORA + dt.timedelta(minutes=1)))

        assert fresco(trasferimento).stato == "rifiutato"
        assert riga().aperto_il is None


@pytest.mark.usefixtures("transactional_db")
@pytest.mark.parametrize(("quanti", "contati", "aperto"), [(4, 4, False), (8, 5, True)])
def test_failures_at_the_same_moment_count_right(quanti: int, contati: int, aperto: bool) -> None:
    """Eight workers fail together: stopped once, registered once, the pause is the first one."""
    partenza = threading.Barrier(quanti)

    def fallisci() -> None:
        try:
            partenza.wait(10)
            interruttore.portale_non_risponde(errore=GUASTO, adesso=ORA)
        finally:
            connections.close_all()

    fili = [threading.Thread(target=fallisci) for _ in range(quanti)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(30)

    assert (riga().errori_di_fila, riga().aperto_il is not None) == (contati, aperto)
    assert registrati(Azione.PORTALE_FERMO) == int(aperto)
    if aperto:
        assert riga().riprova_il == ORA + dt.timedelta(seconds=30)
