"""`manage.py togli_file_orfani`: the nightly sweep of the archive, for an installation with timers of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orientamento.comune.archivio import ArchivioInatteso, togli_file_orfani
from orientamento.comune.calendario import adesso


class Command(BaseCommand):
    help = "Toglie dall'archivio i file più vecchi di un giorno che nessuna riga del database nomina."

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            tolti = togli_file_orfani(adesso=adesso())
        except ArchivioInatteso as errore:
            raise CommandError(str(errore)) from errore
        self.stdout.write(f"File tolti: {tolti}.")
