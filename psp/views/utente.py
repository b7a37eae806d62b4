"""The citizen's file: where things stand, all that happened, what to do next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso
from psp.services.fascia import mancanze_ora
from psp.services.situazione import situazione_di


class UtenteView(UtenteMixin):
    """The page of one citizen; matching sees propensioni and CV only."""

    permesso = Permesso.VEDERE_PROPENSIONI

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        contesto = situazione_di(self.utente, operatore=request.user, adesso=adesso())
        return render(request, "psp/utente/scheda.html", {"utente": self.utente, **contesto})


class FasciaView(UtenteMixin):
    """What is missing now, asked again by the band after each change."""

    permesso = Permesso.VEDERE_PROPENSIONI

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        vede = puo(request.user, Permesso.VEDERE_COLLOQUIO)
        mancanze = mancanze_ora(self.utente, adesso()) if vede else []
        return render(request, "psp/_fascia_mancanze.html", {"utente_id": self.utente.pk, "mancanze": mancanze})
