"""From where a change comes (A2): kept for the length of one request, so that services need not know of requests."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse


@dataclass(frozen=True)
class Provenienza:
    """The address and the path of the request under way; empty outside requests (commands, tasks)."""

    indirizzo: str | None = None
    percorso: str = ""


provenienza: ContextVar[Provenienza] = ContextVar("provenienza", default=Provenienza())  # noqa: B039 - frozen


class ProvenienzaMiddleware:
    """Sets `provenienza` for the request and clears it after."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        segno = provenienza.set(Provenienza(request.META.get("REMOTE_ADDR") or None, request.path[:300]))
        try:
            return self.get_response(request)
        finally:
            provenienza.reset(segno)
