"""`manage.py importa_professioni FILE`: the official professions of ISTAT into the glossary."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from propensioni.services.glossario import EDIZIONE
from propensioni.services.importazione import importa_professioni
from propensioni.services.tabella import TabellaNonLeggibile


class Command(BaseCommand):
    help = (
        "Importa la classificazione ufficiale delle professioni da una tabella CSV con le colonne del codice e del "
        "nome (e, se c'è, quella degli esempi separati da punto e virgola). Si può ripetere senza danni."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="la tabella in formato CSV")
        parser.add_argument("--edizione", default=EDIZIONE, help=f"edizione, di solito {EDIZIONE}")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            esito = importa_professioni(options["file"], edizione=options["edizione"])
        except TabellaNonLeggibile as errore:
            raise CommandError(f"Non è stato importato nulla.\n{errore}") from errore
        self.stdout.write(str(esito))
