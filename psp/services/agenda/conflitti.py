"""Time that is already taken, said in words: who, what, when, and the next free slot."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import IntegrityError, transaction

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from psp.models import Iscrizione, Luogo, Seduta
from psp.models.agenda import MINUTI_DI_UNA_SEDUTA, SedutaQuerySet
from psp.services.agenda.chi import nome_per_il_centro
from psp.services.agenda.giorni import TROPPO_LONTANA, chiusure, giorno_di, giorno_in_parole, quando
from psp.services.agenda.liberi import primi_liberi

OCCUPANO = (Iscrizione.Stato.PRENOTATA, Iscrizione.Stato.PRESENTE)
PASSATO_AMMESSO = dt.timedelta(days=366)
FUTURO_AMMESSO = dt.timedelta(days=731)


def controlla_durata(inizio: dt.datetime, fine: dt.datetime) -> None:
    """From one real minute to twelve hours, on one day."""
    if fine <= inizio:
        raise RegolaViolata("L'ora di fine deve seguire quella di inizio.", campo="alle")
    if fine - inizio > dt.timedelta(minutes=MINUTI_DI_UNA_SEDUTA):
        raise RegolaViolata("Un appuntamento dura al massimo dodici ore: controllare gli orari.", campo="alle")
    if giorno_di(inizio) != giorno_di(fine):
        raise RegolaViolata("Un appuntamento comincia e finisce nello stesso giorno.", campo="alle")


def controlla_giorno(cpi_id: int, inizio: dt.datetime, adesso: dt.datetime) -> None:
    """Not on a closing day, nor in a year that can only be a slip."""
    giorno = giorno_di(inizio)
    if not adesso - PASSATO_AMMESSO <= inizio <= adesso + FUTURO_AMMESSO:
        raise RegolaViolata(TROPPO_LONTANA, campo="giorno")
    chiuso = chiusure(cpi_id, giorno, giorno).get(giorno)
    if chiuso:
        raise RegolaViolata(
            f"{giorno_in_parole(giorno).capitalize()} il centro è chiuso ({chiuso}): scegliere un altro giorno.",
            campo="giorno",
        )


def controlla_operatore(
    operatore: Operatore,
    inizio: dt.datetime,
    fine: dt.datetime,
    adesso: dt.datetime,
    *,
    esclusa: int = 0,
    altrimenti: str = "",
) -> None:
    """Refuse where the operator, whose row is locked, has to be at another meeting at that time.

    `altrimenti` is one more way out, said at the end.
    """
    altra = _sovrapposte(inizio, fine, esclusa).filter(operatore=operatore, assistita=True).first()
    if altra is not None:
        minuti = round((fine - inizio).total_seconds() / 60)
        raise RegolaViolata(
            f"{operatore} ha già «{altra.titolo}»{_con_chi(altra)} {quando(altra.inizio, altra.fine)}."
            + _prossimo(operatore, minuti, inizio, adesso)
            + altrimenti,
            campo="dalle",
        )


def controlla_luogo(luogo: Luogo | None, inizio: dt.datetime, fine: dt.datetime, *, esclusa: int = 0) -> None:
    """Refuse where the room, whose row is locked, is taken at that time."""
    if luogo is None:
        return
    altra = _sovrapposte(inizio, fine, esclusa).filter(luogo=luogo).first()
    if altra is not None:
        raise RegolaViolata(
            f"«{luogo}» è occupata {quando(altra.inizio, altra.fine)}: «{altra.titolo}», {altra.operatore}. "
            "Scegliere un altro orario o un'altra sala.",
            campo="luogo",
        )


def impegni_di(
    utenti: Iterable[int], inizio: dt.datetime, fine: dt.datetime, *, esclusa: int = 0
) -> dict[int, Iscrizione]:
    """The citizens among `utenti` who have another meeting at that time, and which (one query)."""
    righe = (
        Iscrizione.objects.filter(utente__in=list(utenti), stato__in=OCCUPANO, inizio__lt=fine, fine__gt=inizio)
        .exclude(seduta=esclusa)
        .select_related("seduta__operatore", "utente")
        .order_by("-inizio", "-pk")
    )
    return {riga.utente_id: riga for riga in righe}


def controlla_persona(utente: Utente, inizio: dt.datetime, fine: dt.datetime, *, esclusa: int = 0) -> None:
    """Refuse where the citizen, whose row is locked, is expected elsewhere at that time."""
    altro = impegni_di([utente.pk], inizio, fine, esclusa=esclusa).get(utente.pk)
    if altro is not None:
        raise RegolaViolata(frase_persona(altro), campo="dalle")


def frase_persona(altro: Iscrizione) -> str:
    """Where a citizen is expected at the time of `altro`."""
    seduta = altro.seduta
    return f"{altro.utente} ha già «{seduta.titolo}» con {seduta.operatore} {quando(altro.inizio, altro.fine)}."


@contextmanager
def vincoli_in_parole() -> Iterator[None]:
    """What the database refuses all the same: said in words, with the rest of the transaction intact."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as errore:
        testo = str(errore)
        for nome, frase in FRASI.items():
            if nome in testo:
                raise RegolaViolata(frase, campo=CAMPI.get(nome)) from errore
        raise


FRASI = {
    "un_operatore_un_appuntamento_alla_volta": "L'operatore è già impegnato in quell'orario: sceglierne un altro.",
    "una_sala_un_appuntamento_alla_volta": "La sala è già occupata a quell'ora: scegliere un'altra ora o sala.",
    "una_persona_un_appuntamento_alla_volta": "La persona ha già un altro appuntamento in quell'orario.",
    "una_iscrizione_per_persona": "La persona è già iscritta.",
    "un_posto_una_persona": "Il posto è stato appena preso da un'altra persona: riprovare.",
    "durata_della_seduta": "Un appuntamento dura da un minuto a dodici ore.",
    "minuti_di_chi_era_presente": "I minuti effettivi vanno da 1 a 720.",
}
CAMPI = {
    "un_operatore_un_appuntamento_alla_volta": "dalle",
    "una_sala_un_appuntamento_alla_volta": "luogo",
    "una_persona_un_appuntamento_alla_volta": "dalle",
    "durata_della_seduta": "alle",
}


def _sovrapposte(inizio: dt.datetime, fine: dt.datetime, esclusa: int) -> SedutaQuerySet:
    return Seduta.objects.non_annullate().exclude(pk=esclusa).tra(inizio, fine).select_related("operatore")


def _con_chi(seduta: Seduta) -> str:
    """The person of a single appointment; a group is its title."""
    if seduta.di_gruppo:
        return ""
    riga = seduta.iscrizioni.exclude(stato=Iscrizione.Stato.ANNULLATA).select_related("utente").first()
    return f" con {nome_per_il_centro(riga.utente, seduta.cpi_id)}" if riga else ""


def _prossimo(operatore: Operatore, minuti: int, inizio: dt.datetime, adesso: dt.datetime) -> str:
    liberi = primi_liberi(operatore, adesso=max(adesso, inizio), minuti=minuti, dal=giorno_di(inizio), quanti=1)
    if not liberi:
        return " Scegliere un altro orario."
    return f" Il primo orario libero è {quando(liberi[0].inizio, liberi[0].fine)}."
