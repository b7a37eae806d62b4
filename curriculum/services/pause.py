"""How long the queue waits: after an error, between two questions, while a row is in somebody's hands.

Everything is measured in `PORTALE_PAUSA`, so that one setting makes the whole queue faster or slower. The functions
take their times and read no clock.
"""

from __future__ import annotations

import datetime as dt
import random

from django.conf import settings

ORA_DI_RIPROVA = 120  # pauses: an hour
ATTESA_MINIMA, ATTESA_MASSIMA = 2, 720  # between one minute and six hours
DOMANDA_MINIMA = 0.2  # the first question after a send comes early: most portals need seconds
PROVA_MASSIMA = 20  # ten minutes
RIPROVA_PIU_LONTANA = dt.timedelta(days=1)
# The most that one row may ask of the portal: the state, the CV, the pre-registration, the CV once more.
CHIAMATE = 4


def base() -> dt.timedelta:
    """The first pause after an error."""
    return dt.timedelta(seconds=settings.PORTALE_PAUSA)


def dopo_un_errore(tentativi: int, riprova_tra: float | None) -> dt.timedelta:
    """The pause after the `tentativi`-th failure: doubling, up to an hour, at a random point so that rows spread out.

    What the portal asks for (`riprova_tra`, seconds) is kept also beyond that, up to a day.
    """
    tetto = base() * min(2 ** min(tentativi, 30), ORA_DI_RIPROVA)
    pausa = base() + (tetto - base()) * random.random()  # noqa: S311 - spreads the attempts, guards no secret
    if riprova_tra is None:
        return pausa
    chiesta = min(dt.timedelta(seconds=max(riprova_tra, 0)), RIPROVA_PIU_LONTANA)
    return max(pausa, chiesta + base() * random.random())  # noqa: S311


def in_attesa(dal: dt.datetime, adesso: dt.datetime) -> dt.timedelta:
    """Until the next look at whether the citizen has confirmed: as long as one has waited already."""
    return min(max(adesso - dal, base() * ATTESA_MINIMA), base() * ATTESA_MASSIMA)


def dopo_un_invio(dal: dt.datetime, adesso: dt.datetime) -> dt.timedelta:
    """Until the next question about what has arrived and is not yet published or removed."""
    return min(max(adesso - dal, base() * DOMANDA_MINIMA), base() * ATTESA_MASSIMA)


def di_quiete() -> dt.timedelta:
    """What must follow a request whose end is unknown waits until the portal can no longer be at work on it."""
    return dt.timedelta(seconds=3 * settings.PORTALE_TEMPO)


def di_prova(errori_oltre: int, riprova_tra: float | None) -> dt.timedelta:
    """Until the next trial call to a portal that is down: doubling at each failed trial, up to ten minutes."""
    pausa = base() * min(2 ** min(errori_oltre, 30), PROVA_MASSIMA)
    return max(pausa, min(dt.timedelta(seconds=riprova_tra or 0), RIPROVA_PIU_LONTANA))


def di_una_riga() -> dt.timedelta:
    """The most that the calls of one row may last: each operation of the client is bounded by three times its limit."""
    return dt.timedelta(seconds=CHIAMATE * 3 * settings.PORTALE_TEMPO)


def di_presa() -> dt.timedelta:
    """How long a claim lasts: always more than one row may take, so that nobody else starts it meanwhile."""
    return di_una_riga() + base() * 2
