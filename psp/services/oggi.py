"""The work of the day: interviews to resume, pacts to write within their term, pacts to review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef

from orientamento.anagrafica.models import Operatore
from psp.models import Colloquio, PattoDiServizio, Revisione, StatoPatto

QUANTI = 8

# What a pact on its way waits for, in the order in which the operator can do something about it.
ATTESE = {
    StatoPatto.BOZZA: "Rimandati con commenti",
    StatoPatto.PROPOSTO: "Da stampare e firmare",
    StatoPatto.IN_REVISIONE: "In attesa della revisione",
}


def da_riprendere(operatore: Operatore) -> list[Colloquio]:
    """The interviews in progress that `operatore` saved last and whose pact is still to be sent; newest first."""
    return list(
        Colloquio.objects.visibili_a(operatore)
        .in_corso()
        .filter(salvato_da=operatore)
        .exclude(patti__stato__in=[StatoPatto.IN_REVISIONE, StatoPatto.PROPOSTO])
        .select_related("utente")
        .order_by("-salvato_il")[:QUANTI]
    )


def patti_in_giro(operatore: Operatore) -> list[dict[str, Any]]:
    """The pacts that `operatore` wrote and that wait, by what they wait for: the citizen, the author, the reviewer."""
    rimandato = Revisione.objects.filter(patto=OuterRef("pk"), esito=Revisione.Esito.RIMANDATO)
    patti = (
        PattoDiServizio.objects.visibili_a(operatore)
        .in_lavorazione()
        .filter(autore=operatore)
        .annotate(rimandato=Exists(rimandato))
        .exclude(stato=StatoPatto.BOZZA, rimandato=False)
        .select_related("utente")
        .order_by("creato_il", "pk")
        .defer("pdf", "contenuto")
    )
    gruppi: dict[str, list[PattoDiServizio]] = {stato: [] for stato in ATTESE}
    for patto in patti:
        gruppi[patto.stato].append(patto)
    return [
        {"titolo": titolo, "patti": gruppi[stato][:QUANTI], "quanti": len(gruppi[stato])}
        for stato, titolo in ATTESE.items()
        if gruppi[stato]
    ]


def riassunto_revisioni(operatore: Operatore, adesso: dt.datetime) -> dict[str, Any]:
    """How many pacts wait for a review in the office, and for how long the oldest has been waiting (T4)."""
    coda = PattoDiServizio.objects.visibili_a(operatore).da_revisionare().values_list("inviato_il", flat=True)
    attese = [inviato_il for inviato_il in coda if inviato_il]
    return {"quanti": len(attese), "giorni": (adesso - attese[0]).days if attese else 0}
