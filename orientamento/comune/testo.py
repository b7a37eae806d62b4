"""People's text put in order: what may be printed, shown again, compared."""

from __future__ import annotations

import re
import unicodedata

# Control characters print nothing; the direction overrides can make a signed text read differently from what it says.
_INDESIDERATI = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufff9-\uffff]")
_RIGHE_VUOTE = re.compile(r"\n{3,}")


def pulito(testo: str | None) -> str:
    """People's text as it is printed: composed accents, `\\n` line ends, no control characters."""
    righe = (testo or "").replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    composto = unicodedata.normalize("NFC", _INDESIDERATI.sub("", righe))
    return _RIGHE_VUOTE.sub("\n\n", "\n".join(riga.rstrip() for riga in composto.split("\n"))).strip()


def riga(testo: str | None) -> str:
    """The same on one line."""
    return " ".join(pulito(testo).split())
