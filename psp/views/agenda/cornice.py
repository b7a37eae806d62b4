"""What the agenda's addresses share: the permission, the meeting of the own office, the booking of a citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, PermessoMixin
from psp.models import Iscrizione, Seduta


class AgendaMixin(PermessoMixin):
    permesso = Permesso.GESTIRE_AGENDA


class SedutaMixin(AgendaMixin):
    """For addresses with the key of a meeting: the office's own, whoever holds it."""

    seduta: Seduta

    def trova(self) -> None:
        self.seduta = get_object_or_404(
            Seduta.objects.visibili_a(self.request.user).select_related(
                "cpi", "operatore", "luogo", "servizio", "creata_da"
            ),
            pk=self.kwargs["pk"],
        )


class IscrizioneMixin(OggettoDiUtenteMixin):
    """For addresses with the key of a booking: `self.oggetto`; opening it is opening the citizen's file (A2)."""

    permesso = Permesso.GESTIRE_AGENDA

    def visibili(self) -> QuerySet[Any]:
        return Iscrizione.objects.visibili_a(self.request.user).select_related(
            "seduta__cpi", "seduta__operatore", "seduta__luogo"
        )


def leggi_giorno(testo: str | None) -> dt.date | None:
    """A day as an address names it, 2026-11-24; None for anything else, and for years that no calendar shows."""
    try:
        giorno = dt.date.fromisoformat(testo or "")
    except ValueError:
        return None
    return giorno if 2000 <= giorno.year <= 2100 else None
