"""The worklist: what falls due, and what an operator adds to it: dated reminders and saved filters."""

from __future__ import annotations

from django.db import models

from orientamento.anagrafica.models import CPI, Operatore, Utente


class VoceDiLavoro(models.Model):
    """One thing that falls due for a citizen in charge. The database writes it, nobody else (decision 018).

    `riga` is the row that falls due, `oggetto` the key of its page where it has one; `dal` and `al` are the days
    between which the line is shown. Office and operator are those of the citizen. What it refers to is kept by the
    rows that it is made from: constraints of its own would wait for other people's locks at the end of a transaction.
    """

    genere = models.CharField(max_length=12)
    riga = models.BigIntegerField()
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="+", db_constraint=False)
    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False)
    operatore = models.ForeignKey(
        Operatore, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )
    scade = models.DateField()
    dal = models.DateField()
    al = models.DateField(null=True)
    oggetto = models.BigIntegerField(null=True)
    parole = models.TextField()

    class Meta:
        verbose_name = "voce di lavoro"
        verbose_name_plural = "voci di lavoro"
        indexes = [
            models.Index(fields=["operatore", "dal"], name="voce_per_operatore"),
            models.Index(fields=["cpi", "dal"], name="voce_per_centro"),
        ]
        constraints = [models.UniqueConstraint(fields=["genere", "riga"], name="una_voce_per_riga")]

    def __str__(self) -> str:
        return f"{self.genere} {self.scade:%d/%m/%Y}"


class Promemoria(models.Model):
    """A note of an operator to themselves, for a day, perhaps about a citizen. Nobody else sees it."""

    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="promemoria")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    giorno = models.DateField("giorno")
    testo = models.CharField("che cosa ricordare", max_length=200)
    creato_il = models.DateTimeField("creato il")
    fatto_il = models.DateTimeField("fatto il", null=True, blank=True)

    class Meta:
        verbose_name = "promemoria"
        verbose_name_plural = "promemoria"
        ordering = ["giorno", "pk"]
        indexes = [models.Index(fields=["operatore", "giorno"], name="promemoria_per_operatore")]

    def __str__(self) -> str:
        return self.testo


class FiltroSalvato(models.Model):
    """A filter of the worklist that an operator gave a name."""

    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="filtri")
    nome = models.CharField("nome", max_length=60)
    parametri = models.JSONField(default=dict)

    class Meta:
        verbose_name = "filtro salvato"
        verbose_name_plural = "filtri salvati"
        ordering = ["nome"]
        constraints = [
            models.UniqueConstraint(
                fields=["operatore", "nome"],
                name="nome_del_filtro_unico",
                violation_error_message="C'è già un filtro con questo nome.",
            )
        ]

    def __str__(self) -> str:
        return self.nome
