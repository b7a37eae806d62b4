"""The document of stay, after the presa in carico (U5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from orientamento.anagrafica.forms.soggiorno import SoggiornoForm
from orientamento.anagrafica.models import DocumentoSoggiorno
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services.soggiorno import registra_soggiorno
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore


class SoggiornoView(UtenteMixin):
    permesso = Permesso.PRENDERE_IN_CARICO

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.mostra(SoggiornoForm(instance=self.documento()))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        modulo = SoggiornoForm(request.POST, instance=self.documento())
        if modulo.is_valid():
            try:
                documento = registra_soggiorno(
                    utente=self.utente,
                    dati=modulo.cleaned_data,
                    attore=request.user,
                )
            except RegolaViolata as errore:
                aggiungi_errore(modulo, errore)
            else:
                messages.success(request, f"{documento}: salvato.")
                return redirect("anagrafica:soggiorno", self.utente.pk)
        return self.mostra(modulo, status=422)

    def documento(self) -> DocumentoSoggiorno | None:
        return DocumentoSoggiorno.objects.filter(utente=self.utente).first()

    def mostra(self, modulo: SoggiornoForm, status: int = 200) -> HttpResponse:
        documento = self.documento()
        contesto = {
            "titolo_pagina": "Documento di soggiorno",
            "utente": self.utente,
            "modulo": modulo,
            "avviso": documento.avviso(oggi()) if documento else "",
        }
        return render(self.request, "anagrafica/soggiorno/soggiorno.html", contesto, status=status)
