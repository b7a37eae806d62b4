"""Bring a database to the point where the application can run on it: schema, starting tables, demo data if wanted."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand, CommandParser
from django.utils.module_loading import import_string

from orientamento.anagrafica.models import Operatore, Utente
from psp import dimostrazione

# In this order: the later tables may point to the earlier ones. Each adds what is missing and changes nothing else.
TABELLE = (
    "orientamento.anagrafica.services.tabelle.carica_tabelle",
    "propensioni.services.glossario.carica_glossario",
    "psp.services.catalogo.carica_catalogo",
)
ACCESSI = ("operatore", "collega", "estraneo", "responsabile", "incrocio", "amministratore")
DIMOSTRAZIONE = "carica_dimostrazione"


def accessi_di_prova() -> list[list[str]]:
    """The demo logins that are in the database: name, and who that is."""
    presenti = {voce.username: voce for voce in Operatore.objects.filter(username__in=ACCESSI).select_related("cpi")}
    return [
        [nome, f"{voce}, {voce.get_ruolo_display().lower()}" + (f", CPI di {voce.cpi.nome}" if voce.cpi else "")]
        for nome in ACCESSI
        if (voce := presenti.get(nome))
    ]


class Command(BaseCommand):
    help = "Prepara il database: schema, tabelle di partenza e, dove è ammessa, la dimostrazione."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--vuoto", action="store_true", help="senza le persone inventate della dimostrazione")
        parser.add_argument("--json", action="store_true", help="alla fine scrive l'esito come una riga JSON")

    def handle(self, *args: Any, vuoto: bool, json: bool, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=0)
        for percorso in TABELLE:
            carica: Callable[[], object] = import_string(percorso)
            carica()
        if settings.DATI_DIMOSTRATIVI_AMMESSI:
            self._dimostrazione(vuoto=vuoto)
        self.stdout.write(self._esito(in_json=json))

    def _dimostrazione(self, *, vuoto: bool) -> None:
        """Only into a database without people: never beside somebody's work."""
        if Utente.objects.exists() or DIMOSTRAZIONE not in get_commands():
            return
        if vuoto and Operatore.objects.exists():
            return
        if not vuoto:
            self.stderr.write("Carico i dati di dimostrazione …")
        # Its own words go to the error stream: the output is for the outcome alone.
        call_command(DIMOSTRAZIONE, solo_accessi=vuoto, stdout=self.stderr, stderr=self.stderr)

    def _esito(self, *, in_json: bool) -> str:
        accessi = accessi_di_prova() if settings.DATI_DIMOSTRATIVI_AMMESSI else []
        password = getattr(dimostrazione, "PASSWORD", "")
        if in_json:
            return json.dumps({"accessi": accessi, "password": password})
        return "\n".join(["Database pronto.", *(f"{nome}: {chi}" for nome, chi in accessi)])
