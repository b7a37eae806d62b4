"""Children and leftovers: how processes are started, recognised after a crash, and ended."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from pathlib import Path

from orientamento.avvio.luoghi import Fermo, coda, di

VARIABILE = "ORIENTAMENTO_AVVIO"
# The servers that write their title over their environment: known by the folder in which they work.
SERVITORI = ("postgres", "valkey-server", "redis-server")
RIAVVII_MASSIMI = 5
FINESTRA_RIAVVII = 60.0


class Processo:
    """One child: its command, its log, and how it is asked to end."""

    def __init__(
        self,
        nome: str,
        comando: list[str],
        *,
        ambiente: Mapping[str, str],
        registro: Path,
        cartella: Path,
        segnale: signal.Signals = signal.SIGTERM,
        prima: Callable[[], None] | None = None,
    ) -> None:
        self.nome = nome
        self.comando = comando
        self.ambiente = dict(ambiente)
        self.registro = registro
        self.cartella = cartella
        self.segnale = segnale
        self.prima = prima
        self.figlio: subprocess.Popen[bytes] | None = None
        self.cadute: list[float] = []

    def avvia(self) -> None:
        """Start in a session of its own: a Ctrl-C reaches the launcher alone, which then ends the children in order."""
        if self.prima:
            self.prima()
        self.registro.parent.mkdir(parents=True, exist_ok=True)
        with self.registro.open("ab") as uscita:
            self.figlio = subprocess.Popen(
                self.comando,
                env=self.ambiente,
                cwd=self.cartella,
                stdin=subprocess.DEVNULL,
                stdout=uscita,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def vivo(self) -> bool:
        return self.figlio is not None and self.figlio.poll() is None

    def chiedi_fine(self) -> None:
        if self.figlio is not None and self.vivo:
            with contextlib.suppress(ProcessLookupError):
                self.figlio.send_signal(self.segnale)

    def attendi_fine(self, secondi: float) -> None:
        if self.figlio is None:
            return
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.figlio.wait(secondi)
        # Whatever is left of the group, also when its head has gone.
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.figlio.pid, signal.SIGKILL)
        self.figlio.wait()

    def riavvia(self, adesso: float) -> None:
        """Start again a child that fell; give up when it keeps falling."""
        codice = self.figlio.returncode if self.figlio else None
        self.cadute = [quando for quando in self.cadute if adesso - quando < FINESTRA_RIAVVII] + [adesso]
        if len(self.cadute) > RIAVVII_MASSIMI:
            raise Fermo(
                f"Il processo «{self.nome}» continua a chiudersi (codice {codice}). "
                f"Ultime righe di {self.registro}:\n{coda(self.registro)}"
            )
        di(f"Il processo «{self.nome}» si è chiuso da solo (codice {codice}): lo riavvio.")
        self.attendi_fine(0)
        self.avvia()


def ferma(processi: Iterable[Processo], secondi: float = 10.0) -> None:
    """Ask all of them to end at once, then wait for each; who does not answer in time is killed."""
    lista = [processo for processo in processi if processo.figlio is not None]
    for processo in lista:
        processo.chiedi_fine()
    scadenza = time.monotonic() + secondi
    for processo in lista:
        processo.attendi_fine(max(0.0, scadenza - time.monotonic()))


def antenati(pid: int, proc: Path = Path("/proc")) -> set[int]:
    """The process and those it descends from."""
    trovati: set[int] = set()
    while pid > 1 and pid not in trovati:
        trovati.add(pid)
        try:
            # The name of the program, in brackets, may itself hold blanks and brackets.
            pid = int((proc / str(pid) / "stat").read_text().rpartition(")")[2].split()[1])
        except (OSError, ValueError, IndexError):
            break
    return trovati


def _e_nostro(voce: Path, marca: bytes, cartelle: Collection[Path]) -> bool:
    """By the mark in its environment, or as a server at work in one of our folders.

    In a container root may not look into another user's process: there the command line, open to all, must do.
    """
    try:
        if marca in (voce / "environ").read_bytes().split(b"\0"):
            return True
        # A program replaced or taken away since it started is called "name (deleted)".
        programma = (voce / "exe").readlink().name.removesuffix(" (deleted)")
        return programma in SERVITORI and (voce / "cwd").readlink() in cartelle
    except PermissionError:
        parole = (voce / "cmdline").read_bytes().split(b"\0")
        return any(os.fsencode(cartella) in parole for cartella in cartelle)


def rimasti(segno: str, cartelle: Collection[Path], proc: Path = Path("/proc")) -> list[int]:
    """Processes that a killed start left behind. Without a mark, only the servers at work in those folders."""
    marca = f"{VARIABILE}={segno}".encode() if segno else b"\0"
    esclusi = antenati(os.getpid(), proc)
    trovati = []
    for voce in proc.iterdir() if proc.is_dir() else ():
        if not voce.name.isdigit() or int(voce.name) in esclusi:
            continue
        with contextlib.suppress(OSError):
            if _e_nostro(voce, marca, cartelle):
                trovati.append(int(voce.name))
    return sorted(trovati)


def _segnala(pid: int, segnale: signal.Signals) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.kill(pid, segnale)


def chiudi_rimasti(segno: str, cartelle: Collection[Path], secondi: float = 8.0) -> int:
    """End the leftovers, gently first. Returns how many there were."""
    primi = rimasti(segno, cartelle)
    scadenza = time.monotonic() + secondi
    postgres = {pid_registrato(cartella) for cartella in cartelle}
    for pid in primi:
        _segnala(pid, signal.SIGINT if pid in postgres else signal.SIGTERM)
    while (ancora := rimasti(segno, cartelle)) and time.monotonic() < scadenza:
        time.sleep(0.1)
    for pid in ancora:
        _segnala(pid, signal.SIGKILL)
    while ancora and rimasti(segno, cartelle) and time.monotonic() < scadenza + 2:
        time.sleep(0.1)
    return len(primi)


def pid_registrato(cartella: Path) -> int | None:
    """The number that PostgreSQL wrote in its own pid file."""
    try:
        return int((cartella / "postmaster.pid").read_text().split()[0])
    except (OSError, ValueError, IndexError):
        return None
