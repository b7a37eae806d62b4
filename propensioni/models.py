"""Professions of the common glossary and the target occupations (*propensioni*) of citizens."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.piega import Piega
from propensioni.radici import Radici


class SEP(models.Model):
    """One of the 24 *settori economico-professionali*."""

    codice = models.CharField("codice", max_length=2, unique=True)
    nome = models.CharField("nome", max_length=160, unique=True)

    class Meta:
        verbose_name = "settore economico-professionale"
        verbose_name_plural = "settori economico-professionali"
        ordering = ["nome"]

    def __str__(self) -> str:
        return self.nome


class Professione(models.Model):
    """An entry of the glossary (P3): everyday name, code of the ISTAT unit it belongs to, edition.

    Several everyday professions may share one unit. `quotidiana` marks those that the offices use every day; they come
    first.
    """

    codice = models.CharField("codice", max_length=12)
    edizione = models.CharField("edizione", max_length=12, default="CP2021")
    titolo = models.CharField("titolo", max_length=250)
    sep = models.ForeignKey(
        SEP, on_delete=models.PROTECT, null=True, blank=True, related_name="professioni", verbose_name="SEP proposto"
    )
    quotidiana = models.BooleanField("di uso quotidiano", default=False)
    attiva = models.BooleanField("attiva", default=True)

    # Set by the search on what it returns: the name that matched, and whether it is exactly what was asked.
    voce_trovata = ""
    esatta = False

    class Meta:
        verbose_name = "professione"
        verbose_name_plural = "professioni"
        ordering = ["titolo"]
        constraints = [
            models.UniqueConstraint(
                fields=["edizione", "codice", "titolo"],
                name="una_professione_per_titolo",
                violation_error_message="Questa professione è già nel glossario.",
            )
        ]

    def __str__(self) -> str:
        return self.titolo


class VoceProfessione(models.Model):
    """A name by which a profession is found: its title, the other gender, a synonym, an official example.

    Both foldings are kept by the database: `voce_piegata` ignores blanks and hyphens, `radici` gender and number.
    """

    professione = models.ForeignKey(Professione, on_delete=models.CASCADE, related_name="voci")
    voce = models.CharField("voce", max_length=250)
    voce_piegata = models.GeneratedField(
        expression=Piega(F("voce")), output_field=models.CharField(max_length=250), db_persist=True
    )
    radici = models.GeneratedField(
        expression=Radici(F("voce")), output_field=models.CharField(max_length=260), db_persist=True
    )

    class Meta:
        verbose_name = "voce del glossario"
        verbose_name_plural = "voci del glossario"
        constraints = [models.UniqueConstraint(fields=["professione", "voce_piegata"], name="una_voce_per_professione")]
        indexes = [
            GinIndex(fields=["voce_piegata"], name="voce_per_somiglianza", opclasses=["gin_trgm_ops"]),
            GinIndex(fields=["radici"], name="voce_per_radici", opclasses=["gin_trgm_ops"]),
            models.Index(fields=["voce_piegata"], name="voce_per_inizio", opclasses=["text_pattern_ops"]),
        ]

    def __str__(self) -> str:
        return self.voce


class PropensioneQuerySet(models.QuerySet["Propensione"]):
    def visibili_a(self, operatore: Operatore) -> PropensioneQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))


class Propensione(models.Model):
    """A target occupation. `posto` 1-3 with a unique constraint keeps P1 (at most three) under every race.

    `nota` is the structured note of P2 (see `propensioni/nota.py` for its shape); `nota_testo` is the same as one text
    in fixed order, as printed. Availability and length of experience live in the note only (P2).
    """

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="propensioni")
    posto = models.PositiveSmallIntegerField("posto")
    professione = models.ForeignKey(Professione, on_delete=models.PROTECT, related_name="propensioni")
    da_lavoro = models.BooleanField("lavoro", default=False)
    da_istruzione = models.BooleanField("istruzione", default=False)
    da_formazione = models.BooleanField("formazione", default=False)
    data_intervista = models.DateField("data dell'intervista")
    nota = models.JSONField("nota", default=dict, blank=True)
    nota_testo = models.TextField("nota come si stampa", blank=True)
    versione = models.PositiveIntegerField(default=1, editable=False)
    creata_il = models.DateTimeField(auto_now_add=True)
    creata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    modificata_il = models.DateTimeField(auto_now=True)

    objects = PropensioneQuerySet.as_manager()

    class Meta:
        verbose_name = "propensione"
        verbose_name_plural = "propensioni"
        ordering = ["utente", "posto"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente", "posto"],
                name="un_posto_per_propensione",
                violation_error_message=(
                    "Le propensioni sono al massimo tre: eliminarne una prima di aggiungerne un'altra."
                ),
            ),
            models.CheckConstraint(condition=Q(posto__range=(1, 3)), name="al_massimo_tre_propensioni"),
            models.UniqueConstraint(
                fields=["utente", "professione"],
                name="professione_una_sola_volta",
                violation_error_message="Questa professione è già tra le propensioni della persona.",
            ),
            models.CheckConstraint(
                condition=Q(da_lavoro=True) | Q(da_istruzione=True) | Q(da_formazione=True),
                name="almeno_una_provenienza",
                violation_error_message="Indicare almeno una provenienza: lavoro, istruzione o formazione.",
            ),
        ]

    def __str__(self) -> str:
        return str(self.professione)

    @property
    def provenienze(self) -> list[str]:
        """From where it comes, in words (P1): for prints and lists."""
        segni = {"lavoro": self.da_lavoro, "istruzione": self.da_istruzione, "formazione": self.da_formazione}
        return [parola for parola, segno in segni.items() if segno]
