"""The places and the words of a group that change without moving it."""

from __future__ import annotations

import pytest

from orientamento.comune.errori import RegolaViolata
from psp.models import Seduta
from psp.services import agenda
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, alle, gruppo, iscrivi, persona

pytestmark = pytest.mark.django_db


class TestPostiInMeno:
    def test_as_few_as_those_who_have_one(self, cast: Cast) -> None:
        """Places given back leave holes: what counts is how many are taken."""
        seduta = gruppo(cast, alle(9), alle(10), posti=4)
        iscritti = [iscrivi(cast, seduta, persona(cast)) for _ in range(4)]
        for via in iscritti[:2]:
            agenda.togli_iscrizione(iscrizione=via, motivo="x", attore=cast.operatore, adesso=ADESSO)
        dati = {"titolo": "Laboratorio", "programma": ""}

        def porta_a(posti: int) -> Seduta:
            versione = Seduta.objects.get(pk=seduta.pk).versione
            return agenda.modifica_seduta(
                seduta=seduta, dati={**dati, "posti": posti}, versione=versione, attore=cast.operatore, adesso=ADESSO
            )

        with pytest.raises(RegolaViolata, match="da 2, quelli già presi"):
            porta_a(1)
        assert porta_a(2).posti == 2
        assert sorted(seduta.iscrizioni.filter(posto__isnull=False).values_list("posto", flat=True)) == [1, 2]
        assert iscrivi(cast, Seduta.objects.get(pk=seduta.pk), cast.utente).stato == "in_lista"

    def test_a_title_of_nothing_is_refused_and_a_longer_one_is_one_line(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(10))
        comuni = {"seduta": seduta, "attore": cast.operatore, "adesso": ADESSO}
        with pytest.raises(RegolaViolata) as rifiuto:
            agenda.modifica_seduta(dati={"titolo": " \x01 ", "posti": 2, "programma": ""}, versione=1, **comuni)
        assert rifiuto.value.campo == "titolo"
        dati = {"titolo": "Due\nrighe\x07", "posti": 2, "programma": ""}
        assert agenda.modifica_seduta(dati=dati, versione=1, **comuni).titolo == "Due righe"
