"""A colleague is absent: their cases go to another one, one or many (A1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from orientamento.anagrafica.models import CPI, Operatore, Ruolo, Utente
from orientamento.anagrafica.services.utente import riassegna_utente
from psp.models import Seduta

MOSTRATI = 100


def operatori_del_centro(cpi: CPI) -> list[dict[str, Any]]:
    """Who may follow people in the office, and who no longer may but still does, with how many (one query)."""
    lavora = Q(is_active=True, ruolo__in=(Ruolo.OPERATORE, Ruolo.RESPONSABILE))
    righe = (
        Operatore.objects.filter(cpi=cpi)
        .annotate(seguiti=Count("utenti_seguiti", filter=Q(utenti_seguiti__cpi=cpi)))
        .filter(lavora | Q(seguiti__gt=0))
        .order_by("last_name", "first_name", "pk")
    )
    return [
        {
            "operatore": o,
            "quanti": o.seguiti,
            "riceve": o.is_active and o.ruolo in (Ruolo.OPERATORE, Ruolo.RESPONSABILE),
        }
        for o in righe
    ]


def seguiti_da(operatore: Operatore, *, responsabile: Operatore) -> list[Utente]:
    """The first people that `operatore` follows, by name, that the supervisor sees."""
    seguiti = Utente.objects.visibili_a(responsabile).filter(operatore_riferimento=operatore)
    return list(seguiti.order_by("cognome", "nome", "pk")[:MOSTRATI])


def appuntamenti_futuri(operatore: Operatore, adesso: dt.datetime) -> int:
    """The meetings to come that stay in the agenda of `operatore`: they are moved one by one."""
    return Seduta.objects.filter(operatore=operatore, stato=Seduta.Stato.FISSATA, inizio__gt=adesso).count()


@transaction.atomic
def affida_molti(*, utenti: Iterable[Utente], a: Operatore, attore: Operatore) -> int:
    """Give the files of `utenti` to `a`, all or none, each a line of the register. Returns how many changed hands."""
    cambiati = 0
    for utente in sorted(utenti, key=lambda u: u.pk):  # always in one order: two supervisors wait, none is stuck
        prima = utente.operatore_riferimento_id
        cambiati += riassegna_utente(utente=utente, operatore=a, attore=attore).operatore_riferimento_id != prima
    return cambiati
