"""What can come of a delivery, by what is certain: not done and may be tried again, refused, or nobody knows."""

from __future__ import annotations


class ErroreDiPosta(Exception):
    """`motivo` is an Italian sentence for operators; who raises it adds the technical cause."""

    def __init__(self, motivo: str) -> None:
        super().__init__(motivo)
        self.motivo = motivo


class PostaTemporanea(ErroreDiPosta):
    """Certain not to have gone; to be tried again. `per_tutti`: the next message would fare the same."""

    def __init__(self, motivo: str, *, per_tutti: bool = False) -> None:
        super().__init__(motivo)
        self.per_tutti = per_tutti


class PostaRifiutata(ErroreDiPosta):
    """Refused for good: trying again is no use."""


class PostaIncerta(ErroreDiPosta):
    """The server fell silent after it had the text: it may have gone."""
