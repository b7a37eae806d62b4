"""The work of the day: interviews to resume, pacts to review."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Exists, OuterRef

from orientamento.anagrafica.models import Operatore
from psp.models import Colloquio, PattoDiServizio, StatoPatto

QUANTI = 8


def da_riprendere(operatore: Operatore) -> list[dict[str, Any]]:
    """The interviews in progress that `operatore` saved last and whose pact is still to be sent; newest first.

    Keys: `utente_id`, `persona`, `salvato_il`.
    """
    in_giro = PattoDiServizio.objects.filter(
        colloquio=OuterRef("pk"), stato__in=[StatoPatto.IN_REVISIONE, StatoPatto.PROPOSTO]
    )
    righe = Colloquio.objects.visibili_a(operatore).in_corso().filter(~Exists(in_giro), salvato_da=operatore)
    campi = ("utente_id", "utente__cognome", "utente__nome", "salvato_il")
    return [
        {"utente_id": pk, "persona": f"{cognome} {nome}", "salvato_il": salvato_il}
        for pk, cognome, nome, salvato_il in righe.order_by("-salvato_il").values_list(*campi)[:QUANTI]
    ]


def riassunto_revisioni(operatore: Operatore, adesso: dt.datetime) -> dict[str, Any]:
    """How many pacts wait for a review in the office, and for how long the oldest has been waiting (T4)."""
    coda = PattoDiServizio.objects.visibili_a(operatore).da_revisionare().values_list("inviato_il", flat=True)
    attese = [inviato_il for inviato_il in coda if inviato_il]
    return {"quanti": len(attese), "giorni": (adesso - attese[0]).days if attese else 0}
