"""The agenda: rooms and places, working hours, closing days, meetings alone and in groups, who comes (C2, M3)."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateTimeRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Func, Q
from django.utils import timezone

from orientamento.anagrafica.models import CPI, Operatore, Utente
from psp.models.misura import Misura, Servizio

MINUTI_DI_UNA_SEDUTA = 12 * 60
POSTI_DI_UNA_SEDUTA = 400


class _Periodo(Func):
    """From `inizio` to `fine`, the end left out: two meetings may touch."""

    function = "TSTZRANGE"
    output_field = DateTimeRangeField()


PERIODO = _Periodo(F("inizio"), F("fine"), RangeBoundary())


class Luogo(models.Model):
    """A room, or a place at a web learning point, of an office."""

    class Tipo(models.TextChoices):
        SALA = "sala", "Sala"
        POSTAZIONE = "postazione", "Postazione del web learning point"

    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="luoghi", verbose_name="centro per l'impiego")
    nome = models.CharField("nome", max_length=80)
    tipo = models.CharField("tipo", max_length=12, choices=Tipo, default=Tipo.SALA)
    posti = models.PositiveSmallIntegerField("posti", default=1, validators=[MinValueValidator(1)])
    indirizzo = models.CharField("dove si trova, se non nella sede", max_length=160, blank=True)
    attivo = models.BooleanField("in uso", default=True)

    class Meta:
        verbose_name = "sala o postazione"
        verbose_name_plural = "sale e postazioni"
        ordering = ["cpi", "tipo", "nome"]
        constraints = [
            models.UniqueConstraint(
                fields=["cpi", "nome"],
                name="nome_del_luogo_unico_nel_centro",
                violation_error_message="Il centro ha già una sala o una postazione con questo nome.",
            ),
            models.CheckConstraint(
                condition=Q(posti__gte=1),
                name="almeno_un_posto",
                violation_error_message="Una sala o una postazione ha almeno un posto.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome


class ChiusuraUfficio(models.Model):
    """Days on which an office is closed (all offices where `cpi` is empty); no meeting is fixed there."""

    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, null=True, blank=True, related_name="chiusure")
    dal = models.DateField("dal")
    al = models.DateField("al")
    motivo = models.CharField("motivo", max_length=120)

    class Meta:
        verbose_name = "giorno di chiusura"
        verbose_name_plural = "giorni di chiusura"
        ordering = ["dal", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(al__gte=F("dal")),
                name="chiusura_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            )
        ]

    def __str__(self) -> str:
        return self.motivo


class OrarioOperatore(models.Model):
    """When an operator receives, week by week: from these hours come the free slots."""

    class Giorno(models.IntegerChoices):
        LUNEDI = 1, "Lunedì"
        MARTEDI = 2, "Martedì"
        MERCOLEDI = 3, "Mercoledì"
        GIOVEDI = 4, "Giovedì"
        VENERDI = 5, "Venerdì"
        SABATO = 6, "Sabato"

    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="orari")
    giorno = models.PositiveSmallIntegerField("giorno", choices=Giorno)
    dalle = models.TimeField("dalle")
    alle = models.TimeField("alle")

    class Meta:
        verbose_name = "orario di ricevimento"
        verbose_name_plural = "orari di ricevimento"
        ordering = ["operatore", "giorno", "dalle"]
        constraints = [
            models.CheckConstraint(
                condition=Q(alle__gt=F("dalle")),
                name="orario_in_ordine",
                violation_error_message="L'ora di fine precede quella di inizio.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_giorno_display()} {self.dalle:%H:%M}–{self.alle:%H:%M}"


class SedutaQuerySet(models.QuerySet["Seduta"]):
    def visibili_a(self, operatore: Operatore) -> SedutaQuerySet:
        """Those of the operator's own office; none for who belongs to none (A1)."""
        return self.filter(cpi_id=operatore.cpi_id) if operatore.cpi_id else self.none()

    def non_annullate(self) -> SedutaQuerySet:
        return self.exclude(stato=Seduta.Stato.ANNULLATA)

    def da_tenere(self, operatore: Operatore, adesso: dt.datetime) -> SedutaQuerySet:
        """Those that `operatore` has still to begin, in order."""
        fissate = self.filter(operatore=operatore, stato=Seduta.Stato.FISSATA, inizio__gt=adesso)
        return fissate.order_by("inizio", "pk")

    def tra(self, dal: dt.datetime, al: dt.datetime) -> SedutaQuerySet:
        """Those that touch the time from `dal` to `al`, in order."""
        return self.filter(inizio__lt=al, fine__gt=dal).order_by("inizio", "pk")


class Seduta(models.Model):
    """One meeting: an operator, a time, perhaps a room; one citizen or a group. Kept out of each other by exclusion.

    Where it is not `assistita` a citizen uses a place alone: the operator is who to ask for, and keeps the time free.
    `posti` is how many may come (1: a single appointment); beyond it there is the waiting list. `versione` counts the
    changes: who moves or cancels from an older page is refused.
    """

    class Stato(models.TextChoices):
        FISSATA = "fissata", "Fissata"
        TENUTA = "tenuta", "Tenuta"
        ANNULLATA = "annullata", "Annullata"

    class Modo(models.TextChoices):
        PRESENZA = "presenza", "In presenza"
        DISTANZA = "distanza", "A distanza"
        TELEFONO = "telefono", "Per telefono"

    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="sedute")
    operatore = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="sedute")
    luogo = models.ForeignKey(Luogo, on_delete=models.PROTECT, null=True, blank=True, related_name="sedute")
    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, null=True, blank=True, related_name="sedute")
    assistita = models.BooleanField("l'operatore è presente", default=True)
    di_gruppo = models.BooleanField("di gruppo", default=False)
    titolo = models.CharField("titolo", max_length=160)
    programma = models.TextField("programma", max_length=4000, blank=True)
    modo = models.CharField("modalità", max_length=10, choices=Modo, default=Modo.PRESENZA)
    inizio = models.DateTimeField("inizio")
    fine = models.DateTimeField("fine")
    posti = models.PositiveSmallIntegerField(
        "posti", default=1, validators=[MinValueValidator(1), MaxValueValidator(POSTI_DI_UNA_SEDUTA)]
    )
    stato = models.CharField("stato", max_length=10, choices=Stato, default=Stato.FISSATA)
    motivo = models.CharField("motivo dello spostamento o dell'annullamento", max_length=300, blank=True)
    creata_il = models.DateTimeField("fissata il")
    creata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = SedutaQuerySet.as_manager()

    class Meta:
        verbose_name = "appuntamento"
        verbose_name_plural = "appuntamenti"
        ordering = ["inizio", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(fine__gt=F("inizio"), fine__lte=F("inizio") + dt.timedelta(minutes=MINUTI_DI_UNA_SEDUTA)),
                name="durata_della_seduta",
                violation_error_message="Un appuntamento dura da un minuto a dodici ore.",
            ),
            models.CheckConstraint(
                condition=Q(posti__gte=1, posti__lte=POSTI_DI_UNA_SEDUTA),
                name="posti_della_seduta",
                violation_error_message="I posti vanno da 1 a 400.",
            ),
            models.CheckConstraint(
                condition=Q(stato__in=["fissata", "tenuta", "annullata"]),
                name="seduta_in_uno_stato_che_esiste",
                violation_error_message="Un appuntamento è fissato, tenuto o annullato.",
            ),
            models.CheckConstraint(
                condition=Q(di_gruppo=True) | Q(posti=1),
                name="individuale_con_un_posto",
                violation_error_message="Un appuntamento individuale è per una persona sola.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="annullata") | Q(motivo__gt=""),
                name="annullata_con_un_motivo",
                violation_error_message="Va scritto perché l'appuntamento è annullato.",
            ),
            models.CheckConstraint(
                condition=Q(assistita=True) | Q(di_gruppo=False, luogo__isnull=False),
                name="senza_operatore_in_una_postazione",
                violation_error_message="Senza operatore si prenota solo una postazione.",
            ),
            ExclusionConstraint(
                name="un_operatore_un_appuntamento_alla_volta",
                expressions=[("operatore", RangeOperators.EQUAL), (PERIODO, RangeOperators.OVERLAPS)],
                condition=~Q(stato="annullata") & Q(assistita=True),
                violation_error_message="L'operatore ha già un altro appuntamento in quell'orario.",
            ),
            ExclusionConstraint(
                name="una_sala_un_appuntamento_alla_volta",
                expressions=[("luogo", RangeOperators.EQUAL), (PERIODO, RangeOperators.OVERLAPS)],
                condition=~Q(stato="annullata") & Q(luogo__isnull=False),
                violation_error_message="La sala è già occupata in quell'orario.",
            ),
        ]
        indexes = [models.Index(fields=["cpi", "inizio"], name="seduta_per_centro_e_giorno")]

    def __str__(self) -> str:
        return f"{self.titolo} ({timezone.localtime(self.inizio):%d/%m/%Y %H:%M})"

    @property
    def minuti(self) -> int:
        """The planned length."""
        return round((self.fine - self.inizio).total_seconds() / 60)


class IscrizioneQuerySet(models.QuerySet["Iscrizione"]):
    def visibili_a(self, operatore: Operatore) -> IscrizioneQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))


class Iscrizione(models.Model):
    """One citizen in one meeting: booked, waiting, came (with the real minutes) or did not.

    `posto` (1 to the meeting's places) is filled for those who have a place and unique in the meeting, so that the
    last place cannot be given twice. `inizio` and `fine` repeat those of the meeting (a trigger refuses others), so
    that the database keeps one person out of two meetings at once. Why an absence is justified stands apart, in
    `GiustificazioneAssenza` (U6).
    """

    class Stato(models.TextChoices):
        PRENOTATA = "prenotata", "Prenotato"
        IN_LISTA = "in_lista", "In lista d'attesa"
        PRESENTE = "presente", "Presente"
        ASSENTE = "assente", "Assente senza giustificazione"
        GIUSTIFICATA = "giustificata", "Assente giustificato"
        ANNULLATA = "annullata", "Annullato"

    seduta = models.ForeignKey(Seduta, on_delete=models.PROTECT, related_name="iscrizioni")
    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="iscrizioni")
    misura = models.ForeignKey(Misura, on_delete=models.PROTECT, null=True, blank=True, related_name="iscrizioni")
    stato = models.CharField("stato", max_length=12, choices=Stato, default=Stato.PRENOTATA)
    posto = models.PositiveSmallIntegerField("posto", null=True, blank=True)
    inizio = models.DateTimeField(editable=False)
    fine = models.DateTimeField(editable=False)
    minuti = models.PositiveSmallIntegerField("minuti effettivi", null=True, blank=True)
    motivo = models.CharField("motivo dell'annullamento", max_length=300, blank=True)
    creata_il = models.DateTimeField("prenotata il")
    creata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    segnata_il = models.DateTimeField("presenza segnata il", null=True, blank=True)
    segnata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = IscrizioneQuerySet.as_manager()

    # For a page, put there by psp/services/agenda/chi.py: whether its reader sees the citizen, and what to call them.
    visibile: bool
    chi: str

    class Meta:
        verbose_name = "iscrizione"
        verbose_name_plural = "iscrizioni"
        ordering = ["seduta", "posto", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["seduta", "utente"],
                condition=~Q(stato="annullata"),
                name="una_iscrizione_per_persona",
                violation_error_message="La persona è già iscritta.",
            ),
            models.UniqueConstraint(
                fields=["seduta", "posto"],
                condition=Q(posto__isnull=False),
                name="un_posto_una_persona",
                violation_error_message="Il posto è già stato preso.",
            ),
            models.CheckConstraint(
                condition=Q(stato__in=["in_lista", "annullata"], posto__isnull=True)
                | Q(stato__in=["prenotata", "presente", "assente", "giustificata"], posto__gte=1),
                name="posto_secondo_lo_stato",
                violation_error_message="Ha un posto chi è prenotato o segnato; chi aspetta o ha rinunciato no.",
            ),
            models.CheckConstraint(
                condition=Q(stato="presente", minuti__gte=1, minuti__lte=MINUTI_DI_UNA_SEDUTA)
                | (~Q(stato="presente") & Q(minuti__isnull=True)),
                name="minuti_di_chi_era_presente",
                violation_error_message="I minuti effettivi vanno da 1 a 720, e solo per chi era presente.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="annullata") | Q(motivo__gt=""),
                name="iscrizione_annullata_con_un_motivo",
                violation_error_message="Va scritto perché la prenotazione è annullata.",
            ),
            models.CheckConstraint(
                condition=Q(fine__gt=F("inizio")),
                name="iscrizione_ore_in_ordine",
                violation_error_message="L'ora di fine deve seguire quella di inizio.",
            ),
            ExclusionConstraint(
                name="una_persona_un_appuntamento_alla_volta",
                expressions=[("utente", RangeOperators.EQUAL), (PERIODO, RangeOperators.OVERLAPS)],
                condition=Q(stato__in=["prenotata", "presente"]),
                violation_error_message="La persona ha già un altro appuntamento in quell'orario.",
            ),
        ]
        indexes = [models.Index(fields=["utente", "inizio"], name="iscrizione_per_persona")]

    def __str__(self) -> str:
        return f"{self.utente}: {self.get_stato_display().lower()}"


class CalendarioPrivato(models.Model):
    """The private address of an operator's calendar feed. Only the SHA-256 of the secret is kept."""

    operatore = models.OneToOneField(Operatore, on_delete=models.PROTECT, related_name="calendario")
    impronta = models.CharField(max_length=64, unique=True)
    creato_il = models.DateTimeField("creato il")

    class Meta:
        verbose_name = "calendario privato"
        verbose_name_plural = "calendari privati"

    def __str__(self) -> str:
        return f"Calendario di {self.operatore}"
