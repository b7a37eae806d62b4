"""How often something is promised. When the next time is, the database function `psp_prossima_volta` says."""

from __future__ import annotations

from django.db import models


class Frequenza(models.TextChoices):
    SETTIMANALE = "settimanale", "Ogni settimana"
    QUINDICINALE = "quindicinale", "Ogni due settimane"
    MENSILE = "mensile", "Ogni mese"
    BIMESTRALE = "bimestrale", "Ogni due mesi"
    TRIMESTRALE = "trimestrale", "Ogni tre mesi"
