"""What goes to the portal and comes from it, and how each is written in the contract. Knows no models and no HTTP."""

from __future__ import annotations

import datetime as dt
import json
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

import phonenumbers

StatoRegistrato = Literal["da_confermare", "confermata"]
CanaleMessaggio = Literal["posta", "sms"]
NelPortale = Literal["assente", "ricevuto", "pubblicato"]
InIntuition = Literal["assente", "in_inserimento", "presente", "in_rimozione"]

NOTA_MASSIMA = 5000
MESSAGGI_MASSIMI = 32_767  # what our own row can hold

_NUMERO = re.compile(r"\+[0-9]{6,15}")
_IMPRONTA = re.compile(r"[0-9a-f]{64}")
_UUID = re.compile(r"[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")
_MOMENTO = re.compile(
    r"(\d{4}-\d\d-\d\d)[Tt](\d\d:\d\d:)(\d\d)(\.\d+)?([Zz]|[+-]\d\d:\d\d)",
    re.ASCII,
)


class FuoriContratto(ValueError):
    """An answer that the contract does not allow. Its text names the field, never its value."""


@dataclass(frozen=True, slots=True)
class Preregistrazione:
    """The citizen to pre-register. At least one of `posta` and `cellulare` is filled; the number in any usual form."""

    cognome: str
    nome: str
    data_nascita: dt.date
    posta: str = ""
    cellulare: str = ""

    def corpo(self) -> bytes:
        dati = {"cognome": self.cognome, "nome": self.nome, "data_nascita": self.data_nascita.isoformat()}
        if self.posta:
            dati["posta"] = self.posta
        if cellulare := numero_internazionale(self.cellulare):
            dati["cellulare"] = cellulare
        return _json(dati)


@dataclass(frozen=True, slots=True)
class Propensione:
    codice: str
    professione: str
    settore: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class TitoloDiStudio:
    livello: int
    descrizione: str
    anno: int | None = None


@dataclass(frozen=True, slots=True)
class CurriculumDaInviare:
    """The PDF with what firms search on. `caricato_il` is aware: the six months run from it (V4)."""

    contenuto: bytes
    sha256: str
    caricato_il: dt.datetime
    propensioni: list[Propensione]
    titoli: list[TitoloDiStudio]

    def corpo(self) -> tuple[str, bytes]:
        """The content type and the multipart body, with a boundary that nobody can foresee."""
        dati = {
            "sha256": self.sha256,
            "caricato_il": self.caricato_il.astimezone(dt.UTC).isoformat(),
            "propensioni": [_propensione(p) for p in self.propensioni],
            "titoli": [_titolo(t) for t in self.titoli],
        }
        confine = secrets.token_hex(24)
        apertura = (
            f'--{confine}\r\nContent-Disposition: form-data; name="dati"\r\nContent-Type: application/json\r\n\r\n'
        )
        mezzo = (
            f'\r\n--{confine}\r\nContent-Disposition: form-data; name="file"; filename="curriculum.pdf"\r\n'
            "Content-Type: application/pdf\r\n\r\n"
        )
        parti = (apertura.encode(), _json(dati), mezzo.encode(), self.contenuto, f"\r\n--{confine}--\r\n".encode())
        return f"multipart/form-data; boundary={confine}", b"".join(parti)


@dataclass(frozen=True, slots=True)
class Registrazione:
    """Where the citizen's registration stands, and by which way the last message went. Times are aware, UTC."""

    stato: StatoRegistrato
    canale: CanaleMessaggio | None = None
    messaggi: int = 0
    ultimo_messaggio_il: dt.datetime | None = None

    @classmethod
    def letta(cls, dati: Mapping[str, Any]) -> Registrazione:
        """From an answer. Raises FuoriContratto."""
        return cls(
            stato=_scelta(dati, "stato", get_args(StatoRegistrato)),
            canale=_scelta(dati, "canale", get_args(CanaleMessaggio)) if "canale" in dati else None,
            messaggi=min(_intero(dati, "messaggi"), MESSAGGI_MASSIMI) if "messaggi" in dati else 0,
            ultimo_messaggio_il=_momento(dati, "ultimo_messaggio_il"),
        )


@dataclass(frozen=True, slots=True)
class StatoCurriculum:
    """What the portal holds of the citizen's CV, and whether Intuition shows it. `chiave` is the one it came with."""

    stato: NelPortale
    intuition: InIntuition
    sha256: str | None = None
    chiave: uuid.UUID | None = None
    ricevuto_il: dt.datetime | None = None
    obsoleto: bool = False
    cancellato_dal_cittadino: bool = False

    @classmethod
    def letto(cls, dati: Mapping[str, Any]) -> StatoCurriculum:
        """From an answer. Raises FuoriContratto."""
        chiave = _testo(dati, "chiave", _UUID)
        return cls(
            stato=_scelta(dati, "stato", get_args(NelPortale)),
            intuition=_scelta(dati, "intuition", get_args(InIntuition)),
            sha256=_testo(dati, "sha256", _IMPRONTA),
            chiave=uuid.UUID(chiave) if chiave else None,
            ricevuto_il=_momento(dati, "ricevuto_il"),
            obsoleto=_vero(dati, "obsoleto"),
            cancellato_dal_cittadino=_vero(dati, "cancellato_dal_cittadino"),
        )


def numero_internazionale(numero: str) -> str:
    """The mobile number with its country prefix and no blanks; empty where it is no number."""
    if not numero or _NUMERO.fullmatch(numero):
        return numero
    try:
        letto = phonenumbers.parse(numero, "IT")
    except phonenumbers.NumberParseException:
        return ""
    scritto = phonenumbers.format_number(letto, phonenumbers.PhoneNumberFormat.E164)
    return scritto if _NUMERO.fullmatch(scritto) else ""


def _json(dati: Mapping[str, Any]) -> bytes:
    return json.dumps(dati, separators=(",", ":")).encode("ascii")


def _propensione(voce: Propensione) -> dict[str, Any]:
    dati = {"codice": voce.codice, "professione": voce.professione}
    if voce.settore:
        dati["settore"] = voce.settore
    if voce.note:
        corta = len(voce.note) <= NOTA_MASSIMA
        dati["note"] = voce.note if corta else voce.note[: NOTA_MASSIMA - 1] + "…"
    return dati


def _titolo(voce: TitoloDiStudio) -> dict[str, Any]:
    dati: dict[str, Any] = {"livello": voce.livello, "descrizione": voce.descrizione}
    if voce.anno is not None:
        dati["anno"] = voce.anno
    return dati


def _scelta(dati: Mapping[str, Any], nome: str, ammessi: tuple[str, ...]) -> Any:
    valore = dati.get(nome)
    if not isinstance(valore, str) or valore not in ammessi:
        raise FuoriContratto(nome)
    return valore


def _testo(dati: Mapping[str, Any], nome: str, forma: re.Pattern[str]) -> str | None:
    if nome not in dati:
        return None
    valore = dati[nome]
    if not isinstance(valore, str) or not forma.fullmatch(valore):
        raise FuoriContratto(nome)
    return valore


def _intero(dati: Mapping[str, Any], nome: str) -> int:
    valore = dati[nome]
    if isinstance(valore, float) and valore.is_integer():  # JSON knows one kind of number: 3.0 is an integer
        valore = int(valore)
    if not isinstance(valore, int) or isinstance(valore, bool) or valore < 0:
        raise FuoriContratto(nome)
    return valore


def _vero(dati: Mapping[str, Any], nome: str) -> bool:
    valore = dati.get(nome, False)
    if not isinstance(valore, bool):
        raise FuoriContratto(nome)
    return valore


def _momento(dati: Mapping[str, Any], nome: str) -> dt.datetime | None:
    """RFC 3339, read to UTC; the second that some years add counts as the one before it."""
    if nome not in dati:
        return None
    valore = dati[nome]
    pezzi = _MOMENTO.fullmatch(valore) if isinstance(valore, str) else None
    if pezzi is None:
        raise FuoriContratto(nome)
    giorno, ora, secondi, frazione, fuso = pezzi.groups()
    secondi = "59" if secondi == "60" else secondi
    scritto = f"{giorno}T{ora}{secondi}{(frazione or '')[:7]}{'+00:00' if fuso in 'Zz' else fuso}"
    try:
        return dt.datetime.fromisoformat(scritto).astimezone(dt.UTC)
    except (ValueError, OverflowError) as errore:
        raise FuoriContratto(nome) from errore
