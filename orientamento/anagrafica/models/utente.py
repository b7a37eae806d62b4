"""The citizen (*utente*): one person, one file (U1)."""

from __future__ import annotations

import datetime as dt

from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models.operatore import Operatore, Ruolo
from orientamento.anagrafica.models.uffici import CPI
from orientamento.comune.calendario import eta, oggi
from orientamento.comune.piega import Piega


class Sesso(models.TextChoices):
    FEMMINA = "F", "Femmina"
    MASCHIO = "M", "Maschio"


class UtenteQuerySet(models.QuerySet["Utente"]):
    def visibili_a(self, operatore: Operatore) -> UtenteQuerySet:
        """The only door from a view to citizens (A1): the own office's files; for matching, those who consented."""
        if operatore.ruolo in (Ruolo.OPERATORE, Ruolo.RESPONSABILE):
            return self.filter(cpi_id=operatore.cpi_id)
        if operatore.ruolo == Ruolo.INCROCIO:
            return self.filter(cpi_id=operatore.cpi_id, consenso_incontro=True)
        return self.none()


class Utente(models.Model):
    """A citizen's file. `consenso_incontro` mirrors the consent in force, kept by a trigger on `Consenso`.

    `divergenze_confermate` holds the warnings about the codice fiscale that the operator saw and confirmed.
    `versione` counts the saves of the identity and contacts; a form that carries an older number is refused (C8).
    """

    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="utenti", verbose_name="centro competente")
    operatore_riferimento = models.ForeignKey(
        Operatore,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="utenti_seguiti",
        verbose_name="operatore di riferimento",
    )
    codice_fiscale = models.CharField(
        "codice fiscale",
        max_length=16,
        unique=True,
        error_messages={"unique": "Esiste già un fascicolo con questo codice fiscale."},
    )
    cognome = models.CharField("cognome", max_length=80)
    nome = models.CharField("nome", max_length=80)
    sesso = models.CharField("sesso", max_length=1, choices=Sesso)
    data_nascita = models.DateField("data di nascita")
    luogo_nascita = models.CharField("comune o stato estero di nascita", max_length=80)
    codice_luogo_nascita = models.CharField(max_length=4, blank=True, editable=False)
    cittadinanza = models.CharField("cittadinanza", max_length=80, default="Italiana")
    extra_ue = models.BooleanField("cittadino di uno stato fuori dall'Unione europea", default=False)
    domicilio_indirizzo = models.CharField("indirizzo di domicilio", max_length=160)
    domicilio_comune = models.CharField("comune di domicilio", max_length=80)
    domicilio_codice_comune = models.CharField(max_length=4, blank=True, editable=False)
    domicilio_provincia = models.CharField("provincia", max_length=2)
    domicilio_cap = models.CharField("CAP", max_length=5)
    residenza_indirizzo = models.CharField("indirizzo di residenza", max_length=160, blank=True)
    residenza_comune = models.CharField("comune di residenza", max_length=80, blank=True)
    residenza_provincia = models.CharField("provincia", max_length=2, blank=True)
    residenza_cap = models.CharField("CAP", max_length=5, blank=True)
    telefono = models.CharField("telefono", max_length=20, blank=True)
    cellulare = models.CharField("cellulare", max_length=20, blank=True)
    email = models.EmailField("posta elettronica", blank=True)
    pec = models.EmailField("PEC", blank=True)
    divergenze_confermate = models.JSONField(default=list, blank=True, editable=False)
    consenso_incontro = models.BooleanField(default=False, editable=False)
    versione = models.PositiveIntegerField(default=1, editable=False)
    creato_il = models.DateTimeField(auto_now_add=True)
    modificato_il = models.DateTimeField(auto_now=True)
    cognome_piegato = models.GeneratedField(
        expression=Piega(F("cognome")), output_field=models.CharField(max_length=160), db_persist=True
    )
    nome_piegato = models.GeneratedField(
        expression=Piega(F("nome")), output_field=models.CharField(max_length=160), db_persist=True
    )

    objects = UtenteQuerySet.as_manager()

    class Meta:
        verbose_name = "utente"
        verbose_name_plural = "utenti"
        indexes = [
            models.Index(
                fields=["cognome_piegato", "nome_piegato"],
                name="utente_per_nome",
                opclasses=["text_pattern_ops", "text_pattern_ops"],
            ),
            models.Index(fields=["data_nascita"], name="utente_per_nascita"),
            models.Index(fields=["cpi", "cognome", "nome", "id"], name="utente_per_ufficio"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(codice_fiscale__regex=r"^([A-Z0-9]{16}|[0-9]{11})$"),
                name="codice_fiscale_in_forma",
                violation_error_message="Il codice fiscale ha 16 caratteri (11 cifre se è provvisorio).",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.cognome} {self.nome}"

    @property
    def anni(self) -> int:
        """The age today, in completed years."""
        return eta(self.data_nascita, oggi())

    def eta_al(self, giorno: dt.date) -> int:
        return eta(self.data_nascita, giorno)
