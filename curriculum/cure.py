"""What mends a request that the portal refused: words and the address that puts the cursor there."""

from __future__ import annotations

from dataclasses import dataclass

from django.urls import reverse


@dataclass(frozen=True)
class Cura:
    testo: str
    url: str


# Code of the error → words, address, field.
CURE = {
    "posta_diversa": ("Controlla la posta elettronica con la persona", "anagrafica:identita", "#id_email"),
    "registrazione_rifiutata": ("Controlla identità e recapiti con la persona", "anagrafica:identita", "#id_cognome"),
    "richiesta_non_valida": ("Controlla identità e recapiti con la persona", "anagrafica:identita", "#id_cognome"),
    "cittadino_sconosciuto": ("Trasferisci di nuovo", "curriculum:pannello", "#cv-trasferisci"),
    "chiave_riusata": ("Trasferisci di nuovo", "curriculum:pannello", "#cv-trasferisci"),
    "sparito": ("Trasferisci di nuovo", "curriculum:pannello", "#cv-trasferisci"),
    "impronta_diversa": ("Trasferisci di nuovo", "curriculum:pannello", "#cv-trasferisci"),
    "file_rifiutato": ("Carica un altro file", "curriculum:pannello", "#id_cv_file"),
    "file_troppo_grande": ("Carica un file più leggero", "curriculum:pannello", "#id_cv_file"),
    "file_mancante": ("Carica di nuovo il file", "curriculum:pannello", "#id_cv_file"),
    "scaduto_in_coda": ("Carica il curriculum aggiornato", "curriculum:pannello", "#id_cv_file"),
}


def cura_di(errore: str, utente_id: int) -> Cura | None:
    """The cure of the error with this code for this citizen; None where only the assistance can help."""
    if errore not in CURE:
        return None
    testo, nome, campo = CURE[errore]
    return Cura(testo, reverse(nome, args=[utente_id]) + campo)
