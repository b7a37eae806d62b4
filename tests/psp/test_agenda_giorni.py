"""Holidays, Italian wall clock, free slots: for any day and any set of meetings (C2)."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientamento.comune.errori import RegolaViolata
from psp.models import ChiusuraUfficio, Seduta
from psp.services.agenda import primi_liberi
from psp.services.agenda.giorni import chiusure, esiste, festivita, istante, ora_di
from psp.services.agenda.liberi import Tratto, in_pezzi, meno, tratti_liberi, tratti_liberi_del_luogo, unisci
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, MARTEDI, alle, fissa, gruppo, orario, sala

ROMA = ZoneInfo("Europe/Rome")
MARZO, OTTOBRE = dt.date(2027, 3, 28), dt.date(2026, 10, 25)  # the two nights on which clocks change
MERCOLEDI = MARTEDI + dt.timedelta(days=1)
BASE = dt.datetime(2026, 11, 24, 6, tzinfo=dt.UTC)


def chiudi(dal: dt.date, al: dt.date, motivo: str, **altro: Any) -> None:
    ChiusuraUfficio.objects.create(dal=dal, al=al, motivo=motivo, **altro)


class TestFeste:
    def test_those_that_do_not_move_and_those_that_follow_easter(self) -> None:
        feste = festivita(2027)
        assert feste[dt.date(2027, 12, 25)] == "Natale"
        assert feste[dt.date(2027, 3, 28)] == "Pasqua"
        assert feste[dt.date(2027, 3, 29)] == "Lunedì dell'Angelo"

    def test_easter_monday_may_fall_on_another_holiday(self) -> None:
        assert "Liberazione" in festivita(2011)[dt.date(2011, 4, 25)]
        assert "Angelo" in festivita(2011)[dt.date(2011, 4, 25)]

    def test_saint_francis_is_one_again_from_2026(self) -> None:
        assert dt.date(2025, 10, 4) not in festivita(2025)
        assert dt.date(2026, 10, 4) in festivita(2026)

    @given(st.integers(1990, 2090))
    def test_easter_monday_is_a_monday_of_spring(self, anno: int) -> None:
        (angelo,) = [g for g, nome in festivita(anno).items() if "Angelo" in nome]
        assert angelo.isoweekday() == 1
        assert dt.date(anno, 3, 23) <= angelo <= dt.date(anno, 4, 26)

    @pytest.mark.django_db
    def test_an_office_s_own_closings_and_those_of_all(self, cast: Cast) -> None:
        chiudi(MARTEDI, MARTEDI, "Patrono", cpi=cast.cpi)
        chiudi(dt.date(2026, 12, 24), dt.date(2026, 12, 31), "Tra Natale e San Silvestro")
        chiudi(dt.date(2026, 11, 25), dt.date(2026, 11, 25), "Altrui", cpi=cast.altro_cpi)
        chiusi = chiusure(cast.cpi.pk, dt.date(2026, 11, 23), dt.date(2026, 12, 27))
        assert chiusi == {
            MARTEDI: "Patrono",
            dt.date(2026, 12, 8): "Immacolata Concezione",
            dt.date(2026, 12, 24): "Tra Natale e San Silvestro",
            dt.date(2026, 12, 25): "Natale",
            dt.date(2026, 12, 26): "Santo Stefano",
            dt.date(2026, 12, 27): "Tra Natale e San Silvestro",
        }


class TestOrologio:
    def test_an_hour_that_clocks_skip_is_refused(self) -> None:
        with pytest.raises(RegolaViolata, match="le 02:30 non esistono") as errore:
            istante(MARZO, dt.time(2, 30))
        assert errore.value.campo == "dalle"

    def test_an_hour_shown_twice_is_the_first(self) -> None:
        assert istante(OTTOBRE, dt.time(2, 30)) == dt.datetime(2026, 10, 25, 0, 30, tzinfo=dt.UTC)

    @pytest.mark.parametrize(("giorno", "minuti"), [(MARZO, 120), (OTTOBRE, 240), (MARTEDI, 180)])
    def test_lengths_are_real_minutes(self, giorno: dt.date, minuti: int) -> None:
        """From 1 to 4 by the clock on the wall: three hours on any night but two."""
        seduta = Seduta(inizio=istante(giorno, dt.time(1)), fine=istante(giorno, dt.time(4)))
        assert seduta.minuti == minuti

    @given(st.dates(dt.date(2000, 1, 1), dt.date(2090, 12, 31)), st.times(timezones=st.none()))
    def test_what_is_written_is_what_is_read(self, giorno: dt.date, ora: dt.time) -> None:
        ora = ora.replace(second=0, microsecond=0, fold=0)
        if not esiste(giorno, ora):
            assert giorno.month == 3
            assert giorno.isoweekday() == 7
            assert ora.hour == 2
            return
        momento = istante(giorno, ora)
        assert momento.tzinfo == dt.UTC
        assert momento.astimezone(ROMA).replace(tzinfo=None, fold=0) == dt.datetime.combine(giorno, ora)
        assert ora_di(momento) == f"{ora.hour}:{ora:%M}"


def tratti(massimo: int = 12) -> st.SearchStrategy[list[Tratto]]:
    def tratto(coppia: tuple[int, int]) -> Tratto:
        da, lungo = coppia
        return BASE + dt.timedelta(minutes=5 * da), BASE + dt.timedelta(minutes=5 * (da + lungo))

    return st.lists(st.tuples(st.integers(0, 140), st.integers(0, 60)).map(tratto), max_size=massimo)


def minuti_di(insieme: list[Tratto]) -> set[int]:
    return {m for da, a in insieme for m in range(int(da.timestamp()) // 60, int(a.timestamp()) // 60)}


class TestLiberi:
    @given(tratti(), tratti())
    def test_what_is_left_is_the_hours_less_the_meetings(self, ore: list[Tratto], occupati: list[Tratto]) -> None:
        liberi = meno(unisci(ore), occupati)
        assert minuti_di(liberi) == minuti_di(ore) - minuti_di(occupati)
        assert all(a < b for a, b in liberi)
        assert all(prima[1] < dopo[0] or prima[1] == dopo[0] for prima, dopo in pairwise(liberi))

    @given(tratti(), st.integers(5, 120), st.integers(0, 800))
    def test_slots_have_their_length_do_not_overlap_and_are_to_come(
        self, ore: list[Tratto], minuti: int, passati: int
    ) -> None:
        adesso = BASE + dt.timedelta(minutes=passati)
        unite = unisci(ore)
        pezzi = list(in_pezzi(unite, minuti=minuti, adesso=adesso))
        assert all(p.minuti == minuti and p.inizio > adesso for p in pezzi)
        assert all(prima.fine <= dopo.inizio for prima, dopo in pairwise(pezzi))
        assert minuti_di([(p.inizio, p.fine) for p in pezzi]) <= minuti_di(unite)

    @pytest.mark.django_db
    def test_of_an_operator(self, cast: Cast) -> None:
        orario(cast)
        fissa(cast, alle(10), alle(10, 45))
        chiudi(dt.date(2026, 11, 25), dt.date(2026, 11, 25), "Patrono", cpi=cast.cpi)
        liberi = primi_liberi(cast.operatore, adesso=ADESSO, dal=MARTEDI, minuti=60, quanti=4)
        assert [p.inizio for p in liberi] == [
            alle(9),
            alle(10, 45),
            alle(11, 45),
            alle(9, giorno=dt.date(2026, 11, 26)),
        ]

    @pytest.mark.django_db
    def test_a_cancelled_meeting_takes_no_time(self, cast: Cast) -> None:
        orario(cast)
        seduta = fissa(cast, alle(9), alle(13)).seduta
        assert tratti_liberi(cast.operatore, MARTEDI, MARTEDI) == []
        Seduta.objects.filter(pk=seduta.pk).update(stato="annullata", motivo="x")
        assert tratti_liberi(cast.operatore, MARTEDI, MARTEDI) == [(alle(9), alle(13))]

    @pytest.mark.django_db
    def test_the_hours_of_a_sunday_night_of_march(self, cast: Cast) -> None:
        """Nobody receives on a Sunday; the hours of the Monday after are those on the wall."""
        orario(cast)
        (primo, *_) = tratti_liberi(cast.operatore, dt.date(2027, 3, 30), dt.date(2027, 3, 30))
        assert primo == (alle(9, giorno=dt.date(2027, 3, 30)), alle(13, giorno=dt.date(2027, 3, 30)))
        assert (primo[0].hour, primo[1] - primo[0]) == (7, dt.timedelta(hours=4))

    @pytest.mark.django_db
    def test_of_a_room(self, cast: Cast) -> None:
        corsi = sala(cast)
        gruppo(cast, alle(9), alle(12), luogo=corsi)
        assert tratti_liberi_del_luogo(corsi, MARTEDI, MARTEDI) == [(alle(8), alle(9)), (alle(12), alle(19))]
