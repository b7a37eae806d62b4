"""What a process that died between a file and its row left in the archive: files that nothing names go away."""

from __future__ import annotations

import datetime as dt
import logging
import os
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from django.core.files.storage import default_storage

giornale = logging.getLogger(__name__)

# Longer than any transaction: a younger file may belong to a row that is not committed yet.
ETA_MINIMA = dt.timedelta(days=1)
LOTTO = 1000  # names asked about together
TOLTI_MASSIMI = 1000  # a night; the next one goes on from there
POCHI = 20

# Folder of the archive → which of these names (from the archive's root) some row still names. The app that keeps files
# there adds its own when it is ready; folders that nobody answers for are never touched.
FILE_IN_USO: dict[str, Callable[[list[str]], set[str]]] = {}


class ArchivioInatteso(Exception):
    """Most of a folder would go: rather the wrong database than so many dead processes. Nothing was deleted."""


def togli_file_orfani(*, adesso: dt.datetime) -> int:
    """Delete the files at least a day old that no row names; how many. Any number of times, also two at once.

    Memory does not grow with the archive. Raises `ArchivioInatteso`, before anything goes, where a folder holds more
    orphans than files in use, and not just a few.
    """
    orfani: list[str] = []
    for cartella, in_uso in FILE_IN_USO.items():
        orfani += _orfani(cartella, in_uso, adesso - ETA_MINIMA)
    for nome in orfani:
        default_storage.delete(nome)
    giornale.info("File che nessuna riga nomina, tolti dall'archivio: %s", len(orfani))
    return len(orfani)


def _orfani(cartella: str, in_uso: Callable[[list[str]], set[str]], fino_a: dt.datetime) -> list[str]:
    """The first of them, up to the cap of a night."""
    trovati: list[str] = []
    usati = orfani = 0
    nomi = _vecchi(Path(default_storage.path(cartella)), cartella, fino_a.timestamp())
    while lotto := list(islice(nomi, LOTTO)):
        nominati = in_uso(lotto)
        usati += len(nominati)
        orfani += len(lotto) - len(nominati)
        trovati += [nome for nome in lotto if nome not in nominati][: TOLTI_MASSIMI - len(trovati)]
    if orfani > max(POCHI, usati):
        raise ArchivioInatteso(
            f"Nella cartella {cartella} {orfani} file su {orfani + usati} non sono nominati da nessuna riga: "
            "non è stato tolto nulla. Accertarsi che database e documenti siano della stessa copia."
        )
    return trovati


def _vecchi(percorso: Path, nome: str, fino_a: float) -> Iterator[str]:
    """The names of the files below `percorso` last written up to `fino_a`, one at a time; no link is followed."""
    try:
        voci = os.scandir(percorso)
    except FileNotFoundError:
        return
    with voci:
        for voce in voci:
            if voce.is_dir(follow_symlinks=False):
                yield from _vecchi(Path(voce.path), f"{nome}/{voce.name}", fino_a)
            elif voce.is_file(follow_symlinks=False) and _scritto(voce) <= fino_a:
                yield f"{nome}/{voce.name}"


def _scritto(voce: os.DirEntry[str]) -> float:
    """When it was last written; never, where it went away meanwhile."""
    try:
        return voce.stat(follow_symlinks=False).st_mtime
    except FileNotFoundError:
        return float("inf")
