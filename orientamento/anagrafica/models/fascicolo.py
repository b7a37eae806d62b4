"""The curriculum data of the file (U4) and the documents of stay (U5)."""

from __future__ import annotations

import datetime as dt

from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models.utente import Utente

# From how many days before its end a document of stay is said to be expiring (U5).
GIORNI_DI_PREAVVISO = 60


class LivelloStudio(models.IntegerChoices):
    """The national scale of study levels, 0-12 (U4)."""

    NESSUNO = 0, "Nessun titolo di studio"
    ELEMENTARE = 1, "Licenza elementare"
    MEDIA = 2, "Licenza media"
    QUALIFICA = 3, "Qualifica o titolo superiore che non dà accesso all'università"
    DIPLOMA = 4, "Diploma superiore che dà accesso all'università"
    TERZIARIO = 5, "Diploma terziario extra-universitario"
    DIPLOMA_UNIVERSITARIO = 6, "Diploma universitario"
    LAUREA = 7, "Laurea (vecchio o nuovo ordinamento)"
    POST_LAUREA = 8, "Titolo di studio post-laurea"
    MASTER_PRIMO = 9, "Master universitario di primo livello"
    MASTER_SECONDO = 10, "Master universitario di secondo livello"
    SPECIALIZZAZIONE = 11, "Diploma di specializzazione"
    DOTTORATO = 12, "Dottorato di ricerca"


class TitoloStudio(models.Model):
    """A study title, obtained or not; a foreign one may be recognised."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="titoli")
    livello = models.PositiveSmallIntegerField("livello", choices=LivelloStudio)
    descrizione = models.CharField("descrizione", max_length=200)
    istituto = models.CharField("istituto o scuola", max_length=160, blank=True)
    anno = models.PositiveSmallIntegerField(
        "anno", null=True, blank=True, validators=[MinValueValidator(1930), MaxValueValidator(2100)]
    )
    conseguito = models.BooleanField("conseguito", default=True)
    estero = models.BooleanField("conseguito all'estero", default=False)
    riconosciuto = models.BooleanField("riconosciuto in Italia", default=False)

    class Meta:
        verbose_name = "titolo di studio"
        verbose_name_plural = "titoli di studio"
        ordering = ["-livello", "-anno", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(riconosciuto=False) | Q(estero=True),
                name="riconosciuto_solo_se_estero",
                violation_error_message="Il riconoscimento riguarda solo i titoli conseguiti all'estero.",
            ),
            models.CheckConstraint(
                condition=Q(livello__range=(0, 12)),
                name="livello_della_scala_nazionale",
                violation_error_message="Scegliere un livello della scala nazionale.",
            ),
        ]

    def __str__(self) -> str:
        return self.descrizione


class Esperienza(models.Model):
    """A job held. An open end means that it is still going on."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="esperienze")
    mansione = models.CharField("mansione", max_length=120)
    datore = models.CharField("datore di lavoro", max_length=160, blank=True)
    luogo = models.CharField("luogo", max_length=80, blank=True)
    dal = models.DateField("dal")
    al = models.DateField("al", null=True, blank=True)
    tipo_rapporto = models.CharField("tipo di rapporto", max_length=80, blank=True)
    attivita = models.TextField("attività svolte", max_length=10_000, blank=True)

    class Meta:
        verbose_name = "esperienza di lavoro"
        verbose_name_plural = "esperienze di lavoro"
        ordering = [F("al").desc(nulls_first=True), "-dal", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(al__isnull=True) | Q(al__gte=F("dal")),
                name="esperienza_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            )
        ]

    def __str__(self) -> str:
        return self.mansione


class LivelloLingua(models.TextChoices):
    """The levels of the Common European Framework (CEFR)."""

    A1 = "A1", "A1 – elementare"
    A2 = "A2", "A2 – pre-intermedio"
    B1 = "B1", "B1 – intermedio"
    B2 = "B2", "B2 – post-intermedio"
    C1 = "C1", "C1 – avanzato"
    C2 = "C2", "C2 – padronanza"


class LinguaConosciuta(models.Model):
    """A language: mother tongue, or with its CEFR levels."""

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="lingue")
    lingua = models.CharField("lingua", max_length=60)
    madrelingua = models.BooleanField("madrelingua", default=False)
    comprensione = models.CharField("comprensione", max_length=2, choices=LivelloLingua, blank=True)
    parlato = models.CharField("parlato", max_length=2, choices=LivelloLingua, blank=True)
    scritto = models.CharField("scritto", max_length=2, choices=LivelloLingua, blank=True)

    class Meta:
        verbose_name = "lingua"
        verbose_name_plural = "lingue"
        ordering = ["-madrelingua", "lingua"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente", "lingua"],
                name="una_riga_per_lingua",
                violation_error_message="Questa lingua è già presente nel fascicolo.",
            )
        ]

    def __str__(self) -> str:
        return self.lingua


class CompetenzaPersonale(models.Model):
    """A skill, in the citizen's and the operator's words."""

    class Genere(models.TextChoices):
        TECNICA = "tecnica", "Tecnico-professionale"
        TRASVERSALE = "trasversale", "Trasversale"
        DIGITALE = "digitale", "Digitale"

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="competenze")
    genere = models.CharField("tipo", max_length=20, choices=Genere, default=Genere.TECNICA)
    descrizione = models.CharField("competenza", max_length=200)
    acquisita_dove = models.CharField("dove è stata acquisita", max_length=160, blank=True)

    class Meta:
        verbose_name = "competenza"
        verbose_name_plural = "competenze"
        ordering = ["genere", "descrizione"]

    def __str__(self) -> str:
        return self.descrizione


class AltreInformazioni(models.Model):
    """Licences, patentini, registers, own car, availability to travel: one row per citizen."""

    class Patente(models.TextChoices):
        AM = "AM", "AM – ciclomotori"
        A1 = "A1", "A1 – moto leggere"
        A = "A", "A – motocicli"
        B = "B", "B – autovetture"
        BE = "BE", "B e E – autovetture con rimorchio"
        C = "C", "C – autocarri"
        CE = "CE", "C e E – autocarri con rimorchio"
        D = "D", "D – autobus"
        CQC_MERCI = "CQC_MERCI", "CQC – trasporto di merci"
        CQC_PERSONE = "CQC_PERSONE", "CQC – trasporto di persone"

    class Patentino(models.TextChoices):
        MULETTO = "muletto", "Carrelli elevatori (muletto)"
        PLE = "ple", "Piattaforme di lavoro elevabili"
        GRU = "gru", "Gru"
        MACCHINE_TERRA = "macchine_terra", "Macchine per movimento terra"
        TRATTORI = "trattori", "Trattori agricoli"
        FITOSANITARI = "fitosanitari", "Prodotti fitosanitari"
        SALDATURA = "saldatura", "Saldatura"
        FGAS = "fgas", "Gas fluorurati (F-gas)"
        HACCP = "haccp", "Igiene degli alimenti (HACCP)"
        ANTINCENDIO = "antincendio", "Addetto antincendio"
        PRIMO_SOCCORSO = "primo_soccorso", "Addetto al primo soccorso"

    class Trasferta(models.TextChoices):
        NESSUNA = "nessuna", "Solo nel comune"
        LIMITROFI = "limitrofi", "Comuni vicini"
        PROVINCIA = "provincia", "Tutta la provincia"
        REGIONE = "regione", "Tutta la regione"
        ITALIA = "italia", "Tutta Italia"
        ESTERO = "estero", "Anche all'estero"

    utente = models.OneToOneField(Utente, on_delete=models.PROTECT, related_name="altre_informazioni")
    patenti = ArrayField(models.CharField(max_length=12, choices=Patente), default=list, blank=True)
    patentini = ArrayField(models.CharField(max_length=20, choices=Patentino), default=list, blank=True)
    albi = models.CharField("albi, ordini e registri", max_length=200, blank=True)
    automunito = models.BooleanField("dispone di un'automobile propria", default=False)
    trasferta = models.CharField("disponibilità a spostarsi", max_length=12, choices=Trasferta, blank=True)
    note = models.TextField("altre informazioni", max_length=10_000, blank=True)

    class Meta:
        verbose_name = "altre informazioni"
        verbose_name_plural = "altre informazioni"

    def __str__(self) -> str:
        return "Altre informazioni"


class DocumentoSoggiorno(models.Model):
    """The document of stay of a citizen from outside the Union (U5)."""

    class Tipo(models.TextChoices):
        PERMESSO = "permesso", "Permesso di soggiorno"
        LUNGO_PERIODO = "lungo_periodo", "Permesso UE per soggiornanti di lungo periodo"
        CARTA_FAMILIARE = "carta_familiare", "Carta di soggiorno per familiare di cittadino dell'Unione"
        RICHIESTA_ASILO = "richiesta_asilo", "Permesso per richiesta di asilo"
        PROTEZIONE = "protezione", "Permesso per protezione internazionale"

    utente = models.OneToOneField(Utente, on_delete=models.PROTECT, related_name="documento_soggiorno")
    tipo = models.CharField("tipo di documento", max_length=20, choices=Tipo)
    numero = models.CharField("numero", max_length=30)
    scadenza = models.DateField("scadenza", null=True, blank=True)
    ricevuta_rinnovo = models.BooleanField("ha la ricevuta della richiesta di rinnovo", default=False)

    class Meta:
        verbose_name = "documento di soggiorno"
        verbose_name_plural = "documenti di soggiorno"
        constraints = [
            models.CheckConstraint(
                condition=Q(scadenza__isnull=False) | Q(tipo="lungo_periodo"),
                name="scadenza_del_soggiorno",
                violation_error_message="Indicare la scadenza: solo il permesso di lungo periodo può non averla.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_tipo_display()} n. {self.numero}"

    def avviso(self, al: dt.date) -> str:
        """The warning in words when the document has expired or is about to (U5); empty when all is well."""
        if self.scadenza is None:
            return ""
        giorni = (self.scadenza - al).days
        if giorni > GIORNI_DI_PREAVVISO:
            return ""
        quando = f"il {self.scadenza:%d/%m/%Y}"
        if giorni < 0:
            if self.ricevuta_rinnovo:
                return f"Il documento è scaduto {quando}: vale la ricevuta della richiesta di rinnovo."
            return f"Il documento è scaduto {quando} e non risulta la richiesta di rinnovo."
        tra = "oggi" if giorni == 0 else f"{quando}, tra {giorni} {'giorno' if giorni == 1 else 'giorni'}"
        return f"Il documento scade {tra}" + (
            ": il rinnovo è già stato chiesto." if self.ricevuta_rinnovo else ": ricordare di chiedere il rinnovo."
        )
