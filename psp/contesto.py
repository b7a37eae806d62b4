"""What every page of a citizen shows above its own content."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest


def fascia_utente(request: HttpRequest) -> dict[str, Any]:
    """The citizen's band: empty on pages that are not about one citizen."""
    return {"fascia": None}
