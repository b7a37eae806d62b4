"""The register of changes and openings (A2): append-only, in the database itself."""

from __future__ import annotations

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models.functions import Now

from orientamento.registro.azioni import Azione


def nomi_delle_azioni() -> list[tuple[str, str]]:
    """Asked at each start and not written in a migration: a new verb needs none."""
    return Azione.choices


class EventoQuerySet(models.QuerySet["Evento"]):
    def dell_utente(self, utente_id: int) -> EventoQuerySet:
        """All that happened to one citizen's file, newest first."""
        return self.filter(utente_id=utente_id).order_by("-quando", "-pk")


class Evento(models.Model):
    """One line: who, when, what, from where (A2). Written only by `registro.services.registra`.

    `attore_nome` is kept as it was, so that the line reads the same when the account changes. `dettaglio` holds plain
    data and never the text of notes or special data.
    """

    quando = models.DateTimeField(db_default=Now(), editable=False)
    attore = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attore_nome = models.CharField(max_length=200)
    azione = models.CharField(max_length=40, choices=nomi_delle_azioni)
    utente = models.ForeignKey("anagrafica.Utente", on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    oggetto_tipo = models.CharField(max_length=60, blank=True)
    oggetto_id = models.BigIntegerField(null=True, blank=True)
    dettaglio = models.JSONField(default=dict)
    indirizzo = models.GenericIPAddressField(null=True, blank=True)
    percorso = models.CharField(max_length=300, blank=True)

    objects = EventoQuerySet.as_manager()

    class Meta:
        verbose_name = "evento del registro"
        verbose_name_plural = "registro"
        indexes = [
            models.Index(fields=["utente", "-quando", "-id"], name="evento_per_utente"),
            models.Index(fields=["attore", "-quando"], name="evento_per_attore"),
        ]
        triggers = [
            pgtrigger.Protect(name="registro_intoccabile", operation=pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Trigger(
                name="registro_non_svuotabile",
                level=pgtrigger.Statement,
                when=pgtrigger.Before,
                operation=pgtrigger.Truncate,
                func="RAISE EXCEPTION 'Il registro non si svuota';",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.quando:%d/%m/%Y %H:%M} {self.attore_nome}: {self.get_azione_display()}"
