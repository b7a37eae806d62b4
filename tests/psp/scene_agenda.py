"""The scenes of the agenda's tests: a Tuesday far from every holiday, a room, people in charge, a group."""

from __future__ import annotations

import datetime as dt
from typing import Any

from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import adesso, oggi
from psp.models import Iscrizione, Luogo, Misura, OrarioOperatore, Seduta
from psp.services import agenda
from psp.services.agenda.giorni import festivita, istante
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.psp import scene_misure

ADESSO = istante(dt.date(2026, 11, 23), dt.time(8))
MARTEDI = dt.date(2026, 11, 24)


def feriale(da: dt.date, giorno: int = 2) -> dt.date:
    """The first `giorno` of the week (1 is Monday) from `da` on that is no national holiday."""
    while da.isoweekday() != giorno or da in festivita(da.year):
        da += dt.timedelta(days=1)
    return da


def alle(ora: int, minuti: int = 0, giorno: dt.date = MARTEDI) -> dt.datetime:
    return istante(giorno, dt.time(ora, minuti))


def sala(cast: Cast, nome: str = "Sala corsi", posti: int = 12) -> Luogo:
    return Luogo.objects.get_or_create(cpi=cast.cpi, nome=nome, defaults={"posti": posti})[0]


def postazione(cast: Cast, numero: int = 1) -> Luogo:
    tipo = Luogo.Tipo.POSTAZIONE
    return Luogo.objects.get_or_create(cpi=cast.cpi, nome=f"Postazione {numero}", defaults={"tipo": tipo})[0]


def orario(cast: Cast, *fasce: tuple[int, int, int]) -> None:
    """The hours of `cast.operatore`: day, from, to; every weekday from 9 to 13 unless told otherwise."""
    for giorno, dalle, fino in fasce or [(g, 9, 13) for g in range(1, 6)]:
        OrarioOperatore.objects.create(
            operatore=cast.operatore, giorno=giorno, dalle=dt.time(dalle), alle=dt.time(fino)
        )


def fissa(cast: Cast, dalle: dt.datetime, fino: dt.datetime, **altro: Any) -> Iscrizione:
    dati = {"utente": cast.utente, "operatore": cast.operatore, "attore": cast.operatore, "adesso": ADESSO, **altro}
    return agenda.fissa_appuntamento(inizio=dalle, fine=fino, **dati)


def gruppo(cast: Cast, dalle: dt.datetime, fino: dt.datetime, **altro: Any) -> Seduta:
    dati = {"operatore": cast.operatore, "attore": cast.operatore, "adesso": ADESSO, "posti": 2, **altro}
    return agenda.crea_seduta_di_gruppo(inizio=dalle, fine=fino, **{"titolo": "Laboratorio CV", **dati})


def assenza_giustificata(cast: Cast, motivo: str = "salute") -> Iscrizione:
    """The cast's citizen did not come to a meeting of some days ago, and had a reason."""
    giorno = feriale(oggi() - dt.timedelta(days=8))
    iscrizione = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
    esiti = {iscrizione.pk: agenda.Presenza("giustificata", motivo_assenza=motivo)}
    agenda.segna_presenze(seduta=iscrizione.seduta, esiti=esiti, attore=cast.operatore, adesso=adesso())
    iscrizione.refresh_from_db()
    return iscrizione


def iscrivi(cast: Cast, seduta: Seduta, utente: Utente, **altro: Any) -> Iscrizione:
    return agenda.iscrivi(seduta=seduta, utente=utente, **{"attore": cast.operatore, "adesso": ADESSO, **altro})


def persona(cast: Cast, **altro: Any) -> Utente:
    """One more citizen of the office, in charge."""
    utente = crea_utente(cast.cpi, cast.operatore, **altro)
    metti_in_carico(utente, cast.operatore)
    return utente


def misura_firmata(cast: Cast) -> Misura:
    """A measure of a signed pact of the cast's citizen, long in force on the Tuesday of the scenes and today."""
    dal = min(MARTEDI, oggi()) - dt.timedelta(days=30)
    al = max(MARTEDI, oggi()) + dt.timedelta(days=300)
    return scene_misure.patto_firmato(cast, "consulenza-orientativa", valido_dal=dal, valido_al=al).misure.get()
