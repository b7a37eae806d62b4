"""Pages of error, in Italian and with a way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string


def csrf_rifiutato(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page opened before the last login: say so; the browser keeps the form on going back."""
    return render(request, "errori/csrf.html", status=403)


def richiesta_errata(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """A request that cannot be read. Django's own view asks for the token again, reads it again and fails again."""
    return HttpResponse(render_to_string("400.html"), status=400)
