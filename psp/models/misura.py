"""The catalogue of services and the measures agreed in a pact (M2, M3)."""

from __future__ import annotations

import datetime as dt

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from orientamento.comune.validita import valida_il
from psp.models.patto import PattoDiServizio


class ServizioQuerySet(models.QuerySet["Servizio"]):
    def in_vigore(self, giorno: dt.date) -> ServizioQuerySet:
        """Those that may be agreed on `giorno`."""
        return self.filter(valida_il(giorno))


class Servizio(models.Model):
    """A service of the charter (M2). The key is the service; the code is an attribute with its own dates."""

    class Modo(models.TextChoices):
        INDIVIDUALE = "individuale", "Individuale"
        GRUPPO = "gruppo", "Di gruppo"
        ENTRAMBI = "entrambi", "Individuale o di gruppo"

    chiave = models.SlugField("chiave", max_length=60, unique=True)
    nome = models.CharField("nome", max_length=200)
    descrizione = models.TextField("descrizione", blank=True)
    modo = models.CharField("modalità", max_length=12, choices=Modo, default=Modo.INDIVIDUALE)
    ore_previste = models.DecimalField("ore consuete", max_digits=5, decimal_places=1, null=True, blank=True)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    objects = ServizioQuerySet.as_manager()

    class Meta:
        verbose_name = "servizio della carta"
        verbose_name_plural = "servizi della carta"
        ordering = ["ordine", "nome"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="servizio_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            )
        ]

    def __str__(self) -> str:
        return self.nome


class CodiceServizio(models.Model):
    """The code of a service between two dates (A05, A06, B03 ...). No row means no code: none is invented (M2)."""

    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="codici")
    codice = models.CharField("codice", max_length=10)
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    class Meta:
        verbose_name = "codice del servizio"
        verbose_name_plural = "codici dei servizi"
        ordering = ["servizio", "codice", "-valido_dal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="codice_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            )
        ]

    def __str__(self) -> str:
        return self.codice


class Misura(models.Model):
    """A service of the charter agreed in a pact, with planned dates and hours (M3). Its delivery is a later chapter."""

    class Stato(models.TextChoices):
        PROPOSTA = "proposta", "Proposta"
        CONCORDATA = "concordata", "Concordata"
        RIFIUTATA = "rifiutata", "Rifiutata"

    patto = models.ForeignKey(PattoDiServizio, on_delete=models.CASCADE, related_name="misure")
    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="misure")
    stato = models.CharField("stato", max_length=12, choices=Stato, default=Stato.CONCORDATA)
    inizio_previsto = models.DateField("inizio previsto", null=True, blank=True)
    fine_prevista = models.DateField("fine prevista", null=True, blank=True)
    ore_previste = models.DecimalField(
        "ore previste", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0.5)]
    )
    note = models.CharField("note", max_length=300, blank=True)

    class Meta:
        verbose_name = "misura"
        verbose_name_plural = "misure"
        ordering = ["inizio_previsto", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patto", "servizio"],
                name="servizio_una_volta_per_patto",
                violation_error_message="Questo servizio è già tra le misure del patto.",
            ),
            models.CheckConstraint(
                condition=Q(fine_prevista__isnull=True)
                | Q(inizio_previsto__isnull=True)
                | Q(fine_prevista__gte=F("inizio_previsto")),
                name="misura_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="concordata") | Q(inizio_previsto__isnull=False, ore_previste__isnull=False),
                name="concordata_con_date_e_ore",
                violation_error_message="Una misura concordata ha la data di inizio e le ore previste.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.servizio)
