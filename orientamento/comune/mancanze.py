"""What is still missing before something may be done, said in words and linked to its cure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mancanza:
    """One missing thing: a stable key, the words for people, the address that puts the cursor in the field."""

    chiave: str
    testo: str
    url: str
