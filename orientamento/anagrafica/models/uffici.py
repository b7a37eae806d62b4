"""The employment centres and the towns each is competent for."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class CPI(models.Model):
    """A *Centro per l'impiego*. `codice` is the national code where known."""

    codice = models.CharField("codice", max_length=20, unique=True)
    nome = models.CharField("nome", max_length=120, unique=True)
    comune = models.CharField("comune", max_length=80)
    indirizzo = models.CharField("indirizzo", max_length=160, blank=True)
    telefono = models.CharField("telefono", max_length=30, blank=True)
    email = models.EmailField("posta elettronica", blank=True)
    pec = models.EmailField("PEC", blank=True)
    attivo = models.BooleanField("attivo", default=True)

    class Meta:
        verbose_name = "centro per l'impiego"
        verbose_name_plural = "centri per l'impiego"
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


class CompetenzaTerritoriale(models.Model):
    """Which centre is competent for those who live in a town (U1), with dates, because borders move."""

    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="competenze")
    codice_comune = models.CharField("codice catastale del comune", max_length=4)
    comune = models.CharField("comune", max_length=80)
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    class Meta:
        verbose_name = "competenza territoriale"
        verbose_name_plural = "competenze territoriali"
        constraints = [
            models.UniqueConstraint(
                fields=["codice_comune"],
                condition=Q(valido_al__isnull=True),
                name="un_solo_cpi_per_comune",
                violation_error_message="Per questo comune esiste già un centro competente.",
            ),
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="competenza_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.comune}: {self.cpi}"
