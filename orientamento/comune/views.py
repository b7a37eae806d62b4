"""Pages of error, in Italian and with a way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render


def csrf_rifiutato(request: HttpRequest, reason: str = "") -> HttpResponse:
    """The form came from a page opened before the last login: say so; the browser keeps the form on going back."""
    return render(request, "errori/csrf.html", status=403)
