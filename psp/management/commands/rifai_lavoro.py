"""`manage.py rifai_lavoro`: the worklist held against its rule (decision 018), for who runs it by a timer."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from psp.services.lavoro.elenco import rifai_lavoro


class Command(BaseCommand):
    help = "Rifà la lista di lavoro di tutte le persone. Se nulla è guasto non cambia niente."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Voci che non erano come dice la regola, rifatte: {rifai_lavoro()}.")
