"""What changed between two contents of the same pact, section by section, in words for a reviewer (T4)."""

from __future__ import annotations

import difflib
from collections.abc import Callable
from typing import Any

from psp.models import Sezione

Contenuto = dict[str, Any]
Elemento = dict[str, Any]
_LUNGHEZZA = 90

_PERSONA = {
    "cognome": "il cognome",
    "nome": "il nome",
    "codice_fiscale": "il codice fiscale",
    "nascita": "i dati di nascita",
    "cittadinanza": "la cittadinanza",
    "domicilio": "il domicilio",
    "residenza": "la residenza",
}
_DID = {"data": "la data della DID", "programma": "il programma", "termine": "il termine per il patto"}
_VALIDITA = {"dal": "l'inizio della validità", "al": "la fine della validità"}
_PROFILAZIONE = {
    "valore": "il valore della profilazione",
    "classe": "la classe della profilazione",
    "metodo": "il metodo della profilazione",
    "data": "la data della profilazione",
}
_ATTO = {"che_cosa": "il testo", "chi": "chi segue", "quando": "la scadenza", "prova": "la prova"}
_MISURA = {
    "nome": "il nome",
    "codice": "il codice",
    "stato": "lo stato",
    "periodo": "il periodo",
    "durata": "la durata",
    "modo": "la modalità",
    "note": "le note",
}
_PROPENSIONE = {
    "professione": "la professione",
    "codice": "il codice",
    "intervista": "la data dell'intervista",
    "sep": "il settore",
}
_DISPONIBILITA = {
    "laboratori": "la disponibilità a iniziative e laboratori",
    "formazione": "la disponibilità alla formazione",
    "offerte": "la disponibilità ad accettare offerte congrue",
}
_IMPEGNI = {
    "frequenza_contatti": "la frequenza dei contatti",
    "modo_contatti": "il modo dei contatti",
    "prova_ricerca": "come si dimostra la ricerca",
}


def differenze(prima: Contenuto, dopo: Contenuto) -> dict[str, list[str]]:
    """Section → sentences; a section that did not change is absent. The date of the draft is no change."""
    trovate = {
        Sezione.GENERALE.value: _generale(prima, dopo),
        Sezione.PROFILO.value: _profilo(prima["profilo"], dopo["profilo"]),
        Sezione.PROPENSIONI.value: _propensioni(prima, dopo),
        Sezione.PIANO.value: _piano(prima, dopo),
        Sezione.MISURE.value: _elenco(prima["misure"], dopo["misure"], "nome", "la misura", _misura),
        Sezione.IMPEGNI.value: _impegni(prima["impegni"], dopo["impegni"]),
    }
    return {sezione: frasi for sezione, frasi in trovate.items() if frasi}


def _generale(prima: Contenuto, dopo: Contenuto) -> list[str]:
    frasi = _campi(prima["persona"], dopo["persona"], _PERSONA)
    frasi += _valori("il recapito", _recapiti(prima), _recapiti(dopo))
    if prima["did"] and dopo["did"]:
        frasi += _campi(prima["did"], dopo["did"], _DID)
    elif prima["did"] or dopo["did"]:
        frasi.append("Aggiunta la DID." if dopo["did"] else "Tolta la DID.")
    frasi += _campi(prima["centro"], dopo["centro"], {"nome": "il centro", "indirizzo": "l'indirizzo del centro"})
    frasi += _campi(prima, dopo, {"operatore": "l'operatore", "responsabile": "il responsabile delle attività"})
    frasi += _campi(prima["validita"], dopo["validita"], _VALIDITA)
    frasi += _valori("l'incontro del", prima["colloquio"], dopo["colloquio"])
    if _versione(prima) != _versione(dopo):
        frasi.append(_cambio("l'informativa", _versione(prima), _versione(dopo)))
    return frasi


def _recapiti(contenuto: Contenuto) -> list[str]:
    return [f"{recapito['tipo']}: {recapito['valore']}" for recapito in contenuto["persona"]["recapiti"]]


def _versione(contenuto: Contenuto) -> str:
    testo = contenuto["informativa"]
    return f"versione {testo['versione']}, consenso {testo['consenso_incontro'] or 'non richiesto'}" if testo else ""


def _profilo(prima: Contenuto, dopo: Contenuto) -> list[str]:
    frasi = _campi(prima["profilazione"] or {}, dopo["profilazione"] or {}, _PROFILAZIONE)
    for chiave, nome, campi in (
        ("titoli", "il titolo di studio", ("descrizione", "dettaglio")),
        ("esperienze", "l'esperienza", ("mansione", "dove", "periodo")),
    ):
        frasi += _valori(nome, _righe(prima[chiave], campi), _righe(dopo[chiave], campi))
    frasi += _valori("la lingua", prima["lingue"], dopo["lingue"])
    return frasi + _valori("l'informazione", prima["abilitazioni"], dopo["abilitazioni"])


def _righe(voci: list[Elemento], campi: tuple[str, ...]) -> list[str]:
    return [", ".join(voce[campo] for campo in campi if voce[campo]) for voce in voci]


def _propensioni(prima: Contenuto, dopo: Contenuto) -> list[str]:
    return _elenco(prima["propensioni"], dopo["propensioni"], "professione", "la propensione", _propensione)


def _propensione(nome: str, prima: Elemento, dopo: Elemento) -> list[str]:
    frasi = _campi(prima, dopo, _PROPENSIONE, di=nome)
    da, a = ", ".join(prima["provenienze"]), ", ".join(dopo["provenienze"])
    if da != a:
        frasi.append(_cambio(f"la provenienza di «{nome}»", da, a))
    if prima["nota"] != dopo["nota"]:
        frasi.append(_nota(nome, prima["nota"], dopo["nota"]))
    return frasi


def _nota(nome: str, prima: str, dopo: str) -> str:
    """The words added and taken away from a note, as far as they are few."""
    da, a = prima.split(), dopo.split()
    if max(len(da), len(a)) > 3000:
        return f"Cambiata la nota di «{nome}»."
    tolte, aggiunte = [], []
    for azione, i, j, k, m in difflib.SequenceMatcher(a=da, b=a, autojunk=False).get_opcodes():
        if azione != "equal":
            tolte += da[i:j]
            aggiunte += a[k:m]
    parti = [
        f"{verbo} «{_breve(' '.join(parole))}»"
        for verbo, parole in (("tolto", tolte), ("aggiunto", aggiunte))
        if parole
    ]
    return f"Cambiata la nota di «{nome}»: {', '.join(parti)}." if parti else f"Cambiata la nota di «{nome}»."


def _piano(prima: Contenuto, dopo: Contenuto) -> list[str]:
    frasi: list[str] = []
    vecchi = {gruppo["tipo"]: gruppo["atti"] for gruppo in prima["piano"]}
    for gruppo in dopo["piano"]:
        frasi += _elenco(vecchi.pop(gruppo["tipo"], []), gruppo["atti"], "che_cosa", "l'atto", _atto)
    for atti in vecchi.values():
        frasi += _elenco(atti, [], "che_cosa", "l'atto", _atto)
    return frasi


def _atto(nome: str, prima: Elemento, dopo: Elemento) -> list[str]:
    return _campi(prima, dopo, _ATTO, di=nome)


def _misura(nome: str, prima: Elemento, dopo: Elemento) -> list[str]:
    return _campi(prima, dopo, _MISURA, di=nome)


def _impegni(prima: Contenuto, dopo: Contenuto) -> list[str]:
    frasi = _campi(prima["disponibilita"], dopo["disponibilita"], _DISPONIBILITA)
    return frasi + _campi(prima, dopo, _IMPEGNI)


def _elenco(
    prima: list[Elemento],
    dopo: list[Elemento],
    nome: str,
    genere: str,
    confronta: Callable[[str, Elemento, Elemento], list[str]],
) -> list[str]:
    """Rows of two lists matched by `rif`, then by name: added, changed, taken away."""
    coppie = _coppie(prima, dopo, nome)
    frasi: list[str] = []
    for voce, compagna in zip(dopo, coppie, strict=True):
        if compagna is None:
            frasi.append(f"{_participio('Aggiunt', genere)} {genere} «{_breve(voce[nome])}».")
        else:
            frasi += confronta(_breve(compagna[nome]), compagna, voce)
    tolte = [voce for voce in prima if not any(voce is compagna for compagna in coppie)]
    return frasi + [f"{_participio('Tolt', genere)} {genere} «{_breve(voce[nome])}»." for voce in tolte]


def _coppie(prima: list[Elemento], dopo: list[Elemento], nome: str) -> list[Elemento | None]:
    """For each row of `dopo` the one it was: the same `rif`, else the same name among those left over."""
    rimasti = list(prima)
    coppie: list[Elemento | None] = [None] * len(dopo)
    for chiave in ("rif", nome):
        for posto, voce in enumerate(dopo):
            if coppie[posto] is not None or not voce.get(chiave):
                continue
            trovato = next((i for i, altra in enumerate(rimasti) if altra.get(chiave) == voce[chiave]), None)
            if trovato is not None:
                coppie[posto] = rimasti.pop(trovato)
    return coppie


def _valori(nome: str, prima: list[str], dopo: list[str]) -> list[str]:
    """Plain lines added and taken away."""
    return [f"{_participio('Aggiunt', nome)} {nome} «{_breve(v)}»." for v in dopo if v not in prima] + [
        f"{_participio('Tolt', nome)} {nome} «{_breve(v)}»." for v in prima if v not in dopo
    ]


def _campi(prima: Elemento, dopo: Elemento, nomi: dict[str, str], *, di: str = "") -> list[str]:
    return [
        _cambio(f"{nome} di «{di}»" if di else nome, prima.get(campo, ""), dopo.get(campo, ""))
        for campo, nome in nomi.items()
        if prima.get(campo, "") != dopo.get(campo, "")
    ]


def _cambio(nome: str, prima: str, dopo: str) -> str:
    return f"{_participio('Cambiat', nome)} {nome}: {_breve(prima) or 'vuoto'} → {_breve(dopo) or 'vuoto'}."


_FEMMINILI_CON_APOSTROFO = ("l'esperienza", "l'informazione", "l'informativa")


def _participio(radice: str, nome: str) -> str:
    """The participle in the gender and number of the words that follow."""
    if nome.startswith(("la ", *_FEMMINILI_CON_APOSTROFO)):
        return f"{radice}a"
    if nome.startswith("le "):
        return f"{radice}e"
    return f"{radice}i" if nome.startswith("i ") else f"{radice}o"


def _breve(testo: str) -> str:
    testo = " ".join(str(testo).split())
    return testo if len(testo) <= _LUNGHEZZA else f"{testo[: _LUNGHEZZA - 1].rstrip()}…"
