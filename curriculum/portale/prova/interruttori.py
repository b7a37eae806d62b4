"""The switches: which faults the portal shows, and how often. Kept in the store, so that a restart changes nothing."""

from __future__ import annotations

import datetime as dt
import json
import random
from dataclasses import asdict, dataclass, fields
from typing import Any

from curriculum.portale.prova.deposito import deposito

_caso = random.Random()  # noqa: S311 - faults, not secrets


@dataclass(frozen=True)
class Guasti:
    """Every fault off by default. Those with a fraction happen to that part of the requests, from 0.0 to 1.0."""

    ritardo_ms: int = 0
    ritardo: float = 1.0
    errore_500: float = 0.0
    errore_500_dopo: float = 0.0
    non_disponibile: float = 0.0
    troppe_richieste: float = 0.0
    riprova_dopo_s: int = 1
    taglia_prima: float = 0.0
    taglia_dopo: float = 0.0
    json_sbagliato: float = 0.0
    gettone_scaduto: float = 0.0
    rifiuta_registrazione: bool = False
    posta_diversa: bool = False
    ignora_chiave: bool = False
    conferma_automatica: bool = False
    intuition_differita_s: int = 0
    oggi: str = ""


MASSIMI = {"ritardo_ms": 120_000, "riprova_dopo_s": 86_400, "intuition_differita_s": 86_400}
NOMI = frozenset(campo.name for campo in fields(Guasti))


def guasti() -> Guasti:
    """The switches as they stand."""
    riga = deposito().legge().execute("SELECT valori FROM guasti").fetchone()
    return Guasti(**json.loads(riga["valori"])) if riga else Guasti()


def imposta(valori: dict[str, Any]) -> Guasti:
    """Change the named switches and leave the others. A ValueError says which value is not good, and why."""
    nuovi = Guasti(**{**asdict(guasti()), **{nome: _buono(nome, valore) for nome, valore in valori.items()}})
    with deposito().scrive() as connessione:
        connessione.execute("REPLACE INTO guasti (id, valori) VALUES (1, ?)", [json.dumps(asdict(nuovi))])
    return nuovi


def semina(seme: int) -> None:
    """The same numbers again, as far as the order of the requests is the same."""
    _caso.seed(seme)


def tocca(parte: float) -> bool:
    """Whether this request is one of the `parte` that the fault hits."""
    return parte > 0 and _caso.random() < parte


def scegli(quanti: int) -> int:
    return _caso.randrange(quanti)


def _buono(nome: str, valore: Any) -> Any:
    if nome not in NOMI:
        raise ValueError(f"L'interruttore «{nome}» non esiste.")
    modello = getattr(Guasti(), nome)
    if isinstance(modello, bool):
        if not isinstance(valore, bool):
            raise ValueError(f"«{nome}» vale vero o falso.")
        return valore
    if isinstance(modello, str):
        try:
            return dt.date.fromisoformat(valore).isoformat() if valore else ""
        except (TypeError, ValueError):
            raise ValueError(f"«{nome}» è una data come 2027-05-24, o vuoto.") from None
    massimo = MASSIMI.get(nome, 1)
    if isinstance(valore, bool) or not isinstance(valore, int | float) or not 0 <= valore <= massimo:
        raise ValueError(f"«{nome}» è un numero da 0 a {massimo}.")
    if isinstance(modello, int) and valore != int(valore):
        raise ValueError(f"«{nome}» è un numero intero.")
    return type(modello)(valore)
