"""What the changes of a draft have in common: the mark of a row's values, the line in the register."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from orientamento.anagrafica.models import Operatore
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import PattoDiServizio


def impronta(riga: Any, campi: Sequence[str]) -> str:
    """A short mark of the values of a row: a form that carries an older one is refused as stale (C8)."""
    testo = "\x1f".join(str(getattr(riga, campo)) for campo in campi)
    return hashlib.sha256(testo.encode()).hexdigest()[:16]


def annota(patto: PattoDiServizio, attore: Operatore, **dettaglio: Any) -> None:
    """The draft has changed: `dettaglio` says which part, which rows, which fields, never their text (A2)."""
    registra(Azione.PATTO_MODIFICATO, attore=attore, oggetto=patto, utente=patto.utente, dettaglio=dettaglio)
