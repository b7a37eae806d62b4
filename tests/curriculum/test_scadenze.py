"""The six months (V4): the date decides at every reading, the notices are made once each, the people are told."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from dateutil.relativedelta import relativedelta
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.models import AvvisoScadenza, Curriculum
from curriculum.services import scadenze
from curriculum.services.curriculum import salva_curriculum
from curriculum.services.lettura import curriculum_attuale
from curriculum.services.scadenze import in_scadenza, prepara_avvisi, soglia_di
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.presa_in_carico import esprimi_consenso
from orientamento.comune.calendario import adesso, aggiungi_mesi
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.curriculum import fabbrica
from tests.curriculum.conftest import file_pdf

ROMA = ZoneInfo("Europe/Rome")
OGGI = dt.date(2026, 11, 23)


def alle(giorno: dt.date, ora: int = 10, minuto: int = 0) -> dt.datetime:
    """An instant of the Italian day."""
    return dt.datetime.combine(giorno, dt.time(ora, minuto), tzinfo=ROMA)


def fra(giorni: int) -> dt.date:
    return OGGI + dt.timedelta(days=giorni)


def cv(cast: Cast, fine: dt.date, utente: Utente | None = None, **altro: Any) -> Curriculum:
    """A CV whose last day is `fine`, of `utente` or of a new citizen whom the operator follows."""
    dati = {"origine": "portato", "nome_originale": "cv.pdf", "sha256": "0" * 64, "dimensione": 1, "pagine": 1, **altro}
    return Curriculum.objects.create(
        utente=utente or crea_utente(cast.cpi, cast.operatore),
        caricato_il=alle(fine - relativedelta(months=6)),
        caricato_da=cast.operatore,
        valido_fino_al=fine,
        **dati,
    )


def soglie(curriculum: Curriculum) -> list[int]:
    return list(curriculum.avvisi.order_by("-soglia").values_list("soglia", flat=True))


def acconsente(cast: Cast, utente: Utente, email: str = "anna@example.org") -> None:
    """In charge, with a mail address and the consent to communications."""
    utente.email = email
    utente.save()
    if not utente.prese_in_carico.exists():
        metti_in_carico(utente, cast.operatore)
    esprimi_consenso(utente=utente, finalita="comunicazioni", esito="dato", attore=cast.operatore, adesso=adesso())


# The dates


@given(
    caricato=st.datetimes(
        min_value=dt.datetime(2020, 1, 1), max_value=dt.datetime(2040, 1, 1), timezones=st.just(dt.UTC)
    )
)
def test_six_calendar_months_from_the_italian_day(caricato: dt.datetime) -> None:
    """V4: the last day has the same number, or is the last of a shorter month; good to its midnight in Italy."""
    giorno = caricato.astimezone(ROMA).date()
    fine = aggiungi_mesi(giorno, 6)
    uno = Curriculum(valido_fino_al=fine)

    mesi = fine.year * 12 + fine.month - giorno.year * 12 - giorno.month
    assert mesi == 6
    assert fine.day == giorno.day or (fine.day < giorno.day and (fine + dt.timedelta(days=1)).day == 1)
    assert not uno.obsoleto_al(fine)
    assert uno.obsoleto_al(fine + dt.timedelta(days=1))
    assert [soglia_di(uno, fine - dt.timedelta(days=g)) for g in (31, 30, 8, 7, 1, 0, -1)] == [
        None, 30, 30, 7, 7, 0, 0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("caricato_utc", "fine"),
    [
        ("2026-08-31T10:00", "2027-02-28"),
        ("2027-08-31T10:00", "2028-02-29"),
        ("2028-02-29T10:00", "2028-08-29"),
        ("2026-11-22T23:30", "2027-05-23"),  # past midnight in Italy, winter
        ("2026-07-22T22:30", "2027-01-23"),  # past midnight in Italy, summer
        ("2026-07-22T21:59", "2027-01-22"),
        ("2026-10-25T00:30", "2027-04-25"),  # the hour that there is twice
        ("2026-10-25T01:30", "2027-04-25"),
        ("2027-03-27T23:30", "2027-09-28"),  # the night that loses an hour
        ("2027-03-28T01:00", "2027-09-28"),
        ("2026-12-31T23:00", "2027-07-01"),
    ],
)
def test_saved_at_an_instant_it_counts_for_the_italian_day(pronto: Cast, caricato_utc: str, fine: str) -> None:
    """V4, from the upload to the page: on its last day it is good, the day after it is not."""
    salvato = salva_curriculum(
        utente=pronto.utente,
        file=file_pdf(),
        origine="portato",
        attore=pronto.operatore,
        adesso=dt.datetime.fromisoformat(f"{caricato_utc}+00:00"),
    )
    assert salvato.valido_fino_al == dt.date.fromisoformat(fine)


@pytest.mark.parametrize(
    ("istante", "obsoleto", "avvisi"),
    [
        ("2027-02-28T22:59:59+00:00", False, [0]),
        ("2027-02-28T23:00:00+00:00", True, [0]),
        ("2027-02-20T23:00:00+00:00", False, [7]),
        ("2027-02-20T22:59:59+00:00", False, [30]),
        ("2027-01-28T23:00:00+00:00", False, [30]),
        ("2027-01-28T22:59:59+00:00", False, []),
    ],
)
def test_the_italian_midnight_is_the_border(
    cast: Cast, istante: str, obsoleto: bool, avvisi: list[int], time_machine: Any
) -> None:
    curriculum = cv(cast, dt.date(2027, 2, 28), cast.utente)
    quando = dt.datetime.fromisoformat(istante)
    prepara_avvisi(adesso=quando)
    assert soglie(curriculum) == avvisi
    time_machine.move_to(quando, tick=False)
    letto = curriculum_attuale(cast.utente)
    assert letto is not None
    assert letto["obsoleto"] is obsoleto


# The sweep


def test_a_notice_at_each_threshold_and_no_double(cast: Cast) -> None:
    curriculum = cv(cast, fra(40))
    nuovi = [prepara_avvisi(adesso=alle(fra(giorno), 2, 30)) for giorno in range(60)]

    assert soglie(curriculum) == [30, 7, 0]
    assert [giorno for giorno, quanti in enumerate(nuovi) if quanti] == [10, 33, 40]
    assert prepara_avvisi(adesso=alle(fra(59))) == 0


@pytest.mark.parametrize(
    ("restano", "attese"), [(31, []), (30, [30]), (8, [30]), (7, [7]), (1, [7]), (0, [0]), (-20, [0])]
)
def test_after_days_without_a_sweep_only_the_nearest_threshold(cast: Cast, restano: int, attese: list[int]) -> None:
    """Nobody gets three notices in one night."""
    curriculum = cv(cast, fra(restano))
    prepara_avvisi(adesso=alle(OGGI))
    assert soglie(curriculum) == attese


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(restano=st.integers(0, 60), notti=st.lists(st.integers(0, 90), max_size=12))
def test_whatever_nights_are_missed_each_threshold_comes_once_at_most(
    cast: Cast, restano: int, notti: list[int]
) -> None:
    """And in order: never a farther one after a nearer one."""
    with transaction.atomic():
        curriculum = cv(cast, fra(restano))
        attese: list[int] = []
        for notte in sorted(notti):
            prepara_avvisi(adesso=alle(fra(notte), 2, 30))
            mancano = restano - notte
            soglia = 0 if mancano <= 0 else 7 if mancano <= 7 else 30 if mancano <= 30 else None
            if soglia is not None and soglia not in attese:
                attese.append(soglia)
            assert soglie(curriculum) == attese
        transaction.set_rollback(True)


@pytest.mark.parametrize("stato", ["sostituito", "cancellato", "in_controllo", "respinto"])
def test_no_notice_for_a_cv_that_does_not_count(cast: Cast, stato: str) -> None:
    cv(cast, fra(5), stato=stato)
    assert prepara_avvisi(adesso=alle(OGGI)) == 0


def test_long_expired_is_left_in_peace(cast: Cast) -> None:
    cv(cast, fra(-scadenze.DOPO - 1))
    ultimo = cv(cast, fra(-scadenze.DOPO))
    assert prepara_avvisi(adesso=alle(OGGI)) == 1
    assert [r["id"] for r in in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)] == [ultimo.pk]


def test_a_new_upload_starts_the_clock_again(pronto: Cast) -> None:
    """V4: the notices of the old one leave the list; editing something else does not touch the clock."""
    vecchio = cv(pronto, fra(3), pronto.utente)
    prepara_avvisi(adesso=alle(OGGI))
    assert AvvisoScadenza.objects.da_gestire().count() == 1

    pronto.utente.telefono = "0574 123456"
    pronto.utente.save()
    assert [r["id"] for r in in_scadenza(pronto.operatore, adesso=alle(OGGI), quanti=9)] == [vecchio.pk]

    nuovo = salva_curriculum(
        utente=pronto.utente,
        file=file_pdf(fabbrica.pdf(pagine=2)),
        origine="portato",
        attore=pronto.operatore,
        adesso=alle(OGGI),
    )
    assert in_scadenza(pronto.operatore, adesso=alle(OGGI), quanti=9) == []
    assert not AvvisoScadenza.objects.da_gestire().exists()
    assert prepara_avvisi(adesso=alle(OGGI)) == 0
    prepara_avvisi(adesso=alle(nuovo.valido_fino_al))
    assert soglie(nuovo) == [0]


def test_the_sweep_is_one_statement(cast: Cast) -> None:
    for giorni in (-3, 5, 20, 90):
        cv(cast, fra(giorni))
    with CaptureQueriesContext(connection) as domande:
        assert prepara_avvisi(adesso=alle(OGGI)) == 3
    assert len(domande) == 1


def test_the_sweep_reads_the_index_of_the_last_days(cast: Cast) -> None:
    """Among many CVs only those near their end are read."""
    with connection.cursor() as cursore:
        cursore.execute(
            """INSERT INTO curriculum_curriculum (utente_id, stato, origine, file, nome_originale, sha256, dimensione,
                   pagine, caricato_il, caricato_da_id, valido_fino_al, motivo)
               SELECT %s, 'sostituito', 'portato', '', 'cv.pdf', '', 1, 1, %s, %s, %s::date - n %% 3000, ''
               FROM generate_series(1, 20000) AS n""",
            [cast.utente.pk, alle(OGGI), cast.operatore.pk, OGGI],
        )
        cv(cast, fra(5))
        cursore.execute("ANALYZE curriculum_curriculum")
        cursore.execute(f"EXPLAIN {scadenze.PREPARA}", [alle(OGGI), OGGI, fra(7), fra(-scadenze.DOPO), fra(30)])
        piano = "\n".join(riga for (riga,) in cursore.fetchall())
    assert "curriculum_per_scadenza" in piano, piano


def test_the_command(cast: Cast, capsys: pytest.CaptureFixture[str], time_machine: Any) -> None:
    time_machine.move_to(alle(OGGI))
    cv(cast, fra(2))
    call_command("prepara_avvisi")
    call_command("prepara_avvisi")
    assert capsys.readouterr().out == "Avvisi preparati: 1.\nAvvisi preparati: 0.\n"
