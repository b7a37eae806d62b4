"""The rows of the plan, changed in place: acts of active search and measures (M1-M3)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.atto import AttiTipiciForm, AttoForm
from psp.forms.misura import MisuraForm, MisureForm
from psp.models import AttoRicerca, Misura, Servizio
from psp.services.atto import (
    aggiungi_atti_tipici,
    aggiungi_atto,
    elimina_atto,
    impronta_atto,
    modifica_atto,
    riprendi_atti,
)
from psp.services.catalogo import con_codice
from psp.services.misura import aggiungi_misure, elimina_misura, impronta_misura, modifica_misura
from psp.views.piano import (
    PezzoDelPianoView,
    modulo_atto,
    modulo_misura,
    quadro_servizi,
    quadro_tipici,
    riga_atto,
    riga_misura,
)

ATTI = "sezione-piano"
MISURE = "sezione-misure"


class AttiView(PezzoDelPianoView):
    """POST: an act in one's own words."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = AttoForm(request.POST, prefix="nuovo")
        atto = None
        if form.is_valid():
            try:
                atto = aggiungi_atto(patto=self.patto, dati=form.dati(), attore=request.user)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
        if atto is None:
            if not request.htmx:
                return self.pagina(422, form_atto=form)
            contesto = {"form_atto": form, "aperto": True}
            return self.pezzo(
                "psp/piano/_nuovo_atto.html", contesto, status=422, HX_Retarget="#nuovo-atto", HX_Reswap="outerHTML"
            )
        return self.aggiunti([atto], form_atto=AttoForm(prefix="nuovo", initial={"tipo": atto.tipo}))

    def aggiunti(self, atti: list[AttoRicerca], **contesto: Any) -> HttpResponse:
        """The new rows, for the end of the list."""
        if not self.request.htmx:
            messages.success(self.request, _quanti(len(atti), "atto aggiunto", "atti aggiunti"))
            return self.al_piano(ATTI)
        contesto |= {"atti": [riga_atto(atto, oggi()) for atto in atti]}
        contesto |= quadro_tipici(list(self.patto.atti.all()))
        return self.pezzo("psp/piano/_atti_aggiunti.html", contesto)


class AttiTipiciView(AttiView):
    """POST: the ticked typical acts, all at once."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = AttiTipiciForm(request.POST)
        if not form.is_valid():
            errore = RegolaViolata(str(form.errors["tipici"][0]))
            return self.rifiuto(errore, "#esito-tipici")
        try:
            atti = aggiungi_atti_tipici(
                patto=self.patto, chiavi=form.cleaned_data["tipici"], attore=request.user, adesso=adesso()
            )
        except RegolaViolata as errore:
            return self.rifiuto(errore, "#esito-tipici")
        return self.aggiunti(atti)


class RiprendiAttiView(AttiView):
    """POST: the acts of the citizen's last pact."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        presenti = set(self.patto.atti.values_list("pk", flat=True))
        try:
            riprendi_atti(patto=self.patto, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            return self.rifiuto(errore, "#esito-tipici")
        return self.aggiunti(list(self.patto.atti.exclude(pk__in=presenti)))


class AttoView(PezzoDelPianoView):
    """GET: the row, to read or (`?modifica`) to write. POST: save it; with `chiudi` the row goes back to reading."""

    def get(self, request: Richiesta, pk: int, atto_id: int) -> HttpResponse:
        atto = self.atto()
        if not request.htmx:
            return self.al_piano(f"atto-{atto.pk}")
        riga = riga_atto(atto, oggi(), aperto="modifica" in request.GET)
        return self.pezzo("psp/piano/_atto_e_controllo.html", {"riga": riga, "a_fuoco": "modifica" in request.GET})

    def post(self, request: Richiesta, pk: int, atto_id: int) -> HttpResponse:
        atto = self.atto()
        form = modulo_atto(atto, request.POST)
        status, messaggio = self.salva(form, atto)
        atto.refresh_from_db()
        if status == 200 and not request.htmx:
            messages.success(request, "L'atto è salvato.")
            return self.al_piano(f"atto-{atto.pk}")
        if status == 200 and "chiudi" in request.POST:
            # The tab key on «Fatto» may send its name with the save of the last field: the whole row either way.
            return self.pezzo(
                "psp/piano/_atto_e_controllo.html",
                {"riga": riga_atto(atto, oggi())},
                HX_Retarget=f"#atto-{atto.pk}",
                HX_Reswap="outerHTML",
            )
        if not request.htmx:
            messages.error(request, messaggio or "L'atto non è stato salvato: correggere ciò che è indicato.")
            righe = [riga_atto(a, oggi(), form=form if a.pk == atto.pk else None) for a in self.patto.atti.all()]
            return self.pagina(status, atti=righe)
        contesto = {"form": form, "nome": f"atto-{atto.pk}", "messaggio": messaggio, "versione": impronta_atto(atto)}
        if status == 409:
            contesto["attuale"] = _parole_atto(atto)
        return self.pezzo(
            "psp/piano/_esito_riga.html",
            contesto,
            status=status,
            HX_Retarget=f"#esito-atto-{atto.pk}",
            HX_Reswap="outerHTML",
        )

    def salva(self, form: AttoForm, atto: AttoRicerca) -> tuple[int, str]:
        form.is_valid()
        versione = form.cleaned_data.get("versione", "")
        try:
            modifica_atto(atto=atto, dati=form.dati(), versione=versione, attore=self.request.user)
        except VersioneSuperata as errore:
            return 409, errore.messaggio
        except RegolaViolata as errore:
            aggiungi_errore(form, errore)
        return (422 if form.errors else 200), ""

    def atto(self) -> AttoRicerca:
        atto: AttoRicerca = get_object_or_404(self.patto.atti, pk=self.kwargs["atto_id"])
        atto.patto = self.patto
        return atto


class EliminaAttoView(AttoView):
    """POST: take the act away. A second click finds nothing and says nothing."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int, atto_id: int) -> HttpResponse:
        try:
            elimina_atto(atto=AttoRicerca(pk=atto_id, patto=self.patto), attore=request.user)
        except RegolaViolata as errore:
            return self.rifiuto(errore, "#esito-tipici")
        if not request.htmx:
            messages.success(request, "L'atto è tolto dal piano.")
            return self.al_piano(ATTI)
        return self.pezzo("psp/piano/_atti_aggiunti.html", quadro_tipici(list(self.patto.atti.all())))


class ElencoMisureMixin(PezzoDelPianoView):
    """For what changes which measures there are."""

    http_method_names = ["post", "options"]

    def cambiate(self, nuove: set[int]) -> HttpResponse:
        """The new rows and the charter anew."""
        giorno = oggi()
        misure = list(self.patto.misure.select_related("servizio").prefetch_related(con_codice(giorno, "servizio__")))
        contesto: dict[str, Any] = {"misure": [riga_misura(m) for m in misure if m.pk in nuove]}
        return self.pezzo("psp/piano/_misure_aggiunte.html", contesto | quadro_servizi(misure, giorno))


class MisureView(ElencoMisureMixin):
    """POST: the ticked services become measures."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = MisureForm(request.POST, servizi=list(Servizio.objects.in_vigore(oggi())))
        try:
            if not form.is_valid():
                raise RegolaViolata(str(next(iter(form.errors.values()))[0]))
            scelti = form.scelti()
            misure = aggiungi_misure(
                patto=self.patto, chiavi=list(scelti), ore=scelti, attore=request.user, adesso=adesso()
            )
        except RegolaViolata as errore:
            return self.rifiuto(errore, "#esito-servizi")
        if not request.htmx:
            messages.success(request, _quanti(len(misure), "misura aggiunta", "misure aggiunte"))
            return self.al_piano(MISURE)
        return self.cambiate({m.pk for m in misure})


class MisuraView(PezzoDelPianoView):
    """POST: save dates, hours and state of a measure, from its row."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int, misura_id: int) -> HttpResponse:
        misura: Misura = get_object_or_404(self.patto.misure.select_related("servizio"), pk=misura_id)
        misura.patto = self.patto
        form = modulo_misura(misura, request.POST)
        status, messaggio = self.salva(form, misura)
        misura.refresh_from_db()
        if not request.htmx:
            if status == 200:
                messages.success(request, "La misura è salvata.")
                return self.al_piano(f"misura-{misura.pk}")
            errori = [messaggio, *(str(e) for lista in form.errors.values() for e in lista)]
            messages.error(request, " ".join(e for e in errori if e))
            return self.pagina(status, misure=self.righe(form, misura))
        contesto = {
            "form": form,
            "nome": f"misura-{misura.pk}",
            "messaggio": messaggio,
            "versione": impronta_misura(misura),
        }
        if status == 409:
            contesto["attuale"] = _parole_misura(misura)
        return self.pezzo("psp/piano/_esito_riga.html", contesto, status=status)

    def salva(self, form: MisuraForm, misura: Misura) -> tuple[int, str]:
        if not form.is_valid():
            return 422, ""
        versione = form.cleaned_data["versione"]
        try:
            modifica_misura(misura=misura, dati=form.dati(), versione=versione, attore=self.request.user)
        except VersioneSuperata as errore:
            return 409, errore.messaggio
        except RegolaViolata as errore:
            aggiungi_errore(form, errore)
        return (422 if form.errors else 200), ""

    def righe(self, form: MisuraForm, misura: Misura) -> list[dict[str, Any]]:
        """Every row, the one that was refused with what was typed."""
        misure = self.patto.misure.select_related("servizio").prefetch_related(con_codice(oggi(), "servizio__"))
        return [riga_misura(m, form if m.pk == misura.pk else None) for m in misure]


class EliminaMisuraView(ElencoMisureMixin):
    """POST: take the measure away."""

    def post(self, request: Richiesta, pk: int, misura_id: int) -> HttpResponse:
        try:
            elimina_misura(misura=Misura(pk=misura_id, patto=self.patto), attore=request.user)
        except RegolaViolata as errore:
            return self.rifiuto(errore, "#esito-servizi")
        if not request.htmx:
            messages.success(request, "La misura è tolta dal patto.")
            return self.al_piano(MISURE)
        return self.cambiate(set())


def _parole_atto(atto: AttoRicerca) -> str:
    termine = f"entro il {atto.entro_il:%d/%m/%Y}" if atto.entro_il else ""
    frequenza = atto.get_frequenza_display().lower() if atto.frequenza else ""
    return "; ".join(p for p in (atto.descrizione, atto.soggetto, termine, frequenza, atto.prova) if p)


def _parole_misura(misura: Misura) -> str:
    dal = f"dal {misura.inizio_previsto:%d/%m/%Y}" if misura.inizio_previsto else ""
    al = f"al {misura.fine_prevista:%d/%m/%Y}" if misura.fine_prevista else ""
    ore = f"{misura.ore_previste} ore".replace(".", ",") if misura.ore_previste is not None else ""
    return "; ".join(p for p in (misura.get_stato_display().lower(), dal, al, ore, misura.note) if p)


def _quanti(numero: int, uno: str, molti: str) -> str:
    if not numero:
        return "Non c'era nulla da aggiungere: è già tutto nell'elenco."
    return f"1 {uno}." if numero == 1 else f"{numero} {molti}."
