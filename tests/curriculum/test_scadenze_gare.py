"""Sweeps, operators and uploads at the same instant, with real threads and real transactions (V4)."""

from __future__ import annotations

import datetime as dt
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection, connections, transaction

from curriculum.models import AvvisoScadenza
from curriculum.services.scadenze import avvisa, prepara_avvisi
from orientamento.anagrafica.models import Messaggio
from tests.anagrafica.test_messaggi_gare import insieme
from tests.cast import Cast, crea_cast
from tests.curriculum.test_scadenze import OGGI, acconsente, alle, cv, fra


@pytest.fixture
def cast_vero(transactional_db: None, settings: Any) -> Cast:
    settings.POSTA_BACKEND = ""
    return crea_cast()


def test_two_sweeps_at_once_make_each_notice_once(cast_vero: Cast) -> None:
    for giorni in range(-5, 30):
        cv(cast_vero, fra(giorni))

    esiti = insieme(*[lambda: prepara_avvisi(adesso=alle(OGGI))] * 4)

    assert sum(esiti) == AvvisoScadenza.objects.count() == 35


def test_a_sweep_that_meets_another_halfway_finds_nothing_left_to_do(cast_vero: Cast) -> None:
    """The second has seen no notice yet and must wait for the first to make up its mind."""
    for giorni in range(3):
        cv(cast_vero, fra(giorni))
    with ThreadPoolExecutor(1) as altrove, transaction.atomic():
        assert prepara_avvisi(adesso=alle(OGGI)) == 3
        seconda = altrove.submit(_prepara_e_lascia)
        while not seconda.done() and not _qualcuno_ci_aspetta():
            threading.Event().wait(0.01)
        assert not seconda.done()
    assert seconda.result() == 0
    assert AvvisoScadenza.objects.count() == 3


def _prepara_e_lascia() -> int:
    try:
        return prepara_avvisi(adesso=alle(OGGI))
    finally:
        connections.close_all()


def _qualcuno_ci_aspetta() -> bool:
    """Whether another session waits for the end of our transaction."""
    with connection.cursor() as cursore:
        cursore.execute("SELECT 1 FROM pg_locks WHERE NOT granted AND transactionid = pg_current_xact_id()::xid")
        return cursore.fetchone() is not None


def test_two_operators_and_the_sweep_tell_one_person_once(cast_vero: Cast) -> None:
    acconsente(cast_vero, cast_vero.utente)
    curriculum = cv(cast_vero, fra(5), cast_vero.utente)

    def avvisali() -> int:
        return avvisa(curricula=[curriculum], modo="posta", attore=cast_vero.operatore, adesso=alle(OGGI)).inviati

    esiti = insieme(avvisali, avvisali, avvisali, lambda: prepara_avvisi(adesso=alle(OGGI)) and 0)

    assert sorted(esiti) == [0, 0, 0, 1]
    assert Messaggio.objects.count() == 1
    assert AvvisoScadenza.objects.get().gestito_il == alle(OGGI)


def test_batches_in_opposite_order_do_not_wait_for_each_other_for_ever(cast_vero: Cast) -> None:
    curricula = [cv(cast_vero, fra(3)) for _ in range(12)]

    def avvisali(righe: list[Any]) -> Any:
        return avvisa(curricula=righe, modo="telefono", attore=cast_vero.operatore, adesso=alle(OGGI)).inviati

    esiti = insieme(lambda: avvisali(curricula), lambda: avvisali(curricula[::-1]))

    assert sum(esiti) == 12
    assert AvvisoScadenza.objects.filter(gestito_il__gt=alle(OGGI) - dt.timedelta(days=1)).count() == 12
