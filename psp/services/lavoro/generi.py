"""The kinds of things that fall due, one table: what they are, where they are read, what the line says (U3, M1, M3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.db.models import Case, DateField, Exists, ExpressionWrapper, F, Max, OuterRef, Q, QuerySet, Subquery, When
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.urls import reverse
from django.utils import timezone

from curriculum.services.scadenze import curricula_in_scadenza
from orientamento.anagrafica.models import DID, Operatore, PresaInCarico, Ruolo, Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import (
    Appuntamento,
    AttoRicerca,
    Iscrizione,
    Misura,
    PattoDiServizio,
    Promemoria,
    ProvaAtto,
    Revisione,
    StatoMisura,
    StatoPatto,
)
from psp.models.frequenza import prossima

PREAVVISO_DEL_PATTO = 30
PREAVVISO_DEL_PROMEMORIA = 7
GIORNI_SENZA_NOTIZIE = 60
Righe = QuerySet[Any]


@dataclass(frozen=True)
class Ambito:
    """Whose work is read: an operator's own people; a supervisor's office, or those of `di` (0: of nobody)."""

    operatore: Operatore
    adesso: dt.datetime
    di: int | None = None

    @property
    def oggi(self) -> dt.date:
        return timezone.localdate(self.adesso)

    @property
    def del_centro(self) -> bool:
        return self.operatore.ruolo == Ruolo.RESPONSABILE

    @cached_property
    def utenti(self) -> QuerySet[Utente]:
        """The citizens in charge whom this is about."""
        righe = Utente.objects.visibili_a(self.operatore).filter(
            Exists(PresaInCarico.objects.aperte().filter(utente=OuterRef("pk")))
        )
        if not self.del_centro:
            return righe.filter(operatore_riferimento=self.operatore)
        if self.di is None:
            return righe
        return (
            righe.filter(operatore_riferimento=self.di or None)
            if self.di
            else righe.filter(operatore_riferimento__isnull=True)
        )


@dataclass(frozen=True)
class Genere:
    """`righe` reads what is due, each row with `scade` and, through `utente`, the citizen; `testo` and `url` say it."""

    chiave: str
    nome: str
    righe: Callable[[Ambito], Righe]
    testo: Callable[[Any], str]
    url: Callable[[Any], str]
    utente: str = "utente"


def _patti_da_scrivere(ambito: Ambito) -> Righe:
    """In charge with a DID in force and no pact in force: the clock of U3."""
    in_vigore = PattoDiServizio.objects.in_vigore().filter(utente=OuterRef("utente"))
    termine = ExpressionWrapper(F("data") + F("programma__giorni_per_patto"), DateField())
    return (
        DID.objects.in_corso()
        .filter(~Exists(in_vigore), utente__in=ambito.utenti)
        .select_related("programma")
        .annotate(scade=termine)
    )


def _rimandati(ambito: Ambito) -> Righe:
    """Sent back by the reviewer and not yet sent again (T4)."""
    rimando = Revisione.objects.filter(patto=OuterRef("pk"), esito=Revisione.Esito.RIMANDATO).order_by("-fatta_il")
    righe = _patti(ambito, StatoPatto.BOZZA).annotate(scade=TruncDate(Subquery(rimando.values("fatta_il")[:1])))
    return righe.filter(scade__isnull=False)


def _atti(ambito: Ambito) -> Righe:
    righe = AttoRicerca.objects.in_vigore().filter(patto__utente__in=ambito.utenti)
    return righe.in_ritardo(ambito.oggi).defer("patto__pdf", "patto__contenuto").annotate(scade=F("scadenza"))


def _prove(ambito: Ambito) -> Righe:
    righe = ProvaAtto.objects.da_verificare().filter(atto__patto__utente__in=ambito.utenti)
    pesi = ("atto__patto__pdf", "atto__patto__contenuto")
    return righe.select_related("atto").defer(*pesi).annotate(scade=F("fatto_il"))


def _misure(ambito: Ambito) -> Righe:
    """Not started on the planned day, or not closed on the planned last day (M3)."""
    scade = Case(
        When(stato=StatoMisura.CONCORDATA, then=F("inizio_previsto")),
        default=F("fine_prevista"),
        output_field=DateField(),
    )
    righe = Misura.objects.da_erogare().filter(patto__utente__in=ambito.utenti).select_related("servizio")
    return righe.defer("patto__pdf", "patto__contenuto").annotate(scade=scade).filter(scade__lt=ambito.oggi)


def _contatti(ambito: Ambito) -> Righe:
    """The agreed frequency of contacts has passed since the citizen was last met (art. 20)."""
    visto = Iscrizione.objects.filter(utente=OuterRef("utente"), stato=Iscrizione.Stato.PRESENTE).order_by("-inizio")
    colloquio = (
        Appuntamento.objects.filter(colloquio__utente=OuterRef("utente"))
        .order_by()
        .values("colloquio__utente")
        .annotate(ultimo=Max("data"))
    )
    ultimo = Greatest(
        F("firmato_il"), TruncDate(Subquery(visto.values("inizio")[:1])), Subquery(colloquio.values("ultimo")[:1])
    )
    righe = _patti(ambito, StatoPatto.FIRMATO).annotate(ultimo=ultimo)
    return righe.annotate(scade=prossima("frequenza_contatti", F("ultimo"))).filter(scade__lt=ambito.oggi)


def _curricula(ambito: Ambito) -> Righe:
    righe: Righe = curricula_in_scadenza(ambito.operatore, adesso=ambito.adesso, di=ambito.di)
    return righe.annotate(scade=F("valido_fino_al"))


def _patti_in_scadenza(ambito: Ambito) -> Righe:
    fino_al = ambito.oggi + dt.timedelta(days=PREAVVISO_DEL_PATTO)
    return (
        _patti(ambito, StatoPatto.FIRMATO, StatoPatto.SOSPESO).annotate(scade=F("valido_al")).filter(scade__lte=fino_al)
    )


def _fermi(ambito: Ambito) -> Righe:
    """Nobody has done anything for the citizen for long; to look at a file is not to do something."""
    eventi = Evento.objects.filter(utente=OuterRef("pk")).exclude(azione=Azione.FASCICOLO_APERTO).order_by("-quando")
    ultimo = Coalesce(Subquery(eventi.values("quando")[:1]), F("creato_il"))
    righe = ambito.utenti.annotate(ultimo=ultimo)
    return righe.annotate(scade=TruncDate(F("ultimo"))).filter(
        scade__lte=ambito.oggi - dt.timedelta(days=GIORNI_SENZA_NOTIZIE)
    )


def _promemoria(ambito: Ambito) -> Righe:
    fino_al = ambito.oggi + dt.timedelta(days=PREAVVISO_DEL_PROMEMORIA)
    righe = Promemoria.objects.filter(operatore=ambito.operatore, fatto_il__isnull=True, giorno__lte=fino_al)
    return righe.filter(Q(utente__isnull=True) | Q(utente__in=Utente.objects.visibili_a(ambito.operatore))).annotate(
        scade=F("giorno")
    )


def _patti(ambito: Ambito, *stati: str) -> Righe:
    return PattoDiServizio.objects.filter(stato__in=stati, utente__in=ambito.utenti).defer("pdf", "contenuto")


def _del_patto(patto: PattoDiServizio) -> str:
    return reverse("psp:patto", args=[patto.pk])


def _della_persona(riga: Any) -> str:
    return reverse("psp:utente", args=[riga.utente_id])


GENERI: dict[str, Genere] = {
    genere.chiave: genere
    for genere in (
        Genere(
            "promemoria",
            "Promemoria",
            _promemoria,
            lambda p: p.testo,
            lambda p: _della_persona(p) if p.utente_id else "",
        ),
        Genere(
            "patto",
            "Patti da scrivere",
            _patti_da_scrivere,
            lambda d: f"Scrivere il patto: DID del {d.data:%d/%m/%Y}, {d.programma}",
            _della_persona,
        ),
        Genere(
            "rimandato",
            "Patti rimandati",
            _rimandati,
            lambda p: "Correggere il patto rimandato dal revisore",
            _del_patto,
        ),
        Genere(
            "atto",
            "Atti in ritardo",
            _atti,
            lambda a: f"Chiedere conto dell'atto: {a.descrizione}",
            lambda a: f"{reverse('psp:attivita', args=[a.patto.utente_id])}#atto-{a.pk}",
            "patto__utente",
        ),
        Genere(
            "prova",
            "Prove da verificare",
            _prove,
            lambda p: f"Verificare la prova: {p.descrizione}",
            lambda p: f"{reverse('psp:attivita', args=[p.atto.patto.utente_id])}#atto-{p.atto_id}",
            "atto__patto__utente",
        ),
        Genere(
            "misura",
            "Misure in ritardo",
            _misure,
            lambda m: f"{'Avviare' if m.stato == StatoMisura.CONCORDATA else 'Concludere'} la misura: {m.servizio}",
            lambda m: reverse("psp:misura", args=[m.pk]),
            "patto__utente",
        ),
        Genere(
            "contatto",
            "Contatti dovuti",
            _contatti,
            lambda p: (
                f"Sentire la persona, {p.get_frequenza_contatti_display().lower()}: "
                f"l'ultima volta il {p.ultimo:%d/%m/%Y}"
            ),
            lambda p: f"{reverse('psp:nuova_seduta')}?utente={p.utente_id}",
        ),
        Genere(
            "curriculum",
            "Curriculum in scadenza",
            _curricula,
            lambda c: "Rivedere il curriculum",
            lambda c: reverse("curriculum:pannello", args=[c.utente_id]),
        ),
        Genere(
            "scadenza", "Patti in scadenza", _patti_in_scadenza, lambda p: "Rinnovare o chiudere il patto", _del_patto
        ),
        Genere(
            "fermo",
            "Fermi da tempo",
            _fermi,
            lambda u: "Nessuna attività da allora: riprendere il caso",
            lambda u: reverse("psp:utente", args=[u.pk]),
            "",
        ),
    )
}
