"""The citizen's file: where things stand, all that happened, what to do next."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso
from psp.services.fascia import componi_fascia, mancanze_ora
from psp.services.situazione import situazione_di


class UtenteView(UtenteMixin):
    """The page of one citizen; matching sees propensioni and CV only."""

    permesso = Permesso.VEDERE_PROPENSIONI

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        contesto = situazione_di(self.utente, operatore=request.user)
        if contesto["vede_tutto"]:
            in_vigore = contesto["patto_in_vigore"] is not None
            request.fascia = componi_fascia(self.utente, contesto["did"], in_vigore, adesso())
        return render(request, "psp/utente/scheda.html", {"utente": self.utente, **contesto})


class FasciaView(UtenteMixin):
    """What is missing now: asked by the band right after the page, and again after each change."""

    permesso = Permesso.VEDERE_COLLOQUIO

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        mancanze = mancanze_ora(self.utente, adesso())
        return render(request, "psp/_fascia_mancanze.html", {"utente_id": self.utente.pk, "mancanze": mancanze})
