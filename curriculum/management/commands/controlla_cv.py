"""`manage.py controlla_cv FILE...`: the verdict that the operators get, for support staff."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from curriculum.services.controllo import controlla_pdf


class Command(BaseCommand):
    help = "Dice per ogni FILE se sarebbe accettato come curriculum: nome, esito e motivo, separati da tabulazioni."
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", nargs="+", metavar="FILE")

    def handle(self, *_args: Any, **opzioni: Any) -> None:
        """One line a file; exit code 1 when at least one is refused."""
        rifiutati = 0
        for nome in opzioni["file"]:
            verdetto = controlla_pdf(Path(nome))
            rifiutati += not verdetto.accettato
            esito = "accettato" if verdetto.accettato else "rifiutato"
            self.stdout.write(f"{_su_una_riga(nome)}\t{esito}\t{verdetto.motivo}")
        if rifiutati:
            sys.exit(1)


def _su_una_riga(nome: str) -> str:
    """A name that cannot break the columns: tabs, ends of line and undecodable bytes are shown escaped."""
    nome = nome.encode("utf-8", "backslashreplace").decode()
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in nome)
