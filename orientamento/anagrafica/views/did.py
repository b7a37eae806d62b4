"""The DID after the presa in carico: to record one, to correct it, to change its state (U3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from orientamento.anagrafica.forms.did import DIDForm, StatoDIDForm
from orientamento.anagrafica.models import DID, StatoDID
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services.did import cambia_stato_did, correggi_did, registra_did
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore

# What each passage is called on its button, and what it entails.
FINE = "Il patto in vigore si chiude con lei, e non si può tornare indietro."
VERBI = {
    StatoDID.SOSPESA: ("Sospendi", "La DID resta in corso; si riattiva da qui."),
    StatoDID.VALIDA: ("Riattiva", "La DID torna valida."),
    StatoDID.REVOCATA: ("Revoca", f"La persona non è più disponibile: la DID finisce. {FINE}"),
    StatoDID.CHIUSA: ("Chiudi", f"La DID finisce, per esempio per un nuovo lavoro. {FINE}"),
}


class DIDMixin(UtenteMixin):
    permesso = Permesso.PRENDERE_IN_CARICO


class DIDView(DIDMixin):
    """The one in force, with its corrections and passages; the earlier ones below."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        did = DID.objects.di(self.utente)
        return self.mostra(did, DIDForm(did=did))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        did = DID.objects.di(self.utente)
        modulo = DIDForm(request.POST, did=did)
        if modulo.is_valid():
            dati: dict[str, Any] = {**modulo.cleaned_data, "attore": request.user, "adesso": adesso()}
            try:
                did = correggi_did(did=did, **dati) if did else registra_did(utente=self.utente, **dati)
            except RegolaViolata as errore:
                aggiungi_errore(modulo, errore)
            else:
                messages.success(request, f"{did} salvata: il patto va concluso entro il {did.termine_patto:%d/%m/%Y}.")
                return redirect("anagrafica:did", self.utente.pk)
        return self.mostra(did, modulo, status=422)

    def mostra(self, did: DID | None, modulo: DIDForm, status: int = 200) -> HttpResponse:
        contesto = {
            "titolo_pagina": "DID",
            "utente": self.utente,
            "did": did,
            "modulo": modulo,
            "passaggi": [(stato, *VERBI[stato]) for stato in DID.PASSAGGI[StatoDID(did.stato)]] if did else [],
            "giorni": did.giorni_al_termine(oggi()) if did else 0,
            "precedenti": [
                d
                for d in DID.objects.filter(utente=self.utente).select_related("programma")
                if did is None or d.pk != did.pk
            ],
        }
        return render(self.request, "anagrafica/did/did.html", contesto, status=status)


class StatoDIDView(DIDMixin):
    """One passage of state."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        did = get_object_or_404(DID, utente=self.utente, pk=kwargs["pk"])
        modulo = StatoDIDForm(request.POST)
        try:
            if not modulo.is_valid():
                raise RegolaViolata("Scegliere il nuovo stato della DID.")
            stato = StatoDID(modulo.cleaned_data["stato"])
            did = cambia_stato_did(did=did, stato=stato, attore=request.user)
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
        else:
            messages.success(request, f"La {did} ora è {did.get_stato_display().lower()}.")
        return redirect("anagrafica:did", self.utente.pk)
