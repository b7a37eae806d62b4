"""The worklists: CVs near their end, registrations to be confirmed, requests to the portal."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from curriculum.elenchi import NOMI_DEI_FILTRI, cornice, in_parole, riga_di_scadenza, riga_di_trasferimento
from curriculum.models import Curriculum
from curriculum.services.elenchi import FILTRI, da_confermare, quanti_trasferimenti, trasferimenti
from curriculum.services.scadenze import CAUSALE, avvisa, in_scadenza
from curriculum.services.trasferimento import MESSAGGI_MASSIMI, chiedi_solleciti
from orientamento.anagrafica.models import Messaggio, Utente
from orientamento.anagrafica.permessi import Permesso
from orientamento.anagrafica.posta import cartella
from orientamento.anagrafica.services.messaggi import posta_configurata, rimanda_messaggio
from orientamento.anagrafica.viste import OggettoDiUtenteMixin, PermessoMixin, Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.viste import chiave_intera

PER_PAGINA = 50


class ElencoMixin(PermessoMixin):
    """A worklist: the page, and on a POST the batch over the ticked rows, then the same page again."""

    permesso = Permesso.TRASFERIRE_CURRICULUM
    modello: str

    def righe(self, dopo: str, di: int | None) -> list[dict[str, Any]]:
        """One more than a page has, if there are as many; each with its `segno`."""
        raise NotImplementedError

    def altro(self, di: int | None) -> dict[str, Any]:
        return {}

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        di = chiave_intera(request.GET.get("di")) if request.GET.get("di") != "nessuno" else 0
        righe = self.righe(request.GET.get("dopo", ""), di)
        contesto = cornice(request, righe, PER_PAGINA, adesso=adesso()) | self.altro(di)
        return render(request, f"curriculum/elenchi/{self.modello}.html", contesto)

    def spuntati(self, nome: str) -> list[int]:
        chiavi = (chiave_intera(testo) for testo in self.request.POST.getlist(nome))
        return [chiave for chiave in chiavi if chiave is not None][:PER_PAGINA]

    def stessa_pagina(self) -> HttpResponse:
        return redirect(self.request.get_full_path())


class ScadenzeView(ElencoMixin):
    """CVs near their end or past it (V4); telling the ticked people, by mail or as already done."""

    modello = "scadenze"

    def righe(self, dopo: str, di: int | None) -> list[dict[str, Any]]:
        righe = in_scadenza(
            self.request.user, adesso=adesso(), quanti=PER_PAGINA + 1, dopo=_segno(dopo, dt.date.fromisoformat), di=di
        )
        return [riga_di_scadenza(riga) for riga in righe]

    def altro(self, di: int | None) -> dict[str, Any]:
        return {
            "titolo_pagina": "Curriculum in scadenza",
            "posta_collegata": posta_configurata(),
            "posta_di_prova": cartella.in_uso(),
        }

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        curricula = Curriculum.objects.visibili_a(request.user).filter(pk__in=self.spuntati("cv"))
        scelti = list(curricula.select_related("utente"))
        modo = request.POST.get("modo", "")
        if not scelti:
            messages.error(request, "Nessuno è stato avvisato: spuntare prima le persone nell'elenco.")
            return self.stessa_pagina()
        try:
            esito = avvisa(curricula=scelti, modo=modo, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.error(request, errore.messaggio)
            return self.stessa_pagina()
        for livello, frase in in_parole(esito, modo):
            messages.add_message(request, livello, frase)
        return self.stessa_pagina()


class RimandaAvvisoView(OggettoDiUtenteMixin):
    """One notice of the six months sent again: it was refused, or may not have gone. Then the same page of the list."""

    permesso = Permesso.TRASFERIRE_CURRICULUM
    oggetto: Messaggio

    def visibili(self) -> QuerySet[Messaggio]:
        return Messaggio.objects.visibili_a(self.request.user).filter(causale__startswith=f"{CAUSALE}:")

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        try:
            nuovo = rimanda_messaggio(messaggio=self.oggetto, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.error(request, f"{self.utente}: {errore.messaggio}")
        else:
            messages.success(request, f"{self.utente}: il messaggio riparte da solo, a {nuovo.destinatario}.")
        return redirect(f"{reverse('curriculum:scadenze')}?{request.GET.urlencode()}".rstrip("?"))


class RegistrazioniView(ElencoMixin):
    """Who was pre-registered and has not confirmed (V2); one more message to the ticked people."""

    modello = "registrazioni"

    def righe(self, dopo: str, di: int | None) -> list[dict[str, Any]]:
        return da_confermare(
            self.request.user,
            adesso=adesso(),
            quanti=PER_PAGINA + 1,
            dopo=_segno(dopo, dt.datetime.fromisoformat),
            di=di,
        )

    def altro(self, di: int | None) -> dict[str, Any]:
        return {"titolo_pagina": "Registrazioni da confermare", "messaggi_massimi": MESSAGGI_MASSIMI}

    def post(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        utenti = Utente.objects.visibili_a(request.user).filter(pk__in=self.spuntati("utente")).order_by("pk")
        esito = chiedi_solleciti(utenti=utenti, attore=request.user, adesso=adesso())
        if not esito.chiesti and not esito.saltati:
            messages.error(request, "Nessun messaggio è stato chiesto: spuntare prima le persone nell'elenco.")
        if esito.chiesti:
            n = len(esito.chiesti)
            quanti = "1 messaggio: parte da solo" if n == 1 else f"{n} messaggi: partono da soli"
            messages.success(request, f"Chiesto al portale di mandare {quanti}, in pochi minuti.")
        for utente, motivo in esito.saltati:
            messages.warning(request, f"{utente}: {motivo}")
        return self.stessa_pagina()


class TrasferimentiView(ElencoMixin):
    """The requests to the portal that are open, and those refused that nobody has mended yet (V6)."""

    modello = "trasferimenti"

    @property
    def filtro(self) -> str:
        """The one asked for; else refusals, which want somebody, before what goes on by itself."""
        chiesto = self.request.GET.get("stato", "")
        if chiesto in FILTRI:
            return chiesto
        return next((nome for nome in ("rifiutati", "in_attesa", "in_coda") if self.quanti[nome]), "in_corso")

    @property
    def quanti(self) -> dict[str, int]:
        if not hasattr(self, "_quanti"):
            self._quanti = quanti_trasferimenti(self.request.user, adesso=adesso(), di=self.di)
        return self._quanti

    def righe(self, dopo: str, di: int | None) -> list[dict[str, Any]]:
        self.di = di
        trovati = trasferimenti(
            self.request.user,
            filtro=self.filtro,
            adesso=adesso(),
            quanti=PER_PAGINA + 1,
            dopo=chiave_intera(dopo),
            di=di,
        )
        return [riga_di_trasferimento(riga) for riga in trovati]

    def altro(self, di: int | None) -> dict[str, Any]:
        filtri = [(chiave, nome, self.quanti[chiave]) for chiave, nome in NOMI_DEI_FILTRI]
        return {"titolo_pagina": "Trasferimenti al portale", "filtro": self.filtro, "filtri": filtri}


def _segno(testo: str, leggi: Any) -> Any:
    """Where the page before ended, as (value, key); None for what is no such mark."""
    valore, _, chiave = testo.rpartition("_")
    try:
        return (leggi(valore), int(chiave)) if valore and chiave_intera(chiave) is not None else None
    except ValueError:
        return None
