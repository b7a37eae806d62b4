"""The scenes of the interview's tests: opened, told, analysed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from orientamento.comune.calendario import adesso, oggi
from propensioni.models import Professione, Propensione
from psp.models import Area, Colloquio
from psp.services import colloquio as servizi
from tests.cast import Cast

INFORMATIVA: dict[str, Any] = {
    "informato_svolgimento": True,
    "informato_diritti_doveri": True,
    "aspettative": 3,
    "aspettative_note": "",
    "motivazione": 4,
    "motivazione_note": "",
}
ANALISI: dict[str, Any] = {
    **{servizi.campo_area(area, "giudizio"): 3 for area in Area.values},
    "curriculum": "fatto",
    "portale": "gia_presente",
}


def apri(cast: Cast, **altro: Any) -> Colloquio:
    return servizi.apri_colloquio(utente=cast.utente, **{"attore": cast.operatore, "adesso": adesso(), **altro})


def salva(cast: Cast, colloquio: Colloquio, fase: int, dati: dict[str, Any], **altro: Any) -> Colloquio:
    """Save upon the version that stands now, unless told otherwise."""
    fresco = Colloquio.objects.get(pk=colloquio.pk)
    opzioni = {"versione": servizi.versione_di(fresco, fase), "attore": cast.operatore, "adesso": adesso(), **altro}
    return servizi.salva_fase(colloquio=colloquio, fase=fase, dati=dati, **opzioni)


def informato(cast: Cast) -> Colloquio:
    """An interview with phase 1 complete."""
    colloquio = apri(cast)
    salva(cast, colloquio, 1, INFORMATIVA)
    return servizi.completa_fase(
        colloquio=colloquio,
        fase=1,
        attore=cast.operatore,
        adesso=adesso(),
        informazioni=servizi.testo_informazioni(oggi()),
    )


def analizzato(cast: Cast) -> Colloquio:
    """An interview with phases 1 and 2 complete."""
    colloquio = informato(cast)
    salva(cast, colloquio, 2, ANALISI)
    propensione(cast)
    return servizi.completa_fase(colloquio=colloquio, fase=2, attore=cast.operatore, adesso=adesso())


def propensione(cast: Cast, posto: int = 1) -> Propensione:
    professione, _ = Professione.objects.get_or_create(codice=f"8.1.3.1.{posto}", titolo=f"Magazziniere {posto}")
    return Propensione.objects.create(
        utente=cast.utente,
        posto=posto,
        professione=professione,
        da_lavoro=True,
        data_intervista=dt.date(2026, 11, 23),
        creata_da=cast.operatore,
    )
