"""Fill the database with invented people to measure at size. Refuses to run where real people may be."""

from __future__ import annotations

import argparse
from itertools import islice, product
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from orientamento.anagrafica.models import CPI, DID, GenereTesto, PresaInCarico, Programma, TestoInformativo, Utente
from orientamento.comune.calendario import oggi
from psp.dimostrazione.accessi import crea_accessi
from psp.dimostrazione.persone import EMPOLI, PRATO, persone

LOTTO = 5000

# Surnames put together from pieces: some 3,000, so that a search meets as many different words as in a real office.
PRIMI = "Al Bal Ban Bar Bel Ben Bor Cal Cam Can Car Cas Cor Dal Dan Dol Fal Fan Far Fer Fon Gal Gar Lan Mal Man".split()
MEZZI = "a be bi ce di do fe gi la li lo ma mi na ne ni ra ri ta te ti".split()
ULTIMI = "ni ri telli ssi relli nini schi".split()
COGNOMI_DI_CARICO = ["".join(pezzi) for pezzi in product(PRIMI, MEZZI, ULTIMI)]


class Command(BaseCommand):
    help = "Genera persone inventate, ciascuna in carico e con la DID, per misurare i tempi su grandi numeri."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--utenti", type=int, required=True, help="quante persone ci devono essere alla fine")

    def handle(self, *args: Any, **options: Any) -> None:
        if not settings.DATI_DIMOSTRATIVI_AMMESSI:
            raise CommandError("Le persone inventate non si caricano con le impostazioni di produzione.")
        mancanti = options["utenti"] - Utente.objects.count()
        if mancanti > 0:
            self._genera(mancanti)
            with connection.cursor() as cursore:
                cursore.execute("ANALYZE")
        self.stdout.write(f"Nel database ci sono {Utente.objects.count()} persone.")

    def _genera(self, quante: int) -> None:
        centri = list(CPI.objects.order_by("pk"))
        programma = Programma.objects.filter(chiave="nessuno").latest("valido_dal")
        informativa = TestoInformativo.objects.in_vigore(oggi())[GenereTesto.INFORMATIVA_PRIVACY]
        operatore = crea_accessi()["operatore"]
        presenti = set(Utente.objects.values_list("codice_fiscale", flat=True))
        inventate = (
            p
            for p in persone(quante * 2 + 1000, PRATO + EMPOLI, seme=7, oggi=oggi(), cognomi=COGNOMI_DI_CARICO)
            if p["codice_fiscale"] not in presenti
        )
        fatte = 0
        while fatte < quante:
            lotto = list(islice(inventate, min(LOTTO, quante - fatte)))
            utenti = Utente.objects.bulk_create(
                Utente(cpi=centri[(fatte + i) % len(centri)], **dati) for i, dati in enumerate(lotto)
            )
            DID.objects.bulk_create(DID(utente=u, data=oggi(), programma=programma) for u in utenti)
            PresaInCarico.objects.bulk_create(
                PresaInCarico(
                    utente=u,
                    cpi=u.cpi,
                    operatore=operatore,
                    data=oggi(),
                    informativa=informativa,
                    informativa_letta=True,
                )
                for u in utenti
            )
            fatte += len(lotto)
