"""The quantitative profile: imported value or class, never recomputed here (C6)."""

from __future__ import annotations

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import Operatore, Utente


class Profilazione(models.Model):
    """A profile as the unitary information system gave it: a probability or a class, with method and date."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="profilazioni")
    data = models.DateField("data della profilazione")
    metodo = models.CharField("metodo", max_length=120, default="Profilazione quantitativa del sistema unitario")
    valore = models.DecimalField(
        "valore",
        max_digits=5,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(1)],
    )
    classe = models.CharField("classe", max_length=60, blank=True)
    registrata_il = models.DateTimeField("registrata il", auto_now_add=True)
    registrata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "profilazione"
        verbose_name_plural = "profilazioni"
        ordering = ["-data", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valore__isnull=False) | ~Q(classe=""),
                name="profilazione_con_valore_o_classe",
                violation_error_message="Indicare il valore oppure la classe della profilazione.",
            ),
            models.CheckConstraint(
                condition=Q(valore__isnull=True) | Q(valore__range=(0, 1)),
                name="profilazione_tra_zero_e_uno",
                violation_error_message="Il valore della profilazione va da 0 a 1.",
            ),
        ]

    def __str__(self) -> str:
        return self.classe or f"{self.valore}"
