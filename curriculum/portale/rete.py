"""The wire under the client: httpx's transport with one time limit over all that an operation does on the network.

The limits of httpx count from one byte to the next: a portal that drips a byte a second would hold a worker for ever.
Here every wait on the network also ends where the operation's time does. An answer is read whole, up to a limit.
Errors are those of httpcore, which say in which moment they came.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore
import httpx

RISPOSTA_MASSIMA = 256 * 1024
CONNESSIONI = 16
ATTESA_FRA_DUE = 4.0  # seconds an idle connection is kept: less than servers usually do, or they close it under us


class RispostaIllegibile(Exception):
    """Too long, or compressed although that was not asked for."""


class _Scadenza(threading.local):
    """When the operation of this thread must be over, on the monotonic clock."""

    fine: float | None = None

    def resta(self, limite: float | None, errore: type[Exception]) -> float | None:
        """The seconds one wait may take: its own limit, or what is left. Raises `errore` where nothing is left."""
        if self.fine is None:
            return limite
        resto = self.fine - time.monotonic()
        if resto <= 0:
            raise errore("operation out of time")
        return resto if limite is None else min(limite, resto)


_scadenza = _Scadenza()


@contextmanager
def entro(secondi: float) -> Iterator[None]:
    """What this thread does on the network inside the block is over in `secondi`."""
    _scadenza.fine = time.monotonic() + secondi
    try:
        yield
    finally:
        _scadenza.fine = None


def tempo_rimasto() -> float:
    """Seconds left to the operation of this thread. Raises httpcore.PoolTimeout where none is left."""
    return _scadenza.resta(None, httpcore.PoolTimeout) or 0.0


class _Filo(httpcore.NetworkStream):
    """A connection whose every wait is cut at the deadline; what is written is never copied."""

    def __init__(self, filo: httpcore.NetworkStream) -> None:
        self._filo = filo
        self._presa = filo.get_extra_info("socket")

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._filo.read(max_bytes, timeout=_scadenza.resta(timeout, httpcore.ReadTimeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        resto = memoryview(buffer)
        try:
            while resto:
                self._presa.settimeout(_scadenza.resta(timeout, httpcore.WriteTimeout))
                resto = resto[self._presa.send(resto) :]
        except TimeoutError as errore:
            raise httpcore.WriteTimeout(str(errore)) from errore
        except OSError as errore:
            raise httpcore.WriteError(str(errore)) from errore

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        limite = _scadenza.resta(timeout, httpcore.ConnectTimeout)
        return _Filo(self._filo.start_tls(ssl_context, server_hostname, timeout=limite))

    def close(self) -> None:
        self._filo.close()

    def get_extra_info(self, info: str) -> Any:
        return self._filo.get_extra_info(info)


class _Fili(httpcore.SyncBackend):
    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        limite = _scadenza.resta(timeout, httpcore.ConnectTimeout)
        return _Filo(super().connect_tcp(host, port, limite, local_address, socket_options))


class Rete(httpx.BaseTransport):
    """The pool of kept connections, safe between threads. Certificates are always verified."""

    def __init__(self, certificati: ssl.SSLContext | None) -> None:
        self._connessioni = httpcore.ConnectionPool(
            ssl_context=certificati,
            max_connections=CONNESSIONI,
            max_keepalive_connections=CONNESSIONI,
            keepalive_expiry=ATTESA_FRA_DUE,
            network_backend=_Fili(),
        )

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        assert isinstance(request.stream, Iterable)
        domanda = httpcore.Request(
            method=request.method,
            url=httpcore.URL(
                scheme=request.url.raw_scheme,
                host=request.url.raw_host,
                port=request.url.port,
                target=request.url.raw_path,
            ),
            headers=request.headers.raw,
            content=request.stream,
            extensions=request.extensions,
        )
        risposta = self._connessioni.handle_request(domanda)
        try:
            contenuto = _letto(risposta)
        finally:
            risposta.close()
        return httpx.Response(risposta.status, headers=risposta.headers, content=contenuto)

    def close(self) -> None:
        self._connessioni.close()


def _letto(risposta: httpcore.Response) -> bytes:
    """The whole body. Whoever leaves the connection half read closes it: the pool does not use it again."""
    for nome, valore in risposta.headers:
        nome = nome.lower()
        if nome == b"content-encoding" and valore.strip().lower() not in (b"", b"identity"):
            raise RispostaIllegibile("compressed")
        if nome == b"content-length" and int(valore) > RISPOSTA_MASSIMA:
            raise RispostaIllegibile("too long")
    pezzi: list[bytes] = []
    lunghezza = 0
    for pezzo in risposta.iter_stream():
        lunghezza += len(pezzo)
        if lunghezza > RISPOSTA_MASSIMA:
            raise RispostaIllegibile("too long")
        pezzi.append(pezzo)
    return b"".join(pezzi)
