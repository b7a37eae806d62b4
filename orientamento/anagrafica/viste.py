"""What every view has in common: the request as it is after the login, the permission, the one door to a citizen."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.views import View
from django_htmx.middleware import HtmxDetails

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, richiedi
from orientamento.registro.services import registra_apertura


class Richiesta(HttpRequest):
    """The request that views see: middleware has seen to the login and added the rest. Only a name for its types."""

    user: Operatore
    htmx: HtmxDetails
    utente_in_vista: Utente
    fascia: Any  # the citizen's band, where the view has read already what it shows


class PermessoMixin(View):
    """Finds what the address names, checks the permission, then lets the view answer (A1).

    404 to a stranger comes from `trova`, 403 to a colleague without the right from `permesso`, or on a POST from
    `permesso_modifica` where it is set.
    """

    request: Richiesta
    permesso: Permesso
    permesso_modifica: Permesso | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.trova()
        self.richiedi_permesso()
        altrove = self.entra()
        return super().dispatch(request, *args, **kwargs) if altrove is None else altrove

    def trova(self) -> None:
        """Set on the view what the address names, or raise `Http404`."""

    def richiedi_permesso(self) -> None:
        scrive = self.request.method not in ("GET", "HEAD")
        richiedi(self.request.user, self.permesso_modifica if scrive and self.permesso_modifica else self.permesso)

    def entra(self) -> HttpResponseBase | None:
        """What comes before the view's own answer; a response returned here takes its place."""
        return None


class UtenteMixin(PermessoMixin):
    """For addresses with `utente_id`: sets `self.utente`, and writes the opening in the register (A1, A2)."""

    utente: Utente
    salvando_mostra = True  # False: what a POST answers when all is well says nothing of the person

    def trova(self) -> None:
        self.utente = self.trova_utente()

    def trova_utente(self) -> Utente:
        return get_object_or_404(
            Utente.objects.visibili_a(self.request.user).select_related("cpi", "operatore_riferimento"),
            pk=self.kwargs["utente_id"],
        )

    def entra(self) -> HttpResponseBase | None:
        self.request.utente_in_vista = self.utente
        if self.request.method == "GET":
            registra_apertura(self.utente, attore=self.request.user, parziale="HX-Request" in self.request.headers)
        return super().entra()

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """A POST that answers with a page has shown the person too: a form sent empty is no way around the register."""
        risposta = super().dispatch(request, *args, **kwargs)
        mostra = self.salvando_mostra or risposta.status_code >= 400
        if request.method == "POST" and mostra and "Location" not in risposta:
            registra_apertura(self.utente, attore=self.request.user, parziale=True)
        return risposta


class OggettoDiUtenteMixin(UtenteMixin):
    """For addresses with the key of something that belongs to a citizen: sets `self.oggetto` and `self.utente`.

    `visibili` returns the rows that the operator may see (`Modello.objects.visibili_a(...)`).
    """

    oggetto: Any
    chiave = "pk"  # what the address calls it

    def visibili(self) -> QuerySet[Any]:
        raise NotImplementedError

    def trova_utente(self) -> Utente:
        self.oggetto = get_object_or_404(
            self.visibili().select_related("utente__cpi", "utente__operatore_riferimento"),
            pk=self.kwargs[self.chiave],
        )
        return self.oggetto.utente


class PannelloMixin(UtenteMixin):
    """A section of the file as a panel: alone for a partial request, else on its own page.

    `cartella` names the templates, `_pannello.html` and `pagina.html`, and the address `cartella:pannello`.
    """

    cartella: str
    titolo_pagina: str

    def pannello(self, **stato: Any) -> dict[str, Any]:
        """What the panel shows, as plain data; `stato` is what `disegna` was called with."""
        raise NotImplementedError

    def disegna(self, *, status: int = 200, **stato: Any) -> HttpResponse:
        contesto: dict[str, Any] = {"pannello": self.pannello(**stato)}
        if self.request.htmx:
            return render(self.request, f"{self.cartella}/_pannello.html", contesto, status=status)
        contesto |= {"titolo_pagina": self.titolo_pagina, "utente": self.utente}
        return render(self.request, f"{self.cartella}/pagina.html", contesto, status=status)

    def fatto(self, esito: str) -> HttpResponse:
        """The fresh panel with what happened, or back to its page."""
        if self.request.htmx:
            risposta = self.disegna(esito=esito)
            risposta["HX-Trigger"] = "fascicolo-cambiato"
            return risposta
        messages.success(self.request, esito)
        return redirect(f"{self.cartella}:pannello", utente_id=self.utente.pk)
