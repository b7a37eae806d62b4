"""Messages to citizens by electronic mail: the row is the queue, and none goes out twice."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models.operatore import Operatore
from orientamento.anagrafica.models.utente import Utente


class StatoMessaggio(models.TextChoices):
    DA_INVIARE = "da_inviare", "Da inviare"
    IN_INVIO = "in_invio", "In invio"
    INVIATO = "inviato", "Inviato"
    RIFIUTATO = "rifiutato", "Rifiutato dal servizio di posta"
    INCERTO = "incerto", "Non si sa se è partito"
    ANNULLATO = "annullato", "Annullato"


class MessaggioQuerySet(models.QuerySet["Messaggio"]):
    def visibili_a(self, operatore: Operatore) -> MessaggioQuerySet:
        """Those to the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))


class Messaggio(models.Model):
    """One message. `causale` names what it is about: the same thing is never written to the same person twice.

    It is claimed (`in_invio`) and committed before the mail server is called: when the process dies in between, the
    row becomes `incerto`, is shown to people and is not sent again by itself.
    """

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="messaggi")
    causale = models.CharField("causale", max_length=80, unique=True)
    destinatario = models.EmailField("a")
    oggetto = models.CharField("oggetto", max_length=200)
    testo = models.TextField("testo")
    stato = models.CharField("stato", max_length=10, choices=StatoMessaggio, default=StatoMessaggio.DA_INVIARE)
    creato_il = models.DateTimeField("preparato il")
    creato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    prossimo_il = models.DateTimeField("da inviare dal", null=True, blank=True)
    tentativi = models.PositiveSmallIntegerField("tentativi", default=0)
    inviato_il = models.DateTimeField("inviato il", null=True, blank=True)
    motivo = models.CharField("motivo", max_length=300, blank=True)

    objects = MessaggioQuerySet.as_manager()

    class Meta:
        verbose_name = "messaggio"
        verbose_name_plural = "messaggi"
        ordering = ["-creato_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stato__in=["da_inviare", "in_invio"], prossimo_il__isnull=False)
                | Q(stato__in=["inviato", "rifiutato", "incerto", "annullato"], prossimo_il__isnull=True),
                name="messaggio_dovuto_o_chiuso",
            )
        ]
        indexes = [
            models.Index(fields=["prossimo_il"], condition=Q(prossimo_il__isnull=False), name="messaggio_dovuto"),
            models.Index(fields=["utente", "-id"], name="messaggio_per_utente"),
        ]

    def __str__(self) -> str:
        return f"{self.oggetto} ({self.get_stato_display().lower()})"

    @property
    def rimandabile(self) -> bool:
        """Whether a person may send it again: it was refused, or may not have gone."""
        return self.stato in (StatoMessaggio.INCERTO, StatoMessaggio.RIFIUTATO)
