"""A new citizen, identity and contacts, the passage of a file (U1, C8, A1)."""

from __future__ import annotations

import json
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render

from orientamento.anagrafica.forms.utente import PassaggioForm, RiassegnaForm, UtenteForm
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services import cittadinanze, codice_fiscale, comuni
from orientamento.anagrafica.services import utente as servizi
from orientamento.anagrafica.viste import PermessoMixin, Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore, chiave_intera


class NuovoUtenteView(PermessoMixin):
    """The file of a new person, from the codice fiscale on."""

    permesso = Permesso.PRENDERE_IN_CARICO

    def get(self, request: Richiesta) -> HttpResponse:
        iniziali = {nome: request.GET.get(nome, "")[:80] for nome in ("codice_fiscale", "cognome", "nome")}
        esito = _lettura(iniziali["codice_fiscale"], request.user)
        iniziali |= esito.get("proposte", {})
        return self._pagina(UtenteForm(initial=iniziali), esito=esito)

    def post(self, request: Richiesta) -> HttpResponse:
        form = UtenteForm(request.POST)
        contesto: dict[str, Any] = {}
        if form.is_valid():
            try:
                utente = servizi.crea_utente(
                    dati=form.cleaned_data,
                    attore=request.user,
                    adesso=adesso(),
                    conferme=request.POST.getlist("conferma"),
                )
            except RegolaViolata as errore:
                contesto = _rifiuto(form, errore)
            else:
                messages.success(request, _creato(utente))
                return redirect("anagrafica:presa_in_carico", utente_id=utente.pk)
        return self._pagina(form, status=422, **contesto)

    def _pagina(self, form: UtenteForm, status: int = 200, **contesto: Any) -> HttpResponse:
        return _pagina_del_modulo(
            self.request, form, status, titolo_pagina="Nuova persona", pulsante="Apri il fascicolo", **contesto
        )


class IdentitaView(UtenteMixin):
    """Identity and contacts of a person who has a file."""

    permesso = Permesso.MODIFICARE_FASCICOLO

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        return self._pagina(UtenteForm(instance=self.utente, initial={"versione": self.utente.versione}))

    def post(self, request: Richiesta, utente_id: int) -> HttpResponse:
        form = UtenteForm(request.POST, instance=self.utente)
        if not form.is_valid():
            return self._pagina(form, 422)
        da_dire: list[str] = []
        try:
            utente = servizi.modifica_utente(
                utente=self.utente,
                dati=form.cleaned_data,
                versione=form.cleaned_data["versione"] or 0,
                attore=request.user,
                adesso=adesso(),
                conferme=request.POST.getlist("conferma"),
                da_dire=da_dire,
            )
        except VersioneSuperata as errore:
            return self._conflitto(form, errore)
        except RegolaViolata as errore:
            return self._pagina(form, 422, **_rifiuto(form, errore))
        messages.success(request, "Identità e recapiti sono salvati.")
        for frase in da_dire:
            messages.warning(request, frase)
        if utente.extra_ue and not self.utente.extra_ue:
            messages.warning(request, "Per questa cittadinanza serve il documento di soggiorno: lo registri qui.")
            return redirect("anagrafica:soggiorno", utente_id=utente.pk)
        return redirect("psp:utente", utente_id=utente.pk)

    def _conflitto(self, form: UtenteForm, errore: VersioneSuperata) -> HttpResponse:
        """Both texts are shown (C8); what only the other person touched is taken as it is now."""
        self.utente.refresh_from_db()
        altrui, evento = servizi.cambi_altrui(self.utente, form.cleaned_data["versione"] or 0)
        dati = self.request.POST.copy()
        dati["versione"] = str(self.utente.versione)
        dati.setlist("conferma", [])
        attuale = UtenteForm(instance=self.utente)
        diversi = []
        for nome in form.Meta.fields:
            mio, suo = form.cleaned_data.get(nome), getattr(self.utente, nome)
            if mio == suo:
                continue
            if nome in altrui and str(mio) == altrui[nome][0]:
                dati[nome] = attuale[nome].value() if nome != "data_nascita" else f"{suo:%d/%m/%Y}"
                if nome == "extra_ue" and not suo:
                    del dati[nome]
                continue
            diversi.append({"nome": form.fields[nome].label, "id": form[nome].id_for_label, "mio": mio, "suo": suo})
        nuovo = UtenteForm(dati, instance=self.utente)
        nuovo.is_valid()
        return self._pagina(nuovo, 409, conflitto={"messaggio": errore.messaggio, "campi": diversi, "evento": evento})

    def _pagina(self, form: UtenteForm, status: int = 200, **contesto: Any) -> HttpResponse:
        return _pagina_del_modulo(
            self.request,
            form,
            status,
            titolo_pagina="Identità e recapiti",
            pulsante="Salva identità e recapiti",
            utente=self.utente,
            **contesto,
        )


class LeggiCodiceFiscaleView(PermessoMixin):
    """What the codice fiscale says, or what is wrong with it, or where its file is. Asked by POST: it is no address."""

    permesso = Permesso.MODIFICARE_FASCICOLO

    def get(self, request: Richiesta) -> HttpResponse:
        return self._risposta(request.GET.get("codice_fiscale", ""))

    def post(self, request: Richiesta) -> HttpResponse:
        return self._risposta(request.POST.get("codice_fiscale", ""))

    def _risposta(self, testo: str) -> HttpResponse:
        esito = _lettura(testo, self.request.user, tranne=chiave_intera(self.request.POST.get("utente")))
        return render(self.request, "anagrafica/utente/_codice_fiscale.html", {"esito": esito})


class PassaggioView(UtenteMixin):
    """Who follows the person: another operator here, or another office (A1)."""

    permesso = Permesso.RIASSEGNARE_FASCICOLO

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        competente = comuni.cpi_competente(self.utente.domicilio_codice_comune, oggi())
        return self._pagina(
            RiassegnaForm(utente=self.utente, initial={"operatore": self.utente.operatore_riferimento_id}),
            PassaggioForm(utente=self.utente, initial={"cpi": competente and competente.pk}),
            competente=competente,
        )

    def post(self, request: Richiesta, utente_id: int) -> HttpResponse:
        verso_altri = "cpi" in request.POST
        riassegna = RiassegnaForm(None if verso_altri else request.POST, utente=self.utente)
        passa = PassaggioForm(request.POST if verso_altri else None, utente=self.utente)
        form = passa if verso_altri else riassegna
        if form.is_valid():
            try:
                if verso_altri:
                    return self._trasferisci(passa)
                return self._riassegna(riassegna)
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
        return self._pagina(riassegna, passa, status=422)

    def _trasferisci(self, form: PassaggioForm) -> HttpResponse:
        cpi = form.cleaned_data["cpi"]
        servizi.trasferisci_utente(utente=self.utente, cpi=cpi, attore=self.request.user)
        messages.success(
            self.request,
            f"Il fascicolo di {self.utente} è passato a {cpi.nome}. Da ora lo vede soltanto quel centro.",
        )
        return redirect("anagrafica:ricerca")

    def _riassegna(self, form: RiassegnaForm) -> HttpResponse:
        operatore = form.cleaned_data["operatore"]
        servizi.riassegna_utente(utente=self.utente, operatore=operatore, attore=self.request.user)
        messages.success(self.request, f"Il fascicolo di {self.utente} è affidato a {operatore}.")
        return redirect("psp:utente", utente_id=self.utente.pk)

    def _pagina(
        self, riassegna: RiassegnaForm, passa: PassaggioForm, status: int = 200, **contesto: Any
    ) -> HttpResponse:
        contesto |= {
            "riassegna": riassegna,
            "passa": passa,
            "utente": self.utente,
            "titolo_pagina": "Affida il fascicolo",
        }
        return render(self.request, "anagrafica/utente/passaggio.html", contesto, status=status)


def _pagina_del_modulo(request: Richiesta, form: UtenteForm, status: int, **contesto: Any) -> HttpResponse:
    tranne = contesto["utente"].pk if contesto.get("utente") else None
    letto = _lettura(request.POST.get("codice_fiscale", ""), request.user, tranne) if form.is_bound else {}
    predefiniti: dict[str, Any] = {
        "esito": letto if "letto" in letto else {},
        "avvisi": [],
        "conflitto": None,
        "esistente": None,
        "utente": None,
    }
    contesto = {
        **predefiniti,
        **contesto,
        "form": form,
        "residenza_aperta": any(form[nome].value() or form[nome].errors for nome in form.fields if "residenza" in nome),
        "cittadinanze": cittadinanze.elenco(),
        "conferme": request.POST.getlist("conferma"),
    }
    return render(request, "anagrafica/utente/modulo.html", contesto, status=status)


def _rifiuto(form: UtenteForm, errore: RegolaViolata) -> dict[str, Any]:
    """What the page needs to show a refusal: the warnings to confirm, or the file that exists already."""
    if isinstance(errore, servizi.ConfermaNecessaria):
        return {"avvisi": errore.avvisi}
    aggiungi_errore(form, errore)
    return {"esistente": errore} if isinstance(errore, servizi.FascicoloEsistente) else {}


def _creato(utente: Utente) -> str:
    seguito = " Servirà anche il documento di soggiorno." if utente.extra_ue else ""
    return f"Il fascicolo di {utente} è aperto. Ora la presa in carico: informativa, consensi, DID.{seguito}"


def _lettura(testo: str, operatore: Any, tranne: int | None = None) -> dict[str, Any]:
    """What to show under the codice fiscale while it is typed."""
    codice = codice_fiscale.normalizza(testo)
    if not codice:
        return {}
    if len(codice) < 16 and not codice_fiscale.provvisorio(codice):
        return {"mancano": (11 if codice.isdigit() else 16) - len(codice)}
    try:
        letto = codice_fiscale.leggi(codice)
    except ValidationError as errore:
        return {"errore": errore.messages[0]}
    esistente = servizi.fascicolo_esistente(codice, operatore=operatore, tranne=tranne)
    if esistente:
        return {"esistente": esistente}
    if letto is None:
        return {"provvisorio": True}
    proposte = {
        "sesso": letto.sesso,
        "data_nascita": f"{letto.data_nascita:%d/%m/%Y}",
        "luogo_nascita": letto.luogo,
    }
    return {"letto": letto, "proposte": proposte, "proposte_json": json.dumps(proposte)}
