"""The store: one SQLite file in WAL mode, made at the first start. Readers never wait, writers go one at a time."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path

from curriculum.portale.prova import impostazioni

VERSIONE = 1  # of schema.sql: an older store is put aside, since nothing in it is anybody's real data
ATTESA = 20.0  # seconds that a writer waits for another process
DATI = ("indice", "curriculum", "messaggio", "cittadino", "chiave", "ricezione")


class Deposito:
    """One store, a connection per thread."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self._locale = threading.local()
        # Within the process writers queue here, in order: SQLite itself would have them sleep and try again.
        self._turno = threading.Lock()
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._prepara()

    def _prepara(self) -> None:
        if self._versione() not in (0, VERSIONE):
            for parte in self.file.parent.glob(f"{self.file.name}*"):
                parte.rename(parte.with_name(f"vecchio-{parte.name}"))
            self._locale = threading.local()
        if self._versione() == 0:
            schema = Path(__file__).with_name("schema.sql").read_text(encoding="utf-8")
            self.legge().executescript(f"BEGIN IMMEDIATE;\n{schema}\nPRAGMA user_version = {VERSIONE};\nCOMMIT;")

    def _versione(self) -> int:
        return int(self.legge().execute("PRAGMA user_version").fetchone()[0])

    def legge(self) -> sqlite3.Connection:
        """This thread's connection; outside `scrive` each statement sees what has been committed."""
        connessione: sqlite3.Connection | None = getattr(self._locale, "connessione", None)
        if connessione is None:
            connessione = sqlite3.connect(self.file, timeout=ATTESA, isolation_level=None)
            connessione.row_factory = sqlite3.Row
            # With WAL and `normal` a killed process loses nothing that was answered; only a power cut might.
            connessione.executescript(
                "PRAGMA journal_mode = wal; PRAGMA synchronous = normal; PRAGMA foreign_keys = on;"
            )
            self._locale.connessione = connessione
        return connessione

    @contextmanager
    def scrive(self) -> Iterator[sqlite3.Connection]:
        """A transaction that holds the right to write from its beginning: all of it or nothing."""
        connessione = self.legge()
        with self._turno:
            connessione.execute("BEGIN IMMEDIATE")
            try:
                yield connessione
            except BaseException:
                connessione.execute("ROLLBACK")
                raise
            connessione.execute("COMMIT")

    def azzera(self) -> None:
        """Forget every citizen, CV, message and count, and turn every fault off. Tokens stay good."""
        with self.scrive() as connessione:
            for tabella in (*DATI, "guasti"):
                connessione.execute(f"DELETE FROM {tabella}")  # noqa: S608 - names from the list above


@lru_cache(maxsize=1)
def deposito() -> Deposito:
    """The store of this process."""
    return Deposito(impostazioni.PORTALE_PROVA_DIR / "portale.sqlite3")
