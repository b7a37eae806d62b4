"""The search of citizens, as one types, and the suggestions of towns."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode

from orientamento.anagrafica.forms.utente import nome_leggibile
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.services import codice_fiscale, comuni
from orientamento.anagrafica.services.ricerca import Domanda, aperti_di_recente, cerca_utenti
from orientamento.anagrafica.viste import PermessoMixin, Richiesta
from orientamento.comune.calendario import oggi


class RicercaView(PermessoMixin):
    """One box. Empty, it shows the files opened last."""

    permesso = Permesso.VEDERE_PROPENSIONI

    def get(self, request: Richiesta) -> HttpResponse:
        testo = request.GET.get("q", "").replace("\x00", "").strip()
        esito = cerca_utenti(testo, operatore=request.user)
        intero = len(esito.domanda.codice) in (11, 16)
        if intero and len(esito.persone) == 1 and not request.htmx:
            return redirect("psp:utente", utente_id=esito.persone[0].id)
        contesto = {
            "testo": testo,
            "domanda": esito.domanda,
            "persone": [persona for persona in esito.persone if not persona.simile],
            "simili": [persona for persona in esito.persone if persona.simile],
            "altri": esito.altri,
            "recenti": aperti_di_recente(request.user) if not testo else [],
            "nuova_url": _nuova(testo, esito.domanda) if puo(request.user, Permesso.PRENDERE_IN_CARICO) else "",
            "codice_errato": _errore(esito.domanda) if intero else "",
        }
        if request.htmx:
            return render(request, "anagrafica/ricerca/_risultati.html", contesto)
        return render(request, "anagrafica/ricerca/ricerca.html", {**contesto, "titolo_pagina": "Cerca una persona"})


class SuggerisciComuniView(PermessoMixin):
    """The towns that begin as typed, as options of a list; each with its province and the competent office."""

    permesso = Permesso.MODIFICARE_FASCICOLO

    def get(self, request: Richiesta) -> HttpResponse:
        nascita = "nascita" in request.GET
        testo = request.GET.get("q", "")
        luoghi = comuni.cerca_comuni(testo, nascita=nascita)
        competenti = {} if nascita else comuni.cpi_competenti([luogo.codice for luogo in luoghi], oggi())
        voci = [
            {"luogo": luogo, "cpi": cpi, "altrove": cpi is not None and cpi.pk != request.user.cpi_id}
            for luogo in luoghi
            for cpi in [competenti.get(luogo.codice)]
        ]
        return render(request, "anagrafica/utente/_comuni.html", {"voci": voci, "testo": testo})


def _nuova(testo: str, domanda: Domanda) -> str:
    """The address of the form for a new person, with what was typed already in its place."""
    dati = {"codice_fiscale": domanda.codice}
    if domanda.parole and not domanda.codice:
        parole = [parola for parola in testo.split() if not any(carattere.isdigit() for carattere in parola)]
        dati |= {"cognome": nome_leggibile(" ".join(parole[:1])), "nome": nome_leggibile(" ".join(parole[1:]))}
    dati = {nome: valore for nome, valore in dati.items() if valore}
    return reverse("anagrafica:nuovo_utente") + (f"?{urlencode(dati)}" if dati else "")


def _errore(domanda: Domanda) -> str:
    try:
        codice_fiscale.valida(domanda.codice)
    except codice_fiscale.ValidationError as errore:
        return str(errore.message)
    return ""
