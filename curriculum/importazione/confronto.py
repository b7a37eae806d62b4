"""What of a sheet the file has already, and where the two disagree on the person (U4)."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError

from orientamento.anagrafica.forms.fascicolo import MeseOGiornoField
from orientamento.anagrafica.forms.utente import telefono_leggibile
from orientamento.anagrafica.models import Utente
from orientamento.comune.piega import piega_testo

PERSONA = {
    "cognome": "Cognome",
    "nome": "Nome",
    "data_nascita": "Data di nascita",
    "domicilio_indirizzo": "Indirizzo",
    "domicilio_comune": "Comune",
    "cellulare": "Cellulare",
    "telefono": "Telefono",
    "email": "Posta elettronica",
}
IDENTITA = ("cognome", "nome", "data_nascita")
SIMILE = "C'è già nel fascicolo"


class Presenti:
    """The entries of the file of `utente`, to tell which of a sheet's are there already. Five queries, once."""

    def __init__(self, utente: Utente) -> None:
        self.titoli = [(piega_testo(t.descrizione), t.anno) for t in utente.titoli.all()]
        self.esperienze = [
            (piega_testo(e.mansione), piega_testo(e.datore), e.dal.year, e.dal.month) for e in utente.esperienze.all()
        ]
        self.lingue = {piega_testo(lingua.lingua) for lingua in utente.lingue.all()}
        self.competenze = {piega_testo(c.descrizione) for c in utente.competenze.all()}
        altre = getattr(utente, "altre_informazioni", None)
        self.patenti = set(altre.patenti) if altre else set()

    def gia(self, sezione: str, valori: dict[str, Any]) -> str:
        """Why the entry seems to be there already, in words; empty where it is new."""
        presente: bool = getattr(self, f"_{sezione}")(valori)
        return SIMILE if presente else ""

    def _titoli(self, valori: dict[str, Any]) -> bool:
        anno = str(valori.get("anno") or "")
        return any(
            nome == piega_testo(str(valori.get("descrizione") or "")) and (not anno or suo is None or anno == str(suo))
            for nome, suo in self.titoli
        )

    def _esperienze(self, valori: dict[str, Any]) -> bool:
        mansione, datore = (piega_testo(str(valori.get(c) or "")) for c in ("mansione", "datore"))
        inizio = _mese(valori.get("dal"))
        return any(
            (mansione, datore) == (sua, suo) and (inizio is None or inizio == (anno, mese))
            for sua, suo, anno, mese in self.esperienze
        )

    def _lingue(self, valori: dict[str, Any]) -> bool:
        return piega_testo(str(valori.get("lingua") or "")) in self.lingue

    def _competenze(self, valori: dict[str, Any]) -> bool:
        return piega_testo(str(valori.get("descrizione") or "")) in self.competenze

    def _altro(self, valori: dict[str, Any]) -> bool:
        return bool(valori.get("patenti")) and set(valori["patenti"]) <= self.patenti


def _mese(scritto: Any) -> tuple[int, int] | None:
    try:
        data = MeseOGiornoField(required=False).to_python(scritto)
    except ValidationError:
        return None
    return (data.year, data.month) if data else None


def differenze_di_persona(scritte: dict[str, str], utente: Utente) -> list[dict[str, str]]:
    """Where the sheet says of the person something else than the file: shown, never imported."""
    trovate = []
    for campo, etichetta in PERSONA.items():
        nostro = getattr(utente, campo)
        nostro = f"{nostro:%d/%m/%Y}" if campo == "data_nascita" else str(nostro or "")
        loro = _numero(scritte.get(campo, "")) if campo in ("cellulare", "telefono") else scritte.get(campo, "")
        if loro and piega_testo(loro) != piega_testo(_numero(nostro) if campo in ("cellulare", "telefono") else nostro):
            genere = "identita" if campo in IDENTITA else "recapiti"
            trovate.append(
                {"campo": campo, "etichetta": etichetta, "documento": loro, "fascicolo": nostro, "genere": genere}
            )
    return trovate


def _numero(testo: str) -> str:
    try:
        return telefono_leggibile(testo) if testo else ""
    except ValidationError:
        return testo
