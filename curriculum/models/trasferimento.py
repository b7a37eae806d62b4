"""The outbound queue to the portal (V2, V3, V5, V6): each row is one thing to be done there."""

from __future__ import annotations

import datetime as dt
import uuid

import pgtrigger
from django.db import models
from django.db.models import F, Q

from curriculum.models.curriculum import Curriculum
from orientamento.anagrafica.models import Operatore, Utente


class Operazione(models.TextChoices):
    INVIO = "invio", "Trasferimento del curriculum"
    RIMOZIONE = "rimozione", "Rimozione da Intuition"
    SOLLECITO = "sollecito", "Nuovo messaggio di conferma"


class StatoTrasferimento(models.TextChoices):
    DA_INVIARE = "da_inviare", "Da inviare"
    IN_CORSO = "in_corso", "In corso"
    IN_ATTESA = "in_attesa", "In attesa di conferma del cittadino"
    INVIATO = "inviato", "Inviato"
    CONFERMATO = "confermato", "Confermato dal portale"
    RIFIUTATO = "rifiutato", "Rifiutato"
    ANNULLATO = "annullato", "Annullato"


_S = StatoTrasferimento

# The only passages of state there are. The database refuses every other (trigger below).
PASSAGGI: dict[str, frozenset[str]] = {
    _S.DA_INVIARE: frozenset({_S.IN_CORSO, _S.ANNULLATO, _S.RIFIUTATO}),
    _S.IN_CORSO: frozenset({_S.DA_INVIARE, _S.IN_ATTESA, _S.INVIATO, _S.CONFERMATO, _S.RIFIUTATO, _S.ANNULLATO}),
    _S.IN_ATTESA: frozenset({_S.IN_CORSO, _S.ANNULLATO, _S.RIFIUTATO}),
    _S.INVIATO: frozenset({_S.CONFERMATO, _S.RIFIUTATO, _S.ANNULLATO}),
    _S.CONFERMATO: frozenset(),
    _S.RIFIUTATO: frozenset(),
    _S.ANNULLATO: frozenset(),
}
CHIUSI = (_S.CONFERMATO, _S.RIFIUTATO, _S.ANNULLATO)
IN_CODA = (_S.DA_INVIARE, _S.IN_ATTESA)
APERTI = (_S.DA_INVIARE, _S.IN_CORSO, _S.IN_ATTESA, _S.INVIATO)
# A send that has reached the portal, or of which nobody can say that it has not.
FORSE_ARRIVATO = Q(operazione=Operazione.INVIO) & (
    Q(stato=_S.IN_CORSO) | Q(inviato_il__isnull=False) | Q(esito_incerto=True)
)


class TrasferimentoQuerySet(models.QuerySet["Trasferimento"]):
    def visibili_a(self, operatore: Operatore) -> TrasferimentoQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))

    def aperti(self) -> TrasferimentoQuerySet:
        """Not ended: something is still to be done or to be heard from the portal."""
        return self.filter(stato__in=APERTI)

    def in_coda(self) -> TrasferimentoQuerySet:
        """Not yet gone: can still be stopped."""
        return self.filter(stato__in=IN_CODA)

    def da_lavorare(self, adesso: dt.datetime) -> TrasferimentoQuerySet:
        """Due at `adesso` and in nobody's hands: `prossimo_il` is also the end of a claim that went stale."""
        return self.filter(stato__in=APERTI, prossimo_il__lte=adesso)


class Trasferimento(models.Model):
    """One operation to be done on the portal; the row is the queue, tasks only ring the bell (V6).

    `chiave` is the same at every attempt. `prossimo_il` is when the row is due: the end of a pause after an error, of
    the wait for an answer, or of a claim whose holder died. `presa` marks the present claim, so that a holder who comes
    back late writes nothing. The citizen's rows are worked one at a time, in the order in which they were made.
    """

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="trasferimenti")
    operazione = models.CharField("operazione", max_length=10, choices=Operazione)
    codice_fiscale = models.CharField(
        "codice fiscale sul portale",
        max_length=16,
        blank=True,
        default="",
        help_text="Quello della richiesta: se il fascicolo viene corretto, qui resta com'era.",
    )
    curriculum = models.ForeignKey(
        Curriculum, on_delete=models.PROTECT, null=True, blank=True, related_name="trasferimenti"
    )
    stato = models.CharField("stato", max_length=12, choices=StatoTrasferimento, default=StatoTrasferimento.DA_INVIARE)
    chiave = models.UUIDField("chiave di idempotenza", default=uuid.uuid4, unique=True, editable=False)
    creato_il = models.DateTimeField("chiesto il")
    creato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    avviso_accettato_il = models.DateTimeField("avviso accettato il", null=True, blank=True)
    avviso_versione = models.CharField("versione dell'avviso", max_length=10, blank=True)
    sostituisce = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="sostituito_da"
    )

    prossimo_il = models.DateTimeField("da lavorare dal", null=True, blank=True)
    presa = models.UUIDField(null=True, blank=True, editable=False)
    tentativi = models.PositiveIntegerField("tentativi", default=0)
    esito_incerto = models.BooleanField(
        "l'ultimo tentativo può essere arrivato", default=False, help_text="Prima di ripetere si chiede lo stato (V6)."
    )
    ultimo_tentativo_il = models.DateTimeField("ultimo tentativo il", null=True, blank=True)
    in_attesa_dal = models.DateTimeField("in attesa del cittadino dal", null=True, blank=True)
    inviato_il = models.DateTimeField("inviato il", null=True, blank=True)
    chiuso_il = models.DateTimeField("chiuso il", null=True, blank=True)
    errore = models.CharField("codice dell'ultimo errore", max_length=40, blank=True)
    motivo = models.CharField("motivo", max_length=300, blank=True)

    objects = TrasferimentoQuerySet.as_manager()

    class Meta:
        verbose_name = "trasferimento"
        verbose_name_plural = "trasferimenti"
        ordering = ["-creato_il", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente", "operazione", "codice_fiscale"],
                condition=Q(stato__in=["da_inviare", "in_attesa"]),
                name="una_sola_operazione_in_coda",
                violation_error_message="C'è già una richiesta uguale in coda.",
            ),
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(stato="in_corso"),
                name="un_solo_trasferimento_in_corso",
                violation_error_message="Un altro trasferimento della persona è in corso.",
            ),
            models.CheckConstraint(
                condition=~Q(operazione="invio")
                | Q(curriculum__isnull=False, avviso_accettato_il__isnull=False, avviso_versione__gt=""),
                name="invio_solo_con_avviso_accettato",
                violation_error_message="Prima del trasferimento va accettato l'avviso.",
            ),
            models.CheckConstraint(
                condition=Q(stato__in=CHIUSI, chiuso_il__isnull=False, prossimo_il__isnull=True)
                | Q(stato__in=APERTI, chiuso_il__isnull=True, prossimo_il__isnull=False),
                name="trasferimento_aperto_o_chiuso",
            ),
            models.CheckConstraint(
                condition=~Q(stato__in=["rifiutato", "annullato"]) | Q(motivo__gt=""),
                name="motivo_di_rifiuto_e_annullamento",
                violation_error_message="Va detto il motivo.",
            ),
            models.CheckConstraint(
                condition=~Q(stato="in_corso") | Q(presa__isnull=False), name="in_corso_solo_con_una_presa"
            ),
            models.CheckConstraint(
                condition=Q(chiuso_il__isnull=True) | Q(chiuso_il__gte=F("creato_il")),
                name="trasferimento_date_in_ordine",
            ),
        ]
        indexes = [
            models.Index(fields=["prossimo_il"], condition=Q(prossimo_il__isnull=False), name="trasferimento_dovuto"),
            models.Index(fields=["utente", "-id"], name="trasferimento_per_utente"),
        ]
        triggers = [
            pgtrigger.FSM(
                name="passaggi_del_trasferimento",
                field="stato",
                transitions=[(da, a) for da, arrivi in PASSAGGI.items() for a in sorted(arrivi)],
            ),
            pgtrigger.Protect(name="trasferimento_non_eliminabile", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.get_operazione_display()}, {self.get_stato_display().lower()}"

    @property
    def aperto(self) -> bool:
        return self.stato in APERTI
