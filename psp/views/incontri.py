"""The sittings of an interview: the measured time, the declared minutes, the closing (C1, C2)."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.colloquio import ConclusioneForm, MinutiForm, NuovoIncontroForm
from psp.models import Appuntamento, Fase
from psp.services.appuntamento import aggiungi_incontro, dichiara_minuti, orologio, registra_tempo
from psp.services.colloquio import concludi_colloquio
from psp.services.completezza_colloquio import mancanze_colloquio
from psp.views.cornice import ColloquioMixin, apertura_pagina


class TempoView(ColloquioMixin):
    """The page says how long it was in front of the operator; answers the clock as it stands."""

    http_method_names = ["post", "options"]
    salvando_mostra = False

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        aperta_il = apertura_pagina(request.POST.get("pagina", ""), self.colloquio)
        fase, secondi = request.POST.get("fase", ""), request.POST.get("secondi", "")
        if aperta_il is not None and fase in ("1", "2", "3") and secondi.isascii() and secondi.isdigit():
            with contextlib.suppress(RegolaViolata):  # concluded meanwhile: the clock stands still
                registra_tempo(
                    colloquio=self.colloquio,
                    fase=int(fase),
                    secondi=int(secondi[:6]),
                    pagina_aperta_il=aperta_il,
                    attore=request.user,
                    adesso=adesso(),
                )
        contesto = {"orologio": orologio(self.colloquio), "colloquio": self.colloquio}
        return render(request, "psp/colloquio/_orologio.html", contesto)


class IncontriView(ColloquioMixin):
    """The table of the sittings: a POST with `incontro` corrects one, without it adds one."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if "incontro" not in request.POST:
            return self.aggiungi(NuovoIncontroForm(request.POST, prefix="nuovo"))
        incontro = get_object_or_404(self.colloquio.appuntamenti, pk=chiave_intera(request.POST["incontro"]))
        form = MinutiForm(request.POST, instance=incontro, prefix=f"incontro-{incontro.pk}")
        if not form.is_valid():
            return self.mostra(minuti=form, status=422)
        try:
            dichiara_minuti(incontro=incontro, dati=form.cleaned_data, attore=request.user)
        except RegolaViolata as errore:
            aggiungi_errore(form, errore)
            return self.mostra(minuti=form, status=422)
        messages.success(request, "I minuti dell'incontro sono stati corretti.")
        return redirect("psp:incontri", self.colloquio.pk)

    def aggiungi(self, form: NuovoIncontroForm) -> HttpResponse:
        if not form.is_valid():
            return self.mostra(nuovo=form, status=422)
        dati = dict(form.cleaned_data)
        try:
            aggiungi_incontro(
                colloquio=self.colloquio, data=dati.pop("data"), dati=dati, attore=self.request.user, adesso=adesso()
            )
        except RegolaViolata as errore:
            aggiungi_errore(form, errore)
            return self.mostra(nuovo=form, status=422)
        messages.success(self.request, "L'incontro è stato aggiunto e i suoi minuti contano nel totale.")
        return redirect("psp:incontri", self.colloquio.pk)

    def mostra(
        self,
        *,
        minuti: MinutiForm | None = None,
        nuovo: NuovoIncontroForm | None = None,
        conclusione: ConclusioneForm | None = None,
        status: int = 200,
    ) -> HttpResponse:
        incontri = list(self.colloquio.appuntamenti.select_related("operatore"))
        contesto = {
            "titolo_pagina": "Incontri, minuti e conclusione",
            "colloquio": self.colloquio,
            "orologio": orologio(self.colloquio),
            "righe": [self.riga(incontro, minuti) for incontro in incontri],
            "nuovo": nuovo or NuovoIncontroForm(prefix="nuovo", initial={"data": oggi()}),
            "conclusione": conclusione or ConclusioneForm(),
            "mancanze": mancanze_colloquio(self.colloquio),
            "modificabile": self.colloquio.concluso_il is None and puo(self.request.user, Permesso.CONDURRE_COLLOQUIO),
        }
        return render(self.request, "psp/colloquio/incontri.html", contesto, status=status)

    def riga(self, incontro: Appuntamento, errato: MinutiForm | None) -> dict[str, Any]:
        form = MinutiForm(instance=incontro, prefix=f"incontro-{incontro.pk}")
        if errato is not None and errato.instance.pk == incontro.pk:
            form = errato
            incontro.refresh_from_db()
        return {
            "incontro": incontro,
            "form": form,
            "misurati": [round(getattr(incontro, f"misurati_{int(fase)}") / 60) for fase in Fase],
            "totale": sum(incontro.minuti(fase) for fase in Fase),
        }


class ConcludiView(IncontriView):
    """The closing stands on the page of the sittings; a POST closes."""

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = ConclusioneForm(request.POST)
        if not form.is_valid():
            return self.mostra(conclusione=form, status=422)
        try:
            concludi_colloquio(
                colloquio=self.colloquio,
                motivo_scostamento=form.cleaned_data["motivo_scostamento"],
                attore=request.user,
                adesso=adesso(),
            )
        except RegolaViolata as errore:
            aggiungi_errore(form, errore)
            return self.mostra(conclusione=form, status=422)
        messages.success(request, "Il colloquio è concluso. Il suo contenuto resta leggibile nel fascicolo.")
        return redirect("psp:utente", self.utente.pk)
