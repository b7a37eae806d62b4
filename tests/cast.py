"""The fixed cast of the tests: two offices, one person per role, one citizen in charge who consented to matching."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from orientamento.anagrafica.models import CPI, Operatore, Ruolo, TestoInformativo, Utente
from orientamento.anagrafica.services.presa_in_carico import prendi_in_carico
from orientamento.anagrafica.services.tabelle import carica_tabelle
from orientamento.comune.calendario import adesso
from psp.dimostrazione.persone import PRATO, persone

PASSWORD = "una-Password-di-prova-1"
_numeri = itertools.count(1)


@dataclass
class Cast:
    """`operatore` and `collega` share an office with `utente`; `estraneo` works in the other one."""

    operatore: Operatore
    collega: Operatore
    responsabile: Operatore
    incrocio: Operatore
    estraneo: Operatore
    amministratore: Operatore
    utente: Utente
    cpi: CPI
    altro_cpi: CPI

    def client(self, chi: str) -> Client:
        """A browser logged in as one of the cast."""
        client = Client()
        client.force_login(getattr(self, chi), backend="django.contrib.auth.backends.ModelBackend")
        return client


def crea_operatore(ruolo: Ruolo, cpi: CPI | None, **altro: Any) -> Operatore:
    numero = next(_numeri)
    dati = {"first_name": f"Nome{numero}", "last_name": f"Cognome{numero}", **altro}
    return Operatore.objects.create_user(f"{ruolo}-{numero}", password=PASSWORD, ruolo=ruolo, cpi=cpi, **dati)


def dati_persona(seme: int | None = None) -> dict[str, Any]:
    """The fields of an invented citizen; another one of the Union at every call unless `seme` is given.

    Which test runs before must not decide whether a document of stay is asked for.
    """
    semi = (1000 + numero for numero in _numeri) if seme is None else [seme]
    tutti = (next(persone(1, PRATO, seme=s, oggi=dt.date(2026, 11, 23))) for s in semi)
    return next(dati for dati in tutti if seme is not None or not dati.get("extra_ue"))


def crea_utente(cpi: CPI, riferimento: Operatore | None = None, **altro: Any) -> Utente:
    return Utente.objects.create(cpi=cpi, operatore_riferimento=riferimento, **{**dati_persona(), **altro})


def metti_in_carico(utente: Utente, operatore: Operatore, incontro: str = "dato") -> None:
    """The presa in carico of today, with its consents."""
    ora = adesso()
    prendi_in_carico(
        utente=utente,
        attore=operatore,
        informativa=TestoInformativo.objects.in_vigore(ora.date())["informativa_privacy"],
        consensi={"incontro": incontro, "comunicazioni": "rifiutato"},
        adesso=ora,
    )
    utente.refresh_from_db()


def crea_cast() -> Cast:
    """The whole cast, on starting tables loaded if they are not."""
    carica_tabelle()
    cpi, altro = CPI.objects.get(comune="Prato"), CPI.objects.get(comune="Empoli")
    operatore = crea_operatore(Ruolo.OPERATORE, cpi, first_name="Laura", last_name="Verdi")
    utente = crea_utente(cpi, operatore)
    metti_in_carico(utente, operatore)
    return Cast(
        operatore=operatore,
        collega=crea_operatore(Ruolo.OPERATORE, cpi, first_name="Paolo", last_name="Neri"),
        responsabile=crea_operatore(Ruolo.RESPONSABILE, cpi, first_name="Carla", last_name="Bartoli"),
        incrocio=crea_operatore(Ruolo.INCROCIO, cpi),
        estraneo=crea_operatore(Ruolo.OPERATORE, altro),
        amministratore=crea_operatore(Ruolo.AMMINISTRATORE, None),
        utente=utente,
        cpi=cpi,
        altro_cpi=altro,
    )


@pytest.fixture
def cast(db: None) -> Cast:
    return crea_cast()
