"""The offers found and the firms approached in a scouting, each with how it ended (M2, M3)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import GenereServizio, Misura, VoceScouting
from psp.services.passaggi_misura import blocca_misura, primo_giorno

CAMPI = ("genere", "impresa", "descrizione", "data", "incentivi", "esito")
VOCI_MASSIME = 200


@transaction.atomic
def registra_voce(*, misura: Misura, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime) -> VoceScouting:
    """Add an offer or a firm to a scouting that is under way. The same one sent twice is added once."""
    riga = _bloccata(misura)
    _controlla(riga, dati, timezone.localdate(adesso))
    valori = {campo: dati[campo] for campo in CAMPI}
    if gemella := riga.scouting.filter(**valori).first():
        return gemella
    if riga.scouting.count() >= VOCI_MASSIME:
        raise RegolaViolata(f"Uno scouting tiene al massimo {VOCI_MASSIME} voci.", regola="M3")
    voce: VoceScouting = riga.scouting.create(**valori, registrata_da=attore)
    _annota(riga, attore, aggiunta=voce.pk, che_cosa=voce.genere, esito=voce.esito)
    return voce


@transaction.atomic
def modifica_voce(
    *, voce: VoceScouting, dati: dict[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> VoceScouting:
    """Correct a row or write how it ended; a page older than the row is refused (C8)."""
    misura = _bloccata(voce.misura)
    riga = _trova(misura, voce.pk)
    cambiati = [campo for campo in CAMPI if campo in dati and getattr(riga, campo) != dati[campo]]
    if not cambiati:
        return riga
    if riga.versione != versione:
        raise VersioneSuperata
    _controlla(misura, dati, timezone.localdate(adesso))
    for campo in cambiati:
        setattr(riga, campo, dati[campo])
    riga.versione += 1
    riga.save(update_fields=[*cambiati, "versione"])
    _annota(misura, attore, modificata=riga.pk, campi=cambiati, esito=riga.esito)
    return riga


@transaction.atomic
def elimina_voce(*, voce: VoceScouting, attore: Operatore) -> None:
    """Take away a row written by mistake; a second click finds nothing and does nothing."""
    misura = _bloccata(voce.misura)
    eliminate, _ = misura.scouting.filter(pk=voce.pk).delete()
    if eliminate:
        _annota(misura, attore, eliminata=voce.pk)


def _bloccata(misura: Misura) -> Misura:
    riga = blocca_misura(misura)
    if riga.servizio.genere != GenereServizio.SCOUTING:
        raise RegolaViolata("Offerte e imprese si registrano nello scouting.", regola="M2")
    if riga.stato != Misura.Stato.AVVIATA:
        raise RegolaViolata(
            f"Lo scouting è nello stato «{riga.get_stato_display().lower()}»: le voci si scrivono mentre è avviato.",
            regola="M3",
        )
    return riga


def _trova(misura: Misura, pk: int) -> VoceScouting:
    riga = misura.scouting.filter(pk=pk).first()
    if riga is None:
        raise RegolaViolata("La voce è stata tolta da altri: per tenerla, aggiungerla di nuovo.", regola="M3")
    return riga


def _controlla(misura: Misura, dati: dict[str, Any], oggi: dt.date) -> None:
    data: dt.date = dati["data"]
    if data > oggi:
        raise RegolaViolata("La data è nel futuro: si scrive ciò che è già avvenuto.", campo="data", regola="M3")
    dal = primo_giorno(misura)
    if dal and data < dal:
        raise RegolaViolata(f"La data precede il patto, valido dal {dal:%d/%m/%Y}.", campo="data", regola="M3")


def _annota(misura: Misura, attore: Operatore, **dettaglio: Any) -> None:
    registra(
        Azione.SCOUTING_REGISTRATO,
        attore=attore,
        oggetto=misura,
        utente=misura.patto.utente,
        dettaglio={"scouting": dettaglio},
    )
