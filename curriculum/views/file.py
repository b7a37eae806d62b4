"""One CV by its key: the download and the cancelling."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.core.files.storage import default_storage
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from curriculum.models import Curriculum
from curriculum.passi import passo_cancella
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.luoghi import aperta, luoghi_di
from curriculum.views.pannello import PannelloCurriculumMixin
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

NON_NEL_NOME = re.compile(r"[^\w '.-]+")
# Neither of these has a file to give: one is gone, the others have not been found clean.
SENZA_FILE = (Curriculum.Stato.CANCELLATO, Curriculum.Stato.IN_CONTROLLO, Curriculum.Stato.RESPINTO)

DOPO = "La rimozione da Intuition è chiesta e parte da sola. Sul portale resta finché non lo cancella la persona."


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
        if self.oggetto.stato in SENZA_FILE:
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
    """*Cancella CV* (V5): the dialog, then the cancelling. A second click finds it done already and says the same."""

    permesso = Permesso.SALVARE_CURRICULUM

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if self.oggetto.stato == Curriculum.Stato.CANCELLATO:
            return redirect("curriculum:pannello", utente_id=self.utente.pk)
        return self.disegna(passo=passo_cancella(self.oggetto, adesso=adesso()))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        cancella_curriculum(curriculum=self.oggetto, attore=request.user)
        esito = "Il curriculum è stato cancellato e il file non è più nell'archivio."
        if aperta(luoghi_di(self.utente, giorno=oggi()).rimozione):
            esito += f" {DOPO}"
        return self.fatto(esito)


def nome_del_file(utente: Utente) -> str:
    """ "CV Cognome Nome.pdf", without anything a file system or a header could stumble on."""
    persona = " ".join(NON_NEL_NOME.sub(" ", f"{utente.cognome} {utente.nome}").split())
    return f"CV {persona}.pdf"
