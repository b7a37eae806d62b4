"""Towns, offices competent for them, and the folding of names on both sides."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from orientamento.anagrafica.services import comuni
from orientamento.comune.piega import piega_testo
from tests.cast import Cast


def test_towns_are_found_by_their_beginning_the_exact_one_first() -> None:
    assert next(luogo.nome for luogo in comuni.cerca_comuni("emp")) == "Empoli"
    assert str(comuni.cerca_comuni("prato")[0]) == "Prato (PO)"
    assert "Bagno a Ripoli" in [luogo.nome for luogo in comuni.cerca_comuni("ripoli")]
    assert comuni.cerca_comuni("e") == []


def test_only_living_towns_but_for_the_birth_place() -> None:
    assert not any(luogo.estero for luogo in comuni.cerca_comuni("maroc"))
    assert next(luogo.nome for luogo in comuni.cerca_comuni("maroc", nascita=True)) == "Marocco"


@pytest.mark.parametrize(
    ("scritto", "nome"),
    [("reggio nell emilia", "Reggio nell'Emilia"), ("FORLI'", "Forlì"), ("l’aquila", "L'Aquila")],
)
def test_towns_are_written_as_people_write_them(scritto: str, nome: str) -> None:
    luogo = comuni.comune_attivo(scritto)
    assert luogo is not None
    assert luogo.nome == nome


def test_the_province_tells_towns_of_the_same_name_apart() -> None:
    assert comuni.comune_attivo("Castro") is None
    castro = comuni.comune_attivo("Castro", "LE")
    assert castro is not None
    assert castro.provincia == "LE"


@pytest.mark.django_db
def test_the_competent_office_is_that_of_the_day(cast: Cast) -> None:
    prato = comuni.comune_attivo("Prato")
    assert prato is not None
    assert comuni.cpi_competente(prato.codice, dt.date(2026, 11, 23)) == cast.cpi
    assert comuni.cpi_competente(prato.codice, dt.date(1990, 1, 1)) is None
    assert comuni.cpi_competente("", dt.date(2026, 11, 23)) is None


@pytest.mark.django_db
def test_suggestions_are_options_with_their_office(cast: Cast) -> None:
    html = cast.client("operatore").get("/comuni/cerca", {"q": "empol"}).content.decode()
    assert 'role="option"' in html
    assert 'data-altrove="si"' in html
    assert cast.client("incrocio").get("/comuni/cerca", {"q": "empol"}).status_code == 403


# The letters that names of persons are written with in Europe and beyond, accents composed and not.
LETTERE = st.characters(max_codepoint=0x17F, exclude_categories=["Cs", "Cc"], exclude_characters="©®")
ACCENTI = st.sampled_from(["\u0300", "\u0301", "\u0308", "’", "'", " ", "-", "ș", "ț", "ế", "ạ", "ơ", "ư"])


class FoldingTest(TestCase):
    @given(st.text(st.one_of(LETTERE, ACCENTI), max_size=30))
    def test_python_folds_as_the_database_does(self, testo: str) -> None:
        with connection.cursor() as cursore:
            cursore.execute("SELECT piega(%s)", [testo])
            assert cursore.fetchone()[0] == piega_testo(testo)
