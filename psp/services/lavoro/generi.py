"""The kinds of things that fall due: their names, what a line says, where it is done (U3, M1, M3, T4).

What is due is the rule `psp_dovuto` of the database, kept ready in `VoceDiLavoro`: a kind that is new there is new here
(decision 018).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from psp.models import Frequenza, StatoMisura

Riga = dict[str, Any]


@dataclass(frozen=True)
class Genere:
    """`da_allora`: its day says since when, and does not make the line late."""

    chiave: str
    nome: str
    testo: Callable[[Riga], str]
    url: Callable[[Riga], str]
    da_allora: bool = False


def _misura(riga: Riga) -> str:
    stato, _, nome = riga["parole"].partition(" ")
    return f"{'Avviare' if stato == StatoMisura.CONCORDATA else 'Concludere'} la misura: {nome}"


def _contatto(riga: Riga) -> str:
    frequenza, _, giorno = riga["parole"].partition(" ")
    return f"Sentire la persona, {Frequenza(frequenza).label.lower()}: l'ultima volta il {giorno}"


def della_persona(riga: Riga) -> str:
    return reverse("psp:utente", args=[riga["utente_id"]]) if riga["utente_id"] else ""


def _del_patto(riga: Riga) -> str:
    return reverse("psp:patto", args=[riga["oggetto"]])


def _dell_atto(riga: Riga) -> str:
    return f"{reverse('psp:attivita', args=[riga['utente_id']])}#atto-{riga['oggetto']}"


def _della_misura(riga: Riga) -> str:
    return reverse("psp:misura", args=[riga["oggetto"]])


def _delle_presenze(riga: Riga) -> str:
    return reverse("psp:presenze", args=[riga["oggetto"]])


def _nuova_seduta(riga: Riga) -> str:
    return f"{reverse('psp:nuova_seduta')}?utente={riga['utente_id']}"


def _del_curriculum(riga: Riga) -> str:
    return reverse("curriculum:pannello", args=[riga["utente_id"]])


def _sempre(testo: str) -> Callable[[Riga], str]:
    return lambda _: testo


def _con_parole(inizio: str) -> Callable[[Riga], str]:
    return lambda riga: inizio + riga["parole"]


GENERI: dict[str, Genere] = {
    genere.chiave: genere
    for genere in (
        Genere("promemoria", "Promemoria", _con_parole(""), della_persona),
        Genere("presenze", "Presenze da segnare", _con_parole("Segnare le presenze: "), _delle_presenze),
        Genere("patto", "Patti da scrivere", _con_parole("Scrivere il patto: DID del "), della_persona),
        Genere(
            "rimandato",
            "Patti rimandati",
            _sempre("Correggere il patto rimandato dal revisore"),
            _del_patto,
            da_allora=True,
        ),
        Genere(
            "firma",
            "Patti da firmare",
            _sempre("Stampare il patto approvato, farlo firmare, archiviare la copia"),
            _del_patto,
            da_allora=True,
        ),
        Genere("atto", "Atti in ritardo", _con_parole("Chiedere conto dell'atto: "), _dell_atto),
        Genere("prova", "Prove da verificare", _con_parole("Verificare la prova: "), _dell_atto, da_allora=True),
        Genere("misura", "Misure in ritardo", _misura, _della_misura),
        Genere("contatto", "Contatti dovuti", _contatto, _nuova_seduta),
        Genere("curriculum", "Curriculum in scadenza", _sempre("Rivedere il curriculum"), _del_curriculum),
        Genere(
            "rifiuto", "Rifiuti del portale", _con_parole("Il portale ha rifiutato: "), _del_curriculum, da_allora=True
        ),
        Genere("scadenza", "Patti in scadenza", _sempre("Rinnovare o chiudere il patto"), _del_patto),
        Genere(
            "fermo",
            "Fermi da tempo",
            _sempre("Nessuna attività da allora: riprendere il caso"),
            della_persona,
            da_allora=True,
        ),
    )
}
