"""`manage.py prepara_avvisi`: the nightly sweep of the six months (V4), for who runs it by a timer of their own."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from curriculum.services.scadenze import prepara_avvisi
from orientamento.comune.calendario import adesso


class Command(BaseCommand):
    help = "Prepara gli avvisi dei curriculum che scadono. Ripeterlo non ne prepara di doppi."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"Avvisi preparati: {prepara_avvisi(adesso=adesso())}.")
