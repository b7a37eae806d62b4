"""What can go wrong with the portal, sorted by what is to be done about it.

`ErroreTemporaneo`: the row stays in the queue and is tried again. `ErroreDefinitivo`: the portal has understood and
says no, and would say it again. The exception's text is its code alone, so that it may stand in a log; `messaggio` is
the Italian sentence for operators, which says what happens next or what they have to do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from email.utils import parsedate_to_datetime
from typing import Any, ClassVar

ATTESA_MASSIMA = 24 * 3600.0  # seconds: the longest pause that a Retry-After may ask for
MESSAGGIO_MASSIMO = 300

_CODA = "La richiesta resta in coda e riparte da sola: non occorre fare nulla."
_CHIEDE = "La richiesta resta in coda: prima di ripeterla il programma chiede al portale che cosa è arrivato."


_MOTIVO = " Motivo dato dal portale: "


class ErrorePortale(Exception):
    """An operation on the portal that has not succeeded.

    `codice` is short and stable, for the program and the register; `messaggio` is for people. Where the portal gave a
    reason in words it stands inside `messaggio`, never in the exception's text.
    """

    CODICE: ClassVar[str] = "errore"
    FRASI: ClassVar[dict[str, str]] = {}
    FRASE: ClassVar[str] = f"Il portale non ha eseguito la richiesta. {_CODA}"

    def __init__(self, codice: str = "", messaggio: str = "") -> None:
        self.codice = codice or self.CODICE
        self.messaggio = messaggio or self.FRASI.get(self.codice, self.FRASE)
        super().__init__(self.codice)


class ErroreTemporaneo(ErrorePortale):
    """To be tried again later.

    `riprova_tra` seconds, where the portal said when. `incerto`: the request may have been carried out, so before
    repeating a change one asks for the state (V6); about a reading it says nothing.
    """

    FRASI: ClassVar[dict[str, str]] = {
        "non_raggiungibile": f"Il portale non si raggiunge. {_CODA}",
        "certificato": (
            "Il portale non ha dimostrato la propria identità (certificato non valido), perciò non è stato mandato "
            "nulla. La richiesta resta in coda: avvisare l'assistenza."
        ),
        "invio_lento": f"Il portale non ha ricevuto la richiesta in tempo. {_CODA}",
        "tempo_scaduto": f"Il portale non ha risposto in tempo. {_CHIEDE}",
        "interrotto": f"Il collegamento con il portale si è interrotto. {_CHIEDE}",
        "troppe_richieste": f"Il portale sta ricevendo troppe richieste e chiede di aspettare. {_CODA}",
        "guasto": f"Il portale ha avuto un errore. {_CHIEDE}",
        "non_disponibile": f"Il portale è fermo, per manutenzione o per un guasto. {_CHIEDE}",
        "risposta_non_valida": f"Il portale ha dato una risposta che il programma non riconosce. {_CHIEDE}",
        "accesso_guasto": f"Il portale non rilascia l'autorizzazione a collegarsi. {_CODA}",
    }

    def __init__(
        self, codice: str = "", messaggio: str = "", *, riprova_tra: float | None = None, incerto: bool = False
    ) -> None:
        super().__init__(codice, messaggio)
        self.riprova_tra = riprova_tra
        self.incerto = incerto


class PortaleNonConfigurato(ErroreTemporaneo):
    """No address or no credentials in the settings: nothing leaves, the rows wait."""

    CODICE = "non_configurato"
    FRASI: ClassVar[dict[str, str]] = {}
    FRASE = (
        "Il collegamento con il portale non è ancora attivo. La richiesta resta in coda e parte da sola quando "
        "l'assistenza lo attiva."
    )


class CredenzialiRifiutate(ErroreTemporaneo):
    """The portal does not recognise the application itself: every row would fail alike."""

    CODICE = "credenziali_rifiutate"
    FRASI: ClassVar[dict[str, str]] = {}
    FRASE = (
        "Il portale non riconosce le credenziali del programma. Le richieste restano in coda e partono da sole "
        "quando l'assistenza le ha corrette: avvisarla."
    )


class ErroreDefinitivo(ErrorePortale):
    """The portal refuses: repeating the same request would give the same answer."""

    FRASE = "Il portale ha rifiutato la richiesta. Avvisare l'assistenza."
    MOTIVATI: ClassVar[frozenset[str]] = frozenset()

    @classmethod
    def del_portale(cls, codice: str, dettaglio: Any) -> ErroreDefinitivo:
        """With the portal's own reason where it is for people to read; cleaned, and short enough for the row."""
        errore = cls(codice)
        parole = (
            " ".join(re.sub(r"[^\w\s.,;:'’()/%«»-]+", " ", dettaglio).split()) if isinstance(dettaglio, str) else ""
        )
        spazio = MESSAGGIO_MASSIMO - len(errore.messaggio) - len(_MOTIVO)
        if codice in cls.MOTIVATI and parole:
            errore.messaggio += _MOTIVO + (parole if len(parole) <= spazio else parole[: spazio - 1] + "…")
        return errore


class CittadinoSconosciuto(ErroreDefinitivo):
    CODICE = "cittadino_sconosciuto"
    FRASE = "La persona non è registrata sul portale. Trasferire il curriculum: la pre-registrazione parte da sola."


class RegistrazioneDaConfermare(ErroreDefinitivo):
    CODICE = "registrazione_da_confermare"
    FRASE = (
        "La persona non ha ancora confermato la registrazione sul portale. Chiederle di aprire il messaggio ricevuto: "
        "il curriculum parte dopo la conferma."
    )


class PostaDiversa(ErroreDefinitivo):
    CODICE = "posta_diversa"
    FRASE = (
        "La persona è già registrata sul portale con un altro indirizzo di posta elettronica. Chiederle quale usa sul "
        "portale, correggerlo nei suoi dati e ripetere il trasferimento."
    )


class RegistrazioneRifiutata(ErroreDefinitivo):
    CODICE = "registrazione_rifiutata"
    MOTIVATI: ClassVar[frozenset[str]] = frozenset({"registrazione_rifiutata"})
    FRASE = (
        "Il portale ha rifiutato la registrazione della persona. Controllare nome, data di nascita e recapiti, "
        "correggerli e ripetere il trasferimento."
    )


class ContenutoRifiutato(ErroreDefinitivo):
    CODICE = "file_rifiutato"
    MOTIVATI: ClassVar[frozenset[str]] = frozenset({"file_rifiutato"})
    FRASI: ClassVar[dict[str, str]] = {
        "file_troppo_grande": (
            "Il file del curriculum è troppo grande per il portale. Salvarne una copia più leggera, caricarla e "
            "ripetere il trasferimento."
        ),
        "impronta_diversa": (
            "Il file del curriculum è arrivato al portale diverso da come è partito. Ripetere il trasferimento; se "
            "succede di nuovo, avvisare l'assistenza."
        ),
    }
    FRASE = (
        "Il portale ha rifiutato il file del curriculum. Aprirlo, salvarlo di nuovo come PDF, caricarlo e ripetere il "
        "trasferimento."
    )


class RichiestaNonValida(ErroreDefinitivo):
    CODICE = "richiesta_non_valida"
    FRASE = (
        "Il portale non accetta i dati della persona o del curriculum. Controllare codice fiscale, nome e recapiti, "
        "correggerli e ripetere; se sono giusti, avvisare l'assistenza."
    )


class ChiaveRiusata(ErroreDefinitivo):
    CODICE = "chiave_riusata"
    FRASE = "Il portale ha già ricevuto questa richiesta con un altro contenuto. Ripetere il trasferimento da capo."


def attesa_chiesta(intestazioni: Mapping[str, str]) -> float | None:
    """The seconds that a Retry-After, a number or a date, asks for; at most ATTESA_MASSIMA, None if unreadable."""
    testo = intestazioni.get("retry-after", "").strip()
    if re.fullmatch(r"[0-9]+", testo, re.ASCII):
        return ATTESA_MASSIMA if len(testo) > 5 else min(float(testo), ATTESA_MASSIMA)
    try:
        momento = parsedate_to_datetime(testo)
        if momento.tzinfo is None:
            momento = momento.replace(tzinfo=dt.UTC)
        attesa = (momento - dt.datetime.now(dt.UTC)).total_seconds()
    except (ValueError, OverflowError):
        return None
    return min(max(attesa, 0.0), ATTESA_MASSIMA)
