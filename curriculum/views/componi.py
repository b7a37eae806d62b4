"""The CV written from the file (U4, V1) and the sheet for the citizen (V5): the page, its preview, its saving."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header

from curriculum.composizione.fonti import leggi_fonti
from curriculum.composizione.modulo import ComponiForm
from curriculum.models import Curriculum
from curriculum.services.composizione import componi_curriculum, pdf_del_cv, pdf_del_foglio, scelte_di_partenza
from curriculum.services.curriculum import mancanze
from curriculum.views.file import nome_del_file
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore


class ComponiMixin(UtenteMixin):
    """The page, with the form as it is."""

    permesso = Permesso.SALVARE_CURRICULUM

    def modulo(self, *args: Any) -> ComponiForm:
        fonti = leggi_fonti(self.utente)
        return ComponiForm(*args, fonti=fonti, proposte=scelte_di_partenza(fonti))

    def con_modulo(self, form: ComponiForm, status: int = 200) -> HttpResponse:
        contesto = {
            "titolo_pagina": "Componi il curriculum dal fascicolo",
            "utente": self.utente,
            "form": form,
            "mancanze": mancanze(self.utente),
            "attuale": Curriculum.objects.attuali().filter(utente=self.utente).first(),
        }
        return render(self.request, "curriculum/componi/pagina.html", contesto, status=status)


class ComponiView(ComponiMixin):
    """What to print and with which words; *Salva il curriculum* passes through the gate of every CV."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.con_modulo(self.modulo())

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = self.modulo(request.POST)
        if form.is_valid():
            try:
                salvato = componi_curriculum(
                    fonti=form.fonti,
                    scelte=form.scelte(),
                    nome=nome_del_file(self.utente),
                    attore=request.user,
                    adesso=adesso(),
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, _detto(salvato))
                return redirect("curriculum:pannello", self.utente.pk)
        return self.con_modulo(form, status=422)


class AnteprimaView(ComponiMixin):
    """The PDF of what stands in the page now. Nothing is saved."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = self.modulo(request.POST)
        if not form.is_valid():
            return self.con_modulo(form, status=422)
        return in_linea(pdf_del_cv(form.fonti, form.scelte(), adesso=adesso()), nome_del_file(self.utente))


class ComeCancellareView(UtenteMixin):
    """The sheet to print for the citizen."""

    permesso = Permesso.SALVARE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return in_linea(pdf_del_foglio(self.utente, adesso=adesso()), "Come cancellare il curriculum.pdf")


def in_linea(contenuto: bytes, nome: str) -> HttpResponse:
    """A PDF to look at, that no cache keeps."""
    return HttpResponse(
        contenuto,
        content_type="application/pdf",
        headers={
            "Content-Disposition": content_disposition_header(as_attachment=False, filename=nome) or "inline",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "private, no-store",
        },
    )


def _detto(salvato: Curriculum) -> str:
    if salvato.stato == Curriculum.Stato.IN_CONTROLLO:
        return "Il curriculum è composto e aspetta il controllo antivirus: poi diventa quello attuale."
    return f"Il curriculum è composto e salvato: vale fino al {salvato.valido_fino_al:%d/%m/%Y}."
