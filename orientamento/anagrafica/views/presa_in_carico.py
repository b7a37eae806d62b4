"""Taking in charge: the notice, the consents, the DID and the document of stay on one page (U2, U3, U5)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from orientamento.anagrafica.forms.presa_in_carico import PresaInCaricoForm, RispostaForm, testi_mostrati
from orientamento.anagrafica.forms.soggiorno import SoggiornoForm
from orientamento.anagrafica.models import DID, Consenso, DocumentoSoggiorno, Finalita, GenereTesto
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.services import presa_in_carico as servizio
from orientamento.anagrafica.services.lettura_presa_in_carico import consensi_di, presa_aperta, storia_prese
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import aggiungi_errore


class PresaInCaricoMixin(UtenteMixin):
    permesso = Permesso.PRENDERE_IN_CARICO

    def soggiorno(self) -> DocumentoSoggiorno | None:
        return DocumentoSoggiorno.objects.filter(utente=self.utente).first() if self.utente.extra_ue else None

    def torna(self) -> HttpResponse:
        return redirect("anagrafica:presa_in_carico", self.utente.pk)


class PresaInCaricoView(PresaInCaricoMixin):
    """Before: everything to be asked, one button. After: how things stand, with what may still change."""

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            testi = servizio.testi_in_vigore(oggi())
        except RegolaViolata as errore:
            return render(request, "anagrafica/presa_in_carico/senza_testi.html", {"errore": errore.messaggio})
        presa = presa_aperta(self.utente)
        if presa:
            return self.mostra_stato(presa, testi)
        return self.mostra_domande(*self.moduli(), testi=testi)

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        modulo, soggiorno = self.moduli(request.POST)
        if all([modulo.is_valid(), soggiorno is None or soggiorno.is_valid()]):
            try:
                servizio.prendi_in_carico(
                    utente=self.utente,
                    attore=request.user,
                    informativa=servizio.informativa_mostrata(testi_mostrati(request.POST)),
                    consensi=modulo.consensi(),
                    adesso=adesso(),
                    testi_mostrati=testi_mostrati(request.POST),
                    did=modulo.did(),
                    soggiorno=soggiorno.cleaned_data if soggiorno and soggiorno.has_changed() else None,
                )
            except servizio.GiaInCarico as errore:
                messages.info(request, errore.messaggio)
                return self.avanti()
            except servizio.TestoSostituito as errore:
                modulo = self.senza_risposte(errore)
            except RegolaViolata as errore:
                _al_suo_posto(modulo, soggiorno, errore)
            else:
                messages.success(request, self.che_cosa_viene_dopo(soggiorno))
                return self.avanti()
        return self.mostra_domande(modulo, soggiorno, testi=servizio.testi_in_vigore(oggi()), status=422)

    def moduli(self, dati: Any = None) -> tuple[PresaInCaricoForm, SoggiornoForm | None]:
        modulo = PresaInCaricoForm(dati, con_did=DID.objects.di(self.utente) is None)
        if not self.utente.extra_ue:
            return modulo, None
        documento = self.soggiorno()
        return modulo, SoggiornoForm(
            dati,
            prefix="soggiorno",
            instance=documento,
            empty_permitted=documento is None,
            use_required_attribute=False,
        )

    def senza_risposte(self, errore: RegolaViolata) -> PresaInCaricoForm:
        """The answers were to another text: they are asked again, the rest stays."""
        dati = self.request.POST.copy()
        for nome in ("informativa_letta", *(f"consenso_{f.value}" for f in Finalita)):
            dati.pop(nome, None)
        modulo = PresaInCaricoForm(dati, con_did=DID.objects.di(self.utente) is None)
        modulo.add_error(None, errore.messaggio)
        return modulo

    def che_cosa_viene_dopo(self, soggiorno: SoggiornoForm | None) -> str:
        testo = f"{self.utente} è in carico. Ora il colloquio: la prima fase è l'informativa."
        if soggiorno and not soggiorno.has_changed() and not soggiorno.instance.pk:
            testo += " Manca ancora il documento di soggiorno."
        return testo

    def avanti(self) -> HttpResponse:
        """To the interview, which is opened by a POST: the browser repeats this one there; or to the person's page."""
        if self.request.POST.get("apri"):
            return redirect("psp:apri_colloquio", self.utente.pk, preserve_request=True)
        return redirect("psp:utente", self.utente.pk)

    def mostra_domande(
        self, modulo: PresaInCaricoForm, soggiorno: SoggiornoForm | None, *, testi: dict[str, Any], status: int = 200
    ) -> HttpResponse:
        documento = self.soggiorno() if soggiorno else None
        contesto = {
            "titolo_pagina": "Presa in carico",
            "utente": self.utente,
            "modulo": modulo,
            "soggiorno": soggiorno,
            "avviso_soggiorno": documento.avviso(oggi()) if documento else "",
            "did": None if "did_data" in modulo.fields else DID.objects.di(self.utente),
            "informativa": testi[GenereTesto.INFORMATIVA_PRIVACY],
            "consensi": [
                (testi[servizio.TESTO_DEL_CONSENSO[finalita]], modulo[f"consenso_{finalita.value}"])
                for finalita in Finalita
            ],
        }
        return render(self.request, "anagrafica/presa_in_carico/domande.html", contesto, status=status)

    def mostra_stato(self, presa: Any, testi: dict[str, Any]) -> HttpResponse:
        soggiorno = self.soggiorno()
        contesto = {
            "titolo_pagina": "Presa in carico e consensi",
            "utente": self.utente,
            "presa": presa,
            "consensi": consensi_di(self.utente, testi),
            "prese_chiuse": storia_prese(self.utente),
            "did": DID.objects.di(self.utente),
            "soggiorno": soggiorno,
            "avviso_soggiorno": soggiorno.avviso(oggi()) if soggiorno else "",
        }
        return render(self.request, "anagrafica/presa_in_carico/stato.html", contesto)


def _al_suo_posto(modulo: PresaInCaricoForm, soggiorno: SoggiornoForm | None, errore: RegolaViolata) -> None:
    """The errors of the DID and of the document of stay go to the fields that this page gives them."""
    if errore.regola == "U5" and soggiorno:
        aggiungi_errore(soggiorno, errore)
    else:
        if errore.regola == "U3" and errore.campo:
            errore.campo = f"did_{errore.campo}"
        aggiungi_errore(modulo, errore)


class RevocaConsensoView(PresaInCaricoMixin):
    """Revocation: registered, at once."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        consenso = get_object_or_404(Consenso, utente=self.utente, pk=kwargs["pk"])
        try:
            servizio.revoca_consenso(consenso=consenso, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
        else:
            messages.success(request, f"Consenso revocato: {consenso.get_finalita_display().lower()}. Vale da adesso.")
        return self.torna()


class EsprimiConsensoView(PresaInCaricoMixin):
    """A new answer to today's text."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        finalita = kwargs["finalita"]
        modulo = RispostaForm(request.POST)
        if finalita not in Finalita.values or not modulo.is_valid():
            messages.error(request, "Segnare se la persona dà o non dà il consenso.")
            return self.torna()
        try:
            consenso = servizio.esprimi_consenso(
                utente=self.utente,
                finalita=finalita,
                esito=modulo.cleaned_data["esito"],
                attore=request.user,
                adesso=adesso(),
                testo_mostrato=modulo.cleaned_data["testo"],
            )
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
        else:
            messages.success(request, f"Risposta registrata: {str(consenso)[0].lower()}{str(consenso)[1:]}.")
        return self.torna()


class ChiudiPresaInCaricoView(PresaInCaricoMixin):
    """Close the presa in carico that is open."""

    http_method_names = ["post"]

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        presa = presa_aperta(self.utente)
        if presa:
            servizio.chiudi_presa_in_carico(presa=presa, attore=request.user, adesso=adesso())
        messages.success(request, f"La presa in carico di {self.utente} è chiusa. I consensi restano fino alla revoca.")
        return redirect("psp:utente", self.utente.pk)
