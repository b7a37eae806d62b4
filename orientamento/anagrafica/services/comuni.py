"""The towns of Italy and the foreign states, past and present, and the office competent for a town (U1).

The list is the national one, with the dates between which each town existed; it is read once per process.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from codicefiscale.data import get_countries_data, get_municipalities_data

from orientamento.anagrafica.models import CPI, CompetenzaTerritoriale
from orientamento.comune.piega import piega_testo
from orientamento.comune.validita import valida_il

ESTERO = "EE"

_MINUSCOLE = re.compile(
    r"(?:al?|all[aeo]|ai|agli|con|dal?|dalla|d[ei]|dei|degli|del|dell[aeo]|ed?|in|nel|nell[ae]|nei|per|sul|sulla|sui|tra)"
)
_ELISIONI = re.compile(r"(?<= )(Nell|Dell|All|Sull|Dall|De|Ne|D)(?=')")


@dataclass(frozen=True)
class Luogo:
    """A town, or a foreign state (province EE), as it was between two dates."""

    codice: str
    nome: str
    provincia: str
    dal: dt.date
    al: dt.date | None
    nomi_piegati: frozenset[str]

    @property
    def estero(self) -> bool:
        return self.provincia == ESTERO

    def __str__(self) -> str:
        return self.nome if self.estero else f"{self.nome} ({self.provincia})"


def luogo_del_codice(codice: str, al: dt.date) -> Luogo | None:
    """The place with this code as it was on the day `al`; where the list has a hole, the nearest in time."""
    righe = _elenco().per_codice.get(codice)
    if not righe:
        return None
    for luogo in reversed(righe):
        if luogo.dal <= al and (luogo.al is None or al <= luogo.al):
            return luogo
    return next((luogo for luogo in righe if luogo.dal > al), righe[-1])


def si_chiama(codice: str, nome: str) -> bool:
    """Whether the place with this code bears, or once bore, this name; a province in brackets is ignored."""
    cercato = piega_testo(re.sub(r"\(.*?\)|,.*$", "", nome))
    return any(cercato in luogo.nomi_piegati for luogo in _elenco().per_codice.get(codice, ()))


def codici_del_nome(nome: str, provincia: str = "") -> set[str]:
    """The codes of all places, past and present, that bear this name (in this province, where given)."""
    trovati = _elenco().per_nome.get(piega_testo(re.sub(r"\(.*?\)|,.*$", "", nome)), ())
    return {luogo.codice for luogo in trovati if not provincia or luogo.provincia == provincia.upper()}


def comune_attivo(nome: str, provincia: str = "") -> Luogo | None:
    """The living town with exactly this name; None when there is none, or more than one without a province."""
    trovati = {
        luogo.codice: luogo
        for luogo in _elenco().per_nome.get(piega_testo(nome), ())
        if luogo.al is None and not luogo.estero and (not provincia or luogo.provincia == provincia.upper())
    }
    return next(iter(trovati.values())) if len(trovati) == 1 else None


def cerca_comuni(testo: str, limite: int = 8, *, nascita: bool = False) -> list[Luogo]:
    """Living towns whose name begins with `testo`, then those that contain a word that does.

    With `nascita` also towns that no longer exist and foreign states: one may be born there.
    """
    cercato = piega_testo(testo)
    if len(cercato) < 2:
        return []
    elenco = _elenco().di_nascita if nascita else _elenco().attivi
    esatti, inizio, dentro = [], [], []
    for luogo, piegato, parole in elenco:
        if piegato == cercato:
            esatti.append(luogo)
        elif piegato.startswith(cercato):
            inizio.append(luogo)
        elif any(parola.startswith(cercato) for parola in parole):
            dentro.append(luogo)
    return (esatti + inizio + dentro)[:limite]


def province() -> frozenset[str]:
    """The codes of the provinces that have living towns."""
    return _elenco().province


def cpi_competente(codice_comune: str, al: dt.date) -> CPI | None:
    """The office competent for those who live in this town on the day `al` (U1); None where the table does not say."""
    return cpi_competenti([codice_comune], al).get(codice_comune) if codice_comune else None


def cpi_competenti(codici: Iterable[str], al: dt.date) -> dict[str, CPI]:
    """The same for several towns, with one query."""
    righe = CompetenzaTerritoriale.objects.filter(valida_il(al), codice_comune__in=list(codici)).select_related("cpi")
    return {riga.codice_comune: riga.cpi for riga in righe}


_Voce = tuple[Luogo, str, tuple[str, ...]]


@dataclass(frozen=True)
class _Elenco:
    per_codice: dict[str, list[Luogo]]
    per_nome: dict[str, list[Luogo]]
    attivi: list[_Voce]
    di_nascita: list[_Voce]
    province: frozenset[str]


@lru_cache(maxsize=1)
def _elenco() -> _Elenco:
    per_codice: dict[str, list[Luogo]] = defaultdict(list)
    per_nome: dict[str, list[Luogo]] = defaultdict(list)
    for riga in [*get_municipalities_data(), *get_countries_data()]:
        nomi = [riga["name"], riga.get("name_alt", ""), riga.get("name_trans", ""), *riga["name_slugs"]]
        luogo = Luogo(
            codice=riga["code"],
            nome=_come_si_scrive(riga["name"]),
            provincia=riga["province"],
            dal=_giorno(riga["date_created"]) or dt.date.min,
            al=_giorno(riga["date_deleted"]),
            nomi_piegati=frozenset(piega_testo(nome) for nome in nomi if nome),
        )
        per_codice[luogo.codice].append(luogo)
        for piegato in luogo.nomi_piegati:
            per_nome[piegato].append(luogo)
    for righe in per_codice.values():
        righe.sort(key=lambda luogo: luogo.dal)
    ultimi = sorted((righe[-1] for righe in per_codice.values()), key=lambda luogo: (luogo.nome, luogo.provincia))
    voci = [(luogo, piega_testo(luogo.nome), _parole(luogo.nome)) for luogo in ultimi]
    attivi = [voce for voce in voci if voce[0].al is None and not voce[0].estero]
    return _Elenco(
        per_codice=dict(per_codice),
        per_nome=dict(per_nome),
        attivi=attivi,
        # the living first: among places of the same name it is the likelier one
        di_nascita=sorted(voci, key=lambda voce: voce[0].al is not None),
        province=frozenset(voce[0].provincia for voce in attivi),
    )


def _parole(nome: str) -> tuple[str, ...]:
    return tuple(piega_testo(parola) for parola in re.split(r"[\s'’/-]+", nome)[1:] if len(parola) > 2)


def _giorno(testo: str) -> dt.date | None:
    return dt.date.fromisoformat(testo[:10]) if testo else None


def _come_si_scrive(nome: str) -> str:
    """`Reggio Nell'Emilia` → `Reggio nell'Emilia`, `Bagno A Ripoli` → `Bagno a Ripoli`."""
    prima, *altre = nome.split(" ")
    testo = " ".join([prima, *(parola.lower() if _MINUSCOLE.fullmatch(parola.lower()) else parola for parola in altre)])
    return _ELISIONI.sub(lambda trovata: trovata[0].lower(), testo)
