"""The citizen's file: every section on one page, each a panel that works also inside the interview (U4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from orientamento.anagrafica.forms.fascicolo import VoceForm
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services.fascicolo import Voce, elimina_voce, salva_voce
from orientamento.anagrafica.sezioni import SEZIONI, Sezione, contesto_pannello
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore

COLONNE = (("titoli", "esperienze", "altro"), ("lingue", "competenze"))


class FascicoloMixin(UtenteMixin):
    """Draws the page with every panel, or one panel for a partial request."""

    permesso = Permesso.VEDERE_FASCICOLO

    def pagina(self, chiave: str = "", status: int = 200, **stato: Any) -> HttpResponse:
        colonne = [
            [contesto_pannello(self.utente, c, self.request.user, **(stato if c == chiave else {})) for c in colonna]
            for colonna in COLONNE
        ]
        contesto = {"titolo_pagina": "Fascicolo", "utente": self.utente, "colonne": colonne}
        return render(self.request, "anagrafica/fascicolo/pagina.html", contesto, status=status)

    def pannello(self, chiave: str, status: int = 200, **stato: Any) -> HttpResponse:
        if not self.request.htmx:
            return self.pagina(chiave, status=status, **stato)
        contesto = {"pannello": contesto_pannello(self.utente, chiave, self.request.user, **stato)}
        return render(self.request, "anagrafica/fascicolo/_pannello.html", contesto, status=status)


class FascicoloView(FascicoloMixin):
    """The whole file on one page."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.pagina()


class PannelloView(FascicoloMixin):
    """One panel, as it is."""

    sezione = ""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.pannello(self.sezione, fuoco="fuoco" in request.GET)


class VoceMixin(FascicoloMixin):
    """For addresses with the key of a section, and perhaps the `pk` of an entry of it."""

    permesso = Permesso.MODIFICARE_FASCICOLO
    sezione: Sezione

    def trova(self) -> None:
        if self.kwargs["sezione"] not in SEZIONI:
            raise Http404
        self.sezione = SEZIONI[self.kwargs["sezione"]]
        super().trova()

    def voce(self) -> Voce | None:
        righe = self.sezione.modello._default_manager.filter(utente=self.utente)
        if self.sezione.unica:
            return righe.first()
        return righe.filter(pk=self.kwargs["pk"]).first() if "pk" in self.kwargs else None

    def fatto(self, esito: str) -> HttpResponse:
        """The fresh panel, or back to the page at the panel's place."""
        if self.request.htmx:
            risposta = self.pannello(self.sezione.chiave, esito=esito)
            risposta["HX-Trigger"] = "fascicolo-cambiato"
            return risposta
        messages.success(self.request, esito)
        return redirect(f"{reverse('anagrafica:fascicolo', args=[self.utente.pk])}#{self.sezione.id_pannello}")


class VoceView(VoceMixin):
    """Add an entry, or correct one, in place."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        voce = self.voce()
        if "pk" in kwargs and voce is None:
            raise Http404
        return self.con_modulo(self.sezione.form(instance=voce), voce)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        voce = self.voce()
        modulo = self.sezione.form(request.POST, instance=voce)
        if modulo.is_valid():
            try:
                salvata = salva_voce(
                    utente=self.utente,
                    modello=self.sezione.modello,
                    dati=modulo.cleaned_data,
                    attore=request.user,
                    pk=kwargs.get("pk"),
                )
            except RegolaViolata as errore:
                aggiungi_errore(modulo, errore)
            else:
                return self.fatto(f"Salvato: {salvata}.")
        return self.con_modulo(modulo, voce, status=422)

    def con_modulo(self, modulo: VoceForm, voce: Voce | None, status: int = 200) -> HttpResponse:
        return self.pannello(self.sezione.chiave, status=status, modulo=modulo, modulo_pk=voce.pk if voce else None)


class VoceEliminaView(VoceMixin):
    """Take an entry away; the panel has asked to confirm."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        elimina_voce(
            utente=self.utente,
            modello=self.sezione.modello,
            pk=kwargs["pk"],
            attore=request.user,
        )
        return self.fatto("Voce eliminata.")
