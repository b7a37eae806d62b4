"""manage.py prova_guasti: many transfers while the portal fails and processes are killed; none may be lost or doubled.

It starts database, broker, portal, workers and schedulers of its own and touches nothing else. The last line is
`persi 0, doppi 0, bloccati 0`; the exit code is 1 when it is another one.
"""

from __future__ import annotations

import signal
import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser


class Command(BaseCommand):
    help = "Mette alla prova la coda verso il portale con guasti di ogni genere (V6), con servizi tutti propri."
    # The database of the settings is not the one of the run, and may not be there.
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--trasferimenti", type=int, default=1000, metavar="N", help="quanti (di solito 1000)")
        parser.add_argument("--seme", type=int, default=1, metavar="N", help="lo stesso seme, gli stessi guasti")
        parser.add_argument(
            "--ignora-chiave",
            action="store_true",
            help="il portale ignora la chiave di idempotenza",
        )

    def handle(self, *args: Any, trasferimenti: int, seme: int, ignora_chiave: bool, **altro: Any) -> None:
        if not 1 <= trasferimenti <= 20_000:
            raise CommandError("I trasferimenti vanno da 1 a 20000.")
        try:
            from curriculum.portale.prova.guasti.prova import Fermo, Prova
        except ModuleNotFoundError as errore:
            raise CommandError(
                f"Qui manca «{errore.name}»: la prova dei guasti ha bisogno dei sorgenti interi, "
                "con il portale di prova, e dei pacchetti di requirements-dev.txt."
            ) from None
        # A TERM ends the run as Ctrl-C does: with everything it had started.
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        prova = Prova(quanti=trasferimenti, seme=seme, ignora_chiave=ignora_chiave, scrivi=self.stdout.write)
        try:
            conto = prova.esegui()
        except Fermo as errore:
            raise CommandError(str(errore)) from None
        except KeyboardInterrupt:
            raise CommandError("Interrotta: tutto ciò che aveva avviato è chiuso.", returncode=130) from None
        for riga in conto.racconto():
            self.stdout.write(riga)
        if not conto.in_ordine:
            sys.exit(1)
