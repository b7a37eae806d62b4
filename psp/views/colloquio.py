"""The pages of phases 1 and 2: read, save as one goes, complete (C1-C5, C8)."""

from __future__ import annotations

import contextlib
from typing import Any

from django.contrib import messages
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.views import View

from orientamento.anagrafica.models import TestoInformativo
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from psp.forms.colloquio import FaseDueForm, FaseForm, FaseUnoForm, ImpresaForm
from psp.models import Colloquio, Fase
from psp.services.colloquio import (
    apri_colloquio,
    completa_fase,
    leggi_fase,
    salva_fase,
    testo_informazioni,
    versione_di,
)
from psp.services.completezza_colloquio import (
    indirizzo_fase,
    mancanze_fase,
    mancanze_per_completare,
    prima_fase_incompleta,
)
from psp.services.conflitto import Confronto, confronta, risolvi
from psp.services.patto import prepara_bozza
from psp.views import quadro
from psp.views.cornice import FaseMixin
from psp.views.piano import PianoView

AVVISI_VUOTI: dict[str, Any] = {"rifiuto": "", "confronto": None, "mancanze": [], "errori": {}, "etichette": []}


def fase(request: Richiesta, colloquio_id: int, fase: int) -> HttpResponseBase:
    """One address per phase, one view behind each."""
    viste: dict[int, type[View]] = {1: FaseUnoView, 2: FaseDueView, 3: PianoView}
    if fase not in viste:
        raise Http404
    return viste[fase].as_view()(request, colloquio_id=colloquio_id, fase=fase)


class ApriColloquioView(UtenteMixin):
    """Open the interview, or resume the one under way where it was left."""

    permesso = Permesso.CONDURRE_COLLOQUIO
    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, utente_id: int) -> HttpResponse:
        try:
            colloquio = apri_colloquio(utente=self.utente, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
            return redirect("anagrafica:presa_in_carico", utente_id)
        return redirect(indirizzo_fase(colloquio, prima_fase_incompleta(colloquio)))


class SalvaFaseView(FaseMixin):
    """What phases 1 and 2 share. A POST without `azione` is the page saving by itself; with it, the operator's verb.

    What is valid is saved even where another field is not: nothing waits unsaved because of a text too long.
    """

    modulo: type[FaseForm]
    modello_pagina: str
    salvando_mostra = False

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        prefetch_related_objects([self.colloquio], "aree", "imprese", "appuntamenti")
        return self.pagina(leggi_fase(self.colloquio, self.fase))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = self.modulo(request.POST)
        form.is_valid()
        try:
            self.salva(form)
        except VersioneSuperata:
            return self.rispondi(form, confronto=self.confronta(form.dati()), status=409)
        except RegolaViolata as errore:
            confronto = self.confronta(form.dati()) if errore.regola == "C8" else None
            return self.rispondi(form, rifiuto=errore.messaggio, confronto=confronto, status=422)
        if form.errors:
            return self.rispondi(form, status=422)
        if "azione" in request.POST:
            return self.completa(form)
        if "versione_scelta" in request.POST or not request.htmx:
            messages.success(request, "La fase è stata salvata.")
            return self.vai(indirizzo_fase(self.colloquio, self.fase))
        return self.rispondi(form)

    def salva(self, form: FaseForm) -> None:
        """Save what is valid; after a conflict, as the person chose (C8)."""
        posta, dati, versione = self.request.POST, form.dati(), self.numero("versione")
        if "versione_scelta" in posta:
            scelte = {c.removeprefix("scelta_"): str(v) for c, v in posta.items() if c.startswith("scelta_")}
            dati = risolvi(
                confronto=self.confronta(dati),
                attuali=leggi_fase(self.colloquio, self.fase),
                dati=dati,
                scelte=scelte,
            )
            versione = self.numero("versione_scelta")
        self.aggiorna(
            salva_fase(
                colloquio=self.colloquio,
                fase=self.fase,
                dati=dati,
                versione=versione,
                attore=self.request.user,
                adesso=adesso(),
            )
        )

    def confronta(self, dati: dict[str, Any]) -> Confronto:
        self.aggiorna(Colloquio.objects.select_related("utente").get(pk=self.colloquio.pk))
        return confronta(
            colloquio=self.colloquio,
            fase=self.fase,
            dati=dati,
            versione=self.numero("versione"),
            attore=self.request.user,
        )

    def completa(self, form: FaseForm) -> HttpResponse:
        raise NotImplementedError

    def indice(self) -> dict[str, Any]:
        raise NotImplementedError

    def quadro(self, valori: dict[str, Any], errori: dict[str, str]) -> dict[str, Any]:
        raise NotImplementedError

    def vai(self, url: str) -> HttpResponse:
        """Go to `url`, with scripts or without."""
        if self.request.htmx:
            return HttpResponse(headers={"HX-Redirect": url})
        return redirect(url)

    def rispondi(self, form: FaseForm, *, status: int = 200, **contesto: Any) -> HttpResponse:
        """To a page with scripts the parts that change; else the whole page, with what was typed."""
        contesto["errori"] = {campo: str(errori[0]) for campo, errori in form.errors.items()}
        contesto["etichette"] = [(campo, form.fields[campo].label) for campo in form.errors]
        if not self.request.htmx:
            valori = {campo: form.data.get(campo, "") for campo in form.fields}
            return self.pagina(valori, status=status, **contesto)
        contesto = {**AVVISI_VUOTI, **contesto, **self.indice()} | {
            "colloquio": self.colloquio,
            "fase": self.fase,
            "versione": versione_di(self.colloquio, self.fase),
        }
        return render(self.request, "psp/colloquio/_risposta.html", contesto, status=status)

    def pagina(self, valori: dict[str, Any], *, status: int = 200, **contesto: Any) -> HttpResponse:
        versione = self.numero("versione") if contesto.get("confronto") else versione_di(self.colloquio, self.fase)
        contesto = {**AVVISI_VUOTI, "versione": versione, **contesto}
        contesto |= self.cornice() | self.indice() | self.quadro(valori, contesto["errori"])
        return render(self.request, self.modello_pagina, contesto, status=status)

    def aggiorna(self, colloquio: Colloquio) -> None:
        """Go on with the rows as they are now."""
        self.oggetto = colloquio
        self.__dict__.pop("situazione", None)

    def numero(self, nome: str) -> int:
        testo = self.request.POST.get(nome, "")
        return int(testo) if testo.isascii() and testo.isdigit() and len(testo) < 10 else 0


class FaseUnoView(SalvaFaseView):
    """Phase 1, informativa (C3)."""

    fase = Fase.INFORMATIVA
    modulo = FaseUnoForm
    modello_pagina = "psp/colloquio/fase_uno.html"

    def indice(self) -> dict[str, Any]:
        return {"indice": quadro.indice_uno(self.situazione)}

    def quadro(self, valori: dict[str, Any], errori: dict[str, str]) -> dict[str, Any]:
        testo = self.colloquio.informazioni or testo_informazioni(oggi())
        return {"spunte": quadro.spunte(valori), "voci": quadro.voci_uno(valori, errori), "testo": testo}

    def completa(self, form: FaseForm) -> HttpResponse:
        testo = TestoInformativo.objects.filter(pk=self.numero("informazioni")).first()
        try:
            completa_fase(
                colloquio=self.colloquio,
                fase=self.fase,
                informazioni=testo,
                attore=self.request.user,
                adesso=adesso(),
            )
        except RegolaViolata as errore:
            mancanze = mancanze_per_completare(self.colloquio, self.fase)
            return self.rispondi(form, rifiuto=errore.messaggio, mancanze=mancanze, status=422)
        messages.success(
            self.request, "La fase 1 è completata. Ora l'analisi: le dieci aree, le propensioni, il curriculum."
        )
        return self.vai(indirizzo_fase(self.colloquio, Fase.ANALISI))


class FaseDueView(SalvaFaseView):
    """Phase 2, analysis: everything on one page, in any order (C1, C4, C5)."""

    fase = Fase.ANALISI
    modulo = FaseDueForm
    modello_pagina = "psp/colloquio/fase_due.html"

    def indice(self) -> dict[str, Any]:
        self.cv = quadro.curriculum_di(self.utente)
        imprese = len(self.colloquio.imprese.all())
        return {"indice": quadro.indice_due(self.situazione, imprese=imprese, cv=self.cv), "cv": self.cv}

    def quadro(self, valori: dict[str, Any], errori: dict[str, str]) -> dict[str, Any]:
        proposta = quadro.proposta_curriculum(self.colloquio, self.cv)
        return {
            "con_fianco": True,
            "voci": quadro.voci_due(valori, errori),
            "promozioni": quadro.promozioni(valori, errori, proposta),
            "imprese": list(self.colloquio.imprese.all()),
            "form_impresa": ImpresaForm(),
            "pannelli": quadro.pannelli(self.utente),
        }

    def completa(self, form: FaseForm) -> HttpResponse:
        """Go on to phase 3: what is missing is said and does not stop, since the order is free (C1)."""
        with contextlib.suppress(RegolaViolata):  # phase 3 says why there is no draft
            prepara_bozza(colloquio=self.colloquio, attore=self.request.user, adesso=adesso())
        quante = len(mancanze_fase(self.colloquio, self.fase))
        if quante:
            cose = "manca ancora una cosa" if quante == 1 else f"mancano ancora {quante} cose"
            messages.warning(self.request, f"La fase 2 è salvata ma {cose}: l'elenco è in alto, accanto al nome.")
        else:
            completa_fase(colloquio=self.colloquio, fase=self.fase, attore=self.request.user, adesso=adesso())
            messages.success(self.request, "La fase 2 è completata. Ora il piano, le misure e il patto.")
        return self.vai(indirizzo_fase(self.colloquio, Fase.DEFINIZIONE))


class IndiceFaseView(FaseDueView):
    """The side index of phase 2 alone, asked again when the file beside changes."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        contesto = self.indice()
        proposta = quadro.proposta_curriculum(self.colloquio, self.cv)
        return render(
            request, "psp/colloquio/_indice.html", contesto | {"proposta": proposta, "colloquio": self.colloquio}
        )
