"""The CV as other apps read it: plain data, no models."""

from __future__ import annotations

from typing import Any

from curriculum.models import Curriculum
from orientamento.anagrafica.models import Utente


def curriculum_attuale(utente: Utente) -> dict[str, Any] | None:
    """The CV that counts for `utente`, or None; one query."""
    cv = Curriculum.objects.filter(utente=utente).attuali().first()
    if cv is None:
        return None
    return {
        "id": cv.pk,
        "caricato_il": cv.caricato_il,
        "valido_fino_al": cv.valido_fino_al,
        "obsoleto": cv.obsoleto,
        "nome_originale": cv.nome_originale,
        "pagine": cv.pagine,
    }
