"""Persons and offices: one module per noun."""

from orientamento.anagrafica.models.did import DID, Programma, StatoDID
from orientamento.anagrafica.models.fascicolo import (
    AltreInformazioni,
    CompetenzaPersonale,
    DocumentoSoggiorno,
    Esperienza,
    LinguaConosciuta,
    LivelloLingua,
    LivelloStudio,
    TitoloStudio,
)
from orientamento.anagrafica.models.messaggio import Messaggio, StatoMessaggio
from orientamento.anagrafica.models.operatore import Operatore, Ruolo
from orientamento.anagrafica.models.presa_in_carico import (
    Consenso,
    EsitoConsenso,
    Finalita,
    GenereTesto,
    PresaInCarico,
    TestoInformativo,
)
from orientamento.anagrafica.models.uffici import CPI, CompetenzaTerritoriale
from orientamento.anagrafica.models.utente import Sesso, Utente, VarianteNome

__all__ = [
    "CPI",
    "DID",
    "AltreInformazioni",
    "CompetenzaPersonale",
    "CompetenzaTerritoriale",
    "Consenso",
    "DocumentoSoggiorno",
    "EsitoConsenso",
    "Esperienza",
    "Finalita",
    "GenereTesto",
    "LinguaConosciuta",
    "LivelloLingua",
    "LivelloStudio",
    "Messaggio",
    "Operatore",
    "PresaInCarico",
    "Programma",
    "Ruolo",
    "Sesso",
    "StatoDID",
    "StatoMessaggio",
    "TestoInformativo",
    "TitoloStudio",
    "Utente",
    "VarianteNome",
]
