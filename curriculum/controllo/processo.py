"""The caller's side of the check: the quick looks that need no library, then the bounded child (V1).

Each process of the application keeps one warm helper (`figlio`), started at the first file and again if it dies.
Several files at once are several children. Whatever happens to a child is a verdict, never an exception.
"""

from __future__ import annotations

import json
import os
import selectors
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path

from curriculum.controllo import motivi
from curriculum.controllo.verdetto import Limiti, Verdetto

INTESTAZIONE = b"%PDF-"
MARGINE = 2.0  # seconds beyond the child's own limit, for a machine under load
_serratura = threading.Lock()
_porta: socket.socket | None = None
_figlio: subprocess.Popen[bytes] | None = None


def controlla_pdf(dati: bytes | Path, limiti: Limiti | None = None) -> Verdetto:
    """The verdict on a PDF given as bytes or as the path of a file (V1)."""
    limiti = limiti or Limiti()
    try:
        file = _apri(dati)
    except OSError:
        return Verdetto(False, motivi.NON_LEGGIBILE)
    try:
        motivo = _a_colpo_d_occhio(file, limiti)
        return Verdetto(False, motivo) if motivo else _chiedi(file, limiti)
    except OSError:
        return Verdetto(False, motivi.SERVIZIO_FERMO)
    finally:
        os.close(file)


def _apri(dati: bytes | Path) -> int:
    """A descriptor on the content, whatever form it came in."""
    if isinstance(dati, bytes):
        file = os.memfd_create("controllo")
        resto = memoryview(dati)
        while resto:
            resto = resto[os.write(file, resto) :]
        return file
    file = os.open(dati, os.O_RDONLY | os.O_NONBLOCK)
    if not Path(dati).is_file():
        os.close(file)
        raise OSError("not a regular file")
    return file


def _a_colpo_d_occhio(file: int, limiti: Limiti) -> str:
    """Why the file is refused without opening it; empty when it has to be opened."""
    dimensione = os.fstat(file).st_size
    if dimensione == 0:
        return motivi.VUOTO
    if dimensione > limiti.byte:
        return motivi.troppo_grande(limiti.byte)
    inizio = os.pread(file, 1024, 0)
    if inizio.startswith(INTESTAZIONE):
        return ""
    if INTESTAZIONE in inizio:
        return motivi.NON_ALL_INIZIO
    if inizio.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"Rar!", b"7z\xbc\xaf")):
        return motivi.ARCHIVIO
    if inizio.startswith((b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")) or inizio[4:12] in (
        b"ftypheic",
        b"ftypmif1",
    ):
        return motivi.IMMAGINE
    return motivi.NON_PDF


def _chiedi(file: int, limiti: Limiti) -> Verdetto:
    """Ask the helper; start it again once if it turns out to be dead."""
    for _ in range(2):
        inizio = time.monotonic()
        risposta = _domanda(file, limiti)
        durata = time.monotonic() - inizio
        pid, _, esito = risposta.partition(b"\n")
        if esito:
            return Verdetto(**json.loads(esito))
        if pid:  # the child began and was ended by the kernel
            return Verdetto(False, motivi.TROPPO_LENTO if durata > limiti.secondi_cpu * 0.8 else motivi.TROPPA_MEMORIA)
        ferma_figlio()
    return Verdetto(False, motivi.SERVIZIO_FERMO)


def _domanda(file: int, limiti: Limiti) -> bytes:
    """Everything the child writes until it ends or its time is over."""
    lettura, scrittura = os.pipe()
    try:
        try:
            socket.send_fds(_porta_del_figlio(), [json.dumps(asdict(limiti)).encode()], [file, scrittura])
        except OSError:
            return b""
        finally:
            os.close(scrittura)
        return _leggi(lettura, time.monotonic() + limiti.secondi + MARGINE)
    finally:
        os.close(lettura)


def _leggi(lettura: int, scadenza: float) -> bytes:
    risposta = b""
    with selectors.DefaultSelector() as attesa:
        attesa.register(lettura, selectors.EVENT_READ)
        while True:
            if not attesa.select(max(0.0, scadenza - time.monotonic())):
                with suppress(ValueError, OSError):
                    os.kill(int(risposta.partition(b"\n")[0]), signal.SIGKILL)
                return risposta
            pezzo = os.read(lettura, 65_536)
            if not pezzo:
                return risposta
            risposta += pezzo


def _porta_del_figlio() -> socket.socket:
    """The socket of this process's helper, which is started when there is none."""
    global _porta, _figlio
    with _serratura:
        if _porta is None:
            nostra, sua = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
            with sua:
                _figlio = subprocess.Popen(  # noqa: S603 - our own module, no shell
                    [sys.executable, "-I", str(Path(__file__).with_name("figlio.py"))],
                    stdin=sua.fileno(),
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                    cwd="/",
                    env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
                    start_new_session=True,
                )
            _porta = nostra
        return _porta


def ferma_figlio() -> None:
    """Let the helper end; the next file starts another."""
    global _porta, _figlio
    with _serratura:
        if _porta is not None:
            _porta.close()
        if _figlio is not None:
            with suppress(subprocess.TimeoutExpired):
                _figlio.wait(timeout=0.5)
            if _figlio.poll() is None:
                _figlio.kill()
                _figlio.wait()
        _porta = _figlio = None


def _dopo_fork() -> None:
    """A forked copy of the application starts a helper of its own."""
    global _serratura, _porta, _figlio
    _serratura = threading.Lock()
    if _porta is not None:
        _porta.close()
    _porta = _figlio = None


os.register_at_fork(after_in_child=_dopo_fork)
