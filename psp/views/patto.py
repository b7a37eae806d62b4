"""The page of a pact and its verbs, from the draft to the signed copy (T1-T3)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from curriculum.services.controllo import troppo_grande
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.caricamento import oltre_limite
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.forms.patto import FirmaForm, ImpegniForm, MotivoForm
from psp.models import Fase, PattoDiServizio, Sezione, StatoPatto
from psp.services import documento
from psp.services.completezza_colloquio import indirizzo_fase
from psp.services.firma import LIMITI, leggi_scansione, registra_firma
from psp.services.patto import (
    annulla_patto,
    chiudi_patto,
    manda_in_revisione,
    nuovo_patto,
    riporta_in_bozza,
    stampa_patto,
)
from psp.services.revisione import commenti_da_considerare, perche_non_revisiona
from psp.views.piano import PattoMixin, PezzoDelPianoView, quadro_controllo, salva_il_modulo

STORIA = (
    Azione.PATTO_CREATO,
    Azione.PATTO_IN_REVISIONE,
    Azione.PATTO_RIMANDATO,
    Azione.PATTO_PROPOSTO,
    Azione.PATTO_RITIRATO,
    Azione.PATTO_STAMPATO,
    Azione.PATTO_FIRMATO,
    Azione.PATTO_ANNULLATO,
    Azione.PATTO_CHIUSO,
)
DID_FINITA = "La DID però non è più in corso: il patto è chiuso e resta nel fascicolo con la sua copia."
ANCORE = {
    Sezione.PROFILO: (Fase.DEFINIZIONE, "sezione-profilo"),
    Sezione.PROPENSIONI: (Fase.ANALISI, "propensioni"),
    Sezione.PIANO: (Fase.DEFINIZIONE, "sezione-piano"),
    Sezione.MISURE: (Fase.DEFINIZIONE, "sezione-misure"),
    Sezione.IMPEGNI: (Fase.DEFINIZIONE, "sezione-impegni"),
    Sezione.GENERALE: (Fase.DEFINIZIONE, ""),
}


class PattoView(PattoMixin):
    """Where the pact stands, what comes next, what has happened to it, what it says."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra()

    def mostra(self, status: int = 200, **moduli: Any) -> HttpResponse:
        patto, operatore, ora = self.patto, self.request.user, adesso()
        storia = storia_del_patto(patto)
        contesto: dict[str, Any] = {
            "patto": patto,
            "titolo_pagina": "Patto di servizio personalizzato",
            "redige": puo(operatore, Permesso.REDIGERE_PATTO),
            "revisiona": puo(operatore, Permesso.REVISIONARE_PATTO),
            "non_revisiona": perche_non_revisiona(patto, operatore),
            "giorni_in_coda": giorni_da(patto.inviato_il),
            "storia": storia,
            "stampato": _stampato(patto, storia),
            "piano": indirizzo_fase(patto.colloquio, Fase.DEFINIZIONE),
            "sezioni": documento.sezioni(self.contenuto()),
            "commenti": [(c, indirizzo_sezione(patto, c.sezione)) for c in commenti_da_considerare(patto)],
            "form_motivo": MotivoForm(etichetta="Perché torna in bozza"),
            "form_chiusura": MotivoForm(etichetta="Perché si chiude", prefix="chiusura"),
            "form_firma": FirmaForm(initial={"firmato_il": timezone.localdate(ora)}),
        }
        if patto.modificabile:
            contesto |= quadro_controllo(patto, ora)
        return render(self.request, "psp/patto/patto.html", contesto | moduli, status=status)

    def contenuto(self) -> dict[str, Any]:
        """What the paper says: as frozen, or as the live rows have it now."""
        if self.patto.sha256 and self.patto.contenuto:
            return self.patto.contenuto
        return documento.contenuto_del_patto(self.patto, adesso=adesso())


class VerboView(PattoView):
    """A verb of the pact: POST, one service, a message that says what happened and what comes next, the page again."""

    http_method_names = ["post", "options"]

    def compi(self, verbo: Callable[[], PattoDiServizio], messaggio: str) -> HttpResponse:
        """A refusal that belongs to no form becomes a message: a second click finds the page as it now is."""
        try:
            patto = verbo()
        except RegolaViolata as errore:
            messages.warning(self.request, errore.messaggio)
            return redirect("psp:patto", self.patto.pk)
        messages.success(self.request, messaggio)
        return redirect("psp:patto", patto.pk)


class MandaInRevisioneView(VerboView, PezzoDelPianoView):
    """Draft → in review. From phase 3 the commitments come along, so that the last word typed is not lost."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        if "versione" in request.POST and self.patto.modificabile:
            form = ImpegniForm(request.POST, instance=self.patto)
            status, esito = salva_il_modulo(form, self.patto, request)
            if status != 200:
                return self.pagina(status, form_impegni=form, conflitto=esito.get("conflitto"))
        return self.compi(
            lambda: manda_in_revisione(patto=self.patto, attore=request.user, adesso=adesso()),
            "Il patto è in revisione. Un responsabile lo legge: lo approva per la firma o lo rimanda con i commenti.",
        )


class RiportaInBozzaView(VerboView):
    """In review or proposed → draft, with the reason."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = MotivoForm(request.POST, etichetta="Perché torna in bozza")
        if not form.is_valid():
            return self.mostra(422, form_motivo=form)
        copie = " Le copie già stampate non valgono più." if self.patto.sha256 else ""
        return self.compi(
            lambda: riporta_in_bozza(patto=self.patto, motivo=form.cleaned_data["motivo"], attore=request.user),
            f"Il patto è tornato in bozza e si può modificare.{copie}",
        )


class AnnullaView(VerboView):
    """Draft → annulled."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.compi(
            lambda: annulla_patto(patto=self.patto, attore=request.user, adesso=adesso()),
            "La bozza è annullata. Dal colloquio se ne può cominciare un'altra.",
        )


class ChiudiView(VerboView):
    """Signed → closed, with the reason."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = MotivoForm(request.POST, etichetta="Perché si chiude", prefix="chiusura")
        if not form.is_valid():
            return self.mostra(422, form_chiusura=form)
        motivo = form.cleaned_data["motivo"]
        return self.compi(
            lambda: chiudi_patto(patto=self.patto, motivo=motivo, attore=request.user, adesso=adesso()),
            "Il patto è chiuso. Resta nel fascicolo con la sua copia firmata.",
        )


class NuovoPattoView(VerboView):
    """A draft that will replace the signed pact; nothing signed is ever edited (T2)."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        try:
            nuovo = nuovo_patto(patto=self.patto, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.warning(request, errore.messaggio)
            return redirect("psp:patto", pk)
        messages.success(
            request,
            "Il nuovo patto è in bozza, con gli atti e le misure di quello in vigore. "
            "Restano da dichiarare le disponibilità.",
        )
        return redirect(indirizzo_fase(nuovo.colloquio, Fase.DEFINIZIONE))


class FirmaView(VerboView):
    """Proposed → signed: the day of the signature and the scan of the paper (T3)."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = FirmaForm(request.POST, request.FILES)
        if oltre_limite(request):
            form.fields["scansione"].error_messages["required"] = troppo_grande(LIMITI.byte)
        if form.is_valid():
            try:
                firmato = registra_firma(
                    patto=self.patto,
                    firmato_il=form.cleaned_data["firmato_il"],
                    scansione=form.cleaned_data["scansione"],
                    codice=request.POST.get("codice"),
                    attore=request.user,
                    adesso=adesso(),
                )
            except RegolaViolata as errore:
                if errore.campo is None:
                    messages.warning(request, errore.messaggio)
                    return redirect("psp:patto", pk)
                aggiungi_errore(form, errore)
            else:
                seguito = "Il patto è in vigore." if firmato.stato == StatoPatto.FIRMATO else DID_FINITA
                messages.success(request, f"La firma è registrata e la copia è archiviata. {seguito}")
                return redirect("psp:patto", pk)
        return self.mostra(422, form_firma=form)


class PdfView(PattoMixin):
    """The PDF: the stored bytes once proposed, the draft of this moment before."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        byte = stampa_patto(patto=self.patto, attore=request.user, adesso=adesso())
        return pdf(byte, nome_del_file(self.patto), scarica="scarica" in request.GET)


class ScansioneView(PattoMixin):
    """The signed copy, as it was filed."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        if not self.patto.scansione:
            raise Http404
        try:
            byte = leggi_scansione(patto=self.patto, attore=request.user)
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
            return redirect("psp:patto", pk)
        return pdf(byte, nome_del_file(self.patto).replace(".pdf", "-firmato.pdf"), scarica=True)


def pdf(byte: bytes, nome: str, *, scarica: bool) -> HttpResponse:
    """A PDF that no cache keeps and no browser takes for anything else; `nome` is ours, in plain ASCII."""
    risposta = HttpResponse(byte, content_type="application/pdf")
    risposta["Content-Disposition"] = f'{"attachment" if scarica else "inline"}; filename="{nome}"'
    risposta["Cache-Control"] = "private, no-store"
    risposta["X-Content-Type-Options"] = "nosniff"
    return risposta


def nome_del_file(patto: PattoDiServizio) -> str:
    """No name of a person in the name of a file: it ends in folders and mails."""
    return f"{patto.codice_versione}.pdf" if patto.codice_versione else f"patto-{patto.pk}-bozza.pdf"


def storia_del_patto(patto: PattoDiServizio) -> list[Evento]:
    """What has happened to the pact, newest first, from the register."""
    eventi = Evento.objects.dell_utente(patto.utente_id).filter(
        oggetto_tipo="psp.pattodiservizio", oggetto_id=patto.pk, azione__in=STORIA
    )
    return list(eventi[:40])


def indirizzo_sezione(patto: PattoDiServizio, sezione: str) -> str:
    """Where a comment on `sezione` is answered."""
    fase, ancora = ANCORE[Sezione(sezione)]
    return indirizzo_fase(patto.colloquio, fase, ancora)


def giorni_da(momento: Any) -> int:
    return (timezone.localdate() - timezone.localdate(momento)).days if momento else 0


def _stampato(patto: PattoDiServizio, storia: list[Evento]) -> bool:
    """Whether this very proposal has been printed: the next step is then the signature."""
    return patto.stato == StatoPatto.PROPOSTO and any(
        e.azione == Azione.PATTO_STAMPATO and e.dettaglio.get("codice") == patto.codice_versione for e in storia
    )
