"""A mail server for the tests: a real socket that speaks SMTP, keeps what it accepts, and fails where it is told to."""

from __future__ import annotations

import contextlib
import email
import email.message
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

TAGLIA = "taglia"


@dataclass(frozen=True)
class Busta:
    mittente: str
    destinatario: str
    contenuto: bytes

    @property
    def lettera(self) -> email.message.EmailMessage:
        return email.message_from_bytes(self.contenuto, policy=email.policy.default)  # type: ignore[return-value]


@dataclass
class Modi:
    """What to answer at each step; `TAGLIA` hangs up there instead. `fine` comes after the whole text."""

    saluto: str = "220 prova"
    mail: str = "250 va bene"
    rcpt: dict[str, str] = field(default_factory=dict)
    data: str = "354 avanti"
    fine: str = "250 preso"
    # Keeps the message and hangs up without saying so: the worst there is.
    tieni_e_taglia: bool = False
    # Set: after the text wait for it before answering.
    attendi: threading.Event | None = None


class _Taglio(Exception):
    pass


class _Sessione(socketserver.StreamRequestHandler):
    server: Postino

    def handle(self) -> None:
        with contextlib.suppress(_Taglio, OSError):
            self._conversa()

    def _di(self, risposta: str) -> None:
        if risposta == TAGLIA:
            raise _Taglio
        self.wfile.write(risposta.encode() + b"\r\n")

    def _conversa(self) -> None:
        modi = self.server.modi
        self.server.connessioni += 1
        self._di(modi.saluto)
        mittente = destinatario = ""
        while riga := self.rfile.readline().decode().strip():
            comando = riga.upper()
            if comando.startswith("EHLO"):
                self._di("250-prova\r\n250 8BITMIME")
            elif comando.startswith("MAIL FROM:"):
                mittente = riga.partition("<")[2].partition(">")[0]
                self._di(modi.mail)
            elif comando.startswith("RCPT TO:"):
                destinatario = riga.partition("<")[2].partition(">")[0]
                self._di(modi.rcpt.get(destinatario, "250 va bene"))
            elif comando == "DATA":
                self._di(modi.data)
                if modi.data.startswith("354"):
                    self._prendi(mittente, destinatario)
            elif comando == "QUIT":
                self._di("221 arrivederci")
                return
            else:
                self._di("250 va bene")

    def _prendi(self, mittente: str, destinatario: str) -> None:
        modi = self.server.modi
        righe = []
        while (riga := self.rfile.readline()) != b".\r\n":
            if not riga:
                raise _Taglio
            righe.append(riga.removeprefix(b".") if riga.startswith(b"..") else riga)
        if modi.attendi:
            self.server.arrivata.set()
            modi.attendi.wait(20)
        if modi.fine.startswith("250") or modi.tieni_e_taglia:
            self.server.prese.append(Busta(mittente, destinatario, b"".join(righe)))
        if modi.tieni_e_taglia:
            raise _Taglio
        self._di(modi.fine)


class Postino(socketserver.ThreadingTCPServer):
    """`prese` is what was accepted, `connessioni` how many came."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Sessione)
        self.modi = Modi()
        self.prese: list[Busta] = []
        self.connessioni = 0
        self.arrivata = threading.Event()


@contextlib.contextmanager
def postino(settings: Any) -> Iterator[Postino]:
    """One at work, to which the application sends."""
    with Postino() as server:
        filo = threading.Thread(target=server.serve_forever, args=(0.02,))
        filo.start()
        settings.POSTA_BACKEND = "orientamento.anagrafica.posta.server.ServerDiPosta"
        settings.EMAIL_HOST, settings.EMAIL_PORT = server.server_address[:2]
        settings.EMAIL_TIMEOUT = 10
        settings.MITTENTE = "Centro per l'impiego <non-rispondere@example.it>"
        try:
            yield server
        finally:
            if server.modi.attendi:
                server.modi.attendi.set()
            server.shutdown()
            filo.join()
