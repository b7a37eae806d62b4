"""The propensioni as other apps read them: plain data, no models."""

from __future__ import annotations

from typing import Any

from orientamento.anagrafica.models import Utente
from propensioni.models import Propensione


def propensioni_di(utente: Utente) -> list[dict[str, Any]]:
    """The up to three propensioni of `utente`, in order of place; one query."""
    righe = Propensione.objects.filter(utente=utente).select_related("professione").order_by("posto")
    return [
        {
            "id": p.pk,
            "posto": p.posto,
            "professione": p.professione.titolo,
            "codice": p.professione.codice,
            "provenienze": [
                parola
                for parola, vale in (
                    ("lavoro", p.da_lavoro),
                    ("istruzione", p.da_istruzione),
                    ("formazione", p.da_formazione),
                )
                if vale
            ],
            "data_intervista": p.data_intervista,
            "nota_testo": p.nota_testo,
            "sep": p.nota.get("sep", ""),
        }
        for p in righe
    ]


def quante(utente: Utente) -> int:
    """How many propensioni `utente` has (P1: at most three)."""
    return Propensione.objects.filter(utente=utente).count()
