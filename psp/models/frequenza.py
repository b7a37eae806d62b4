"""How often something is promised, and when the next time is."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Case, DateField, Func, Value, When


class Frequenza(models.TextChoices):
    SETTIMANALE = "settimanale", "Ogni settimana"
    QUINDICINALE = "quindicinale", "Ogni due settimane"
    MENSILE = "mensile", "Ogni mese"
    BIMESTRALE = "bimestrale", "Ogni due mesi"
    TRIMESTRALE = "trimestrale", "Ogni tre mesi"


# In the words of the database: months count as the calendar does.
INTERVALLI = {
    Frequenza.SETTIMANALE: "7 days",
    Frequenza.QUINDICINALE: "14 days",
    Frequenza.MENSILE: "1 month",
    Frequenza.BIMESTRALE: "2 months",
    Frequenza.TRIMESTRALE: "3 months",
}


def prossima(campo: str, da: Any) -> Case:
    """The date one interval after `da`, by the frequency that the column `campo` holds; NULL where it holds none."""
    return Case(
        *(When(**{campo: frequenza}, then=_dopo(da, intervallo)) for frequenza, intervallo in INTERVALLI.items()),
        output_field=DateField(),
    )


def _dopo(giorno: Any, intervallo: str) -> Func:
    modello = "(%(expressions)s::interval)::date"
    return Func(giorno, Value(intervallo), template=modello, arg_joiner=" + ", output_field=DateField())
