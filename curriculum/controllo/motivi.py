"""Why a file is refused and what to do, in words for the operator (V1). Each is a whole sentence or two."""

from __future__ import annotations

RIFARE = "Aprirlo, scegliere Stampa e poi «Salva come PDF», e caricare il nuovo file."

VUOTO = "Il file è vuoto: controllare che si apra sul computer da cui proviene e caricarlo di nuovo."
NON_PDF = (
    "Il file non è un PDF, qualunque sia il suo nome. Aprirlo con il programma che lo ha creato, salvarlo "
    "come PDF e caricarlo."
)
ARCHIVIO = (
    "Il file non è un PDF: è un documento di Word, LibreOffice o un archivio con il nome cambiato. "
    "Aprirlo, salvarlo come PDF e caricare il PDF."
)
IMMAGINE = (
    "Il file non è un PDF: è un'immagine con il nome cambiato. Inserirla in un documento, salvarlo come PDF e "
    "caricarlo."
)
NON_ALL_INIZIO = f"Il file contiene altro prima dell'inizio del PDF e non si può accettare. {RIFARE}"
PROTETTO = "Il file è protetto da password: salvarlo senza password e caricarlo di nuovo."
CIFRATURA_IGNOTA = (
    "Il file è protetto in un modo che non si può leggere: salvarlo senza protezione e caricarlo di nuovo."
)
DANNEGGIATO = (
    "Il file è danneggiato o incompleto. Chiederne un'altra copia, oppure, se si apre, scegliere Stampa e poi "
    "«Salva come PDF», e caricare il nuovo file."
)
SENZA_PAGINE = "Il PDF non contiene nessuna pagina: controllare di aver scelto il file giusto."
JAVASCRIPT = f"Il PDF contiene istruzioni JavaScript, che non sono ammesse. {RIFARE}"
AVVIO_PROGRAMMI = f"Il PDF contiene un comando che avvia programmi o apre file del computer, e non è ammesso. {RIFARE}"
IMPORTA_DATI = f"Il PDF contiene un comando che importa dati da altri file, e non è ammesso. {RIFARE}"
INVIA_MODULO = f"Il PDF contiene un comando che invia dati in rete, e non è ammesso. {RIFARE}"
AZIONE_AUTOMATICA = (
    f"Il PDF contiene un comando che parte da solo, senza che chi legge lo chieda, e non è ammesso. {RIFARE}"
)
ALTRO_FILE = (
    f"Il PDF contiene un collegamento a un file incorporato o a un computer della rete, e non è ammesso. {RIFARE}"
)
XFA = f"Il PDF è un modulo dinamico (XFA), che molti programmi non sanno mostrare. {RIFARE}"
MULTIMEDIA = f"Il PDF contiene audio, video o modelli tridimensionali, che non sono ammessi. {RIFARE}"
ALLEGATO = f"Il PDF contiene un file allegato. È ammesso soltanto il file XML di Europass. {RIFARE}"
CONTENUTO_ESTERNO = f"Una parte del PDF sta in un altro file, che non è stato caricato. {RIFARE}"
BOMBA = f"Il file è piccolo ma una volta aperto occupa una quantità enorme di memoria, e non si può accettare. {RIFARE}"
TROPPO_LENTO = f"Il controllo del file richiede troppo tempo: il PDF è fatto in modo troppo complicato. {RIFARE}"
TROPPA_MEMORIA = f"Il controllo del file richiede troppa memoria: il PDF è fatto in modo troppo complicato. {RIFARE}"
SERVIZIO_FERMO = (
    "Il controllo dei file in questo momento non risponde. Il file non è stato salvato: riprovare tra qualche minuto."
)
NON_LEGGIBILE = "Il file non esiste o non si può leggere: controllare il nome e i permessi."


def troppo_grande(massimo: int) -> str:
    return (
        f"Il file supera {in_mega(massimo)}, il massimo consentito. "
        "Ridurre le immagini o la risoluzione della scansione e caricarlo di nuovo."
    )


def troppe_pagine(massimo: int, pagine: int) -> str:
    return (
        f"Il PDF ha {pagine} pagine, più delle {massimo} consentite. Togliere le pagine che non servono e "
        "caricarlo di nuovo."
    )


def in_mega(byte: int) -> str:
    """`byte` in MB as people write it: 10 MB, 2,5 MB."""
    return f"{byte / 1_048_576:.1f}".removesuffix(".0").replace(".", ",") + " MB"
