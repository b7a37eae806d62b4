"""What every page of an interview shares: the door, the gate of phase 1, the rail, the clock."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import OggettoDiUtenteMixin
from psp.models import Colloquio, Fase


class ColloquioMixin(OggettoDiUtenteMixin):
    """For addresses with `colloquio_id`: sets `self.colloquio` and `self.utente` (A1)."""

    permesso = Permesso.VEDERE_COLLOQUIO
    permesso_modifica = Permesso.CONDURRE_COLLOQUIO

    @property
    def colloquio(self) -> Colloquio:
        return self.oggetto

    def visibili(self) -> QuerySet[Colloquio]:
        return Colloquio.objects.visibili_a(self.request.user)

    def trova_utente(self) -> Utente:
        self.kwargs["pk"] = self.kwargs["colloquio_id"]
        return super().trova_utente()
