"""The four commands: start, test, bench, verifica."""

from __future__ import annotations

import argparse
import contextlib
import fcntl
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from types import FrameType

from orientamento.avvio import ambiente, controlli
from orientamento.avvio.insieme import Insieme, esegui_start
from orientamento.avvio.luoghi import Fermo, Luoghi, di
from orientamento.avvio.portale import serve_il_portale
from orientamento.avvio.processi import VARIABILE, chiudi_rimasti
from orientamento.avvio.servizi import Postgres, Valkey

PORTA = 8000
# Named one by one: pytest does not have to look for plug-ins in all that is installed.
ESTENSIONI_PYTEST = ("django", "playwright", "hypothesispytest", "time_machine", "xdist")
# Two halves side by side, each with its own database; the tests of one file stay together.
IN_DUE = ("-n", "2", "--dist", "loadfile")
OCCUPATO = {
    "start": "è già in funzione: chiuderla con Ctrl-C dove è stata avviata",
    "test": "sta già eseguendo i test",
    "verifica": "sta già eseguendo i test",
    "bench": "sta già eseguendo le misure",
    "guasti": "sta già eseguendo la prova dei guasti",
}


class _FormaItaliana(argparse.ArgumentParser):
    def error(self, message: str) -> None:  # type: ignore[override]
        raise Fermo(f"Argomenti non validi ({message}). Uso: bin/start [--vuoto] [--port N]")


def _porta(testo: str) -> int:
    numero = int(testo)
    if not 1 <= numero <= 65535:
        raise ValueError(testo)
    return numero


def leggi_argomenti(argomenti: list[str]) -> argparse.Namespace:
    """What bin/start understands."""
    forma = _FormaItaliana(prog="bin/start", description="Avvia Orientamento con tutto ciò che gli serve.")
    forma.add_argument("--vuoto", action="store_true", help="senza le persone inventate della dimostrazione")
    forma.add_argument("--port", type=_porta, default=PORTA, metavar="N", help=f"porta del sito (di solito {PORTA})")
    return forma.parse_args(argomenti)


@contextlib.contextmanager
def uno_alla_volta(luoghi: Luoghi, comando: str) -> Iterator[None]:
    """Only one run for each data folder. The kernel frees the lock also when the launcher is killed."""
    (luoghi.dati / "statici").mkdir(parents=True, exist_ok=True)
    with (luoghi.dati / "blocco").open("w") as blocco:
        try:
            fcntl.flock(blocco, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as errore:
            raise Fermo(f"Un'altra sessione di questa cartella {OCCUPATO[comando]}.") from errore
        quanti = chiudi_rimasti(luoghi.segno, luoghi.servitori)
        if quanti:
            di(f"Chiusi {quanti} processi rimasti da un avvio interrotto.")
        try:
            yield
        finally:
            with contextlib.suppress(OSError):
                luoghi.prese.rmdir()


def ambiente_dei_figli(luoghi: Luoghi) -> dict[str, str]:
    return {
        **os.environ,
        VARIABILE: luoghi.segno,
        "DATI_DIR": str(luoghi.dati),
        "PATH": f"{luoghi.venv / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}",
        "PYTHONUNBUFFERED": "1",
    }


@contextlib.contextmanager
def servizi_provvisori(luoghi: Luoghi, *, durevole: bool = False) -> Iterator[dict[str, str]]:
    """A database and a broker for the length of one command; the addresses in the environment win."""
    figli = ambiente_dei_figli(luoghi)
    insieme = Insieme()
    try:
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(luoghi, figli, provvisorio=not durevole)
            insieme.aggiungi(postgres.processo)
            postgres.avvia()
            figli["DATABASE_URL"] = postgres.url
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(luoghi, figli)
            insieme.aggiungi(valkey.processo)
            valkey.avvia()
            figli["REDIS_URL"] = valkey.url
        yield figli
    finally:
        insieme.ferma()


def prepara_prove(luoghi: Luoghi) -> None:
    ambiente.prepara_librerie()
    ambiente.prepara_browser(obbligatorio=os.environ.get("BROWSER_OBBLIGATORIO") == "1")
    ambiente.prepara_python(luoghi, sviluppo=True)


def comando_pytest(luoghi: Luoghi, argomenti: list[str]) -> list[str]:
    estensioni = [parola for nome in ESTENSIONI_PYTEST for parola in ("-p", nome)]
    return [str(luoghi.python), "-m", "pytest", *estensioni, *argomenti]


def start(luoghi: Luoghi, argomenti: list[str]) -> int:
    scelte = leggi_argomenti(argomenti)
    servizi = not (os.environ.get("DATABASE_URL") and os.environ.get("REDIS_URL"))
    altri = (
        *(ambiente.SERVIZI_INCORPORATI if servizi else ()),
        *(ambiente.PORTALE_DI_PROVA if serve_il_portale(luoghi) else ()),
    )
    with uno_alla_volta(luoghi, "start"):
        ambiente.prepara_librerie()
        ambiente.prepara_python(luoghi, sviluppo=False, altri=altri)
        return esegui_start(luoghi, ambiente_dei_figli(luoghi), porta=scelte.port, vuoto=scelte.vuoto)


def test(luoghi: Luoghi, argomenti: list[str]) -> int:
    with uno_alla_volta(luoghi, "test"):
        prepara_prove(luoghi)
        with servizi_provvisori(luoghi) as figli:
            figli["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            return subprocess.run(
                comando_pytest(luoghi, argomenti or list(IN_DUE)), env=figli, cwd=luoghi.radice, check=False
            ).returncode


def bench(luoghi: Luoghi, argomenti: list[str]) -> int:
    with uno_alla_volta(luoghi, "bench"):
        ambiente.prepara_librerie()
        ambiente.prepara_python(luoghi, sviluppo=True)
        with servizi_provvisori(luoghi, durevole=True) as figli:
            python = str(luoghi.python)
            preparazione = [python, "manage.py", "prepara", "--vuoto"]
            esito = subprocess.run(preparazione, env=figli, cwd=luoghi.radice, stdout=subprocess.DEVNULL, check=False)
            if esito.returncode != 0:
                raise Fermo("La preparazione del database delle misure non è riuscita.")
            return subprocess.run(
                [python, "-m", "bench", *argomenti], env=figli, cwd=luoghi.radice, check=False
            ).returncode


def verifica(luoghi: Luoghi, argomenti: list[str]) -> int:
    os.environ["BROWSER_OBBLIGATORIO"] = "1"
    with uno_alla_volta(luoghi, "verifica"):
        prepara_prove(luoghi)
        with servizi_provvisori(luoghi) as figli:
            figli["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
            return controlli.esegui(luoghi, figli, comando_pytest(luoghi, [*IN_DUE, *argomenti]))


COMANDI = {"start": start, "test": test, "bench": bench, "verifica": verifica}


def _interrompi(_segnale: int, _quadro: FrameType | None) -> None:
    raise KeyboardInterrupt


def principale(argomenti: list[str]) -> int:
    """Run one command; every refusal becomes a message in plain words."""
    # A shell script starts its background jobs deaf to SIGINT; nohup, on purpose, to SIGHUP.
    signal.signal(signal.SIGINT, _interrompi)
    signal.signal(signal.SIGTERM, _interrompi)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        signal.signal(signal.SIGHUP, _interrompi)
    nome, resto = argomenti[0], argomenti[1:]
    try:
        return COMANDI[nome](Luoghi.per(nome), resto)
    except Fermo as errore:
        di(str(errore))
        return 1
    except KeyboardInterrupt:
        di("Interrotto.")
        return 130
    except PermissionError as errore:
        di(f"Manca il permesso su {errore.filename}: avviare con l'utente che possiede la cartella.")
        return 1
    finally:
        sys.stdout.flush()
