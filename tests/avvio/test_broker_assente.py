"""A broker or cache that is down or frozen must neither stall nor break a page."""

import socket
import time

import pytest
from celery import Celery
from kombu.exceptions import OperationalError

from orientamento import cache as modulo_cache
from orientamento import campanello
from orientamento.cache import CacheTollerante
from orientamento.settings import base

TEMPI = {"socket_connect_timeout": 0.2, "socket_timeout": 0.2}


@pytest.fixture(autouse=True)
def interruttori(monkeypatch):
    for modulo in (modulo_cache, campanello):
        monkeypatch.setattr(modulo, "interruttore", modulo_cache.Interruttore())


@pytest.fixture(params=["spento", "gelato"])
def presa(request, tmp_path):
    """A socket nobody listens to, or one whose owner accepts and never answers."""
    percorso = str(tmp_path / "s")
    if request.param == "spento":
        yield percorso
        return
    with socket.socket(socket.AF_UNIX) as ascolto:
        ascolto.bind(percorso)
        ascolto.listen(16)
        yield percorso


def test_the_settings_use_the_tolerant_cache_with_short_time_outs():
    assert base.CACHES["default"]["BACKEND"] == "orientamento.cache.CacheTollerante"
    assert base.CACHES["default"]["OPTIONS"] == TEMPI
    assert {**TEMPI, "max_retries": 0}.items() <= base.CELERY_BROKER_TRANSPORT_OPTIONS.items()


def test_a_missing_cache_is_an_empty_one_and_only_the_first_call_waits(presa):
    cache = CacheTollerante(f"unix://{presa}", {"OPTIONS": TEMPI})
    inizio = time.monotonic()
    assert cache.get("a", "altrimenti") == "altrimenti"
    assert time.monotonic() - inizio < 1
    inizio = time.monotonic()
    cache.set("a", 1)
    cache.set_many({"a": 1})
    cache.delete_many(["a"])
    assert cache.add("a", 1) is False
    assert cache.get_many(["a"]) == {}
    assert cache.has_key("a") is False
    assert cache.touch("a") is False
    assert cache.delete("a") is False
    assert cache.incr("a", 2) == 2
    assert cache.clear() is False
    assert time.monotonic() - inizio < 0.1


def test_the_cache_is_asked_again_after_a_pause(presa):
    modulo_cache.interruttore.pausa = 0.0
    cache = CacheTollerante(f"unix://{presa}", {"OPTIONS": TEMPI})
    assert cache.get("a") is None
    assert modulo_cache.interruttore.aperto


@pytest.fixture
def app(presa):
    app = Celery("prova", task_cls="orientamento.campanello:Campanello", set_as_current=False)
    app.conf.update(
        broker_url=f"redis+socket://{presa}",
        broker_transport_options=base.CELERY_BROKER_TRANSPORT_OPTIONS,
        task_publish_retry=False,
        task_ignore_result=True,
    )
    yield app
    app.close()


def test_ringing_a_bell_that_does_not_ring_is_quick_and_harmless(app):
    @app.task
    def suona():
        raise AssertionError("nobody runs it")

    inizio = time.monotonic()
    assert suona.delay() is None
    primo = time.monotonic() - inizio
    assert primo < 1.5
    inizio = time.monotonic()
    assert suona.delay() is None
    assert time.monotonic() - inizio < 0.05


def test_inside_a_task_the_failure_is_raised_for_celery_to_handle(app, monkeypatch):
    @app.task
    def suona():
        raise AssertionError("nobody runs it")

    monkeypatch.setattr(campanello, "current_task", suona)
    with pytest.raises((OperationalError, OSError)):
        suona.delay()
