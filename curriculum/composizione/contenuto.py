"""Sources and choices → what the template prints, plain data already in words."""

from __future__ import annotations

import datetime as dt
from typing import Any

from curriculum.composizione.fonti import Fonti
from curriculum.composizione.scelte import Scelte
from orientamento.anagrafica.models import CompetenzaPersonale, Esperienza, TitoloStudio
from orientamento.comune.testo import pulito, riga

SEGNI_DI_ELENCO = ("- ", "• ", "* ", "– ")


def contenuto_del_cv(fonti: Fonti, scelte: Scelte, *, giorno: dt.date) -> dict[str, Any]:
    """The whole content. Sections without a chosen entry are empty and are not printed."""
    prese = scelte.elenchi
    lingue = [lingua for lingua in fonti.lingue if str(lingua.pk) in prese["lingue"]]
    return {
        "nome": riga(f"{fonti.utente.nome} {fonti.utente.cognome}"),
        "professioni": [riga(p["professione"]) for p in fonti.propensioni if str(p["id"]) in prese["propensioni"]],
        "recapiti": [
            {"tipo": nome, "valore": valore, "chiave": chiave}
            for chiave, (nome, valore) in fonti.recapiti.items()
            if chiave in scelte.recapiti
        ],
        "profilo": blocchi(scelte.profilo),
        "esperienze": [
            _esperienza(e, scelte.esperienze[str(e.pk)]) for e in fonti.esperienze if str(e.pk) in scelte.esperienze
        ],
        "titoli": [_titolo(t) for t in fonti.titoli if str(t.pk) in prese["titoli"]],
        "madrelingue": [riga(lingua.lingua) for lingua in lingue if lingua.madrelingua],
        "lingue": [
            {"lingua": riga(x.lingua), "comprensione": x.comprensione, "parlato": x.parlato, "scritto": x.scritto}
            for x in lingue
            if not x.madrelingua
        ],
        "competenze": _competenze([c for c in fonti.competenze if str(c.pk) in prese["competenze"]]),
        "informazioni": [
            {"tipo": nome, "valore": valore}
            for chiave, (nome, valore) in fonti.informazioni.items()
            if chiave in prese["informazioni"]
        ],
        "autorizzazione": scelte.autorizzazione,
        "luogo": riga(fonti.utente.domicilio_comune),
        "giorno": f"{giorno:%d/%m/%Y}",
    }


def blocchi(testo: str) -> list[dict[str, Any]]:
    """People's text in paragraphs and lists: lines that begin like items of a list are one."""
    trovati: list[dict[str, Any]] = []
    for scritta in pulito(testo).split("\n"):
        linea = scritta.strip()
        voce = next((linea[len(s) :].strip() for s in SEGNI_DI_ELENCO if linea.startswith(s)), "")
        if voce:
            if not (trovati and trovati[-1]["voci"]):
                trovati.append({"voci": [], "testo": ""})
            trovati[-1]["voci"].append(voce)
        elif linea:
            trovati.append({"voci": [], "testo": linea})
    return trovati


def _esperienza(e: Esperienza, testo: str) -> dict[str, Any]:
    return {
        "periodo": f"{e.dal:%m/%Y} – {e.al:%m/%Y}" if e.al else f"{e.dal:%m/%Y} – oggi",
        "mansione": riga(e.mansione),
        "dove": ", ".join(p for p in (riga(e.datore), riga(e.luogo)) if p),
        "rapporto": riga(e.tipo_rapporto),
        "testo": blocchi(testo),
    }


def _titolo(t: TitoloStudio) -> dict[str, Any]:
    note = []
    if t.estero:
        note.append("Conseguito all'estero, riconosciuto in Italia" if t.riconosciuto else "Conseguito all'estero")
    if not t.conseguito:
        note.append("Non conseguito")
    return {
        "anno": str(t.anno) if t.anno and t.conseguito else "",
        "titolo": riga(t.descrizione),
        "istituto": riga(t.istituto),
        "nota": ". ".join(note),
    }


def _competenze(scelte: list[CompetenzaPersonale]) -> list[dict[str, Any]]:
    gruppi = []
    for genere in CompetenzaPersonale.Genere:
        voci = [riga(c.descrizione) for c in scelte if c.genere == genere]
        if voci:
            gruppi.append({"genere": NOMI_COMPETENZE[genere], "voci": voci})
    return gruppi


NOMI_COMPETENZE = {
    CompetenzaPersonale.Genere.TECNICA: "Professionali",
    CompetenzaPersonale.Genere.TRASVERSALE: "Trasversali",
    CompetenzaPersonale.Genere.DIGITALE: "Digitali",
}
