"""The week and the day: of the own agenda, of a colleague's, of a room, of the office's groups."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode

from orientamento.anagrafica.models import Operatore
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.viste import chiave_intera
from psp.forms.agenda import luoghi_di, operatori_di
from psp.models import Luogo, OrarioOperatore, Seduta
from psp.services.agenda.giorni import GIORNI, chiusure, giorno_di, lunedi_di, ora_di
from psp.services.agenda.lettura import da_sedute
from psp.services.agenda.liberi import Tratto, orari_di, tratti_di, tratti_liberi_del_luogo
from psp.views.agenda.cornice import AgendaMixin, leggi_giorno

GRUPPI = "gruppi"
MINUTI_MINIMI = 30


@dataclass(frozen=True)
class Filtro:
    """Whose agenda is in sight: `chiave` as the address names it."""

    chiave: str
    nome: str
    sedute: Any
    operatore: Operatore | None = None
    luogo: Luogo | None = None
    mia: bool = False


class SettimanaView(AgendaMixin):
    """Monday to Friday, and the days of the weekend on which there is something."""

    giorni_mostrati = 7
    modello = "psp/agenda/settimana.html"
    orari: list[OrarioOperatore]

    def get(self, request: Richiesta, **kwargs: Any) -> HttpResponse:
        ora = adesso()
        oggi = giorno_di(ora)
        scelto = self.giorno_scelto(oggi)
        dal, al = self.estremi(scelto)
        operatori = list(operatori_di(request.user.cpi_id).only("first_name", "last_name", "username", "cpi"))
        luoghi = list(luoghi_di(request.user.cpi_id))
        filtro = self.filtro(operatori, luoghi)
        giorni = self.giorni(filtro, dal, al, ora)
        contesto = {
            "titolo_pagina": "Agenda",
            "filtro": filtro,
            "operatori": [{"chiave": str(o.pk), "nome": str(o)} for o in operatori],
            "luoghi": [{"chiave": str(x.pk), "nome": str(x)} for x in luoghi],
            "giorni": giorni,
            "scelto": scelto,
            "oggi": oggi,
            "ora": ora,
            "dal": dal,
            "al": al,
            "periodo": self.periodo(dal),
            "mostra_chi": filtro.operatore is None,
            "senza_orario": filtro.mia and not self.orari,
            **self.passi(scelto, filtro),
        }
        return render(request, self.modello, contesto)

    def giorno_scelto(self, oggi: dt.date) -> dt.date:
        return leggi_giorno(self.request.GET.get("giorno")) or oggi

    def estremi(self, scelto: dt.date) -> tuple[dt.date, dt.date]:
        lunedi = lunedi_di(scelto)
        return lunedi, lunedi + dt.timedelta(days=6)

    def periodo(self, dal: dt.date) -> str:
        al = dal + dt.timedelta(days=6)
        return f"Settimana dal {dal:%d/%m/%Y} al {al:%d/%m/%Y}"

    def passi(self, scelto: dt.date, filtro: Filtro) -> dict[str, str]:
        """The addresses of the week before and after, and of today's; nothing of them is a script."""
        settimana = dt.timedelta(days=7)
        return {
            "prima": self.indirizzo(scelto - settimana, filtro),
            "dopo": self.indirizzo(scelto + settimana, filtro),
            "adesso_url": self.indirizzo(None, filtro),
        }

    def indirizzo(self, giorno: dt.date | None, filtro: Filtro) -> str:
        voci = {"di": filtro.chiave, **({"giorno": giorno.isoformat()} if giorno else {})}
        return f"{reverse('psp:agenda')}?{urlencode(voci)}"

    def filtro(self, operatori: list[Operatore], luoghi: list[Luogo]) -> Filtro:
        """What the address asks for; anything else is one's own agenda."""
        chiesto = self.request.GET.get("di", "")
        sedute = Seduta.objects.visibili_a(self.request.user)
        if chiesto == GRUPPI:
            return Filtro(GRUPPI, "Incontri di gruppo del centro", sedute.filter(di_gruppo=True))
        genere, _, numero = chiesto.partition("-")
        chiave = chiave_intera(numero)
        if genere == "sala":
            luogo = next((x for x in luoghi if x.pk == chiave), None)
            if luogo:
                return Filtro(chiesto, str(luogo), sedute.filter(luogo=luogo), luogo=luogo)
        operatore = next((o for o in operatori if o.pk == chiave), None) if genere == "operatore" else None
        if operatore is None and genere == "operatore" and chiave:
            # Who keeps no agenda any more: what is still fixed there is to be moved.
            operatore = Operatore.objects.filter(cpi=self.request.user.cpi, cpi__isnull=False, pk=chiave).first()
            if operatore is not None:
                operatori.append(operatore)
        operatore = operatore or self.request.user
        mia = operatore.pk == self.request.user.pk
        nome = "La mia agenda" if mia else f"Agenda di {operatore}"
        return Filtro(f"operatore-{operatore.pk}", nome, sedute.filter(operatore=operatore), operatore, mia=mia)

    def giorni(self, filtro: Filtro, dal: dt.date, al: dt.date, ora: dt.datetime) -> list[dict[str, Any]]:
        cpi_id = self.request.user.cpi_id
        assert cpi_id is not None
        chiusi = chiusure(cpi_id, dal, al)
        sedute = da_sedute(filtro.sedute, dal, al)
        if filtro.operatore:
            self.orari = orari_di(filtro.operatore)
            occupati = [(s["inizio"], s["fine"]) for s in sedute if s["assistita"]]
            liberi = tratti_di(self.orari, chiusi, occupati, dal, al)
        else:
            liberi = tratti_liberi_del_luogo(filtro.luogo, dal, al) if filtro.luogo else []
        oggi = giorno_di(ora)
        giorni = []
        for passi in range((al - dal).days + 1):
            giorno = dal + dt.timedelta(days=passi)
            voci = [s for s in sedute if s["giorno"] == giorno]
            voci += [_voce_libera(t, filtro) for t in liberi if giorno_di(t[0]) == giorno and _serve(t, ora)]
            if passi >= 5 and not voci and self.giorni_mostrati == 7:
                continue
            giorni.append(
                {
                    "data": giorno,
                    "nome": GIORNI[giorno.weekday()].capitalize(),
                    "oggi": giorno == oggi,
                    "chiuso": chiusi.get(giorno, ""),
                    "voci": sorted(voci, key=lambda v: (v["inizio"], v["fine"])),
                    "quanti": len([v for v in voci if "id" in v]),
                    "passato": giorno < oggi,
                }
            )
        return giorni


class GiornoView(SettimanaView):
    """One day, with more room for each meeting."""

    giorni_mostrati = 1
    modello = "psp/agenda/giorno.html"

    def giorno_scelto(self, oggi: dt.date) -> dt.date:
        giorno = leggi_giorno(self.kwargs["data"])
        if giorno is None:
            raise Http404
        return giorno

    def estremi(self, scelto: dt.date) -> tuple[dt.date, dt.date]:
        return scelto, scelto

    def periodo(self, dal: dt.date) -> str:
        return f"{GIORNI[dal.weekday()].capitalize()} {dal:%d/%m/%Y}"

    def passi(self, scelto: dt.date, filtro: Filtro) -> dict[str, str]:
        giorno = dt.timedelta(days=1)
        return {
            "prima": self.indirizzo(scelto - giorno, filtro),
            "dopo": self.indirizzo(scelto + giorno, filtro),
            "adesso_url": self.indirizzo(giorno_di(adesso()), filtro),
            "settimana": f"{reverse('psp:agenda')}?{urlencode({'di': filtro.chiave, 'giorno': scelto.isoformat()})}",
        }

    def indirizzo(self, giorno: dt.date | None, filtro: Filtro) -> str:
        data = (giorno or giorno_di(adesso())).isoformat()
        return f"{reverse('psp:agenda_giorno', args=[data])}?{urlencode({'di': filtro.chiave})}"


def _serve(tratto: Tratto, ora: dt.datetime) -> bool:
    """A free stretch still to come, long enough for something."""
    return tratto[1] > ora and (tratto[1] - max(tratto[0], ora)).total_seconds() >= MINUTI_MINIMI * 60


def _voce_libera(tratto: Tratto, filtro: Filtro) -> dict[str, Any]:
    inizio, fine = tratto
    voci = {"giorno": giorno_di(inizio).isoformat(), "dalle": ora_di(inizio), "alle": ora_di(fine)}
    if filtro.operatore:
        voci["operatore"] = str(filtro.operatore.pk)
    if filtro.luogo:
        voci["luogo"] = str(filtro.luogo.pk)
    return {
        "inizio": inizio,
        "fine": fine,
        "ora_inizio": ora_di(inizio),
        "ora_fine": ora_di(fine),
        "url": f"{reverse('psp:nuova_seduta')}?{urlencode(voci)}",
    }
