"""Services that lock the citizen and services that lock what belongs to them never wait for one another in a ring."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections, transaction

from orientamento.anagrafica.models import DID, Programma, StatoDID, Utente
from orientamento.anagrafica.services.did import cambia_stato_did
from orientamento.comune.calendario import adesso, oggi
from psp.models import PattoDiServizio, StatoPatto
from psp.services import patto
from psp.services.passaggi import blocca_patto
from tests.cast import crea_cast
from tests.psp.scene_patto import firmato

pytestmark = pytest.mark.usefixtures("transactional_db")


def _filo(lavoro: Callable[[], Any], esiti: list[Any]) -> threading.Thread:
    def corri() -> None:
        try:
            esiti.append(lavoro())
        except Exception as errore:
            esiti.append(errore)
        finally:
            connections.close_all()

    filo = threading.Thread(target=corri)
    filo.start()
    return filo


def test_the_end_of_the_did_and_a_verb_of_the_pact_at_once() -> None:
    """T2: the one holds the citizen and wants the pact, the other holds the pact and writes the register."""
    cast = crea_cast()
    p = firmato(cast)
    did = DID.objects.create(utente=cast.utente, data=oggi(), programma=Programma.objects.get(chiave="nessuno"))
    esiti: list[Any] = []
    with transaction.atomic():
        bloccato = blocca_patto(p)
        filo = _filo(
            lambda: cambia_stato_did(did=did, stato=StatoDID.CHIUSA, attore=cast.operatore, adesso=adesso()), esiti
        )
        filo.join(1)
        assert filo.is_alive()
        patto.chiudi_patto(patto=bloccato, motivo="Trasferita", attore=cast.operatore, adesso=adesso())
    filo.join(30)
    assert not any(isinstance(esito, Exception) for esito in esiti), esiti
    assert PattoDiServizio.objects.get(pk=p.pk).stato == StatoPatto.CHIUSO


def test_the_lock_on_a_citizen_lets_others_write_rows_that_refer_to_them() -> None:
    cast = crea_cast()
    p = firmato(cast)
    esiti: list[Any] = []
    with transaction.atomic():
        Utente.objects.bloccato(cast.utente.pk)
        filo = _filo(lambda: patto.stampa_patto(patto=p, attore=cast.operatore, adesso=adesso()), esiti)
        filo.join(10)
        assert not filo.is_alive()
    assert isinstance(esiti[0], bytes)
