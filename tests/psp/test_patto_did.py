"""The end of the DID ends the pact in force (T2), in one transaction and never the other way round."""

from __future__ import annotations

import pytest

from orientamento.anagrafica.models import DID, Programma, StatoDID
from orientamento.anagrafica.services.did import cambia_stato_did
from orientamento.comune.calendario import oggi
from psp.models import StatoPatto
from tests.cast import Cast
from tests.psp import scene_patto


def did_in_corso(cast: Cast) -> DID:
    presente = DID.objects.filter(utente=cast.utente, stato=StatoDID.VALIDA).first()
    programma = Programma.objects.filter(chiave="nessuno").latest("valido_dal")
    return presente or DID.objects.create(utente=cast.utente, data=oggi(), programma=programma)


@pytest.mark.parametrize("fine", [StatoDID.CHIUSA, StatoDID.REVOCATA])
def test_the_pact_in_force_closes_with_the_did(cast: Cast, fine: StatoDID) -> None:
    patto = scene_patto.firmato(cast)
    cambia_stato_did(did=did_in_corso(cast), stato=fine, attore=cast.operatore)
    patto.refresh_from_db()
    assert patto.stato == StatoPatto.CHIUSO
    assert "DID" in patto.motivo_chiusura


def test_a_suspended_did_leaves_the_pact_in_force(cast: Cast) -> None:
    patto = scene_patto.firmato(cast)
    cambia_stato_did(did=did_in_corso(cast), stato=StatoDID.SOSPESA, attore=cast.operatore)
    patto.refresh_from_db()
    assert patto.stato == StatoPatto.FIRMATO


def test_a_draft_stays_where_it_is(cast: Cast) -> None:
    """Only what is in force closes: a draft of a person without DID is a warning of the checklist."""
    bozza = scene_patto.bozza(cast)
    cambia_stato_did(did=did_in_corso(cast), stato=StatoDID.CHIUSA, attore=cast.operatore)
    bozza.refresh_from_db()
    assert bozza.stato == StatoPatto.BOZZA
