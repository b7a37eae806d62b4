"""The administrator's pages: offices, accounts, programmes, texts. One list and one form for all of them (A1)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.forms import ModelForm
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from orientamento.anagrafica.amministrazione import TABELLE, Tabella
from orientamento.anagrafica.models import Operatore
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services.amministrazione import reimposta_password
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore

RIGHE_AL_PIU = 200


class AmministrazioneMixin(PermessoMixin):
    """For the administrator's pages."""

    permesso = Permesso.AMMINISTRARE


class AmministrazioneView(AmministrazioneMixin):
    """The tables, with a word on each."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        contesto = {"titolo_pagina": "Amministrazione", "tabelle": list(TABELLE.values())}
        return render(request, "anagrafica/amministrazione/inizio.html", contesto)


class TabellaMixin(AmministrazioneMixin):
    """For addresses with the key of a table."""

    tabella: Tabella

    def trova(self) -> None:
        if self.kwargs["tabella"] not in TABELLE:
            raise Http404
        self.tabella = TABELLE[self.kwargs["tabella"]]


class ElencoView(TabellaMixin):
    """The rows of a table, with a search where they are many."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        cerca = request.GET.get("cerca", "").strip()[:100].replace("\x00", "")
        righe = self.tabella.righe()
        for parola in cerca.split()[:5]:
            condizione = Q()
            for campo in self.tabella.cerca_in:
                condizione |= Q(**{f"{campo}__icontains": parola})
            righe = righe.filter(condizione)
        trovate = list(righe[: RIGHE_AL_PIU + 1])
        contesto = {
            "titolo_pagina": self.tabella.titolo,
            "tabella": self.tabella,
            "cerca": cerca,
            "intestazioni": [nome for nome, _ in self.tabella.colonne],
            "righe": [(r.pk, [leggi(r) for _, leggi in self.tabella.colonne]) for r in trovate[:RIGHE_AL_PIU]],
            "altre": len(trovate) > RIGHE_AL_PIU,
        }
        return render(request, "anagrafica/amministrazione/elenco.html", contesto)


@method_decorator(never_cache, name="dispatch")
class ModuloView(TabellaMixin):
    """A new row, or one to correct; a secret that comes of it is shown once, in the answer itself."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        riga = self.riga()
        return self.mostra(self.tabella.form(instance=riga), riga)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        riga = self.riga()
        modulo = self.tabella.form(request.POST, instance=self.riga())
        if modulo.is_valid():
            try:
                salvata, segreto = self.tabella.salva(riga, modulo.cleaned_data, request.user)
            except RegolaViolata as errore:
                aggiungi_errore(modulo, errore)
            else:
                if segreto:
                    return mostra_password(request, salvata, segreto)
                messages.success(request, f"Salvato: {salvata}.")
                return redirect("anagrafica:amministrazione_elenco", self.tabella.chiave)
        return self.mostra(modulo, riga, status=422)

    def riga(self) -> Any:
        return get_object_or_404(self.tabella.righe(), pk=self.kwargs["pk"]) if "pk" in self.kwargs else None

    def mostra(self, modulo: ModelForm, riga: Any, status: int = 200) -> HttpResponse:
        contesto = {
            "titolo_pagina": str(riga) if riga else self.tabella.nuovo,
            "tabella": self.tabella,
            "modulo": modulo,
            "riga": riga,
            "operatore": riga if isinstance(riga, Operatore) else None,
        }
        return render(self.request, "anagrafica/amministrazione/modulo.html", contesto, status=status)


@method_decorator(never_cache, name="dispatch")
class ReimpostaPasswordView(AmministrazioneMixin):
    """A new password for an account, shown once."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        operatore = get_object_or_404(Operatore, pk=pk)
        return mostra_password(request, operatore, reimposta_password(operatore=operatore, attore=request.user))


def mostra_password(request: Richiesta, operatore: Operatore, password: str) -> HttpResponse:
    contesto = {"titolo_pagina": "Password da consegnare", "operatore": operatore, "password": password}
    return render(request, "anagrafica/amministrazione/password.html", contesto)
