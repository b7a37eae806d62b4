"""What `manage.py check --deploy` says of the mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register

QUESTA_MACCHINA = ("localhost", "127.0.0.1", "::1")


@register(Tags.security, deploy=True)
def posta_configurata(**_: Any) -> list[CheckMessage]:
    """A warning: the office may do without mail, but must know that messages wait."""
    if settings.POSTA_BACKEND:
        return []
    return [
        Warning(
            "La posta non è configurata: i messaggi ai cittadini restano in coda.",
            hint="Impostare EMAIL_URL e MITTENTE, vedere docs/produzione.md.",
            id="anagrafica.W001",
        )
    ]


@register(Tags.security, deploy=True)
def posta_cifrata(**_: Any) -> list[CheckMessage]:
    """A warning where messages, and the password of the server, would cross the network in clear."""
    if not settings.EMAIL_URL or settings.EMAIL_USE_TLS or settings.EMAIL_USE_SSL:
        return []
    if settings.EMAIL_HOST in QUESTA_MACCHINA:
        return []
    return [
        Warning(
            "La posta passa in chiaro fino al suo server: chi è in mezzo legge i messaggi e le credenziali.",
            hint="Scrivere EMAIL_URL con smtp+tls:// o smtp+ssl://, vedere docs/produzione.md.",
            id="anagrafica.W002",
        )
    ]
