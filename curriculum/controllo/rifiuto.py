"""How the parts of the check say no."""

from __future__ import annotations


class Rifiutato(Exception):
    """The file is refused; `motivo` is the sentence for people."""

    def __init__(self, motivo: str) -> None:
        super().__init__(motivo)
        self.motivo = motivo
