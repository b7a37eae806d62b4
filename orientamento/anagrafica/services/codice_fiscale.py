"""The codice fiscale (U1): its shape and check digit, what it says of the person, and where it disagrees with the file.

Sixteen characters, also with *omocodia* (digits changed into letters to tell two people apart), or eleven digits when
provisional. A wrong code is refused; one that disagrees with the name, the sex, the birth date or the place is a
warning to confirm.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from codicefiscale.codicefiscale import encode_cin, encode_firstname, encode_lastname
from django.core.exceptions import ValidationError

from orientamento.anagrafica.services import comuni
from orientamento.comune.calendario import eta, oggi

MESI = "ABCDEHLMPRST"
POSTI_NUMERICI = (6, 7, 9, 10, 12, 13, 14)
_CIFRA_DI_OMOCODIA = str.maketrans("LMNPQRSTUV", "0123456789")
_CIFRA_O_OMOCODIA = re.compile(r"[0-9LMNPQRSTUV]")
_SCAMBI_DI_LETTURA = {
    "0": "O",
    "1": "I",
    "5": "S",
    "8": "B",
    "2": "Z",
    "O": "0",
    "I": "1",
    "B": "8",
    "Z": "2",
    "G": "6",
}
ETA_AL_LAVORO = range(14, 101)

CONTROLLO_NON_TORNA = (
    "Il carattere di controllo non torna: verificare che non ci siano caratteri scambiati di posto o letti male "
    "(per esempio 0 e O, 1 e I, 5 e S)."
)


@dataclass(frozen=True)
class DatiCodiceFiscale:
    """What a codice fiscale of sixteen characters says; `altre_date` are the other readings of a year of two digits."""

    sesso: str
    data_nascita: dt.date
    codice_luogo: str
    luogo: str
    provincia: str
    altre_date: tuple[dt.date, ...] = ()


def normalizza(testo: str) -> str:
    """Upper case, without blanks, dots and hyphens."""
    return re.sub(r"[\s.\-–_/]", "", testo).upper()


def provvisorio(codice: str) -> bool:
    """Whether it is the eleven digits given before the real one."""
    return len(codice) == 11 and codice.isascii() and codice.isdigit()


def valida(codice: str) -> None:
    """Raise `ValidationError`, in words that say what to look at, unless `codice` (normalised) is sound."""
    if codice.isascii() and codice.isdigit() and len(codice) != 16:
        if len(codice) != 11:
            raise ValidationError(
                f"Un codice fiscale provvisorio ha 11 cifre: qui ne risultano {len(codice)}.", code="lunghezza"
            )
        if _controllo_provvisorio(codice[:10]) != codice[10]:
            raise ValidationError(CONTROLLO_NON_TORNA, code="controllo")
        return
    if len(codice) != 16:
        raise ValidationError(
            f"Il codice fiscale ha 16 caratteri (11 cifre se è provvisorio): qui ne risultano {len(codice)}.",
            code="lunghezza",
        )
    _valida_forma(codice)
    if encode_cin(codice) != codice[15]:
        raise ValidationError(CONTROLLO_NON_TORNA, code="controllo")
    if not _date_possibili(codice):
        raise ValidationError(
            "Il giorno di nascita che risulta dal codice fiscale non esiste: verificare i caratteri dal 7° all'11°.",
            code="data",
        )


def leggi(codice: str, al: dt.date | None = None) -> DatiCodiceFiscale | None:
    """What the code says of the person, seen from the day `al`; None for a provisional code, which says nothing.

    Of the two centuries that the year may belong to, the one that gives an age of work is proposed.
    """
    codice = normalizza(codice)
    valida(codice)
    if provvisorio(codice):
        return None
    giorno = al or oggi()
    date = [data for data in _date_possibili(codice) if data <= giorno] or _date_possibili(codice)
    scelta = next((data for data in date if eta(data, giorno) in ETA_AL_LAVORO), date[0])
    codice_luogo = codice[11] + codice[12:15].translate(_CIFRA_DI_OMOCODIA)
    luogo = comuni.luogo_del_codice(codice_luogo, scelta)
    return DatiCodiceFiscale(
        sesso="F" if _giorno_scritto(codice) > 40 else "M",
        data_nascita=scelta,
        codice_luogo=codice_luogo,
        luogo=luogo.nome if luogo else "",
        provincia=luogo.provincia if luogo else "",
        altre_date=tuple(data for data in date if data != scelta),
    )


def divergenze(dati: Mapping[str, Any]) -> list[str]:
    """In words, where the codice fiscale disagrees with the other data. Empty data disagree with nothing."""
    codice = normalizza(str(dati.get("codice_fiscale") or ""))
    try:
        letto = leggi(codice)
    except ValidationError:
        return []
    if letto is None:
        return []
    return [
        *_divergenze_del_nome(codice, dati),
        *_divergenze_della_nascita(letto, dati),
        *_divergenze_del_luogo(letto, dati),
    ]


def _divergenze_del_nome(codice: str, dati: Mapping[str, Any]) -> list[str]:
    parole = []
    cognome, nome = str(dati.get("cognome") or ""), str(dati.get("nome") or "")
    if cognome and encode_lastname(cognome) != codice[:3]:
        parole.append(
            f"Il cognome «{cognome}» darebbe le lettere {encode_lastname(cognome)}; "
            f"nel codice fiscale ci sono {codice[:3]}."
        )
    if nome and encode_firstname(nome) != codice[3:6]:
        parole.append(
            f"Il nome «{nome}» darebbe le lettere {encode_firstname(nome)}; nel codice fiscale ci sono {codice[3:6]}."
        )
    return parole


def _divergenze_della_nascita(letto: DatiCodiceFiscale, dati: Mapping[str, Any]) -> list[str]:
    parole = []
    sesso, nascita = dati.get("sesso"), dati.get("data_nascita")
    if sesso and sesso != letto.sesso:
        parole.append(f"Nel codice fiscale il sesso è {'femminile' if letto.sesso == 'F' else 'maschile'}.")
    if nascita and nascita not in (letto.data_nascita, *letto.altre_date):
        parole.append(
            f"La data di nascita scritta è {nascita:%d/%m/%Y}; nel codice fiscale è {letto.data_nascita:%d/%m/%Y}."
        )
    return parole


def _divergenze_del_luogo(letto: DatiCodiceFiscale, dati: Mapping[str, Any]) -> list[str]:
    luogo = str(dati.get("luogo_nascita") or "")
    if not letto.luogo:
        return [f"Il luogo di nascita del codice fiscale ({letto.codice_luogo}) non è nell'elenco di comuni e stati."]
    if not luogo or dati.get("codice_luogo_nascita") == letto.codice_luogo:
        return []
    if comuni.si_chiama(letto.codice_luogo, luogo):
        return []
    return [f"Il luogo di nascita scritto è {luogo}; nel codice fiscale è {letto.luogo} ({letto.provincia})."]


def _valida_forma(codice: str) -> None:
    for posto, carattere in enumerate(codice):
        if not (carattere.isascii() and carattere.isalnum()):
            raise ValidationError(
                f"Al posto {posto + 1} c'è «{carattere}»: nel codice fiscale ci sono solo lettere e cifre.",
                code="forma",
            )
        numerico = posto in POSTI_NUMERICI
        if numerico and not _CIFRA_O_OMOCODIA.match(carattere):
            raise ValidationError(_fuori_posto(posto, carattere, "una cifra"), code="forma")
        if not numerico and carattere.isdigit():
            raise ValidationError(_fuori_posto(posto, carattere, "una lettera"), code="forma")
    if codice[8] not in MESI:
        raise ValidationError(
            f"Al posto 9 c'è «{codice[8]}», che non indica alcun mese: le lettere dei mesi sono {MESI}.", code="forma"
        )


def _fuori_posto(posto: int, carattere: str, atteso: str) -> str:
    forse = _SCAMBI_DI_LETTURA.get(carattere)
    return f"Al posto {posto + 1} c'è «{carattere}»: lì va {atteso}" + (f", forse «{forse}»." if forse else ".")


def _giorno_scritto(codice: str) -> int:
    return int(codice[9:11].translate(_CIFRA_DI_OMOCODIA))


def _date_possibili(codice: str) -> list[dt.date]:
    """The birth dates that the code may mean, the latest century first."""
    anno = int(codice[6:8].translate(_CIFRA_DI_OMOCODIA))
    giorno = _giorno_scritto(codice)
    date = []
    for secolo in (2000, 1900):
        try:
            date.append(dt.date(secolo + anno, MESI.index(codice[8]) + 1, giorno - 40 if giorno > 40 else giorno))
        except ValueError:
            continue
    return date


def _controllo_provvisorio(cifre: str) -> str:
    """The eleventh digit, as for VAT numbers: odd places as they are, even places doubled."""
    somma = 0
    for posto, cifra in enumerate(cifre):
        valore = int(cifra) * (1 if posto % 2 == 0 else 2)
        somma += valore - 9 if valore > 9 else valore
    return str(-somma % 10)
