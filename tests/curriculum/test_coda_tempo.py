"""The queue in the middle of a handful: the time of the task is over, a citizen is reached elsewhere (V6)."""

from __future__ import annotations

import datetime as dt
import os
import signal
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage

from orientamento.anagrafica.models import Utente
from tests.cast import Cast
from tests.curriculum.trasferimenti import Orologio, chiedi, con_curriculum, fresco, gira
from tests.portale_prova.server import PortaleDiProva


@pytest.fixture
def limite() -> Iterator[None]:
    """The signal does what the worker's soft limit does: it raises, wherever the task is."""

    def scaduto(*_: object) -> None:
        raise SoftTimeLimitExceeded

    prima = signal.signal(signal.SIGUSR1, scaduto)
    yield
    signal.signal(signal.SIGUSR1, prima)


def scade_alla_lettura(percorso: Path) -> threading.Event:
    """The file becomes one that never ends; once somebody reads it, the time is over."""
    percorso.unlink()
    os.mkfifo(percorso)

    def aspetta_chi_legge() -> None:
        with percorso.open("wb"):
            signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGUSR1)
            finito.wait(30)

    finito = threading.Event()
    threading.Thread(target=aspetta_chi_legge, daemon=True).start()
    return finito


@pytest.mark.django_db
def test_the_end_of_the_time_is_let_through_and_what_was_heard_is_written(
    cast: Cast, portale_collegato: PortaleDiProva, limite: None
) -> None:
    orologio = Orologio()
    primo, secondo = con_curriculum(cast, cast.utente), con_curriculum(cast)
    portale_collegato.registrati(primo.codice_fiscale, secondo.codice_fiscale)
    arrivata, interrotta = chiedi(cast, primo), chiedi(cast, secondo)
    cv = secondo.curricula.get()
    altro = f"{cv.file.name}.fifo"
    percorso = Path(default_storage.path(altro))
    percorso.write_bytes(b"")
    type(cv).objects.filter(pk=cv.pk).update(file=altro)
    finito = scade_alla_lettura(percorso)

    with pytest.raises(SoftTimeLimitExceeded):
        gira(orologio)
    finito.set()

    assert fresco(arrivata).stato == "confermato"
    rimasta = fresco(interrotta)
    assert (rimasta.stato, rimasta.errore) == ("in_corso", "")
    percorso.unlink()
    type(cv).objects.filter(pk=cv.pk).update(file=cv.file.name)
    orologio.avanti(hours=1)
    gira(orologio)
    assert fresco(interrotta).stato == "confermato"
    assert portale_collegato.conteggi()["ricezioni"] == 2


class CheCambia(Orologio):
    """At its second look, when a handful has been read and nothing called yet, something happens."""

    def __init__(self, fai: Callable[[], object]) -> None:
        super().__init__()
        self.guardato, self.fai = 0, fai

    def __call__(self) -> dt.datetime:
        self.guardato += 1
        if self.guardato == 2:
            self.fai()
        return super().__call__()


@pytest.mark.django_db
def test_who_is_reached_is_looked_at_just_before_the_call(cast: Cast, portale_collegato: PortaleDiProva) -> None:
    """Corrected while others of the same handful were being sent: the message goes where the person reads it."""
    primo, secondo = con_curriculum(cast, cast.utente), con_curriculum(cast, email="sbagliata@example.org")
    chiedi(cast, primo)
    chiedi(cast, secondo)
    righe = Utente.objects.filter(pk=secondo.pk)
    gira(CheCambia(lambda: righe.update(email="giusta@example.org", cellulare="")))

    [messaggio] = portale_collegato.messaggi(secondo.codice_fiscale)
    assert "giusta@example.org" in str(messaggio)
    assert "sbagliata@example.org" not in str(messaggio)
