"""The CV of a citizen: its panel, the upload, the download, the cancelling."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from curriculum.controllo.motivi import troppo_grande
from curriculum.forms import CaricaForm
from curriculum.models import Curriculum
from curriculum.pannello import contesto_pannello
from curriculum.services.curriculum import LIMITI, cancella_curriculum, salva_curriculum
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, PannelloMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.caricamento import oltre_limite
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

NON_NEL_NOME = re.compile(r"[^\w '.-]+")


class PannelloCurriculumMixin(PannelloMixin):
    """The panel of the CV."""

    permesso = Permesso.SCARICARE_CURRICULUM
    cartella = "curriculum"
    titolo_pagina = "Curriculum"

    def pannello(self, **stato: Any) -> dict[str, Any]:
        return contesto_pannello(self.utente, self.request.user, **stato)


class PannelloView(PannelloCurriculumMixin):
    """Where the CV stands, what is missing, the upload, the earlier ones (V1, V4)."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.disegna()


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
                return self.fatto(f"Il curriculum è salvato e vale fino al {salvato.valido_fino_al:%d/%m/%Y}.")
        return self.disegna(form=form, status=422)


class CurriculumMixin(OggettoDiUtenteMixin):
    """For addresses with the `pk` of a CV. Who may not save sees only the current one."""

    oggetto: Curriculum

    def visibili(self) -> QuerySet[Curriculum]:
        righe = Curriculum.objects.visibili_a(self.request.user)
        return righe if puo(self.request.user, Permesso.SALVARE_CURRICULUM) else righe.attuali()


class ScaricaView(CurriculumMixin):
    """The PDF as a download, after the permission check; one line of the register (A2)."""

    permesso = Permesso.SCARICARE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponseBase:
        if self.oggetto.stato == Curriculum.Stato.CANCELLATO:
            raise Http404
        try:
            file = default_storage.open(self.oggetto.file.name or "")
        except OSError:
            messages.error(request, "Il file non si trova nell'archivio: avvisare l'assistenza e caricarlo di nuovo.")
            return redirect("curriculum:pannello", utente_id=self.utente.pk)
        registra(
            Azione.CURRICULUM_SCARICATO,
            attore=request.user,
            oggetto=self.oggetto,
            utente=self.utente,
        )
        return FileResponse(
            file,
            as_attachment=True,
            filename=nome_del_file(self.utente),
            content_type="application/pdf",
            headers={"X-Content-Type-Options": "nosniff", "Cache-Control": "private, no-store"},
        )


class CancellaView(CurriculumMixin, PannelloCurriculumMixin):
    """Cancel one CV, here. A second click finds it cancelled already and says the same."""

    permesso = Permesso.SALVARE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return redirect("curriculum:pannello", utente_id=self.utente.pk)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        cancella_curriculum(curriculum=self.oggetto, attore=request.user)
        return self.fatto("Il curriculum è stato cancellato e il file non è più nell'archivio.")


def nome_del_file(utente: Utente) -> str:
    """ "CV Cognome Nome.pdf", without anything a file system or a header could stumble on."""
    persona = " ".join(NON_NEL_NOME.sub(" ", f"{utente.cognome} {utente.nome}").split())
    return f"CV {persona}.pdf"
