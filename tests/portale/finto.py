"""Two servers that play the portal over real sockets: one that answers as told, one that breaks the wire as told."""

from __future__ import annotations

import json
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

CLIENTE = "orientamento"
SEGRETO = "solo-per-prova"
GETTONE = "gettone-1"


@dataclass(frozen=True)
class Chiamata:
    metodo: str
    percorso: str
    intestazioni: dict[str, str]
    corpo: bytes
    porta: int

    @property
    def del_gettone(self) -> bool:
        return self.percorso.endswith("/oauth/token")


@dataclass
class Risposta:
    stato: int = 200
    corpo: Any = None
    tipo: str = ""
    intestazioni: dict[str, str] = field(default_factory=dict)

    def byte(self) -> bytes:
        return self.corpo if isinstance(self.corpo, bytes) else json.dumps(self.corpo).encode()

    def tipo_detto(self) -> str:
        return self.tipo or ("application/json" if self.stato < 400 else "application/problem+json")


def gettone(valore: str = GETTONE, durata: Any = 3600) -> Risposta:
    return Risposta(200, {"access_token": valore, "token_type": "Bearer", "expires_in": durata})


def problema(stato: int, codice: str, dettaglio: str = "", **intestazioni: str) -> Risposta:
    corpo = {"type": "about:blank", "title": "", "status": stato, "codice": codice, "detail": dettaglio}
    return Risposta(stato, corpo, intestazioni={nome.replace("_", "-"): v for nome, v in intestazioni.items()})


class PortaleFinto:
    """Answers `risposta(chiamata)`, and `al_gettone(chiamata)` at the token's address; keeps every call."""

    def __init__(self, certificato: ssl.SSLContext | None = None) -> None:
        self.azzera()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._gestore())
        self._server.daemon_threads = True
        if certificato is not None:
            self._server.socket = certificato.wrap_socket(
                self._server.socket, server_side=True, do_handshake_on_connect=False
            )
        self.url = f"{'https' if certificato else 'http'}://localhost:{self._server.server_address[1]}"
        self._filo = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        self._filo.start()

    def azzera(self) -> None:
        self.chiamate: list[Chiamata] = []
        self.risposta: Callable[[Chiamata], Risposta] = lambda _: Risposta(404, b"", "text/plain")
        self.al_gettone: Callable[[Chiamata], Risposta] = lambda _: gettone()

    def risponde(self, *risposte: Risposta) -> None:
        """Those answers in order, then the last for ever."""
        resto = list(risposte)
        self.risposta = lambda _: resto.pop(0) if len(resto) > 1 else resto[0]

    @property
    def operazioni(self) -> list[Chiamata]:
        return [c for c in self.chiamate if not c.del_gettone]

    @property
    def gettoni(self) -> list[Chiamata]:
        return [c for c in self.chiamate if c.del_gettone]

    def chiudi(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def _gestore(self) -> type[BaseHTTPRequestHandler]:
        finto = self

        class Gestore(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = -1

            def handle(self) -> None:
                try:
                    super().handle()
                except OSError:  # who called has gone away: some tests want it so
                    self.close_connection = True

            def rispondi(self) -> None:
                corpo = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                chiamata = Chiamata(
                    self.command,
                    self.path,
                    {nome.lower(): valore for nome, valore in self.headers.items()},
                    corpo,
                    self.client_address[1],
                )
                finto.chiamate.append(chiamata)
                risposta = (finto.al_gettone if chiamata.del_gettone else finto.risposta)(chiamata)
                contenuto = risposta.byte()
                self.send_response(risposta.stato)
                dette = {"Content-Type": risposta.tipo_detto(), "Content-Length": str(len(contenuto))}
                for nome, valore in {**dette, **risposta.intestazioni}.items():
                    if valore:
                        self.send_header(nome, valore)
                self.end_headers()
                self.wfile.write(contenuto)
                self.wfile.flush()

            do_GET = do_PUT = do_POST = do_DELETE = rispondi

            def log_message(self, *_: Any) -> None:
                pass

        return Gestore


class PortaleCrudo:
    """Gives the token as it should; with anything else it does `copione(presa, testa)`, then cuts the connection.

    `testa` is the request's head; the body has not been read: `leggi_corpo` does.
    """

    def __init__(self, copione: Callable[[socket.socket, bytes], None]) -> None:
        self._copione = copione
        self.fine = threading.Event()
        self._ascolto = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._ascolto.getsockname()[1]}"
        threading.Thread(target=self._accetta, daemon=True).start()

    def chiudi(self) -> None:
        self.fine.set()
        self._ascolto.close()

    def _accetta(self) -> None:
        while True:
            try:
                presa, _ = self._ascolto.accept()
            except OSError:
                return
            threading.Thread(target=self._servi, args=(presa,), daemon=True).start()

    def _servi(self, presa: socket.socket) -> None:
        with presa:
            try:
                testa = leggi_testa(presa)
                while testa.startswith(b"POST /oauth/token "):
                    leggi_corpo(presa, testa)
                    corpo = gettone().byte()
                    presa.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(corpo)
                        + corpo
                    )
                    testa = leggi_testa(presa)
                if testa:
                    self._copione(presa, testa)
            except OSError:
                return


def leggi_testa(presa: socket.socket) -> bytes:
    testa = b""
    while not testa.endswith(b"\r\n\r\n"):
        pezzo = presa.recv(1)
        if not pezzo:
            return b""
        testa += pezzo
    return testa


def leggi_corpo(presa: socket.socket, testa: bytes) -> bytes:
    lunghezza = 0
    for riga in testa.split(b"\r\n"):
        nome, _, valore = riga.partition(b":")
        if nome.lower() == b"content-length":
            lunghezza = int(valore)
    corpo = b""
    while len(corpo) < lunghezza:
        pezzo = presa.recv(min(65536, lunghezza - len(corpo)))
        if not pezzo:
            break
        corpo += pezzo
    return corpo
