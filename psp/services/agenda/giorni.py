"""Days and hours on an Italian wall clock: national holidays, closing days of an office, daylight-saving nights."""

from __future__ import annotations

import datetime as dt
from functools import cache
from zoneinfo import ZoneInfo

from dateutil.easter import easter
from django.db.models import Q
from django.utils import timezone

from orientamento.comune.errori import RegolaViolata
from psp.models import ChiusuraUfficio

ROMA = ZoneInfo("Europe/Rome")
GIORNI = ("lunedì", "martedì", "mercoledì", "giovedì", "venerdì", "sabato", "domenica")
FISSE = {
    (1, 1): "Capodanno",
    (1, 6): "Epifania",
    (4, 25): "Anniversario della Liberazione",
    (5, 1): "Festa del lavoro",
    (6, 2): "Festa della Repubblica",
    (8, 15): "Ferragosto",
    (11, 1): "Ognissanti",
    (12, 8): "Immacolata Concezione",
    (12, 25): "Natale",
    (12, 26): "Santo Stefano",
}
# A holiday again from this year on.
SAN_FRANCESCO_DAL = 2026
ANNI = range(2000, 2101)
TROPPO_LONTANA = "La data è troppo lontana: controllare l'anno."


@cache
def festivita(anno: int) -> dict[dt.date, str]:
    """The national holidays of a year, with their names; those that move with Easter are computed."""
    pasqua = easter(anno)
    giorni = {dt.date(anno, mese, giorno): nome for (mese, giorno), nome in FISSE.items()}
    giorni[pasqua] = "Pasqua"
    # Easter Monday may fall on the Liberation: one day, two names.
    lunedi = pasqua + dt.timedelta(days=1)
    giorni[lunedi] = f"{giorni[lunedi]}, Lunedì dell'Angelo" if lunedi in giorni else "Lunedì dell'Angelo"
    if anno >= SAN_FRANCESCO_DAL:
        giorni[dt.date(anno, 10, 4)] = "San Francesco d'Assisi"
    return giorni


def chiusure(cpi_id: int, dal: dt.date, al: dt.date) -> dict[dt.date, str]:
    """The days from `dal` to `al`, both included, on which the office is closed, and why (one query)."""
    chiusi = {g: nome for anno in range(dal.year, al.year + 1) for g, nome in festivita(anno).items() if dal <= g <= al}
    righe = ChiusuraUfficio.objects.filter(Q(cpi_id=cpi_id) | Q(cpi__isnull=True), dal__lte=al, al__gte=dal)
    for riga in righe:
        giorno = max(riga.dal, dal)
        while giorno <= min(riga.al, al):
            chiusi.setdefault(giorno, riga.motivo)
            giorno += dt.timedelta(days=1)
    return chiusi


def richiedi_giorno(giorno: dt.date, *, campo: str = "giorno") -> None:
    """Refuse a year that can only be a slip."""
    if giorno.year not in ANNI:
        raise RegolaViolata(TROPPO_LONTANA, campo=campo)


def esiste(giorno: dt.date, ora: dt.time) -> bool:
    """Whether clocks show that hour on that day: one of them is skipped on the last Sunday of March."""
    scritto = dt.datetime.combine(giorno, ora, ROMA)
    return scritto.astimezone(dt.UTC).astimezone(ROMA).replace(tzinfo=None) == scritto.replace(tzinfo=None)


def istante(giorno: dt.date, ora: dt.time, *, campo: str = "dalle") -> dt.datetime:
    """The instant, in UTC, at which Italian clocks show `ora` on `giorno`.

    An hour that clocks skip is refused; one that they show twice, on the last Sunday of October, is the first.
    """
    if giorno in (dt.date.min, dt.date.max):  # on these not every hour is an instant
        raise RegolaViolata(TROPPO_LONTANA, campo="giorno")
    if not esiste(giorno, ora):
        raise RegolaViolata(
            f"Il {giorno:%d/%m/%Y} le {ora:%H:%M} non esistono: in quella notte l'orologio va avanti di un'ora. "
            "Scegliere un'altra ora.",
            campo=campo,
        )
    return dt.datetime.combine(giorno, ora, ROMA).astimezone(dt.UTC)


def istante_prossimo(giorno: dt.date, ora: dt.time) -> dt.datetime:
    """As `istante`; an hour that clocks skip becomes the one that they show in its place."""
    return dt.datetime.combine(giorno, ora, ROMA).astimezone(dt.UTC)


def inizio_del_giorno(giorno: dt.date) -> dt.datetime:
    """Midnight in Italy, as an instant in UTC."""
    return istante_prossimo(giorno, dt.time.min)


def giorno_di(momento: dt.datetime) -> dt.date:
    """The day in Italy."""
    return timezone.localdate(momento, ROMA)


def lunedi_di(giorno: dt.date) -> dt.date:
    return giorno - dt.timedelta(days=giorno.weekday())


def giorno_in_parole(giorno: dt.date) -> str:
    """ "martedì 24/11/2026"."""
    return f"{GIORNI[giorno.weekday()]} {giorno:%d/%m/%Y}"


def ora_di(momento: dt.datetime) -> str:
    """ "9:30"."""
    locale = momento.astimezone(ROMA)
    return f"{locale.hour}:{locale:%M}"


def quando(inizio: dt.datetime, fine: dt.datetime) -> str:
    """ "martedì 24/11/2026 dalle 9:30 alle 10:30"."""
    return f"{giorno_in_parole(giorno_di(inizio))} dalle {ora_di(inizio)} alle {ora_di(fine)}"
