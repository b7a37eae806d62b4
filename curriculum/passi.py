"""The step before a verb, shown alone in the panel: what is going to happen, read and accepted each time (V2, V5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from curriculum.models import Curriculum, LuogoCurriculum, StatoRegistrazione, StatoTrasferimento
from curriculum.models.trasferimento import IN_CODA
from curriculum.pannello import riga_di
from curriculum.services.luoghi import Quadro, luoghi_di
from curriculum.services.trasferimento import AVVISO, impedimenti
from orientamento.anagrafica.models import Finalita, Utente

MAI_ARRIVATI = (StatoTrasferimento.IN_ATTESA, StatoTrasferimento.RIFIUTATO)
NON_C_E = (LuogoCurriculum.IGNOTO, LuogoCurriculum.ASSENTE)


def passo_trasferisci(utente: Utente, *, adesso: dt.datetime, rifiuto: str = "") -> dict[str, Any] | None:
    """The alert of V2 with what goes and where a message may go; None where the transfer is not possible."""
    attuale = Curriculum.objects.attuali().select_related("caricato_da").filter(utente=utente).first()
    if attuale is None or impedimenti(utente, adesso):
        return None
    quadro = luoghi_di(utente, giorno=timezone.localdate(adesso))
    registrato = quadro.posizione.get("registrazione") == StatoRegistrazione.CONFERMATA
    consenso = utente.consensi.filter(finalita=Finalita.INCONTRO).order_by("-registrato_il", "-pk").first()
    return {
        "modello": "curriculum/_passo_trasferisci.html",
        "avviso": AVVISO,
        "cv": riga_di(attuale),
        "consenso": f"Dato il {timezone.localtime(consenso.registrato_il):%d/%m/%Y}" if consenso else "",
        "registrato": registrato,
        "recapito": "" if registrato else _recapiti(utente),
        "url_recapiti": reverse("anagrafica:identita", args=[utente.pk]) + "#id_email",
        "rifiuto": rifiuto,
        "url": reverse("curriculum:trasferisci", args=[utente.pk]),
        "url_torna": reverse("curriculum:pannello", args=[utente.pk]),
    }


def passo_cancella(curriculum: Curriculum, *, adesso: dt.datetime) -> dict[str, Any]:
    """What goes and what stays when a CV is cancelled (V5), in other words where it was never transferred."""
    utente = curriculum.utente
    quadro = luoghi_di(utente, giorno=timezone.localdate(adesso))
    precedente = curriculum.stato != Curriculum.Stato.ATTUALE
    return {
        "modello": "curriculum/_passo_cancella.html",
        "cv": riga_di(curriculum),
        "precedente": precedente,
        "da_intuition": _uscito(quadro, curriculum, precedente),
        "in_coda": not precedente and quadro.invio is not None and quadro.invio["stato"] in IN_CODA,
        "url_come_cancellare": reverse("curriculum:come_cancellare", args=[utente.pk]),
        "url": reverse("curriculum:cancella", args=[curriculum.pk]),
        "url_torna": reverse("curriculum:pannello", args=[utente.pk]),
    }


def _uscito(quadro: Quadro, curriculum: Curriculum, precedente: bool) -> bool:
    """Whether a CV may be found outside, so that cancelling it here has something to take away there."""
    posizione, invio = quadro.posizione, quadro.invio
    fuori = any(posizione.get(luogo, LuogoCurriculum.IGNOTO) not in NON_C_E for luogo in ("portale", "intuition"))
    parte = invio is not None and invio["stato"] == StatoTrasferimento.IN_CORSO
    partito = invio is not None and invio["tentativi"] > 0 and invio["stato"] not in MAI_ARRIVATI
    if precedente:
        return fuori and posizione.get("curriculum_id") == curriculum.pk
    return fuori or parte or partito


def _recapiti(utente: Utente) -> str:
    if utente.email:
        return f"Se serve, arriva a {utente.email}."
    return f"Se serve, arriva al cellulare {utente.cellulare}."
