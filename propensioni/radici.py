"""The folding of professions' names by gender and number, on the database's side (P3).

`piega` (shared ground) ignores case, accents, hyphens and blanks; here words stay apart, small words go, and endings
fall: "Addetta alle pulizie", "addetti alle pulizie" and "addetto pulizia" all become " addett puliz ". Use it on both
sides of a comparison. It is made of immutable functions only, so that a generated column and its index may stand on it.
"""

from django.db.models import CharField, Func

ACCENTATE = "àáâãäåèéêëìíîïòóôõöùúûüçñ"
SEMPLICI = "aaaaaaeeeeiiiiooooouuuucn"
PAROLE_VUOTE = (
    "a|ad|ai|al|all|alla|alle|allo|agli|con|d|da|dal|dall|dalla|dalle|dei|del|degli|dell|della|delle|dello|di|e|ed|i|il"
    "|in|l|la|le|lo|gli|nei|nel|negli|nell|nella|nelle|nello|o|per|su|sul|sulla|un|una"
)


def _sostituisci(testo: str, modello: str, nuovo: str) -> str:
    return f"regexp_replace({testo}, '{modello}', '{nuovo}', 'g')"


def _espressione() -> str:
    parole = f"translate(lower(normalize(%(expressions)s, NFKC)), '{ACCENTATE}', '{SEMPLICI}')"
    parole = _sostituisci(f"' ' || {parole} || ' '", "[^a-z0-9]+", " ")
    parole = _sostituisci(parole, rf"\y({PAROLE_VUOTE})\y", " ")
    parole = _sostituisci(parole, r"([ts])(rice|rici|ore|ori|ora)\M", r"\1or")
    parole = _sostituisci(parole, r"oress[ae]\M", "or")
    parole = _sostituisci(parole, r"([a-z0-9]{3,}?)i?[aeio]\M", r"\1")
    parole = _sostituisci(parole, r"([cg])h\M", r"\1")
    return _sostituisci(parole, " +", " ")


class Radici(Func):
    """`Radici("voce")`: the stems of the words, each between blanks, in their order."""

    template = _espressione()
    output_field = CharField()
    arity = 1
