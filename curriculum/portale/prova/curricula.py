"""The CVs: taken in once for each key, shown to the citizen, handed to Intuition, taken away again."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from dataclasses import dataclass
from typing import Any

from curriculum.portale.prova import chiavi, tempo
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.esame import testo_del_pdf
from curriculum.portale.prova.interruttori import Guasti
from curriculum.portale.prova.registrazioni import cittadino
from curriculum.portale.prova.ricerca import radici
from curriculum.portale.prova.rifiuti import Rifiuto

# Everything about a CV but its file.
COLONNE = (
    "id, codice_fiscale, chiave, sha256, caricato_il, ricevuto_il, scade_il, propensioni, titoli, intuition_da,"
    " intuition_fino"
)


@dataclass(frozen=True)
class Arrivo:
    """A CV as it came in, looked at and found good in shape."""

    codice_fiscale: str
    chiave: str
    dati: dict[str, Any]
    contenuto: bytes

    @property
    def impronta(self) -> str:
        dati = {**self.dati, "caricato_il": tempo.scritto(self.dati["caricato_il"])}
        return chiavi.impronta("curriculum", self.codice_fiscale, [dati, hashlib.sha256(self.contenuto).hexdigest()])


def metti(arrivo: Arrivo, guasti: Guasti) -> tuple[dict[str, Any], bool]:
    """The state of the citizen's CV, and whether it was taken in now or had come before with the same key."""
    # What costs little is asked first, and all of it again when nobody else may write.
    if _gia_arrivato(deposito().legge(), arrivo, guasti):
        return stato(arrivo.codice_fiscale, guasti), False
    if hashlib.sha256(arrivo.contenuto).hexdigest() != arrivo.dati["sha256"]:
        raise Rifiuto(422, "impronta_diversa", "L'impronta del file non è quella dichiarata.")
    testo = testo_del_pdf(arrivo.contenuto)
    primo = radici(" ".join([*_parole(arrivo.dati["propensioni"]), *_parole(arrivo.dati["titoli"])]))
    parole = radici(testo)
    with deposito().scrive() as connessione:
        nuovo = not _gia_arrivato(connessione, arrivo, guasti)
        if nuovo:
            _sostituisci(connessione, arrivo, testo, guasti)
            connessione.execute(
                "INSERT INTO indice (rowid, primo, testo) VALUES (last_insert_rowid(), ?, ?)",
                [" ".join(primo), " ".join(parole)],
            )
            connessione.execute(
                "INSERT INTO ricezione (chiave, codice_fiscale, sha256, ricevuto_il) VALUES (?, ?, ?, ?)",
                [arrivo.chiave, arrivo.codice_fiscale, arrivo.dati["sha256"], tempo.adesso()],
            )
            chiavi.segna(connessione, arrivo.chiave, arrivo.impronta)
        return stato(arrivo.codice_fiscale, guasti), nuovo


def stato(codice_fiscale: str, guasti: Guasti) -> dict[str, Any]:
    """Where the citizen's CV is, as the contract tells of it; refused for a citizen whom nobody knows."""
    persona = cittadino(codice_fiscale)
    riga = curriculum(codice_fiscale)
    if riga is None:
        return {
            "stato": "assente",
            "intuition": "assente",
            "cancellato_dal_cittadino": persona["cancellato_il"] is not None,
        }
    arrivato = riga["intuition_da"] <= tempo.secondi()
    return {
        "stato": "pubblicato" if arrivato else "ricevuto",
        "intuition": in_intuition(riga),
        "sha256": riga["sha256"],
        "chiave": riga["chiave"],
        "ricevuto_il": riga["ricevuto_il"],
        "obsoleto": obsoleto(riga, guasti),
        "cancellato_dal_cittadino": False,
    }


def in_intuition(riga: sqlite3.Row) -> str:
    """Where the CV stands in the search engine, now."""
    adesso = tempo.secondi()
    if riga["intuition_fino"] is not None:
        return "assente" if riga["intuition_fino"] <= adesso else "in_rimozione"
    return "presente" if riga["intuition_da"] <= adesso else "in_inserimento"


def obsoleto(riga: sqlite3.Row, guasti: Guasti) -> bool:
    """Six months have gone since the upload: the mark of the CV section."""
    return bool(riga["scade_il"] < tempo.oggi(guasti.oggi).isoformat())


def curriculum(codice_fiscale: str) -> sqlite3.Row | None:
    riga: sqlite3.Row | None = (
        deposito()
        .legge()
        .execute(f"SELECT {COLONNE} FROM curriculum WHERE codice_fiscale = ?", [codice_fiscale])  # noqa: S608
        .fetchone()
    )
    return riga


def contenuto(codice_fiscale: str) -> bytes | None:
    """The bytes of the file."""
    riga = (
        deposito()
        .legge()
        .execute("SELECT contenuto FROM curriculum WHERE codice_fiscale = ?", [codice_fiscale])
        .fetchone()
    )
    return bytes(riga["contenuto"]) if riga else None


def togli_da_intuition(codice_fiscale: str, *, chiave: str, guasti: Guasti) -> dict[str, Any]:
    """Out of the search engine; the profile stays as it is. Whom nobody knows is not there either."""
    impronta = chiavi.impronta("togli", codice_fiscale)
    with deposito().scrive() as connessione:
        if not chiavi.gia_servita(connessione, chiave, impronta) or guasti.ignora_chiave:
            connessione.execute(
                "UPDATE curriculum SET intuition_fino = ? WHERE codice_fiscale = ? AND intuition_fino IS NULL",
                [tempo.secondi() + guasti.intuition_differita_s, codice_fiscale],
            )
            chiavi.segna(connessione, chiave, impronta)
        if not connessione.execute("SELECT 1 FROM cittadino WHERE codice_fiscale = ?", [codice_fiscale]).fetchone():
            return {"stato": "assente", "intuition": "assente"}
        return stato(codice_fiscale, guasti)


def cancella(codice_fiscale: str) -> None:
    """The citizen deletes their CV: from the profile and, since it came from there, from the search engine."""
    with deposito().scrive() as connessione:
        if _elimina(connessione, codice_fiscale):
            connessione.execute(
                "UPDATE cittadino SET cancellato_il = ? WHERE codice_fiscale = ?", [tempo.adesso(), codice_fiscale]
            )


def _gia_arrivato(connessione: sqlite3.Connection, arrivo: Arrivo, guasti: Guasti) -> bool:
    """Refused when the citizen is unknown or has not confirmed, or when the key served for something else."""
    persona = cittadino(arrivo.codice_fiscale, connessione)
    if not guasti.ignora_chiave and chiavi.gia_servita(connessione, arrivo.chiave, arrivo.impronta):
        return True
    if not persona["confermata_il"] and not guasti.conferma_automatica:
        raise Rifiuto(409, "registrazione_da_confermare", "Il cittadino non ha ancora confermato la registrazione.")
    return False


def _elimina(connessione: sqlite3.Connection, codice_fiscale: str) -> bool:
    vecchio = connessione.execute("SELECT id FROM curriculum WHERE codice_fiscale = ?", [codice_fiscale]).fetchone()
    if vecchio:
        connessione.execute("DELETE FROM indice WHERE rowid = ?", [vecchio["id"]])
        connessione.execute("DELETE FROM curriculum WHERE id = ?", [vecchio["id"]])
    return vecchio is not None


def _sostituisci(connessione: sqlite3.Connection, arrivo: Arrivo, testo: str, guasti: Guasti) -> None:
    """The new CV in the place of the one that was there. It is the last row inserted when this returns."""
    _elimina(connessione, arrivo.codice_fiscale)
    connessione.execute("UPDATE cittadino SET cancellato_il = NULL WHERE codice_fiscale = ?", [arrivo.codice_fiscale])
    connessione.execute(
        "INSERT INTO curriculum (codice_fiscale, chiave, sha256, caricato_il, ricevuto_il, scade_il, propensioni,"
        " titoli, testo, contenuto, intuition_da) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        [
            arrivo.codice_fiscale,
            arrivo.chiave,
            arrivo.dati["sha256"],
            tempo.scritto(arrivo.dati["caricato_il"]),
            tempo.adesso(),
            tempo.ultimo_giorno(arrivo.dati["caricato_il"]).isoformat(),
            json.dumps(arrivo.dati["propensioni"], ensure_ascii=False),
            json.dumps(arrivo.dati["titoli"], ensure_ascii=False),
            testo,
            arrivo.contenuto,
            tempo.secondi() + guasti.intuition_differita_s,
        ],
    )


def _parole(voci: list[dict[str, Any]]) -> list[str]:
    return [str(valore) for voce in voci for nome, valore in voce.items() if nome not in ("codice", "livello", "anno")]
