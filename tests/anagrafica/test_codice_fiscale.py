"""The codice fiscale (U1): what is refused, what is read, what is a warning."""

from __future__ import annotations

import datetime as dt

import pytest
from codicefiscale.codicefiscale import encode_cin, encode_firstname, encode_lastname
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from orientamento.anagrafica.services import codice_fiscale as cf

OGGI = dt.date(2026, 11, 23)
OMOCODIA = str.maketrans("0123456789", "LMNPQRSTUV")


def componi(cognome: str, nome: str, sesso: str, nascita: dt.date, luogo: str) -> str:
    giorno = nascita.day + (40 if sesso == "F" else 0)
    senza = (
        encode_lastname(cognome)
        + encode_firstname(nome)
        + f"{nascita:%y}{cf.MESI[nascita.month - 1]}{giorno:02d}{luogo}"
    )
    return senza + encode_cin(senza)


ROSSI = componi("Rossi", "Maria", "F", dt.date(1985, 12, 10), "D612")
PERSONA = {
    "codice_fiscale": ROSSI,
    "cognome": "Rossi",
    "nome": "Maria",
    "sesso": "F",
    "data_nascita": dt.date(1985, 12, 10),
    "luogo_nascita": "Firenze",
}


def messaggio(codice: str) -> str:
    with pytest.raises(ValidationError) as errore:
        cf.valida(codice)
    return errore.value.messages[0]


def test_it_reads_sex_birth_and_place() -> None:
    letto = cf.leggi(ROSSI, OGGI)
    assert letto is not None
    assert (letto.sesso, letto.data_nascita, letto.codice_luogo) == ("F", dt.date(1985, 12, 10), "D612")
    assert (letto.luogo, letto.provincia) == ("Firenze", "FI")


def test_blanks_hyphens_and_small_letters_are_taken_away() -> None:
    assert cf.normalizza(" rss-mra 85t50.d612w ") == "RSSMRA85T50D612W"


def test_a_foreign_state_is_a_place_too() -> None:
    letto = cf.leggi(componi("Diop", "Awa", "F", dt.date(1990, 1, 2), "Z343"), OGGI)
    assert letto is not None
    assert (letto.luogo, letto.provincia) == ("Senegal", "EE")


@pytest.mark.parametrize(
    ("nascita", "letta"),
    [
        (dt.date(2008, 5, 1), dt.date(2008, 5, 1)),  # eighteen years old, not a hundred and eighteen
        (dt.date(1930, 5, 1), dt.date(1930, 5, 1)),  # 2030 is still to come
        (dt.date(1926, 12, 31), dt.date(1926, 12, 31)),  # 31/12/2026 is still to come
        (dt.date(1927, 5, 1), dt.date(1927, 5, 1)),
    ],
)
def test_the_century_is_the_one_of_working_age(nascita: dt.date, letta: dt.date) -> None:
    letto = cf.leggi(componi("Rossi", "Mario", "M", nascita, "D612"), OGGI)
    assert letto is not None
    assert letto.data_nascita == letta


def test_the_other_century_is_no_disagreement() -> None:
    """A person born in 1920 has the code of one born in 2020: neither date disagrees."""
    codice = componi("Rossi", "Mario", "M", dt.date(1920, 5, 1), "D612")
    for anno in (1920, 2020):
        dati = {"codice_fiscale": codice, "data_nascita": dt.date(anno, 5, 1)}
        assert cf.divergenze(dati) == []


def test_29_february_exists_in_one_century_only() -> None:
    letto = cf.leggi(componi("Rossi", "Mario", "M", dt.date(2000, 2, 29), "D612"), OGGI)
    assert letto is not None
    assert letto.data_nascita == dt.date(2000, 2, 29)
    assert letto.altre_date == ()


def test_wrong_codes_say_what_to_look_at() -> None:
    assert "16 caratteri" in messaggio(ROSSI[:15])
    assert "controllo non torna" in messaggio(ROSSI[:15] + ("A" if ROSSI[15] != "A" else "B"))
    assert messaggio(ROSSI.replace("85", "8O")) == "Al posto 8 c'è «O»: lì va una cifra, forse «0»."
    assert messaggio("R5SMRA85T50D612W") == "Al posto 2 c'è «5»: lì va una lettera, forse «S»."
    assert "mese" in messaggio(ROSSI[:8] + "F" + ROSSI[9:])
    assert "non esiste" in messaggio(_con_controllo("RSSMRA85T39D612"))
    assert "solo lettere e cifre" in messaggio("RSSMRÀ85T50D612W")


def test_swapped_characters_are_caught() -> None:
    assert "scambiati" in messaggio(ROSSI[:6] + "58" + ROSSI[8:])


def test_the_provisional_code() -> None:
    cf.valida("12345678903")
    assert cf.leggi("12345678903") is None
    assert cf.divergenze({**PERSONA, "codice_fiscale": "12345678903"}) == []
    assert "controllo non torna" in messaggio("12345678904")
    assert "11 cifre" in messaggio("123456789")


def test_what_agrees_gives_no_warning() -> None:
    assert cf.divergenze(PERSONA) == []
    assert cf.divergenze({**PERSONA, "luogo_nascita": "Firenze (FI)"}) == []


@pytest.mark.parametrize(
    ("campo", "valore", "parola"),
    [
        ("cognome", "Bianchi", "cognome"),
        ("nome", "Lucia", "nome"),
        ("sesso", "M", "sesso"),
        ("data_nascita", dt.date(1985, 12, 11), "data di nascita"),
        ("luogo_nascita", "Prato", "luogo di nascita"),
    ],
)
def test_each_disagreement_is_one_warning(campo: str, valore: object, parola: str) -> None:
    righe = cf.divergenze({**PERSONA, campo: valore})
    assert len(righe) == 1
    assert parola in righe[0]


def test_an_old_name_of_the_town_agrees() -> None:
    codice = componi("Rossi", "Mario", "M", dt.date(1950, 1, 1), "B637")
    assert cf.divergenze({"codice_fiscale": codice, "luogo_nascita": cf.leggi(codice, OGGI).luogo}) == []


def test_an_unknown_place_is_a_warning_and_no_refusal() -> None:
    codice = _con_controllo("RSSMRA85T50Z999")
    assert cf.leggi(codice, OGGI).luogo == ""
    assert "Z999" in cf.divergenze({"codice_fiscale": codice, "luogo_nascita": "Atlantide"})[0]


def _con_controllo(quindici: str) -> str:
    return quindici + encode_cin(quindici)


NOMI = st.text("abcdefghijklmnopqrstuvwxyzàèìòù' ", min_size=1, max_size=20).filter(lambda t: t.strip(" '"))
POSTI = list(cf.POSTI_NUMERICI)


@given(
    NOMI,
    NOMI,
    st.sampled_from("FM"),
    st.dates(dt.date(1940, 1, 1), dt.date(2012, 12, 31)),
    st.sampled_from(["D612", "G999", "H501", "Z330", "D403"]),
    st.sets(st.sampled_from(POSTI)),
)
def test_omocodia_reads_the_same(
    cognome: str, nome: str, sesso: str, nascita: dt.date, luogo: str, posti: set[int]
) -> None:
    """U1: whatever digits were changed into letters, the code says the same person and agrees with them."""
    codice = componi(cognome, nome, sesso, nascita, luogo)
    mutato = "".join(c.translate(OMOCODIA) if i in posti else c for i, c in enumerate(codice[:15]))
    mutato = _con_controllo(mutato)
    letto = cf.leggi(mutato, OGGI)
    assert letto is not None
    assert (letto.sesso, letto.data_nascita, letto.codice_luogo) == (sesso, nascita, luogo)
    dati = {"cognome": cognome, "nome": nome, "sesso": sesso, "data_nascita": nascita, "luogo_nascita": letto.luogo}
    assert cf.divergenze({**dati, "codice_fiscale": mutato}) == []


@given(st.integers(0, 15), st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
def test_one_wrong_character_never_passes(posto: int, carattere: str) -> None:
    sbagliato = ROSSI[:posto] + carattere + ROSSI[posto + 1 :]
    if sbagliato != ROSSI:
        assert messaggio(sbagliato)


@given(st.text(max_size=40))
def test_any_text_is_read_or_refused_in_words(testo: str) -> None:
    try:
        cf.leggi(testo, OGGI)
    except ValidationError as errore:
        assert errore.messages[0].endswith(".")  # noqa: PT017
