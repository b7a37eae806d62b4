"""What the templates of phases 1 and 2 need, as plain lists: no query and no choice is left to them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from curriculum.services import lettura as curricula
from orientamento.anagrafica.models import Utente
from psp.models import Area, Colloquio, EsitoPromozione, Fase, Giudizio
from psp.services.colloquio import campo_area
from psp.services.completezza_colloquio import Situazione, mancanze_fase

GIUDIZI = [(str(g.value), g.label) for g in Giudizio]

DOMANDE: dict[str, str] = {
    "aspettative": "Che cosa si attende dal centro per l'impiego, e in quanto tempo?",
    "motivazione": "Quanto è disposta ad attivarsi, e che cosa la muove o la frena?",
    Area.PROFILO: "Che lavori sa fare e in quali si riconosce?",
    Area.ESPERIENZA: "È vicina, recente, solida?",
    Area.FORMAZIONE: "Basta? Che cosa manca?",
    Area.AUTONOMIA: "Dove e quanto cerca?",
    Area.AUTOPROMOZIONE: "Come si presenta e come parla di ciò che sa fare?",
    Area.VINCOLI: "Quanto margine lasciano orari, spostamenti e famiglia? Niente notizie sulla salute.",
    Area.OBIETTIVO: "L'obiettivo è definito, realistico, raggiungibile qui?",
    Area.MERCATO: "Chi assume in zona, che cosa chiede?",
    Area.METODO: "Ha un metodo e un elenco?",
    Area.STRUMENTI: "Sono pronti e aggiornati?",
}
NOMI_BREVI: dict[str, str] = {
    Area.PROFILO: "Profilo",
    Area.ESPERIENZA: "Esperienza",
    Area.FORMAZIONE: "Formazione",
    Area.AUTONOMIA: "Autonomia",
    Area.AUTOPROMOZIONE: "Autopromozione",
    Area.VINCOLI: "Vincoli",
    Area.OBIETTIVO: "Obiettivo",
    Area.MERCATO: "Mercato del lavoro",
    Area.METODO: "Metodo e imprese",
    Area.STRUMENTI: "Strumenti",
}
SPUNTE = {
    "informato_svolgimento": "Ho informato la persona su come si svolge il colloquio e sulle sue fasi",
    "informato_diritti_doveri": "Ho informato la persona sui diritti e sui doveri che nascono dal patto",
}
PROMOZIONI = {
    "curriculum": ("Curriculum", "Redazione, verifica o aggiornamento del curriculum"),
    "portale": ("Portale del cittadino", "Registrazione sul portale Toscana Lavoro"),
}


def voci_uno(valori: Mapping[str, Any], errori: Mapping[str, str]) -> list[dict[str, Any]]:
    """Expectations and motivation (C3)."""
    nomi = {"aspettative": "Aspettative", "motivazione": "Motivazione"}
    return [_voce(nome, f"{nome}_note", titolo, nome, valori, errori) for nome, titolo in nomi.items()]


def spunte(valori: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"campo": campo, "testo": testo, "si": bool(valori.get(campo))} for campo, testo in SPUNTE.items()]


def voci_due(valori: Mapping[str, Any], errori: Mapping[str, str]) -> list[dict[str, Any]]:
    """The ten areas (C4)."""
    return [
        _voce(campo_area(area, "giudizio"), campo_area(area, "note"), area.label, area, valori, errori) for area in Area
    ]


def _voce(
    giudizio: str, note: str, titolo: str, domanda: str, valori: Mapping[str, Any], errori: Mapping[str, str]
) -> dict[str, Any]:
    scelto = str(valori.get(giudizio) or "")
    return {
        "campo": giudizio,
        "campo_note": note,
        "titolo": titolo,
        "domanda": DOMANDE[domanda],
        "giudizi": [(valore, parola, valore == scelto) for valore, parola in GIUDIZI],
        "note": valori.get(note) or "",
        "errore": errori.get(note, ""),
    }


def promozioni(valori: Mapping[str, Any], errori: Mapping[str, str], proposta: str) -> list[dict[str, Any]]:
    """How the promotion of CV and portal ended (C5); for the CV the file may know the answer already."""
    return [
        {
            "campo": campo,
            "titolo": titolo,
            "domanda": domanda,
            "scelte": [
                (
                    esito.value,
                    esito.label,
                    valori.get(campo) == esito.value,
                    campo == "curriculum" and proposta == esito,
                )
                for esito in EsitoPromozione
            ],
            "motivo": valori.get(f"{campo}_motivo") or "",
            "errore": errori.get(f"{campo}_motivo", ""),
        }
        for campo, (titolo, domanda) in PROMOZIONI.items()
    ]


def proposta_curriculum(colloquio: Colloquio, cv: dict[str, Any] | None) -> str:
    """A CV of the file loaded since the interview began was done in it; an older one was already there."""
    if cv is None or colloquio.curriculum:
        return ""
    caricato: dt.datetime = cv["caricato_il"]
    return EsitoPromozione.FATTO if caricato >= colloquio.aperto_il else EsitoPromozione.GIA_PRESENTE


def curriculum_di(utente: Utente) -> dict[str, Any] | None:
    return curricula.curriculum_attuale(utente)


def indice_uno(situazione: Situazione) -> dict[str, Any]:
    """The side index of phase 1, each line with its state."""
    mancanze = mancanze_fase(situazione.colloquio, Fase.INFORMATIVA, situazione=situazione)
    mancanti = {m.chiave for m in mancanze}
    return {
        "voci": [
            _riga("Informazioni date", "#informazioni", not mancanti & set(SPUNTE)),
            _riga("Aspettative", "#id_aspettative_1", "aspettative" not in mancanti),
            _riga("Motivazione", "#id_motivazione_1", "motivazione" not in mancanti),
        ],
        "mancano": len(mancanze),
    }


def indice_due(situazione: Situazione, *, imprese: int, cv: dict[str, Any] | None) -> dict[str, Any]:
    """The side index of phase 2: the ten areas and the other sections."""
    colloquio = situazione.colloquio
    mancanze = mancanze_fase(colloquio, Fase.ANALISI, situazione=situazione)
    mancanti = {m.chiave for m in mancanze}
    da_giudicare = set(situazione.aree_da_giudicare)
    aree = [_riga(NOMI_BREVI[area], f"#id_area_{area.value}_giudizio_1", area not in da_giudicare) for area in Area]
    fatte = len(Area) - len(da_giudicare)
    quante = situazione.propensioni
    return {
        "voci": [
            _riga("Dieci aree", "#aree", not da_giudicare, f"{fatte} di {len(Area)}") | {"sotto": aree},
            _riga("Imprese", "#imprese", imprese > 0, str(imprese) if imprese else "consigliate", imprese == 0),
            _riga("Propensioni", "#propensioni", quante > 0, f"{quante} di 3"),
            _riga(
                "Curriculum",
                "#curriculum",
                not mancanti & {"curriculum", "curriculum_motivo"},
                "nel fascicolo" if cv else "",
            ),
            _riga("Portale", "#portale", not mancanti & {"portale", "portale_motivo"}),
        ],
        "mancano": len(mancanze) + len(da_giudicare),
    }


PANNELLI = (
    "anagrafica:pannello_titoli",
    "anagrafica:pannello_esperienze",
    "propensioni:pannello",
    "curriculum:pannello",
)


def pannelli(utente: Utente) -> dict[str, str]:
    """Where the sections of the file shown beside come from."""
    return {nome.replace(":", "_"): reverse(nome, args=[utente.pk]) for nome in PANNELLI}


def _riga(nome: str, url: str, fatto: bool, parola: str = "", facoltativo: bool = False) -> dict[str, Any]:
    stato = "fatto" if fatto else "facoltativo" if facoltativo else "manca"
    return {"nome": nome, "url": url, "stato": stato, "parola": parola, "sotto": []}
