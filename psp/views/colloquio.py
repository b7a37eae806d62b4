"""The pages of the interview (C1-C5, C8)."""

from __future__ import annotations

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from orientamento.anagrafica.viste import UtenteMixin
from psp.views.cornice import ColloquioMixin


def fase(request: HttpRequest, colloquio_id: int, fase: int) -> HttpResponseBase:
    raise NotImplementedError


class ApriColloquioView(UtenteMixin):
    pass


class IndiceFaseView(ColloquioMixin):
    pass


class ImpreseView(ColloquioMixin):
    pass


class TempoView(ColloquioMixin):
    pass


class IncontriView(ColloquioMixin):
    pass


class ConcludiView(ColloquioMixin):
    pass
