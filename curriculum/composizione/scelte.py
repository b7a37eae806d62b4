"""What is chosen and written for a CV, and how it is remembered for the next time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from curriculum.composizione.fonti import RECAPITI_DI_SOLITO, Fonti, di_solito

ELENCHI = ("propensioni", "titoli", "lingue", "competenze", "informazioni")


@dataclass
class Scelte:
    """`elenchi` are the keys chosen of each list, `esperienze` the text printed under each chosen one."""

    profilo: str = ""
    recapiti: list[str] = field(default_factory=list)
    elenchi: dict[str, list[str]] = field(default_factory=dict)
    esperienze: dict[str, str] = field(default_factory=dict)
    testi: dict[str, str] = field(default_factory=dict)
    autorizzazione: bool = False


def chiavi(fonti: Fonti) -> dict[str, list[str]]:
    """Everything that each list offers, in its order."""
    return {
        "propensioni": [str(p["id"]) for p in fonti.propensioni],
        "titoli": [str(t.pk) for t in fonti.titoli],
        "lingue": [str(lingua.pk) for lingua in fonti.lingue],
        "competenze": [str(c.pk) for c in fonti.competenze],
        "informazioni": list(fonti.informazioni),
    }


def ricordate(scelte: Scelte, fonti: Fonti) -> dict[str, Any]:
    """As it is stored: what was left out, not what was kept, so that a new entry of the file is printed.

    Beside each text the one of the file that it began from: when that changes, the file's is proposed again.
    """
    offerte = chiavi(fonti)
    return {
        "profilo": scelte.profilo,
        "recapiti": scelte.recapiti,
        "autorizzazione": scelte.autorizzazione,
        "fuori": {nome: [c for c in offerte[nome] if c not in scelte.elenchi[nome]] for nome in ELENCHI}
        | {"esperienze": [str(e.pk) for e in fonti.esperienze if str(e.pk) not in scelte.esperienze]},
        "testi": {
            str(e.pk): {"testo": scelte.testi[str(e.pk)], "da": e.attivita}
            for e in fonti.esperienze
            if scelte.testi.get(str(e.pk), e.attivita) != e.attivita
        },
    }


def proposte(fonti: Fonti, ricordo: dict[str, Any]) -> Scelte:
    """What the page begins from: the last time's choices, else the usual ones."""
    fuori = ricordo.get("fuori", {})
    if not ricordo:
        fuori = {"titoli": [str(t.pk) for t in fonti.titoli if not di_solito(t)]}
    testi = {}
    for e in fonti.esperienze:
        ultimo = ricordo.get("testi", {}).get(str(e.pk))
        testi[str(e.pk)] = ultimo["testo"] if ultimo and ultimo["da"] == e.attivita else e.attivita
    presi = {pk: testo for pk, testo in testi.items() if pk not in fuori.get("esperienze", [])}
    return Scelte(
        profilo=ricordo.get("profilo", ""),
        recapiti=[c for c in ricordo.get("recapiti", RECAPITI_DI_SOLITO) if c in fonti.recapiti],
        elenchi={nome: [c for c in tutte if c not in fuori.get(nome, [])] for nome, tutte in chiavi(fonti).items()},
        esperienze=presi,
        testi=testi,
        autorizzazione=ricordo.get("autorizzazione", True),
    )
