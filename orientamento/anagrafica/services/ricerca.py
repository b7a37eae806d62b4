"""The search of citizens: one box for codice fiscale, names in any order, birth date (U1), forgiving slips.

First what begins as typed, by plain indexes, each branch stopping at as many rows as are shown; only where that is
not enough, the names that resemble. The SQL is written by hand because this is the most frequent question of all;
which rows may be seen still comes from the model's `ambito`.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from django.db import connection

from orientamento.anagrafica.models import Operatore, Sesso, StatoDID
from orientamento.anagrafica.models.utente import ambito
from orientamento.anagrafica.services.codice_fiscale import normalizza
from orientamento.comune.calendario import eta, oggi
from orientamento.comune.piega import piega_testo
from orientamento.registro.azioni import Azione

LIMITE = 20
PAROLE_AL_PIU = 5

_DATA = re.compile(
    r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)|(?<![^\W_])(\d{2})(\d{2})((?:19|20)\d{2})(?![^\W_])"
)
_ANNO = re.compile(r"(?<![^\W_])((?:19|20)\d{2})(?![^\W_])")
_CODICE_INTERO = re.compile(r"[A-Z]{6}[0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{2}[A-Z0-9]{5}|\d{11}")
_CODICE_INIZIO = re.compile(r"[A-Z]{6}\d[0-9LMNP-V](?:[A-EHLMPRST][A-Z0-9]{0,6})?|\d{9,10}")


@dataclass(frozen=True, slots=True)
class Trovato:
    """One person found. `simile` marks a name that only resembles what was typed."""

    id: int
    cognome: str
    nome: str
    codice_fiscale: str
    sesso: str
    data_nascita: dt.date
    did_data: dt.date | None
    did_stato: str
    operatore: str
    simile: bool = False

    @property
    def anni(self) -> int:
        return eta(self.data_nascita, oggi())

    @property
    def nato(self) -> str:
        return "nata" if self.sesso == Sesso.FEMMINA else "nato"

    @property
    def did_sospesa(self) -> bool:
        return self.did_stato == StatoDID.SOSPESA


@dataclass(frozen=True)
class Domanda:
    """What was typed, taken apart. The birth is a day or, with a name, a year: first and last day."""

    codice: str = ""
    nascita: tuple[dt.date, dt.date] | None = None
    parole: tuple[str, ...] = ()
    data_impossibile: str = ""

    @property
    def vuota(self) -> bool:
        giorno = self.nascita is not None and self.nascita[0] == self.nascita[1]
        return not (self.codice or giorno or any(len(parola) > 1 for parola in self.parole))


@dataclass(frozen=True)
class Esito:
    """The people found, and whether there are more than those."""

    domanda: Domanda
    persone: list[Trovato] = field(default_factory=list)
    altri: bool = False


def interpreta(testo: str) -> Domanda:
    """Take apart what was typed: a codice fiscale or its beginning, a date, and the words that remain."""
    testo = testo.strip()[:200]
    codice = normalizza(testo)
    if _CODICE_INTERO.fullmatch(codice) or (" " not in testo and _CODICE_INIZIO.fullmatch(codice)):
        return Domanda(codice=codice)
    nascita, impossibile = None, ""
    trovata = _DATA.search(testo)
    if trovata:
        giorno = _giorno(*(pezzo for pezzo in trovata.groups() if pezzo))
        nascita, impossibile = ((giorno, giorno), "") if giorno else (None, trovata[0])
    else:
        trovata = _ANNO.search(testo)
        if trovata:
            nascita = (dt.date(int(trovata[1]), 1, 1), dt.date(int(trovata[1]), 12, 31))
    if trovata:
        testo = f"{testo[: trovata.start()]} {testo[trovata.end() :]}"
    parole = tuple(filter(None, map(piega_testo, re.split(r"[\s,;]+", testo))))
    return Domanda(nascita=nascita, parole=parole[:PAROLE_AL_PIU], data_impossibile=impossibile)


def cerca_utenti(testo: str, *, operatore: Operatore, limite: int = LIMITE) -> Esito:
    """The people that `operatore` may see and that answer to `testo`; at most two queries, three when nothing fits."""
    domanda = interpreta(testo)
    condizioni = ambito(operatore)
    if condizioni is None or domanda.vuota:
        return Esito(domanda)
    trovati = _leggi(*sql_esatti(domanda, condizioni, limite + 1))
    if domanda.parole and len(trovati) <= limite:
        simili = _leggi(*sql_simili(domanda, condizioni, limite + 1))
        if not trovati and not simili:
            simili = _leggi(*sql_simili(domanda, condizioni, limite + 1, lontani=True))
        trovati = _insieme(domanda, trovati, simili)
    return Esito(domanda, trovati[:limite], len(trovati) > limite)


def aperti_di_recente(operatore: Operatore, limite: int = 8) -> list[Trovato]:
    """The files that this operator opened last, by the register (A2)."""
    condizioni = ambito(operatore)
    if condizioni is None:
        return []
    sql = f"""SELECT {_COLONNE} FROM (
        SELECT utente_id, max(id) AS ultimo FROM (
            SELECT utente_id, id FROM registro_evento
            WHERE attore_id = %s AND azione = %s AND utente_id IS NOT NULL ORDER BY quando DESC LIMIT 200
        ) AS ultimi GROUP BY utente_id
    ) AS visti JOIN anagrafica_utente u ON u.id = visti.utente_id {_LEGAMI}
    WHERE {_dove(condizioni)} ORDER BY visti.ultimo DESC LIMIT %s"""  # noqa: S608
    return _leggi(sql, [operatore.pk, Azione.FASCICOLO_APERTO.value, *condizioni.values(), limite])


def sql_esatti(domanda: Domanda, condizioni: dict[str, Any], limite: int) -> tuple[str, list[Any]]:
    """People of whom everything begins as typed. Each way of reading the words is a branch that reads one index."""
    rami: list[_Ramo]
    if domanda.codice:
        rami = [("u.codice_fiscale LIKE %s", [f"{domanda.codice}%"], "u.codice_fiscale")]
    elif not domanda.parole:
        rami = [("u.data_nascita = %s", [domanda.nascita[0] if domanda.nascita else None], _ORDINE["cognome"])]
    else:
        rami = [_ramo(campo, prima, dopo, domanda) for campo, prima, dopo in _letture(domanda.parole)]
    return _unisci(rami, condizioni, limite, "t.ramo, u.cognome_piegato, u.nome_piegato, u.id")


def sql_simili(
    domanda: Domanda, condizioni: dict[str, Any], limite: int, *, lontani: bool = False
) -> tuple[str, list[Any]]:
    """People whose names the dictionary of misspellings ties to the typed words; `lontani` by resemblance alone."""
    scritto = " ".join(domanda.parole)
    rami: list[_Ramo] = []
    for campo, prima, dopo in _letture(domanda.parole):
        condizione, valori = _somiglia(campo, prima, lontani=lontani)
        if dopo:
            altra, valori_altra = _somiglia(_ALTRO[campo], dopo, lontani=lontani)
            condizione = f"({condizione} OR {_COMINCIA[campo]}) AND ({altra} OR {_COMINCIA[_ALTRO[campo]]})"
            valori = [*valori, *_inizio(prima), *valori_altra, *_inizio(dopo)]
        rami.append(_con_nascita(condizione, valori, domanda, f"{_SOMIGLIANZA} DESC, u.id"))
    rami = [(condizione, [*valori, scritto], ordine) for condizione, valori, ordine in rami]
    sql, valori = _unisci(rami, condizioni, limite, f"{_SOMIGLIANZA} DESC, u.cognome_piegato, u.nome_piegato, u.id")
    return sql, [*valori, scritto]


_Ramo = tuple[str, list[Any], str]  # a condition, its values, the order

_COLONNE = """u.id, u.cognome, u.nome, u.codice_fiscale, u.sesso, u.data_nascita,
    d.data, coalesce(d.stato, ''), coalesce(o.first_name || ' ' || o.last_name, '')"""
_LEGAMI = """LEFT JOIN anagrafica_did d ON d.utente_id = u.id AND d.stato IN ('valida', 'sospesa')
    LEFT JOIN anagrafica_operatore o ON o.id = u.operatore_riferimento_id"""
_ALTRO = {"cognome": "nome", "nome": "cognome"}
_ORDINE = {
    "cognome": "u.cognome_piegato, u.nome_piegato, u.id",
    "nome": "u.nome_piegato, u.cognome_piegato, u.id",
}
_COMINCIA = {campo: f"u.{campo}_piegato >= %s AND u.{campo}_piegato < %s" for campo in _ALTRO}
_SOMIGLIANZA = "similarity(u.cognome_piegato || ' ' || u.nome_piegato, %s)"


def _letture(parole: Sequence[str]) -> list[tuple[str, str, str]]:
    """Every way to read the words: the first ones as surname and the rest as name, or the other way round."""
    return [
        (campo, "".join(parole[:taglio]), "".join(parole[taglio:]))
        for taglio in range(len(parole), 0, -1)
        for campo in ("cognome", "nome")
    ]


def _ramo(campo: str, prima: str, dopo: str, domanda: Domanda) -> _Ramo:
    condizione, valori = _COMINCIA[campo], _inizio(prima)
    if dopo:
        condizione, valori = f"{condizione} AND {_COMINCIA[_ALTRO[campo]]}", [*valori, *_inizio(dopo)]
    return _con_nascita(condizione, valori, domanda, _ORDINE[campo])


def _con_nascita(condizione: str, valori: list[Any], domanda: Domanda, ordine: str) -> _Ramo:
    if domanda.nascita:
        return f"{condizione} AND u.data_nascita BETWEEN %s AND %s", [*valori, *domanda.nascita], ordine
    return condizione, valori, ordine


def _somiglia(campo: str, parola: str, *, lontani: bool) -> tuple[str, list[Any]]:
    """The field is one of the words that `parola` may stand for. As an array they are worked out once, beforehand."""
    if lontani:
        return (
            f"u.{campo}_piegato = ANY(ARRAY(SELECT parola FROM anagrafica_variantenome WHERE intera "  # noqa: S608
            f"AND campo = '{campo}' AND variante %% %s ORDER BY similarity(variante, %s) DESC LIMIT 30))",
            [parola, parola],
        )
    return (
        f"u.{campo}_piegato = ANY(ARRAY(SELECT parola FROM anagrafica_variantenome "  # noqa: S608
        f"WHERE campo = '{campo}' AND variante = ANY(%s)))",
        [varianti(parola)],
    )


def varianti(parola: str) -> list[str]:
    """The word and, from three letters on, the word with each of its letters taken away."""
    if not 3 <= len(parola) <= 40:
        return [parola]
    return [parola, *{parola[:posto] + parola[posto + 1 :] for posto in range(len(parola))}]


def _inizio(testo: str) -> list[Any]:
    """First and last of what begins with `testo`, in the order of bytes; folded texts end before `{`."""
    return [testo, testo + "{"]


def _unisci(rami: list[_Ramo], condizioni: dict[str, Any], limite: int, ordine: str) -> tuple[str, list[Any]]:
    dove = _dove(condizioni)
    pezzi, valori = [], []
    for numero, (condizione, suoi, ordine_suo) in enumerate(rami):
        pezzi.append(
            f"(SELECT u.id, {numero} AS ramo FROM anagrafica_utente u WHERE {dove} AND {condizione} "  # noqa: S608
            f"ORDER BY {ordine_suo} LIMIT {limite:d})"
        )
        valori += [*condizioni.values(), *suoi]
    sql = (
        f"SELECT {_COLONNE} FROM ({' UNION ALL '.join(pezzi)}) AS t "  # noqa: S608
        f"JOIN anagrafica_utente u ON u.id = t.id {_LEGAMI} ORDER BY {ordine}"
    )
    return sql, valori


def _dove(condizioni: dict[str, Any]) -> str:
    return " AND ".join(f"u.{colonna} = %s" for colonna in condizioni)


def _leggi(sql: str, valori: list[Any]) -> list[Trovato]:
    with connection.cursor() as cursore:
        cursore.execute(sql, valori)
        righe = cursore.fetchall()
    return list({riga[0]: Trovato(*riga) for riga in righe}.values())


def _insieme(domanda: Domanda, esatti: list[Trovato], simili: list[Trovato]) -> list[Trovato]:
    """The exact ones, then those of whom every word is as typed though in another place, then the others."""
    visti = {trovato.id for trovato in esatti}
    nuovi = [trovato for trovato in simili if trovato.id not in visti]
    interi = [trovato for trovato in nuovi if _ha_le_parole(trovato, domanda.parole)]
    return [*esatti, *interi, *(replace(trovato, simile=True) for trovato in nuovi if trovato not in interi)]


def _ha_le_parole(trovato: Trovato, parole: Sequence[str]) -> bool:
    sue = [piega_testo(parola) for parola in re.split(r"[\s'’-]+", f"{trovato.cognome} {trovato.nome}")]
    return all(any(sua.startswith(parola) for sua in sue) for parola in parole)


def _giorno(giorno: str, mese: str, anno: str) -> dt.date | None:
    numero = int(anno)
    if len(anno) == 2:
        numero += 2000 if numero <= oggi().year % 100 else 1900
    try:
        return dt.date(numero, int(mese), int(giorno))
    except ValueError:
        return None
