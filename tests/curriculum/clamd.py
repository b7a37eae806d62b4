"""Antivirus daemons for the tests: a real clamd with one signature written by hand, and one of ours that speaks the
protocol and can also fail as no real one does on demand."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import socketserver
import struct
import subprocess
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

from pikepdf import Pdf

from tests.curriculum import fabbrica

SEGNO = "PROVA-DI-VIRUS-ORIENTAMENTO"
FIRMA = "Prova.Orientamento"
LIMITE = 1024 * 1024


def clamd_installato() -> str | None:
    """The real daemon, which Debian keeps out of the ordinary path."""
    return shutil.which("clamd", path=f"{os.environ.get('PATH', os.defpath)}:/usr/sbin:/usr/local/sbin")


def infetto() -> bytes:
    """A sound PDF that the signature of the tests finds."""
    return fabbrica.pdf(lambda d: d.docinfo.__setitem__("/Title", SEGNO))


def enorme() -> bytes:
    """A sound PDF beyond the limit of the stream."""

    def riempi(documento: Pdf) -> None:
        documento.Root.Pezzi = documento.make_stream(os.urandom(LIMITE + 1000))

    return fabbrica.pdf(riempi)


@contextlib.contextmanager
def vero(cartella: Path) -> Iterator[str]:
    """A real clamd; its address once it listens."""
    firme, presa, impostazioni = cartella / "firme", cartella / "presa", cartella / "clamd.conf"
    firme.mkdir()
    (firme / "prova.ndb").write_text(f"{FIRMA}:0:*:{SEGNO.encode().hex()}\n")
    impostazioni.write_text(
        f"LocalSocket {presa}\nDatabaseDirectory {firme}\nForeground yes\nStreamMaxLength {LIMITE}\nMaxThreads 2\n"
    )
    eseguibile = clamd_installato()
    assert eseguibile
    with subprocess.Popen(
        [eseguibile, "-c", str(impostazioni)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as processo:
        try:
            assert processo.stdout
            righe = []
            for riga in processo.stdout:
                righe.append(riga)
                if "Self checking" in riga:
                    break
            assert presa.exists(), "".join(righe)
            yield str(presa)
        finally:
            processo.terminate()


class _Conversazione(socketserver.StreamRequestHandler):
    server: Finto

    def handle(self) -> None:
        assert self.rfile.read(10) == b"zINSTREAM\0"
        self.server.chiamate += 1
        contenuto = b""
        while lunghezza := struct.unpack("!L", self.rfile.read(4))[0]:
            contenuto += self.rfile.read(lunghezza)
            self.server.pezzi.append(lunghezza)
            if len(contenuto) > self.server.limite:
                self.wfile.write(b"INSTREAM size limit exceeded. ERROR\0")
                return
        self.server.visti.append(contenuto)
        risposta = self.server.rispondi(contenuto)
        if risposta is None:
            self.server.libera.wait(20)
        else:
            self.wfile.write(risposta)


class Finto(socketserver.ThreadingTCPServer):
    """Ours, on a port of this machine. `rispondi` makes the answer from the content; None is silence."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, indirizzo: tuple[str, int] = ("127.0.0.1", 0)) -> None:
        super().__init__(indirizzo, _Conversazione)
        self.limite = LIMITE
        self.chiamate = 0
        self.pezzi: list[int] = []
        self.visti: list[bytes] = []
        self.libera = threading.Event()
        self.rispondi: Callable[[bytes], bytes | None] = giudica

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that hangs up is what the tests do."""


def giudica(contenuto: bytes) -> bytes:
    """As clamd with the signature of the tests."""
    return f"stream: {FIRMA}.UNOFFICIAL FOUND\0".encode() if SEGNO.encode() in contenuto else b"stream: OK\0"


@contextlib.contextmanager
def finto(porta: int = 0) -> Iterator[tuple[str, Finto]]:
    """Address and server, listening."""
    with Finto(("127.0.0.1", porta)) as server:
        filo = threading.Thread(target=server.serve_forever, args=(0.02,))
        filo.start()
        try:
            yield "{}:{}".format(*server.server_address[:2]), server
        finally:
            server.libera.set()
            server.shutdown()
            filo.join()


def porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])
