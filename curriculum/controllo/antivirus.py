"""A client of clamd, the ClamAV daemon: bytes in, clean or the name of what was found out. It knows no models.

The protocol is one exchange a connection: the command `zINSTREAM`, then pieces each led by its length in four bytes,
the most significant first, then a length of nought; clamd answers one line and hangs up.
"""

from __future__ import annotations

import contextlib
import socket
import struct
import time
from dataclasses import dataclass

PEZZO = 64 * 1024
RISPOSTA_MASSIMA = 4096


class AntivirusAssente(Exception):
    """clamd does not answer, or not as the protocol says: nothing is known of the file, ask again later."""


class FileTroppoGrande(Exception):
    """clamd refuses to look at a stream of this length (its `StreamMaxLength`): asking again is no use."""


@dataclass(frozen=True)
class EsitoAntivirus:
    """`firma` is the name of what was found; empty for a clean file."""

    firma: str = ""

    @property
    def pulito(self) -> bool:
        return not self.firma


class Antivirus:
    """`indirizzo` is the path of a UNIX socket or `host:port`; `tempo` the seconds that a whole scan may take."""

    def __init__(self, indirizzo: str, tempo: float = 60.0) -> None:
        self.indirizzo = indirizzo.removeprefix("unix:")
        self.tempo = tempo

    def esamina(self, contenuto: bytes) -> EsitoAntivirus:
        """Scan `contenuto`. Raises `AntivirusAssente` or `FileTroppoGrande`; only a plain OK is clean."""
        scadenza = time.monotonic() + self.tempo
        try:
            with self._collega() as presa:
                interrotto = _manda(presa, contenuto, scadenza)
                risposta = _ascolta(presa, scadenza)
        except OSError as errore:
            raise AntivirusAssente(f"clamd non risponde a {self.indirizzo}: {errore}") from errore
        return _leggi(risposta, interrotto)

    def _collega(self) -> socket.socket:
        if "/" in self.indirizzo:
            presa = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            presa.settimeout(self.tempo)
            try:
                presa.connect(self.indirizzo)
            except BaseException:
                presa.close()
                raise
            return presa
        host, _, porta = self.indirizzo.rpartition(":")
        if not host or not porta.isdigit():
            raise AntivirusAssente(f"CLAMAV_SOCKET non è né un percorso né host:porta: {self.indirizzo}")
        return socket.create_connection((host.strip("[]"), int(porta)), timeout=self.tempo)


def _manda(presa: socket.socket, contenuto: bytes, scadenza: float) -> bool:
    """Send everything; True where clamd stopped listening first, as it does at its limit: its answer says why."""
    try:
        presa.sendall(b"zINSTREAM\0")
        for inizio in range(0, len(contenuto), PEZZO):
            _aspetta_fino_a(presa, scadenza)
            pezzo = contenuto[inizio : inizio + PEZZO]
            presa.sendall(struct.pack("!L", len(pezzo)) + pezzo)
        presa.sendall(struct.pack("!L", 0))
    except (BrokenPipeError, ConnectionResetError):
        return True
    return False


def _ascolta(presa: socket.socket, scadenza: float) -> bytes:
    risposta = b""
    # After a reset the answer may have been lost with it: what has arrived is all there is.
    with contextlib.suppress(ConnectionResetError):
        while not risposta.endswith(b"\0") and len(risposta) < RISPOSTA_MASSIMA:
            _aspetta_fino_a(presa, scadenza)
            pezzo = presa.recv(RISPOSTA_MASSIMA)
            if not pezzo:
                break
            risposta += pezzo
    return risposta


def _aspetta_fino_a(presa: socket.socket, scadenza: float) -> None:
    resta = scadenza - time.monotonic()
    if resta <= 0:
        raise TimeoutError("tempo scaduto")
    presa.settimeout(resta)


def _leggi(risposta: bytes, interrotto: bool) -> EsitoAntivirus:
    """Without the zero that ends it the answer may be cut in half, and half an answer is none."""
    testo = risposta.rstrip(b"\0").decode("utf-8", "replace").strip()
    if testo.startswith("INSTREAM size limit exceeded"):
        raise FileTroppoGrande(testo)
    if not risposta.endswith(b"\0"):
        raise AntivirusAssente("clamd ha chiuso prima di rispondere")
    if testo == "stream: OK" and not interrotto:
        return EsitoAntivirus()
    if testo.startswith("stream: ") and testo.endswith(" FOUND"):
        return EsitoAntivirus(testo.removeprefix("stream: ").removesuffix(" FOUND")[:200] or "sconosciuta")
    raise AntivirusAssente(f"clamd ha risposto: {testo[:200] or 'nulla'}")
