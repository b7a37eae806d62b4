"""Real threads on one measure: closing it twice, closing and interrupting it, two meetings at the same hour (M3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest
from django.utils import timezone

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from psp.models import Iscrizione, Misura, Seduta
from psp.services.erogazione import interrompi_misura
from psp.services.incontri_misura import registra_incontro
from tests.cast import Cast, crea_cast
from tests.psp.scene_misure import BILANCIO, avviata, concludi, scrivi, tenuto
from tests.psp.test_colloquio_gare import insieme


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return crea_cast()


def test_closed_twice_at_the_same_moment(cast: Cast) -> None:
    """One closes, the other is told; the skills enter the file once."""
    misura = avviata(cast, "bilancio-competenze")
    scrivi(cast, misura, BILANCIO)
    tenuto(cast, misura, 480)
    esiti = insieme(*[lambda: concludi(cast, misura)] * 3)
    assert sum(isinstance(e, Misura) for e in esiti) == 1
    assert sum(isinstance(e, RegolaViolata) for e in esiti) == 2
    assert Evento.objects.filter(azione="misura_conclusa").count() == 1
    assert cast.utente.competenze.count() == 3


def test_concluded_and_interrupted_at_the_same_moment(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    tenuto(cast, misura, 60)

    def interrompe() -> object:
        return interrompi_misura(
            misura=misura, finita_il=oggi(), motivo="Trasloco", attore=cast.collega, adesso=adesso()
        )

    esiti = insieme(lambda: concludi(cast, misura), interrompe)
    assert sum(isinstance(e, Misura) for e in esiti) == 1
    assert sum(isinstance(e, RegolaViolata) for e in esiti) == 1
    assert Evento.objects.filter(azione__in=["misura_conclusa", "misura_interrotta"]).count() == 1


def test_two_operators_write_a_meeting_at_the_same_hour(cast: Cast) -> None:
    """A person is in one place at a time."""
    misura = avviata(cast, "consulenza-orientativa")
    ieri = timezone.make_aware(dt.datetime.combine(oggi() - dt.timedelta(days=1), dt.time(9)))

    def scrive(nome: str) -> Callable[[], object]:
        chi = getattr(cast, nome)
        return lambda: registra_incontro(
            misura=misura, inizio=ieri, minuti=60, operatore=chi, attore=chi, adesso=adesso()
        )

    esiti = insieme(scrive("operatore"), scrive("collega"))
    assert sum(isinstance(e, Iscrizione) for e in esiti) == 1
    assert sum(isinstance(e, RegolaViolata) for e in esiti) == 1
    assert (Iscrizione.objects.count(), Seduta.objects.count()) == (1, 1)
