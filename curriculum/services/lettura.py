"""The CV as other apps read it: plain data, no models."""

from __future__ import annotations

import datetime as dt
from typing import Any

from curriculum.models import Curriculum
from curriculum.services.luoghi import IN_JSON as IN_JSON
from curriculum.services.luoghi import Quadro, da_json, luoghi_di
from orientamento.anagrafica.models import Utente


def curriculum_attuale(utente: Utente) -> dict[str, Any] | None:
    """The CV that counts for `utente`, or None. Whether it is obsolete follows from the date, at every reading (V4)."""
    attuale = Curriculum.objects.attuali().filter(utente=utente).first()
    if attuale is None:
        return None
    return {
        "id": attuale.pk,
        "caricato_il": attuale.caricato_il,
        "valido_fino_al": attuale.valido_fino_al,
        "obsoleto": attuale.obsoleto,
        "nome_originale": attuale.nome_originale,
        "pagine": attuale.pagine,
    }


def curriculum_e_luoghi(utente: Utente, *, giorno: dt.date) -> dict[str, Any]:
    """`curriculum`, as `curriculum_attuale` on `giorno`, and `luoghi`, where it stands (V5), by one statement."""
    return _in_dati(luoghi_di(utente, giorno=giorno), giorno)


def curriculum_e_luoghi_letti(letto: dict[str, Any], *, giorno: dt.date) -> dict[str, Any]:
    """The same from what a statement that holds `IN_JSON` has read: for a page that reads everything at once."""
    return _in_dati(da_json(letto, giorno=giorno), giorno)


def _in_dati(quadro: Quadro, giorno: dt.date) -> dict[str, Any]:
    attuale = quadro.attuale
    return {
        "curriculum": attuale and {**attuale, "obsoleto": attuale["valido_fino_al"] < giorno},
        "luoghi": quadro.luoghi,
    }
