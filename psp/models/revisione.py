"""The review of a pact by a supervisor (T4)."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models import Operatore
from psp.models.patto import PattoDiServizio


class Sezione(models.TextChoices):
    """The sections of the pact that a comment may be tied to."""

    PROFILO = "profilo", "Profilo e profilazione"
    PROPENSIONI = "propensioni", "Propensioni"
    PIANO = "piano", "Piano degli atti di ricerca attiva"
    MISURE = "misure", "Misure concordate"
    IMPEGNI = "impegni", "Impegni, disponibilità e contatti"
    GENERALE = "generale", "Patto nel suo insieme"


class Revisione(models.Model):
    """One verdict. The author of the pact and whoever sent it cannot be the reviewer; the database keeps it."""

    class Esito(models.TextChoices):
        APPROVATO = "approvato", "Approvato"
        RIMANDATO = "rimandato", "Rimandato con commenti"

    patto = models.ForeignKey(PattoDiServizio, on_delete=models.PROTECT, related_name="revisioni")
    esito = models.CharField("esito", max_length=10, choices=Esito)
    autore_patto = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    inviato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    revisore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="revisioni")
    fatta_il = models.DateTimeField("fatta il")
    contenuto = models.JSONField(editable=False)

    class Meta:
        verbose_name = "revisione"
        verbose_name_plural = "revisioni"
        ordering = ["-fatta_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(revisore=F("autore_patto")) & ~Q(revisore=F("inviato_da")),
                name="chi_scrive_non_revisiona",
                violation_error_message="Chi ha scritto o mandato il patto non può revisionarlo.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_esito_display()} il {self.fatta_il:%d/%m/%Y}"


class CommentoRevisione(models.Model):
    """A comment of the reviewer, tied to a section of the pact."""

    revisione = models.ForeignKey(Revisione, on_delete=models.PROTECT, related_name="commenti")
    sezione = models.CharField("sezione", max_length=12, choices=Sezione)
    testo = models.TextField("commento", max_length=2000)

    class Meta:
        verbose_name = "commento della revisione"
        verbose_name_plural = "commenti della revisione"
        ordering = ["pk"]
        constraints = [models.UniqueConstraint(fields=["revisione", "sezione"], name="un_commento_per_sezione")]

    def __str__(self) -> str:
        return f"{self.get_sezione_display()}: {self.testo[:60]}"
