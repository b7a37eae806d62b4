"""The agenda of the office that the tests walk through: a group with a waiting list, one held, one to be marked."""

from __future__ import annotations

import datetime as dt
from typing import Any

from orientamento.comune.calendario import adesso, oggi
from psp.models import ChiusuraUfficio
from psp.services import agenda
from psp.services.agenda.presenze import Presenza
from tests.cast import Cast
from tests.psp.scene_agenda import alle, feriale, fissa, gruppo, iscrivi, orario, persona, postazione, sala


def agenda_al_lavoro(cast: Cast) -> dict[str, Any]:
    """The keys that the addresses of the agenda's pages are filled with."""
    ora = adesso()
    orario(cast)
    aula = sala(cast)
    ChiusuraUfficio.objects.create(cpi=cast.cpi, dal=oggi(), al=oggi(), motivo="Santo patrono")
    domani, ieri = feriale(oggi() + dt.timedelta(days=1)), feriale(oggi() - dt.timedelta(days=8))
    seduta = gruppo(
        cast, alle(15, giorno=domani), alle(17, giorno=domani), luogo=aula, programma="Due parti", adesso=ora
    )
    persone = [persona(cast) for _ in range(3)]
    for utente in persone:
        iscrivi(cast, seduta, utente, adesso=ora)
    fissa(cast, alle(11, giorno=domani), alle(12, giorno=domani), utente=persone[0], adesso=ora)
    altre_undici = {"utente": persone[1], "operatore": cast.collega, "adesso": ora}
    fissa(cast, alle(11, giorno=domani), alle(12, giorno=domani), **altre_undici)
    da_sola = {"utente": persone[2], "luogo": postazione(cast), "assistita": False, "adesso": ora}
    sola = fissa(cast, alle(11, giorno=domani), alle(12, giorno=domani), **da_sola)
    tenuta = fissa(cast, alle(9, giorno=ieri), alle(10, giorno=ieri), utente=persone[0], adesso=ora)
    esiti = {tenuta.pk: Presenza("giustificata", motivo_assenza="lavoro")}
    agenda.segna_presenze(seduta=tenuta.seduta, esiti=esiti, attore=cast.operatore, adesso=ora)
    passata = gruppo(cast, alle(11, giorno=ieri), alle(12, giorno=ieri), adesso=ora)
    for utente in persone[:2]:
        iscrivi(cast, passata, utente, adesso=ora)
    return {
        "seduta": seduta.pk,
        "postazione": sola.seduta_id,
        "sostituto": cast.collega.pk,
        "passata": passata.pk,
        "tenuta": tenuta.seduta_id,
        "assenza": tenuta.pk,
        "iscritto": persone[0].pk,
        "domani": domani.isoformat(),
    }
