"""Why an absence was justified: asked for with a reason, shown once (U6)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.agenda import GiustificazioneForm
from psp.services.agenda import apri_giustificazione
from psp.services.agenda.giorni import quando
from psp.views.agenda.cornice import IscrizioneMixin


class GiustificazioneView(IscrizioneMixin):
    """A GET only asks what for; the answer to a POST shows the reason, and no address leads back to it."""

    permesso = Permesso.VEDERE_GIUSTIFICAZIONI

    def visibili(self) -> QuerySet[Any]:
        return super().visibili().filter(giustificazione__isnull=False)

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra(GiustificazioneForm())

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = GiustificazioneForm(request.POST)
        if form.is_valid():
            try:
                vista = apri_giustificazione(
                    iscrizione=self.oggetto, **form.cleaned_data, attore=request.user, adesso=adesso()
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.mostra(form, giustificazione=vista)
        return self.mostra(form, status=422)

    def mostra(self, form: GiustificazioneForm, status: int = 200, **altro: Any) -> HttpResponse:
        seduta = self.oggetto.seduta
        contesto = {
            "titolo_pagina": "Motivo dell'assenza",
            "utente": self.utente,
            "iscrizione": self.oggetto,
            "seduta": seduta,
            "quando": quando(seduta.inizio, seduta.fine),
            "form": form,
            **altro,
        }
        risposta = render(self.request, "psp/agenda/giustificazione.html", contesto, status=status)
        risposta["Cache-Control"] = "private, no-store"
        return risposta
