"""The folding of names for searches: `Piega` in the database (defined in migration 0001) and its twin in Python."""

import re
import unicodedata

from django.db.models import CharField, Func

# What the decomposition of Unicode leaves whole and the database's dictionary takes apart.
_A_MANO = str.maketrans(
    {
        "ß": "ss", "ẞ": "SS", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE", "ø": "o", "Ø": "O", "đ": "d", "Đ": "D",
        "ð": "d", "Ð": "D", "þ": "th", "Þ": "TH", "ł": "l", "Ł": "L", "ı": "i", "ħ": "h", "Ħ": "H", "ŋ": "n", "Ŋ": "N",
        "ĸ": "q", "ŧ": "t", "Ŧ": "T",
    }
)  # fmt: skip
_SCARTO = re.compile(r"[^a-z0-9]")


class Piega(Func):
    """`piega(text)`: lower case, without accents, blanks and punctuation. Use it on both sides of a comparison."""

    function = "piega"
    output_field = CharField()
    arity = 1


def piega_testo(testo: str) -> str:
    """The same folding for a text in hand: `piega_testo("D’Àngelo  Maria")` is `dangelomaria`."""
    if testo.isascii():
        return _SCARTO.sub("", testo.lower())
    scomposto = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", testo).translate(_A_MANO))
    return _SCARTO.sub("", scomposto.lower())
