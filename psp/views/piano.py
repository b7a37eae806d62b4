"""Phase 3: the plan. One page with profile, acts, measures, commitments and the check of art. 20 (M1-M3, T1, C6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.viste import aggiungi_errore
from psp.forms.atto import AttoForm, tipici_per_genere
from psp.forms.misura import MisuraForm
from psp.forms.patto import ImpegniForm
from psp.forms.profilazione import ProfilazioneForm
from psp.models import AttoRicerca, Fase, Misura, PattoDiServizio
from psp.services import documento
from psp.services.atto import impronta_atto, patto_precedente
from psp.services.catalogo import codice_del_giorno, con_codice, servizi_in_vigore
from psp.services.completezza import Esame, avvertenze_patto, controllo
from psp.services.completezza_colloquio import indirizzo_fase
from psp.services.misura import impronta_misura
from psp.services.patto import prepara_bozza, salva_impegni
from psp.services.profilazione import profilazione_attuale, registra_profilazione
from psp.services.revisione import commenti_da_considerare
from psp.views.cornice import FaseMixin


class PianoView(FaseMixin):
    """The page of phase 3. Reading it writes nothing: the draft begins with a button, here or at the end of phase 2."""

    fase = Fase.DEFINIZIONE

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        return self.mostra(_aperta(request.GET.get("modifica")))

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            prepara_bozza(colloquio=self.colloquio, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.warning(request, errore.messaggio)
        return redirect(indirizzo_fase(self.colloquio, Fase.DEFINIZIONE))

    def mostra(self, aperta: int | None = None, status: int = 200, **moduli: Any) -> HttpResponse:
        """The whole page; `moduli` are bound forms that take the place of fresh ones."""
        patto = patto_del_piano(self.utente)
        contesto = self.cornice() | {"patto": patto}
        if patto is not None:
            patto.utente, patto.colloquio.utente = self.utente, self.utente
            contesto["scrivibile"] = patto.modificabile and puo(self.request.user, Permesso.REDIGERE_PATTO)
            if contesto["scrivibile"]:
                contesto |= quadro_piano(patto, adesso(), aperta=aperta) | moduli
            else:
                contesto["sezioni"] = documento.sezioni(documento.contenuto_del_patto(patto, adesso=adesso()))
        return render(self.request, "psp/piano/piano.html", contesto, status=status)


class PattoMixin(OggettoDiUtenteMixin):
    """For addresses with the `pk` of a pact: sets `self.patto` and `self.utente` (A1)."""

    permesso = Permesso.VEDERE_PATTO
    permesso_modifica = Permesso.REDIGERE_PATTO

    @property
    def patto(self) -> PattoDiServizio:
        return self.oggetto

    def visibili(self) -> QuerySet[PattoDiServizio]:
        return _senza_peso(PattoDiServizio.objects.visibili_a(self.request.user))

    def trova_utente(self) -> Utente:
        utente = super().trova_utente()
        self.patto.colloquio.utente = utente
        return utente


class PezzoDelPianoView(PattoMixin):
    """A piece of the plan changed in place: answers the piece and the check beside it, or goes back to the page."""

    http_method_names = ["get", "post", "options"]

    def pezzo(self, modello: str, contesto: dict[str, Any], *, status: int = 200, **intestazioni: str) -> HttpResponse:
        """The piece that changed, then the check of art. 20 and what else the change moves, out of band."""
        ora = adesso()
        contesto |= {"patto": self.patto, "oob": True, **quadro_controllo(self.patto, ora)}
        risposta = render(self.request, modello, contesto, status=status)
        if status == 200:
            risposta["HX-Trigger"] = "fascicolo-cambiato"
        for nome, valore in intestazioni.items():
            risposta[nome.replace("_", "-")] = valore
        return risposta

    def al_piano(self, ancora: str = "") -> HttpResponse:
        return redirect(indirizzo_fase(self.patto.colloquio, Fase.DEFINIZIONE, ancora))

    def pagina(self, status: int, **moduli: Any) -> HttpResponse:
        """The whole page with what was typed, for browsers without script."""
        vista = PianoView()
        vista.setup(self.request, colloquio_id=self.patto.colloquio_id, fase=int(Fase.DEFINIZIONE))
        vista.trova()
        return vista.mostra(status=status, **moduli)

    def rifiuto(self, errore: RegolaViolata, bersaglio: str) -> HttpResponse:
        """A refusal that belongs to no field, shown in `bersaglio` of the page."""
        if not self.request.htmx:
            messages.error(self.request, errore.messaggio)
            return self.al_piano()
        contesto = {"messaggio": errore.messaggio, "id": bersaglio.removeprefix("#")}
        return self.pezzo("psp/piano/_rifiuto.html", contesto, status=422, HX_Retarget=bersaglio, HX_Reswap="outerHTML")


class ImpegniView(PezzoDelPianoView):
    """The commitments, saved while one writes. What is valid is saved even where another field is not (C8)."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = ImpegniForm(request.POST, instance=self.patto)
        status, esito = salva_il_modulo(form, self.patto, request)
        if not request.htmx:
            if status == 200:
                messages.success(request, "Gli impegni sono salvati.")
                return self.al_piano("sezione-impegni")
            return self.pagina(status, form_impegni=form, conflitto=esito.get("conflitto"))
        self.patto.refresh_from_db(fields=[*form.Meta.fields, "versione", "stato"])
        return self.pezzo("psp/piano/_esito_impegni.html", {"form": form, **esito}, status=status)


class ProfilazioneView(PezzoDelPianoView):
    """The quantitative profile, recorded as the unitary system shows it (C6)."""

    http_method_names = ["post", "options"]

    def post(self, request: Richiesta, pk: int) -> HttpResponse:
        form = ProfilazioneForm(request.POST)
        if form.is_valid():
            try:
                registra_profilazione(utente=self.utente, dati=form.dati(), attore=request.user, adesso=adesso())
            except RegolaViolata as errore:
                aggiungi_errore(form, errore)
        if form.errors:
            if not request.htmx:
                return self.pagina(422, form_profilazione=form)
            return self.pezzo(
                "psp/piano/_profilo.html", quadro_profilo(self.utente) | {"form_profilazione": form}, status=422
            )
        if not request.htmx:
            messages.success(request, "La profilazione è registrata.")
            return self.al_piano("sezione-profilo")
        return self.pezzo("psp/piano/_profilo.html", quadro_profilo(self.utente))


def salva_il_modulo(form: ImpegniForm, patto: PattoDiServizio, request: Richiesta) -> tuple[int, dict[str, Any]]:
    """Save the valid fields of `form`: the status of the answer and, on a stale save, both texts."""
    form.is_valid()
    while True:
        try:
            salva_impegni(
                patto=patto, dati=form.dati(), versione=form.cleaned_data.get("versione") or 0, attore=request.user
            )
        except VersioneSuperata as errore:
            return 409, {"conflitto": conflitto_impegni(form, patto), "messaggio": errore.messaggio}
        except RegolaViolata as errore:
            altro = errore.campo in form.cleaned_data  # the refused field steps aside, the others are saved
            aggiungi_errore(form, errore)
            if altro:
                continue
        return (422 if form.errors else 200), {}


def conflitto_impegni(form: ImpegniForm, patto: PattoDiServizio) -> list[dict[str, str]]:
    """What was saved meanwhile against what was written here, field by field (C8)."""
    attuale = PattoDiServizio.objects.select_related("responsabile_attivita").defer("pdf").get(pk=patto.pk)
    salvato = ImpegniForm(instance=attuale)
    return [
        {"campo": str(form.fields[nome].label), "altrui": _in_parole(salvato, nome, attuale), "mio": mio}
        for nome in form.dati()
        if (mio := _detto(form.fields[nome], form.cleaned_data[nome])) != _in_parole(salvato, nome, attuale)
    ]


def _in_parole(form: ImpegniForm, nome: str, patto: PattoDiServizio) -> str:
    return _detto(form.fields[nome], getattr(patto, nome))


def _detto(campo: Any, valore: Any) -> str:
    if valore in (None, ""):
        return "(niente)"
    if isinstance(valore, dt.date):
        return f"{valore:%d/%m/%Y}"
    return str(dict(getattr(campo, "choices", ())).get(valore, valore) if isinstance(valore, str) else valore)


def patto_del_piano(utente: Utente) -> PattoDiServizio | None:
    """The pact that phase 3 works on: the one in the making, else the one in force."""
    patti = _senza_peso(PattoDiServizio.objects.filter(utente=utente))
    return patti.in_lavorazione().first() or patti.in_vigore().first()


def quadro_piano(patto: PattoDiServizio, ora: dt.datetime, aperta: int | None = None) -> dict[str, Any]:
    """Everything that the page of a draft shows, read once."""
    oggi = timezone.localdate(ora)
    commenti: dict[str, list[Any]] = {}
    for commento in commenti_da_considerare(patto):
        commenti.setdefault(commento.sezione, []).append(commento)
    atti = list(patto.atti.all())
    misure = list(patto.misure.select_related("servizio").prefetch_related(con_codice(oggi, "servizio__")))
    return {
        **quadro_controllo(patto, ora),
        **quadro_profilo(patto.utente),
        **quadro_tipici(atti),
        **quadro_servizi(misure, oggi),
        "atti": [riga_atto(atto, oggi, aperto=atto.pk == aperta) for atto in atti],
        "form_atto": AttoForm(prefix="nuovo"),
        "precedente": patto_precedente(patto) if not atti else None,
        "misure": [riga_misura(misura) for misura in misure],
        "form_impegni": ImpegniForm(instance=patto),
        "commenti": commenti,
    }


def quadro_controllo(patto: PattoDiServizio, ora: dt.datetime) -> dict[str, Any]:
    """The check of art. 20 as it stands (T1)."""
    esame = Esame(patto, timezone.localdate(ora))
    esiti = controllo(patto, ora, esame)
    return {
        "esiti": esiti,
        "fatti": sum(esito.fatto for esito in esiti),
        "completo": all(esito.fatto for esito in esiti),
        "prima": next((mancanza for esito in esiti for mancanza in esito.mancanze), None),
        "avvertenze": avvertenze_patto(patto, esame),
    }


def quadro_profilo(utente: Utente) -> dict[str, Any]:
    return {
        "profilazione": profilazione_attuale(utente),
        "form_profilazione": ProfilazioneForm(initial={"data": timezone.localdate()}),
    }


def quadro_tipici(atti: list[AttoRicerca]) -> dict[str, Any]:
    return {"tipici": tipici_per_genere({(atto.tipo, atto.descrizione) for atto in atti})}


def quadro_servizi(misure: list[Misura], oggi: dt.date) -> dict[str, Any]:
    """The charter, with its codes of the day; services already among the measures are marked."""
    presenti = {misura.servizio_id for misura in misure}
    return {
        "servizi": [
            {"servizio": servizio, "codice": codice_del_giorno(servizio), "presente": servizio.pk in presenti}
            for servizio in servizi_in_vigore(oggi)
        ]
    }


def riga_atto(atto: AttoRicerca, oggi: dt.date, aperto: bool = False, form: AttoForm | None = None) -> dict[str, Any]:
    """A row of the plan. One that misses its timing or its proof stays open, so that its link finds the field."""
    scaduto = bool(atto.entro_il and not atto.frequenza and atto.entro_il < oggi)
    incompleto = not atto.con_termine or not atto.prova.strip() or scaduto
    if form is None and (aperto or incompleto):
        form = modulo_atto(atto)
    return {"atto": atto, "form": form, "incompleto": incompleto, "versione": impronta_atto(atto)}


def modulo_atto(atto: AttoRicerca, data: Any = None) -> AttoForm:
    return AttoForm(data, instance=atto, prefix=f"atto-{atto.pk}", initial={"versione": impronta_atto(atto)})


def riga_misura(misura: Misura, form: MisuraForm | None = None) -> dict[str, Any]:
    return {
        "misura": misura,
        "codice": codice_del_giorno(misura.servizio),
        "form": form or modulo_misura(misura),
        "versione": impronta_misura(misura),
    }


def modulo_misura(misura: Misura, data: Any = None) -> MisuraForm:
    return MisuraForm(
        data, instance=misura, prefix=f"misura-{misura.pk}", initial={"versione": impronta_misura(misura)}
    )


def _senza_peso(patti: Any) -> Any:
    """The pacts with what the pages name, without the frozen bytes."""
    return patti.select_related(
        "colloquio", "cpi", "did", "autore", "responsabile_attivita", "inviato_da", "proposto_da", "firma_registrata_da"
    ).defer("pdf", "contenuto")


def _aperta(testo: str | None) -> int | None:
    return int(testo) if testo and testo.isdecimal() and len(testo) < 12 else None
