"""The pact (*patto di servizio personalizzato*) and the acts of its plan (M1, T1, T2)."""

from __future__ import annotations

from functools import reduce
from operator import or_

import pgtrigger
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models import CPI, DID, Operatore, Utente
from psp.models.colloquio import Colloquio
from psp.models.frequenza import Frequenza


class StatoPatto(models.TextChoices):
    BOZZA = "bozza", "Bozza"
    IN_REVISIONE = "in_revisione", "In revisione"
    PROPOSTO = "proposto", "Proposto per la firma"
    FIRMATO = "firmato", "Firmato"
    SOSPESO = "sospeso", "Sospeso"
    CHIUSO = "chiuso", "Chiuso"
    ANNULLATO = "annullato", "Annullato"


# The only passages of state there are (T2). The database refuses every other (trigger below).
PASSAGGI: dict[str, frozenset[str]] = {
    StatoPatto.BOZZA: frozenset({StatoPatto.IN_REVISIONE, StatoPatto.ANNULLATO}),
    StatoPatto.IN_REVISIONE: frozenset({StatoPatto.BOZZA, StatoPatto.PROPOSTO}),
    StatoPatto.PROPOSTO: frozenset({StatoPatto.BOZZA, StatoPatto.FIRMATO}),
    StatoPatto.FIRMATO: frozenset({StatoPatto.SOSPESO, StatoPatto.CHIUSO}),
    StatoPatto.SOSPESO: frozenset({StatoPatto.FIRMATO, StatoPatto.CHIUSO}),
    StatoPatto.CHIUSO: frozenset(),
    StatoPatto.ANNULLATO: frozenset(),
}

# What the proposal freezes: written with it, cleared by a withdrawal, never touched otherwise (T2).
CONGELATI = ("contenuto", "modello_versione", "pdf", "sha256", "codice_versione", "proposto_il")

IN_LAVORAZIONE = (StatoPatto.BOZZA, StatoPatto.IN_REVISIONE, StatoPatto.PROPOSTO)
IN_VIGORE = (StatoPatto.FIRMATO, StatoPatto.SOSPESO)


class Disponibilita(models.TextChoices):
    """The three availabilities of art. 20 D.Lgs. 150/2015: declared, one way or the other."""

    SI = "si", "Sì"
    NO = "no", "No"


class PattoQuerySet(models.QuerySet["PattoDiServizio"]):
    def visibili_a(self, operatore: Operatore) -> PattoQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))

    def in_lavorazione(self) -> PattoQuerySet:
        """Being written, reviewed or waiting for the signature: at most one per person."""
        return self.filter(stato__in=IN_LAVORAZIONE)

    def in_vigore(self) -> PattoQuerySet:
        """Signed and not closed: at most one per person."""
        return self.filter(stato__in=IN_VIGORE)

    def da_revisionare(self) -> PattoQuerySet:
        """The supervisor's queue, oldest first (T4)."""
        return self.filter(stato=StatoPatto.IN_REVISIONE).order_by("inviato_il", "pk")


class PattoDiServizio(models.Model):
    """One pact. Per person at most one in the making and one in force (T2); the signature of the new closes the old.

    `contenuto`, `modello_versione`, `pdf`, `sha256` and `codice_versione` are frozen at the proposal: what is printed
    is what is signed. `versione` counts the saves of the draft (C8).
    """

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="patti")
    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="+")
    colloquio = models.ForeignKey(Colloquio, on_delete=models.PROTECT, related_name="patti")
    did = models.ForeignKey(DID, on_delete=models.PROTECT, null=True, blank=True, related_name="patti")
    sostituisce = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="sostituito_da"
    )
    stato = models.CharField("stato", max_length=14, choices=StatoPatto, default=StatoPatto.BOZZA)
    autore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="patti_scritti")
    creato_il = models.DateTimeField("creato il")
    versione = models.PositiveIntegerField(default=1, editable=False)

    # Art. 20 (T1)
    responsabile_attivita = models.ForeignKey(
        Operatore,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="patti_di_cui_risponde",
        verbose_name="responsabile delle attività",
    )
    frequenza_contatti = models.CharField(
        "frequenza ordinaria dei contatti", max_length=14, choices=Frequenza, blank=True
    )
    modo_contatti = models.CharField("come avvengono i contatti", max_length=200, blank=True)
    prova_ricerca = models.TextField("come si dimostra la ricerca attiva", max_length=2000, blank=True)
    disponibilita_laboratori = models.CharField(
        "iniziative e laboratori per la ricerca di lavoro", max_length=2, choices=Disponibilita, blank=True
    )
    disponibilita_formazione = models.CharField(
        "formazione e riqualificazione", max_length=2, choices=Disponibilita, blank=True
    )
    disponibilita_offerte = models.CharField(
        "accettazione di offerte di lavoro congrue", max_length=2, choices=Disponibilita, blank=True
    )
    valido_dal = models.DateField("valido dal", null=True, blank=True)
    valido_al = models.DateField("valido al", null=True, blank=True)

    # Review (T4)
    inviato_il = models.DateTimeField("mandato in revisione il", null=True, blank=True)
    inviato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    # Frozen at the proposal (T2)
    proposto_il = models.DateTimeField("proposto il", null=True, blank=True)
    proposto_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    contenuto = models.JSONField(null=True, blank=True, editable=False)
    modello_versione = models.CharField(max_length=20, blank=True, editable=False)
    pdf = models.BinaryField(null=True, blank=True, editable=False)
    sha256 = models.CharField("impronta", max_length=64, blank=True, editable=False)
    codice_versione = models.CharField("codice di versione", max_length=24, blank=True, editable=False)

    # Signature on paper (T3)
    firmato_il = models.DateField("data della firma", null=True, blank=True)
    firma_registrata_il = models.DateTimeField(null=True, blank=True)
    firma_registrata_da = models.ForeignKey(
        Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    scansione = models.FileField("copia firmata", upload_to="patti/%Y/", max_length=200, blank=True)
    scansione_sha256 = models.CharField(max_length=64, blank=True, editable=False)

    chiuso_il = models.DateTimeField("chiuso il", null=True, blank=True)
    motivo_chiusura = models.CharField("motivo della chiusura", max_length=300, blank=True)

    objects = PattoQuerySet.as_manager()

    class Meta:
        verbose_name = "patto di servizio"
        verbose_name_plural = "patti di servizio"
        ordering = ["-creato_il", "-pk"]
        indexes = [models.Index(fields=["cpi", "stato", "inviato_il"], name="patto_per_coda")]
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato__in=["bozza", "in_revisione", "proposto"]),
                name="un_solo_patto_in_lavorazione",
                violation_error_message="La persona ha già un patto in lavorazione: aprirlo.",
            ),
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato__in=["firmato", "sospeso"]),
                name="un_solo_patto_in_vigore",
                violation_error_message="La persona ha già un patto in vigore.",
            ),
            models.CheckConstraint(
                condition=Q(stato__in=["bozza", "in_revisione", "annullato"])
                | Q(
                    contenuto__isnull=False,
                    pdf__isnull=False,
                    sha256__regex=r"^[0-9a-f]{64}$",
                    proposto_il__isnull=False,
                )
                & ~Q(codice_versione=""),
                name="proposto_con_contenuto_congelato",
            ),
            models.CheckConstraint(
                condition=~Q(stato__in=["firmato", "sospeso"])
                | Q(firmato_il__isnull=False) & ~Q(scansione="") & ~Q(scansione_sha256=""),
                name="firmato_con_copia_archiviata",
            ),
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_dal__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="patto_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="passaggi_del_patto",
                field="stato",
                transitions=[(da, a) for da, arrivi in PASSAGGI.items() for a in sorted(arrivi)],
            ),
            pgtrigger.Protect(
                name="contenuto_congelato",
                operation=pgtrigger.Update,
                condition=(
                    pgtrigger.Q(old__stato__in=["firmato", "sospeso", "chiuso"])
                    | pgtrigger.Q(old__stato="proposto", new__stato__in=["proposto", "firmato"])
                )
                & reduce(or_, (pgtrigger.Q(**{f"old__{c}__df": pgtrigger.F(f"new__{c}")}) for c in CONGELATI)),
            ),
            pgtrigger.Protect(name="patto_non_eliminabile", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Patto di servizio ({self.get_stato_display().lower()})"

    @property
    def modificabile(self) -> bool:
        """Only a draft is edited."""
        return self.stato == StatoPatto.BOZZA

    def puo_diventare(self, stato: str) -> bool:
        return stato in PASSAGGI[self.stato]
