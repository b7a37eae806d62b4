"""The shape of what comes in, as the contract draws it. Each function raises `Rifiuto` at the first thing wrong."""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from typing import Any, NoReturn

from curriculum.portale.prova import tempo
from curriculum.portale.prova.rifiuti import non_valida

CODICE_FISCALE = re.compile(
    r"(?:[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|[0-9]{11})"
)
POSTA = re.compile(r"[^@\s]+@[^@\s]+")
CELLULARE = re.compile(r"\+[0-9]{6,15}")
IMPRONTA = re.compile(r"[0-9a-f]{64}")
GIORNO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


def codice_fiscale(testo: str | None) -> str:
    if testo is None or not CODICE_FISCALE.fullmatch(testo):
        raise non_valida("Manca l'intestazione Codice-Fiscale, o non ne ha la forma.")
    return testo


def chiave(testo: str | None) -> str:
    """The idempotency key, in lower case."""
    try:
        if testo is None or len(testo) != 36:
            raise ValueError
        return str(uuid.UUID(testo))
    except ValueError:
        raise non_valida("Manca l'intestazione Idempotency-Key, o non è un UUID.") from None


def oggetto(corpo: bytes) -> dict[str, Any]:
    """A JSON object."""
    try:
        letto = json.loads(corpo, parse_constant=_costante)
        json.dumps(letto, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise non_valida("Il corpo non è JSON.") from None
    if not isinstance(letto, dict):
        raise non_valida("Il corpo non è un oggetto JSON.")
    return letto


def preregistrazione(dati: dict[str, Any]) -> dict[str, str]:
    _solo(dati, {"cognome", "nome", "data_nascita", "posta", "cellulare"})
    buoni = {nome: _testo(dati, nome, massimo=100, minimo=1) for nome in ("cognome", "nome")}
    buoni["data_nascita"] = _testo(dati, "data_nascita", massimo=10)
    try:
        if not GIORNO.fullmatch(buoni["data_nascita"]):
            raise ValueError
        dt.date.fromisoformat(buoni["data_nascita"])
    except ValueError:
        raise non_valida("La data di nascita non è una data.") from None
    for nome, forma, massimo in (("posta", POSTA, 254), ("cellulare", CELLULARE, 16)):
        if nome in dati:
            buoni[nome] = _testo(dati, nome, massimo=massimo)
            if not forma.fullmatch(buoni[nome]):
                raise non_valida(f"«{nome}» non ha la forma giusta.")
    if "posta" not in buoni and "cellulare" not in buoni:
        raise non_valida("Serve la posta elettronica o il cellulare.")
    return buoni


def curriculum(dati: dict[str, Any]) -> dict[str, Any]:
    _solo(dati, {"sha256", "caricato_il", "propensioni", "titoli"})
    if not IMPRONTA.fullmatch(_testo(dati, "sha256", massimo=64)):
        raise non_valida("L'impronta non è uno SHA-256.")
    try:
        caricato_il = tempo.letto(_testo(dati, "caricato_il", massimo=64))
        # As the calendar of the store counts it: a moment that has no such day is refused here.
        tempo.ultimo_giorno(caricato_il)
    except (ValueError, OverflowError):
        raise non_valida("La data di caricamento non è una data e ora con fuso.") from None
    return {
        "sha256": dati["sha256"],
        "caricato_il": caricato_il,
        "propensioni": [_propensione(voce) for voce in _elenco(dati, "propensioni", 3)],
        "titoli": [_titolo(voce) for voce in _elenco(dati, "titoli", 50)],
    }


def _propensione(voce: dict[str, Any]) -> dict[str, Any]:
    _solo(voce, {"codice", "professione", "settore", "note"})
    _testo(voce, "codice", massimo=20)
    _testo(voce, "professione", massimo=300, minimo=1)
    for nome, massimo in (("settore", 200), ("note", 5000)):
        if nome in voce:
            _testo(voce, nome, massimo=massimo)
    return voce


def _titolo(voce: dict[str, Any]) -> dict[str, Any]:
    _solo(voce, {"livello", "descrizione", "anno"})
    _numero(voce, "livello", 0, 12)
    _testo(voce, "descrizione", massimo=300)
    if "anno" in voce:
        _numero(voce, "anno", 1900, 2200)
    return voce


def _solo(dati: dict[str, Any], ammessi: set[str]) -> None:
    if estranei := set(dati) - ammessi:
        raise non_valida(f"Il campo «{min(estranei)[:40]}» non è previsto.")


def _testo(dati: dict[str, Any], nome: str, *, massimo: int, minimo: int = 0) -> str:
    valore = dati.get(nome)
    if not isinstance(valore, str) or not minimo <= len(valore) <= massimo:
        raise non_valida(f"«{nome}» manca, o non è un testo da {minimo} a {massimo} caratteri.")
    return valore


def _numero(dati: dict[str, Any], nome: str, minimo: int, massimo: int) -> None:
    valore = dati.get(nome)
    if isinstance(valore, bool) or not isinstance(valore, int | float) or valore != int(valore):
        raise non_valida(f"«{nome}» manca, o non è un numero intero.")
    if not minimo <= valore <= massimo:
        raise non_valida(f"«{nome}» va da {minimo} a {massimo}.")
    dati[nome] = int(valore)


def _elenco(dati: dict[str, Any], nome: str, massimo: int) -> list[dict[str, Any]]:
    valore = dati.get(nome)
    if not isinstance(valore, list) or len(valore) > massimo or not all(isinstance(v, dict) for v in valore):
        raise non_valida(f"«{nome}» manca, o non è un elenco di al massimo {massimo} voci.")
    return valore


def _costante(nome: str) -> NoReturn:
    raise ValueError(nome)
