"""The panel of the CV, its card that updates itself, and the upload."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from curriculum.controllo.motivi import troppo_grande
from curriculum.forms import CaricaForm
from curriculum.models import Curriculum
from curriculum.pannello import contesto_pannello
from curriculum.pannello_luoghi import contesto_luoghi, in_parole, ritmo, versione
from curriculum.services.curriculum import LIMITI, salva_curriculum
from curriculum.services.luoghi import luoghi_di
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import PannelloMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.caricamento import oltre_limite
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera


class PannelloCurriculumMixin(PannelloMixin):
    """The panel of the CV."""

    permesso = Permesso.SCARICARE_CURRICULUM
    cartella = "curriculum"
    titolo_pagina = "Curriculum"

    def pannello(self, **stato: Any) -> dict[str, Any]:
        return contesto_pannello(self.utente, self.request.user, adesso=adesso(), **stato)


class PannelloView(PannelloCurriculumMixin):
    """The current CV, where it stands, what is missing, the upload, the earlier ones (V1, V4, V5)."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.disegna()


class LuoghiView(PannelloCurriculumMixin):
    """The three-place card asked again by the page: 204 where nothing has changed, the whole panel for another CV.

    `visto` is what the page shows, `dal` since when it has shown it, `cv` the CV that it is about.
    """

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if not request.htmx:
            return redirect("curriculum:pannello", utente_id=self.utente.pk)
        ora = adesso()
        quadro = luoghi_di(self.utente, giorno=timezone.localdate(ora))
        visto, dal = request.GET.get("visto", ""), chiave_intera(request.GET.get("dal"))
        impronta = visto.partition("-")[0]
        cambiato = impronta != quadro.impronta
        da = int(ora.timestamp()) if cambiato or dal is None else dal
        ogni = ritmo(int(ora.timestamp()) - da) if quadro.in_movimento else None
        if visto == versione(quadro, ogni):
            return HttpResponse(status=204)
        if str(quadro.attuale["id"] if quadro.attuale else 0) != request.GET.get("cv"):
            risposta = self.disegna()
            risposta["HX-Retarget"] = "#pannello-curriculum"
            return risposta
        detto = in_parole(quadro) if cambiato else ""
        contesto = contesto_luoghi(self.utente, request.user, quadro, adesso=ora, dal=da, detto=detto)
        return render(request, "curriculum/_luoghi.html", {"c": contesto})


class CaricaView(PannelloCurriculumMixin):
    """*Salva curriculum* (V1). Whoever comes here by address, as after a new login, is led to the panel."""

    permesso = Permesso.SALVARE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("curriculum:pannello", utente_id=self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = CaricaForm(request.POST, request.FILES)
        if oltre_limite(request):
            form.fields["file"].error_messages["required"] = troppo_grande(LIMITI.byte)
        if form.is_valid():
            try:
                salvato = salva_curriculum(
                    utente=self.utente,
                    file=form.cleaned_data["file"],
                    origine=form.cleaned_data["origine"],
                    attore=request.user,
                    adesso=adesso(),
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.fatto(_salvato(salvato))
        return self.disegna(form=form, status=422)


def _salvato(salvato: Curriculum) -> str:
    if salvato.stato == Curriculum.Stato.IN_CONTROLLO:
        return "Il curriculum è arrivato e aspetta il controllo antivirus: conta appena il controllo è finito."
    return f"Il curriculum è salvato e vale fino al {salvato.valido_fino_al:%d/%m/%Y}."
