"""`manage.py riscontra_portale`: a look at what stood on the portal, for who runs it by a timer of their own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from curriculum.services.riscontro import riscontra


class Command(BaseCommand):
    help = "Chiede al portale, poche per volta, delle persone di cui non si sa nulla di nuovo da una settimana."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Posizioni chieste al portale: {riscontra()}.")
