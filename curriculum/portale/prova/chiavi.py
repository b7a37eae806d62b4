"""Idempotency: the same key with the same content does nothing twice."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from typing import Any

from curriculum.portale.prova import tempo
from curriculum.portale.prova.rifiuti import Rifiuto


def impronta(operazione: str, codice_fiscale: str, contenuto: Any = None) -> str:
    """The digest of what is asked: two requests with the same one are the same request."""
    testo = json.dumps([operazione, codice_fiscale, contenuto], sort_keys=True, default=str)
    return hashlib.sha256(testo.encode()).hexdigest()


def gia_servita(connessione: sqlite3.Connection, chiave: str, impronta: str) -> bool:
    """Whether the work of this key was done before. A key that served for something else is refused."""
    riga = connessione.execute("SELECT impronta FROM chiave WHERE chiave = ?", [chiave]).fetchone()
    if riga and riga["impronta"] != impronta:
        raise Rifiuto(409, "chiave_riusata", "La chiave è già servita per un'altra richiesta.")
    return riga is not None


def segna(connessione: sqlite3.Connection, chiave: str, impronta: str) -> None:
    connessione.execute("REPLACE INTO chiave VALUES (?, ?, ?)", [chiave, impronta, tempo.adesso()])
