"""Where one citizen stands, in words: what the file page shows."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import Any

from curriculum.services.lettura import curriculum_attuale
from orientamento.anagrafica.models import Operatore, PresaInCarico, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from propensioni.services.lettura import propensioni_di
from psp.models import Colloquio, PattoDiServizio

RIGHE_LETTE = 80
RIGHE_CRONOLOGIA = 20


def situazione_di(utente: Utente, *, operatore: Operatore, adesso: dt.datetime) -> dict[str, Any]:
    """Everything the page needs, read once. For matching: propensioni and CV only."""
    contesto: dict[str, Any] = {
        "propensioni": propensioni_di(utente),
        "curriculum": curriculum_attuale(utente),
        "vede_tutto": puo(operatore, Permesso.VEDERE_FASCICOLO),
        "vede_registro": puo(operatore, Permesso.VEDERE_REGISTRO),
        "puo_riassegnare": puo(operatore, Permesso.RIASSEGNARE_FASCICOLO),
    }
    if contesto["vede_tutto"]:
        contesto |= _lavoro(utente, adesso) | _fascicolo(utente) | {"cronologia": cronologia_di(utente)}
    return contesto


def cronologia_di(utente: Utente) -> list[dict[str, Any]]:
    """The latest that happened to the file, newest first; what one person did again in the same minute is one line.

    Openings are left out: those are in the register.
    """
    eventi = Evento.objects.dell_utente(utente.pk).exclude(azione=Azione.FASCICOLO_APERTO)[:RIGHE_LETTE]
    gruppi = groupby(eventi, key=lambda e: (e.azione, e.attore_nome, e.quando.replace(second=0, microsecond=0)))
    righe = [
        {"quando": quando, "chi": chi, "azione": Azione(azione).label, "volte": len(list(gruppo))}
        for (azione, chi, quando), gruppo in gruppi
    ]
    return righe[:RIGHE_CRONOLOGIA]


def _lavoro(utente: Utente, adesso: dt.datetime) -> dict[str, Any]:
    patti = list(
        PattoDiServizio.objects.filter(utente=utente)
        .select_related("responsabile_attivita", "autore")
        .defer("pdf", "contenuto")
    )
    in_lavorazione = next((p for p in patti if p.stato in ("bozza", "in_revisione", "proposto")), None)
    in_vigore = next((p for p in patti if p.stato in ("firmato", "sospeso")), None)
    return {
        "presa_in_carico": PresaInCarico.objects.filter(utente=utente, chiusa_il__isnull=True)
        .select_related("operatore", "cpi")
        .first(),
        "consensi": _consensi_espressi(utente),
        "colloquio": Colloquio.objects.filter(utente=utente).in_corso().select_related("salvato_da").first(),
        "patto_in_lavorazione": in_lavorazione,
        "patto_in_vigore": in_vigore,
        "patti_passati": [p for p in patti if p not in (in_lavorazione, in_vigore)],
    }


def _consensi_espressi(utente: Utente) -> list[Any]:
    """The newest answer for each purpose (U2)."""
    righe = utente.consensi.select_related("registrato_da").order_by("finalita", "-registrato_il", "-pk")
    return list(righe.distinct("finalita"))


def _fascicolo(utente: Utente) -> dict[str, Any]:
    return {
        "titoli": list(utente.titoli.all()),
        "esperienze": list(utente.esperienze.all()),
        "lingue": list(utente.lingue.all()),
        "competenze": list(utente.competenze.all()),
    }
