"""Where things lie: the clone, its data, its sockets. And how the launcher speaks to people."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
import sys
from dataclasses import dataclass
from pathlib import Path

RADICE = Path(__file__).resolve().parent.parent.parent
NESSUNO = 65534
# The path of a Unix socket may take 107 bytes; PostgreSQL and its lock file need some of them.
PERCORSO_MASSIMO = 80


class Fermo(Exception):
    """Something the launcher cannot mend by itself: the message tells people what to do."""


def di(testo: str) -> None:
    """A line to people. On the error stream, so that what a command itself prints stays clean."""
    sys.stderr.write(testo + "\n")
    sys.stderr.flush()


@dataclass(frozen=True)
class Luoghi:
    """The folders of one kind of run. Tests and benchmark have their own, and never touch those of bin/start."""

    radice: Path
    dati: Path

    @classmethod
    def per(cls, comando: str, radice: Path = RADICE) -> Luoghi:
        base = Path(os.environ.get("DATI_DIR") or radice / ".dati").absolute()
        return cls(radice, {"start": base, "bench": base / "misure"}.get(comando, base / "prove"))

    @property
    def segno(self) -> str:
        """What marks the processes of this run, in their environment."""
        return hashlib.sha256(str(self.dati).encode()).hexdigest()[:10]

    @property
    def venv(self) -> Path:
        return self.radice / ".venv"

    @property
    def python(self) -> Path:
        return self.venv / "bin" / "python"

    @property
    def postgres(self) -> Path:
        return self.dati / "postgres"

    @property
    def broker(self) -> Path:
        return self.dati / "broker"

    @property
    def servitori(self) -> tuple[Path, Path]:
        """The folders in which only our own servers work."""
        return self.postgres.resolve(), self.broker.resolve()

    @property
    def registri(self) -> Path:
        return self.dati / "registri"

    @property
    def prese(self) -> Path:
        """The folder of the sockets: short, and named after the user and the clone."""
        return Path("/tmp") / f"orientamento-{os.getuid()}-{self.segno}"  # noqa: S108 - prepara_prese checks owner and mode


def prepara_prese(cartella: Path) -> None:
    """Make the folder of the sockets, or refuse one that somebody else has put there."""
    if len(os.fsencode(cartella)) > PERCORSO_MASSIMO:
        raise Fermo(f"Il percorso {cartella} è troppo lungo per le connessioni locali.")
    with contextlib.suppress(FileExistsError):
        cartella.mkdir(mode=0o700)
    stato = cartella.lstat()
    nostri = {os.geteuid(), NESSUNO} if os.geteuid() == 0 else {os.geteuid()}
    if not stat.S_ISDIR(stato.st_mode) or stato.st_uid not in nostri:
        raise Fermo(f"La cartella {cartella} appartiene a un altro utente: toglierla e riprovare.")
    cartella.chmod(0o700)


def coda(file: Path, righe: int = 15) -> str:
    """The last lines of a log, for the message that tells of a failure."""
    try:
        return "\n".join(file.read_text(errors="replace").splitlines()[-righe:])
    except OSError:
        return ""
