"""What other apps read of the propensioni of a citizen: plain data, no models."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from orientamento.anagrafica.models import Utente
from propensioni.models import Propensione

# For a statement that reads a citizen's page at once, with the citizen's key as `u.id`: what a page shows of each.
IN_JSON = """
    (SELECT json_agg(r ORDER BY r.posto) FROM (
        SELECT p.posto, g.titolo AS professione, g.codice, p.nota_testo, array_remove(ARRAY[
            CASE WHEN p.da_lavoro THEN 'lavoro' END, CASE WHEN p.da_istruzione THEN 'istruzione' END,
            CASE WHEN p.da_formazione THEN 'formazione' END], NULL) AS provenienze
        FROM propensioni_propensione p JOIN propensioni_professione g ON g.id = p.professione_id
        WHERE p.utente_id = u.id) r)
"""


def propensioni_di(utente: Utente) -> list[dict[str, Any]]:
    """The propensioni in their order, each as a dict. One query."""
    righe = Propensione.objects.filter(utente=utente).select_related("professione").order_by("posto")
    return [come_dati(propensione) for propensione in righe]


def propensioni_di_molti(utenti: Iterable[int]) -> dict[int, list[dict[str, Any]]]:
    """The propensioni of each of `utenti` (ids), in their order; nothing for who has none. One query."""
    righe = Propensione.objects.filter(utente__in=list(utenti)).select_related("professione").order_by("posto")
    trovate: dict[int, list[dict[str, Any]]] = {}
    for propensione in righe:
        trovate.setdefault(propensione.utente_id, []).append(come_dati(propensione))
    return trovate


def quante(utente: Utente) -> int:
    """How many of the three places are taken."""
    return Propensione.objects.filter(utente=utente).count()


def come_dati(propensione: Propensione) -> dict[str, Any]:
    """One propensione as a dict; its profession must be at hand."""
    return {
        "id": propensione.pk,
        "posto": propensione.posto,
        "professione": propensione.professione.titolo,
        "codice": propensione.professione.codice,
        "edizione": propensione.professione.edizione,
        "provenienze": propensione.provenienze,
        "data_intervista": propensione.data_intervista,
        "sep": propensione.nota.get("sep", ""),
        "nota": dict(propensione.nota),
        "nota_testo": propensione.nota_testo,
        "versione": propensione.versione,
    }
