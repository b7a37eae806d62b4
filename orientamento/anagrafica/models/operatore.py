"""The people who work with the software (A1)."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models.uffici import CPI


class Ruolo(models.TextChoices):
    OPERATORE = "operatore", "Operatore"
    RESPONSABILE = "responsabile", "Responsabile"
    INCROCIO = "incrocio", "Incrocio domanda e offerta"
    AMMINISTRATORE = "amministratore", "Amministratore"


class Operatore(AbstractUser):
    """An account: one person, one role, one office. The administrator belongs to none and sees no citizen."""

    first_name = models.CharField("nome", max_length=80)
    last_name = models.CharField("cognome", max_length=80)
    ruolo = models.CharField("ruolo", max_length=20, choices=Ruolo, default=Ruolo.OPERATORE)
    cpi = models.ForeignKey(
        CPI,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="operatori",
        verbose_name="centro per l'impiego",
    )

    class Meta(AbstractUser.Meta):
        verbose_name = "operatore"
        verbose_name_plural = "operatori"
        ordering = ["last_name", "first_name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ruolo=Ruolo.AMMINISTRATORE, cpi__isnull=True)
                | (~Q(ruolo=Ruolo.AMMINISTRATORE) & Q(cpi__isnull=False)),
                name="ufficio_secondo_il_ruolo",
                violation_error_message=(
                    "Scegliere il centro per l'impiego. Solo l'amministratore non appartiene ad alcun centro."
                ),
            )
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.username
