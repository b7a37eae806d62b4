"""The sittings and the clock of the interview (C1, C2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import Appuntamento, Colloquio
from psp.services.appuntamento import (
    Orologio,
    aggiungi_incontro,
    dichiara_minuti,
    minuti_totali,
    registra_tempo,
)
from tests.cast import Cast, crea_cast
from tests.psp.scene import apri, informato

MATTINA = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)


def conta(cast: Cast, colloquio: Colloquio, secondi: int, dopo: int, *, fase: int = 2, **altro) -> Appuntamento:
    """A page opened in the morning says `secondi` after `dopo` seconds of the clock on the wall."""
    opzioni = {"pagina_aperta_il": MATTINA, "attore": cast.operatore, "adesso": MATTINA + dt.timedelta(seconds=dopo)}
    return registra_tempo(colloquio=colloquio, fase=fase, secondi=secondi, **{**opzioni, **altro})


class TestOrologio:
    @pytest.mark.parametrize(
        ("minuti", "stato", "avviso"),
        [
            (0, "normale", ""),
            (34, "normale", ""),
            (74, "normale", ""),
            (75, "avviso", "Restano 15 minuti"),
            (89, "avviso", "Resta 1 minuto"),
            (90, "limite", "Raggiunti i 90 minuti"),
            (91, "limite", "Oltre i 90 minuti: indicare il motivo alla chiusura"),
        ],
    )
    def test_amber_at_75_red_at_90_and_in_words(self, minuti: int, stato: str, avviso: str) -> None:
        orologio = Orologio(minuti)
        assert (orologio.stato, orologio.avviso) == (stato, avviso)
        assert orologio.testo == f"{minuti} min di 90"
        assert orologio.scostamento == (minuti > 90)


class TestTempoMisurato:
    def test_counts_what_the_page_saw(self, cast: Cast) -> None:
        colloquio = informato(cast)
        conta(cast, colloquio, 55, 60)
        incontro = conta(cast, colloquio, 60, 120)
        assert (incontro.misurati_1, incontro.misurati_2) == (0, 115)
        assert incontro.minuti(2) == 2

    def test_never_more_than_the_clock_on_the_wall(self, cast: Cast) -> None:
        incontro = conta(cast, informato(cast), 999_999, 60)
        assert incontro.misurati_2 == 60

    def test_two_windows_do_not_count_twice(self, cast: Cast) -> None:
        colloquio = informato(cast)
        conta(cast, colloquio, 60, 60)
        incontro = conta(cast, colloquio, 60, 61, fase=1)
        assert incontro.misurati_1 + incontro.misurati_2 == 61

    def test_a_page_left_open_overnight_does_not_count_the_night(self, cast: Cast) -> None:
        mattina_dopo = dt.datetime(2026, 11, 24, 0, 10, tzinfo=dt.UTC)  # ten past one in Italy
        incontro = conta(cast, informato(cast), 999_999, 0, adesso=mattina_dopo)
        assert incontro.data == dt.date(2026, 11, 24)
        assert incontro.misurati_2 == 70 * 60

    def test_a_clock_set_back_counts_nothing(self, cast: Cast) -> None:
        colloquio = informato(cast)
        conta(cast, colloquio, 60, 60)
        assert conta(cast, colloquio, 60, 30).misurati_2 == 60

    def test_writes_no_line_of_the_register_beyond_the_sitting(self, cast: Cast) -> None:
        colloquio = informato(cast)
        conta(cast, colloquio, 60, 60)
        prima = Evento.objects.count()
        conta(cast, colloquio, 60, 120)
        assert Evento.objects.count() == prima

    def test_not_after_the_conclusion(self, cast: Cast) -> None:
        colloquio = informato(cast)
        Colloquio.objects.filter(pk=colloquio.pk).update(concluso_il=MATTINA, concluso_da=cast.operatore)
        with pytest.raises(RegolaViolata):
            conta(cast, colloquio, 60, 60)


class TestMinuti:
    def test_declared_beat_measured_and_sittings_of_all_count_together(self, cast: Cast) -> None:
        """C1, C2."""
        colloquio = apri(cast)
        mio = conta(cast, colloquio, 600, 600)
        conta(cast, colloquio, 300, 300, attore=cast.collega)
        assert minuti_totali(colloquio) == 15
        dichiara_minuti(incontro=mio, dati={"minuti_2": 0, "minuti_1": 7}, attore=cast.collega)
        assert minuti_totali(colloquio) == 12
        riga = Evento.objects.get(
            azione=Azione.APPUNTAMENTO_REGISTRATO, attore=cast.collega, dettaglio__has_key="minuti_1"
        )
        assert riga.dettaglio == {"minuti_1": ["", "7"], "minuti_2": ["", "0"]}

    def test_the_same_minutes_again_write_nothing(self, cast: Cast) -> None:
        incontro = conta(cast, apri(cast), 60, 60)
        dichiara_minuti(incontro=incontro, dati={"minuti_1": 7}, attore=cast.operatore)
        prima = Evento.objects.count()
        dichiara_minuti(incontro=incontro, dati={"minuti_1": 7}, attore=cast.operatore)
        assert Evento.objects.count() == prima

    @pytest.mark.parametrize("minuti", [-1, 481])
    def test_impossible_minutes_are_refused_at_their_field(self, cast: Cast, minuti: int) -> None:
        incontro = conta(cast, apri(cast), 60, 60)
        with pytest.raises(RegolaViolata) as rifiuto:
            dichiara_minuti(incontro=incontro, dati={"minuti_3": minuti}, attore=cast.operatore)
        assert rifiuto.value.campo == "minuti_3"

    def test_the_database_refuses_them_too(self, cast: Cast) -> None:
        incontro = conta(cast, apri(cast), 60, 60)
        with pytest.raises(IntegrityError), transaction.atomic():
            Appuntamento.objects.filter(pk=incontro.pk).update(minuti_2=481)

    def test_a_sitting_held_elsewhere_is_added_once_and_not_in_the_future(self, cast: Cast) -> None:
        colloquio = apri(cast)
        dati = {"modo": "gruppo", "minuti_1": 30, "minuti_2": None, "minuti_3": None}
        opzioni = {"colloquio": colloquio, "dati": dati, "attore": cast.operatore, "adesso": MATTINA}
        aggiungi_incontro(data=dt.date(2026, 11, 20), **opzioni)
        assert minuti_totali(colloquio) == 30
        for giorno in (dt.date(2026, 11, 20), dt.date(2026, 11, 24)):
            with pytest.raises(RegolaViolata) as rifiuto:
                aggiungi_incontro(data=giorno, **opzioni)
            assert rifiuto.value.campo == "data"
        assert Appuntamento.objects.count() == 1


class TestMisuraSempreEntroIlTempo(TestCase):
    """However many windows say whatever number, in whatever order: never more than the time that has passed."""

    @classmethod
    def setUpTestData(cls) -> None:
        cls.cast = crea_cast()
        cls.colloquio = informato(cls.cast)

    @given(
        st.lists(
            st.tuples(
                st.integers(1, 3),
                st.integers(0, 10_000),
                st.integers(0, 600),
                st.integers(0, 1_200),
            ),
            max_size=8,
        )
    )
    def test_never_more_than_what_passed(self, battiti: list[tuple[int, int, int, int]]) -> None:
        Appuntamento.objects.all().delete()
        trascorsi = 0
        for fase, secondi, passo, apertura in battiti:
            trascorsi += passo
            conta(
                self.cast,
                self.colloquio,
                secondi,
                trascorsi,
                fase=fase,
                pagina_aperta_il=MATTINA + dt.timedelta(seconds=min(apertura, trascorsi)),
            )
        incontro = Appuntamento.objects.filter(data=MATTINA.date()).first()
        misurati = [incontro.misurati_1, incontro.misurati_2, incontro.misurati_3] if incontro else [0]
        assert all(m >= 0 for m in misurati)
        assert sum(misurati) <= trascorsi

    @given(st.lists(st.one_of(st.none(), st.integers(0, 480)), min_size=3, max_size=3), st.integers(0, 20_000))
    def test_the_total_is_declared_where_declared_else_measured(
        self, dichiarati: list[int | None], misurati: int
    ) -> None:
        Appuntamento.objects.all().delete()
        Appuntamento.objects.create(
            colloquio=self.colloquio,
            operatore=self.cast.operatore,
            data=MATTINA.date(),
            misurati_2=misurati,
            **{f"minuti_{n}": m for n, m in enumerate(dichiarati, 1)},
        )
        atteso = (dichiarati[0] or 0) + (round(misurati / 60) if dichiarati[1] is None else dichiarati[1])
        assert minuti_totali(self.colloquio) == atteso + (dichiarati[2] or 0)
