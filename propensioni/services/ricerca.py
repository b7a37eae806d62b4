"""The tolerant search of professions (P3): folding in the database, typing errors judged here on a short list."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import reduce
from operator import and_
from typing import Any

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, Value, When
from django.db.models.functions import Concat, Greatest, Left, Length, Right, RTrim, Substr, Trim

from orientamento.comune.piega import Piega
from propensioni.models import VoceProfessione
from propensioni.radici import Radici
from propensioni.services.errori_battitura import LETTERE_SCARTABILI, distanza_nome

LUNGHEZZA_MASSIMA = 120
PAROLE_MASSIME = 8
# With fewer sure results than these the search looks for typing errors too.
POCHE = 4
CANDIDATE = 150


@dataclass(frozen=True)
class ProfessioneTrovata:
    """A result. `voce` is the name that matched, where it is not the title."""

    id: int
    titolo: str
    codice: str
    edizione: str
    voce: str
    sep_id: int | None
    sep: str
    esatta: bool


def cerca_professioni(testo: str, limite: int = 12) -> list[ProfessioneTrovata]:
    """Professions for what somebody typed, best first, each once.

    Exact name, then beginning of the name, its words in any order, their beginnings, part of it, and last, where these
    are few and none is exact, names at one or two typing errors. Gender, number, accents, hyphens and blanks make no
    difference. At equal merit the everyday professions come before the official ones. One query; two when it looks for
    typing errors.
    """
    testo = unicodedata.normalize("NFKC", testo.replace("\x00", ""))[:LUNGHEZZA_MASSIMA].strip()
    if sum(carattere.isalnum() for carattere in testo) < 2:
        return []
    trovate: dict[int, ProfessioneTrovata] = {}
    for riga in _sicure(testo)[: limite * 10]:
        trovate.setdefault(riga["professione_id"], _trovata(riga, esatta=riga["rango"] <= 1))
        if len(trovate) == limite:
            break
    if len(trovate) < min(POCHE, limite) and not any(trovata.esatta for trovata in trovate.values()):
        for riga in _con_errori(testo):
            trovate.setdefault(riga["professione_id"], _trovata(riga, esatta=False))
            if len(trovate) == limite:
                break
    return list(trovate.values())


def _sicure(testo: str) -> QuerySet[VoceProfessione, dict[str, Any]]:
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
        .values("rango", *_CAMPI)
    )


def _con_errori(testo: str) -> list[dict[str, Any]]:
    """Names at one or two errors from what was typed, nearest first: candidates by index, then errors are counted."""
    intero = Piega(Value(testo))
    parole = _parole(testo)
    lunghe = [parola for parola in parole if len(parola) > LETTERE_SCARTABILI]
    vicine = reduce(and_, (_pezzi(parola) for parola in lunghe or parole))
    candidate = (
        _voci()
        .alias(chiesto=intero)
        .filter(vicine, ~Q(chiesto=""))
        .annotate(somiglianza=TrigramSimilarity("voce_piegata", intero), cercate=Radici(Value(testo)))
        .order_by("-somiglianza", "voce")
        .values("somiglianza", "cercate", "radici", *_CAMPI)[:CANDIDATE]
    )
    memoria: dict[tuple[str, str], float | None] = {}
    buone = []
    for riga in candidate:
        errori = distanza_nome(riga["cercate"].split(), riga["radici"].split(), memoria)
        if errori is not None:
            buone.append((errori, not riga["quotidiana"], -riga["somiglianza"], riga["titolo"], riga))
    return [riga for *_, riga in sorted(buone, key=lambda buona: buona[:-1])]


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


_CAMPI = ["professione_id", "voce", "titolo", "codice", "edizione", "sep_id", "sep", "quotidiana"]


def _voci() -> QuerySet[VoceProfessione]:
    return VoceProfessione.objects.filter(professione__attiva=True).annotate(
        titolo=F("professione__titolo"),
        codice=F("professione__codice"),
        edizione=F("professione__edizione"),
        quotidiana=F("professione__quotidiana"),
        sep_id=F("professione__sep_id"),
        sep=F("professione__sep__nome"),
    )


def _parole(testo: str) -> list[str]:
    separate = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in testo)
    return separate.split()[:PAROLE_MASSIME]


def _trovata(riga: dict[str, Any], *, esatta: bool) -> ProfessioneTrovata:
    return ProfessioneTrovata(
        id=riga["professione_id"],
        titolo=riga["titolo"],
        codice=riga["codice"],
        edizione=riga["edizione"],
        voce="" if riga["voce"].casefold() == riga["titolo"].casefold() else riga["voce"],
        sep_id=riga["sep_id"],
        sep=riga["sep"] or "",
        esatta=esatta,
    )
