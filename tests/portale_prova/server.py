"""The portal to try against, as a real process on a free port, for every test that needs one.

`portale_di_prova` is the process, started once; `portale_collegato` is the same, emptied and with the faults off,
with the settings of the application pointing at it.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

RADICE = Path(__file__).resolve().parent.parent.parent
SERVITO = RADICE / "curriculum" / "portale" / "prova" / "wsgi.py"
CLIENTE, SEGRETO = "orientamento", "solo-per-prova"


class PortaleDiProva:
    """A portal of its own: start, stop, faults, counts. `url` has no slash at its end."""

    def __init__(self, cartella: Path) -> None:
        self.cartella = cartella
        self.porta = porta_libera()
        self.url = f"http://127.0.0.1:{self.porta}"
        self.registro = cartella / "portale.log"
        self._figlio: subprocess.Popen[bytes] | None = None
        self._http = httpx.Client(base_url=self.url, timeout=10, trust_env=False)

    def avvia(self) -> None:
        self.cartella.mkdir(parents=True, exist_ok=True)
        with self.registro.open("ab") as uscita:
            self._figlio = subprocess.Popen(
                [
                    *(sys.executable, "-m", "gunicorn", "curriculum.portale.prova.wsgi:application"),
                    *("-c", "python:curriculum.portale.prova.gunicorn", "--bind", f"127.0.0.1:{self.porta}"),
                ],
                env={**os.environ, "PORTALE_PROVA_DIR": str(self.cartella)},
                cwd=RADICE,
                stdin=subprocess.DEVNULL,
                stdout=uscita,
                stderr=subprocess.STDOUT,
            )
        scadenza = time.monotonic() + 30
        while not self.pronto():
            if self._figlio.poll() is not None or time.monotonic() > scadenza:
                raise RuntimeError(f"Il portale di prova non si avvia:\n{self.registro.read_text()[-3000:]}")
            time.sleep(0.05)

    def ferma(self, *, di_colpo: bool = False) -> None:
        """End the process; `di_colpo` kills it, and its worker goes with it."""
        if self._figlio is None:
            return
        if di_colpo:
            # gunicorn's worker notices that it has lost its parent; the port is free at once only if it is killed too.
            for pid in _figli(self._figlio.pid):
                os.kill(pid, 9)
            self._figlio.kill()
        else:
            self._figlio.terminate()
        self._figlio.wait(20)
        self._figlio = None

    def pronto(self) -> bool:
        try:
            return self._http.get("/prova/salute").status_code == 200
        except httpx.HTTPError:
            return False

    def guasti(self, **interruttori: Any) -> None:
        """Turn switches (see `curriculum/portale/prova/interruttori.py`); the others stay as they are."""
        self._comanda("guasti", interruttori)

    def azzera(self) -> None:
        """Forget citizens, CVs, messages and counts; every fault off."""
        self._comanda("azzera", {})

    def conferma(self, codice_fiscale: str) -> None:
        """The citizen follows the link of the message."""
        self._comanda("conferma", {"codice_fiscale": codice_fiscale})

    def registrati(self, *codici_fiscali: str) -> None:
        """Citizens who are on the portal already, confirmed."""
        self._comanda("registrati", {"codici_fiscali": codici_fiscali})

    def conteggi(self) -> dict[str, Any]:
        """ricezioni, chiavi, doppi, curricula, cittadini, confermati, messaggi, per_chiave {key: receptions}."""
        return dict(self._http.get("/prova/conteggi").json())

    def messaggi(self, codice_fiscale: str = "") -> list[dict[str, Any]]:
        """The outbox, the newest first: canale, destinatario, link …"""
        return list(self._http.get("/prova/messaggi", params={"codice_fiscale": codice_fiscale}).json()["messaggi"])

    def _comanda(self, nome: str, valori: dict[str, Any]) -> None:
        risposta = self._http.post(f"/prova/{nome}", json=valori)
        assert risposta.status_code == 200, risposta.text


def porta_libera() -> int:
    with socket.socket() as presa:
        presa.bind(("127.0.0.1", 0))
        return int(presa.getsockname()[1])


def _figli(pid: int) -> list[int]:
    elenco = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [int(numero) for numero in elenco]


@pytest.fixture(scope="session")
def portale_di_prova(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortaleDiProva]:
    if not SERVITO.exists():
        pytest.skip("I sorgenti sono senza il portale di prova")
    portale = PortaleDiProva(tmp_path_factory.mktemp("portale"))
    portale.avvia()
    yield portale
    portale.ferma()


@pytest.fixture
def portale_collegato(portale_di_prova: PortaleDiProva, settings: Any) -> PortaleDiProva:
    portale_di_prova.azzera()
    settings.PORTALE_URL = portale_di_prova.url
    settings.PORTALE_CLIENTE = CLIENTE
    settings.PORTALE_SEGRETO = SEGRETO
    return portale_di_prova
