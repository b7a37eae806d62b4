"""`manage.py importa_competenze FILE`: which centre is competent for which town."""

import datetime as dt
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from orientamento.anagrafica.services.competenze import importa_competenze
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata


def _giorno(testo: str) -> dt.date:
    return dt.datetime.strptime(testo, "%d/%m/%Y").date()


class Command(BaseCommand):
    help = "Importa un CSV con le colonne comune (codice catastale), cpi (codice del centro) e, se serve, nome."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--dal", type=_giorno, help="giorno da cui vale, gg/mm/aaaa; se manca, oggi")

    def handle(self, *_args: Any, **options: Any) -> None:
        file: Path = options["file"]
        try:
            testo = file.read_text(encoding="utf-8-sig")
        except OSError as errore:
            raise CommandError(f"Non si può leggere {file}: {errore.strerror}.") from errore
        except UnicodeDecodeError as errore:
            raise CommandError(f"{file} non è scritto in UTF-8: salvarlo come «CSV UTF-8» e riprovare.") from errore
        try:
            esito = importa_competenze(testo, dal=options["dal"] or oggi())
        except RegolaViolata as errore:
            raise CommandError(errore.messaggio) from errore
        self.stdout.write(f"{esito.nuove} nuove, {esito.cambiate} cambiate, {esito.invariate} invariate")
