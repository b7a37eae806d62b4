"""The propensioni of a citizen: the panel, the form in place, the search of professions, the preview of the note."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render

from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, PannelloMixin, PermessoMixin, Richiesta
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore
from propensioni.forms import NotaForm, PropensioneForm, valori_iniziali, valori_proposti
from propensioni.models import Propensione
from propensioni.nota import componi
from propensioni.pannello import Aperto, contesto_pannello
from propensioni.services.glossario import cerca_professioni
from propensioni.services.lettura import come_dati, propensioni_di, quante
from propensioni.services.propensione import (
    AL_MASSIMO_TRE,
    POSTI,
    aggiungi_propensione,
    elimina_propensione,
    modifica_propensione,
)

CAMPI_DEL_MODULO = {"professione": "professione_testo"}


class PropensioniMixin(PannelloMixin):
    """The panel of the propensioni, and the form in it that a rule refused."""

    permesso = Permesso.VEDERE_PROPENSIONI
    permesso_modifica = Permesso.MODIFICARE_PROPENSIONI
    cartella = "propensioni"
    titolo_pagina = "Propensioni"

    def pannello(self, **stato: Any) -> dict[str, Any]:
        return contesto_pannello(self.utente, self.request.user, **stato)

    def rifiutato(self, aperto: Aperto, errore: RegolaViolata) -> HttpResponse:
        """The form as it was typed, with what the rule refuses at its field."""
        errore.campo = CAMPI_DEL_MODULO.get(errore.campo or "", errore.campo)
        aggiungi_errore(aperto.form, errore)
        return self.disegna(aperto=aperto, status=409 if isinstance(errore, VersioneSuperata) else 422)


class PannelloView(PropensioniMixin):
    """The propensioni, up to three (P1)."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.disegna(fuoco="fuoco" in request.GET)


class NuovaView(PropensioniMixin):
    """A new propensione, its form open in place; hours, movement and patentini come from the one before."""

    permesso = Permesso.MODIFICARE_PROPENSIONI

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        if quante(self.utente) >= len(POSTI):
            return self.disegna(rifiuto=AL_MASSIMO_TRE)
        precedenti = propensioni_di(self.utente)
        ultima = max(precedenti, key=lambda voce: voce["id"]) if precedenti else None
        proposti = valori_proposti(ultima["nota"]) if ultima else {}
        form = PropensioneForm(initial={"data_intervista": oggi(), **proposti})
        return self.disegna(aperto=Aperto(form, proposti=bool(proposti)))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        aperto = Aperto(PropensioneForm(request.POST))
        if not aperto.form.is_valid():
            return self.disegna(aperto=aperto, status=422)
        try:
            nuova = aggiungi_propensione(utente=self.utente, dati=aperto.form.dati(), attore=request.user)
        except RegolaViolata as errore:
            return self.rifiutato(aperto, errore)
        return self.fatto(f"Propensione aggiunta: {nuova}. {_che_cosa_viene_dopo(nuova)}")


class PropensioneMixin(OggettoDiUtenteMixin, PropensioniMixin):
    """For addresses with the key of a propensione."""

    permesso = Permesso.MODIFICARE_PROPENSIONI

    def visibili(self) -> QuerySet[Propensione]:
        return Propensione.objects.visibili_a(self.request.user).select_related("professione")


class ModificaView(PropensioneMixin):
    """Change one in place; a stale save is refused and both versions are shown (C8)."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        form = PropensioneForm(initial=valori_iniziali(self.oggetto))
        return self.disegna(aperto=Aperto(form, pk=self.oggetto.pk))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        aperto = Aperto(PropensioneForm(request.POST), pk=self.oggetto.pk)
        if not aperto.form.is_valid():
            return self.disegna(aperto=aperto, status=422)
        try:
            cambiata = modifica_propensione(
                propensione=self.oggetto,
                dati=aperto.form.dati(),
                versione=aperto.form.cleaned_data["versione"] or 0,
                attore=request.user,
            )
        except VersioneSuperata as errore:
            return self.superata(aperto, errore)
        except RegolaViolata as errore:
            return self.rifiutato(aperto, errore)
        return self.fatto(f"Propensione salvata: {cambiata}.")

    def superata(self, aperto: Aperto, errore: VersioneSuperata) -> HttpResponse:
        """Both texts; the form carries the present version, so that a second save is a choice."""
        dati = self.request.POST.copy()
        dati["versione"] = str(self.oggetto.versione)
        aperto.form = PropensioneForm(dati)
        aperto.form.is_valid()
        aperto.confronto = come_dati(self.oggetto)
        return self.rifiutato(aperto, errore)


class EliminaView(PropensioneMixin):
    """Remove one: a GET asks for confirmation on its page, for those without JavaScript."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        contesto = {
            "titolo_pagina": "Eliminare la propensione?",
            "utente": self.utente,
            "voce": come_dati(self.oggetto),
        }
        return render(request, "propensioni/elimina.html", contesto)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        nome = str(self.oggetto)
        try:
            elimina_propensione(propensione=self.oggetto, attore=request.user)
        except RegolaViolata as errore:
            return self.disegna(rifiuto=errore.messaggio, status=422)
        return self.fatto(f"Propensione eliminata: {nome}. Il suo posto è di nuovo libero.")


class GlossarioMixin(PermessoMixin):
    """For addresses of the glossary, which belong to no citizen."""

    permesso = Permesso.VEDERE_PROPENSIONI


class CercaProfessioniView(GlossarioMixin):
    """The options of the profession's field, as one types (P3)."""

    def get(self, request: Richiesta) -> HttpResponse:
        testo = request.GET.get("q", "")
        contesto = {"testo": testo.strip(), "trovate": cerca_professioni(testo)}
        return render(request, "propensioni/_opzioni.html", contesto)


class AnteprimaNotaView(GlossarioMixin):
    """The note as it will be printed, of what is typed so far."""

    http_method_names = ["post"]

    def post(self, request: Richiesta) -> HttpResponse:
        form = NotaForm(request.POST)
        form.is_valid()
        return render(request, "propensioni/_anteprima.html", {"anteprima": componi(form.nota())})


def _che_cosa_viene_dopo(nuova: Propensione) -> str:
    restano = len(POSTI) - quante(nuova.utente)
    if restano == 0:
        return "Ora sono tre: il massimo."
    return "Se ne può aggiungere un'altra." if restano == 1 else f"Se ne possono aggiungere altre {restano}."
