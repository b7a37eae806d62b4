"""One's own hours and private calendar, the closing days of the office, the appointments of a citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import Q
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.agenda import ChiusuraForm, OrarioForm
from psp.models import CalendarioPrivato, ChiusuraUfficio, OrarioOperatore
from psp.services.agenda import appuntamenti_dell_utente
from psp.services.agenda.calendario import crea_calendario, togli_calendario
from psp.services.agenda.giorni import festivita, giorno_in_parole
from psp.services.agenda.lettura import gruppi_del_centro
from psp.services.agenda.orari import salva_chiusura, salva_orario, togli_chiusura
from psp.views.agenda.cornice import AgendaMixin


class OrarioView(AgendaMixin):
    """One's own weekly hours."""

    def get(self, request: Richiesta) -> HttpResponse:
        righe = list(OrarioOperatore.objects.filter(operatore=request.user))
        return self.mostra(OrarioForm(righe=righe))

    def post(self, request: Richiesta) -> HttpResponse:
        form = OrarioForm(request.POST)
        if form.is_valid():
            try:
                salva_orario(operatore=request.user, fasce=form.cleaned_data["fasce"], attore=request.user)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, "Orario salvato: gli orari liberi seguono questo.")
                return redirect("psp:agenda")
        return self.mostra(form, status=422)

    def mostra(self, form: OrarioForm, status: int = 200) -> HttpResponse:
        contesto = {"titolo_pagina": "Il mio orario di ricevimento", "form": form}
        return render(self.request, "psp/agenda/orario.html", contesto, status=status)


class ChiusureView(AgendaMixin):
    """When the office is closed: holidays that are computed, days that are rows. Its supervisor adds them."""

    permesso_modifica = Permesso.STABILIRE_CHIUSURE

    def get(self, request: Richiesta) -> HttpResponse:
        return self.mostra(ChiusuraForm())

    def post(self, request: Richiesta) -> HttpResponse:
        form = ChiusuraForm(request.POST)
        if form.is_valid():
            dati = {**form.cleaned_data, "cpi": request.user.cpi}
            try:
                _, quante = salva_chiusura(chiusura=None, dati=dati, attore=request.user)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, "Chiusura salvata.")
                if quante:
                    gia = (
                        "c'è un appuntamento già fissato"
                        if quante == 1
                        else f"ci sono {quante} appuntamenti già fissati"
                    )
                    messages.warning(request, f"In quei giorni {gia}: vanno spostati o annullati dall'agenda.")
                return redirect("psp:chiusure")
        return self.mostra(form, status=422)

    def mostra(self, form: ChiusuraForm, status: int = 200) -> HttpResponse:
        giorno = oggi()
        righe = ChiusuraUfficio.objects.filter(Q(cpi=self.request.user.cpi_id) | Q(cpi__isnull=True), al__gte=giorno)
        feste = sorted({**festivita(giorno.year), **festivita(giorno.year + 1)}.items())
        fine = giorno + dt.timedelta(days=365)
        contesto = {
            "titolo_pagina": "Giorni di chiusura",
            "righe": righe,
            "feste": [{"giorno": giorno_in_parole(g), "nome": n} for g, n in feste if giorno <= g <= fine],
            "form": form,
            "stabilisce": puo(self.request.user, Permesso.STABILIRE_CHIUSURE),
        }
        return render(self.request, "psp/agenda/chiusure.html", contesto, status=status)


class TogliChiusuraView(AgendaMixin):
    """The office is open after all."""

    http_method_names = ["post", "options"]
    permesso = Permesso.STABILIRE_CHIUSURE

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        riga = get_object_or_404(ChiusuraUfficio, pk=pk, cpi=request.user.cpi)
        togli_chiusura(chiusura=riga, attore=request.user)
        messages.success(request, "Giorno di chiusura tolto.")
        return redirect("psp:chiusure")


class CalendarioPrivatoView(AgendaMixin):
    """The secret address of one's own calendar: made, renewed, taken away. It is shown once."""

    def get(self, request: Richiesta) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta) -> HttpResponse:
        if "togli" in request.POST:
            togli_calendario(operatore=request.user)
            messages.success(request, "L'indirizzo non funziona più.")
            return redirect("psp:calendario_privato")
        gettone = crea_calendario(operatore=request.user, adesso=adesso())
        risposta = self.mostra(request.build_absolute_uri(reverse("psp:calendario", args=[gettone])))
        risposta["Cache-Control"] = "no-store"
        return risposta

    def mostra(self, indirizzo: str = "") -> HttpResponse:
        riga = CalendarioPrivato.objects.filter(operatore=self.request.user).first()
        contesto = {"titolo_pagina": "Il mio calendario privato", "riga": riga, "indirizzo": indirizzo}
        return render(self.request, "psp/agenda/calendario_privato.html", contesto)


class AppuntamentiView(UtenteMixin):
    """The appointments of a citizen: those to come, those of before."""

    permesso = Permesso.GESTIRE_AGENDA

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        ora = adesso()
        tutti = appuntamenti_dell_utente(self.utente)
        futuri = [a for a in reversed(tutti) if a["fine"] > ora and a["stato"] in ("prenotata", "in_lista")]
        gia = {a["seduta_id"] for a in futuri}
        contesto = {
            "titolo_pagina": "Appuntamenti",
            "utente": self.utente,
            "futuri": futuri,
            "gruppi": [g for g in gruppi_del_centro(self.utente.cpi_id, ora) if g["id"] not in gia],
            "passati": [a for a in tutti if a not in futuri],
        }
        return render(request, "psp/agenda/appuntamenti.html", contesto)
