"""The work of the day: interviews to resume, pacts to write within their term, pacts to review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef
from django.utils import timezone

from orientamento.anagrafica.models import DID, Operatore, PresaInCarico
from psp.models import Colloquio, PattoDiServizio, StatoPatto

QUANTI = 12


def da_riprendere(operatore: Operatore) -> dict[str, list[Any]]:
    """Interviews in progress that `operatore` worked at last, and their pacts by what they wait for; newest first."""
    patti = (
        PattoDiServizio.objects.visibili_a(operatore)
        .in_lavorazione()
        .filter(autore=operatore)
        .select_related("utente")
        .order_by("-creato_il")
        .defer("pdf", "contenuto")
    )
    per_stato: dict[str, list[PattoDiServizio]] = {stato: [] for stato in ("bozza", "in_revisione", "proposto")}
    for patto in patti[:60]:
        per_stato[patto.stato].append(patto)
    colloqui = (
        Colloquio.objects.visibili_a(operatore)
        .in_corso()
        .filter(salvato_da=operatore)
        .exclude(patti__stato__in=[StatoPatto.IN_REVISIONE, StatoPatto.PROPOSTO])
        .select_related("utente")
        .order_by("-salvato_il")
    )
    return {"colloqui": list(colloqui[:QUANTI]), **per_stato}


def in_scadenza(operatore: Operatore, adesso: dt.datetime) -> list[dict[str, Any]]:
    """The citizens in charge with a DID in force and no pact in force, the nearest term first (U3)."""
    oggi = timezone.localdate(adesso)
    did = (
        DID.objects.filter(
            Exists(PresaInCarico.objects.filter(utente=OuterRef("utente"), chiusa_il__isnull=True)),
            ~Exists(PattoDiServizio.objects.in_vigore().filter(utente=OuterRef("utente"))),
            utente__cpi_id=operatore.cpi_id,
            utente__operatore_riferimento=operatore,
            stato__in=["valida", "sospesa"],
        )
        .select_related("programma", "utente")
        .annotate(termine=ExpressionWrapper(F("data") + F("programma__giorni_per_patto"), DateField()))
        .order_by("termine", "pk")
    )
    return [{"did": d, "giorni": d.giorni_al_termine(oggi)} for d in did[:QUANTI]]


def riassunto_revisioni(operatore: Operatore, adesso: dt.datetime) -> dict[str, Any]:
    """How many pacts wait for a review in the office, and for how long the oldest has been waiting (T4)."""
    coda = PattoDiServizio.objects.visibili_a(operatore).da_revisionare().values_list("inviato_il", flat=True)
    attese = list(coda)
    return {"quanti": len(attese), "giorni": (adesso - attese[0]).days if attese else 0}
