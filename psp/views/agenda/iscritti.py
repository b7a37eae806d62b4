"""Who comes: booked one by one or from a file, taken away, present or absent."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.ricerca import cerca_utenti
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.agenda import AnnullaForm, ElencoForm
from psp.models import Iscrizione, MotivoAssenza, Seduta
from psp.services.agenda import (
    Presenza,
    iscrivi,
    iscrivi_elenco,
    leggi_elenco,
    segna_presenze,
    togli_iscrizione,
)
from psp.services.agenda.chi import segna_visibili
from psp.services.agenda.giorni import quando
from psp.services.agenda.iscrizioni import misura_per
from psp.services.agenda.presenze import ESITI, segno
from psp.views.agenda.cornice import IscrizioneMixin, SedutaMixin


class IscriviView(SedutaMixin):
    """Look for a person and book them; or a whole file of codici fiscali, with what came of each line."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        utente = get_object_or_404(
            Utente.objects.visibili_a(request.user), pk=chiave_intera(request.POST.get("utente"))
        )
        misura = misura_per(self.seduta, utente)
        try:
            iscrizione = iscrivi(seduta=self.seduta, utente=utente, misura=misura, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.warning(request, errore.messaggio)
        else:
            attesa = iscrizione.stato == Iscrizione.Stato.IN_LISTA
            detto = f"{utente} è in lista d'attesa." if attesa else f"{utente}: posto prenotato."
            messages.success(request, f"{detto} L'incontro conta per la misura del patto." if misura else detto)
        return redirect("psp:appuntamenti", utente.pk) if "torna" in request.POST else redirect("psp:seduta", pk)

    def mostra(self, form: ElencoForm | None = None, status: int = 200, **altro: Any) -> HttpResponse:
        testo = self.request.GET.get("q", "").replace("\x00", "").strip()
        attive = Iscrizione.objects.filter(seduta=self.seduta).exclude(stato=Iscrizione.Stato.ANNULLATA)
        posti = dict(attive.values_list("utente_id", "posto"))
        contesto = {
            "titolo_pagina": "Iscrivi persone",
            "seduta": self.seduta,
            "quando": quando(self.seduta.inizio, self.seduta.fine),
            "testo": testo,
            "persone": cerca_utenti(testo, operatore=self.request.user).persone if testo else [],
            "iscritti": set(posti),
            "presi": sum(posto is not None for posto in posti.values()),
            "cominciata": self.seduta.inizio <= adesso(),
            "form": form or ElencoForm(),
            **altro,
        }
        return render(self.request, "psp/agenda/iscrivi.html", contesto, status=status)


class ElencoView(IscriviView):
    """The file of codici fiscali."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = ElencoForm(request.POST, request.FILES)
        if form.is_valid():
            try:
                righe = leggi_elenco(form.cleaned_data["file"].read())
                esiti = iscrivi_elenco(seduta=self.seduta, righe=righe, attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                conteggi: dict[str, int] = {}
                for esito in esiti:
                    conteggi[esito.esito] = conteggi.get(esito.esito, 0) + 1
                return self.mostra(esiti=esiti, conteggi=conteggi, fatti=sum(e.fatto for e in esiti))
        return self.mostra(form, status=422)


class TogliIscrizioneView(IscrizioneMixin):
    """One booking ends; the place goes to the first who waits."""

    http_method_names = ["post", "options"]
    salvando_mostra = False

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = AnnullaForm(request.POST, prefix="togli")
        try:
            if not form.is_valid():
                raise RegolaViolata("Scrivere il motivo per cui la prenotazione è tolta.")
            motivo = form.cleaned_data["motivo"]
            togli_iscrizione(iscrizione=self.oggetto, motivo=motivo, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.warning(request, errore.messaggio)
        else:
            messages.success(request, f"La prenotazione di {self.utente} è annullata.")
        return redirect("psp:seduta", self.oggetto.seduta_id)


class PresenzeView(SedutaMixin):
    """Everybody's attendance on one page, saved at once."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra({})

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        errori: dict[str, str] = {}
        esiti = self.leggi(errori)
        viste = {k: v for k in esiti if (v := request.POST.get(f"vista-{k}")) is not None}
        if not errori:
            try:
                cambiate = segna_presenze(
                    seduta=self.seduta, esiti=esiti, viste=viste, attore=request.user, adesso=adesso()
                )
            except VersioneSuperata as errore:
                return self.mostra({"": errore.messaggio}, status=409)
            except RegolaViolata as errore:
                errori[errore.campo or ""] = errore.messaggio
            else:
                messages.success(request, _detto(len(cambiate)))
                return redirect("psp:seduta", pk)
        return self.mostra(errori, status=422)

    def iscrizioni(self) -> list[Iscrizione]:
        righe = Iscrizione.objects.filter(seduta=self.seduta, posto__isnull=False)
        righe = righe.select_related("utente", "misura__servizio").order_by("utente__cognome", "utente__nome", "pk")
        return segna_visibili(righe, self.request.user)

    def leggi(self, errori: dict[str, str]) -> dict[int, Presenza]:
        """What was ticked; lines left without a tick stay as they are."""
        esiti: dict[int, Presenza] = {}
        for iscrizione in self.iscrizioni():
            chiave, dati = iscrizione.pk, self.request.POST
            stato = dati.get(f"stato-{chiave}", "")
            if not stato:
                continue
            minuti = dati.get(f"minuti-{chiave}", "").strip()
            numero = chiave_intera(minuti) if minuti else None
            if minuti and numero is None and stato == Iscrizione.Stato.PRESENTE:
                errori[f"minuti-{chiave}"] = f"Scrivere i minuti di {iscrizione.chi} in cifre, come 90."
            # The reason already written is not shown again (U6): left empty, it stays.
            esiti[chiave] = Presenza(stato, numero, dati.get(f"motivo-{chiave}", ""))
        if not esiti and not errori:
            errori[""] = "Segnare almeno una persona."
        return esiti

    def mostra(self, errori: dict[str, str], status: int = 200) -> HttpResponse:
        dati = self.request.POST
        righe = [
            {
                "iscrizione": i,
                "stato": dati.get(f"stato-{i.pk}", i.stato if i.stato in ESITI else ""),
                "minuti": dati.get(f"minuti-{i.pk}", i.minuti or self.seduta.minuti),
                "motivo": dati.get(f"motivo-{i.pk}", ""),
                "gia": i.stato == Iscrizione.Stato.GIUSTIFICATA,
                "vista": segno(i) if status == 409 else dati.get(f"vista-{i.pk}", segno(i)),
                "errori": [(c, m) for c, m in errori.items() if c.endswith(f"-{i.pk}")],
            }
            for i in self.iscrizioni()
        ]
        contesto = {
            "titolo_pagina": "Presenze",
            "seduta": self.seduta,
            "quando": quando(self.seduta.inizio, self.seduta.fine),
            "righe": righe,
            "errori": errori,
            "motivi": MotivoAssenza.choices,
            "esiti": [(e.value, e.label) for e in ESITI],
            "si_puo": self.seduta.stato != Seduta.Stato.ANNULLATA and self.seduta.inizio <= adesso(),
        }
        return render(self.request, "psp/agenda/presenze.html", contesto, status=status)


def _detto(quante: int) -> str:
    if quante == 0:
        return "Le presenze erano già così."
    return "Presenza segnata." if quante == 1 else f"Presenze segnate: {quante} persone."
