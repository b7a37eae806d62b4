"""The agenda as plain data: of an operator, of a room, of an office's groups, of a citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Prefetch, Q, QuerySet
from django.urls import reverse

from orientamento.anagrafica.models import Operatore, Utente
from psp.models import Iscrizione, Seduta
from psp.models.agenda import SedutaQuerySet
from psp.services.agenda.giorni import giorno_di, inizio_del_giorno, ora_di, quando

STATI = {
    Seduta.Stato.FISSATA: "Da tenere",
    Seduta.Stato.TENUTA: "Tenuto",
    Seduta.Stato.ANNULLATA: "Annullato",
}


def appuntamenti_di(operatore: Operatore, dal: dt.date, al: dt.date) -> list[dict[str, Any]]:
    """The meetings that `operatore` holds from `dal` to `al`, both included, in order (two queries).

    Those cancelled are left out. Keys: see `come_dato`.
    """
    return da_sedute(Seduta.objects.filter(operatore=operatore), dal, al)


def da_sedute(sedute: SedutaQuerySet, dal: dt.date, al: dt.date) -> list[dict[str, Any]]:
    righe = (
        sedute.non_annullate()
        .tra(inizio_del_giorno(dal), inizio_del_giorno(al + dt.timedelta(days=1)))
        .select_related("operatore", "luogo", "servizio")
    )
    return [come_dato(seduta) for seduta in _con_le_persone(righe)]


def _con_le_persone(righe: QuerySet[Seduta]) -> QuerySet[Seduta]:
    """With the counts of a group, and the person of a single appointment."""
    singole = Iscrizione.objects.filter(seduta__di_gruppo=False).exclude(stato=Iscrizione.Stato.ANNULLATA)
    return righe.annotate(
        iscritti=Count("iscrizioni", filter=Q(iscrizioni__posto__isnull=False)),
        in_lista=Count("iscrizioni", filter=Q(iscrizioni__stato=Iscrizione.Stato.IN_LISTA)),
    ).prefetch_related(Prefetch("iscrizioni", queryset=singole.select_related("utente"), to_attr="singole"))


def gruppi_del_centro(cpi_id: int, adesso: dt.datetime, quanti: int = 20) -> list[dict[str, Any]]:
    """The groups of an office that are still to begin, the nearest first (two queries)."""
    righe = Seduta.objects.filter(cpi_id=cpi_id, di_gruppo=True, stato=Seduta.Stato.FISSATA, inizio__gt=adesso)
    return [
        come_dato(s) for s in _con_le_persone(righe.select_related("operatore", "luogo").order_by("inizio"))[:quanti]
    ]


def come_dato(seduta: Seduta) -> dict[str, Any]:
    """`persona` and `utente_id` are those of a single appointment; `iscritti`, `in_lista`, `posti` those of a group."""
    una = seduta.singole[0] if seduta.singole else None  # type: ignore[attr-defined]
    return {
        "id": seduta.pk,
        "inizio": seduta.inizio,
        "fine": seduta.fine,
        "giorno": giorno_di(seduta.inizio),
        "quando": quando(seduta.inizio, seduta.fine),
        "ora_inizio": ora_di(seduta.inizio),
        "ora_fine": ora_di(seduta.fine),
        "titolo": seduta.titolo,
        "di_gruppo": seduta.di_gruppo,
        "modo": seduta.get_modo_display(),
        "a_distanza": seduta.modo != Seduta.Modo.PRESENZA,
        "stato": seduta.stato,
        "stato_in_parole": STATI[Seduta.Stato(seduta.stato)],
        "luogo": str(seduta.luogo or ""),
        "operatore": str(seduta.operatore),
        "operatore_id": seduta.operatore_id,
        "persona": str(una.utente) if una else "",
        "utente_id": una.utente_id if una else None,
        "presenza": una.get_stato_display() if una and seduta.stato == Seduta.Stato.TENUTA else "",
        "iscritti": seduta.iscritti,  # type: ignore[attr-defined]
        "in_lista": seduta.in_lista,  # type: ignore[attr-defined]
        "posti": seduta.posti,
        "url": reverse("psp:seduta", args=[seduta.pk]),
    }


def appuntamenti_dell_utente(utente: Utente) -> list[dict[str, Any]]:
    """All the meetings of a citizen, the latest first, those cancelled included (one query).

    `futuro` says which are to come: the last of these in the list is the next one (`prossimo_appuntamento`).
    """
    righe = (
        Iscrizione.objects.filter(utente=utente)
        .select_related("seduta__operatore", "seduta__luogo", "misura__servizio")
        .order_by("-inizio", "-pk")
    )
    return [_dell_utente(riga) for riga in righe]


def prossimo_appuntamento(utente: Utente, adesso: dt.datetime) -> dict[str, Any] | None:
    """The next meeting in which the citizen has a place, or None (one query)."""
    riga = (
        Iscrizione.objects.filter(utente=utente, stato=Iscrizione.Stato.PRENOTATA, fine__gt=adesso)
        .select_related("seduta__operatore", "seduta__luogo", "misura__servizio")
        .order_by("inizio", "pk")
        .first()
    )
    return _dell_utente(riga) if riga else None


def _dell_utente(riga: Iscrizione) -> dict[str, Any]:
    return {
        "id": riga.pk,
        "seduta_id": riga.seduta_id,
        "inizio": riga.inizio,
        "fine": riga.fine,
        "quando": quando(riga.inizio, riga.fine),
        "titolo": riga.seduta.titolo,
        "di_gruppo": riga.seduta.di_gruppo,
        "modo": riga.seduta.get_modo_display(),
        "luogo": str(riga.seduta.luogo or ""),
        "operatore": str(riga.seduta.operatore),
        "stato": riga.stato,
        "stato_in_parole": riga.get_stato_display(),
        "minuti": riga.minuti,
        "misura": str(riga.misura.servizio) if riga.misura else "",
        "misura_id": riga.misura_id,
        "url": reverse("psp:seduta", args=[riga.seduta_id]),
    }
