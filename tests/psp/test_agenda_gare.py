"""Races on the agenda, with real threads and real transactions: no place, person, operator or room is taken twice."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from orientamento.comune.errori import RegolaViolata
from psp.models import Iscrizione, Luogo, Seduta
from psp.services import agenda
from psp.services.agenda import blocchi, iscrizioni, sedute
from tests.cast import crea_cast
from tests.psp.scene_agenda import ADESSO, alle, fissa, gruppo, iscrivi, persona, postazione, sala
from tests.psp.test_patto_gare import _insieme

pytestmark = pytest.mark.usefixtures("transactional_db")


def stati(esiti: list[Any]) -> list[str]:
    return sorted(e.stato if isinstance(e, Iscrizione) else type(e).__name__ for e in esiti)


def test_two_operators_on_the_last_place_one_gets_it_one_waits() -> None:
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(12), posti=1)
    uno, due = persona(cast), persona(cast)
    esiti = _insieme(lambda: iscrivi(cast, seduta, uno), lambda: iscrivi(cast, seduta, due, attore=cast.collega))
    assert stati(esiti) == ["in_lista", "prenotata"], esiti


def test_without_the_lock_both_want_the_same_place(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: both see the place free; the database alone then refuses the second, who should have waited."""
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(12), posti=1)
    uno, due = persona(cast), persona(cast)
    entrambi = threading.Barrier(2)
    vero = iscrizioni.primo_posto

    def insieme(*argomenti: Any) -> int | None:
        posto = vero(*argomenti)
        entrambi.wait(10)
        return posto

    monkeypatch.setattr(iscrizioni, "riga_bloccata", lambda s: Seduta.objects.select_related("cpi").get(pk=s.pk))
    monkeypatch.setattr(iscrizioni, "primo_posto", insieme)
    esiti = _insieme(lambda: iscrivi(cast, seduta, uno), lambda: iscrivi(cast, seduta, due))
    assert stati(esiti) == ["RegolaViolata", "prenotata"], esiti
    assert Iscrizione.objects.filter(seduta=seduta).count() == 1


def test_one_person_in_two_meetings_at_once() -> None:
    cast = crea_cast()
    esiti = _insieme(
        lambda: fissa(cast, alle(9), alle(10)),
        lambda: fissa(cast, alle(9, 30), alle(10, 30), operatore=cast.collega),
    )
    assert stati(esiti) == ["RegolaViolata", "prenotata"], esiti


def test_one_operator_with_two_persons_at_once() -> None:
    cast = crea_cast()
    altra = persona(cast)
    esiti = _insieme(lambda: fissa(cast, alle(9), alle(10)), lambda: fissa(cast, alle(9), alle(10), utente=altra))
    assert stati(esiti) == ["RegolaViolata", "prenotata"], esiti
    assert "ha già" in next(e.messaggio for e in esiti if isinstance(e, RegolaViolata))


def test_one_room_for_two_groups_at_once() -> None:
    cast = crea_cast()
    aula = sala(cast)
    esiti = _insieme(
        lambda: gruppo(cast, alle(9), alle(12), luogo=aula),
        lambda: gruppo(cast, alle(11), alle(13), luogo=aula, operatore=cast.collega),
    )
    assert sorted(type(e).__name__ for e in esiti) == ["RegolaViolata", "Seduta"], esiti


def test_places_without_an_operator_in_a_race() -> None:
    """Two places at once with one operator: both. The same place: one only."""
    cast = crea_cast()
    una, due = postazione(cast, 1), postazione(cast, 2)
    persone = [persona(cast) for _ in range(4)]

    def prenota(n: int, luogo: Luogo) -> Iscrizione:
        return fissa(cast, alle(9), alle(10), utente=persone[n], luogo=luogo, assistita=False)

    assert stati(_insieme(lambda: prenota(0, una), lambda: prenota(1, due))) == ["prenotata", "prenotata"]
    tre = postazione(cast, 3)
    esiti = _insieme(lambda: prenota(2, tre), lambda: prenota(3, tre))
    assert stati(esiti) == ["RegolaViolata", "prenotata"], esiti


def test_without_the_locks_the_constraints_still_keep_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: nobody is seen busy, and the database refuses the second in words of ours."""
    cast = crea_cast()
    altra = persona(cast)
    fissa(cast, alle(9), alle(10))
    monkeypatch.setattr(sedute, "controlla_operatore", lambda *a, **k: None)
    with pytest.raises(RegolaViolata, match="già impegnato"):
        fissa(cast, alle(9), alle(10), utente=altra)
    monkeypatch.setattr(sedute, "controlla_persona", lambda *a, **k: None)
    with pytest.raises(RegolaViolata, match="La persona ha già"):
        fissa(cast, alle(9), alle(10), operatore=cast.collega)


def test_a_move_and_a_booking_meet() -> None:
    """A group moves to 11 while one of its people takes an appointment at 11: only one of the two happens."""
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(10))
    iscrivi(cast, seduta, cast.utente)
    esiti = _insieme(
        lambda: agenda.sposta_seduta(
            seduta=seduta, inizio=alle(11), fine=alle(12), motivo="x", versione=1, attore=cast.operatore, adesso=ADESSO
        ),
        lambda: fissa(cast, alle(11), alle(12), operatore=cast.collega),
    )
    assert sum(isinstance(e, RegolaViolata) for e in esiti) == 1, esiti
    assert sum(isinstance(e, (Seduta, Iscrizione)) for e in esiti) == 1, esiti


def test_a_move_and_a_new_booking_in_the_same_group() -> None:
    """Whoever is booked in between comes along, or the move is refused and may be asked again."""
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(10), posti=5)
    iscrivi(cast, seduta, cast.utente)
    nuova = persona(cast)
    esiti = _insieme(
        lambda: agenda.sposta_seduta(
            seduta=seduta, inizio=alle(11), fine=alle(12), motivo="x", versione=1, attore=cast.operatore, adesso=ADESSO
        ),
        lambda: iscrivi(cast, seduta, nuova),
    )
    assert all(isinstance(e, (Seduta, Iscrizione, RegolaViolata)) for e in esiti), esiti
    seduta.refresh_from_db()
    assert set(seduta.iscrizioni.values_list("inizio", "fine")) == {(seduta.inizio, seduta.fine)}


def test_many_cancellations_and_bookings_leave_nobody_without_a_right_place() -> None:
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(10), posti=3)
    righe = [iscrivi(cast, seduta, persona(cast)) for _ in range(6)]
    nuove = [persona(cast) for _ in range(3)]

    def togli(riga: Iscrizione) -> Any:
        for _ in range(20):
            try:
                return agenda.togli_iscrizione(iscrizione=riga, motivo="x", attore=cast.operatore, adesso=ADESSO)
            except RegolaViolata as errore:
                if "mentre lei" not in errore.messaggio:
                    raise
        raise AssertionError("la richiesta è stata sempre superata")

    lavori = [lambda r=r: togli(r) for r in righe[:3]] + [lambda u=u: iscrivi(cast, seduta, u) for u in nuove]
    esiti = _insieme(*lavori)
    assert all(isinstance(e, Iscrizione) for e in esiti), esiti
    posti = sorted(p for p in seduta.iscrizioni.values_list("posto", flat=True) if p)
    assert posti == [1, 2, 3]
    # Those who waited from the beginning came before the new ones.
    assert set(seduta.iscrizioni.filter(pk__in=[r.pk for r in righe[3:]]).values_list("stato", flat=True)) == {
        "prenotata"
    }


def test_locks_are_taken_in_the_order_of_the_keys() -> None:
    cast = crea_cast()
    persone = [persona(cast).pk for _ in range(4)]
    from django.db import transaction

    with transaction.atomic():
        assert list(blocchi.blocca_utenti(reversed(persone))) == sorted(persone)
