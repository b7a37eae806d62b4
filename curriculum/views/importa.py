"""Importa da scheda lavoratore (U4): the upload, then one page where every entry found is looked at."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from curriculum.importazione.albero import BYTE_MASSIMI
from curriculum.importazione.modulo import ImportaForm
from curriculum.importazione.motivi import troppo_grande
from curriculum.importazione.proposta import Proposta, proponi, riprendi
from curriculum.services.importazione import ImportazioneRifiutata, VoceScelta, importa_scheda, leggi
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.caricamento import oltre_limite
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore

PAGINA_SCADUTA = "La pagina di conferma non vale più: scegliere di nuovo il file."


class ImportaView(UtenteMixin):
    """The sheet chosen and read (first POST), its entries confirmed (second POST). Nothing is kept between the two."""

    permesso = Permesso.MODIFICARE_FASCICOLO

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.con_modulo(ImportaForm())

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if "quaderno" in request.POST:
            return self.conferma(request)
        form = ImportaForm(request.POST, request.FILES)
        if oltre_limite(request):
            form.fields["file"].error_messages["required"] = troppo_grande(BYTE_MASSIMI)
        if form.is_valid():
            file = form.cleaned_data["file"]
            try:
                scheda = leggi(file)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.con_proposta(proponi(scheda, self.utente, file.name or ""))
        return self.con_modulo(form, status=422)

    def conferma(self, request: Richiesta) -> HttpResponse:
        proposta = riprendi(request.POST, self.utente)
        if proposta is None:
            messages.error(request, PAGINA_SCADUTA)
            return redirect("curriculum:importa", self.utente.pk)
        if not proposta.valida():
            return self.con_proposta(proposta, status=422)
        scelte = [VoceScelta(v.sezione, v.form.cleaned_data, partial(aggiungi_errore, v.form)) for v in proposta.prese]
        try:
            esito = importa_scheda(utente=self.utente, voci=scelte, attore=request.user)
        except ImportazioneRifiutata:
            return self.con_proposta(proposta, status=422)
        except RegolaViolata as errore:
            return self.con_proposta(proposta, status=422, errore=errore.messaggio)
        messages.success(request, esito.in_parole())
        return redirect("anagrafica:fascicolo", self.utente.pk)

    def con_modulo(self, form: ImportaForm, status: int = 200) -> HttpResponse:
        return self.pagina("curriculum/importa/pagina.html", {"form": form}, status)

    def con_proposta(self, proposta: Proposta, status: int = 200, errore: str = "") -> HttpResponse:
        contesto = {"proposta": proposta, "errore": errore}
        return self.pagina("curriculum/importa/conferma.html", contesto, status)

    def pagina(self, modello: str, contesto: dict[str, Any], status: int) -> HttpResponse:
        contesto |= {"titolo_pagina": "Importa da scheda lavoratore", "utente": self.utente}
        return render(self.request, modello, contesto, status=status)
