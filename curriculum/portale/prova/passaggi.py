"""What every request passes through: the headers of the pages, and the faults of the contract's addresses."""

from __future__ import annotations

import logging
import socket
import time
from collections.abc import Callable
from http import HTTPStatus

from django.http import HttpRequest, HttpResponse

from curriculum.portale.prova.interruttori import Guasti, guasti, scegli, tocca
from curriculum.portale.prova.rifiuti import Rifiuto, del_contratto, problema

Risposta = Callable[[HttpRequest], HttpResponse]
POLITICA = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
# Cut short, not JSON at all, JSON that the contract does not know: one of these, at random.
SBAGLIATI = (b'{"stato": "pubbl', b"<html><body>Servizio momentaneamente non raggiungibile</body></html>", b'["ok"]')
_diario = logging.getLogger(__name__)


class Intestazioni:
    """No inline code, no other host, no copy kept by browsers; an error of ours stays inside the contract."""

    def __init__(self, prosegui: Risposta) -> None:
        self.prosegui = prosegui

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.get_host()  # refuses a name that is not this machine's own
        risposta = self.prosegui(request)
        risposta.setdefault("Content-Security-Policy", POLITICA)
        risposta.setdefault("X-Content-Type-Options", "nosniff")
        risposta.setdefault("Referrer-Policy", "same-origin")
        risposta.setdefault("Cache-Control", "no-store")
        return risposta

    def process_exception(self, request: HttpRequest, errore: Exception) -> HttpResponse | None:
        if not del_contratto(request):
            return None
        _diario.exception("Errore del portale di prova", exc_info=errore)
        return guasto()


class Disturbo:
    """The faults that the switches ask for, before and after the work; only where the contract's clients come."""

    def __init__(self, prosegui: Risposta) -> None:
        self.prosegui = prosegui

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not del_contratto(request):
            return self.prosegui(request)
        attivi = guasti()
        if attivi.ritardo_ms and tocca(attivi.ritardo):
            time.sleep(attivi.ritardo_ms / 1000)
        return self._prima(request, attivi) or self._dopo(request, attivi, self.prosegui(request))

    def _prima(self, request: HttpRequest, attivi: Guasti) -> HttpResponse | None:
        if tocca(attivi.taglia_prima):
            return taglia(request)
        if tocca(attivi.troppe_richieste):
            dopo = str(attivi.riprova_dopo_s)
            return problema(
                Rifiuto(429, "troppe_richieste", f"Troppe richieste: riprovare fra {dopo} secondi.", Retry_After=dopo)
            )
        if tocca(attivi.non_disponibile):
            dopo = str(attivi.riprova_dopo_s)
            return problema(Rifiuto(503, "non_disponibile", "Il portale è fermo per manutenzione.", Retry_After=dopo))
        return guasto() if tocca(attivi.errore_500) else None

    def _dopo(self, request: HttpRequest, attivi: Guasti, risposta: HttpResponse) -> HttpResponse:
        if tocca(attivi.taglia_dopo):
            return taglia(request)
        if tocca(attivi.errore_500_dopo):
            return guasto()
        if risposta.status_code < HTTPStatus.MULTIPLE_CHOICES and tocca(attivi.json_sbagliato):
            risposta.content = SBAGLIATI[scegli(len(SBAGLIATI))]
        return risposta


def guasto() -> HttpResponse:
    return problema(Rifiuto(500, "guasto", "Il portale ha avuto un errore: riprovare più tardi."))


def taglia(request: HttpRequest) -> HttpResponse:
    """Close the connection without a word. The answer returned here reaches nobody."""
    presa: socket.socket | None = request.META.get("gunicorn.socket")
    if presa is None:
        raise ConnectionAbortedError("taglio della connessione")
    presa.shutdown(socket.SHUT_RDWR)
    return HttpResponse()
