"""What we know of a citizen on the portal and on Intuition, and whether the portal answers at all."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import Exists, OuterRef, Q

from curriculum.models.curriculum import Curriculum
from curriculum.models.trasferimento import Operazione, Trasferimento
from orientamento.anagrafica.models import Operatore, Utente


class Canale(models.TextChoices):
    POSTA = "posta", "Posta elettronica"
    SMS = "sms", "SMS"


class StatoRegistrazione(models.TextChoices):
    """Of the citizen on the portal (V2)."""

    SCONOSCIUTA = "sconosciuta", "Non si sa"
    ASSENTE = "assente", "Non registrato"
    DA_CONFERMARE = "da_confermare", "Da confermare"
    CONFERMATA = "confermata", "Confermata"
    RIFIUTATA = "rifiutata", "Rifiutata dal portale"


class LuogoCurriculum(models.TextChoices):
    """Where a CV is, in one of the two outer places (V3, V5)."""

    IGNOTO = "ignoto", "Non si sa"
    ASSENTE = "assente", "Non c'è"
    IN_ARRIVO = "in_arrivo", "In arrivo"
    PRESENTE = "presente", "Presente"
    IN_RIMOZIONE = "in_rimozione", "In rimozione"


class ComeLoSappiamo(models.TextChoices):
    CONFERMATO = "confermato", "Confermato dal portale"
    SENZA_RISPOSTA = "senza_risposta", "Mandato, senza risposta"
    IGNOTO = "ignoto", "Non si sa"


CON_IL_CURRICULUM = ("presente", "in_arrivo")


class PosizioneQuerySet(models.QuerySet["PosizionePortale"]):
    def visibili_a(self, operatore: Operatore) -> PosizioneQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))

    def da_confermare(self) -> PosizioneQuerySet:
        """Pre-registered, the confirmation has not come yet (V2); the longest wait first."""
        return self.filter(registrazione=StatoRegistrazione.DA_CONFERMARE).order_by("ultimo_messaggio_il", "pk")

    def con_il_curriculum(self) -> PosizioneQuerySet:
        """The portal has a CV of ours under the file's codice fiscale of today; the longest unheard of first."""
        arrivato = Trasferimento.objects.filter(
            Q(codice_fiscale=OuterRef("utente__codice_fiscale")) | Q(codice_fiscale=""),
            operazione=Operazione.INVIO,
            curriculum=OuterRef("curriculum"),
            inviato_il__isnull=False,
        )
        return self.filter(Exists(arrivato), portale__in=CON_IL_CURRICULUM).order_by("portale_visto_il", "pk")

    def da_riscontrare(self, adesso: dt.datetime) -> PosizioneQuerySet:
        """Of who consents (U2), where the queue has nothing open and nobody is asking at `adesso`."""
        aperti = Trasferimento.objects.aperti().filter(utente=OuterRef("utente"))
        libere = self.filter(Q(riscontro_dal__isnull=True) | Q(riscontro_dal__lte=adesso))
        return libere.filter(~Exists(aperti), utente__consenso_incontro=True)


class PosizionePortale(models.Model):
    """The last thing the portal told us, or that we told it, about one citizen. Written by the queue only."""

    utente = models.OneToOneField(Utente, on_delete=models.PROTECT, related_name="posizione_portale")

    registrazione = models.CharField(
        "registrazione", max_length=14, choices=StatoRegistrazione, default=StatoRegistrazione.SCONOSCIUTA
    )
    registrazione_vista_il = models.DateTimeField(null=True, blank=True)
    canale = models.CharField("canale della conferma", max_length=6, choices=Canale, blank=True)
    messaggi = models.PositiveSmallIntegerField("messaggi di conferma mandati", default=0)
    ultimo_messaggio_il = models.DateTimeField("ultimo messaggio di conferma il", null=True, blank=True)

    curriculum = models.ForeignKey(Curriculum, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    portale = models.CharField(max_length=12, choices=LuogoCurriculum, default=LuogoCurriculum.IGNOTO)
    portale_come = models.CharField(max_length=14, choices=ComeLoSappiamo, default=ComeLoSappiamo.IGNOTO)
    portale_visto_il = models.DateTimeField(null=True, blank=True)
    intuition = models.CharField(max_length=12, choices=LuogoCurriculum, default=LuogoCurriculum.IGNOTO)
    intuition_come = models.CharField(max_length=14, choices=ComeLoSappiamo, default=ComeLoSappiamo.IGNOTO)
    intuition_visto_il = models.DateTimeField(null=True, blank=True)
    riscontro_dal = models.DateTimeField("non chiedere di nuovo prima del", null=True, blank=True)

    objects = PosizioneQuerySet.as_manager()

    class Meta:
        verbose_name = "posizione sul portale"
        verbose_name_plural = "posizioni sul portale"
        indexes = [
            models.Index(
                fields=["ultimo_messaggio_il"],
                condition=Q(registrazione="da_confermare"),
                name="registrazione_da_confermare",
            ),
            models.Index(
                fields=["portale_visto_il"],
                condition=Q(portale__in=CON_IL_CURRICULUM),
                name="curriculum_sul_portale",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.utente} sul portale"


class InterruttorePortale(models.Model):
    """The one row that says whether the portal is being called (a circuit breaker shared by all processes).

    `aperto_il` filled: the portal is left alone, but for one trial call from `riprova_il` on.
    """

    errori_di_fila = models.PositiveIntegerField(default=0)
    aperto_il = models.DateTimeField("fermo dal", null=True, blank=True)
    riprova_il = models.DateTimeField("si riprova il", null=True, blank=True)
    ultimo_errore = models.CharField(max_length=300, blank=True)

    class Meta:
        verbose_name = "interruttore del portale"
        verbose_name_plural = "interruttore del portale"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="un_solo_interruttore"),
            models.CheckConstraint(
                condition=Q(aperto_il__isnull=True, riprova_il__isnull=True)
                | Q(aperto_il__isnull=False, riprova_il__isnull=False),
                name="interruttore_aperto_con_la_riprova",
            ),
        ]

    def __str__(self) -> str:
        return f"Fermo dal {self.aperto_il:%d/%m/%Y %H:%M}" if self.aperto_il else "In funzione"

    def lascia_passare(self, adesso: dt.datetime) -> bool:
        """Whether a call may be made at `adesso`."""
        return self.riprova_il is None or adesso >= self.riprova_il
