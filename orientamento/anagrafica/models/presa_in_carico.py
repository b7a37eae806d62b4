"""Taking in charge and the consents given there (U2)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models.operatore import Operatore
from orientamento.anagrafica.models.uffici import CPI
from orientamento.anagrafica.models.utente import Utente
from orientamento.comune.validita import valida_il


class GenereTesto(models.TextChoices):
    INFORMATIVA_PRIVACY = "informativa_privacy", "Informativa sul trattamento dei dati"
    CONSENSO_INCONTRO = "consenso_incontro", "Consenso all'incontro tra domanda e offerta"
    CONSENSO_COMUNICAZIONI = "consenso_comunicazioni", "Consenso all'invio di comunicazioni"
    INFORMAZIONI_COLLOQUIO = "informazioni_colloquio", "Informazioni sul colloquio, diritti e doveri"


class TestoInformativoQuerySet(models.QuerySet["TestoInformativo"]):
    def in_vigore(self, giorno: dt.date) -> dict[str, TestoInformativo]:
        """The text of each kind to be shown on a day: the newest version that has begun and not ended."""
        righe = self.filter(valida_il(giorno))
        return {testo.genere: testo for testo in righe.order_by("genere", "versione")}


class TestoInformativo(models.Model):
    """A text shown to citizens, by kind and version; never edited once used: a new version takes its place."""

    __test__ = False

    genere = models.CharField("genere", max_length=40, choices=GenereTesto)
    versione = models.PositiveSmallIntegerField("versione")
    titolo = models.CharField("titolo", max_length=160)
    testo = models.TextField("testo")
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    objects = TestoInformativoQuerySet.as_manager()

    class Meta:
        verbose_name = "testo informativo"
        verbose_name_plural = "testi informativi"
        ordering = ["genere", "-versione"]
        constraints = [
            models.UniqueConstraint(fields=["genere", "versione"], name="una_riga_per_versione_del_testo"),
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="testo_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.titolo} (versione {self.versione})"


class PresaInCaricoQuerySet(models.QuerySet["PresaInCarico"]):
    def aperte(self) -> PresaInCaricoQuerySet:
        """Not closed: at most one per person."""
        return self.filter(chiusa_il__isnull=True)


class PresaInCarico(models.Model):
    """The citizen is taken in charge by an office, before the interview; there the privacy notice is handed over."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="prese_in_carico")
    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="+")
    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    data = models.DateField("data della presa in carico")
    informativa = models.ForeignKey(TestoInformativo, on_delete=models.PROTECT, related_name="+")
    informativa_letta = models.BooleanField("informativa consegnata e letta")
    chiusa_il = models.DateField("chiusa il", null=True, blank=True)

    objects = PresaInCaricoQuerySet.as_manager()

    class Meta:
        verbose_name = "presa in carico"
        verbose_name_plural = "prese in carico"
        ordering = ["-data", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(chiusa_il__isnull=True),
                name="una_sola_presa_in_carico_aperta",
                violation_error_message="La persona è già in carico.",
            ),
            models.CheckConstraint(
                condition=Q(informativa_letta=True),
                name="informativa_letta_alla_presa_in_carico",
                violation_error_message="L'informativa va consegnata e letta prima della presa in carico.",
            ),
        ]

    def __str__(self) -> str:
        return f"Presa in carico del {self.data:%d/%m/%Y}"


class Finalita(models.TextChoices):
    INCONTRO = "incontro", "Incontro tra domanda e offerta di lavoro"
    COMUNICAZIONI = "comunicazioni", "Invio di comunicazioni su servizi e opportunità"


class EsitoConsenso(models.TextChoices):
    DATO = "dato", "Dato"
    RIFIUTATO = "rifiutato", "Rifiutato"


class Consenso(models.Model):
    """What the citizen answered for one purpose, at the presa in carico, to which text, recorded by whom (U2).

    Rows are never changed but for the revocation; a new answer is a new row and the newest one counts.
    """

    presa_in_carico = models.ForeignKey(PresaInCarico, on_delete=models.PROTECT, related_name="consensi")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="consensi")
    finalita = models.CharField("finalità", max_length=20, choices=Finalita)
    esito = models.CharField("esito", max_length=10, choices=EsitoConsenso)
    testo = models.ForeignKey(TestoInformativo, on_delete=models.PROTECT, related_name="+")
    registrato_il = models.DateTimeField("registrato il")
    registrato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    revocato_il = models.DateTimeField("revocato il", null=True, blank=True)
    revocato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "consenso"
        verbose_name_plural = "consensi"
        ordering = ["finalita", "-registrato_il", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(revocato_il__isnull=True, revocato_da__isnull=True)
                | Q(revocato_il__isnull=False, revocato_da__isnull=False, esito="dato"),
                name="revoca_intera_di_un_consenso_dato",
                violation_error_message="Si può revocare soltanto un consenso dato.",
            )
        ]
        triggers = [
            pgtrigger.Protect(name="consenso_non_eliminabile", operation=pgtrigger.Delete),
            pgtrigger.ReadOnly(name="consenso_immutabile", exclude=["revocato_il", "revocato_da"]),
            pgtrigger.Trigger(
                name="consenso_rispecchiato",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.After,
                func="""
                IF NEW.finalita = 'incontro' THEN
                    UPDATE anagrafica_utente SET consenso_incontro = COALESCE((
                        SELECT esito = 'dato' AND revocato_il IS NULL FROM anagrafica_consenso
                        WHERE utente_id = NEW.utente_id AND finalita = 'incontro'
                        ORDER BY registrato_il DESC, id DESC LIMIT 1), false)
                    WHERE id = NEW.utente_id;
                END IF;
                RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_finalita_display()}: {self.get_esito_display().lower()}"

    @property
    def in_vigore(self) -> bool:
        return self.esito == EsitoConsenso.DATO and self.revocato_il is None
