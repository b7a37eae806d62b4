"""What a sheet says, whatever generation of the format it was written in."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

VOCI_MASSIME = 60


@dataclass
class VoceTrovata:
    """One entry for a section of the file (its key in `anagrafica.sezioni`): values as one would type them in its form.

    `avvisi` say in words what a person has to look at: a date without month, levels that disagree, a text cut short.
    """

    sezione: str
    valori: dict[str, Any]
    avvisi: list[str] = field(default_factory=list)


@dataclass
class Scheda:
    """A sheet as read. `persona` is only ever shown beside the file's own data; `resto` is what has no place in it."""

    persona: dict[str, str] = field(default_factory=dict)
    voci: list[VoceTrovata] = field(default_factory=list)
    resto: list[str] = field(default_factory=list)
    tagliate: int = 0

    def limita(self) -> Scheda:
        """At most `VOCI_MASSIME` entries, and how many were left out."""
        self.tagliate = max(0, len(self.voci) - VOCI_MASSIME)
        del self.voci[VOCI_MASSIME:]
        return self
