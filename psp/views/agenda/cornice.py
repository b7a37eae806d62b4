"""What the agenda's addresses share: the permission, the meeting of the own office, the booking of a citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, PermessoMixin
from orientamento.comune.errori import VersioneSuperata
from orientamento.comune.viste import aggiungi_errore
from psp.models import Iscrizione, Seduta
from psp.services.agenda.giorni import ANNI


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

    def superata(self, form: forms.Form, errore: VersioneSuperata) -> None:
        """The meeting as it is now; what was typed stays in the form, with the version of now (C8)."""
        self.trova()
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["versione"] = str(self.seduta.versione)  # type: ignore[index]
        aggiungi_errore(form, errore)


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
    return giorno if giorno.year in ANNI else None
