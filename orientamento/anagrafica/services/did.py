"""The DID: its registration, its corrections and its passages of state (U3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import DID, Operatore, Programma, StatoDID, Utente
from orientamento.comune.calendario import adesso as adesso_ora
from orientamento.comune.calendario import eta
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra

ETA_MINIMA = 15


# What follows, in the same transaction, when a DID is revoked or closed (T2: the pact closes with it). The apps above
# add their own service here when they start; this one knows none of them.
alla_fine: list[Callable[..., object]] = []


@transaction.atomic
def registra_did(
    *, utente: Utente, data: dt.date, programma: Programma, attore: Operatore, adesso: dt.datetime | None = None
) -> DID:
    """Record a declaration. One in force at a time; the same one sent twice is recorded once."""
    utente = Utente.objects.bloccato(utente.pk)
    in_corso = DID.objects.di(utente)
    if in_corso:
        if (in_corso.data, in_corso.programma_id) == (data, programma.pk):
            return in_corso
        raise RegolaViolata(
            f"C'è già una DID in corso, del {in_corso.data:%d/%m/%Y}: va chiusa prima di registrarne un'altra.",
            regola="U3",
        )
    _controlla(utente, data, programma, adesso)
    did = DID.objects.create(utente=utente, data=data, programma=programma)
    registra(
        Azione.DID_REGISTRATA,
        attore=attore,
        oggetto=did,
        utente=utente,
        dettaglio={"data": data.isoformat(), "programma": programma.nome},
    )
    return did


@transaction.atomic
def correggi_did(
    *, did: DID, data: dt.date, programma: Programma, attore: Operatore, adesso: dt.datetime | None = None
) -> DID:
    """Correct the date or the programme of a declaration in force."""
    did = _bloccata(did)
    if not did.in_corso:
        raise RegolaViolata("La DID non è più in corso e non si può correggere.", regola="U3")
    cambi = differenze(did, {"data": data, "programma": programma})
    if not cambi:
        return did
    _controlla(did.utente, data, programma, adesso)
    did.data, did.programma = data, programma
    did.save(update_fields=["data", "programma"])
    registra(Azione.DID_MODIFICATA, attore=attore, oggetto=did, utente=did.utente, dettaglio=cambi)
    return did


@transaction.atomic
def cambia_stato_did(*, did: DID, stato: StatoDID, attore: Operatore, adesso: dt.datetime | None = None) -> DID:
    """Suspend, resume, revoke or close, with what follows from the end. The same passage asked twice is done once."""
    did = _bloccata(did)
    if did.stato == stato:
        return did
    if not did.puo_diventare(stato):
        raise RegolaViolata(
            f"La DID è {did.get_stato_display().lower()} e non può diventare {StatoDID(stato).label.lower()}.",
            regola="U3",
        )
    cambi = differenze(did, {"stato": str(stato)})
    did.stato = stato
    did.save(update_fields=["stato"])
    registra(Azione.DID_MODIFICATA, attore=attore, oggetto=did, utente=did.utente, dettaglio=cambi)
    if not did.in_corso:
        for conseguenza in alla_fine:
            conseguenza(utente=did.utente, attore=attore, adesso=adesso or adesso_ora())
    return did


def _bloccata(did: DID) -> DID:
    Utente.objects.bloccato(did.utente_id)
    return DID.objects.select_for_update(of=("self",), no_key=True).select_related("utente", "programma").get(pk=did.pk)


def _controlla(utente: Utente, data: dt.date, programma: Programma, adesso: dt.datetime | None) -> None:
    if data > timezone.localdate(adesso or adesso_ora()):
        raise RegolaViolata("La data della DID non può essere futura.", campo="data", regola="U3")
    if eta(utente.data_nascita, data) < ETA_MINIMA:
        raise RegolaViolata(
            f"In quella data {utente} non aveva ancora {ETA_MINIMA} anni: controllare la data.",
            campo="data",
            regola="U3",
        )
    if not programma.valido_il(data):
        raise RegolaViolata(
            f"«{programma.nome}» non era in vigore il {data:%d/%m/%Y}: cambiare programma o correggere la data.",
            campo="programma",
            regola="U3",
        )
