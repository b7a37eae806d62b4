"""Several senders at once, with real threads, real transactions and a real SMTP server: one message, one mail."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connections

from orientamento.anagrafica.models import Messaggio, StatoMessaggio
from orientamento.anagrafica.services import messaggi
from orientamento.anagrafica.services.messaggi import PRESA_VALE, accoda_messaggio, invia_messaggi, rimanda_messaggio
from tests.anagrafica.postino import Postino, postino
from tests.anagrafica.test_messaggi import ORA
from tests.cast import Cast, crea_cast

S = StatoMessaggio


@pytest.fixture
def cast_vero(transactional_db: None, settings: Any) -> Cast:
    settings.POSTA_BACKEND = ""  # the bell of the queueing must find nobody
    cast = crea_cast()
    cast.utente.email = "anna@example.org"
    cast.utente.save()
    return cast


@pytest.fixture
def server(cast_vero: Cast, settings: Any) -> Iterator[Postino]:
    with postino(settings) as uno:
        yield uno


def accoda(cast: Cast, causale: str) -> Messaggio:
    return accoda_messaggio(
        utente=cast.utente, causale=causale, oggetto="Prova", testo="Prova", attore=cast.operatore, adesso=ORA
    )


def insieme(*lavori: Callable[[], Any]) -> list[Any]:
    """Run all at the same instant; what they returned or raised, in no order."""
    partenza, esiti = threading.Barrier(len(lavori)), []

    def uno(lavoro: Callable[[], Any]) -> None:
        try:
            partenza.wait(timeout=20)
            esiti.append(lavoro())
        except BaseException as errore:
            esiti.append(errore)
        finally:
            connections.close_all()

    fili = [threading.Thread(target=uno, args=(lavoro,)) for lavoro in lavori]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(timeout=60)
    return esiti


def test_four_senders_twenty_messages_twenty_mails(cast_vero: Cast, server: Postino) -> None:
    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(messaggi.tasks.invia_messaggi, "delay_on_commit", lambda: None)
        for numero in range(20):
            accoda(cast_vero, f"prova:{numero}")

    esiti = insieme(*[lambda: invia_messaggi(adesso=ORA)] * 4)

    assert sum(esiti) == 20
    chiavi = [busta.lettera["Message-ID"] for busta in server.prese]
    assert len(chiavi) == len(set(chiavi)) == 20
    assert set(Messaggio.objects.values_list("stato", "tentativi")) == {(S.INVIATO, 1)}


def test_while_one_sends_the_other_leaves_the_message_alone(cast_vero: Cast, server: Postino) -> None:
    """The first has handed over the text and waits for the answer; the claim is committed, so the second sees it."""
    server.modi.attendi = threading.Event()
    primo = threading.Thread(target=lambda: (accoda(cast_vero, "prova:1"), connections.close_all()))
    primo.start()  # the bell of the queueing sends
    assert server.arrivata.wait(20)

    assert Messaggio.objects.get().stato == S.IN_INVIO
    assert invia_messaggi(adesso=ORA) == 0
    server.modi.attendi.set()
    primo.join(20)
    assert Messaggio.objects.get().stato == S.INVIATO
    assert len(server.prese) == 1


def test_a_sweep_that_gives_up_on_a_slow_sender_does_not_send_again(cast_vero: Cast, server: Postino) -> None:
    """The claim ran out while the server was thinking: uncertain, then known."""
    server.modi.attendi = threading.Event()
    primo = threading.Thread(target=lambda: (accoda(cast_vero, "prova:1"), connections.close_all()))
    primo.start()
    assert server.arrivata.wait(20)
    invia_messaggi(adesso=Messaggio.objects.get().prossimo_il + PRESA_VALE)  # type: ignore[operator]
    assert Messaggio.objects.get().stato == S.INCERTO

    server.modi.attendi.set()
    primo.join(20)
    assert Messaggio.objects.get().stato == S.INVIATO
    assert invia_messaggi(adesso=ORA + dt.timedelta(days=30)) == 0
    assert len(server.prese) == 1


def test_the_same_causale_queued_at_once_is_one_row(cast_vero: Cast) -> None:
    esiti = insieme(*[lambda: accoda(cast_vero, "prova:1").pk] * 4)
    assert len(set(esiti)) == 1
    assert Messaggio.objects.count() == 1


def test_sent_again_by_two_at_once_is_one_row_more(cast_vero: Cast) -> None:
    primo = accoda(cast_vero, "prova:1")
    Messaggio.objects.update(stato=S.INCERTO, prossimo_il=None)

    def rimanda() -> int:
        return rimanda_messaggio(messaggio=primo, attore=cast_vero.operatore, adesso=ORA).pk

    assert len(set(insieme(*[rimanda] * 4))) == 1
    assert Messaggio.objects.count() == 2
