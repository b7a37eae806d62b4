"""The warm process: it has pikepdf loaded, and for each file it forks one bounded child that judges and ends.

Started by `processo` as a script with a Unix socket as standard input. One message a file: the limits as JSON, and two
descriptors, the file to read and the pipe to answer on. The child may open nothing more, write no file, use so much
memory and time and no more; the kernel ends it when it tries. It ends with the process that started it.
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

MESSAGGIO_MASSIMO = 4096


def principale() -> None:
    """Serve until the other side of the socket closes."""
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    import pikepdf

    from curriculum.controllo import esame
    from curriculum.controllo.verdetto import Limiti

    # Once through everything, so that nothing is left to load in the children, who cannot open files.
    prova = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(prova, encryption=pikepdf.Encryption(owner="prova", user="", R=6))
    esame.esamina(prova, Limiti())
    gc.collect()
    gc.freeze()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # children leave no zombies

    porta = socket.socket(fileno=0)
    while True:
        messaggio, descrittori, _, _ = socket.recv_fds(porta, MESSAGGIO_MASSIMO, 2)
        if not messaggio:
            return
        if len(descrittori) == 2 and os.fork() == 0:
            try:
                porta.detach()
                os.close(0)
                _giudica(messaggio, *descrittori)
            finally:
                os._exit(0)
        for descrittore in descrittori:
            os.close(descrittore)


def _giudica(messaggio: bytes, file: int, risposta: int) -> None:
    """In the child: say who it is, bind itself, judge, answer."""
    from curriculum.controllo import esame
    from curriculum.controllo.verdetto import Limiti

    os.write(risposta, b"%d\n" % os.getpid())
    limiti = Limiti(**json.loads(messaggio))
    _lega(limiti)
    esame.limita_qpdf(limiti)
    with open(file, "rb", closefd=False) as lettura:
        verdetto = esame.esamina(lettura, limiti)
    os.write(risposta, json.dumps(vars(verdetto)).encode())


def _lega(limiti: Limiti) -> None:  # type: ignore[name-defined]  # noqa: F821
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
