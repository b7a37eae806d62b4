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
    """A sheet as read. `persona` is only ever shown beside the file's own data; `resto` is what has no place in it.

    `competenze` are the skills said so far, each once.
    """

    persona: dict[str, str] = field(default_factory=dict)
    voci: list[VoceTrovata] = field(default_factory=list)
    resto: list[str] = field(default_factory=list)
    tagliate: int = 0
    competenze: set[str] = field(default_factory=set)

    def aggiungi(self, voce: VoceTrovata) -> None:
        """Keep the first `VOCI_MASSIME` entries and count the others: a hostile sheet may have a million."""
        if len(self.voci) < VOCI_MASSIME:
            self.voci.append(voce)
        else:
            self.tagliate += 1
