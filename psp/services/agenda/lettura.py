"""The agenda as plain data: of an operator, of a room, of an office's groups, of a citizen."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse

from orientamento.anagrafica.models import Operatore, Utente
from psp.models import Iscrizione, Seduta
from psp.models.agenda import SedutaQuerySet
from psp.services.agenda.chi import PASSATA
from psp.services.agenda.giorni import giorno_di, inizio_del_giorno, ora_di, quando

STATI = {
    Seduta.Stato.FISSATA: "Da tenere",
    Seduta.Stato.TENUTA: "Tenuto",
    Seduta.Stato.ANNULLATA: "Annullato",
}


def appuntamenti_di(operatore: Operatore, dal: dt.date, al: dt.date) -> list[dict[str, Any]]:
    """The meetings that `operatore` holds from `dal` to `al`, both included, in order (two queries).

    Those cancelled are left out, and those of an office that the operator has left (A1). Keys: see `_come_dato`.
    """
    return da_sedute(Seduta.objects.visibili_a(operatore).filter(operatore=operatore), dal, al)


def da_sedute(sedute: SedutaQuerySet, dal: dt.date, al: dt.date) -> list[dict[str, Any]]:
    """As `appuntamenti_di`, of any set of meetings (two queries)."""
    fine = inizio_del_giorno(al + dt.timedelta(days=1))
    return leggi_sedute(sedute.non_annullate().tra(inizio_del_giorno(dal), fine))


def gruppi_del_centro(cpi_id: int, adesso: dt.datetime, quanti: int = 20) -> list[dict[str, Any]]:
    """The groups of an office that are still to begin, the nearest first (two queries)."""
    righe = Seduta.objects.filter(cpi_id=cpi_id, di_gruppo=True, stato=Seduta.Stato.FISSATA, inizio__gt=adesso)
    return leggi_sedute(righe.order_by("inizio", "pk")[:quanti])


def leggi_sedute(sedute: QuerySet[Seduta]) -> list[dict[str, Any]]:
    """As `appuntamenti_di`, in the order of `sedute`. Only the columns that a list shows: a full week is read at
    every look."""
    righe = list(
        sedute.values(
            *("id", "inizio", "fine", "titolo", "di_gruppo", "modo", "stato", "posti", "operatore_id", "cpi_id"),
            *("operatore__first_name", "operatore__last_name", "operatore__username", "luogo__nome", "assistita"),
        )
    )
    attesi: dict[int, list[dict[str, Any]]] = {r["id"]: [] for r in righe}
    if righe:
        attive = Iscrizione.objects.filter(seduta__in=list(attesi)).exclude(stato=Iscrizione.Stato.ANNULLATA)
        campi = ("seduta_id", "utente_id", "stato", "posto", "utente__cognome", "utente__nome", "utente__cpi_id")
        for iscrizione in attive.order_by().values(*campi):
            attesi[iscrizione["seduta_id"]].append(iscrizione)
    return [_come_dato(riga, attesi[riga["id"]]) for riga in righe]


def _come_dato(riga: dict[str, Any], attesi: list[dict[str, Any]]) -> dict[str, Any]:
    """`persona` and `utente_id` are those of a single appointment; `iscritti`, `in_lista`, `posti` those of a group."""
    inizio, fine = riga["inizio"], riga["fine"]
    una = None if riga["di_gruppo"] or not attesi else attesi[0]
    tenuta = riga["stato"] == Seduta.Stato.TENUTA
    nota = una is not None and una["utente__cpi_id"] == riga["cpi_id"]
    operatore = f"{riga['operatore__first_name']} {riga['operatore__last_name']}".strip()
    return {
        "id": riga["id"],
        "inizio": inizio,
        "fine": fine,
        "giorno": giorno_di(inizio),
        "quando": quando(inizio, fine),
        "ora_inizio": ora_di(inizio),
        "ora_fine": ora_di(fine),
        "titolo": riga["titolo"],
        "di_gruppo": riga["di_gruppo"],
        "modo": Seduta.Modo(riga["modo"]).label,
        "a_distanza": riga["modo"] != Seduta.Modo.PRESENZA,
        "stato": riga["stato"],
        "stato_in_parole": STATI[Seduta.Stato(riga["stato"])],
        "luogo": riga["luogo__nome"] or "",
        "operatore": operatore or riga["operatore__username"],
        "operatore_id": riga["operatore_id"],
        "assistita": riga["assistita"],
        "persona": (f"{una['utente__cognome']} {una['utente__nome']}" if nota else PASSATA) if una else "",
        "utente_id": una["utente_id"] if una and nota else None,
        "presenza": str(Iscrizione.Stato(una["stato"]).label) if una and tenuta else "",
        "iscritti": sum(i["posto"] is not None for i in attesi),
        "in_lista": sum(i["stato"] == Iscrizione.Stato.IN_LISTA for i in attesi),
        "posti": riga["posti"],
        "url": reverse("psp:seduta", args=[riga["id"]]),
    }


def appuntamenti_dell_utente(utente: Utente) -> list[dict[str, Any]]:
    """All the meetings of a citizen, the latest first, those cancelled included (one query).

    `url` is empty where another office held it: its page is that office's (A1).
    """
    righe = (
        Iscrizione.objects.filter(utente=utente)
        .select_related("seduta__operatore", "seduta__luogo", "misura__servizio")
        .order_by("-inizio", "-pk")
    )
    return [_dell_utente(riga, utente) for riga in righe]


def prossimo_appuntamento(utente: Utente, adesso: dt.datetime) -> dict[str, Any] | None:
    """The next meeting in which the citizen has a place, or None (one query)."""
    riga = (
        Iscrizione.objects.filter(utente=utente, stato=Iscrizione.Stato.PRENOTATA, fine__gt=adesso)
        .select_related("seduta__operatore", "seduta__luogo", "misura__servizio")
        .order_by("inizio", "pk")
        .first()
    )
    return _dell_utente(riga, utente) if riga else None


def _dell_utente(riga: Iscrizione, utente: Utente) -> dict[str, Any]:
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
        "url": reverse("psp:seduta", args=[riga.seduta_id]) if riga.seduta.cpi_id == utente.cpi_id else "",
    }
