"""The sheet inside a PDF: taken out by a bounded process of its own, which ends with the file."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from curriculum.controllo.rifiuto import Rifiutato
from curriculum.importazione import motivi

SECONDI = 12.0  # for a machine under load; the child's own limits are narrower
# What the child says first → why
ESITI = {b"protetto": motivi.PROTETTO, b"danneggiato": motivi.DANNEGGIATO, b"assente": motivi.PDF_SENZA_SCHEDA}


def scheda_nel_pdf(contenuto: bytes) -> bytes:
    """The XML that the PDF `contenuto` carries, or `Rifiutato`."""
    file = os.memfd_create("scheda")
    try:
        with os.fdopen(file, "wb", closefd=False) as scrittura:
            scrittura.write(contenuto)
        os.lseek(file, 0, os.SEEK_SET)
        risposta, uscita = _chiedi(file)
    finally:
        os.close(file)
    esito, _, xml = risposta.partition(b"\n")
    if uscita == 0 and esito == b"trovata":
        return xml
    if uscita < 0:
        raise Rifiutato(motivi.TROPPO_LENTO)
    raise Rifiutato(ESITI.get(esito, motivi.DANNEGGIATO))


def _chiedi(file: int) -> tuple[bytes, int]:
    try:
        fatto = subprocess.run(  # noqa: S603 - our own module, no shell
            [sys.executable, "-I", str(Path(__file__).with_name("figlio.py"))],
            stdin=file,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd="/",
            env={"PATH": os.environ.get("PATH", ""), "LC_ALL": "C.UTF-8"},
            timeout=SECONDI,
            check=False,
        )
    except subprocess.TimeoutExpired as errore:
        raise Rifiutato(motivi.TROPPO_LENTO) from errore
    except OSError as errore:
        raise Rifiutato(motivi.SERVIZIO_FERMO) from errore
    return fatto.stdout, fatto.returncode
