"""The acts that the citizen promised: what was done, how it was shown, which firms were contacted (M1)."""

from __future__ import annotations

import secrets

from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import Operatore, Utente
from psp.models.atto import AttoRicerca
from psp.models.colloquio import ImpresaObiettivo


def percorso_prova(prova: ProvaAtto, nome: str) -> str:
    """Where a proof goes, outside the web root, under a name of ours."""
    return f"prove/{prova.sha256[:2]}/{prova.sha256}-{secrets.token_hex(6)}.pdf"


class ProvaQuerySet(models.QuerySet["ProvaAtto"]):
    def visibili_a(self, operatore: Operatore) -> ProvaQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(atto__patto__utente__in=Utente.objects.visibili_a(operatore))

    def da_verificare(self) -> ProvaQuerySet:
        return self.filter(esito="")


class ProvaAtto(models.Model):
    """That an act, or one turn of a repeated one, was done: shown by a file or told, then verified by an operator."""

    class Modo(models.TextChoices):
        DOCUMENTO = "documento", "Documento consegnato"
        DICHIARATA = "dichiarata", "Mostrata o riferita all'operatore"

    class Esito(models.TextChoices):
        ACCOLTA = "accolta", "Accolta"
        NON_ACCOLTA = "non_accolta", "Non accolta"

    atto = models.ForeignKey(AttoRicerca, on_delete=models.PROTECT, related_name="prove")
    modo = models.CharField("come", max_length=10, choices=Modo)
    fatto_il = models.DateField("fatto il")
    descrizione = models.CharField("che cosa è stato mostrato", max_length=300)
    file = models.FileField("file", upload_to=percorso_prova, max_length=200, blank=True)
    nome_originale = models.CharField("nome del file", max_length=200, blank=True)
    sha256 = models.CharField("impronta", max_length=64, blank=True)
    registrata_il = models.DateTimeField("registrata il")
    registrata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    esito = models.CharField("verifica", max_length=12, choices=Esito, blank=True)
    esito_motivo = models.CharField("motivo", max_length=300, blank=True)
    verificata_il = models.DateTimeField("verificata il", null=True, blank=True)
    verificata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ProvaQuerySet.as_manager()

    class Meta:
        verbose_name = "prova di un atto"
        verbose_name_plural = "prove degli atti"
        ordering = ["-fatto_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(modo="documento", file__gt="", sha256__gt="") | Q(modo="dichiarata", file="", sha256=""),
                name="prova_documentale_con_il_file",
                violation_error_message="Per un documento consegnato serve il file.",
            ),
            models.CheckConstraint(
                condition=Q(esito="", verificata_il__isnull=True, verificata_da__isnull=True)
                | Q(esito__gt="", verificata_il__isnull=False, verificata_da__isnull=False),
                name="prova_verificata_da_qualcuno",
                violation_error_message="Una verifica ha il suo esito, il giorno e chi l'ha fatta.",
            ),
            models.CheckConstraint(
                condition=~Q(esito="non_accolta") | Q(esito_motivo__gt=""),
                name="non_accolta_con_un_motivo",
                violation_error_message="Va scritto perché la prova non è accolta.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_modo_display()} del {self.fatto_il:%d/%m/%Y}"


class ContattoQuerySet(models.QuerySet["ContattoImpresa"]):
    def visibili_a(self, operatore: Operatore) -> ContattoQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))


class ContattoImpresa(models.Model):
    """One contact of the citizen with a target firm (C4), with its answer."""

    class Modo(models.TextChoices):
        POSTA = "posta", "Posta elettronica"
        TELEFONO = "telefono", "Telefono"
        PERSONA = "persona", "Di persona"
        SITO = "sito", "Sito dell'impresa o annuncio"

    class Risposta(models.TextChoices):
        IN_ATTESA = "in_attesa", "In attesa"
        COLLOQUIO = "colloquio", "Colloquio"
        ASSUNZIONE = "assunzione", "Assunzione"
        NEGATIVA = "negativa", "Risposta negativa"
        NESSUNA = "nessuna", "Nessuna risposta"

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="contatti_imprese")
    impresa_obiettivo = models.ForeignKey(
        ImpresaObiettivo, on_delete=models.SET_NULL, null=True, blank=True, related_name="contatti"
    )
    impresa = models.CharField("impresa", max_length=200)
    data = models.DateField("data del contatto")
    modo = models.CharField("come", max_length=10, choices=Modo)
    risposta = models.CharField("risposta", max_length=12, choices=Risposta, default=Risposta.IN_ATTESA)
    risposta_il = models.DateField("data della risposta", null=True, blank=True)
    registrato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = ContattoQuerySet.as_manager()

    class Meta:
        verbose_name = "contatto con un'impresa"
        verbose_name_plural = "contatti con le imprese"
        ordering = ["-data", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(risposta="in_attesa", risposta_il__isnull=True) | ~Q(risposta="in_attesa"),
                name="risposta_con_la_sua_data",
                violation_error_message="Finché si aspetta la risposta non c'è la sua data.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.impresa}, {self.data:%d/%m/%Y}"
