"""Whose name a meeting may show: the people of the office; who has passed to another is named no more (A1)."""

from __future__ import annotations

from collections.abc import Iterable

from orientamento.anagrafica.models import Operatore, Utente
from psp.models import Iscrizione

PASSATA = "Persona passata a un altro centro"


def segna_visibili(iscrizioni: Iterable[Iscrizione], operatore: Operatore) -> list[Iscrizione]:
    """The bookings, each with `visibile` and `chi`: the citizen's name where `operatore` sees them (one query)."""
    righe = list(iscrizioni)
    chiavi = {riga.utente_id for riga in righe}
    visibili = set(Utente.objects.visibili_a(operatore).filter(pk__in=chiavi).values_list("pk", flat=True))
    for riga in righe:
        riga.visibile = riga.utente_id in visibili
        riga.chi = str(riga.utente) if riga.visibile else PASSATA
    return righe


def nome_per_il_centro(utente: Utente, cpi_id: int) -> str:
    """The citizen's name, for a sentence said in the office `cpi_id`."""
    return str(utente) if utente.cpi_id == cpi_id else PASSATA
