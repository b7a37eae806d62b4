"""Calendars: the file for one citizen, and the private address that an operator's own calendar reads.

The secret of the address is shown once and only its SHA-256 is kept. A calendar names nobody but the citizen it is for:
in an operator's there are initials.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets
from typing import Any

from django.db import transaction
from icalendar import Calendar, Event, Timezone, vCalAddress, vDuration, vText

from orientamento.anagrafica.models import CPI, Operatore
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.testo import riga
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import CalendarioPrivato, Iscrizione, Seduta
from psp.services.agenda.avvisi import con_chi, dove
from psp.services.agenda.giorni import ROMA, giorno_di
from psp.services.agenda.lettura import appuntamenti_di

PRODOTTO = "-//Orientamento//Agenda//IT"
DOMINIO = "orientamento.invalid"
GIORNI_PRIMA, GIORNI_DOPO = 31, 183


def ics_dell_iscrizione(iscrizione: Iscrizione, adesso: dt.datetime) -> bytes:
    """The appointment of one citizen. The same UID for ever; a higher SEQUENCE after a move; cancelled, it says so."""
    seduta = iscrizione.seduta
    annullato = iscrizione.stato in (Iscrizione.Stato.ANNULLATA,) or seduta.stato == Seduta.Stato.ANNULLATA
    evento = Event()
    evento.add("uid", f"iscrizione-{iscrizione.pk}@{DOMINIO}")
    evento.add("sequence", seduta.versione - 1 + annullato)
    evento.add("dtstamp", adesso.astimezone(dt.UTC).replace(microsecond=0))
    evento.add("dtstart", iscrizione.inizio.astimezone(ROMA))
    evento.add("dtend", iscrizione.fine.astimezone(ROMA))
    evento.add("summary", riga(seduta.titolo))
    evento.add("location", riga(dove(seduta)))
    evento.add("description", riga(f"{con_chi(seduta)}, {seduta.cpi}."))
    _organizza(evento, seduta.cpi)
    in_lista = iscrizione.stato == Iscrizione.Stato.IN_LISTA
    evento.add("status", "CANCELLED" if annullato else "TENTATIVE" if in_lista else "CONFIRMED")
    return _calendario([evento], "CANCEL" if annullato else "PUBLISH")


@transaction.atomic
def crea_calendario(*, operatore: Operatore, adesso: dt.datetime) -> str:
    """A new secret, to be shown once; the address of before stops working at this instant."""
    gettone = secrets.token_urlsafe(32)
    calendario, _ = CalendarioPrivato.objects.update_or_create(
        operatore=operatore, defaults={"impronta": impronta_gettone(gettone), "creato_il": adesso}
    )
    registra(Azione.CALENDARIO_PRIVATO, attore=operatore, oggetto=calendario)
    return gettone


@transaction.atomic
def togli_calendario(*, operatore: Operatore) -> None:
    """No address any more; a second click finds nothing and does nothing."""
    calendario = CalendarioPrivato.objects.filter(operatore=operatore).first()
    if calendario is not None:
        registra(Azione.CALENDARIO_PRIVATO, attore=operatore, oggetto=calendario, dettaglio={"tolto": True})
        calendario.delete()


def operatore_del_calendario(gettone: str) -> Operatore | None:
    """Whose calendar the secret opens; None for a wrong or old one, and once the account is off or changes role."""
    calendario = (
        CalendarioPrivato.objects.select_related("operatore__cpi")
        .filter(impronta=impronta_gettone(gettone), operatore__is_active=True)
        .first()
    )
    chi = calendario.operatore if calendario else None
    return chi if chi and puo(chi, Permesso.GESTIRE_AGENDA) else None


def impronta_gettone(gettone: str) -> str:
    return hashlib.sha256(gettone.encode("utf-8", "surrogatepass")).hexdigest()


def ics_dell_operatore(operatore: Operatore, adesso: dt.datetime) -> bytes:
    """The meetings of the last month and of the next six: title and initials, never a name."""
    oggi = giorno_di(adesso)
    dal, al = oggi - dt.timedelta(days=GIORNI_PRIMA), oggi + dt.timedelta(days=GIORNI_DOPO)
    eventi = [_evento_dell_operatore(dato, operatore, adesso) for dato in appuntamenti_di(operatore, dal, al)]
    return _calendario(eventi, "PUBLISH", nome="Agenda di lavoro")


def _evento_dell_operatore(dato: dict[str, Any], operatore: Operatore, adesso: dt.datetime) -> Event:
    evento = Event()
    evento.add("uid", f"seduta-{dato['id']}@{DOMINIO}")
    evento.add("dtstamp", adesso.astimezone(dt.UTC).replace(microsecond=0))
    evento.add("dtstart", dato["inizio"].astimezone(ROMA))
    evento.add("dtend", dato["fine"].astimezone(ROMA))
    una = iniziali(dato["persona"]) if dato["utente_id"] else dato["persona"]
    chi = f"{dato['iscritti']} persone" if dato["di_gruppo"] else una
    evento.add("summary", riga(f"{dato['titolo']} ({chi})" if chi else dato["titolo"]))
    if dato["luogo"]:
        evento.add("location", riga(dato["luogo"]))
    if operatore.cpi is not None:
        _organizza(evento, operatore.cpi)
    if not dato["assistita"]:
        evento.add("transp", "TRANSPARENT")
    return evento


def iniziali(nome: str) -> str:
    """ "Rossi Maria Anna" → "R. M. A."."""
    return " ".join(f"{parola[0].upper()}." for parola in nome.split())


def _organizza(evento: Event, cpi: CPI) -> None:
    """Who publishes, as calendars ask of what is published or cancelled (RFC 5546); an office without mail has none."""
    if cpi.email:
        evento.add("organizer", vCalAddress(f"mailto:{cpi.email}"), parameters={"CN": vText(riga(cpi.nome))})


def _calendario(eventi: list[Event], metodo: str, nome: str = "") -> bytes:
    calendario = Calendar()
    calendario.add("prodid", PRODOTTO)
    calendario.add("version", "2.0")
    calendario.add("method", metodo)
    if nome:
        calendario.add("x-wr-calname", nome)
        calendario.add("refresh-interval", vDuration(dt.timedelta(hours=1)), parameters={"VALUE": "DURATION"})
    primo = min((e.start for e in eventi), default=dt.datetime.now(ROMA))
    ultimo = max((e.end for e in eventi), default=primo)
    calendario.add_component(
        Timezone.from_tzinfo(ROMA, "Europe/Rome", dt.date(primo.year, 1, 1), dt.date(ultimo.year + 1, 1, 1))
    )
    for evento in eventi:
        calendario.add_component(evento)
    contenuto: bytes = calendario.to_ical()
    return contenuto
