"""GET /salute: is everything that must run running? For the launcher, the load balancer and whoever is on call."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.db import connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.decorators import method_decorator
from django.views import View

from curriculum.services.interruttore import salute_del_portale
from orientamento.comune.calendario import adesso

BATTITO = "orientamento:battito"
BATTITO_SCADE = 45.0
ATTESA = 2.0


def prova_database() -> None:
    """On a connection of its own, in the thread that asks: one that was fine a minute ago proves nothing."""
    try:
        with connection.cursor() as cursore:
            cursore.execute("SELECT 1")
    finally:
        connection.close()


def prova_broker() -> None:
    cliente = redis.Redis.from_url(settings.REDIS_URL, socket_connect_timeout=1, socket_timeout=1)
    try:
        cliente.ping()
    finally:
        cliente.close()


def prova_worker() -> None:
    battito = cache.get(BATTITO)
    if battito is None or time.time() - battito > BATTITO_SCADE:
        raise TimeoutError("nessun battito recente")


def notizie_del_portale() -> dict[str, Any]:
    try:
        return salute_del_portale(adesso=adesso())
    finally:
        connection.close()


PROVE: dict[str, Callable[[], None]] = {"database": prova_database, "broker": prova_broker, "worker": prova_worker}
# Told, and no verdict on the site: other people's servers may be down, and ours must not be taken away for it.
NOTIZIE: dict[str, Callable[[], dict[str, Any]]] = {"portale": notizie_del_portale}


class Esame:
    """Runs one check in a thread and waits no longer than it should.

    A frozen server may hold a check for ever: until that one ends no other is begun, and the answer is "down".
    """

    def __init__(self, nome: str) -> None:
        self.nome = nome
        self.in_corso: threading.Thread | None = None
        self.esito = False
        self.durata = 0.0
        self.detto: dict[str, Any] | None = None

    def inizia(self) -> None:
        if self.in_corso is not None and self.in_corso.is_alive():
            return
        self.esito = False
        self.in_corso = threading.Thread(target=self._esegui, name=f"salute-{self.nome}", daemon=True)
        self.in_corso.start()

    def _esegui(self) -> None:
        inizio = time.monotonic()
        try:
            self.detto = {**PROVE, **NOTIZIE}[self.nome]()
        except Exception:
            return
        self.durata = time.monotonic() - inizio
        self.esito = True

    def riferisci(self, scadenza: float) -> dict[str, Any]:
        assert self.in_corso is not None
        self.in_corso.join(max(0.0, scadenza - time.monotonic()))
        if self.in_corso.is_alive() or not self.esito:
            return {"stato": "non risponde" if self.nome in PROVE else "non si sa"}
        return self.detto or {"stato": "ok", "ms": round(self.durata * 1000, 1)}


_esami = {nome: Esame(nome) for nome in (*PROVE, *NOTIZIE)}
_uno_alla_volta = threading.Lock()


def esamina() -> dict[str, Any]:
    """The state of each part, the names of those that are down, and the news of what is not ours."""
    if not _uno_alla_volta.acquire(timeout=ATTESA):
        return {"stato": "guasto", "guasti": list(PROVE)}
    try:
        scadenza = time.monotonic() + ATTESA
        for esame in _esami.values():
            esame.inizia()
        parti = {nome: esame.riferisci(scadenza) for nome, esame in _esami.items()}
    finally:
        _uno_alla_volta.release()
    guasti = [nome for nome in PROVE if parti[nome]["stato"] != "ok"]
    return {"stato": "guasto" if guasti else "ok", "guasti": guasti, **parti}


@method_decorator(login_not_required, name="dispatch")
class SaluteView(View):
    """200 when all is well, 503 with the names of what is down. It says nothing that helps an attacker."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest) -> HttpResponse:
        stato = esamina()
        return JsonResponse(stato, status=200 if stato["stato"] == "ok" else 503, headers={"Cache-Control": "no-store"})
