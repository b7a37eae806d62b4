"""Which of the national study levels (0-12, U4) a title is, where it is sure. Where it is not, a person is asked.

The words of an Italian title say more than the European level (EQF): at level 4 stand diplomas that give access to the
university and diplomas that do not, at 6, 7 and 8 degrees of different kinds.
"""

from __future__ import annotations

import re

_PAROLE: tuple[tuple[int, re.Pattern[str]], ...] = tuple(
    (livello, re.compile(espressione, re.IGNORECASE))
    for livello, espressione in (
        (12, r"\bdottorato\b|\bdottore di ricerca\b"),
        (11, r"\b(?:diploma|scuola) di specializzazione\b"),
        (10, r"\bmaster\b.*\b(?:ii|secondo|2[°º]?) livello\b"),
        (9, r"\bmaster\b.*\b(?:i|primo|1[°º]?) livello\b"),
        (7, r"\blaurea\b"),
        (6, r"\bdiploma universitario\b"),
        (5, r"\bits\b|\bdiploma di tecnico superiore\b|\bistituto tecnico superiore\b"),
        (
            4,
            r"\bmaturit[aà]\b|\bdiploma di (?:liceo|perito|ragion|geometra|istituto (?:tecnico|magistrale))"
            r"|\bdiploma (?:di scuola secondaria|di istruzione secondaria|superiore)\b|\bperito\b|\bragioniere\b"
            r"|\bscuola secondaria (?:di (?:secondo|ii) grado|superiore)\b",
        ),
        (3, r"\b(?:attestato|diploma) di qualifica\b|\bqualifica (?:professionale|triennale|iefp)\b"),
        (2, r"\blicenza media\b|\b(?:diploma|licenza) di scuola (?:secondaria di primo grado|media)\b|\bterza media\b"),
        (1, r"\blicenza elementare\b"),
    )
)
# Only the levels at which there is one answer.
_DA_EQF = {"1": 2, "3": 3, "5": 5}


def livello_proposto(titolo: str, eqf: str) -> int | None:
    """The level that the words of `titolo` say, else the one that its EQF level (1-8) leaves no doubt about."""
    trovati = {livello for livello, parole in _PAROLE if parole.search(titolo)}
    if len(trovati) == 1:
        return trovati.pop()
    return None if trovati else _DA_EQF.get(eqf.strip())
