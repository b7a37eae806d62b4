"""`manage.py carica_tabelle`: the starting tables; what is there already stays as it is."""

from typing import Any

from django.core.management.base import BaseCommand

from orientamento.anagrafica.services.tabelle import carica_tabelle


class Command(BaseCommand):
    help = "Carica centri per l'impiego, comuni, programmi e testi informativi; ripeterlo non cambia nulla."

    def handle(self, *_args: Any, **_options: Any) -> None:
        aggiunte = carica_tabelle()
        self.stdout.write(", ".join(f"{nome}: {quanti} aggiunti" for nome, quanti in aggiunte.items()))
