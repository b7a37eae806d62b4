"""The DID (declaration of immediate availability) and the programmes, as dated rows (U3)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models.utente import Utente
from orientamento.comune.validita import valida_il


class ProgrammaQuerySet(models.QuerySet["Programma"]):
    def in_vigore(self, giorno: dt.date) -> ProgrammaQuerySet:
        """The rows in force on a day."""
        return self.filter(valida_il(giorno))


class Programma(models.Model):
    """A programme or benefit, with the days allowed from the DID to the pact, valid between two dates (U3)."""

    chiave = models.SlugField("chiave", max_length=40)
    nome = models.CharField("nome", max_length=120)
    giorni_per_patto = models.PositiveSmallIntegerField("giorni dalla DID al patto")
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    objects = ProgrammaQuerySet.as_manager()

    class Meta:
        verbose_name = "programma o sostegno"
        verbose_name_plural = "programmi e sostegni"
        ordering = ["nome"]
        constraints = [
            models.UniqueConstraint(
                fields=["chiave", "valido_dal"],
                name="un_programma_per_data",
                violation_error_message="Questo programma ha già una riga che comincia in questa data.",
            ),
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="programma_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome

    def valido_il(self, giorno: dt.date) -> bool:
        return self.valido_dal <= giorno and (self.valido_al is None or giorno <= self.valido_al)


class StatoDID(models.TextChoices):
    VALIDA = "valida", "Valida"
    SOSPESA = "sospesa", "Sospesa"
    REVOCATA = "revocata", "Revocata"
    CHIUSA = "chiusa", "Chiusa"


DID_IN_CORSO = (StatoDID.VALIDA, StatoDID.SOSPESA)


class DIDQuerySet(models.QuerySet["DID"]):
    def in_corso(self) -> DIDQuerySet:
        """Valid or suspended: at most one per person."""
        return self.filter(stato__in=DID_IN_CORSO)

    def di(self, utente: Utente) -> DID | None:
        """The one in force of a citizen, with its programme."""
        return self.in_corso().filter(utente=utente).select_related("programma").first()


class DID(models.Model):
    """A declaration of immediate availability. At most one in force per person."""

    PASSAGGI = {
        StatoDID.VALIDA: (StatoDID.SOSPESA, StatoDID.REVOCATA, StatoDID.CHIUSA),
        StatoDID.SOSPESA: (StatoDID.VALIDA, StatoDID.REVOCATA, StatoDID.CHIUSA),
        StatoDID.REVOCATA: (),
        StatoDID.CHIUSA: (),
    }

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="did")
    data = models.DateField("data della DID")
    stato = models.CharField("stato", max_length=10, choices=StatoDID, default=StatoDID.VALIDA)
    programma = models.ForeignKey(Programma, on_delete=models.PROTECT, verbose_name="programma o sostegno")

    objects = DIDQuerySet.as_manager()

    class Meta:
        verbose_name = "DID"
        verbose_name_plural = "DID"
        ordering = ["-data", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato__in=["valida", "sospesa"]),
                name="una_sola_did_in_corso",
                violation_error_message="La persona ha già una DID in corso: va chiusa prima di registrarne un'altra.",
            )
        ]

    def __str__(self) -> str:
        return f"DID del {self.data:%d/%m/%Y}"

    @property
    def in_corso(self) -> bool:
        return self.stato in DID_IN_CORSO

    def puo_diventare(self, stato: str) -> bool:
        return stato in self.PASSAGGI[StatoDID(self.stato)]

    @property
    def termine_patto(self) -> dt.date:
        """The last day for the pact, as the programme counts it (U3)."""
        return self.data + dt.timedelta(days=self.programma.giorni_per_patto)

    def giorni_al_termine(self, al: dt.date) -> int:
        """Days from `al` to the last day for the pact; negative when it has passed."""
        return (self.termine_patto - al).days
