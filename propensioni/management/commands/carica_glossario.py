"""`manage.py carica_glossario`: the 24 SEP and the everyday professions, in the database."""

from typing import Any

from django.core.management.base import BaseCommand

from propensioni.services.glossario import carica_glossario


class Command(BaseCommand):
    help = (
        "Carica i 24 settori economico-professionali e le professioni di uso quotidiano; si può ripetere senza danni."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Nuovi nel glossario: {carica_glossario()}.")
