"""The application's addresses and two pages that only the benchmark asks for."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import include, path


def vuota(request: HttpRequest) -> HttpResponse:
    """The trivial page: logged in, full middleware, `base.html` and nothing else. The unit for all pages."""
    return render(request, "base.html")


@login_not_required
def nuda(request: HttpRequest) -> HttpResponse:
    """A bare answer."""
    del request
    return HttpResponse("ok")


urlpatterns = [
    path("bench/vuota", vuota),
    path("bench/nuda", nuda),
    path("", include("orientamento.urls")),
]
