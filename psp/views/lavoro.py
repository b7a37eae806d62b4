"""A supervisor passes the cases of one operator to another, and their meetings (A1)."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orientamento.anagrafica.models import CPI, Operatore, Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.agenda import operatori_di
from psp.forms.lavoro import AffidaForm, PassaGiorniForm
from psp.services.agenda import Passaggio
from psp.services.agenda.giorni import quando
from psp.services.lavoro.affidamento import (
    affida_molti,
    appuntamenti_rimasti,
    conta_appuntamenti,
    operatori_del_centro,
    passa_giorni,
    seguiti_da,
)

IN_PAROLE = 5


class AffidaView(PermessoMixin):
    """Choose whose cases (`di`), tick the people, choose who takes them. `a` is who took something just now."""

    permesso = Permesso.RIASSEGNARE_FASCICOLO
    di: Operatore | None
    a: Operatore | None

    def trova(self) -> None:
        self.di = self.dell_indirizzo("di", Operatore.objects.filter(cpi=self.request.user.cpi, cpi__isnull=False))
        self.a = self.dell_indirizzo("a", self.riceventi()) if self.di else None

    def dell_indirizzo(self, nome: str, operatori: QuerySet[Operatore]) -> Operatore | None:
        chiave = chiave_intera(self.request.GET.get(nome))
        return get_object_or_404(operatori, pk=chiave) if chiave else None

    def riceventi(self) -> QuerySet[Operatore]:
        """Who may take what is of `di`."""
        operatori: QuerySet[Operatore] = operatori_di(self.request.user.cpi_id)
        return operatori.exclude(pk=self.di.pk) if self.di else operatori

    def get(self, request: Richiesta) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta) -> HttpResponse:
        if self.di is None:
            return redirect("psp:affida")
        form = self.modulo(request.POST)
        if form.is_valid():
            dati = form.cleaned_data
            try:
                fatto = affida_molti(da=self.di, **dati, attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                una = fatto.persone == 1
                persone = "Una persona è ora affidata" if una else f"{fatto.persone} persone sono ora affidate"
                messages.success(request, f"{persone} a {dati['a']}. Il passaggio è nel registro di ciascun fascicolo.")
                return self.fatto(fatto.passaggio, dati["a"])
        return self.mostra(form=form, status=422)

    def fatto(self, passaggio: Passaggio, a: Operatore) -> HttpResponse:
        """Say what became of the meetings; the page then lists those that stayed, with why."""
        assert self.di is not None
        for livello, frase in _detto(passaggio, self.di, a):
            messages.add_message(self.request, livello, frase)
        return redirect(f"{reverse('psp:affida')}?{urlencode({'di': self.di.pk, 'a': a.pk})}")

    def conta(self) -> dict[str, int]:
        assert self.di is not None
        return conta_appuntamenti(self.di, responsabile=self.request.user, adesso=adesso())

    def modulo(self, dati: Any = None, quanti: dict[str, int] | None = None) -> AffidaForm:
        utenti = Utente.objects.visibili_a(self.request.user).filter(operatore_riferimento=self.di)
        return AffidaForm(dati, utenti=utenti, operatori=self.riceventi(), quanti=quanti or self.conta())

    def mostra(
        self, *, form: AffidaForm | None = None, form_giorni: PassaGiorniForm | None = None, status: int = 200
    ) -> HttpResponse:
        operatore = self.request.user
        colleghi = operatori_del_centro(operatore.cpi) if isinstance(operatore.cpi, CPI) else []
        contesto: dict[str, Any] = {"titolo_pagina": "Affida i casi a un collega", "colleghi": colleghi, "di": self.di}
        if self.di is not None:
            quanti = self.conta()
            contesto |= {
                "a": self.a,
                "form": form or self.modulo(quanti=quanti),
                "form_giorni": form_giorni or PassaGiorniForm(operatori=self.riceventi(), initial={"dal": oggi()}),
                "utenti": seguiti_da(self.di, responsabile=operatore),
                "spuntati": {u.pk for u in form.cleaned_data.get("utenti", [])} if form else set(),
                "quanti": next((r["quanti"] for r in colleghi if r["operatore"].pk == self.di.pk), 0),
                "appuntamenti": quanti["tutti"],
                "rimasti": appuntamenti_rimasti(self.di, self.a, responsabile=operatore, adesso=adesso()),
            }
        return render(self.request, "psp/lavoro/affida.html", contesto, status=status)


class PassaGiorniView(AffidaView):
    """The meetings of some days alone: who is ill for a week keeps the files."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta) -> HttpResponse:
        if self.di is None:
            return redirect("psp:affida")
        form = PassaGiorniForm(request.POST, operatori=self.riceventi())
        if form.is_valid():
            dati = form.cleaned_data
            try:
                passaggio = passa_giorni(da=self.di, **dati, attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.fatto(passaggio, dati["a"])
        return self.mostra(form_giorni=form, status=422)


def _detto(passaggio: Passaggio, da: Operatore, a: Operatore) -> list[tuple[int, str]]:
    """What to say of the meetings, each with its level."""
    frasi = []
    passati, restano, fuori = len(passaggio.passate), passaggio.restano, passaggio.fuori_orario
    if passati:
        passa = "Un appuntamento passa" if passati == 1 else f"{passati} appuntamenti passano"
        frasi.append(
            (
                messages.SUCCESS,
                f"{passa} nell'agenda di {a}. Chi deve venire e ha la posta elettronica riceve un messaggio.",
            )
        )
    if restano:
        resta = "Un appuntamento resta" if restano == 1 else f"{restano} appuntamenti restano"
        frasi.append((messages.WARNING, f"{resta} nell'agenda di {da}: qui sotto si legge perché, e da lì si sposta."))
    if fuori:
        quali = "; ".join(quando(s.inizio, s.fine) for s in fuori[:IN_PAROLE])
        altri = f" e altri {len(fuori) - IN_PAROLE}" if len(fuori) > IN_PAROLE else ""
        frasi.append((messages.WARNING, f"Passano, ma in ore in cui {a} di solito non riceve: {quali}{altri}."))
    return frasi
