"""The home page of each role: what to do today."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views import View

from orientamento.anagrafica.models import Ruolo
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from psp.services.oggi import curriculum_in_scadenza, da_riprendere, in_scadenza, patti_in_giro, riassunto_revisioni


class HomeView(View):
    """Operators and supervisors see their work; matching goes to the search, the administrator to the tables."""

    def get(self, request: Richiesta) -> HttpResponse:
        ruolo = request.user.ruolo
        if ruolo == Ruolo.INCROCIO:
            return redirect("anagrafica:ricerca")
        if ruolo == Ruolo.AMMINISTRATORE:
            return redirect("anagrafica:amministrazione")
        ora = adesso()
        contesto = {
            "riprendere": da_riprendere(request.user),
            "patti": patti_in_giro(request.user),
            "scadenze": in_scadenza(request.user, ora),
            "curricula": curriculum_in_scadenza(request.user, ora),
            "revisioni": riassunto_revisioni(request.user, ora) if ruolo == Ruolo.RESPONSABILE else None,
        }
        return render(request, "psp/home/home.html", contesto)
