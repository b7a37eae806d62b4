"""The note of a propensione (P2): structured contents ⇄ one text in a fixed order that reads back without loss.

    SEP: Trasporti e logistica. Competenze: uso del palmare. Durata dell'esperienza: 10 anni. Ultimo anno: 2023.

What people write is normalised once, by `pulisci`: Unicode NFC, line ends as \\n, no control characters, blanks around
and one final full stop trimmed (the composer writes its own). After that any text comes back as it was, the labels
themselves included: inside a value the colon of a label is preceded by an invisible word joiner, which leaves no ink.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any

GIUNTO = "\u2060"
"""WORD JOINER: no width, no ink. Doubled where people wrote one."""

ETICHETTE: dict[str, str] = {
    "sep": "SEP",
    "competenze": "Competenze",
    "durata_mesi": "Durata dell'esperienza",
    "ultimo_anno": "Ultimo anno",
    "orari": "Orari",
    "spostamenti": "Spostamenti",
    "patentini": "Patentini e abilitazioni",
    "strumenti": "Strumenti",
    "apprese": "Competenze apprese in",
    "altro": "Altro",
}
"""Field → label, in the order of the print."""

_NOMI = {etichetta: nome for nome, etichetta in ETICHETTE.items()}
_ALTERNATIVE = "|".join(map(re.escape, sorted(_NOMI, key=len, reverse=True)))
_INIZIO = re.compile(rf"(?:^| )({_ALTERNATIVE}): ")
_DA_PROTEGGERE = re.compile(rf"{GIUNTO}|(?:{_ALTERNATIVE})(?=:)")
_PROTETTO = re.compile(rf"{GIUNTO}({GIUNTO}|(?=:))")
_DURATA = re.compile(r"(?:(?P<anni>\d{1,4}) ann[oi])?(?: e )?(?:(?P<mesi>\d{1,4}) mes[ei])?")
NESSUNA = "nessuna"


@dataclass(frozen=True)
class Nota:
    """The contents. An empty text or None is a content not given; `durata_mesi` 0 is "no experience"."""

    sep: str = ""
    competenze: str = ""
    durata_mesi: int | None = None
    ultimo_anno: int | None = None
    orari: str = ""
    spostamenti: str = ""
    patentini: str = ""
    strumenti: str = ""
    apprese: str = ""
    altro: str = ""

    @classmethod
    def da_dati(cls, dati: Mapping[str, Any]) -> Nota:
        """From stored data or a form. Besides the fields' names takes `durata` in words ("10 anni", "10" is years)."""
        letta: dict[str, Any] = {c.name: dati[c.name] for c in fields(cls) if dati.get(c.name) not in (None, "")}
        if "durata_mesi" not in letta and str(dati.get("durata") or "").strip():
            testo = str(dati["durata"]).strip()
            letta["durata_mesi"] = int(testo) * 12 if testo.isdecimal() else _mesi(testo)
        for nome in ("durata_mesi", "ultimo_anno"):
            if letta.get(nome) is not None:
                letta[nome] = int(letta[nome])
        return cls(**letta).pulita()

    def pulita(self) -> Nota:
        """The same with every text normalised."""
        puliti: dict[str, Any] = {nome: pulisci(v) for nome, v in asdict(self).items() if isinstance(v, str)}
        return replace(self, **puliti)

    def come_dati(self) -> dict[str, Any]:
        """Plain data for the row: only what is given."""
        return {nome: valore for nome, valore in asdict(self).items() if valore not in (None, "")}

    @property
    def durata_anni_e_mesi(self) -> tuple[int | None, int | None]:
        """As two fields of a form ask for it."""
        return divmod(self.durata_mesi, 12) if self.durata_mesi is not None else (None, None)


def pulisci(testo: str) -> str:
    """The normalisation of a text of the note; doing it twice changes nothing."""
    testo = testo.replace("\r\n", "\n").replace("\r", "\n")
    testo = "".join(c for c in testo if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs"))
    testo = unicodedata.normalize("NFC", testo).strip()
    while testo.endswith(".") and not testo.endswith(".."):
        testo = testo[:-1].rstrip()
    return testo


def componi(nota: Nota) -> str:
    """The note as one text, as it is printed."""
    nota = nota.pulita()
    pezzi = []
    for nome, etichetta in ETICHETTE.items():
        valore = getattr(nota, nome)
        if valore in (None, ""):
            continue
        if nome == "durata_mesi":
            valore = durata_in_parole(valore)
        testo = _DA_PROTEGGERE.sub(lambda trovato: trovato.group() + GIUNTO, str(valore))
        pezzi.append(f"{etichetta}: {testo}" if testo.endswith(("!", "?", "…")) else f"{etichetta}: {testo}.")
    return " ".join(pezzi)


def leggi(testo: str) -> Nota:
    """The contents of a text of `componi`. Of any other text nothing is lost: what has no label goes to `altro`."""
    testo = unicodedata.normalize("NFC", testo)
    inizi = list(_INIZIO.finditer(testo))
    senza_etichetta = [testo[: inizi[0].start()] if inizi else testo]
    letti: dict[str, Any] = {}
    for i, inizio in enumerate(inizi):
        fine = inizi[i + 1].start() if i + 1 < len(inizi) else len(testo)
        grezzo = testo[inizio.end() : fine]
        valore = _PROTETTO.sub(r"\1", grezzo[:-1] if grezzo.endswith(".") else grezzo)
        nome = _NOMI[inizio.group(1)]
        if (letto := _valore(nome, valore)) is None or nome in letti:
            senza_etichetta.append(f"{inizio.group(1)}: {valore}")
        else:
            letti[nome] = letto
    letti["altro"] = " ".join(p for p in [*(s.strip() for s in senza_etichetta), letti.get("altro", "")] if p)
    return Nota(**letti).pulita()


def durata_in_parole(mesi: int) -> str:
    """126 → "10 anni e 6 mesi"; 0 → "nessuna"."""
    anni, resto = divmod(mesi, 12)
    parti = []
    if anni:
        parti.append("1 anno" if anni == 1 else f"{anni} anni")
    if resto:
        parti.append("1 mese" if resto == 1 else f"{resto} mesi")
    return " e ".join(parti) or NESSUNA


def _valore(nome: str, testo: str) -> str | int | None:
    """The value of a field; None where a number is due and the text is not one."""
    if nome == "durata_mesi":
        return _mesi(testo)
    if nome == "ultimo_anno":
        return int(testo) if re.fullmatch(r"[0-9]{4}", testo) else None
    return testo


def _mesi(testo: str) -> int | None:
    if testo == NESSUNA:
        return 0
    trovata = _DURATA.fullmatch(testo)
    if not trovata or not any(trovata.groups()):
        return None
    return int(trovata["anni"] or 0) * 12 + int(trovata["mesi"] or 0)
