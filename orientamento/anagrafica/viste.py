"""What every view of a citizen's data has in common: the one door to the rows, the permission, the register."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404
from django.views import View

from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, richiedi
from orientamento.registro.services import registra_apertura


class PermessoMixin(View):
    """Checks `permesso`, and on a POST `permesso_modifica` where it is set: 403 for a colleague without the right."""

    permesso: Permesso
    permesso_modifica: Permesso | None = None

    def richiedi_permesso(self) -> None:
        scrive = self.request.method not in ("GET", "HEAD")
        richiedi(self.request.user, self.permesso_modifica if scrive and self.permesso_modifica else self.permesso)


class UtenteMixin(PermessoMixin):
    """For addresses with `utente_id`: sets `self.utente`, or answers 404 to a stranger (A1)."""

    utente: Utente

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        self.utente = self.trova_utente()
        self.richiedi_permesso()
        request.utente_in_vista = self.utente  # type: ignore[attr-defined]
        if request.method == "GET":
            registra_apertura(self.utente, attore=request.user, parziale="HX-Request" in request.headers)
        return super().dispatch(request, *args, **kwargs)

    def trova_utente(self) -> Utente:
        return get_object_or_404(
            Utente.objects.visibili_a(self.request.user).select_related("cpi", "operatore_riferimento"),
            pk=self.kwargs["utente_id"],
        )


class OggettoDiUtenteMixin(UtenteMixin):
    """For addresses with the `pk` of something that belongs to a citizen: sets `self.oggetto` and `self.utente`.

    `visibili` returns the rows that the operator may see (`Modello.objects.visibili_a(...)`), with `utente` selected.
    """

    oggetto: Any

    def visibili(self) -> QuerySet[Any]:
        raise NotImplementedError

    def trova_utente(self) -> Utente:
        self.oggetto = get_object_or_404(
            self.visibili().select_related("utente__cpi", "utente__operatore_riferimento"), pk=self.kwargs["pk"]
        )
        return self.oggetto.utente
