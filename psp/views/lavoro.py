"""A supervisor passes the cases of one operator to another (A1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orientamento.anagrafica.models import CPI, Operatore, Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.lavoro import AffidaForm
from psp.services.lavoro.affidamento import (
    affida_molti,
    appuntamenti_futuri,
    operatori_del_centro,
    seguiti_da,
)


class AffidaView(PermessoMixin):
    """Choose whose cases (`di`), tick the people, choose who takes them."""

    permesso = Permesso.RIASSEGNARE_FASCICOLO
    di: Operatore | None

    def trova(self) -> None:
        chiave = chiave_intera(self.request.GET.get("di"))
        del_centro = Operatore.objects.filter(cpi=self.request.user.cpi, cpi__isnull=False)
        self.di = get_object_or_404(del_centro, pk=chiave) if chiave else None

    def get(self, request: Richiesta) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta) -> HttpResponse:
        if self.di is None:
            return redirect("psp:affida")
        form = self.modulo(request.POST)
        if form.is_valid():
            a = form.cleaned_data["a"]
            try:
                quanti = affida_molti(utenti=form.cleaned_data["utenti"], a=a, attore=request.user)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                persone = "Una persona è ora affidata" if quanti == 1 else f"{quanti} persone sono ora affidate"
                messages.success(request, f"{persone} a {a}. Il passaggio è nel registro di ciascun fascicolo.")
                return redirect(f"{reverse('psp:affida')}?di={self.di.pk}")
        return self.mostra(form, 422)

    def modulo(self, dati: Any = None) -> AffidaForm:
        assert self.di is not None
        return AffidaForm(
            dati,
            utenti=Utente.objects.visibili_a(self.request.user).filter(operatore_riferimento=self.di),
            operatori=Operatore.objects.filter(
                cpi=self.di.cpi, is_active=True, ruolo__in=("operatore", "responsabile")
            ).exclude(pk=self.di.pk),
        )

    def mostra(self, form: AffidaForm | None = None, status: int = 200) -> HttpResponse:
        operatore = self.request.user
        colleghi = operatori_del_centro(operatore.cpi) if isinstance(operatore.cpi, CPI) else []
        contesto: dict[str, Any] = {"titolo_pagina": "Affida i casi a un collega", "colleghi": colleghi, "di": self.di}
        if self.di is not None:
            contesto |= {
                "form": form or self.modulo(),
                "utenti": seguiti_da(self.di, responsabile=operatore),
                "spuntati": {u.pk for u in form.cleaned_data.get("utenti", [])} if form else set(),
                "quanti": next((r["quanti"] for r in colleghi if r["operatore"].pk == self.di.pk), 0),
                "appuntamenti": appuntamenti_futuri(self.di, adesso()),
            }
        return render(self.request, "psp/lavoro/affida.html", contesto, status=status)
