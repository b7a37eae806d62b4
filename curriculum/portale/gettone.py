"""The application's OAuth2 token (client credentials): asked once, shared by the threads, renewed before its end."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import httpcore
import httpx
from authlib.oauth2 import OAuth2Error
from authlib.oauth2.client import OAuth2Client

from curriculum.portale import errori
from curriculum.portale.rete import tempo_rimasto

AMBITO = "curricula"
ANTICIPO_MASSIMO = 60.0  # seconds before its end from which a token is not used any more; a tenth of short lives
VITA_MASSIMA = 24 * 3600.0  # seconds: also one that claims to live longer is asked again after a day

_SCRIVIBILE = re.compile(r"[\x21-\x7e]{1,8000}")

Manda = Callable[[str, str, dict[str, str], bytes], httpx.Response]


@dataclass(frozen=True, slots=True)
class _Gettone:
    intestazione: str
    fine: float


class Gettoni:
    """Gives the Authorization header. Only one thread asks for a new token, the others wait for that one.

    Its errors are never `incerto`: without a token the operation has not left.
    """

    def __init__(self, manda: Manda, indirizzo: str, cliente: str, segreto: str) -> None:
        self._indirizzo = indirizzo
        self._oauth = OAuth2Client(_Sessione(manda), client_id=cliente, client_secret=segreto, scope=AMBITO)
        self._gettone: _Gettone | None = None
        self._uno_alla_volta = threading.Lock()

    def valido(self, *, scartato: str = "") -> str:
        """The header to send. `scartato`: the one that the portal has just refused, to be replaced."""
        gettone = self._gettone
        if gettone is not None and gettone.intestazione != scartato and time.monotonic() < gettone.fine:
            return gettone.intestazione
        if not self._uno_alla_volta.acquire(timeout=_attesa()):
            raise errori.ErroreTemporaneo("accesso_guasto")
        try:
            gettone = self._gettone
            if gettone is None or gettone.intestazione == scartato or time.monotonic() >= gettone.fine:
                gettone = self._gettone = self._chiedi()
            return gettone.intestazione
        finally:
            self._uno_alla_volta.release()

    def _chiedi(self) -> _Gettone:
        inizio = time.monotonic()
        try:
            dato = self._oauth.fetch_token(self._indirizzo, grant_type="client_credentials")
        except errori.ErroreTemporaneo as errore:
            errore.incerto = False
            raise
        except (OAuth2Error, ValueError, TypeError, OverflowError):  # what Authlib makes of answers that are no token
            raise errori.ErroreTemporaneo("risposta_non_valida") from None
        vita = min(float(dato["expires_in"]), VITA_MASSIMA)
        return _Gettone(f"Bearer {dato['access_token']}", inizio + vita - min(ANTICIPO_MASSIMO, vita / 10))


class _Sessione:
    """The door through which Authlib sends: the same connections, limits and errors as everything else."""

    def __init__(self, manda: Manda) -> None:
        self._manda = manda

    def post(self, indirizzo: str, *, data: dict[str, str], headers: dict[str, str], auth: Any) -> httpx.Response:
        # A copy: Authlib writes the secret into the headers that it is given, and gives its own for all.
        indirizzo, intestazioni, corpo = auth.prepare("POST", indirizzo, dict(headers), urlencode(data))
        risposta = self._manda("POST", indirizzo, intestazioni, corpo.encode("ascii"))
        if risposta.status_code in (400, 401):
            raise errori.CredenzialiRifiutate
        if risposta.status_code == 429:
            raise errori.ErroreTemporaneo("troppe_richieste", riprova_tra=errori.attesa_chiesta(risposta.headers))
        if risposta.status_code != 200:
            raise errori.ErroreTemporaneo("accesso_guasto", riprova_tra=errori.attesa_chiesta(risposta.headers))
        if not _e_un_gettone(risposta):
            raise errori.ErroreTemporaneo("risposta_non_valida")
        return risposta


def _e_un_gettone(risposta: httpx.Response) -> bool:
    try:
        dato = json.loads(risposta.content.decode("utf-8"))
    except (ValueError, RecursionError):
        return False
    if not isinstance(dato, dict):
        return False
    gettone, durata = dato.get("access_token"), dato.get("expires_in")
    return (
        isinstance(gettone, str)
        and _SCRIVIBILE.fullmatch(gettone) is not None
        and dato.get("token_type") in ("Bearer", "bearer")
        and isinstance(durata, int | float)
        and not isinstance(durata, bool)
        and durata >= 1
    )


def _attesa() -> float:
    try:
        return tempo_rimasto()
    except httpcore.PoolTimeout:
        return 0.0
