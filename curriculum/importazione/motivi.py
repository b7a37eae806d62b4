"""Why a sheet is refused and what to do, in words for the operator (U4)."""

from __future__ import annotations

from curriculum.controllo.motivi import (
    DANNEGGIATO,
    PROTETTO,
    SERVIZIO_FERMO,
    TROPPA_MEMORIA,
    TROPPO_LENTO,
    in_mega,
)

__all__ = ["DANNEGGIATO", "PROTETTO", "SERVIZIO_FERMO", "TROPPA_MEMORIA", "TROPPO_LENTO"]

A_MANO = "Altrimenti le voci si aggiungono a mano nel fascicolo."

VUOTO = "Il file è vuoto: controllare che si apra sul computer da cui proviene e caricarlo di nuovo."
NON_EUROPASS = (
    "Il file non è una scheda Europass. Serve il file XML scaricato dal sito Europass, oppure il PDF Europass che lo "
    f"contiene. {A_MANO}"
)
NON_XML = (
    "Il file non è né un XML né un PDF. Serve il file XML scaricato dal sito Europass, oppure il PDF Europass che lo "
    f"contiene. {A_MANO}"
)
ROTTO = (
    "Il file XML è interrotto o scritto male, e non si può leggere. Scaricarlo di nuovo dal sito Europass e caricarlo. "
    f"{A_MANO}"
)
ENTITA = (
    "Il file XML contiene definizioni (DOCTYPE) che una scheda Europass non ha, e non è ammesso. Scaricarlo di nuovo "
    "dal sito Europass."
)
TROPPO_COMPLICATO = (
    "Il file XML è fatto in modo troppo complicato per essere una scheda Europass. Scaricarlo di nuovo dal sito "
    "Europass."
)
VECCHIO = (
    "La scheda è in un formato Europass di prima del 2012, che non si legge più. Caricarla nell'editor del sito "
    f"Europass, salvarla di nuovo e importare il nuovo file. {A_MANO}"
)
SENZA_VOCI = (
    "La scheda è vuota: non contiene titoli di studio, esperienze, lingue, competenze o patenti da importare. "
    "Controllare di aver scelto il file giusto."
)
PDF_SENZA_SCHEDA = (
    "Il PDF si apre ma dentro non c'è la scheda Europass con i dati. Chiedere alla persona il file XML (dal sito "
    "Europass: «Scarica», formato XML) o il PDF scaricato da lì senza ristamparlo. "
    f"{A_MANO} Questo PDF si può invece salvare come curriculum."
)


def troppo_grande(massimo: int) -> str:
    return (
        f"Il file supera {in_mega(massimo)}, il massimo consentito per una scheda. Se contiene una fotografia o degli "
        "allegati, toglierli sul sito Europass e scaricarlo di nuovo."
    )
