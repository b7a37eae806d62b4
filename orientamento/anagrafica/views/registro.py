"""The register of one citizen, for who answers for the office (A2)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services.lettura_registro import GENERI, pagina_registro
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.viste import chiave_intera


class RegistroUtenteView(UtenteMixin):
    permesso = Permesso.VEDERE_REGISTRO

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        genere = request.GET.get("genere", "")
        prima = request.GET.get("prima", "")
        righe, prossima = pagina_registro(self.utente, genere=genere, prima=chiave_intera(prima))
        contesto = {
            "titolo_pagina": "Registro",
            "utente": self.utente,
            "righe": righe,
            "prossima": prossima,
            "dall_inizio": not prima,
            "genere": genere,
            "generi": [(chiave, nome) for chiave, (nome, _) in GENERI.items()],
        }
        return render(request, "anagrafica/registro/registro.html", contesto)
