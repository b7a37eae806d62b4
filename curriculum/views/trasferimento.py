"""The transfer to the portal: the alert, the asking, the stopping, one more message to the citizen (V2)."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect

from curriculum.models import Trasferimento
from curriculum.passi import passo_trasferisci
from curriculum.services.anticipo import controlla_subito
from curriculum.services.trasferimento import (
    annulla_trasferimento,
    chiedi_sollecito,
    chiedi_trasferimento,
    ripeti_rimozione,
)
from curriculum.views.pannello import PannelloCurriculumMixin
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata


class TrasferimentoMixin(PannelloCurriculumMixin):
    """A verb of the transfer, from the panel and back to it. Whoever comes by address is led to the panel."""

    permesso = Permesso.TRASFERIRE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("curriculum:pannello", utente_id=self.utente.pk)


class TrasferisciView(TrasferimentoMixin):
    """*Trasferisci CV al portale*: the alert, accepted each time, then the place in the queue."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        passo = passo_trasferisci(self.utente, adesso=adesso())
        return self.disegna(passo=passo) if passo or request.htmx else super().get(request)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        ora = adesso()
        try:
            chiedi_trasferimento(
                utente=self.utente,
                attore=request.user,
                avviso_versione=request.POST.get("avviso", ""),
                adesso=ora,
            )
        except RegolaViolata as errore:
            passo = passo_trasferisci(self.utente, adesso=ora, rifiuto=errore.messaggio)
            return self.disegna(passo=passo, errore=errore.messaggio, status=422)
        return self.fatto("Il trasferimento al portale è chiesto e parte da solo. Qui sotto si vede quando arriva.")


class SollecitaView(TrasferimentoMixin):
    """One more message of confirmation, within the pause and the cap."""

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            chiedi_sollecito(utente=self.utente, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            return self.disegna(errore=errore.messaggio, status=422)
        return self.fatto("Il nuovo messaggio è chiesto al portale: arriva alla persona entro pochi minuti.")


class ControllaView(TrasferimentoMixin):
    """The citizen says that they have confirmed: the portal is asked now, not at the next turn."""

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if not controlla_subito(utente=self.utente, adesso=adesso()):
            return self.fatto("Nessun trasferimento aspetta più la conferma: qui sotto si vede com'è andato.")
        return self.fatto("Si chiede adesso al portale se la persona ha confermato: la risposta compare qui sotto.")


class RimuoviView(TrasferimentoMixin):
    """The removal from Intuition once more, where the portal had refused it or the CV is found there again (V5)."""

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            ripeti_rimozione(utente=self.utente, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            return self.disegna(errore=errore.messaggio, status=409)
        return self.fatto("La rimozione da Intuition è chiesta di nuovo e parte da sola.")


class AnnullaView(OggettoDiUtenteMixin, TrasferimentoMixin):
    """Stop a transfer that has not gone. A second click finds it stopped already and says the same."""

    oggetto: Trasferimento

    def visibili(self) -> QuerySet[Trasferimento]:
        return Trasferimento.objects.visibili_a(self.request.user)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            fermo = annulla_trasferimento(trasferimento=self.oggetto, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            return self.disegna(errore=errore.messaggio, status=409)
        if fermo.esito_incerto:
            return self.fatto(
                "Il trasferimento è fermo. Un tentativo può essere già arrivato: è stata chiesta anche la rimozione da "
                "Intuition, che parte da sola."
            )
        return self.fatto(
            "Il trasferimento è fermo: al portale non parte nulla. Si può chiedere di nuovo quando si vuole."
        )
