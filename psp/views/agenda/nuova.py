"""A new appointment, from a citizen, a measure or a free slot; a new group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.services.ricerca import cerca_utenti
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from orientamento.registro.services import registra_apertura
from psp.forms.agenda import DURATE, AppuntamentoForm, GruppoForm, operatori_di
from psp.models import Misura
from psp.services.agenda import crea_seduta_di_gruppo, fissa_appuntamento, primi_liberi
from psp.services.agenda.giorni import giorno_di, giorno_in_parole, ora_di, quando
from psp.services.agenda.liberi import MINUTI_CONSUETI, Libero
from psp.views.agenda.cornice import AgendaMixin, leggi_giorno

# What a free slot of the agenda brings along.
PORTA = ("giorno", "dalle", "alle", "operatore", "luogo")


class NuovaSedutaView(AgendaMixin):
    """Without a citizen: whom to look for. With one: the next free slots, each a button that fixes the appointment."""

    utente: Utente | None = None

    def trova(self) -> None:
        dati = self.request.POST if self.request.method == "POST" else self.request.GET
        if "utente" in dati:
            visibili = Utente.objects.visibili_a(self.request.user).select_related("cpi", "operatore_riferimento")
            self.utente = get_object_or_404(visibili, pk=chiave_intera(dati["utente"]))

    def entra(self) -> None:
        if self.utente is not None:
            self.request.utente_in_vista = self.utente
            registra_apertura(self.utente, attore=self.request.user, parziale="HX-Request" in self.request.headers)

    def get(self, request: Richiesta) -> HttpResponse:
        if self.utente is None:
            return self.cerca()
        iniziali = self.iniziali()
        form = AppuntamentoForm(initial=iniziali, cpi_id=request.user.cpi_id, misure=self.misure())
        if request.htmx:
            return render(request, "psp/agenda/_liberi.html", self.liberi(form, iniziali))
        return self.mostra(form, iniziali)

    def post(self, request: Richiesta) -> HttpResponse:
        if self.utente is None:
            raise Http404
        libero = _leggi_libero(request.POST.get("libero", ""))
        form = AppuntamentoForm(
            request.POST, cpi_id=request.user.cpi_id, misure=self.misure(), libero=libero is not None
        )
        if form.is_valid():
            dati = form.cleaned_data
            inizio, fine = (libero.inizio, libero.fine) if libero else (dati["inizio"], dati["fine"])
            try:
                iscrizione = fissa_appuntamento(
                    utente=self.utente,
                    inizio=inizio,
                    fine=fine,
                    attore=request.user,
                    adesso=adesso(),
                    **{c: dati[c] for c in ("operatore", "misura", "titolo", "modo", "luogo", "assistita")},
                )
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, _fissato(iscrizione.utente, inizio, fine))
                return redirect("psp:seduta", iscrizione.seduta_id)
        return self.mostra(form, self.iniziali(), status=422)

    def cerca(self) -> HttpResponse:
        """Whom the appointment is for; the slot chosen in the agenda comes along."""
        testo = self.request.GET.get("q", "").replace("\x00", "").strip()
        contesto = {
            "titolo_pagina": "Nuovo appuntamento",
            "testo": testo,
            "persone": cerca_utenti(testo, operatore=self.request.user).persone if testo else [],
            "porta": {c: v for c, v in self.request.GET.items() if c in PORTA},
        }
        return render(self.request, "psp/agenda/scegli_persona.html", contesto)

    def misure(self) -> Any:
        return Misura.objects.da_erogare().filter(patto__utente=self.utente).select_related("servizio")

    def iniziali(self) -> dict[str, Any]:
        """What the page begins with: the address, else who follows the person, one hour, in presence."""
        dati = self.request.POST if self.request.method == "POST" else self.request.GET
        ammessi = {o.pk: o for o in operatori_di(self.request.user.cpi_id)}
        chiesto = chiave_intera(dati.get("operatore"))
        minuti = chiave_intera(dati.get("minuti"))
        iniziali: dict[str, Any] = {
            "operatore": ammessi.get(chiesto or 0) or self.request.user,
            "minuti": minuti if minuti in DURATE else MINUTI_CONSUETI,
            "misura": chiave_intera(dati.get("misura")),
            "liberi_dal": dati.get("liberi_dal", ""),
            "luogo": chiave_intera(dati.get("luogo")),
            "dalle": dati.get("dalle", ""),
            "alle": dati.get("alle", ""),
        }
        giorno = leggi_giorno(dati.get("giorno"))
        if giorno:
            iniziali["giorno"] = iniziali["liberi_dal"] = giorno
        return iniziali

    def liberi(self, form: AppuntamentoForm, iniziali: dict[str, Any]) -> dict[str, Any]:
        operatore: Operatore = iniziali["operatore"]
        try:
            dal, illeggibile = form.fields["liberi_dal"].clean(iniziali["liberi_dal"]), ""
        except ValidationError as errore:
            dal, illeggibile = None, errore.messages[0]
        trovati = primi_liberi(operatore, adesso=adesso(), minuti=iniziali["minuti"], dal=dal)
        return {
            "illeggibile": illeggibile,
            "dal": dal,
            "liberi": [{"valore": _scrivi_libero(x), "testo": _in_breve(x)} for x in trovati],
            "operatore": operatore,
            "mio": operatore.pk == self.request.user.pk,
        }

    def mostra(self, form: AppuntamentoForm, iniziali: dict[str, Any], status: int = 200) -> HttpResponse:
        contesto = {
            "titolo_pagina": "Nuovo appuntamento",
            "utente": self.utente,
            "form": form,
            "misure": form.fields["misura"].queryset.exists(),  # type: ignore[attr-defined]
            **self.liberi(form, iniziali),
        }
        return render(self.request, "psp/agenda/nuova.html", contesto, status=status)


class NuovoGruppoView(AgendaMixin):
    """A workshop or a seminar of the office."""

    def get(self, request: Richiesta) -> HttpResponse:
        iniziali = {"operatore": request.user.pk, "giorno": leggi_giorno(request.GET.get("giorno"))}
        return self.mostra(GruppoForm(initial=iniziali, cpi_id=request.user.cpi_id, oggi=oggi()))

    def post(self, request: Richiesta) -> HttpResponse:
        form = GruppoForm(request.POST, cpi_id=request.user.cpi_id, oggi=oggi())
        if form.is_valid():
            dati = {c: v for c, v in form.cleaned_data.items() if c not in ("giorno", "dalle", "alle")}
            try:
                seduta = crea_seduta_di_gruppo(**dati, attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                messages.success(request, "Incontro fissato. Ora si possono iscrivere le persone.")
                return redirect("psp:seduta", seduta.pk)
        return self.mostra(form, status=422)

    def mostra(self, form: GruppoForm, status: int = 200) -> HttpResponse:
        contesto = {"titolo_pagina": "Nuovo incontro di gruppo", "form": form}
        return render(self.request, "psp/agenda/gruppo.html", contesto, status=status)


def _fissato(utente: Utente, inizio: dt.datetime, fine: dt.datetime) -> str:
    posta = (
        "La conferma parte per posta elettronica." if utente.email else "Non ha la posta elettronica: dare la lettera."
    )
    return f"Appuntamento fissato {quando(inizio, fine)}. {posta}"


def _in_breve(libero: Libero) -> str:
    return f"{giorno_in_parole(giorno_di(libero.inizio))}, {ora_di(libero.inizio)}–{ora_di(libero.fine)}"


def _scrivi_libero(libero: Libero) -> str:
    return f"{int(libero.inizio.timestamp())}-{int(libero.fine.timestamp())}"


def _leggi_libero(testo: str) -> Libero | None:
    da, _, a = testo.partition("-")
    inizio, fine = chiave_intera(da[:11]), chiave_intera(a[:11])
    if inizio is None or fine is None:
        return None
    return Libero(dt.datetime.fromtimestamp(inizio, dt.UTC), dt.datetime.fromtimestamp(fine, dt.UTC))
