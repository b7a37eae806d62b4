"""A colleague is absent: cases go to another one, one or many, and meetings with them or for some days (A1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Q

from orientamento.anagrafica.models import CPI, Operatore, Ruolo, Utente
from orientamento.anagrafica.services.utente import riassegna_utente
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from psp.models import Iscrizione, Seduta
from psp.models.agenda import SedutaQuerySet
from psp.services.agenda import Passaggio, passa_sedute
from psp.services.agenda.blocchi import ATTIVE
from psp.services.agenda.giorni import giorno_di, inizio_del_giorno, richiedi_giorno
from psp.services.agenda.lettura import leggi_sedute
from psp.services.agenda.sostituzione import impedimenti

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


def conta_appuntamenti(operatore: Operatore, *, responsabile: Operatore, adesso: dt.datetime) -> dict[str, int]:
    """What `operatore` has still to hold: in all, of the people that they follow alone, groups (one query)."""
    suoi = Iscrizione.objects.filter(utente__operatore_riferimento=operatore, stato__in=ATTIVE)
    return _da_tenere(operatore, responsabile, adesso).aggregate(
        tutti=Count("pk"),
        loro=Count("pk", filter=Q(di_gruppo=False, pk__in=suoi.values("seduta_id"))),
        gruppi=Count("pk", filter=Q(di_gruppo=True)),
    )


def appuntamenti_rimasti(
    operatore: Operatore, a: Operatore | None, *, responsabile: Operatore, adesso: dt.datetime
) -> list[dict[str, Any]]:
    """The first meetings that `operatore` has still to hold; `perche` says why `a` could not hold each."""
    sedute = _da_tenere(operatore, responsabile, adesso)[:MOSTRATI]
    perche = impedimenti(list(sedute), a) if a else {}
    return [{**riga, "perche": perche.get(riga["id"], "")} for riga in leggi_sedute(sedute)]


@dataclass(frozen=True)
class Affidamento:
    """How many people changed hands, and what became of the meetings."""

    persone: int
    passaggio: Passaggio


@transaction.atomic
def affida_molti(
    *,
    utenti: Collection[Utente],
    da: Operatore,
    a: Operatore,
    attore: Operatore,
    adesso: dt.datetime,
    appuntamenti: bool = False,
    gruppi: bool = False,
) -> Affidamento:
    """Give the files of `utenti`, whom `da` follows, to `a`, all or none, each a line of the register.

    With them go, where asked, the meetings that `da` has still to hold with each of them alone, and the groups that
    `da` has still to hold: as far as `a` can hold them.
    """
    chiavi = sorted({u.pk for u in utenti})
    loro = Iscrizione.objects.filter(utente__in=chiavi, stato__in=ATTIVE).values("seduta_id")
    quali = Q(pk__in=loro, di_gruppo=False) if appuntamenti else Q(pk__in=[])
    if gruppi:
        quali |= Q(di_gruppo=True)
    sedute = _da_tenere(da, attore, adesso).filter(quali)
    passaggio = passa_sedute(sedute=sedute, da=da, a=a, attore=attore, adesso=adesso, utenti=chiavi)
    if Utente.objects.filter(pk__in=chiavi, operatore_riferimento=da).count() != len(chiavi):
        raise VersioneSuperata(f"Una delle persone non è più affidata a {da}: ricaricare la pagina.")
    for utente in sorted(utenti, key=lambda u: u.pk):
        riassegna_utente(utente=utente, operatore=a, attore=attore)
    return Affidamento(len(chiavi), passaggio)


def passa_giorni(
    *, da: Operatore, a: Operatore, dal: dt.date, al: dt.date, attore: Operatore, adesso: dt.datetime
) -> Passaggio:
    """Pass to `a` the meetings that `da` has still to hold from `dal` to `al`, both included. Nobody's file moves."""
    richiedi_giorno(dal, campo="dal")
    richiedi_giorno(al, campo="al")
    if al < dal:
        raise RegolaViolata("La data di fine precede la data di inizio.", campo="al")
    if al < giorno_di(adesso):
        raise RegolaViolata("Il periodo è già passato: scegliere giorni che devono venire.", campo="al")
    fine = inizio_del_giorno(al + dt.timedelta(days=1))
    sedute = _da_tenere(da, attore, adesso).filter(inizio__gte=inizio_del_giorno(dal), inizio__lt=fine)
    passaggio = passa_sedute(sedute=sedute, da=da, a=a, attore=attore, adesso=adesso)
    if not passaggio.passate and not passaggio.restano:
        raise RegolaViolata(f"In quei giorni {da} non ha appuntamenti.", campo="dal")
    return passaggio


def _da_tenere(operatore: Operatore, chi: Operatore, adesso: dt.datetime) -> SedutaQuerySet:
    return Seduta.objects.visibili_a(chi).da_tenere(operatore, adesso)
