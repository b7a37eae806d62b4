"""Writing the register (A2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from django.db import models
from django.utils import timezone

from orientamento.registro.azioni import Azione
from orientamento.registro.middleware import provenienza
from orientamento.registro.models import Evento

if TYPE_CHECKING:
    from orientamento.anagrafica.models import Operatore, Utente

APERTURA_VALE = dt.timedelta(minutes=30)


def registra(
    azione: Azione,
    *,
    attore: Operatore | None,
    oggetto: models.Model | None = None,
    utente: Utente | None = None,
    dettaglio: dict[str, Any] | None = None,
) -> Evento:
    """Write one line, in the caller's transaction, so that the change and its line stand or fall together.

    `attore` None is the system itself. `utente` is the citizen whose file is touched. `dettaglio` is plain data.
    """
    riga = _evento(azione, attore=attore, oggetto=oggetto, utente=utente, dettaglio=dettaglio)
    riga.save(force_insert=True)
    return riga


def registra_tutti(
    azione: Azione,
    *,
    attore: Operatore | None,
    righe: Iterable[tuple[models.Model | None, Utente | None, dict[str, Any]]],
) -> None:
    """As `registra`, one line for each object, citizen and detail of `righe`, in one statement."""
    Evento.objects.bulk_create(
        _evento(azione, attore=attore, oggetto=oggetto, utente=utente, dettaglio=dettaglio)
        for oggetto, utente, dettaglio in righe
    )


def _evento(
    azione: Azione,
    *,
    attore: Operatore | None,
    oggetto: models.Model | None,
    utente: Utente | None,
    dettaglio: dict[str, Any] | None,
) -> Evento:
    da = provenienza.get()
    return Evento(
        azione=azione,
        attore=attore,
        attore_nome=str(attore) if attore else "Sistema",
        utente=utente,
        oggetto_tipo=oggetto._meta.label_lower if oggetto else "",
        oggetto_id=oggetto.pk if oggetto else None,
        dettaglio=dettaglio or {},
        indirizzo=da.indirizzo,
        percorso=da.percorso,
    )


def registra_apertura(utente: Utente, *, attore: Operatore, parziale: bool = False) -> None:
    """Write that `attore` opened the file of `utente` (A2).

    A page is always one line. A part of a page is asked for by a page already open, so it writes a line only where
    this operator has none of the last half hour: reading parts by hand leaves its trace too.
    """
    if (
        parziale
        and Evento.objects.filter(attore=attore, utente=utente, quando__gte=timezone.now() - APERTURA_VALE).exists()
    ):
        return
    registra(Azione.FASCICOLO_APERTO, attore=attore, utente=utente)


def differenze(oggetto: models.Model, nuovi: dict[str, Any]) -> dict[str, list[Any]]:
    """What of `nuovi` differs from `oggetto`: field → [before, after], as text. For `dettaglio` of a change."""
    return {
        campo: [_testo(getattr(oggetto, campo)), _testo(valore)]
        for campo, valore in nuovi.items()
        if getattr(oggetto, campo) != valore
    }


def _testo(valore: Any) -> str:
    return "" if valore is None else str(valore)[:500]
