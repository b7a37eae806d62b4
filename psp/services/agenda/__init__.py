"""The agenda: hours and free slots, meetings, who comes, who came. Other packages call what is named here."""

from psp.services.agenda.elenco import Esito, iscrivi_elenco, leggi_elenco
from psp.services.agenda.giustificazioni import apri_giustificazione
from psp.services.agenda.iscrizioni import iscrivi, togli_iscrizione
from psp.services.agenda.lettura import appuntamenti_dell_utente, appuntamenti_di, prossimo_appuntamento
from psp.services.agenda.liberi import Libero, primi_liberi
from psp.services.agenda.presenze import Presenza, segna_presenze
from psp.services.agenda.sedute import (
    annulla_seduta,
    crea_seduta_di_gruppo,
    fissa_appuntamento,
    modifica_seduta,
    sposta_seduta,
)
from psp.services.agenda.sostituzione import Passaggio, passa_sedute

__all__ = [
    "Esito",
    "Libero",
    "Passaggio",
    "Presenza",
    "annulla_seduta",
    "appuntamenti_dell_utente",
    "appuntamenti_di",
    "apri_giustificazione",
    "crea_seduta_di_gruppo",
    "fissa_appuntamento",
    "iscrivi",
    "iscrivi_elenco",
    "leggi_elenco",
    "modifica_seduta",
    "passa_sedute",
    "primi_liberi",
    "prossimo_appuntamento",
    "segna_presenze",
    "sposta_seduta",
    "togli_iscrizione",
]
