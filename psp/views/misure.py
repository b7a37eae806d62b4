"""The delivery: all the measures of a citizen, one measure with its verbs (M2-M4, C2)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.forms import BaseForm
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta, UtenteMixin
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.dettagli import modulo_dettagli
from psp.forms.erogazione import AvvioForm, ConclusioneForm, IncontroForm, InterruzioneForm
from psp.forms.scouting import VoceScoutingForm
from psp.models import (
    CHIUSE,
    IN_LAVORAZIONE,
    EsitoMisura,
    GenereServizio,
    Misura,
    PattoDiServizio,
    StatoMisura,
    VoceScouting,
)
from psp.services import quadro_misure
from psp.services.dettagli import competenze_spendibili, mancanze_per_avviare, mancanze_per_concludere, salva_dettagli
from psp.services.erogazione import MisuraIncompleta, avvia_misura, concludi_misura, in_ritardo, interrompi_misura
from psp.services.incontri_misura import registra_incontro
from psp.services.ore import contatore, limiti_in_parole
from psp.services.scouting import elimina_voce, modifica_voce, registra_voce

APERTE = (StatoMisura.CONCORDATA, StatoMisura.AVVIATA)
ALTRUI = "Qualcun altro ha cambiato questa misura mentre lei scriveva: qui sotto c'è com'è ora. "


class MisureView(UtenteMixin):
    """All the measures of the citizen, by pact."""

    permesso = Permesso.VEDERE_PATTO

    def get(self, request: Richiesta, utente_id: int) -> HttpResponse:
        contesto = {
            "titolo_pagina": "Misure e ore",
            "utente": self.utente,
            "gruppi": quadro_misure.misure_di(self.utente, adesso()),
            "eroga": puo(request.user, Permesso.EROGARE_MISURE),
        }
        return render(request, "psp/misure/misure.html", contesto)


class MisuraMixin(UtenteMixin):
    """For addresses with the `pk` of a measure: sets `self.misura` and `self.utente` (A1)."""

    permesso = Permesso.VEDERE_PATTO
    permesso_modifica = Permesso.EROGARE_MISURE
    misura: Misura

    def visibili(self) -> QuerySet[Misura]:
        return (
            Misura.objects.visibili_a(self.request.user)
            .select_related(
                "servizio", "chiusa_da", "continua", "patto__utente__cpi", "patto__utente__operatore_riferimento"
            )
            .defer("patto__pdf", "patto__contenuto")
        )

    def trova_utente(self) -> Utente:
        self.misura = get_object_or_404(self.visibili(), pk=self.kwargs["pk"])
        return self.misura.patto.utente


class MisuraView(MisuraMixin):
    """One measure: where it stands, its hours, its meetings, its details, its verbs."""

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra()

    def mostra(self, status: int = 200, **moduli: Any) -> HttpResponse:
        misura, ora = self.misura, adesso()
        genere = quadro_misure.genere_del_patto(misura.patto)
        viva = genere == "in_vigore"
        scrive = viva and puo(self.request.user, Permesso.EROGARE_MISURE)
        ore = contatore(misura)
        contesto: dict[str, Any] = {
            "titolo_pagina": misura.servizio.nome,
            "utente": self.utente,
            "misura": misura,
            "patto": misura.patto,
            "genere_patto": genere,
            "codice": quadro_misure.codice_di(misura, oggi()),
            "contatore": ore,
            "limiti": limiti_in_parole(misura.servizio),
            "esiti_in_parole": [EsitoMisura(esito).label for esito in misura.esiti],
            "ritardo": in_ritardo(misura, oggi()) if viva else "",
            "scrive": scrive,
            "con_incontri": misura.stato in (*APERTE, *CHIUSE) and genere != "in_lavorazione",
            "aperta": scrive and misura.stato in APERTE,
            "redige": puo(self.request.user, Permesso.REDIGERE_PATTO),
            "incontri": quadro_misure.incontri_di(misura),
            "compagna": quadro_misure.compagna(misura),
            "storia": quadro_misure.storia_della_misura(misura),
            "adesso": ora,
        }
        contesto |= self.quadro_dettagli() | self.quadro_verbi(ore.scostamenti)
        contesto |= self.quadro_scouting() | self.quadro_seguito()
        return render(self.request, "psp/misure/misura.html", contesto | moduli, status=status)

    def quadro_dettagli(self) -> dict[str, Any]:
        modulo = modulo_dettagli(self.misura)
        return {
            "form_dettagli": modulo,
            "dettagli": modulo.in_parole(self.misura.dettagli) if modulo else [],
            "titolo_dettagli": modulo.intestazione if modulo else "",
        }

    def quadro_verbi(self, scostamenti: list[str]) -> dict[str, Any]:
        """The verbs of the state, with what each still misses."""
        misura, giorno = self.misura, oggi()
        if misura.stato == StatoMisura.CONCORDATA:
            return {
                "mancanze": mancanze_per_avviare(misura),
                "form_avvio": AvvioForm(initial={"iniziata_il": giorno}),
            }
        if misura.stato != StatoMisura.AVVIATA:
            return {}
        return {
            "mancanze": mancanze_per_concludere(misura),
            "form_conclusione": ConclusioneForm(
                initial={"finita_il": giorno, "versione": misura.versione}, scostamenti=scostamenti
            ),
            "form_interruzione": InterruzioneForm(initial={"finita_il": giorno}, prefix="interruzione"),
            "form_incontro": IncontroForm(initial={"giorno": giorno}, prefix="incontro"),
        }

    def quadro_scouting(self) -> dict[str, Any]:
        if self.misura.servizio.genere != GenereServizio.SCOUTING:
            return {}
        return {
            "voci": list(self.misura.scouting.select_related("registrata_da")),
            "form_voce": VoceScoutingForm(prefix="voce"),
        }

    def quadro_seguito(self) -> dict[str, Any]:
        """After a bilancio: what went into the file, and the new version of the pact (M4)."""
        misura = self.misura
        if misura.servizio.genere != GenereServizio.BILANCIO or misura.stato != StatoMisura.CONCLUSA:
            return {}
        nuovo = PattoDiServizio.objects.filter(utente=self.utente, stato__in=IN_LAVORAZIONE).only("pk", "stato").first()
        return {"competenze": competenze_spendibili(misura), "patto_nuovo": nuovo, "dopo_bilancio": True}


class VerboMisuraView(MisuraView):
    """A verb of the measure: POST, one service, a message, the page again; what is refused stays at its field."""

    http_method_names = ["post", "options"]

    def compi(
        self, nome: str, form: BaseForm, verbo: Callable[[], Any], messaggio: str, ancora: str = ""
    ) -> HttpResponse:
        """`nome` is the context variable that the page knows the form by."""
        if form.is_valid():
            try:
                verbo()
            except VersioneSuperata:
                self.misura = self.visibili().get(pk=self.misura.pk)
                return self.superata(nome, form)
            except MisuraIncompleta as errore:
                return self.mostra(422, **{nome: form, "mancanze": errore.mancanze, "manca_per": nome})
            except RegolaViolata as errore:
                if errore.campo is None:
                    messages.warning(self.request, errore.messaggio)
                    return redirect("psp:misura", self.misura.pk)
                aggiungi_errore(form, errore)
            else:
                messages.success(self.request, messaggio)
                url = reverse("psp:misura", args=[self.misura.pk])
                return redirect(f"{url}#{ancora}" if ancora else url)
        return self.mostra(422, **{nome: form})

    def superata(self, nome: str, form: BaseForm) -> HttpResponse:
        """The page as it is now, with what was typed still in the form and the version of now (C8)."""
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data[form.add_prefix("versione")] = str(self.misura.versione)  # type: ignore[index]
        form.add_error(None, f"{ALTRUI}Ciò che ha scritto è ancora qui: rileggere e salvare di nuovo.")
        return self.mostra(409, **{nome: form})


class AvviaMisuraView(VerboMisuraView):
    """Agreed → started."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = AvvioForm(request.POST)
        return self.compi(
            "form_avvio",
            form,
            lambda: avvia_misura(
                misura=self.misura, iniziata_il=form.cleaned_data["iniziata_il"], attore=request.user, adesso=adesso()
            ),
            "La misura è avviata: ora se ne registrano gli incontri.",
        )


class ConcludiMisuraView(VerboMisuraView):
    """Started → concluded, with its outcomes."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = ConclusioneForm(request.POST, scostamenti=contatore(self.misura).scostamenti)
        bilancio = self.misura.servizio.genere == GenereServizio.BILANCIO
        seguito = " Le competenze sono nel fascicolo: ora si può aggiornare il patto." if bilancio else ""
        return self.compi(
            "form_conclusione",
            form,
            lambda: concludi_misura(
                misura=self.misura,
                dati=form.cleaned_data,
                versione=form.cleaned_data["versione"],
                attore=request.user,
                adesso=adesso(),
            ),
            f"La misura è conclusa.{seguito}",
        )


class InterrompiMisuraView(VerboMisuraView):
    """Started → interrupted, with the reason."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = InterruzioneForm(request.POST, prefix="interruzione")
        return self.compi(
            "form_interruzione",
            form,
            lambda: interrompi_misura(misura=self.misura, attore=request.user, adesso=adesso(), **form.cleaned_data),
            "La misura è interrotta. Gli incontri fatti restano; quelli ancora fissati vanno annullati.",
        )


class DettagliMisuraView(VerboMisuraView):
    """What is written of the measure by its kind."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = modulo_dettagli(self.misura, request.POST)
        if form is None:
            messages.warning(request, "Di questo servizio non c'è altro da scrivere.")
            return redirect("psp:misura", pk)
        return self.compi(
            "form_dettagli",
            form,
            lambda: salva_dettagli(
                misura=self.misura,
                dati=form.dati(),
                versione=form.cleaned_data.get("versione") or 0,
                attore=request.user,
                adesso=adesso(),
            ),
            f"«{form.intestazione}»: salvato.",
            "dettagli",
        )


class IncontroMisuraView(VerboMisuraView):
    """A meeting already held, with its real minutes."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = IncontroForm(request.POST, prefix="incontro")
        return self.compi(
            "form_incontro",
            form,
            lambda: registra_incontro(
                misura=self.misura,
                inizio=form.cleaned_data["inizio"],
                minuti=form.cleaned_data["minuti"],
                modo=form.cleaned_data["modo"],
                operatore=request.user,
                attore=request.user,
                adesso=adesso(),
            ),
            "L'incontro è registrato e i minuti sono contati.",
            "incontri",
        )


class ScoutingView(VerboMisuraView):
    """One more offer or firm."""

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = VoceScoutingForm(request.POST, prefix="voce")
        return self.compi(
            "form_voce",
            form,
            lambda: registra_voce(misura=self.misura, dati=form.dati(), attore=request.user, adesso=adesso()),
            "La voce è registrata.",
            "scouting",
        )


class VoceScoutingView(VerboMisuraView):
    """GET: one row of the scouting, to correct or to write how it ended. POST: save it; with `togli` take it away."""

    http_method_names = ["get", "post", "options"]
    permesso = Permesso.EROGARE_MISURE
    voce: VoceScouting

    def trova_utente(self) -> Utente:
        righe = VoceScouting.objects.filter(misura__in=Misura.objects.visibili_a(self.request.user))
        self.voce = get_object_or_404(righe, pk=self.kwargs["pk"])
        self.misura = self.visibili().get(pk=self.voce.misura_id)
        return self.misura.patto.utente

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        return self.mostra()

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        if "togli" in request.POST:
            return self.togli()
        form = VoceScoutingForm(request.POST, prefix="voce", instance=self.voce)
        return self.compi(
            "form",
            form,
            lambda: modifica_voce(
                voce=self.voce,
                dati=form.dati(),
                versione=form.cleaned_data.get("versione") or 0,
                attore=request.user,
                adesso=adesso(),
            ),
            "La voce è salvata.",
            "scouting",
        )

    def superata(self, nome: str, form: BaseForm) -> HttpResponse:
        self.voce.refresh_from_db()
        form.data = form.data.copy()  # type: ignore[attr-defined]
        form.data["voce-versione"] = str(self.voce.versione)  # type: ignore[index]
        form.add_error(None, f"{ALTRUI}Esito salvato: «{self.voce.get_esito_display()}».")
        return self.mostra(409, **{nome: form})

    def mostra(self, status: int = 200, **moduli: Any) -> HttpResponse:
        contesto: dict[str, Any] = {
            "titolo_pagina": str(self.voce),
            "utente": self.utente,
            "misura": self.misura,
            "voce": self.voce,
            "form": VoceScoutingForm(prefix="voce", instance=self.voce),
        }
        return render(self.request, "psp/misure/voce.html", contesto | moduli, status=status)

    def togli(self) -> HttpResponse:
        try:
            elimina_voce(voce=self.voce, attore=self.request.user)
        except RegolaViolata as errore:
            messages.warning(self.request, errore.messaggio)
        else:
            messages.success(self.request, "La voce è tolta.")
        return redirect(f"{reverse('psp:misura', args=[self.misura.pk])}#scouting")
