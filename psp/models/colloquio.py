"""The interview in three phases (C1-C5)."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from orientamento.anagrafica.models import CPI, Operatore, TestoInformativo, Utente


class Fase(models.IntegerChoices):
    INFORMATIVA = 1, "Informativa"
    ANALISI = 2, "Analisi"
    DEFINIZIONE = 3, "Definizione"


class Giudizio(models.IntegerChoices):
    """The judgement of an area, of the expectations, of the motivation (C3, C4)."""

    MOLTO_BASSO = 1, "Da costruire"
    BASSO = 2, "Debole"
    MEDIO = 3, "Sufficiente"
    BUONO = 4, "Buono"
    OTTIMO = 5, "Ottimo"


class EsitoPromozione(models.TextChoices):
    """How the promotion of the portal and of the CV ended (C5)."""

    FATTO = "fatto", "Fatto durante il colloquio"
    GIA_PRESENTE = "gia_presente", "Era già presente"
    DECLINATO = "declinato", "La persona ha declinato"


class ColloquioQuerySet(models.QuerySet["Colloquio"]):
    def visibili_a(self, operatore: Operatore) -> ColloquioQuerySet:
        """Those of the citizens that `operatore` sees (A1)."""
        return self.filter(utente__in=Utente.objects.visibili_a(operatore))

    def in_corso(self) -> ColloquioQuerySet:
        return self.filter(concluso_il__isnull=True)


class Colloquio(models.Model):
    """One interview for the pact; several appointments count together (C1).

    `versione_1`, `_2`, `_3` count the saves of each phase: a form that carries an older number is refused (C8).
    `scritture` says of each field who wrote it last, when, and at which version of its phase, so that a refused save
    can show whose text stands against one's own: field → {"v": version, "id": operator, "da": name, "il": moment}.
    """

    utente = models.ForeignKey(Utente, on_delete=models.PROTECT, related_name="colloqui")
    cpi = models.ForeignKey(CPI, on_delete=models.PROTECT, related_name="+")
    aperto_il = models.DateTimeField("aperto il")
    aperto_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, related_name="+")
    concluso_il = models.DateTimeField("concluso il", null=True, blank=True)
    concluso_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    motivo_scostamento = models.TextField("motivo dello scostamento dai 90 minuti", max_length=2000, blank=True)

    # Phase 1 (C3)
    informato_svolgimento = models.BooleanField("informato sullo svolgimento e sulle fasi del colloquio", default=False)
    informato_diritti_doveri = models.BooleanField("informato sui diritti e sui doveri del patto", default=False)
    informato_il = models.DateTimeField("informato il", null=True, blank=True)
    informazioni = models.ForeignKey(
        TestoInformativo, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    aspettative = models.PositiveSmallIntegerField("aspettative", choices=Giudizio, null=True, blank=True)
    aspettative_note = models.TextField("note sulle aspettative", max_length=10_000, blank=True)
    motivazione = models.PositiveSmallIntegerField("motivazione", choices=Giudizio, null=True, blank=True)
    motivazione_note = models.TextField("note sulla motivazione", max_length=10_000, blank=True)

    # Phase 2 (C5); the ten areas are rows of AreaAnalisi
    portale = models.CharField("registrazione sul portale", max_length=12, choices=EsitoPromozione, blank=True)
    portale_motivo = models.CharField("motivo", max_length=300, blank=True)
    curriculum = models.CharField(
        "redazione o verifica del curriculum", max_length=12, choices=EsitoPromozione, blank=True
    )
    curriculum_motivo = models.CharField("motivo", max_length=300, blank=True)

    versione_1 = models.PositiveIntegerField(default=1, editable=False)
    versione_2 = models.PositiveIntegerField(default=1, editable=False)
    versione_3 = models.PositiveIntegerField(default=1, editable=False)
    scritture = models.JSONField(default=dict, blank=True, editable=False)
    salvato_il = models.DateTimeField("ultimo salvataggio", null=True, blank=True)
    salvato_da = models.ForeignKey(Operatore, on_delete=models.PROTECT, null=True, blank=True, related_name="+")

    objects = ColloquioQuerySet.as_manager()

    class Meta:
        verbose_name = "colloquio"
        verbose_name_plural = "colloqui"
        ordering = ["-aperto_il", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["utente"],
                condition=Q(concluso_il__isnull=True),
                name="un_solo_colloquio_in_corso",
                violation_error_message="La persona ha già un colloquio in corso: riprenderlo.",
            ),
            models.CheckConstraint(
                condition=(Q(aspettative__isnull=True) | Q(aspettative__range=(1, 5)))
                & (Q(motivazione__isnull=True) | Q(motivazione__range=(1, 5))),
                name="giudizi_da_uno_a_cinque",
            ),
        ]

    def __str__(self) -> str:
        return f"Colloquio del {self.aperto_il:%d/%m/%Y}"

    @classmethod
    def nome_del_campo(cls, nome: str) -> str:
        """What people call a field of the interview's pages: `area_vincoli_note` is of a row of AreaAnalisi."""
        if nome.startswith("area_"):
            area, _, parte = nome.removeprefix("area_").rpartition("_")
            return f"{Area(area).label} ({parte})" if area in Area.values else nome.replace("_", " ")
        if nome.endswith("_motivo"):
            return f"motivo: {cls.nome_del_campo(nome.removesuffix('_motivo'))}"
        return next((str(c.verbose_name) for c in cls._meta.fields if c.name == nome), nome.replace("_", " "))


class Area(models.TextChoices):
    """The ten areas of phase 2, in the order of the source (C4)."""

    PROFILO = "profilo", "Profilo professionale"
    ESPERIENZA = "esperienza", "Qualità dell'esperienza rispetto all'obiettivo"
    FORMAZIONE = "formazione", "Qualità della formazione rispetto all'obiettivo"
    AUTONOMIA = "autonomia", "Autonomia e iniziativa nella ricerca e nelle fonti"
    AUTOPROMOZIONE = "autopromozione", "Autoaffermazione e autopromozione"
    VINCOLI = "vincoli", "Vincoli personali"
    OBIETTIVO = "obiettivo", "Definizione e chiarezza dell'obiettivo"
    MERCATO = "mercato", "Conoscenza del mercato del lavoro"
    METODO = "metodo", "Metodo di ricerca e piano sulle imprese"
    STRUMENTI = "strumenti", "Strumenti per proporre la candidatura"


class AreaAnalisi(models.Model):
    """The judgement and the notes of one area."""

    colloquio = models.ForeignKey(Colloquio, on_delete=models.PROTECT, related_name="aree")
    area = models.CharField("area", max_length=20, choices=Area)
    giudizio = models.PositiveSmallIntegerField("giudizio", choices=Giudizio, null=True, blank=True)
    note = models.TextField("note", max_length=10_000, blank=True)

    class Meta:
        verbose_name = "area di analisi"
        verbose_name_plural = "aree di analisi"
        constraints = [
            models.UniqueConstraint(fields=["colloquio", "area"], name="una_riga_per_area"),
            models.CheckConstraint(
                condition=Q(giudizio__isnull=True) | Q(giudizio__range=(1, 5)), name="giudizio_area_da_uno_a_cinque"
            ),
        ]

    def __str__(self) -> str:
        return self.get_area_display()


class ImpresaObiettivo(models.Model):
    """A firm to which the citizen means to apply (C4, target firms)."""

    colloquio = models.ForeignKey(Colloquio, on_delete=models.CASCADE, related_name="imprese")
    nome = models.CharField("impresa", max_length=160)
    luogo = models.CharField("luogo", max_length=80, blank=True)
    motivo = models.CharField("perché e come candidarsi", max_length=300, blank=True)

    class Meta:
        verbose_name = "impresa obiettivo"
        verbose_name_plural = "imprese obiettivo"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["colloquio", "nome", "luogo"],
                name="impresa_una_sola_volta",
                violation_error_message="Questa impresa è già nell'elenco.",
            )
        ]

    def __str__(self) -> str:
        return self.nome
