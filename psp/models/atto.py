"""The acts of the plan of active search, and when each is due (M1)."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import DateField, F, Func, Max, Q
from django.db.models.functions import Coalesce

from orientamento.anagrafica.models import Operatore, Utente
from psp.models.frequenza import Frequenza
from psp.models.patto import IN_VIGORE, PattoDiServizio


class AttoQuerySet(models.QuerySet["AttoRicerca"]):
    def visibili_a(self, operatore: Operatore) -> AttoQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(patto__utente__in=Utente.objects.visibili_a(operatore))

    def in_vigore(self) -> AttoQuerySet:
        """Those of the pacts in force: what is to be kept."""
        return self.filter(patto__stato__in=IN_VIGORE)

    def con_scadenza(self) -> models.QuerySet[Any]:
        """`ultima`: when it was last done, by proofs not refused. `scadenza`: when it is due next, None once done.

        A repeated act is due one interval after it was last done, or after the pact began, and no more after its own
        last day; another one is due on its day until it is done once.
        """
        ultima = Max("prove__fatto_il", filter=~Q(prove__esito="non_accolta"))
        inizio = Coalesce(F("patto__valido_dal"), F("patto__firmato_il"))
        campi = (F("frequenza"), F("entro_il"), inizio, F("ultima"))
        scadenza = Func(*campi, function="psp_scadenza_atto", output_field=DateField())
        return self.annotate(ultima=ultima).annotate(scadenza=scadenza)


class AttoRicerca(models.Model):
    """An act of the plan of active search (M1): who does it, by when or how often, how it is proved."""

    class Tipo(models.TextChoices):
        CPI = "cpi", "Servizio del centro per l'impiego"
        RETE = "rete", "Servizio di altri soggetti della rete"
        UTENTE = "utente", "Azione della persona"

    patto = models.ForeignKey(PattoDiServizio, on_delete=models.CASCADE, related_name="atti")
    continua = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="continuato_da", editable=False
    )
    tipo = models.CharField("tipo", max_length=8, choices=Tipo)
    descrizione = models.CharField("che cosa", max_length=300)
    soggetto = models.CharField("chi lo eroga", max_length=160, blank=True)
    entro_il = models.DateField("entro il", null=True, blank=True)
    frequenza = models.CharField("ogni quanto", max_length=14, choices=Frequenza, blank=True)
    prova = models.CharField("come si dimostra", max_length=300, blank=True)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)

    objects = AttoQuerySet.as_manager()

    class Meta:
        verbose_name = "atto di ricerca attiva"
        verbose_name_plural = "atti di ricerca attiva"
        ordering = ["ordine", "pk"]

    def __str__(self) -> str:
        return self.descrizione

    @property
    def con_termine(self) -> bool:
        return self.entro_il is not None or bool(self.frequenza)
