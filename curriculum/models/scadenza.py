"""The notices before and at the end of the six months (V4)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from curriculum.models.curriculum import Curriculum
from orientamento.anagrafica.models import Operatore, Utente

SOGLIE = (30, 7, 0)


class AvvisoQuerySet(models.QuerySet["AvvisoScadenza"]):
    def visibili_a(self, operatore: Operatore) -> AvvisoQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(curriculum__utente__in=Utente.objects.visibili_a(operatore))

    def da_gestire(self) -> AvvisoQuerySet:
        """Nobody has told the citizen yet, and the CV is still the one that counts."""
        return self.filter(gestito_il__isnull=True, curriculum__stato=Curriculum.Stato.ATTUALE)


class AvvisoScadenza(models.Model):
    """One notice of one CV at one threshold (30, 7 or 0 days before the last day), made once by the nightly sweep."""

    class Modo(models.TextChoices):
        POSTA = "posta", "Messaggio di posta"
        TELEFONO = "telefono", "Telefonata"
        PERSONA = "persona", "Di persona"

    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, related_name="avvisi")
    soglia = models.PositiveSmallIntegerField("giorni prima")
    creato_il = models.DateTimeField("creato il")
    gestito_il = models.DateTimeField("gestito il", null=True, blank=True)
    gestito_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    modo = models.CharField("come", max_length=10, choices=Modo, blank=True)

    objects = AvvisoQuerySet.as_manager()

    class Meta:
        verbose_name = "avviso di scadenza"
        verbose_name_plural = "avvisi di scadenza"
        constraints = [
            models.UniqueConstraint(fields=["curriculum", "soglia"], name="un_avviso_per_soglia"),
            models.CheckConstraint(condition=Q(soglia__in=SOGLIE), name="soglie_degli_avvisi"),
            models.CheckConstraint(
                condition=Q(gestito_il__isnull=True, gestito_da__isnull=True, modo="")
                | Q(gestito_il__isnull=False, gestito_da__isnull=False, modo__gt=""),
                name="avviso_gestito_da_qualcuno",
            ),
        ]

    def __str__(self) -> str:
        return f"Avviso a {self.soglia} giorni"
