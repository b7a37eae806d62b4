"""Citizens: pre-registered by an application, confirmed by themselves through the link of a message."""

from __future__ import annotations

import secrets
import sqlite3
from typing import Any

from curriculum.portale.prova import chiavi, tempo
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.interruttori import Guasti
from curriculum.portale.prova.rifiuti import Rifiuto, sconosciuto

POSTA, SMS = "posta", "sms"


def cittadino(codice_fiscale: str, connessione: sqlite3.Connection | None = None) -> sqlite3.Row:
    """The citizen's row, or the refusal `cittadino_sconosciuto`."""
    connessione = connessione or deposito().legge()
    riga: sqlite3.Row | None = connessione.execute(
        "SELECT * FROM cittadino WHERE codice_fiscale = ?", [codice_fiscale]
    ).fetchone()
    if riga is None:
        raise sconosciuto()
    return riga


def registrazione(riga: sqlite3.Row) -> dict[str, Any]:
    """As the contract tells of it; what is not known is left out."""
    detto = {
        "stato": "confermata" if riga["confermata_il"] else "da_confermare",
        **{nome: riga[nome] for nome in ("canale", "messaggi", "ultimo_messaggio_il", "confermata_il")},
    }
    return {nome: valore for nome, valore in detto.items() if valore is not None}


def preregistra(
    codice_fiscale: str, dati: dict[str, str], *, chiave: str, guasti: Guasti
) -> tuple[dict[str, Any], bool]:
    """The registration, and whether a message has gone now.

    Who is registered stays as they are; who has not confirmed yet and is sent again with other contacts gets the
    message there, because the first may have gone to a wrong address.
    """
    if guasti.rifiuta_registrazione:
        raise Rifiuto(
            422, "registrazione_rifiutata", "La registrazione è stata rifiutata: i dati non sono verificabili."
        )
    impronta = chiavi.impronta("preregistra", codice_fiscale, dati)
    with deposito().scrive() as connessione:
        fatta = chiavi.gia_servita(connessione, chiave, impronta) and not guasti.ignora_chiave
        riga = connessione.execute("SELECT * FROM cittadino WHERE codice_fiscale = ?", [codice_fiscale]).fetchone()
        if not (fatta and riga):
            _posta_diversa(riga, dati, guasti)
            fatta = riga is not None and (bool(riga["confermata_il"]) or _stessi_recapiti(riga, dati))
            if not fatta:
                _iscrivi(connessione, codice_fiscale, dati, nuovo=riga is None)
                _manda(connessione, codice_fiscale)
                if guasti.conferma_automatica:
                    _conferma(connessione, codice_fiscale)
            chiavi.segna(connessione, chiave, impronta)
        return registrazione(cittadino(codice_fiscale, connessione)), not fatta


def rimanda(codice_fiscale: str, *, chiave: str, guasti: Guasti) -> dict[str, Any]:
    """One more confirmation message, where the citizen has not confirmed yet."""
    impronta = chiavi.impronta("rimanda", codice_fiscale)
    with deposito().scrive() as connessione:
        fatta = chiavi.gia_servita(connessione, chiave, impronta) and not guasti.ignora_chiave
        riga = cittadino(codice_fiscale, connessione)
        if not fatta:
            if not riga["confermata_il"]:
                _manda(connessione, codice_fiscale)
            chiavi.segna(connessione, chiave, impronta)
        return registrazione(cittadino(codice_fiscale, connessione))


def conferma(gettone: str) -> sqlite3.Row | None:
    """The citizen follows the link. Returns the citizen, or nothing when the link is nobody's."""
    with deposito().scrive() as connessione:
        riga = connessione.execute("SELECT codice_fiscale FROM cittadino WHERE gettone = ?", [gettone]).fetchone()
        if riga is None:
            return None
        _conferma(connessione, riga["codice_fiscale"])
        return cittadino(riga["codice_fiscale"], connessione)


def conferma_tutti() -> int:
    """Everybody who has a message follows its link; how many had not yet."""
    with deposito().scrive() as connessione:
        return connessione.execute(
            "UPDATE cittadino SET confermata_il = ? WHERE confermata_il IS NULL AND messaggi > 0", [tempo.adesso()]
        ).rowcount


def registra_molti(codici: list[str]) -> None:
    """Citizens who have been on the portal for long, for runs that are not about registrations."""
    adesso = tempo.adesso()
    with deposito().scrive() as connessione:
        connessione.executemany(
            "INSERT INTO cittadino (codice_fiscale, cognome, nome, data_nascita, creato_il, confermata_il, gettone)"
            " VALUES (?, 'Di prova', 'Persona', '1990-01-01', ?, ?, ?) ON CONFLICT (codice_fiscale) DO UPDATE SET"
            " confermata_il = coalesce(confermata_il, excluded.confermata_il)",
            [[codice, adesso, adesso, secrets.token_urlsafe(16)] for codice in codici],
        )


def _posta_diversa(riga: sqlite3.Row | None, dati: dict[str, str], guasti: Guasti) -> None:
    registrata = riga["posta"] if riga and riga["confermata_il"] else None
    altra = registrata and "posta" in dati and registrata.casefold() != dati["posta"].casefold()
    if altra or guasti.posta_diversa:
        raise Rifiuto(
            409, "posta_diversa", "Il cittadino è già registrato con un altro indirizzo di posta elettronica."
        )


def _stessi_recapiti(riga: sqlite3.Row, dati: dict[str, str]) -> bool:
    return all((riga[nome] or "").casefold() == dati.get(nome, "").casefold() for nome in ("posta", "cellulare"))


def _iscrivi(connessione: sqlite3.Connection, codice_fiscale: str, dati: dict[str, str], *, nuovo: bool) -> None:
    valori = {"posta": None, "cellulare": None, **dati, "codice_fiscale": codice_fiscale}
    if nuovo:
        connessione.execute(
            "INSERT INTO cittadino (codice_fiscale, cognome, nome, data_nascita, posta, cellulare, creato_il, gettone)"
            " VALUES (:codice_fiscale, :cognome, :nome, :data_nascita, :posta, :cellulare, :creato_il, :gettone)",
            {**valori, "creato_il": tempo.adesso(), "gettone": secrets.token_urlsafe(16)},
        )
    else:
        connessione.execute(
            "UPDATE cittadino SET cognome = :cognome, nome = :nome, data_nascita = :data_nascita, posta = :posta,"
            " cellulare = :cellulare WHERE codice_fiscale = :codice_fiscale",
            valori,
        )


def _manda(connessione: sqlite3.Connection, codice_fiscale: str) -> None:
    """A message with the link: by mail where there is an address, else to the mobile phone."""
    riga = cittadino(codice_fiscale, connessione)
    canale = POSTA if riga["posta"] else SMS
    adesso = tempo.adesso()
    connessione.execute(
        "INSERT INTO messaggio (codice_fiscale, canale, destinatario, gettone, mandato_il) VALUES (?, ?, ?, ?, ?)",
        [codice_fiscale, canale, riga["posta"] or riga["cellulare"] or "", riga["gettone"], adesso],
    )
    connessione.execute(
        "UPDATE cittadino SET canale = ?, messaggi = messaggi + 1, ultimo_messaggio_il = ? WHERE codice_fiscale = ?",
        [canale, adesso, codice_fiscale],
    )


def _conferma(connessione: sqlite3.Connection, codice_fiscale: str) -> None:
    connessione.execute(
        "UPDATE cittadino SET confermata_il = ? WHERE codice_fiscale = ? AND confermata_il IS NULL",
        [tempo.adesso(), codice_fiscale],
    )
