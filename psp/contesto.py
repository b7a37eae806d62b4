"""What every page shows around its own content: the menu of the role and the band of the citizen."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from psp.services.fascia import fascia_di

# What the menu offers, to whom (A1).
VOCI_MENU = [
    ("Oggi", "psp:home", Permesso.CONDURRE_COLLOQUIO),
    ("Agenda", "psp:agenda", Permesso.GESTIRE_AGENDA),
    ("Cerca una persona", "anagrafica:ricerca", Permesso.VEDERE_PROPENSIONI),
    ("Curriculum", "curriculum:scadenze", Permesso.TRASFERIRE_CURRICULUM),
    ("Patti da revisionare", "psp:revisioni", Permesso.REVISIONARE_PATTO),
    ("Amministrazione", "anagrafica:amministrazione", Permesso.AMMINISTRARE),
]

# Pages that stand below one of these.
SOTTO = {"Curriculum": ("curriculum:registrazioni", "curriculum:trasferimenti")}


def menu(request: Richiesta) -> dict[str, Any]:
    """`voci_menu`: name, address, whether it is the page in sight. Empty before the login."""
    if not getattr(request, "user", None) or not request.user.is_authenticated:
        return {}
    voci = [
        {
            "nome": nome,
            "url": reverse(url),
            "attiva": request.path in (reverse(url), *map(reverse, SOTTO.get(nome, ()))),
        }
        for nome, url, permesso in VOCI_MENU
        if puo(request.user, permesso)
    ]
    return {"voci_menu": voci}


def fascia_utente(request: Richiesta) -> dict[str, Any]:
    """`fascia`: the citizen of the page; None on pages that are not about one, and on parts of pages.

    A page that has read the same things already leaves its own in `request.fascia`. What is missing is asked by the
    band itself, right after the page and again after each change.
    """
    utente = getattr(request, "utente_in_vista", None)
    if utente is None or request.headers.get("HX-Request"):
        return {"fascia": None}
    return {
        "fascia": getattr(request, "fascia", None) or fascia_di(utente, adesso()),
        "fascia_mancanze": puo(request.user, Permesso.VEDERE_COLLOQUIO),
    }
