"""The warm process: it has pikepdf loaded, and keeps one bounded child ready to judge one file and end.

Started by `processo` as a script with a Unix socket as standard input. One message a file: the limits as JSON, and two
descriptors, the file to read and the pipe to answer on. The ready child takes it and another is made ready meanwhile.
The child may open nothing more, write no file, use so much memory and time and no more; the kernel ends it when it
tries. All end with the process that started them.
"""

from __future__ import annotations

import gc
import io
import json
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from curriculum.controllo.verdetto import Limiti

MESSAGGIO_MASSIMO = 4096


def principale() -> None:
    """Keep a child ready until the other side of the socket closes."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    import pikepdf

    # Once through everything, so that nothing is left to load in the children, who cannot open files.
    prova, cifrata = io.BytesIO(), io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(prova)
        pdf.save(cifrata, encryption=pikepdf.Encryption(owner="prova", user="", R=6))
    _scalda(prova)
    _scalda(cifrata)
    gc.disable()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies

    porta = socket.socket(fileno=0)
    while True:
        occupato, dice_occupato = os.pipe()
        if os.fork() == 0:
            try:
                os.close(occupato)
                _scalda(prova)  # the memory that is copied at the first touch is copied before there is a file
                _servi(porta, dice_occupato)
            finally:
                os._exit(0)
        os.close(dice_occupato)
        preso = os.read(occupato, 1)
        os.close(occupato)
        if not preso:
            return


def _scalda(prova: io.BytesIO) -> None:
    from curriculum.controllo import esame
    from curriculum.controllo.verdetto import Limiti

    esame.esamina(prova, Limiti())


def _servi(porta: socket.socket, dice_occupato: int) -> None:
    """In the child: wait for a file, say that another child is needed, judge."""
    messaggio, descrittori, _, _ = socket.recv_fds(porta, MESSAGGIO_MASSIMO, 2)
    if not messaggio:
        return
    os.write(dice_occupato, b"1")
    os.close(dice_occupato)
    porta.close()
    if len(descrittori) == 2:
        _giudica(messaggio, *descrittori)


def _giudica(messaggio: bytes, file: int, risposta: int) -> None:
    """Say who it is, bind itself, judge, answer."""
    from curriculum.controllo import esame
    from curriculum.controllo.verdetto import Limiti

    os.write(risposta, b"%d\n" % os.getpid())
    limiti = Limiti(**json.loads(messaggio))
    _lega(limiti)
    esame.limita_qpdf(limiti)
    with open(file, "rb", closefd=False) as lettura:
        verdetto = esame.esamina(lettura, limiti)
    os.write(risposta, json.dumps(vars(verdetto)).encode())


def _lega(limiti: Limiti) -> None:
    """Limits that the kernel keeps, whatever the file does to the library."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limiti.secondi)
    for risorsa, valore in (
        (resource.RLIMIT_CPU, limiti.secondi_cpu),
        (resource.RLIMIT_AS, limiti.memoria),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(risorsa, (valore, valore))


if __name__ == "__main__":
    principale()
