"""Intuition: full-text search in Italian. Words are compared by their root, without accents and without case."""

from __future__ import annotations

import re
import sqlite3
import threading
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from curriculum.portale.prova import tempo
from curriculum.portale.prova.deposito import deposito

PER_PAGINA = 20
PAROLE_MASSIME = 12
INTORNO = 110  # characters shown on each side of the first word found
# Words that every text has: they narrow no search.
VUOTE = frozenset(
    "a ad al alla alle agli ai allo anche che chi ci con come cui da dal dalla dalle degli dei del della delle dello di"
    " e ed gli i il in io l la le lo ma mi ne nel nella nelle nei negli nello non o od per piu presso si sono su sul"
    " sulla tra fra un una uno d dell all nell sull".split()
)
_PAROLA = re.compile(r"[^\W_]+")
_locale = threading.local()


@dataclass(frozen=True)
class Trovato:
    riga: sqlite3.Row
    brano: list[tuple[str, bool]]  # pieces of text, and whether each is a word that was looked for


@dataclass(frozen=True)
class Esito:
    trovati: list[Trovato]
    quanti: int
    tutte_le_parole: bool  # false when no CV holds them all, and those with some of them are shown


def piegata(testo: str) -> str:
    """Without accents and case."""
    scomposto = unicodedata.normalize("NFKD", testo.casefold())
    return "".join(segno for segno in scomposto if not unicodedata.combining(segno))


@lru_cache(maxsize=50_000)
def radice(parola: str) -> str:
    """What «magazziniera» and «magazziniere» have in common."""
    # A stemmer remembers the word it is at: one for each thread.
    italiano = getattr(_locale, "italiano", None)
    if italiano is None:
        italiano = _locale.italiano = snowballstemmer.stemmer("italian")
    return str(italiano.stemWord(piegata(parola)))


def radici(testo: str) -> list[str]:
    """The roots of all the words of a text, in their order."""
    return [radice(parola) for parola in _PAROLA.findall(testo)]


def cerca(testo: str, *, oggi: str, anche_obsoleti: bool = False, pagina: int = 1) -> Esito:
    """The CVs that Intuition shows now and that hold the words of `testo`; all of them when it is empty.

    Those uploaded more than six months ago are left out unless asked for: a firm would find people who have
    moved on. The best match first, where a profession counts more than a word of the file.
    """
    cercate = list(dict.fromkeys(radice(p) for p in _PAROLA.findall(testo)[:PAROLE_MASSIME] if piegata(p) not in VUOTE))
    for congiunzione in (" AND ", " OR "):
        richiesta = congiunzione.join(f'"{parola}"' for parola in cercate)
        righe = _righe(richiesta, oggi, anche_obsoleti)
        if righe or not cercate:
            break
    scelte = righe[(pagina - 1) * PER_PAGINA : pagina * PER_PAGINA]
    return Esito([Trovato(r, brano(_testo(r["id"]), cercate)) for r in scelte], len(righe), congiunzione == " AND ")


def _righe(richiesta: str, oggi: str, anche_obsoleti: bool) -> list[sqlite3.Row]:
    adesso = tempo.secondi()
    trova = "JOIN indice ON indice.rowid = c.id AND indice MATCH :richiesta" if richiesta else ""
    ordine = "bm25(indice, 5.0, 1.0)," if richiesta else ""
    return (
        deposito()
        .legge()
        .execute(
            "SELECT c.id, c.codice_fiscale, c.propensioni, c.titoli, c.caricato_il, c.scade_il, p.nome, p.cognome"  # noqa: S608
            f" FROM curriculum c {trova} JOIN cittadino p ON p.codice_fiscale = c.codice_fiscale"
            " WHERE c.intuition_da <= :adesso AND (c.intuition_fino IS NULL OR c.intuition_fino > :adesso)"
            " AND (:anche_obsoleti OR c.scade_il >= :oggi)"
            f" ORDER BY {ordine} c.caricato_il DESC, c.id LIMIT 1000",
            {"richiesta": richiesta, "adesso": adesso, "oggi": oggi, "anche_obsoleti": anche_obsoleti},
        )
        .fetchall()
    )


def _testo(pk: int) -> str:
    return str(deposito().legge().execute("SELECT testo FROM curriculum WHERE id = ?", [pk]).fetchone()["testo"])


def brano(testo: str, cercate: list[str]) -> list[tuple[str, bool]]:
    """The stretch of text around the first word found, cut at whole words, with the words found set apart."""
    testo = " ".join(testo.split())
    volute = set(cercate)
    primo = next((p for p in _PAROLA.finditer(testo) if radice(p[0]) in volute), None)
    inizio = max(0, primo.start() - INTORNO) if primo else 0
    fine = min(len(testo), (primo.end() if primo else INTORNO) + INTORNO)
    if inizio:
        inizio = testo.find(" ", inizio) + 1
    if fine < len(testo):
        fine = max(testo.rfind(" ", inizio, fine), inizio)
    pezzi: list[tuple[str, bool]] = [("… ", False)] if inizio else []
    ultimo = inizio
    for parola in _PAROLA.finditer(testo, inizio, fine):
        if radice(parola[0]) in volute:
            pezzi += [(testo[ultimo : parola.start()], False), (parola[0], True)]
            ultimo = parola.end()
    pezzi.append((testo[ultimo:fine] + (" …" if fine < len(testo) else ""), False))
    return [pezzo for pezzo in pezzi if pezzo[0]]
