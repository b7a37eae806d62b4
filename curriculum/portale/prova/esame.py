"""The parent's side of the look into a PDF: one child, one file at a time, a limit of seconds."""

from __future__ import annotations

import json
import os
import selectors
import struct
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, cast

from curriculum.portale.prova.rifiuti import Rifiuto

SECONDI = 8.0
# A child is replaced after so many files, whatever the library has kept of them.
FILE_PER_FIGLIO = 2000
_turno = threading.Lock()
_figlio: subprocess.Popen[bytes] | None = None
_esaminati = 0


def testo_del_pdf(dati: bytes) -> str:
    """What the PDF says. A file that is no sound PDF is refused as the contract wants."""
    rotto = Rifiuto(422, "file_rifiutato", "Il file non è un PDF integro, oppure è protetto da password.")
    if not dati.startswith(b"%PDF-") or b"%%EOF" not in dati[-2048:]:
        raise rotto
    with _turno:
        risposta = _chiedi(dati)
    esito = json.loads(risposta) if risposta else {"integro": False}
    if not esito["integro"]:
        raise rotto
    return str(esito["testo"])


def _chiedi(dati: bytes) -> bytes:
    """The child's line; nothing when it died of the file or took too long."""
    global _esaminati
    figlio = _vivo()
    entrata, uscita = cast(IO[bytes], figlio.stdin), cast(IO[bytes], figlio.stdout)
    scadenza = time.monotonic() + SECONDI
    try:
        entrata.write(struct.pack(">Q", len(dati)) + dati)
        entrata.flush()
        risposta = b""
        with selectors.DefaultSelector() as attesa:
            attesa.register(uscita, selectors.EVENT_READ)
            while not risposta.endswith(b"\n"):
                if not attesa.select(max(0.0, scadenza - time.monotonic())):
                    raise TimeoutError
                pezzo = os.read(uscita.fileno(), 1 << 20)
                if not pezzo:
                    raise BrokenPipeError
                risposta += pezzo
    except (OSError, TimeoutError):
        _congeda(figlio)
        return b""
    _esaminati += 1
    if _esaminati >= FILE_PER_FIGLIO:
        _congeda(figlio)
    return risposta


def _vivo() -> subprocess.Popen[bytes]:
    global _figlio, _esaminati
    if _figlio is None or _figlio.poll() is not None:
        _esaminati = 0
        _figlio = subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-I", str(Path(__file__).with_name("figlio.py"))],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"LC_ALL": "C.UTF-8"},
        )
    return _figlio


def _congeda(figlio: subprocess.Popen[bytes]) -> None:
    global _figlio
    figlio.kill()
    figlio.wait()
    for canale in (figlio.stdin, figlio.stdout):
        if canale:
            canale.close()
    _figlio = None
