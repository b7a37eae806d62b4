"""How a ratio is measured on a noisy machine: samples alternate, the minima are compared."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from dataclasses import dataclass

COPPIE = 120


@dataclass(frozen=True)
class Riga:
    """One line of the benchmark. Times are seconds; `goal` None means that the line is for information."""

    name: str
    ours: float
    limit: float
    goal: float | None

    @property
    def ratio(self) -> float:
        return self.ours / self.limit

    @property
    def met(self) -> bool | None:
        return None if self.goal is None else self.ratio <= self.goal


def alterna(nostra: Callable[[], object], limite: Callable[[], object], coppie: int = COPPIE) -> tuple[float, float]:
    """The least times of the two, in seconds, sampled in turn; the shorter one is repeated until it lasts as long."""
    nostra()
    limite()
    volte_nostra, volte_limite = _volte(nostra, limite)
    gc.collect()
    gc.disable()
    try:
        campioni = [(_tempo(nostra, volte_nostra), _tempo(limite, volte_limite)) for _ in range(coppie)]
    finally:
        gc.enable()
    return min(n for n, _ in campioni), min(lim for _, lim in campioni)


def _volte(nostra: Callable[[], object], limite: Callable[[], object]) -> tuple[int, int]:
    a, b = min(_tempo(nostra, 1) for _ in range(3)), min(_tempo(limite, 1) for _ in range(3))
    return (max(1, round(b / a)), 1) if a < b else (1, max(1, round(a / b)))


def _tempo(funzione: Callable[[], object], volte: int) -> float:
    inizio = time.perf_counter()
    for _ in range(volte):
        funzione()
    return (time.perf_counter() - inizio) / volte
