"""The home page of each role: what to do today."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views import View

from orientamento.anagrafica.models import Operatore, Ruolo, Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore, chiave_intera
from psp.forms.lavoro import ENTRO, FiltroForm, NomeFiltroForm, PromemoriaForm
from psp.models import FiltroSalvato, Promemoria
from psp.services.lavoro.affidamento import operatori_del_centro
from psp.services.lavoro.elenco import PASSO, RIGHE_MASSIME, Lavoro
from psp.services.lavoro.generi import GENERI
from psp.services.lavoro.propri import chiudi_promemoria, salva_filtro, scrivi_promemoria, togli_filtro
from psp.services.oggi import giornata_di, riassunto_revisioni


class HomeView(View):
    """Operators and supervisors see their work; matching goes to the search, the administrator to the tables."""

    def get(self, request: Richiesta) -> HttpResponse:
        if request.user.ruolo == Ruolo.INCROCIO:
            return redirect("anagrafica:ricerca")
        if request.user.ruolo == Ruolo.AMMINISTRATORE:
            return redirect("anagrafica:amministrazione")
        return mostra_home(request)


class DelLavoroView(PermessoMixin):
    """A verb of the worklist: POST, then the page it came from."""

    permesso = Permesso.CONDURRE_COLLOQUIO
    http_method_names = ["post", "options"]

    def torna(self, esito: str, ancora: str = "") -> HttpResponse:
        messages.success(self.request, esito)
        return redirect(reverse("psp:home") + ancora)


class PromemoriaView(DelLavoroView):
    """A new reminder."""

    def post(self, request: Richiesta) -> HttpResponse:
        form = PromemoriaForm(request.POST)
        utente = None
        if chiave := chiave_intera(request.POST.get("utente")):
            utente = get_object_or_404(Utente.objects.visibili_a(request.user), pk=chiave)
        if form.is_valid():
            try:
                scrivi_promemoria(attore=request.user, utente=utente, adesso=adesso(), **form.cleaned_data)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
            else:
                return self.torna("Il promemoria è scritto: compare tra le cose da fare dalla settimana prima.")
        return mostra_home(request, status=422, promemoria=form, di_chi=utente)


class PromemoriaFattoView(DelLavoroView):
    """A reminder is done."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        chiudi_promemoria(promemoria=get_object_or_404(Promemoria, pk=pk, operatore=request.user), adesso=adesso())
        return self.torna("Il promemoria è fatto.", "#lavoro")


class SalvaFiltroView(DelLavoroView):
    """Keep the filter in sight under a name."""

    def post(self, request: Richiesta) -> HttpResponse:
        nome, scelto = NomeFiltroForm(request.POST), FiltroForm(request.POST, colleghi=colleghi_di(request.user))
        if nome.is_valid():
            try:
                salvato = salva_filtro(
                    attore=request.user, nome=nome.cleaned_data["nome"], parametri=scelto.parametri()
                )
            except RegolaViolata as errore:
                aggiungi_errore(nome, errore)
            else:
                messages.success(request, f"Il filtro «{salvato.nome}» è salvato: è tra i suoi filtri.")
                return redirect(indirizzo_filtro(salvato.parametri))
        return mostra_home(request, status=422, parametri=request.POST, nome_filtro=nome)


class TogliFiltroView(DelLavoroView):
    """Forget a named filter."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        togli_filtro(filtro=get_object_or_404(FiltroSalvato, pk=pk, operatore=request.user))
        return self.torna("Il filtro è stato tolto.", "#lavoro")


def mostra_home(request: Richiesta, *, status: int = 200, parametri: Any = None, **moduli: Any) -> HttpResponse:
    """The page of an operator or a supervisor; `moduli` are bound forms that take the place of fresh ones."""
    ora, operatore = adesso(), request.user
    form = FiltroForm(parametri or request.GET, colleghi=colleghi_di(operatore))
    filtro = form.filtro()
    giornata = giornata_di(operatore, filtro, ora)
    contesto = {
        "appuntamenti": giornata.appuntamenti,
        "riprendere": giornata.riprendere,
        "revisioni": riassunto_revisioni(operatore, ora) if operatore.ruolo == Ruolo.RESPONSABILE else None,
        "lavoro": giornata.lavoro,
        "filtro": form,
        "scelte": scelte(form, giornata.lavoro),
        "quando": quando(form),
        "filtrato": bool(form.parametri()),
        "altre": indirizzo_filtro(form.parametri() | {"mostra": min(filtro.mostra + PASSO, RIGHE_MASSIME)}),
        "salvati": [{**f, "url": indirizzo_filtro(f["parametri"])} for f in giornata.filtri],
        "nome_filtro": moduli.get("nome_filtro") or NomeFiltroForm(),
        "promemoria": moduli.get("promemoria") or PromemoriaForm(initial={"giorno": oggi()}),
        "di_chi": moduli.get("di_chi"),
    }
    return render(request, "psp/home/home.html", contesto, status=status)


def scelte(form: FiltroForm, lavoro: Lavoro) -> list[dict[str, Any]]:
    """The ready filters: each kind that there is, with its number and the address that shows it alone."""
    resto = {nome: valore for nome, valore in form.parametri().items() if nome != "genere"}
    attivi = form.parametri().get("genere", [])
    tutte = [{"nome": "Tutto", "quante": lavoro.totale, "url": indirizzo_filtro(resto), "attiva": not attivi}]
    return tutte + [
        {
            "nome": genere.nome,
            "quante": lavoro.quante[chiave],
            "url": indirizzo_filtro(resto | {"genere": [chiave]}),
            "attiva": chiave in attivi,
        }
        for chiave, genere in GENERI.items()
        if chiave in lavoro.quante
    ]


def quando(form: FiltroForm) -> list[dict[str, Any]]:
    """The ready filters by time, one click each."""
    resto = {nome: valore for nome, valore in form.parametri().items() if nome != "entro"}
    attivo = form.parametri().get("entro", "")
    return [
        {
            "nome": nome,
            "url": indirizzo_filtro(resto | ({"entro": giorni} if giorni else {})),
            "attiva": giorni == attivo,
        }
        for giorni, nome in ENTRO
    ]


def indirizzo_filtro(parametri: dict[str, Any]) -> str:
    parole = urlencode(parametri, doseq=True)
    return reverse("psp:home") + (f"?{parole}" if parole else "") + "#lavoro"


def colleghi_di(operatore: Operatore) -> list[tuple[str, str]] | None:
    """Whose work a supervisor may choose to see; None for who sees only their own."""
    if operatore.ruolo != Ruolo.RESPONSABILE or operatore.cpi is None:
        return None
    return [(str(r["operatore"].pk), str(r["operatore"])) for r in operatori_del_centro(operatore.cpi)]
