"""The catalogue of services and the measures agreed in a pact (M2, M3)."""

from __future__ import annotations

import datetime as dt

import pgtrigger
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.validita import valida_il
from psp.models.patto import IN_VIGORE, PattoDiServizio


class GenereServizio(models.TextChoices):
    """Which details a measure of the service asks for (M2)."""

    COLLOQUIO = "colloquio", "Colloquio"
    CONSULENZA = "consulenza", "Consulenza orientativa"
    SEMINARIO = "seminario", "Seminario o laboratorio, con il programma"
    BILANCIO = "bilancio", "Bilancio delle competenze, con le competenze spendibili"
    TIROCINIO = "tirocinio", "Tirocinio, con l'impresa ospitante"
    TUTORAGGIO = "tutoraggio", "Tutoraggio di un tirocinio"
    ACCOMPAGNAMENTO = "accompagnamento", "Accompagnamento al lavoro"
    SCOUTING = "scouting", "Scouting, con offerte e imprese"
    FORMAZIONE = "formazione", "Formazione, con il corso"
    EURES = "eures", "EURES, con paesi e lingue"
    CERTIFICAZIONE = "certificazione", "Certificazione delle competenze"
    AUTO_IMPRESA = "auto_impresa", "Consulenza auto-impresa"
    ALTRO = "altro", "Nessun dettaglio"


class ServizioQuerySet(models.QuerySet["Servizio"]):
    def in_vigore(self, giorno: dt.date) -> ServizioQuerySet:
        """Those that may be agreed on `giorno`."""
        return self.filter(valida_il(giorno))


class Servizio(models.Model):
    """A service of the charter (M2). The key is the service; the code is an attribute with its own dates."""

    class Modo(models.TextChoices):
        INDIVIDUALE = "individuale", "Individuale"
        GRUPPO = "gruppo", "Di gruppo"
        ENTRAMBI = "entrambi", "Individuale o di gruppo"

    chiave = models.SlugField("chiave", max_length=60, unique=True)
    nome = models.CharField("nome", max_length=200)
    descrizione = models.TextField("descrizione", blank=True)
    modo = models.CharField("modalità", max_length=12, choices=Modo, default=Modo.INDIVIDUALE)
    ore_previste = models.DecimalField(
        "ore consuete", max_digits=5, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0.5)]
    )
    genere = models.CharField(
        "che cosa va scritto", max_length=16, choices=GenereServizio, default=GenereServizio.ALTRO
    )
    minuti_minimi_incontro = models.PositiveSmallIntegerField("minuti minimi di ogni incontro", null=True, blank=True)
    minuti_minimi = models.PositiveSmallIntegerField("minuti minimi in tutto", null=True, blank=True)
    minuti_massimi = models.PositiveSmallIntegerField("minuti massimi in tutto", null=True, blank=True)
    ordine = models.PositiveSmallIntegerField("ordine", default=0)
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    objects = ServizioQuerySet.as_manager()

    class Meta:
        verbose_name = "servizio della carta"
        verbose_name_plural = "servizi della carta"
        ordering = ["ordine", "nome"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="servizio_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
            models.CheckConstraint(
                condition=Q(ore_previste__isnull=True) | Q(ore_previste__gt=0),
                name="ore_consuete_positive",
                violation_error_message="Le ore consuete sono almeno mezza (0,5).",
            ),
            models.CheckConstraint(
                condition=Q(minuti_massimi__isnull=True)
                | Q(minuti_minimi__isnull=True)
                | Q(minuti_massimi__gte=F("minuti_minimi")),
                name="minuti_del_servizio_in_ordine",
                violation_error_message="I minuti massimi sono meno dei minimi.",
            ),
        ]

    def __str__(self) -> str:
        return self.nome


class CodiceServizio(models.Model):
    """The code of a service between two dates (A05, A06, B03 ...). No row means no code: none is invented (M2)."""

    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="codici")
    codice = models.CharField("codice", max_length=10)
    valido_dal = models.DateField("valido dal")
    valido_al = models.DateField("valido al", null=True, blank=True)

    class Meta:
        verbose_name = "codice del servizio"
        verbose_name_plural = "codici dei servizi"
        ordering = ["servizio", "codice", "-valido_dal"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valido_al__isnull=True) | Q(valido_al__gte=F("valido_dal")),
                name="codice_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            )
        ]

    def __str__(self) -> str:
        return self.codice


class StatoMisura(models.TextChoices):
    PROPOSTA = "proposta", "Proposta"
    CONCORDATA = "concordata", "Concordata"
    AVVIATA = "avviata", "Avviata"
    CONCLUSA = "conclusa", "Conclusa"
    INTERROTTA = "interrotta", "Interrotta"
    RIFIUTATA = "rifiutata", "Rifiutata"


_S = StatoMisura

# The only passages of state there are (M3). The first three are the promise, written in the draft; the rest is its
# keeping, after the signature. The database refuses every other passage (trigger below).
PASSAGGI_MISURA: dict[str, frozenset[str]] = {
    _S.PROPOSTA: frozenset({_S.CONCORDATA, _S.RIFIUTATA}),
    _S.CONCORDATA: frozenset({_S.PROPOSTA, _S.RIFIUTATA, _S.AVVIATA}),
    _S.RIFIUTATA: frozenset({_S.PROPOSTA, _S.CONCORDATA}),
    _S.AVVIATA: frozenset({_S.CONCLUSA, _S.INTERROTTA}),
    _S.CONCLUSA: frozenset(),
    _S.INTERROTTA: frozenset(),
}
PROMESSE = (_S.PROPOSTA, _S.CONCORDATA, _S.RIFIUTATA)
CHIUSE = (_S.CONCLUSA, _S.INTERROTTA)


class EsitoMisura(models.TextChoices):
    """The outcomes of the LEP (M4); a measure may have several."""

    OBIETTIVO = "obiettivo", "Persona assistita nella definizione dell'obiettivo"
    PERCORSO = "percorso", "Persona consapevole nel progettare il percorso"
    RICERCA = "ricerca", "Persona attivata nella ricerca del lavoro"
    COMPETENZE = "competenze", "Persona supportata nella messa in evidenza delle competenze"
    ALTRO_SERVIZIO = "altro_servizio", "Persona indirizzata ad altro servizio"


class MisuraQuerySet(models.QuerySet["Misura"]):
    def visibili_a(self, operatore: Operatore) -> MisuraQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(patto__utente__in=Utente.objects.visibili_a(operatore))

    def da_erogare(self) -> MisuraQuerySet:
        """Agreed or started, in a pact in force: what is to be kept."""
        return self.filter(stato__in=(_S.CONCORDATA, _S.AVVIATA), patto__stato__in=IN_VIGORE)


class Misura(models.Model):
    """A service of the charter in a pact: the promise (dates, hours) and its keeping (M3, M4).

    A pact that replaces another takes its open measures over: `continua` names the row of the earlier pact, whose
    meetings, details and state pass to this one at the signature.
    """

    Stato = StatoMisura

    patto = models.ForeignKey(PattoDiServizio, on_delete=models.CASCADE, related_name="misure")
    servizio = models.ForeignKey(Servizio, on_delete=models.PROTECT, related_name="misure")
    continua = models.OneToOneField(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="continuata_da", editable=False
    )
    stato = models.CharField("stato", max_length=12, choices=StatoMisura, default=StatoMisura.CONCORDATA)
    inizio_previsto = models.DateField("inizio previsto", null=True, blank=True)
    fine_prevista = models.DateField("fine prevista", null=True, blank=True)
    ore_previste = models.DecimalField(
        "ore previste", max_digits=6, decimal_places=1, null=True, blank=True, validators=[MinValueValidator(0.5)]
    )
    note = models.CharField("note", max_length=300, blank=True)

    # The keeping
    iniziata_il = models.DateField("iniziata il", null=True, blank=True)
    finita_il = models.DateField("finita il", null=True, blank=True)
    dettagli = models.JSONField("dettagli del servizio", default=dict, blank=True)
    esiti = ArrayField(
        models.CharField(max_length=16, choices=EsitoMisura), verbose_name="esiti", default=list, blank=True
    )
    esito_note = models.CharField("che cosa ne è venuto", max_length=1000, blank=True)
    motivo_scostamento = models.CharField("motivo dello scostamento dalle ore", max_length=500, blank=True)
    motivo_interruzione = models.CharField("motivo dell'interruzione", max_length=500, blank=True)
    chiusa_il = models.DateTimeField("chiusa il", null=True, blank=True)
    chiusa_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    objects = MisuraQuerySet.as_manager()

    class Meta:
        verbose_name = "misura"
        verbose_name_plural = "misure"
        ordering = ["inizio_previsto", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["patto", "servizio"],
                name="servizio_una_volta_per_patto",
                violation_error_message="Questo servizio è già tra le misure del patto.",
            ),
            models.CheckConstraint(
                condition=Q(fine_prevista__isnull=True)
                | Q(inizio_previsto__isnull=True)
                | Q(fine_prevista__gte=F("inizio_previsto")),
                name="misura_date_in_ordine",
                violation_error_message="La data di fine precede la data di inizio.",
            ),
            models.CheckConstraint(
                condition=Q(ore_previste__isnull=True) | Q(ore_previste__gt=0),
                name="ore_della_misura_positive",
                violation_error_message="Le ore previste sono almeno mezza (0,5).",
            ),
            models.CheckConstraint(
                condition=~Q(stato="concordata") | Q(inizio_previsto__isnull=False, ore_previste__isnull=False),
                name="concordata_con_date_e_ore",
                violation_error_message="Una misura concordata ha la data di inizio e le ore previste.",
            ),
            models.CheckConstraint(
                condition=Q(stato__in=["proposta", "concordata", "rifiutata"], iniziata_il__isnull=True)
                | Q(stato__in=["avviata", "conclusa", "interrotta"], iniziata_il__isnull=False),
                name="misura_iniziata_secondo_lo_stato",
                violation_error_message="La data in cui la misura è iniziata va con il suo stato.",
            ),
            models.CheckConstraint(
                condition=Q(
                    stato__in=["proposta", "concordata", "rifiutata", "avviata"],
                    finita_il__isnull=True,
                    chiusa_il__isnull=True,
                    chiusa_da__isnull=True,
                    esiti__len=0,
                )
                | Q(
                    stato__in=["conclusa", "interrotta"],
                    finita_il__isnull=False,
                    chiusa_il__isnull=False,
                    chiusa_da__isnull=False,
                ),
                name="misura_chiusa_secondo_lo_stato",
                violation_error_message="La fine di una misura va con il suo stato.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="conclusa") | Q(esiti__len__gt=0),
                name="conclusa_con_un_esito",
                violation_error_message="Una misura conclusa ha almeno un esito.",
            ),
            models.CheckConstraint(
                condition=Q(stato="interrotta", motivo_interruzione__gt="")
                | (~Q(stato="interrotta") & Q(motivo_interruzione="")),
                name="interrotta_con_un_motivo",
                violation_error_message="Va scritto perché la misura è stata interrotta.",
            ),
            models.CheckConstraint(
                condition=Q(finita_il__isnull=True) | Q(finita_il__gte=F("iniziata_il")),
                name="misura_fine_dopo_inizio",
                violation_error_message="La fine precede l'inizio.",
            ),
        ]
        triggers = [
            pgtrigger.FSM(
                name="passaggi_della_misura",
                field="stato",
                transitions=[(da, a) for da, arrivi in PASSAGGI_MISURA.items() for a in sorted(arrivi)],
            ),
        ]

    # What the register reads with a measure in order to name it.
    PER_IL_NOME = ("servizio",)

    def __str__(self) -> str:
        return str(self.servizio)

    @property
    def chiusa(self) -> bool:
        return self.stato in CHIUSE

    def puo_diventare(self, stato: str) -> bool:
        return stato in PASSAGGI_MISURA[self.stato]


class VoceScouting(models.Model):
    """An offer found or a firm approached for a citizen during the scouting (M2, M3), with how it ended."""

    class Genere(models.TextChoices):
        OFFERTA = "offerta", "Offerta di lavoro"
        IMPRESA = "impresa", "Impresa contattata"

    class Esito(models.TextChoices):
        IN_ATTESA = "in_attesa", "In attesa di risposta"
        COLLOQUIO = "colloquio", "Colloquio fissato o svolto"
        ASSUNZIONE = "assunzione", "Assunzione"
        RIFIUTO_IMPRESA = "rifiuto_impresa", "L'impresa ha rifiutato"
        RIFIUTO_PERSONA = "rifiuto_persona", "La persona ha rifiutato"
        SENZA_RISPOSTA = "senza_risposta", "Nessuna risposta"

    misura = models.ForeignKey(Misura, on_delete=models.PROTECT, related_name="scouting")
    genere = models.CharField("che cosa", max_length=8, choices=Genere)
    impresa = models.CharField("impresa", max_length=200)
    descrizione = models.CharField("mansione o motivo del contatto", max_length=300, blank=True)
    data = models.DateField("data")
    incentivi = models.CharField("incentivi illustrati", max_length=300, blank=True)
    esito = models.CharField("esito", max_length=16, choices=Esito, default=Esito.IN_ATTESA)
    registrata_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    versione = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = "voce dello scouting"
        verbose_name_plural = "voci dello scouting"
        ordering = ["-data", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_genere_display()}: {self.impresa}"
