"""The sittings of an interview and the minutes of each phase (C1, C2)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import Operatore
from psp.models.colloquio import Colloquio, Fase


class Appuntamento(models.Model):
    """One sitting of an interview on one day with one operator; all the sittings of an interview count together (C1).

    `minuti_N` are those that the operator declares for phase N; `misurati_N` the seconds that the page measured while
    it was in front of the operator, proposed and never imposed. What was measured until `misurato_fino_al` is counted:
    no second is counted twice, however many pages are open.
    """

    class Modo(models.TextChoices):
        INDIVIDUALE = "individuale", "Individuale"
        GRUPPO = "gruppo", "Di gruppo"
        DISTANZA = "distanza", "A distanza"

    colloquio = models.ForeignKey(Colloquio, on_delete=models.PROTECT, related_name="appuntamenti")
    data = models.DateField("data")
    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    modo = models.CharField("modalità", max_length=12, choices=Modo, default=Modo.INDIVIDUALE)
    minuti_1 = models.PositiveSmallIntegerField(
        "minuti della fase 1", null=True, blank=True, validators=[MaxValueValidator(480)]
    )
    minuti_2 = models.PositiveSmallIntegerField(
        "minuti della fase 2", null=True, blank=True, validators=[MaxValueValidator(480)]
    )
    minuti_3 = models.PositiveSmallIntegerField(
        "minuti della fase 3", null=True, blank=True, validators=[MaxValueValidator(480)]
    )
    misurati_1 = models.PositiveIntegerField(default=0, editable=False)
    misurati_2 = models.PositiveIntegerField(default=0, editable=False)
    misurati_3 = models.PositiveIntegerField(default=0, editable=False)
    misurato_fino_al = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = "incontro"
        verbose_name_plural = "incontri"
        ordering = ["data", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["colloquio", "data", "operatore"],
                name="un_incontro_al_giorno_per_operatore",
                violation_error_message="Esiste già un incontro di questo operatore in questa data.",
            ),
            models.CheckConstraint(
                condition=(Q(minuti_1__isnull=True) | Q(minuti_1__lte=480))
                & (Q(minuti_2__isnull=True) | Q(minuti_2__lte=480))
                & (Q(minuti_3__isnull=True) | Q(minuti_3__lte=480)),
                name="minuti_possibili",
                violation_error_message="I minuti di una fase in un incontro sono al massimo 480.",
            ),
        ]

    def __str__(self) -> str:
        return f"Incontro del {self.data:%d/%m/%Y}"

    def minuti(self, fase: Fase) -> int:
        """The minutes of a phase: declared, else measured and rounded to the nearest minute."""
        dichiarati = getattr(self, f"minuti_{fase}")
        return round(getattr(self, f"misurati_{fase}") / 60) if dichiarati is None else dichiarati
