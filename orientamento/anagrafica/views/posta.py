"""The messages that would have gone, where no mail server is configured: for trials only."""

from __future__ import annotations

from django.http import Http404, HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.posta import cartella
from orientamento.anagrafica.services.messaggi import posta_in_uscita
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.viste import chiave_intera

MESSAGGI_PER_PAGINA = 20


class PostaInUscitaView(PermessoMixin):
    """Newest first, those to citizens whom the operator sees; not found where messages really leave."""

    permesso = Permesso.VEDERE_FASCICOLO

    def get(self, request: Richiesta) -> HttpResponse:
        if not cartella.in_uso():
            raise Http404
        prima = chiave_intera(request.GET.get("prima"))
        messaggi, prossima = posta_in_uscita(request.user, prima=prima, quanti=MESSAGGI_PER_PAGINA)
        contesto = {
            "titolo_pagina": "Posta in uscita",
            "messaggi": messaggi,
            "prossima": prossima,
            "dall_inizio": prima is None,
        }
        return render(request, "anagrafica/posta/in_uscita.html", contesto)
