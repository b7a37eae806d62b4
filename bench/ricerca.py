"""The search of citizens against the same statements sent by hand to a bare cursor."""

from __future__ import annotations

from typing import Any

from django.db import connection

from bench.misura import alterna
from orientamento.anagrafica.models import Operatore, Ruolo, Utente
from orientamento.anagrafica.models.utente import ambito
from orientamento.anagrafica.services.ricerca import LIMITE, cerca_utenti, interpreta, sql_esatti, sql_simili


def domande(operatore: Operatore) -> list[str]:
    """What operators type: a beginning, a whole name, a name the other way round, a slip, a date, a codice fiscale."""
    utente = Utente.objects.visibili_a(operatore).order_by("cognome_piegato", "pk").last()
    if utente is None:
        raise RuntimeError("Nessuna persona nell'ufficio dell'operatore: prima genera_carico.")
    cognome, nome = utente.cognome, utente.nome
    return [
        cognome[:3],
        f"{cognome} {nome}",
        f"{nome} {cognome}",
        f"{cognome[:2]}{cognome[3:]} {nome}",
        f"{cognome} {utente.data_nascita:%d/%m/%Y}",
        utente.codice_fiscale,
    ]


def misura() -> tuple[float, float]:
    """Seconds of ours and of the limit, for one round of the questions."""
    operatore = Operatore.objects.filter(ruolo=Ruolo.OPERATORE, cpi__utenti__isnull=False).earliest("pk")
    testi = domande(operatore)
    scritte = [comando for testo in testi for comando in _comandi(testo, operatore)]

    def nostra() -> None:
        for testo in testi:
            cerca_utenti(testo, operatore=operatore)

    def limite() -> None:
        for sql, valori in scritte:
            with connection.cursor() as cursore:
                cursore.execute(sql, valori)
                cursore.fetchall()

    return alterna(nostra, limite)


def _comandi(testo: str, operatore: Operatore) -> list[tuple[str, list[Any]]]:
    """The statements that the search sends for `testo`: the similar names only where the exact ones are too few."""
    domanda, condizioni = interpreta(testo), ambito(operatore)
    if condizioni is None:
        return []
    comandi = [sql_esatti(domanda, condizioni, LIMITE + 1)]
    with connection.cursor() as cursore:
        cursore.execute(*comandi[0])
        pochi = len(cursore.fetchall()) <= LIMITE
    if domanda.parole and pochi:
        comandi.append(sql_simili(domanda, condizioni, LIMITE + 1))
    return comandi
