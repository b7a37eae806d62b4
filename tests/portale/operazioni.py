"""The six operations with plain arguments, by the name that the contract gives them."""

from __future__ import annotations

import datetime as dt
import hashlib
import uuid
from collections.abc import Callable
from typing import Any

from curriculum.portale.client import Portale
from curriculum.portale.dati import CurriculumDaInviare, Preregistrazione, Propensione, TitoloDiStudio

CODICE = "RSSMRA80A01H501U"
CHIAVE = uuid.UUID("5d9a9c1e-6f0e-4a0e-9c58-0a4f3d2b1c00")
PERSONA = Preregistrazione("D'Agrò", "Zoë", dt.date(1980, 1, 1), "zoe@example.it", "333 123 4567")
PDF = b"%PDF-1.7\n1 0 obj\n"
CURRICULUM = CurriculumDaInviare(
    PDF,
    hashlib.sha256(PDF).hexdigest(),
    dt.datetime(2026, 8, 31, 23, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    [Propensione("5.2.2.1.0", "Cuoco", "Turismo", "Primi piatti")],
    [TitoloDiStudio(4, "Diploma alberghiero", 1999)],
)

OPERAZIONI: dict[str, Callable[[Portale], Any]] = {
    "cercaCittadino": lambda p: p.cerca(CODICE),
    "preregistraCittadino": lambda p: p.preregistra(CODICE, PERSONA, chiave=CHIAVE),
    "rimandaConferma": lambda p: p.rimanda_conferma(CODICE, chiave=CHIAVE),
    "mettiCurriculum": lambda p: p.metti_curriculum(CODICE, CURRICULUM, chiave=CHIAVE),
    "statoCurriculum": lambda p: p.stato_curriculum(CODICE),
    "togliDaIntuition": lambda p: p.togli_da_intuition(CODICE, chiave=CHIAVE),
}
REGISTRAZIONI = ("cercaCittadino", "preregistraCittadino", "rimandaConferma")


def risposta_buona(nome: str) -> dict[str, Any]:
    if nome in REGISTRAZIONI:
        return {"stato": "da_confermare", "canale": "posta", "messaggi": 1}
    return {"stato": "pubblicato", "intuition": "presente"}
