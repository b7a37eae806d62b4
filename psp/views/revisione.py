"""The supervisor's queue and the page of a review (T4)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from psp.forms.revisione import RevisioneForm
from psp.models import Sezione, StatoPatto
from psp.services import documento
from psp.services.completezza import avvertenze_patto, mancanze_patto
from psp.services.revisione import (
    approva_patto,
    coda_revisioni,
    impronta_letta,
    perche_non_revisiona,
    rimanda_patto,
    ultima_revisione,
)
from psp.views.patto import giorni_da
from psp.views.piano import PattoMixin


class CodaView(PermessoMixin):
    """The pacts of the own office that wait, oldest first."""

    permesso = Permesso.REVISIONARE_PATTO

    def get(self, request: Richiesta) -> HttpResponse:
        coda = coda_revisioni(request.user, adesso())
        contesto = {
            "coda": coda,
            "titolo_pagina": "Patti da revisionare",
            "senza_segnali": sum(not v.segnali for v in coda),
        }
        return render(request, "psp/revisione/coda.html", contesto)


class RevisioneView(PattoMixin):
    """The pact as it will be printed, what changed since the last review, a comment box beside each section.

    Whoever wrote or sent it may read the page; the verbs are refused to them, and the page says why.
    """

    permesso = Permesso.REVISIONARE_PATTO
    permesso_modifica = Permesso.REVISIONARE_PATTO

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        if self.patto.stato != StatoPatto.IN_REVISIONE:
            messages.warning(request, "Questo patto non è in revisione.")
            return redirect("psp:patto", pk)
        return self.mostra(RevisioneForm())

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = RevisioneForm(request.POST)
        if not form.is_valid():
            return self.mostra(form, 422)
        approva = request.POST.get("esito") == "approva"
        dati: dict[str, Any] = {"commenti": form.commenti(), "attore": request.user, "adesso": adesso()}
        try:
            if approva:
                approva_patto(patto=self.patto, letto=request.POST.get("letto"), **dati)
            else:
                rimanda_patto(patto=self.patto, **dati)
        except RegolaViolata as errore:
            self.patto.refresh_from_db(fields=["stato"])
            if self.patto.stato != StatoPatto.IN_REVISIONE:
                messages.warning(request, errore.messaggio)
                return redirect("psp:patto", pk)
            form.add_error(None, errore.messaggio)
            return self.mostra(form, 422)
        messages.success(request, self.detto(approva))
        return redirect("psp:revisioni")

    def detto(self, approva: bool) -> str:
        if approva:
            return f"Il patto di {self.utente} è approvato e pronto per la firma. Si stampa dalla pagina del patto."
        return f"Il patto di {self.utente} torna in bozza: {self.patto.autore} legge i commenti e lo corregge."

    def mostra(self, form: RevisioneForm, status: int = 200) -> HttpResponse:
        patto, ora = self.patto, adesso()
        contenuto = documento.contenuto_del_patto(patto, adesso=ora)
        precedente = ultima_revisione(patto)
        contesto = {
            "patto": patto,
            "titolo_pagina": "Revisione del patto",
            "form": form,
            "letto": impronta_letta(contenuto),
            "giorni": giorni_da(patto.inviato_il),
            "precedente": precedente,
            "impedimento": perche_non_revisiona(patto, self.request.user),
            "mancanze": mancanze_patto(patto, ora),
            "avvertenze": avvertenze_patto(patto),
            "parti": self.parti(contenuto, precedente, form),
        }
        return render(self.request, "psp/revisione/revisione.html", contesto, status=status)

    def parti(self, contenuto: dict[str, Any], precedente: Any, form: RevisioneForm) -> list[dict[str, Any]]:
        """Each section with its changes, the comments it had, the box for new ones."""
        cambiamenti = documento.differenze(precedente.contenuto, contenuto) if precedente else {}
        prima = {c.sezione: c.testo for c in precedente.commenti.all()} if precedente else {}
        return [
            {
                "sezione": sezione,
                "nome": Sezione(sezione.chiave).label,
                "cambiamenti": cambiamenti.get(sezione.chiave, []),
                "prima": prima.get(sezione.chiave, ""),
                "campo": form[sezione.chiave],
            }
            for sezione in documento.sezioni(contenuto)
        ]
