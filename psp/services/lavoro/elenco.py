"""The worklist: everything that is due in one list, the nearest first, with how much there is of each kind."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from django.db import connection
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, PresaInCarico, Ruolo, Utente
from psp.models import Promemoria
from psp.services.lavoro.generi import GENERI, tutte

PASSO = 20
RIGHE_MASSIME = 300
SENZA_LIMITE = 36_500

LETTURA = f"""
WITH seguiti AS MATERIALIZED (SELECT unnest(%(utenti)s::bigint[]) AS id),
voci AS MATERIALIZED (SELECT * FROM ({tutte()}) t WHERE scade <= %(oggi)s::date + %(entro)s)
SELECT genere, pk, utente_id, scade, oggetto, parole, NULL AS quante FROM (
    SELECT * FROM voci WHERE genere = ANY(%(generi)s) ORDER BY scade, utente_id, genere, pk LIMIT %(mostra)s) scelte
UNION ALL
SELECT genere, NULL, NULL, NULL, NULL, NULL, count(*) FROM voci GROUP BY genere
"""


@dataclass(frozen=True)
class Filtro:
    """What to show: the kinds (none: all), due within so many days (None: any), a supervisor's operator, how many."""

    generi: tuple[str, ...] = ()
    entro: int | None = None
    di: int | None = None
    mostra: int = PASSO

    def sceglie(self, genere: str) -> bool:
        return not self.generi or genere in self.generi


@dataclass(frozen=True)
class Voce:
    """One line: who, what, by when, where it is done. `giorni` are those left, negative when it is late."""

    genere: str
    pk: int
    utente_id: int | None
    persona: str
    riferimento: str
    testo: str
    url: str
    scade: dt.date
    giorni: int
    da_allora: bool

    @property
    def ritardo(self) -> int:
        return -self.giorni


@dataclass(frozen=True)
class Lavoro:
    """`voci`: the lines to show. `quante`: how many there are of each kind. `altre`: how many are not shown."""

    voci: list[Voce] = field(default_factory=list)
    quante: dict[str, int] = field(default_factory=dict)
    altre: int = 0

    @property
    def totale(self) -> int:
        return sum(self.quante.values())


def lavoro_di(operatore: Operatore, filtro: Filtro, adesso: dt.datetime) -> Lavoro:
    """The worklist of `operatore`, in four statements however many the cases and the kinds are (A1)."""
    oggi = timezone.localdate(adesso)
    parametri: dict[str, Any] = {
        "utenti": _seguiti(operatore, filtro.di),
        "visti": _visti_nei_promemoria(operatore),
        "operatore": operatore.pk,
        "oggi": oggi,
        "entro": SENZA_LIMITE if filtro.entro is None else filtro.entro,
        "generi": [chiave for chiave in GENERI if filtro.sceglie(chiave)],
        "mostra": filtro.mostra,
    }
    with connection.cursor() as cursore:
        cursore.execute(LETTURA, parametri)
        colonne = [c.name for c in cursore.description]
        righe = [dict(zip(colonne, riga, strict=True)) for riga in cursore.fetchall()]
    quante = {riga["genere"]: riga["quante"] for riga in righe if riga["quante"] is not None}
    persone = _persone(operatore, righe)
    voci = [_voce(riga, persone, oggi) for riga in righe if riga["quante"] is None]
    scelte = sum(n for chiave, n in quante.items() if filtro.sceglie(chiave))
    return Lavoro(voci, {chiave: quante[chiave] for chiave in GENERI if chiave in quante}, scelte - len(voci))


def _seguiti(operatore: Operatore, di: int | None) -> list[int]:
    """The keys of the people in charge whom the list is about: one's own; a supervisor's office, or those of `di`."""
    righe = Utente.objects.visibili_a(operatore).filter(
        Exists(PresaInCarico.objects.aperte().filter(utente=OuterRef("pk")))
    )
    if operatore.ruolo != Ruolo.RESPONSABILE:
        righe = righe.filter(operatore_riferimento=operatore)
    elif di is not None:
        righe = righe.filter(Q(operatore_riferimento=di) if di else Q(operatore_riferimento__isnull=True))
    return list(righe.order_by().values_list("pk", flat=True))


def _visti_nei_promemoria(operatore: Operatore) -> list[int]:
    """The people of one's reminders whom one still sees."""
    promemoria = Promemoria.objects.filter(operatore=operatore, fatto_il__isnull=True, utente__isnull=False)
    visti = Utente.objects.visibili_a(operatore).filter(pk__in=promemoria.values("utente"))
    return list(visti.order_by().values_list("pk", flat=True))


def _persone(operatore: Operatore, righe: list[dict[str, Any]]) -> dict[int, tuple[str, str]]:
    """Of the people in the lines: surname and name, and who follows them."""
    chiavi = {riga["utente_id"] for riga in righe if riga["utente_id"]}
    utenti: QuerySet[Utente] = Utente.objects.visibili_a(operatore).filter(pk__in=chiavi)
    letti = utenti.order_by().values_list(
        "pk", "cognome", "nome", F("operatore_riferimento__first_name"), F("operatore_riferimento__last_name")
    )
    return {pk: (f"{cognome} {nome}", f"{di or ''} {chi or ''}".strip()) for pk, cognome, nome, di, chi in letti}


def _voce(riga: dict[str, Any], persone: dict[int, tuple[str, str]], oggi: dt.date) -> Voce:
    genere = GENERI[riga["genere"]]
    persona, riferimento = persone.get(riga["utente_id"], ("", ""))
    return Voce(
        genere=genere.chiave,
        pk=riga["pk"],
        utente_id=riga["utente_id"],
        persona=persona,
        riferimento=riferimento,
        testo=genere.testo(riga),
        url=genere.url(riga),
        scade=riga["scade"],
        giorni=(riga["scade"] - oggi).days,
        da_allora=genere.da_allora,
    )
