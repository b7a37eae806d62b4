"""Where no mail server is configured, and only for trials: each message becomes a file of the data folder."""

from __future__ import annotations

import contextlib
import email
import email.policy
import os
import re
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import TypedDict

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from django.utils.module_loading import import_string

from orientamento.anagrafica.posta.errori import PostaTemporanea

NON_SI_SCRIVE = "Non si riesce a scrivere nella cartella della posta: avvisare l'assistenza. Si riprova da soli."
DA_TOGLIERE = re.compile(r"[^A-Za-z0-9.@-]")


class Lettera(TypedDict):
    da: str
    rispondi_a: str
    a: str
    oggetto: str
    testo: str


class Cartella(BaseEmailBackend):
    """A file is there whole or not at all: it is written beside and then given its name."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for messaggio in email_messages:
            try:
                _scrivi(_percorso(messaggio.extra_headers["Message-ID"]), messaggio.message().as_bytes())
            except OSError as errore:
                raise PostaTemporanea(NON_SI_SCRIVE, per_tutti=True) from errore
        return len(email_messages)


def in_uso() -> bool:
    """Whether messages go into the folder, and nowhere else."""
    return bool(settings.POSTA_BACKEND) and import_string(settings.POSTA_BACKEND) is Cartella


def leggi(identificatore: str) -> Lettera | None:
    """The message with that Message-ID as it went out; None where the folder has it no more."""
    try:
        contenuto = _percorso(identificatore).read_bytes()
    except FileNotFoundError:
        return None
    lettera = email.message_from_bytes(contenuto, policy=email.policy.default)
    corpo = lettera.get_body(("plain",))
    return {
        "da": str(lettera["From"]),
        "rispondi_a": str(lettera["Reply-To"] or ""),
        "a": str(lettera["To"]),
        "oggetto": str(lettera["Subject"]),
        "testo": str(corpo.get_content()).strip() if corpo else "",
    }


def _percorso(identificatore: str) -> Path:
    return Path(settings.DATI_DIR) / "posta" / (DA_TOGLIERE.sub("", identificatore).lstrip(".") + ".eml")


def _scrivi(percorso: Path, contenuto: bytes) -> None:
    percorso.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    provvisorio = percorso.with_name(f".{percorso.name}.{secrets.token_hex(4)}")
    try:
        with open(os.open(provvisorio, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(contenuto)
            file.flush()
            os.fsync(file.fileno())
        provvisorio.replace(percorso)
    finally:
        with contextlib.suppress(FileNotFoundError):
            provvisorio.unlink()
