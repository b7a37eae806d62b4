"""Delivery to the mail server, step by step, so that it is known at which step it failed."""

from __future__ import annotations

import smtplib
from collections.abc import Sequence

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend
from django.core.mail.message import sanitize_address

from orientamento.anagrafica.posta.errori import PostaIncerta, PostaRifiutata, PostaTemporanea

NON_RISPONDE = "Il servizio di posta non risponde: si riprova da soli."
NON_ADESSO = "Il servizio di posta non lo accetta per ora (risposta {}): si riprova da soli."
MITTENTE_RIFIUTATO = "Il servizio di posta non accetta il mittente: avvisare l'assistenza. Si riprova da soli."
INDIRIZZO_RIFIUTATO = (
    "Il servizio di posta ha rifiutato l'indirizzo (risposta {}). "
    "Controllarlo con la persona e correggerlo nei recapiti."
)
TESTO_RIFIUTATO = "Il servizio di posta ha rifiutato il messaggio (risposta {}). Avvisare la persona in un altro modo."
INDIRIZZO_ERRATO = "L'indirizzo non è scritto in modo valido. Correggerlo nei recapiti della persona."
FORSE_PARTITO = "Il servizio di posta ha taciuto dopo aver ricevuto il testo: non si sa se il messaggio è partito."

CHIUDE = 421


class ServerDiPosta(EmailBackend):
    """Django's, with typed errors. One recipient a message; the connection serves the messages after it too.

    All that `smtplib` raises is an `OSError`.
    """

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for messaggio in email_messages:
            self._apri()
            try:
                self._consegna(messaggio)
            except (PostaRifiutata, PostaTemporanea) as errore:
                if isinstance(errore, PostaTemporanea) and errore.per_tutti:
                    self._lascia()
                else:
                    self._ricomincia()
                raise
            except BaseException:
                self._lascia()
                raise
        return len(email_messages)

    def _apri(self) -> None:
        try:
            self.open()
        except OSError as errore:
            self._lascia()
            raise PostaTemporanea(NON_RISPONDE, per_tutti=True) from errore

    def _consegna(self, messaggio: EmailMessage) -> None:
        try:
            mittente = sanitize_address(messaggio.from_email, "utf-8")
            destinatario = sanitize_address(messaggio.to[0], "utf-8")
            testo = messaggio.message().as_bytes(linesep="\r\n")  # type: ignore[call-arg]
        except (ValueError, UnicodeError) as errore:
            raise PostaRifiutata(INDIRIZZO_ERRATO) from errore
        server = self._server()
        try:
            opzioni = ["BODY=8BITMIME"] if server.has_extn("8bitmime") else []
            _giudica(server.mail(mittente, opzioni)[0], MITTENTE_RIFIUTATO, per_tutti=True)
            _giudica(server.rcpt(destinatario)[0], INDIRIZZO_RIFIUTATO)
        except OSError as errore:
            raise PostaTemporanea(NON_RISPONDE, per_tutti=True) from errore
        try:
            codice = server.data(testo)[0]
        except smtplib.SMTPDataError as errore:
            codice = errore.smtp_code
        except OSError as errore:
            raise PostaIncerta(FORSE_PARTITO) from errore
        _giudica(codice, TESTO_RIFIUTATO)

    def _server(self) -> smtplib.SMTP:
        """The open connection."""
        if self.connection is None:
            raise smtplib.SMTPServerDisconnected
        return self.connection

    def _ricomincia(self) -> None:
        try:
            self._server().rset()
        except OSError:
            self._lascia()

    def _lascia(self) -> None:
        """Without farewells: a server that has stopped answering would make us wait for them too."""
        for aperta in (self.connection, getattr(self, "_partial_connection", None)):
            if aperta is not None:
                aperta.close()
        self.connection = self._partial_connection = None


def _giudica(codice: int, rifiuto: str, *, per_tutti: bool = False) -> None:
    """Return for an acceptance; raise what the answer of a step means."""
    if 200 <= codice < 300:
        return
    if 500 <= codice < 600 and not per_tutti:
        raise PostaRifiutata(rifiuto.format(codice))
    if 500 <= codice < 600:
        raise PostaTemporanea(rifiuto, per_tutti=True)
    raise PostaTemporanea(NON_ADESSO.format(codice), per_tutti=per_tutti or codice == CHIUDE)
