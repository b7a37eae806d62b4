"""What an answer of the portal says of the places of a citizen's CV, and its writing (V3, V5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

from curriculum.models import (
    Canale,
    ComeLoSappiamo,
    Curriculum,
    LuogoCurriculum,
    PosizionePortale,
    StatoRegistrazione,
)
from curriculum.portale.dati import Registrazione, StatoCurriculum

PORTALE = {
    "assente": LuogoCurriculum.ASSENTE,
    "ricevuto": LuogoCurriculum.IN_ARRIVO,
    "pubblicato": LuogoCurriculum.PRESENTE,
}
INTUITION = {
    "assente": LuogoCurriculum.ASSENTE,
    "in_inserimento": LuogoCurriculum.IN_ARRIVO,
    "presente": LuogoCurriculum.PRESENTE,
    "in_rimozione": LuogoCurriculum.IN_RIMOZIONE,
}


def della_registrazione(registrazione: Registrazione | None, adesso: dt.datetime) -> dict[str, Any]:
    """The fields that follow from the state of a registration; None is a citizen whom the portal does not know."""
    if registrazione is None:
        return {**_stato(StatoRegistrazione.ASSENTE, adesso), **_nessun_curriculum(adesso)}
    if registrazione.stato == "confermata":
        return _stato(StatoRegistrazione.CONFERMATA, adesso)
    campi = {**_stato(StatoRegistrazione.DA_CONFERMARE, adesso), **_nessun_curriculum(adesso)}
    if registrazione.canale:
        campi["canale"] = Canale(registrazione.canale)
    if registrazione.messaggi:
        campi["messaggi"] = registrazione.messaggi
    if registrazione.ultimo_messaggio_il:
        campi["ultimo_messaggio_il"] = registrazione.ultimo_messaggio_il
    return campi


def registrazione_rifiutata(adesso: dt.datetime) -> dict[str, Any]:
    return _stato(StatoRegistrazione.RIFIUTATA, adesso)


def registrazione_confermata(adesso: dt.datetime) -> dict[str, Any]:
    """A CV that was received is one of a citizen who has confirmed."""
    return _stato(StatoRegistrazione.CONFERMATA, adesso)


def del_curriculum(stato: StatoCurriculum | None, adesso: dt.datetime, nostro: Curriculum | None) -> dict[str, Any]:
    """The fields that follow from the state of the CV there. `nostro` is the CV, where the answer is about that one."""
    if stato is None:
        return {**_stato(StatoRegistrazione.ASSENTE, adesso), **_nessun_curriculum(adesso)}
    campi = _luoghi(PORTALE[stato.stato], INTUITION[stato.intuition], ComeLoSappiamo.CONFERMATO, adesso)
    if stato.stato == "assente":
        campi["curriculum"] = None
    elif nostro is not None:
        campi["curriculum"] = nostro
    return campi


def invio_senza_risposta(curriculum: Curriculum | None, adesso: dt.datetime) -> dict[str, Any]:
    """A CV was sent and nobody has answered."""
    luoghi = _luoghi(LuogoCurriculum.IN_ARRIVO, LuogoCurriculum.IN_ARRIVO, ComeLoSappiamo.SENZA_RISPOSTA, adesso)
    return {**luoghi, "curriculum": curriculum}


def rimozione_senza_risposta(adesso: dt.datetime) -> dict[str, Any]:
    return {
        "intuition": LuogoCurriculum.IN_RIMOZIONE,
        "intuition_come": ComeLoSappiamo.SENZA_RISPOSTA,
        "intuition_visto_il": adesso,
    }


def scrivi_posizione(utente_id: int, campi: dict[str, Any]) -> None:
    """Write what is newly known and leave the rest as it was. One statement; nothing where nothing is known."""
    scrivi_posizioni([(utente_id, campi)])


def scrivi_posizioni(sapute: Iterable[tuple[int, dict[str, Any]]]) -> None:
    """As `scrivi_posizione`, of several citizens: one statement for those of whom the same things are known."""
    per_campi: dict[tuple[str, ...], list[PosizionePortale]] = {}
    for utente_id, campi in sapute:
        if campi:
            per_campi.setdefault(tuple(campi), []).append(PosizionePortale(utente_id=utente_id, **campi))
    for nomi, righe in per_campi.items():
        PosizionePortale.objects.bulk_create(
            righe, update_conflicts=True, unique_fields=["utente"], update_fields=list(nomi)
        )


def _stato(stato: StatoRegistrazione, adesso: dt.datetime) -> dict[str, Any]:
    return {"registrazione": stato, "registrazione_vista_il": adesso}


def _nessun_curriculum(adesso: dt.datetime) -> dict[str, Any]:
    """Of who is not registered, or has not confirmed, the portal keeps no CV."""
    luoghi = _luoghi(LuogoCurriculum.ASSENTE, LuogoCurriculum.ASSENTE, ComeLoSappiamo.CONFERMATO, adesso)
    return {**luoghi, "curriculum": None}


def _luoghi(
    portale: LuogoCurriculum, intuition: LuogoCurriculum, come: ComeLoSappiamo, adesso: dt.datetime
) -> dict[str, Any]:
    return {
        "portale": portale,
        "portale_come": come,
        "portale_visto_il": adesso,
        "intuition": intuition,
        "intuition_come": come,
        "intuition_visto_il": adesso,
    }
