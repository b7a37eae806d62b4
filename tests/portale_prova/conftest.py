"""A client that speaks to the portal as the contract says, without any code of the application."""

from __future__ import annotations

import hashlib
import json
import uuid
from typing import Any

import httpx
import pytest

from tests.curriculum.fabbrica import pdf
from tests.portale_prova.server import CLIENTE, SEGRETO, SERVITO, PortaleDiProva

# Sources delivered without the trial portal have nothing to try here.
collect_ignore_glob = [] if SERVITO.exists() else ["test_*.py"]

CODICE = "RSSMRA80A01D612X"
PERSONA = {"cognome": "Rossi", "nome": "Maria", "data_nascita": "1980-01-01", "posta": "maria@example.it"}


class Chiamate:
    """Each operation of the contract, as an HTTP answer."""

    def __init__(self, portale: PortaleDiProva) -> None:
        self.portale = portale
        self.http = httpx.Client(base_url=portale.url, timeout=20, trust_env=False)
        risposta = self.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(CLIENTE, SEGRETO))
        self.http.headers["Authorization"] = f"Bearer {risposta.json()['access_token']}"

    def cerca(self, codice: str = CODICE) -> httpx.Response:
        return self.http.get("/v2/registrazione", headers=_di(codice))

    def preregistra(self, codice: str = CODICE, *, chiave: str = "", **altro: str) -> httpx.Response:
        return self.http.put("/v2/registrazione", json={**PERSONA, **altro}, headers=_di(codice, chiave or nuova()))

    def rimanda(self, codice: str = CODICE, *, chiave: str = "") -> httpx.Response:
        return self.http.post("/v2/registrazione/messaggi", headers=_di(codice, chiave or nuova()))

    def metti(
        self, file: bytes | None = None, codice: str = CODICE, *, chiave: str = "", **dati: Any
    ) -> httpx.Response:
        contenuto = pdf() if file is None else file
        tutti = {
            "sha256": hashlib.sha256(contenuto).hexdigest(),
            "caricato_il": "2026-11-20T10:00:00+01:00",
            "propensioni": [{"codice": "8.1.3.2", "professione": "Magazziniere", "settore": "Logistica"}],
            "titoli": [{"livello": 4, "descrizione": "Diploma di scuola superiore", "anno": 1999}],
            **dati,
        }
        parti = {
            "dati": (None, json.dumps(tutti), "application/json"),
            "file": ("cv.pdf", contenuto, "application/pdf"),
        }
        return self.http.put("/v2/curriculum", files=parti, headers=_di(codice, chiave or nuova()))

    def stato(self, codice: str = CODICE) -> httpx.Response:
        return self.http.get("/v2/curriculum", headers=_di(codice))

    def togli(self, codice: str = CODICE, *, chiave: str = "") -> httpx.Response:
        return self.http.delete("/v2/intuition", headers=_di(codice, chiave or nuova()))


def nuova() -> str:
    return str(uuid.uuid4())


def _di(codice: str, chiave: str = "") -> dict[str, str]:
    return {"Codice-Fiscale": codice, **({"Idempotency-Key": chiave} if chiave else {})}


@pytest.fixture
def chiama(portale_di_prova: PortaleDiProva) -> Chiamate:
    """The portal emptied, its faults off, and somebody to speak to it."""
    portale_di_prova.azzera()
    return Chiamate(portale_di_prova)
