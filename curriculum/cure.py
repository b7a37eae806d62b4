"""What mends a request that the portal refused: words and the address that puts the cursor there."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class Cura:
    testo: str
    url: str


# Code of the error → words, address, field.
CURE = {
    "posta_diversa": ("Controlla la posta elettronica con la persona", "anagrafica:identita", "#id_email"),
    "registrazione_rifiutata": ("Controlla identità e recapiti con la persona", "anagrafica:identita", "#id_cognome"),
    "richiesta_non_valida": ("Controlla identità e recapiti con la persona", "anagrafica:identita", "#id_cognome"),
    "recapiti_mancanti": ("Aggiungi la posta elettronica o il cellulare", "anagrafica:identita", "#id_email"),
    "file_rifiutato": ("Carica un altro file", "curriculum:pannello", "#id_cv_file"),
    "file_troppo_grande": ("Carica un file più piccolo", "curriculum:pannello", "#id_cv_file"),
    "impronta_diversa": ("Carica di nuovo il curriculum", "curriculum:pannello", "#id_cv_file"),
    "curriculum_scaduto": ("Carica il curriculum aggiornato", "curriculum:pannello", "#id_cv_file"),
    "consenso_mancante": ("Vai ai consensi", "anagrafica:presa_in_carico", "#risposta-incontro"),
}


def cura_di(errore: str, utente_id: int) -> Cura | None:
    """The cure of the error with this code for this citizen; None where only the assistance can help."""
    if errore not in CURE:
        return None
    testo, nome, campo = CURE[errore]
    return Cura(testo, reverse(nome, args=[utente_id]) + campo)


def se_c_e(nome: str, *argomenti: object) -> str:
    """The address called `nome`, "" where this installation has none."""
    try:
        return reverse(nome, args=argomenti)
    except NoReverseMatch:
        return ""
