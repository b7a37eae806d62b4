"""P2: the note is structured, prints as one text in a fixed order and reads back without loss."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from propensioni.nota import ETICHETTE, GIUNTO, Nota, componi, durata_in_parole, leggi, pulisci

INSIDIE = st.sampled_from(
    [
        ". Competenze: ",
        "SEP:",
        "Altro: x",
        f"SEP{GIUNTO}:",
        GIUNTO,
        GIUNTO * 2,
        ".",
        "..",
        "…",
        "!",
        "?",
        " ",
        "\n",
        "\r\n",
        "\t",
        "\x00",
        "e\u0301",
        "\u0301",
        "👩🏽‍🔧",
        "Durata dell'esperienza: 10 anni.",
        "Ultimo anno: 2023. ",
        "\\",
        ":",
        "«»",
    ]
)
TESTI = st.lists(INSIDIE | st.text(max_size=12), max_size=8).map("".join)


@st.composite
def note(draw: st.DrawFn) -> Nota:
    testi = {
        nome: draw(TESTI) for nome in ETICHETTE if nome not in ("durata_mesi", "ultimo_anno") and draw(st.booleans())
    }
    return Nota(
        durata_mesi=draw(st.none() | st.integers(0, 840)),
        ultimo_anno=draw(st.none() | st.integers(1930, 2026)),
        **testi,
    )


def test_reads_naturally_in_the_fixed_order() -> None:
    nota = Nota(
        altro="Disponibile da gennaio",
        sep="Trasporti e logistica",
        competenze="Uso del palmare e dei gestionali di magazzino.",
        durata_mesi=126,
        ultimo_anno=2023,
        orari="Turni, anche di notte!",
        patentini="Carrelli elevatori",
    )
    assert componi(nota) == (
        "SEP: Trasporti e logistica. Competenze: Uso del palmare e dei gestionali di magazzino. "
        "Durata dell'esperienza: 10 anni e 6 mesi. Ultimo anno: 2023. Orari: Turni, anche di notte! "
        "Patentini e abilitazioni: Carrelli elevatori. Altro: Disponibile da gennaio."
    )


def test_every_content_of_the_rule_has_its_place() -> None:
    """P2 lists: SEP, skills, length, remoteness, hours, movement, patentini, tools, other, formal learning."""
    assert list(ETICHETTE) == [
        "sep", "competenze", "durata_mesi", "ultimo_anno", "orari",
        "spostamenti", "patentini", "strumenti", "apprese", "altro",
    ]  # fmt: skip


@given(note())
@example(Nota(competenze="a. Ultimo anno: 2020", ultimo_anno=1999))
@example(Nota(competenze="SEP", orari=": SEP: "))
@example(Nota(altro="...", apprese="x..", strumenti=". ."))
def test_reads_back_without_loss_whatever_was_typed(nota: Nota) -> None:
    """The loss is only that of `pulisci`: NFC, line ends, control characters, blanks around, one final full stop."""
    assert leggi(componi(nota)) == nota.pulita()


@given(note())
def test_stored_data_reads_back_too(nota: Nota) -> None:
    assert Nota.da_dati(nota.come_dati()) == nota.pulita()


@given(TESTI)
def test_cleaning_is_done_once_for_all(testo: str) -> None:
    pulito = pulisci(testo)
    assert pulisci(pulito) == pulito
    assert unicodedata.is_normalized("NFC", pulito)


@given(
    st.lists(st.sampled_from([*(f"{e}: " for e in ETICHETTE.values()), "boh ", "12. ", "."]), max_size=6).map("".join)
)
def test_reading_any_text_never_fails(testo: str) -> None:
    leggi(testo)


def test_a_text_without_labels_is_kept_as_other_information() -> None:
    assert leggi("Cerca lavoro vicino a casa") == Nota(altro="Cerca lavoro vicino a casa")


def test_a_length_that_is_no_length_is_not_lost() -> None:
    assert "circa dieci anni" in leggi("Durata dell'esperienza: circa dieci anni. Ultimo anno: 2020.").altro
    assert leggi("Durata dell'esperienza: circa dieci anni. Ultimo anno: 2020.").ultimo_anno == 2020


@pytest.mark.parametrize(
    ("mesi", "parole"),
    [(0, "nessuna"), (1, "1 mese"), (6, "6 mesi"), (12, "1 anno"), (13, "1 anno e 1 mese"), (126, "10 anni e 6 mesi")],
)
def test_length_in_words(mesi: int, parole: str) -> None:
    assert durata_in_parole(mesi) == parole
    assert Nota.da_dati({"durata": parole}).durata_mesi == mesi


def test_bare_number_of_years_is_understood() -> None:
    assert Nota.da_dati({"durata": "10", "ultimo_anno": "2023"}) == Nota(durata_mesi=120, ultimo_anno=2023)


def test_ten_thousand_characters_with_emoji_and_accents_come_back() -> None:
    testo = ("Però così 👩🏽‍🔧 " * 1000)[:10_000].strip()
    assert leggi(componi(Nota(competenze=testo))).competenze == pulisci(testo)


def test_combining_accents_are_composed() -> None:
    assert componi(Nota(orari="Perche\u0301 no?")) == "Orari: Perché no?"
