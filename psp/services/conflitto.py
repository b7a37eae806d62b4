"""Two hands on the same phase: what differs, who wrote it, which text stays (C8). Nothing here writes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from psp.models import Area, Colloquio, EsitoPromozione, Giudizio
from psp.services.colloquio import campo_area, leggi_fase, versione_di

NOTE_MASSIME = 10_000

MIO, ALTRUI, ENTRAMBI = "mio", "altrui", "entrambi"

ETICHETTE: dict[str, str] = {
    "informato_svolgimento": "Informato sullo svolgimento e sulle fasi",
    "informato_diritti_doveri": "Informato sui diritti e sui doveri",
    "aspettative": "Aspettative: giudizio",
    "aspettative_note": "Aspettative: note",
    "motivazione": "Motivazione: giudizio",
    "motivazione_note": "Motivazione: note",
    "curriculum": "Curriculum",
    "curriculum_motivo": "Curriculum: motivo",
    "portale": "Portale del cittadino",
    "portale_motivo": "Portale del cittadino: motivo",
    **{campo_area(area.value, "giudizio"): f"{area.label}: giudizio" for area in Area},
    **{campo_area(area.value, "note"): f"{area.label}: note" for area in Area},
}


@dataclass(frozen=True)
class Differenza:
    """One field with two texts: the one saved meanwhile, and the one that its author meant to save."""

    campo: str
    etichetta: str
    altrui: str
    mio: str
    da: str
    il: dt.datetime
    unibili: bool
    proposta: str = ""


@dataclass(frozen=True)
class Confronto:
    """`conflitti` ask for a choice; `altre_scritte` were changed by others only, and stay as they are."""

    versione: int
    conflitti: list[Differenza] = field(default_factory=list)
    altre_scritte: list[Differenza] = field(default_factory=list)


def confronta(
    *, colloquio: Colloquio, fase: int, dati: Mapping[str, Any], versione: int, attore: Operatore
) -> Confronto:
    """What stands in the database against `dati`, which were written upon `versione`.

    A field that nobody else wrote since then is no conflict: the newer text is simply the newer.
    """
    attuali = leggi_fase(colloquio, fase)
    conflitti: list[Differenza] = []
    altre: list[Differenza] = []
    for campo, valore in attuali.items():
        mano = colloquio.scritture.get(campo)
        if mano is None or mano["v"] <= versione:
            continue
        differenza = Differenza(
            campo=campo,
            etichetta=ETICHETTE[campo],
            altrui=in_parole(campo, valore),
            mio=in_parole(campo, dati.get(campo, valore)),
            da="lei, in un'altra finestra" if mano["id"] == attore.pk else mano["da"],
            il=timezone.localtime(dt.datetime.fromisoformat(mano["il"])),
            unibili=isinstance(valore, str)
            and campo.endswith(("_note", "_motivo"))
            and bool(valore and dati.get(campo)),
            proposta=_proposta(valore, dati.get(campo)),
        )
        (conflitti if campo in dati and dati[campo] != valore else altre).append(differenza)
    return Confronto(versione_di(colloquio, fase), conflitti, altre)


def risolvi(
    *, confronto: Confronto, attuali: Mapping[str, Any], dati: Mapping[str, Any], scelte: Mapping[str, str]
) -> dict[str, Any]:
    """`dati` as the person chose: a field left to the other is not written, "both" joins the two texts."""
    risolti = {
        campo: valore for campo, valore in dati.items() if campo not in {d.campo for d in confronto.altre_scritte}
    }
    for differenza in confronto.conflitti:
        campo, scelta = differenza.campo, scelte.get(differenza.campo)
        if scelta == ALTRUI:
            del risolti[campo]
        elif scelta == ENTRAMBI and differenza.unibili:
            risolti[campo] = f"{attuali[campo]}\n\n{dati[campo]}"
            if len(risolti[campo]) > (NOTE_MASSIME if campo.endswith("_note") else 300):
                raise RegolaViolata(
                    f"«{differenza.etichetta}»: i due testi insieme sono troppo lunghi.", campo=campo, regola="C8"
                )
        elif scelta != MIO:
            raise RegolaViolata(f"Scegliere quale testo tenere per «{differenza.etichetta}».", campo=campo, regola="C8")
    return risolti


def in_parole(campo: str, valore: Any) -> str:
    """A value as people read it."""
    if valore in (None, ""):
        return "(niente)"
    if isinstance(valore, bool):
        return "Sì" if valore else "No"
    if isinstance(valore, int):
        return f"{valore} – {Giudizio(valore).label}"
    if campo in ("portale", "curriculum"):
        return str(EsitoPromozione(valore).label)
    return str(valore)


def _proposta(altrui: Any, mio: Any) -> str:
    """The choice that loses nothing, where there is one: an empty field yields, a longer text contains the shorter."""
    if mio in (None, "") or (isinstance(mio, str) and isinstance(altrui, str) and altrui.startswith(mio)):
        return ALTRUI
    if altrui in (None, "") or (isinstance(mio, str) and isinstance(altrui, str) and mio.startswith(altrui)):
        return MIO
    return ENTRAMBI if isinstance(mio, str) and isinstance(altrui, str) and " " in mio else ""
