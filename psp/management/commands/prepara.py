"""Bring a database to the point where the application can run on it: schema, starting tables, demo data if wanted."""

from __future__ import annotations

import json
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandParser

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.services.tabelle import carica_tabelle
from propensioni.services.glossario import carica_glossario
from psp.dimostrazione.accessi import ACCESSI, PASSWORD, crea_accessi
from psp.services.catalogo import carica_catalogo


def accessi_di_prova() -> list[list[str]]:
    """The demo logins that are in the database: name, and who that is."""
    presenti = set(Operatore.objects.values_list("username", flat=True))
    return [[accesso.username, accesso.spiegazione] for accesso in ACCESSI if accesso.username in presenti]


class Command(BaseCommand):
    help = "Prepara il database: schema, tabelle di partenza e, dove è ammessa, la dimostrazione."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vuoto", action="store_true", help="gli accessi di prova, ma nessuna persona inventata")
        parser.add_argument("--json", action="store_true", dest="in_json", help="scrive l'esito come una riga JSON")

    def handle(self, *args: Any, vuoto: bool, in_json: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        carica_tabelle()
        carica_glossario()
        carica_catalogo()
        if settings.DATI_DIMOSTRATIVI_AMMESSI:
            self._dimostrazione(vuoto=vuoto)
        self.stdout.write(self._esito(in_json=in_json))

    def _dimostrazione(self, *, vuoto: bool) -> None:
        """People only where there are none yet, logins only where there is nobody: never beside somebody's work."""
        if vuoto:
            if not Operatore.objects.exists():
                crea_accessi()
        elif not Utente.objects.exists():
            self.stderr.write("Carico i dati di dimostrazione …")
            # Its own words go to the error stream: the output is for the outcome alone.
            call_command("carica_dimostrazione", stdout=self.stderr, stderr=self.stderr)

    def _esito(self, *, in_json: bool) -> str:
        accessi = accessi_di_prova() if settings.DATI_DIMOSTRATIVI_AMMESSI else []
        if in_json:
            return json.dumps({"accessi": accessi, "password": PASSWORD if accessi else ""})
        return "\n".join(["Database pronto.", *(f"{nome}: {chi}" for nome, chi in accessi)])
