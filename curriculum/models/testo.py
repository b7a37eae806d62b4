"""The last choices made for the CV written from the file."""

from __future__ import annotations

from django.db import models

from orientamento.anagrafica.models import Operatore, Utente


class TestoCurriculum(models.Model):
    """What was chosen and written the last time, so that the next one begins from there. One row per citizen.

    `scelte` is as `composizione.scelte.ricordate` makes it.
    """

    utente = models.OneToOneField(Utente, on_delete=models.PROTECT, related_name="testo_curriculum")
    scelte = models.JSONField(default=dict)
    salvato_il = models.DateTimeField("salvato il")
    salvato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "testo del curriculum"
        verbose_name_plural = "testi del curriculum"

    def __str__(self) -> str:
        return f"Testi del curriculum di {self.utente}"
