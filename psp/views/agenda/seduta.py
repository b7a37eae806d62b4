"""One meeting: its page, and the verbs that move it, cancel it, change it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from orientamento.anagrafica.models import Operatore
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.agenda import AnnullaForm, ModificaGruppoForm, SpostaForm, operatori_di
from psp.models import Iscrizione, Seduta
from psp.services.agenda import annulla_seduta, modifica_seduta, primi_liberi, sposta_seduta
from psp.services.agenda.avvisi import con_chi, dove
from psp.services.agenda.chi import segna_visibili
from psp.services.agenda.conflitti import frase_persona
from psp.services.agenda.giorni import ROMA, quando
from psp.services.agenda.lettura import STATI
from psp.services.agenda.sedute import esclusi_dallo_spostamento
from psp.views.agenda.cornice import SedutaMixin


class SedutaView(SedutaMixin):
    """Who, what, when, where; who comes and who waits; what can be done now. A POST changes a group."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = ModificaGruppoForm(request.POST)
        if form.is_valid():
            dati = form.cleaned_data
            versione = dati.pop("versione")
            try:
                modifica_seduta(seduta=self.seduta, dati=dati, versione=versione, attore=request.user, adesso=adesso())
            except VersioneSuperata as errore:
                self.superata(form, errore)
                return self.mostra(form, status=409)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, "Incontro aggiornato.")
                return redirect("psp:seduta", pk)
        return self.mostra(form, status=422)

    def mostra(self, form: ModificaGruppoForm | None = None, status: int = 200) -> HttpResponse:
        seduta, ora = self.seduta, adesso()
        righe = Iscrizione.objects.filter(seduta=seduta).select_related("utente", "misura__servizio")
        iscrizioni = segna_visibili(righe.order_by("posto", "pk"), self.request.user)
        fissata = seduta.stato == Seduta.Stato.FISSATA
        iniziali = {c: getattr(seduta, c) for c in ("titolo", "posti", "programma", "versione")}
        in_lista = [i for i in iscrizioni if i.stato == Iscrizione.Stato.IN_LISTA]
        contesto: dict[str, Any] = {
            "titolo_pagina": seduta.titolo,
            "seduta": seduta,
            "quando": quando(seduta.inizio, seduta.fine),
            "stato": STATI[Seduta.Stato(seduta.stato)],
            "dove": dove(seduta),
            "con_posto": [i for i in iscrizioni if i.posto is not None],
            "in_lista": in_lista,
            "annullate": [i for i in iscrizioni if i.stato == Iscrizione.Stato.ANNULLATA],
            "cominciata": seduta.inizio <= ora,
            "finita": seduta.fine <= ora,
            "fissata": fissata,
            "da_spostare": fissata and seduta.inizio > ora,
            "form": form or ModificaGruppoForm(initial=iniziali),
            "form_togli": AnnullaForm(prefix="togli"),
        }
        return render(self.request, "psp/agenda/seduta.html", contesto, status=status)


class SpostaSedutaView(SedutaMixin):
    """Another time, room or operator. Of a group, those who could not come then are shown first, and lose their place
    if confirmed."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        inizio, fine = self.seduta.inizio.astimezone(ROMA), self.seduta.fine.astimezone(ROMA)
        chiesto = chiave_intera(request.GET.get("operatore"))
        operatore = operatori_di(request.user.cpi_id).filter(pk=chiesto).first() or self.seduta.operatore
        iniziali = {
            "giorno": inizio.date(),
            "dalle": inizio.time(),
            "alle": fine.time(),
            "operatore": operatore.pk,
            "luogo": self.seduta.luogo_id,
            "assistita": self.seduta.assistita,
            "versione": self.seduta.versione,
        }
        return self.mostra(self.modulo(initial=iniziali), operatore)

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = self.modulo(request.POST)
        esclusi: list[Iscrizione] = []
        if form.is_valid():
            dati = {c: v for c, v in form.cleaned_data.items() if c not in ("giorno", "dalle", "alle")}
            mostrati = [chiave_intera(v) or 0 for v in request.POST.getlist("lascia_fuori")]
            try:
                seduta = sposta_seduta(
                    seduta=self.seduta, **dati, lascia_fuori=mostrati, attore=request.user, adesso=adesso()
                )
            except VersioneSuperata as errore:
                self.superata(form, errore)
                return self.mostra(form, self.seduta.operatore, status=409)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
                if self.seduta.di_gruppo:
                    esclusi = esclusi_dallo_spostamento(self.seduta, dati["inizio"], dati["fine"])
            else:
                messages.success(
                    request,
                    f"Ora è {quando(seduta.inizio, seduta.fine)}, {_con_chi(seduta)}. Chi deve venire è avvisato.",
                )
                return redirect(self.ritorno())
        return self.mostra(form, form.cleaned_data.get("operatore") or self.seduta.operatore, esclusi, status=422)

    def ritorno(self) -> str:
        """The meeting; or the list of what an absent colleague has still to hold, where one came from there."""
        di, a = (chiave_intera(self.request.GET.get(c)) for c in ("rimasti", "operatore"))
        if di and puo(self.request.user, Permesso.RIASSEGNARE_FASCICOLO):
            return f"{reverse('psp:affida')}?{urlencode({'di': di, **({'a': a} if a else {})})}"
        return reverse("psp:seduta", args=[self.seduta.pk])

    def modulo(self, *argomenti: Any, **altro: Any) -> SpostaForm:
        return SpostaForm(*argomenti, cpi_id=self.request.user.cpi_id, di_gruppo=self.seduta.di_gruppo, **altro)

    def mostra(
        self, form: SpostaForm, operatore: Operatore, esclusi: list[Iscrizione] | None = None, status: int = 200
    ) -> HttpResponse:
        liberi = primi_liberi(operatore, adesso=adesso(), minuti=self.seduta.minuti)
        contesto = {
            "titolo_pagina": f"Sposta o cambia «{self.seduta.titolo}»",
            "seduta": self.seduta,
            "adesso_e": f"{quando(self.seduta.inizio, self.seduta.fine)}, {_con_chi(self.seduta)}",
            "form": form,
            "esclusi": [{"utente": i.utente, "frase": frase_persona(i)} for i in esclusi or []],
            "operatore": operatore,
            "ritorno": self.ritorno(),
            "liberi": [quando(x.inizio, x.fine) for x in liberi],
        }
        return render(self.request, "psp/agenda/sposta.html", contesto, status=status)


class AnnullaSedutaView(SedutaMixin):
    """The meeting is not held."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra(AnnullaForm(initial={"versione": self.seduta.versione}))

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = AnnullaForm(request.POST)
        if form.is_valid():
            versione = form.cleaned_data["versione"] or self.seduta.versione
            try:
                annulla_seduta(
                    seduta=self.seduta,
                    motivo=form.cleaned_data["motivo"],
                    versione=versione,
                    attore=request.user,
                    adesso=adesso(),
                )
            except VersioneSuperata as errore:
                self.superata(form, errore)
                return self.mostra(form, status=409)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, "Appuntamento annullato. Chi ha la posta elettronica è avvisato.")
                return redirect("psp:seduta", pk)
        return self.mostra(form, status=422)

    def mostra(self, form: AnnullaForm, status: int = 200) -> HttpResponse:
        attive = Iscrizione.objects.filter(seduta=self.seduta).exclude(stato=Iscrizione.Stato.ANNULLATA)
        contesto = {
            "titolo_pagina": f"Annulla «{self.seduta.titolo}»",
            "seduta": self.seduta,
            "quando": quando(self.seduta.inizio, self.seduta.fine),
            "form": form,
            "attive": segna_visibili(attive.select_related("utente"), self.request.user),
        }
        return render(self.request, "psp/agenda/annulla.html", contesto, status=status)


def _con_chi(seduta: Seduta) -> str:
    """ "con Laura Verdi", in the middle of a sentence."""
    detto = con_chi(seduta)
    return detto[0].lower() + detto[1:]
