"""Reading ISTAT's tables of professions as people save them: usual delimiters, encodings; errors name the line."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from dataclasses import dataclass, field
from pathlib import Path

FORMA_UNITA = re.compile(r"\d(\.\d{1,2}){4}")
FORMA_LIVELLO_SUPERIORE = re.compile(r"\d(\.\d{1,2}){0,3}")
COLONNE = {
    "codice": ("codice", "code", "cod", "codicecp2021", "codicecp", "codiceprofessione", "codiceunita", "codiceup"),
    "titolo": (
        "nome",
        "titleit",
        "titolo",
        "title",
        "denominazione",
        "nomeprofessione",
        "nomeunita",
        "unitaprofessionale",
    ),
    "voci": ("examples", "esempi", "voci", "vociprofessionali", "esempidiprofessioni"),
}
LUNGHEZZA_MASSIMA = 250
PESO_MASSIMO = 50 * 1024 * 1024
ERRORI_MOSTRATI = 10


class TabellaNonLeggibile(Exception):
    """The file cannot be taken as it is; each line of the message says where and what to do."""


@dataclass
class Unita:
    codice: str
    titolo: str
    voci: list[str] = field(default_factory=list)


@dataclass
class Tabella:
    unita: list[Unita]
    saltate: int


def leggi_tabella(file: Path) -> Tabella:
    """The units of an official table. All the errors found are told together, at most ten."""
    testo = _testo(file)
    intestazione, righe = _righe(testo)
    colonne = _colonne(intestazione)
    unita: dict[str, Unita] = {}
    viste: dict[str, int] = {}
    errori: list[str] = []
    saltate = 0
    for numero, celle in righe:
        if not any(cella.strip() for cella in celle):
            continue
        try:
            letta = _unita(celle, colonne, len(intestazione))
            if letta is not None and letta.codice in viste:
                raise ValueError(f"il codice {letta.codice} è già alla riga {viste[letta.codice]}")
        except ValueError as errore:
            errori.append(f"Riga {numero}: {errore}.")
            continue
        if letta is None:
            saltate += 1
            continue
        viste[letta.codice] = numero
        unita[letta.codice] = letta
    if errori:
        resto = len(errori) - ERRORI_MOSTRATI
        coda = [f"… e altri {resto} errori." if resto > 1 else "… e un altro errore."] if resto > 0 else []
        raise TabellaNonLeggibile("\n".join([*errori[:ERRORI_MOSTRATI], *coda]))
    if not unita:
        raise TabellaNonLeggibile("Nel file non c'è alcuna unità professionale, cioè un codice come 5.2.2.1.0.")
    return Tabella(list(unita.values()), saltate)


def _testo(file: Path) -> str:
    try:
        if file.stat().st_size > PESO_MASSIMO:
            raise TabellaNonLeggibile("Il file supera i 50 MB: non è una tabella di professioni.")
        contenuto = file.read_bytes()
    except OSError as errore:
        raise TabellaNonLeggibile(f"Il file «{file}» non si apre: {errore.strerror}.") from errore
    if contenuto.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise TabellaNonLeggibile("Il file è un foglio di calcolo: aprirlo, salvarlo come CSV e riprovare.")
    con_bom = contenuto.startswith((b"\xff\xfe", b"\xfe\xff"))
    for codifica in ["utf-16"] if con_bom else ["utf-8-sig", "cp1252"]:
        try:
            testo = contenuto.decode(codifica)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise TabellaNonLeggibile("I caratteri del file non si riconoscono: salvarlo in UTF-8 e riprovare.")
    if "\x00" in testo:
        raise TabellaNonLeggibile("Il file non è un testo: serve una tabella CSV.")
    if not testo.strip():
        raise TabellaNonLeggibile("Il file è vuoto.")
    return testo


def _righe(testo: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The header and the rows, each with the line where it begins."""
    prima = next(riga for riga in testo.splitlines() if riga.strip())
    separatore = max(";,\t|", key=prima.count)
    lettore = csv.reader(io.StringIO(testo, newline=""), delimiter=separatore, strict=True)
    righe: list[tuple[int, list[str]]] = []
    inizio = 1
    try:
        for celle in lettore:
            righe.append((inizio, celle))
            inizio = lettore.line_num + 1
    except csv.Error as errore:
        raise TabellaNonLeggibile(
            f"Riga {inizio}: le virgolette non tornano ({errore}). Correggere la riga e riprovare."
        ) from errore
    piene = [riga for riga in righe if any(cella.strip() for cella in riga[1])]
    return piene[0][1], piene[1:]


def _colonne(intestazione: list[str]) -> dict[str, int]:
    nomi = [_nome_colonna(cella) for cella in intestazione]
    colonne = {
        ruolo: next(nomi.index(nome) for nome in possibili if nome in nomi)
        for ruolo, possibili in COLONNE.items()
        if set(possibili) & set(nomi)
    }
    mancano = [nome for nome in ("codice", "titolo") if nome not in colonne]
    if mancano:
        quali = {"codice": "il codice («codice» o «code»)", "titolo": "il nome («nome», «titolo» o «title_it»)"}
        raise TabellaNonLeggibile(
            f"Riga 1: nell'intestazione manca la colonna con {' e quella con '.join(quali[nome] for nome in mancano)}."
        )
    return colonne


def _nome_colonna(cella: str) -> str:
    senza_accenti = unicodedata.normalize("NFKD", cella).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9]", "", senza_accenti.lower())


def _unita(celle: list[str], colonne: dict[str, int], larghezza: int) -> Unita | None:
    """One row as a unit; None for a row of a higher level. ValueError says what is wrong with it."""
    if len(celle) > larghezza or len(celle) <= max(colonne["codice"], colonne["titolo"]):
        raise ValueError(f"ha {len(celle)} colonne invece di {larghezza}")
    codice = celle[colonne["codice"]].strip().rstrip(".")
    titolo = _pulisci(celle[colonne["titolo"]])
    if not FORMA_UNITA.fullmatch(codice):
        if FORMA_LIVELLO_SUPERIORE.fullmatch(codice):
            return None
        raise ValueError(f"il codice «{codice[:40]}» non ha la forma di un codice come 5.2.2.1.0")
    if not titolo:
        raise ValueError(f"manca il nome della professione {codice}")
    voci = celle[colonne["voci"]].split(";") if "voci" in colonne and len(celle) > colonne["voci"] else []
    voci = [voce for voce in map(_pulisci, voci) if voce]
    for testo in (titolo, *voci):
        if len(testo) > LUNGHEZZA_MASSIMA:
            raise ValueError(f"«{testo[:40]}…» supera i {LUNGHEZZA_MASSIMA} caratteri")
    return Unita(codice, titolo[0].upper() + titolo[1:], voci)


def _pulisci(testo: str) -> str:
    return unicodedata.normalize("NFC", " ".join(testo.split()))
