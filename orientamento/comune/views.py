"""Pages of error, in Italian and with a way out."""

import sys

from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_rifiutato(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page opened before the last login: say so; the browser keeps the form on going back."""
    return render(request, "errori/csrf.html", status=403)


def richiesta_errata(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read. Django's own view asks for the token again, reads it again and fails again."""
    return HttpResponse(render_to_string("400.html"), status=400)


def guasto(request: HttpRequest) -> HttpResponse:
    """An error of ours, unless it is the database that is away or busy: that passes by itself, and the page says so."""
    if isinstance(sys.exception(), OperationalError | InterfaceError):
        return HttpResponse(render_to_string("503.html"), status=503, headers={"Retry-After": "60"})
    return HttpResponseServerError(render_to_string("500.html"))
