"""The target firms of phase 2, changed in place (C4)."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render

from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.colloquio import ImpresaForm
from psp.models import Fase
from psp.services.colloquio import aggiungi_impresa, elimina_impresa
from psp.services.completezza_colloquio import indirizzo_fase
from psp.views.cornice import FaseMixin


class ImpreseView(FaseMixin):
    """The list, and one form to add; `elimina` names the firm to take off."""

    fase = Fase.ANALISI

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.elenco(ImpresaForm())

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        eliminata = request.POST.get("elimina", "")
        form = ImpresaForm(None if eliminata else request.POST)
        chi: dict[str, Any] = {"attore": request.user, "adesso": adesso()}
        try:
            if eliminata.isascii() and eliminata.isdigit():
                elimina_impresa(colloquio=self.colloquio, impresa_id=int(eliminata[:18]), **chi)
            elif form.is_valid():
                aggiungi_impresa(colloquio=self.colloquio, dati=form.cleaned_data, **chi)
            else:
                return self.elenco(form, status=422)
        except RegolaViolata as errore:
            if not form.is_bound:
                form = ImpresaForm({})
                form.errors.clear()
            aggiungi_errore(form, errore)
            return self.elenco(form, status=422)
        return self.elenco(ImpresaForm(), cambiato=True)

    def elenco(self, form: ImpresaForm, *, status: int = 200, cambiato: bool = False) -> HttpResponse:
        if cambiato and not self.request.htmx:
            return redirect(indirizzo_fase(self.colloquio, Fase.ANALISI, "imprese"))
        contesto = {
            "colloquio": self.colloquio,
            "imprese": list(self.colloquio.imprese.all()),
            "form_impresa": form,
            "modificabile": self.modificabile,
            "aggiunta": cambiato,
        }
        pagina = "psp/colloquio/_imprese.html" if self.request.htmx else "psp/colloquio/imprese.html"
        if not self.request.htmx:
            contesto |= self.cornice()
        risposta = render(self.request, pagina, contesto, status=status)
        if cambiato:
            risposta["HX-Trigger"] = "fascicolo-cambiato"
        return risposta
