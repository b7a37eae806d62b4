"""The portal to try against, beside the application: its process, its address, where the sources hold it at all."""

from __future__ import annotations

import http.client
import json
import os
import time
from collections.abc import Mapping

from orientamento.avvio.luoghi import Fermo, Luoghi, coda
from orientamento.avvio.processi import Processo

CLIENTE, SEGRETO = "orientamento", "solo-per-prova"
ATTESA = 30.0
PAGINE = {"area del cittadino": "cittadini", "messaggi": "messaggi", "Intuition": "intuition", "guasti": "guasti"}


def serve_il_portale(luoghi: Luoghi) -> bool:
    """Not where PORTALE_URL is in the environment, be it empty, nor where the sources came without that folder."""
    cartella = luoghi.radice / "curriculum" / "portale" / "prova"
    return "PORTALE_URL" not in os.environ and (cartella / "wsgi.py").exists()


class Portale:
    """One portal with its own store in one data folder."""

    def __init__(self, luoghi: Luoghi, ambiente: Mapping[str, str], porta: int) -> None:
        self.porta = porta
        self.url = f"http://127.0.0.1:{porta}"
        self.processo = Processo(
            "portale",
            [
                *(str(luoghi.python), "-m", "gunicorn", "curriculum.portale.prova.wsgi:application"),
                *("-c", "python:curriculum.portale.prova.gunicorn", "--bind", f"127.0.0.1:{porta}"),
            ],
            ambiente={**ambiente, "PORTALE_PROVA_DIR": str(luoghi.dati / "portale")},
            registro=luoghi.registri / "portale.log",
            cartella=luoghi.radice,
        )

    @property
    def ambiente(self) -> dict[str, str]:
        """What the application has to know to reach it."""
        return {"PORTALE_URL": self.url, "PORTALE_CLIENTE": CLIENTE, "PORTALE_SEGRETO": SEGRETO}

    def attendi(self) -> None:
        """Return when it answers."""
        scadenza = time.monotonic() + ATTESA
        while not self._risponde():
            if not self.processo.vivo or time.monotonic() > scadenza:
                raise Fermo(f"Il portale di prova non si avvia:\n{coda(self.processo.registro)}")
            time.sleep(0.05)

    def _risponde(self) -> bool:
        collegamento = http.client.HTTPConnection("127.0.0.1", self.porta, timeout=2)
        try:
            collegamento.request("GET", "/prova/salute")
            risposta = collegamento.getresponse()
            return risposta.status == http.client.OK and json.loads(risposta.read()) == {"stato": "ok"}
        except (OSError, ValueError, http.client.HTTPException):
            return False
        finally:
            collegamento.close()

    def annuncio(self) -> list[str]:
        """The lines that tell people where its pages are."""
        larghezza = max(map(len, PAGINE))
        righe = [f"Portale di prova, con il proprio archivio  http://localhost:{self.porta}/"]
        return righe + [f"  {nome:<{larghezza}}  http://localhost:{self.porta}/{via}" for nome, via in PAGINE.items()]
