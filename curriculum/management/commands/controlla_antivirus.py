"""`manage.py controlla_antivirus`: scan the CVs that wait, for an installation that runs it by a timer of its own."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from curriculum.services.antivirus import controlla_in_attesa
from orientamento.comune.calendario import adesso


class Command(BaseCommand):
    help = "Passa all'antivirus i curriculum che aspettano."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.CLAMAV_SOCKET:
            raise CommandError("L'antivirus non è configurato: manca CLAMAV_SOCKET, vedere docs/produzione.md.")
        self.stdout.write(f"Curriculum controllati: {controlla_in_attesa(adesso=adesso())}.")
