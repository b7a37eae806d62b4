"""`manage.py invia_trasferimenti [--continua]`: the sweep of the queue to the portal, also without Celery (V6)."""

from __future__ import annotations

import signal
import threading
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import InterfaceError, OperationalError, close_old_connections

from curriculum.services.coda import giro

PAUSA = 10.0
SENZA_FINE = float("inf")


class Command(BaseCommand):
    help = "Manda al portale ciò che è in coda. Si può avviare da un timer, anche mentre girano i worker."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--continua", action="store_true", help="non finisce: riguarda la coda finché la si ferma")
        parser.add_argument("--ogni", type=float, default=PAUSA, help="con --continua, secondi fra un giro e l'altro")

    def handle(self, *args: Any, **opzioni: Any) -> None:
        if not opzioni["continua"]:
            self.stdout.write(f"Richieste lavorate: {giro(secondi=SENZA_FINE, mani=settings.PORTALE_MANI)}")
            return
        basta = threading.Event()
        for segnale in (signal.SIGTERM, signal.SIGINT):
            signal.signal(segnale, lambda *_: basta.set())
        while not basta.is_set():
            close_old_connections()
            try:
                giro(mani=settings.PORTALE_MANI)
            except (OperationalError, InterfaceError) as errore:
                self.stderr.write(f"Il database non risponde, si riprova: {errore.__class__.__name__}")
            basta.wait(opzioni["ogni"])
