"""Load the demonstration on an empty database: two offices, invented people, cases in every state."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import adesso
from psp.dimostrazione.agenda import carica_agenda
from psp.dimostrazione.casi import carica_casi
from psp.dimostrazione.misure import tieni_misure


class Command(BaseCommand):
    help = "Carica le persone inventate della dimostrazione; se ci sono già persone non fa nulla."

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATI_DIMOSTRATIVI_AMMESSI:
            raise CommandError("La dimostrazione non si carica con le impostazioni di produzione.")
        if Utente.objects.exists():
            self.stdout.write("Nel database ci sono già delle persone: la dimostrazione non è stata caricata.")
            return
        ora = adesso()
        self.stdout.write(f"Caricate {carica_casi(ora)} persone inventate e {carica_agenda(ora)} appuntamenti.")
        tieni_misure(ora)
