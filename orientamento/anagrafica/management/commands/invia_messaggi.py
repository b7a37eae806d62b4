"""`manage.py invia_messaggi`: the sweep of the messages, for an installation that runs it by a timer of its own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from orientamento.anagrafica.services.messaggi import invia_messaggi, posta_configurata
from orientamento.comune.calendario import adesso


class Command(BaseCommand):
    help = "Invia i messaggi di posta in attesa. Ripeterlo, o eseguirlo due volte insieme, non ne manda di doppi."

    def handle(self, *args: Any, **options: Any) -> None:
        if not posta_configurata():
            raise CommandError("La posta non è configurata: manca EMAIL_URL, vedere docs/produzione.md.")
        self.stdout.write(f"Messaggi inviati: {invia_messaggi(adesso=adesso())}.")
