"""Why an absence is justified: apart from the booking, because a line of it may speak of somebody's health (U6)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import Operatore
from psp.models.agenda import Iscrizione


class MotivoAssenza(models.TextChoices):
    """The justified reasons for not coming to a convocation, by groups and never with clinical detail (U6)."""

    SALUTE = "salute", "Malattia o infortunio documentati"
    MILITARE = "militare", "Servizio civile o richiamo alle armi"
    GRAVIDANZA = "gravidanza", "Stato di gravidanza, nei periodi di astensione"
    FAMIGLIA = "famiglia", "Gravi motivi familiari documentati o certificati"
    GIUDIZIARIO = "giudiziario", "Obbligo di comparire davanti all'autorità giudiziaria"
    LAVORO = "lavoro", "Colloquio o impegno di lavoro documentato"
    FORZA_MAGGIORE = "forza_maggiore", "Altro impedimento oggettivo o causa di forza maggiore, documentati"


class PercheSiVede(models.TextChoices):
    """What the reason of an absence is opened for; the register keeps it (U6)."""

    CONDIZIONALITA = "condizionalita", "Controllo della condizionalità"
    RICHIESTA = "richiesta", "Richiesta della persona"
    ALTRO = "altro", "Altro"


class GiustificazioneAssenza(models.Model):
    """The reason of one justified absence: every such booking has one and no other has, which the database checks at
    the end of each transaction.

    It is read only through `psp.services.agenda.giustificazioni`, which writes who opened it and for what. It stands
    in no list, export, search or line of the register, and its text does not say the reason.
    """

    iscrizione = models.OneToOneField(Iscrizione, on_delete=models.PROTECT, related_name="giustificazione")
    motivo = models.CharField("motivo dell'assenza", max_length=16, choices=MotivoAssenza)
    registrata_il = models.DateTimeField("registrata il")
    registrata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name = "giustificazione di un'assenza"
        verbose_name_plural = "giustificazioni delle assenze"
        constraints = [
            models.CheckConstraint(
                condition=Q(motivo__gt=""),
                name="giustificazione_con_un_motivo",
                violation_error_message="Va scelto il motivo che giustifica l'assenza.",
            )
        ]

    def __str__(self) -> str:
        return f"Giustificazione dell'assenza {self.iscrizione_id}"
