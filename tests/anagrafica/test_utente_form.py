"""The fields of identity and contacts, one by one (U1): put in order, or refused in words."""

from __future__ import annotations

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orientamento.anagrafica.forms.utente import UtenteForm, nome_leggibile, telefono_leggibile
from orientamento.anagrafica.services import cittadinanze
from tests.anagrafica.test_utente import ROSSI_MARIA


@pytest.mark.parametrize(
    ("scritto", "letto"),
    [
        ("3331234567", "333 123 4567"),
        ("+39 055 123456", "055 123456"),
        ("0039 3331234567", "333 123 4567"),
        ("+33 1 42 68 53 00", "+33 1 42 68 53 00"),
    ],
)
def test_phones_are_written_as_they_are_read(scritto: str, letto: str) -> None:
    assert telefono_leggibile(scritto) == letto


@pytest.mark.parametrize("scritto", ["333", "chiamare la sera", "33312345678901", "🙂"])
def test_what_is_no_phone_is_refused_in_words(scritto: str) -> None:
    with pytest.raises(ValidationError):
        telefono_leggibile(scritto)


@pytest.mark.parametrize(
    ("scritto", "letto"),
    [
        ("ROSSI", "Rossi"),
        ("de luca", "De Luca"),
        ("D'ANGELO", "D'Angelo"),
        ("McDonald", "McDonald"),
        ("  a   b ", "A B"),
    ],
)
def test_names_are_put_in_order(scritto: str, letto: str) -> None:
    assert nome_leggibile(scritto) == letto


def test_combining_accents_are_composed_and_emoji_refused() -> None:
    assert nome_leggibile("Nicolo\u0300") == "Nicolò"
    form = UtenteForm({**ROSSI_MARIA, "nome": "Maria 🙂"})
    assert form.errors["nome"] == ["Solo lettere, spazi, apostrofi e trattini."]


def test_birth_dates_that_cannot_be() -> None:
    for scritta in ("31/02/1990", "01/01/1899", "24/11/2126", "boh"):
        assert "data_nascita" in UtenteForm({**ROSSI_MARIA, "data_nascita": scritta}).errors


def test_a_residence_abroad_needs_no_italian_cap() -> None:
    residenza = {"residenza_indirizzo": "Rue X 1", "residenza_comune": "Paris", "residenza_provincia": "ee"}
    assert UtenteForm({**ROSSI_MARIA, **residenza}).is_valid()


@pytest.mark.parametrize(
    ("scritta", "nome", "chiede"),
    [
        ("italiano", "Italiana", False),
        ("rumena", "Romena", False),
        ("MAROCCHINO", "Marocchina", True),
        ("svizzera", "Svizzera", False),
        ("Inglese", "Britannica", True),
        ("di Atlantide", "di Atlantide", None),
    ],
)
def test_citizenships(scritta: str, nome: str, chiede: bool | None) -> None:
    assert cittadinanze.riconosci(scritta) == nome
    assert cittadinanze.chiede_documento(scritta) is chiede


@given(st.dictionaries(st.sampled_from(UtenteForm.Meta.fields), st.text(max_size=60)))
def test_no_input_breaks_the_form(dati: dict[str, str]) -> None:
    UtenteForm(dati).is_valid()
