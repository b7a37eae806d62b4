"""What `manage.py check --deploy` says of the mail."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Tags, Warning, register


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
