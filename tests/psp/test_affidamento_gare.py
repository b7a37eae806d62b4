"""The take-over races with a booking: nobody is in two places, and no meeting is lost on the way."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction

from orientamento.anagrafica.models import Utente
from orientamento.comune.errori import RegolaViolata
from psp.models import Iscrizione, Seduta
from psp.services.agenda import blocchi, sostituzione
from psp.services.agenda.blocchi import blocca_operatori, blocca_utenti
from psp.services.lavoro.affidamento import Affidamento
from tests.cast import Cast, crea_cast
from tests.psp.scene_agenda import alle, fissa, gruppo, iscrivi, persona
from tests.psp.test_affidamento import affida, di_chi
from tests.psp.test_ordine_dei_blocchi import _filo
from tests.psp.test_patto_gare import _insieme

pytestmark = pytest.mark.usefixtures("transactional_db")


def insieme(cast: Cast) -> list[Any]:
    """The take-over of a meeting at nine, and another citizen booked at nine with who takes it over."""
    altra = persona(cast)
    fissa(cast, alle(9), alle(10))
    return _insieme(
        lambda: affida(cast, [cast.utente], appuntamenti=True),
        lambda: fissa(cast, alle(9), alle(10), utente=altra, operatore=cast.collega),
    )


def test_who_takes_over_is_booked_at_the_same_hour() -> None:
    """Either the meeting passes and the booking is refused, or it stays, is counted, and the booking stands."""
    cast = crea_cast()
    preso, prenotato = insieme(cast)
    assert isinstance(preso, Affidamento), preso
    sua = Seduta.objects.get(iscrizioni__utente=cast.utente)
    if isinstance(prenotato, Iscrizione):
        assert (preso.passaggio.restano, di_chi(sua)) == (1, [cast.operatore])
    else:
        assert isinstance(prenotato, RegolaViolata), prenotato
        assert f"{cast.collega} ha già" in prenotato.messaggio
        assert (preso.passaggio.restano, di_chi(sua)) == (0, [cast.collega])
    cast.utente.refresh_from_db()
    assert cast.utente.operatore_riferimento == cast.collega


def test_without_the_lock_the_constraint_undoes_the_whole_gesture(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: the hour is seen free and taken before the writing. The database refuses; no file has moved."""
    cast = crea_cast()
    altra = persona(cast)
    sua = fissa(cast, alle(9), alle(10)).seduta
    vero = sostituzione.impedimenti

    def e_intanto(*argomenti: Any) -> dict[int, str]:
        trovati = vero(*argomenti)
        (esito,) = _insieme(lambda: fissa(cast, alle(9), alle(10), utente=altra, operatore=cast.collega))
        assert isinstance(esito, Iscrizione), esito
        return trovati

    monkeypatch.setattr(sostituzione, "impedimenti", e_intanto)
    monkeypatch.setattr(blocchi, "blocca_operatori", lambda *operatori: {})
    with pytest.raises(RegolaViolata, match="già impegnato in quell'orario"):
        affida(cast, [cast.utente], appuntamenti=True)
    assert di_chi(sua) == [cast.operatore]
    cast.utente.refresh_from_db()
    assert cast.utente.operatore_riferimento == cast.operatore


def test_an_appointment_fixed_while_the_take_over_waits_passes_too() -> None:
    """Which meetings pass is asked once the people are locked: what was fixed in between is among them."""
    cast = crea_cast()
    prima = fissa(cast, alle(9), alle(10)).seduta
    esiti: list[Any] = []
    with transaction.atomic():
        blocca_utenti([cast.utente.pk])
        filo = _filo(lambda: affida(cast, [cast.utente], appuntamenti=True), esiti)
        filo.join(1)
        assert filo.is_alive()
        dopo = fissa(cast, alle(11), alle(12)).seduta
    filo.join(30)
    assert len(esiti[0].passaggio.passate) == 2, esiti
    assert di_chi(prima, dopo) == [cast.collega, cast.collega]


def test_a_group_into_which_somebody_is_booked_meanwhile_stays_and_is_counted() -> None:
    """Their row could not be locked in its turn: the group is asked for again, never passed behind their back."""
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(10), posti=5)
    iscrivi(cast, seduta, cast.utente)
    nuova = persona(cast)
    esiti: list[Any] = []
    with transaction.atomic():
        blocca_operatori(cast.operatore)
        filo = _filo(lambda: affida(cast, [cast.utente], gruppi=True), esiti)
        filo.join(1)
        assert filo.is_alive()
        (esito,) = _insieme(lambda: iscrivi(cast, seduta, nuova))
        assert isinstance(esito, Iscrizione), esito
    filo.join(30)
    assert (len(esiti[0].passaggio.passate), esiti[0].passaggio.restano) == (0, 1)
    assert di_chi(seduta) == [cast.operatore]


def test_two_take_overs_of_one_agenda_never_wait_in_a_ring() -> None:
    """The same people in the other order, both ways at once: the second is told, files and meetings stay together."""
    cast = crea_cast()
    persone = [cast.utente, *(persona(cast) for _ in range(4))]
    sedute = [fissa(cast, alle(9 + n), alle(10 + n), utente=u).seduta for n, u in enumerate(persone)]
    esiti = _insieme(
        lambda: affida(cast, persone, appuntamenti=True),
        lambda: affida(cast, persone[::-1], appuntamenti=True, a=cast.responsabile),
    )
    assert sorted(type(e).__name__ for e in esiti) == ["Affidamento", "VersioneSuperata"], esiti
    (nuovo,) = {o.pk for o in di_chi(*sedute)}
    assert {u.operatore_riferimento_id for u in Utente.objects.filter(pk__in=[u.pk for u in persone])} == {nuovo}
