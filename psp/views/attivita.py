"""What the citizen does of the plan: the acts with their proofs, the firms contacted (M1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Prefetch, QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from curriculum.services.controllo import troppo_grande
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.caricamento import oltre_limite
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.attivita import ContattoForm, ProvaForm, RispostaForm, VerificaForm
from psp.models import AttoRicerca, ContattoImpresa, PattoDiServizio, ProvaAtto
from psp.services.attivita import LIMITI, leggi_prova, registra_prova, verifica_prova
from psp.services.contatti import aggiorna_risposta, imprese_obiettivo, registra_contatto

CONTATTI_MOSTRATI = 50


class AttivitaView(UtenteMixin):
    """The page: each act of the pact in force with its state and its proofs, then the firms."""

    permesso = Permesso.VEDERE_PATTO

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.mostra()

    def mostra(self, status: int = 200, **moduli: Any) -> HttpResponse:
        """`moduli`: bound forms that take the place of fresh ones, each with the key of its row."""
        patto = PattoDiServizio.objects.in_vigore().filter(utente=self.utente).defer("pdf", "contenuto").first()
        contesto = {
            "titolo_pagina": "Attività della persona",
            "utente": self.utente,
            "patto": patto,
            "atti": righe_degli_atti(patto, moduli) if patto else [],
            "contatti": righe_dei_contatti(self.utente, moduli),
            "form_contatto": moduli.get("contatto")
            or ContattoForm(initial={"data": oggi()}, imprese=imprese_obiettivo(self.utente)),
            "scrive": puo(self.request.user, Permesso.EROGARE_MISURE),
        }
        return render(self.request, "psp/attivita/attivita.html", contesto, status=status)

    def torna(self, esito: str, ancora: str = "") -> HttpResponse:
        messages.success(self.request, esito)
        return redirect(reverse("psp:attivita", args=[self.utente.pk]) + (f"#{ancora}" if ancora else ""))


class RegistraProvaView(AttivitaView):
    """A proof of one act."""

    permesso = Permesso.EROGARE_MISURE
    atto: AttoRicerca

    def trova_utente(self) -> Utente:
        self.atto = get_object_or_404(
            AttoRicerca.objects.visibili_a(self.request.user).select_related("patto__utente__cpi"),
            pk=self.kwargs["pk"],
        )
        return self.atto.patto.utente

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("psp:attivita", self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = ProvaForm(request.POST, request.FILES, prefix=f"atto-{self.atto.pk}")
        if oltre_limite(request):
            form.fields["file"].required = True
            form.fields["file"].error_messages["required"] = troppo_grande(LIMITI.byte)
        if form.is_valid():
            try:
                registra_prova(
                    atto=self.atto,
                    dati=form.dati(),
                    file=form.cleaned_data["file"],
                    attore=request.user,
                    adesso=adesso(),
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.torna("La prova è registrata. Ora va verificata: accolta o non accolta.", self.ancora)
        return self.mostra(422, prova=form, atto_id=self.atto.pk)

    @property
    def ancora(self) -> str:
        return f"atto-{self.atto.pk}"


class ProvaMixin(AttivitaView):
    """For addresses with the `pk` of a proof."""

    permesso = Permesso.EROGARE_MISURE
    prova: ProvaAtto

    def trova_utente(self) -> Utente:
        prove: QuerySet[ProvaAtto] = ProvaAtto.objects.visibili_a(self.request.user)
        self.prova = get_object_or_404(prove.select_related("atto__patto__utente__cpi"), pk=self.kwargs["pk"])
        return self.prova.atto.patto.utente


class VerificaProvaView(ProvaMixin):
    """Accept a proof, or not and say why."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("psp:attivita", self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = VerificaForm(request.POST, prefix=f"prova-{self.prova.pk}")
        if form.is_valid():
            try:
                prova = verifica_prova(prova=self.prova, attore=request.user, adesso=adesso(), **form.cleaned_data)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.torna(f"La prova è {prova.get_esito_display().lower()}.", f"atto-{self.prova.atto_id}")
        return self.mostra(422, verifica=form, prova_id=self.prova.pk)


class ScaricaProvaView(ProvaMixin):
    """The document that was handed in, as a download."""

    permesso = Permesso.VEDERE_PATTO

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponseBase:  # type: ignore[override]
        if not self.prova.file:
            raise Http404
        try:
            contenuto = leggi_prova(prova=self.prova, attore=request.user)
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
            return redirect("psp:attivita", self.utente.pk)
        return FileResponse(
            iter([contenuto]),
            as_attachment=True,
            filename=f"Prova del {self.prova.fatto_il:%d-%m-%Y}.pdf",
            content_type="application/pdf",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )


class RegistraContattoView(AttivitaView):
    """One contact with a firm."""

    permesso = Permesso.EROGARE_MISURE

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("psp:attivita", self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = ContattoForm(request.POST, imprese=imprese_obiettivo(self.utente))
        if form.is_valid():
            try:
                registra_contatto(utente=self.utente, dati=form.cleaned_data, attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.torna("Il contatto è registrato. La risposta si scrive qui quando arriva.", "imprese")
        return self.mostra(422, contatto=form)


class RispostaView(AttivitaView):
    """What a firm answered."""

    permesso = Permesso.EROGARE_MISURE
    contatto: ContattoImpresa

    def trova_utente(self) -> Utente:
        self.contatto = get_object_or_404(
            ContattoImpresa.objects.visibili_a(self.request.user).select_related("utente__cpi"), pk=self.kwargs["pk"]
        )
        return self.contatto.utente

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("psp:attivita", self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = RispostaForm(request.POST, prefix=f"risposta-{self.contatto.pk}")
        if form.is_valid():
            versione = form.cleaned_data.pop("versione")
            try:
                aggiorna_risposta(
                    contatto=self.contatto,
                    dati=form.cleaned_data,
                    versione=versione,
                    attore=request.user,
                    adesso=adesso(),
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.torna("La risposta dell'impresa è registrata.", "imprese")
        return self.mostra(422, risposta=form, contatto_id=self.contatto.pk)


def righe_degli_atti(patto: PattoDiServizio, moduli: dict[str, Any]) -> list[dict[str, Any]]:
    """Each act with its proofs, newest first, and its forms. Two queries."""
    giorno = oggi()
    prove = ProvaAtto.objects.select_related("registrata_da", "verificata_da")
    atti = patto.atti.con_scadenza().prefetch_related(Prefetch("prove", queryset=prove))
    return [
        {
            "atto": atto,
            "giorni": (atto.scadenza - giorno).days if atto.scadenza else None,
            "passati": (giorno - atto.scadenza).days if atto.scadenza else 0,
            "form": moduli["prova"]
            if moduli.get("atto_id") == atto.pk
            else ProvaForm(prefix=f"atto-{atto.pk}", initial={"fatto_il": giorno}),
            "aperto": moduli.get("atto_id") == atto.pk,
            "prove": [
                {
                    "prova": prova,
                    "form": moduli["verifica"]
                    if moduli.get("prova_id") == prova.pk
                    else VerificaForm(prefix=f"prova-{prova.pk}"),
                    "aperta": moduli.get("prova_id") == prova.pk,
                }
                for prova in atto.prove.all()
            ],
        }
        for atto in atti.order_by("ordine", "pk")
    ]


def righe_dei_contatti(utente: Utente, moduli: dict[str, Any]) -> list[dict[str, Any]]:
    """The newest contacts, each with the form of its answer."""
    return [
        {
            "contatto": contatto,
            "form": moduli["risposta"]
            if moduli.get("contatto_id") == contatto.pk
            else RispostaForm(
                prefix=f"risposta-{contatto.pk}",
                initial={
                    "risposta": contatto.risposta,
                    "risposta_il": contatto.risposta_il,
                    "versione": contatto.versione,
                },
            ),
            "aperto": moduli.get("contatto_id") == contatto.pk,
        }
        for contatto in utente.contatti_imprese.all()[:CONTATTI_MOSTRATI]
    ]
