"""What the database keeps between a booking and its meeting, whoever writes: the same hours, a place that there is."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import F

from psp.models import Iscrizione, Seduta
from tests.cast import Cast
from tests.psp.scene_agenda import alle, gruppo, iscrivi

pytestmark = pytest.mark.django_db
UN_ORA = dt.timedelta(hours=1)


@pytest.mark.parametrize(
    ("modello", "campi"),
    [
        (Iscrizione, {"posto": 3}),
        (Iscrizione, {"fine": F("fine") + UN_ORA}),
        (Seduta, {"inizio": F("inizio") - UN_ORA}),
        (Seduta, {"inizio": F("inizio") + UN_ORA, "fine": F("fine") + UN_ORA}),
        (Seduta, {"posti": 1}),
    ],
)
def test_one_of_the_two_alone_is_refused(cast: Cast, modello: Any, campi: dict[str, Any]) -> None:
    seduta = gruppo(cast, alle(9), alle(11), posti=2)
    iscrivi(cast, seduta, cast.utente)
    Iscrizione.objects.update(posto=2)
    connection.check_constraints()
    modello.objects.update(**campi)
    with pytest.raises(IntegrityError, match="not at the hours"):
        connection.check_constraints()
    transaction.set_rollback(True)


def test_both_together_and_whoever_gave_the_place_back_are_free(cast: Cast) -> None:
    seduta = gruppo(cast, alle(9), alle(11))
    iscrivi(cast, seduta, cast.utente)
    Seduta.objects.update(inizio=F("inizio") - UN_ORA)
    Iscrizione.objects.update(inizio=F("inizio") - UN_ORA)
    connection.check_constraints()
    Iscrizione.objects.update(stato="annullata", posto=None, motivo="Rinuncia")
    Seduta.objects.update(inizio=F("inizio") - UN_ORA)
    connection.check_constraints()
