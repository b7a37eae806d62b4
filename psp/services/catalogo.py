"""The catalogue of the service charter as dated rows (M2) and the typical acts as starting facts (M1)."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Prefetch, Q

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.validita import valida_il
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra
from psp.models import AttoRicerca, CodiceServizio, GenereServizio, Servizio

DATI = Path(__file__).resolve().parent.parent / "dati"
CARTA_DAL = dt.date(2021, 1, 1)


@dataclass(frozen=True)
class AttoTipico:
    """An act that offices agree often: ticked, it becomes an act of the plan with its timing and proof."""

    chiave: str
    tipo: str
    descrizione: str
    soggetto: str
    frequenza: str
    giorni: int | None
    prova: str


@cache
def atti_tipici() -> tuple[AttoTipico, ...]:
    """The typical acts of the three kinds, in the order of the file."""
    return tuple(
        AttoTipico(
            chiave=riga["chiave"],
            tipo=AttoRicerca.Tipo(riga["tipo"]).value,
            descrizione=riga["descrizione"],
            soggetto=riga["soggetto"],
            frequenza=riga["frequenza"],
            giorni=int(riga["giorni"]) if riga["giorni"] else None,
            prova=riga["prova"],
        )
        for riga in _righe("atti_tipici.csv")
    )


@transaction.atomic
def carica_catalogo() -> int:
    """Load the services that are not there yet; rows that an office has changed stay as they are. Returns how many."""
    nuovi = 0
    for riga in _righe("servizi.csv"):
        servizio, creato = Servizio.objects.get_or_create(
            chiave=riga["chiave"],
            defaults={
                "nome": riga["nome"],
                "descrizione": riga["descrizione"],
                "modo": Servizio.Modo(riga["modo"]),
                "genere": GenereServizio(riga["genere"]),
                "ore_previste": Decimal(riga["ore"].replace(",", ".")) if riga["ore"] else None,
                "minuti_minimi_incontro": _intero(riga["minuti_incontro"]),
                "minuti_minimi": _intero(riga["minuti_minimi"]),
                "minuti_massimi": _intero(riga["minuti_massimi"]),
                "ordine": int(riga["ordine"]),
                "valido_dal": CARTA_DAL,
            },
        )
        nuovi += creato
        if creato and riga["codice"]:
            CodiceServizio.objects.create(servizio=servizio, codice=riga["codice"], valido_dal=CARTA_DAL)
    return nuovi


@transaction.atomic
def salva_servizio(*, servizio: Servizio | None, dati: dict[str, Any], attore: Operatore) -> Servizio:
    """Enter a service of the charter or correct it; it is retired by its last day and never deleted (M2).

    The key stays as it was born. What is to be written (`genere`) stays too once a measure has been agreed: the
    details already written are of that kind.
    """
    riga = servizio and Servizio.objects.select_for_update(of=("self",), no_key=True).get(pk=servizio.pk)
    if dati["valido_al"] and dati["valido_al"] < dati["valido_dal"]:
        raise RegolaViolata("La fine precede l'inizio.", campo="valido_al", regola="M2")
    minimi, massimi = dati["minuti_minimi"], dati["minuti_massimi"]
    if minimi and massimi and massimi < minimi:
        raise RegolaViolata("I minuti massimi sono meno dei minimi.", campo="minuti_massimi", regola="C2")
    if riga and dati["genere"] != riga.genere and riga.misure.exists():
        raise RegolaViolata(
            "Il servizio è già in alcuni patti: che cosa va scritto non si cambia più. Si può ritirare questo servizio "
            "con una data di fine e inserirne un altro.",
            campo="genere",
            regola="M2",
        )
    if riga is None and Servizio.objects.filter(chiave=dati["chiave"]).exists():
        raise RegolaViolata("C'è già un servizio con questa chiave.", campo="chiave", regola="M2")
    return _salva(riga or Servizio(), {c: v for c, v in dati.items() if c != "chiave" or riga is None}, attore)


@transaction.atomic
def salva_codice(*, codice: CodiceServizio | None, dati: dict[str, Any], attore: Operatore) -> CodiceServizio:
    """Give a service a code between two dates, or correct it. On each day a service has one code at most (M2)."""
    riga = codice and CodiceServizio.objects.select_for_update(of=("self",), no_key=True).get(pk=codice.pk)
    servizio = Servizio.objects.select_for_update(of=("self",), no_key=True).get(
        pk=riga.servizio_id if riga else dati["servizio"].pk
    )
    dal, al = dati["valido_dal"], dati["valido_al"]
    if al and al < dal:
        raise RegolaViolata("La fine precede l'inizio.", campo="valido_al", regola="M2")
    altri = servizio.codici.exclude(pk=riga.pk if riga else 0).filter(
        Q(valido_al__isnull=True) | Q(valido_al__gte=dal), **({"valido_dal__lte": al} if al else {})
    )
    if altro := altri.first():
        raise RegolaViolata(
            f"Nello stesso periodo il servizio ha già il codice {altro}, dal {altro.valido_dal:%d/%m/%Y}: dargli prima "
            "una data di fine.",
            campo="valido_dal",
            regola="M2",
        )
    return _salva(riga or CodiceServizio(), {**dati, "servizio": servizio}, attore)


def con_codice(giorno: dt.date, prefisso: str = "") -> Prefetch[str]:
    """A prefetch of the code in force on `giorno` into `codici_del_giorno`; none means no code (M2)."""
    codici = CodiceServizio.objects.filter(valida_il(giorno))
    return Prefetch(f"{prefisso}codici", queryset=codici.order_by("-valido_dal"), to_attr="codici_del_giorno")


def codice_del_giorno(servizio: Servizio) -> str:
    """The code prefetched by `con_codice`, or the empty text."""
    codici = servizio.codici_del_giorno  # type: ignore[attr-defined]
    return codici[0].codice if codici else ""


def servizi_in_vigore(giorno: dt.date) -> list[Servizio]:
    """The services that may be agreed on `giorno`, in the order of the charter, with their code (two queries)."""
    return list(Servizio.objects.in_vigore(giorno).prefetch_related(con_codice(giorno)))


def _salva(riga: Any, dati: dict[str, Any], attore: Operatore) -> Any:
    """Write what differs, with its line in the register."""
    nuova = riga.pk is None
    cambi = {} if nuova else differenze(riga, dati)
    if not nuova and not cambi:
        return riga
    for campo, valore in dati.items():
        setattr(riga, campo, valore)
    riga.save(update_fields=None if nuova else list(cambi))
    dettaglio = {"creato": str(riga)} if nuova else cambi
    registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=attore, oggetto=riga, dettaglio=dettaglio)
    return riga


def _intero(testo: str) -> int | None:
    return int(testo) if testo else None


def _righe(nome: str) -> list[dict[str, str]]:
    with (DATI / nome).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter=";"))
