"""The errors that services raise and views turn into messages for people."""

from __future__ import annotations


class RegolaViolata(Exception):
    """A rule of the domain refuses the operation. Nothing has been written.

    `messaggio` is plain Italian that says what is wrong and what to do. `campo` names the form field it belongs to,
    where there is one. `regola` is the rule's number in the domain (P1, V1, T2 ...).
    """

    def __init__(self, messaggio: str, *, campo: str | None = None, regola: str = "") -> None:
        super().__init__(messaggio)
        self.messaggio = messaggio
        self.campo = campo
        self.regola = regola


class VersioneSuperata(RegolaViolata):
    """Somebody else saved the same thing meanwhile (C8). The page shows both texts and lets the person choose."""

    def __init__(self, messaggio: str = "Qualcun altro ha salvato questa pagina mentre lei scriveva.") -> None:
        super().__init__(messaggio, regola="C8")
