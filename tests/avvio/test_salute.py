"""GET /salute: 200 with the state of the parts, 503 with the names of those that are down, and never a long wait."""

import datetime as dt
import threading
import time

import pytest
from django.core.cache import cache
from django.test import Client
from redis.exceptions import ConnectionError as RedisConnectionError

from curriculum.portale.errori import ErroreTemporaneo
from curriculum.services import interruttore
from orientamento import salute, tasks
from orientamento.comune.calendario import adesso
from tests.cast import crea_cast
from tests.curriculum.trasferimenti import chiedi, con_curriculum


@pytest.fixture(autouse=True)
def broker_vivo(monkeypatch):
    """The tests have a database; the broker is played, unless a test says otherwise."""
    monkeypatch.setitem(salute.PROVE, "broker", lambda: None)
    cache.clear()


@pytest.mark.django_db
def test_all_well_after_a_heartbeat(client):
    tasks.batti.delay()
    risposta = client.get("/salute")
    assert risposta.status_code == 200
    corpo = risposta.json()
    assert (corpo["stato"], corpo["guasti"]) == ("ok", [])
    assert {parte: corpo[parte]["stato"] for parte in salute.PROVE} == dict.fromkeys(salute.PROVE, "ok")
    assert risposta["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize(("eta", "atteso"), [(44, 200), (46, 503), (None, 503)])
def test_the_worker_is_down_when_its_heartbeat_is_stale_or_missing(client, eta, atteso):
    if eta is not None:
        cache.set(salute.BATTITO, time.time() - eta)
    risposta = client.get("/salute")
    assert risposta.status_code == atteso
    assert risposta.json()["guasti"] == ([] if atteso == 200 else ["worker"])


def test_a_portal_that_is_down_is_told_and_the_site_stays_well(client, settings, transactional_db):
    """V6: whoever is on call reads it; a load balancer must not take the site away for somebody else's server."""
    tasks.batti.delay()
    assert client.get("/salute").json()["portale"] == {"stato": "non collegato"}

    settings.PORTALE_URL, settings.PORTALE_CLIENTE, settings.PORTALE_SEGRETO = "http://127.0.0.1:9", "prova", "prova"
    cast = crea_cast()
    assert client.get("/salute").json()["portale"] == {"stato": "ok", "in_coda": 0, "attesa_s": 0}
    ora = adesso()
    chiedi(cast, con_curriculum(cast, ora=ora), ora - dt.timedelta(minutes=5))
    portale = client.get("/salute").json()["portale"]
    assert (portale["stato"], portale["in_coda"], portale["attesa_s"] // 60) == ("in difficoltà", 1, 5)

    for _ in range(4):
        interruttore.portale_non_risponde(errore=ErroreTemporaneo("non_raggiungibile", "Non risponde."), adesso=ora)
    risposta = client.get("/salute")
    assert (risposta.status_code, risposta.json()["stato"], risposta.json()["guasti"]) == (200, "ok", [])
    assert risposta.json()["portale"]["stato"] == "fermo"
    interruttore.portale_risponde(adesso=ora)
    assert client.get("/salute").json()["portale"]["stato"] == "ok"


def test_what_cannot_be_asked_of_the_portal_is_not_known(client, monkeypatch):
    def cade():
        raise OSError("il database non risponde")

    monkeypatch.setitem(salute.PROVE, "database", lambda: None)
    monkeypatch.setitem(salute.NOTIZIE, "portale", cade)
    tasks.batti()
    risposta = client.get("/salute")
    assert (risposta.status_code, risposta.json()["portale"]) == (200, {"stato": "non si sa"})


def test_a_database_that_is_down_is_named_and_not_explained(client, monkeypatch):
    def cade():
        raise OSError("connection to server at 10.0.0.7 failed for user segreto")

    monkeypatch.setitem(salute.PROVE, "database", cade)
    tasks.batti()
    risposta = client.get("/salute")
    assert risposta.status_code == 503
    assert risposta.json()["guasti"] == ["database"]
    assert "segreto" not in risposta.content.decode()


def test_a_frozen_part_is_down_within_the_waiting_time_and_piles_up_no_threads(client, monkeypatch):
    libera = threading.Event()
    chiamate = []

    def gelata():
        chiamate.append(1)
        libera.wait(30)

    monkeypatch.setattr(salute, "ATTESA", 0.2)
    monkeypatch.setitem(salute.PROVE, "database", lambda: None)
    monkeypatch.setitem(salute.PROVE, "broker", gelata)
    tasks.batti()
    try:
        for _ in range(3):
            inizio = time.monotonic()
            risposta = client.get("/salute")
            assert time.monotonic() - inizio < 2
            assert risposta.json()["guasti"] == ["broker"]
        assert len(chiamate) == 1
    finally:
        libera.set()
    salute._esami["broker"].in_corso.join(5)
    assert client.get("/salute").status_code == 200


def test_it_needs_no_login_and_nothing_but_reading_is_allowed(monkeypatch):
    monkeypatch.setitem(salute.PROVE, "database", lambda: None)
    assert Client().get("/salute").status_code in (200, 503)
    assert Client(enforce_csrf_checks=True).post("/salute").status_code in (403, 405)


def test_the_real_broker_check_fails_fast_when_nobody_listens(settings, tmp_path):
    settings.REDIS_URL = f"unix://{tmp_path}/nessuno.sock"
    inizio = time.monotonic()
    with pytest.raises(RedisConnectionError):
        salute.prova_broker()
    assert time.monotonic() - inizio < 2
