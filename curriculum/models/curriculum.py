"""The CV kept for a citizen (V1, V4)."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.calendario import oggi


def percorso_curriculum(curriculum: Curriculum, nome: str) -> str:
    """Where the bytes go, outside the web root: by content, never by the name that the person chose.

    The last part makes the name new each time, so that what a failed save left is known by name and taken away.
    """
    return f"curriculum/{curriculum.sha256[:2]}/{curriculum.sha256}-{secrets.token_hex(6)}.pdf"


class CurriculumQuerySet(models.QuerySet["Curriculum"]):
    def visibili_a(self, operatore: Operatore) -> CurriculumQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))

    def attuali(self) -> CurriculumQuerySet:
        """The one that counts for each citizen."""
        return self.filter(stato=Curriculum.Stato.ATTUALE)


class Curriculum(models.Model):
    """A PDF that passed the check, with its SHA-256 and its last day of validity (six calendar months, V4)."""

    class Stato(models.TextChoices):
        ATTUALE = "attuale", "Attuale"
        SOSTITUITO = "sostituito", "Sostituito da uno più recente"
        CANCELLATO = "cancellato", "Cancellato"
        IN_CONTROLLO = "in_controllo", "In attesa del controllo antivirus"
        RESPINTO = "respinto", "Respinto dal controllo antivirus"

    class Origine(models.TextChoices):
        PORTATO = "portato", "Portato dal cittadino"
        REDATTO = "redatto", "Redatto al centro per l'impiego"
        FASCICOLO = "fascicolo", "Composto dal fascicolo"

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="curricula")
    stato = models.CharField("stato", max_length=12, choices=Stato, default=Stato.ATTUALE)
    origine = models.CharField("origine", max_length=10, choices=Origine)
    file = models.FileField("file", upload_to=percorso_curriculum, max_length=200)
    nome_originale = models.CharField("nome del file", max_length=200)
    sha256 = models.CharField("impronta", max_length=64)
    dimensione = models.PositiveIntegerField("dimensione in byte")
    pagine = models.PositiveSmallIntegerField("pagine")
    caricato_il = models.DateTimeField("caricato il")
    caricato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    valido_fino_al = models.DateField("valido fino al")
    motivo = models.CharField("perché è stato respinto", max_length=300, blank=True)

    objects = CurriculumQuerySet.as_manager()

    class Meta:
        verbose_name = "curriculum"
        verbose_name_plural = "curricula"
        ordering = ["-caricato_il", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato="attuale"),
                name="un_solo_curriculum_attuale",
                violation_error_message="La persona ha già un curriculum attuale.",
            ),
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato="in_controllo"),
                name="un_solo_curriculum_in_controllo",
                violation_error_message="Un altro curriculum della persona aspetta il controllo antivirus.",
            ),
        ]
        indexes = [
            models.Index(fields=["valido_fino_al"], condition=Q(stato="attuale"), name="curriculum_per_scadenza"),
        ]

    def __str__(self) -> str:
        return f"Curriculum del {self.caricato_il:%d/%m/%Y}"

    def obsoleto_al(self, giorno: dt.date) -> bool:
        """Whether six calendar months have passed on `giorno` (V4). Valid on its last day."""
        return giorno > self.valido_fino_al

    @property
    def obsoleto(self) -> bool:
        return self.obsoleto_al(oggi())
