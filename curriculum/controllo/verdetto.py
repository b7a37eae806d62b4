"""What goes into the check and what comes out."""

from __future__ import annotations

from dataclasses import dataclass

MEGA = 1024 * 1024


@dataclass(frozen=True)
class Limiti:
    """How large a file may be and how much its check may cost. The defaults are those of a CV (V1).

    `espansione` is what all the compressed parts together may become when they are opened, `espansione_uno` what one
    part may that the library itself has to open (object streams, chains of filters). `memoria`, `secondi_cpu` and
    `secondi` bound the child process, whatever the file makes it do.
    """

    byte: int = 10 * MEGA
    pagine: int = 50
    espansione: int = 400 * MEGA
    espansione_uno: int = 64 * MEGA
    punti_immagine: int = 200_000_000
    memoria: int = 768 * MEGA
    secondi_cpu: int = 6
    secondi: float = 8.0


@dataclass(frozen=True)
class Verdetto:
    """The answer: `motivo` is empty when accepted, else an Italian sentence that says why and what to do."""

    accettato: bool
    motivo: str = ""
    pagine: int = 0
