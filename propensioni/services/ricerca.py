"""The tolerant search of professions (P3): folding in the database, typing errors judged here on a short list."""

from __future__ import annotations

import unicodedata
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Greatest, Left, Length, Right, RTrim, Substr, Trim

from orientamento.comune.piega import Piega
from propensioni.models import Professione, VoceProfessione
from propensioni.radici import Radici
from propensioni.services.errori_battitura import LETTERE_SCARTABILI, distanza_nome

LUNGHEZZA_MASSIMA = 120
PAROLE_MASSIME = 8
# With fewer sure results than these the search looks for typing errors too.
POCHE = 4
CANDIDATE = 150


def cerca_professioni(testo: str, limite: int = 12) -> list[Professione]:
    """Professions for what somebody typed, best first, each once, with their SEP; `voce_trovata` says what matched.

    Exact name, then beginning of the name, its words in any order, their beginnings, part of it, and last, where these
    are few and none is exact, names at one or two typing errors. Gender, number, accents, hyphens and blanks make no
    difference. At equal merit the everyday professions come before the official ones. One query; two when it looks for
    typing errors.
    """
    testo = unicodedata.normalize("NFKC", testo.replace("\x00", ""))[:LUNGHEZZA_MASSIMA].strip()
    if sum(carattere.isalnum() for carattere in testo) < 2:
        return []
    trovate: dict[int, Professione] = {}
    for voce in _sicure(testo)[: limite * 10]:
        if voce.professione_id in trovate:
            if voce.voce == voce.professione.titolo:  # the title matches too: no need to say which other name did
                trovate[voce.professione_id].voce_trovata = ""
        elif len(trovate) < limite:
            trovate[voce.professione_id] = _trovata(voce, esatta=voce.rango <= 1)
    if len(trovate) < min(POCHE, limite) and not any(trovata.esatta for trovata in trovate.values()):
        for voce in _con_errori(testo):
            trovate.setdefault(voce.professione_id, _trovata(voce))
            if len(trovate) == limite:
                break
    return list(trovate.values())


def _sicure(testo: str) -> QuerySet[Any]:
    """The names that match without supposing errors, with their rank."""
    intero, radici = Piega(Value(testo)), Radici(Value(testo))
    parole = reduce(and_, (Q(radici__contains=Radici(Value(parola))) for parola in _parole(testo)))
    inizi = reduce(and_, (Q(radici__contains=RTrim(Radici(Value(parola)))) for parola in _parole(testo)))
    return (
        _voci()
        .alias(chiesto=intero, chieste=radici)
        .filter((inizi & ~Q(chieste=" ")) | (Q(voce_piegata__contains=intero) & ~Q(chiesto="")))
        .annotate(
            rango=Case(
                When(voce_piegata=intero, then=0),
                When(radici=radici, then=1),
                When(voce_piegata__startswith=intero, then=2),
                When(parole, then=3),
                When(inizi, then=4),
                default=5,
                output_field=IntegerField(),
            )
        )
        .order_by("rango", "-professione__quotidiana", Length("voce_piegata"), "professione__titolo", "voce")
    )


def _con_errori(testo: str) -> list[Any]:
    """Names at one or two errors from what was typed, nearest first."""
    memoria: dict[tuple[str, str], float | None] = {}
    buone = []
    for voce in _candidate(testo):
        errori = distanza_nome(voce.cercate.split(), voce.radici.split(), memoria)
        if errori is not None:
            ordine = (errori, not voce.professione.quotidiana, -voce.somiglianza, voce.professione.titolo)
            buone.append((ordine, voce))
    return [voce for _, voce in sorted(buone, key=lambda buona: buona[0])]


def _candidate(testo: str) -> QuerySet[Any]:
    """The likeliest of the names that share a piece with each long word; the errors are then counted one by one."""
    intero = Piega(Value(testo))
    parole = _parole(testo)
    lunghe = [parola for parola in parole if len(parola) > LETTERE_SCARTABILI]
    vicine = reduce(and_, (_pezzi(parola) for parola in lunghe or parole))
    return (
        _voci()
        .alias(chiesto=intero)
        .filter(vicine, ~Q(chiesto=""))
        .annotate(somiglianza=TrigramSimilarity("voce_piegata", intero), cercate=Radici(Value(testo)))  # type: ignore[arg-type]
        .order_by("-somiglianza", "voce")[:CANDIDATE]
    )


def _pezzi(parola: str) -> Q:
    """Names that hold a piece of the word: one error leaves one of its halves whole, two one of its thirds.

    Between the halves a letter is left out, for two letters swapped there. Pieces of short words keep their place.
    """
    if len(parola) < 4:
        return Q()
    radice = Trim(Radici(Value(parola)))
    lunghezza = Length(radice)
    meta, terzo = lunghezza / 2, lunghezza / 3
    fine = Right(radice, Greatest(lunghezza - meta - 1, 1))
    lunga = len(parola) >= 8
    vicine = Q(radici__contains=Concat(Value(" "), Left(radice, meta)))
    vicine |= Q(radici__contains=fine if lunga else Concat(fine, Value(" ")))
    if lunga:
        vicine |= Q(radici__contains=Concat(Value(" "), Left(radice, terzo)))
        vicine |= Q(radici__contains=Substr(radice, 1 + terzo, terzo))
        vicine |= Q(radici__contains=Concat(Right(radice, terzo), Value(" ")))
    return vicine


def _voci() -> QuerySet[VoceProfessione]:
    return VoceProfessione.objects.filter(professione__attiva=True).select_related("professione__sep")


def _parole(testo: str) -> list[str]:
    separate = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in testo)
    return separate.split()[:PAROLE_MASSIME]


def _trovata(voce: VoceProfessione, *, esatta: bool = False) -> Professione:
    professione = voce.professione
    professione.esatta = esatta
    professione.voce_trovata = "" if voce.voce.casefold() == professione.titolo.casefold() else voce.voce
    return professione
