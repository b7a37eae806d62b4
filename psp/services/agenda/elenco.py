"""Many citizens booked into a meeting at once, from a CSV file of codici fiscali: what happened to each line."""

from __future__ import annotations

import csv
import datetime as dt
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra_tutti
from psp.models import Iscrizione, Misura, Seduta
from psp.services.agenda import avvisi
from psp.services.agenda.blocchi import ATTIVE, blocca_misure, blocca_seduta, blocca_utenti
from psp.services.agenda.conflitti import impegni_di
from psp.services.agenda.giorni import giorno_di, quando
from psp.services.agenda.iscrizioni import nuova, promuovi
from psp.services.passaggi_misura import nei_giorni

RIGHE_MASSIME = 1000
BYTE_MASSIMI = 200_000
# What some spreadsheets write first, for themselves, before their separator.
SEGNO_DEL_SEPARATORE = "sep="
FORMA = re.compile(r"[A-Z0-9]{16}|[0-9]{11}")
ISCRITTA = "Iscritta"
IN_LISTA = "In lista d'attesa"
IGNOTA = "Nessun fascicolo con questo codice fiscale nel centro"
MALE = "Non è un codice fiscale"
DOPPIA = "Già in una riga precedente"
PRESENTE = "Era già iscritta"
IMPEGNATA = "Ha un altro appuntamento"
FINITI = "I posti sono finiti"
AUMENTARLI = "L'incontro è già cominciato: per iscrivere chi è venuto lo stesso, aumentarli."


@dataclass(frozen=True)
class Esito:
    """One line of the file. `fatto` says whether the person is now in the meeting because of it."""

    riga: int
    codice_fiscale: str
    nome: str
    esito: str
    spiegazione: str = ""
    fatto: bool = False


def leggi_elenco(contenuto: bytes) -> list[tuple[int, str]]:
    """Line number and codice fiscale of each line: the first column, or the one headed so; blank lines left out.

    Comma, semicolon or tab; UTF-8 or the encoding of old spreadsheets.
    """
    if len(contenuto) > BYTE_MASSIMI:
        raise RegolaViolata("Il file è troppo grande: servono solo i codici fiscali, uno per riga.", campo="file")
    try:
        testo = contenuto.decode("utf-8-sig")
    except UnicodeDecodeError:
        testo = contenuto.decode("cp1252", errors="replace")
    if "\x00" in testo:
        raise RegolaViolata("Il file non è un CSV: salvarlo come «CSV (delimitato)».", campo="file")
    separatore = max(";,\t", key=testo.partition("\n")[0].count)
    try:
        righe = [
            (n, [cella.strip() for cella in riga])
            for n, riga in enumerate(csv.reader(io.StringIO(testo), delimiter=separatore), start=1)
            if any(cella.strip() for cella in riga)
        ]
    except csv.Error as errore:
        raise RegolaViolata("Il file non è un CSV che si possa leggere: salvarlo di nuovo.", campo="file") from errore
    if righe and righe[0][1][0].lower() == SEGNO_DEL_SEPARATORE:
        righe = righe[1:]
    colonna = 0
    if righe:
        titoli = [re.sub(r"[^a-z]", "", cella.lower()) for cella in righe[0][1]]
        trovate = [posto for posto, titolo in enumerate(titoli) if titolo in ("codicefiscale", "cf")]
        if trovate:
            colonna = trovate[0]
            righe = righe[1:]
    if not righe:
        raise RegolaViolata("Il file è vuoto: scrivere un codice fiscale per riga.", campo="file")
    if len(righe) > RIGHE_MASSIME:
        raise RegolaViolata(
            f"Il file ha {len(righe)} righe, al massimo possono essere {RIGHE_MASSIME}: dividerlo.", campo="file"
        )
    return [(n, (celle[colonna] if colonna < len(celle) else "").replace(" ", "").upper()[:40]) for n, celle in righe]


@transaction.atomic
def iscrivi_elenco(
    *, seduta: Seduta, righe: Iterable[tuple[int, str]], attore: Operatore, adesso: dt.datetime
) -> list[Esito]:
    """Book the citizens of the office whose codici fiscali stand in `righe`, in that order; what came of each line.

    Each for the measure of the meeting's service in the pact in force, where there is one (C2). All lines or none, in
    a number of queries that does not grow with them.
    """
    righe = list(righe)
    cercati = {codice for _, codice in righe if FORMA.fullmatch(codice)}
    trovati = dict(
        Utente.objects.visibili_a(attore).filter(codice_fiscale__in=cercati).values_list("codice_fiscale", "pk")
    )
    gia = Iscrizione.objects.filter(seduta=seduta).exclude(stato=Iscrizione.Stato.ANNULLATA)
    utenti = blocca_utenti({*trovati.values(), *gia.values_list("utente_id", flat=True)})
    misure = _misure_per(seduta, trovati.values())
    tutti = blocca_seduta(seduta)
    riga = tutti.seduta
    if not riga.di_gruppo or riga.stato != Seduta.Stato.FISSATA:
        raise RegolaViolata("Si iscrive un elenco solo a un incontro di gruppo ancora da tenere.")
    impegni = impegni_di(trovati.values(), riga.inizio, riga.fine, esclusa=riga.pk)
    iscritti = {i.utente_id for i in tutti.iscrizioni}
    promuovi(tutti, attore=attore, adesso=adesso)  # who waits comes first; what is still free then, they cannot take
    presi = {i.posto for i in tutti.iscrizioni}
    liberi = iter([p for p in range(1, riga.posti + 1) if p not in presi])
    esiti: list[Esito] = []
    nuove: list[Iscrizione] = []
    visti: set[str] = set()
    for numero, codice in righe:
        # The file may have passed to another office before its row was locked.
        utente = utenti.get(trovati.get(codice, 0))
        if utente is not None and utente.cpi_id != riga.cpi_id:
            utente = None
        rifiuto = _rifiuto(codice, utente, visti, iscritti, impegni)
        visti.add(codice)
        if rifiuto or utente is None:
            esito, spiegazione = rifiuto or (IGNOTA, "")
            esiti.append(Esito(numero, codice, str(utente or ""), esito, spiegazione))
            continue
        posto = next(liberi, None)
        if posto is None and riga.inizio <= adesso:
            esiti.append(Esito(numero, codice, str(utente), FINITI, AUMENTARLI))
            continue
        nuove.append(Iscrizione(**nuova(riga, utente, posto, attore, adesso), misura=misure.get(utente.pk)))
        esiti.append(Esito(numero, codice, str(utente), IN_LISTA if posto is None else ISCRITTA, fatto=True))
    Iscrizione.objects.bulk_create(nuove)
    dettagli = [(i, i.utente, {"seduta": riga.pk, "stato": i.stato, "da_elenco": True}) for i in nuove]
    registra_tutti(Azione.ISCRIZIONE_AGGIUNTA, attore=attore, righe=dettagli)
    con_posto = [i for i in nuove if i.stato == ATTIVE[0]]
    avvisi.avvisa_fissati(con_posto, attore=attore, adesso=adesso)
    return esiti


def _misure_per(seduta: Seduta, utenti: Iterable[int]) -> dict[int, Misura]:
    """Of each of `utenti`, whose rows are locked, the measure to be delivered that the meeting is for, locked."""
    if seduta.servizio_id is None:
        return {}
    per = Misura.objects.da_erogare().filter(servizio=seduta.servizio_id, patto__utente__in=list(utenti))
    bloccate = blocca_misure(per.values_list("pk", flat=True)).values()
    return {m.patto.utente_id: m for m in bloccate if nei_giorni(m, giorno_di(seduta.inizio))}


def _rifiuto(
    codice: str, utente: Utente | None, visti: set[str], iscritti: set[int], impegni: dict[int, Iscrizione]
) -> tuple[str, str] | None:
    """Why a line books nobody, with what helps to mend it; None where it may."""
    if not FORMA.fullmatch(codice):
        return MALE, "Controllare come è scritto."
    if codice in visti:
        return DOPPIA, ""
    if utente is None:
        return IGNOTA, "Il fascicolo manca o è di un altro centro."
    if utente.pk in iscritti:
        return PRESENTE, ""
    if utente.pk in impegni:
        altro = impegni[utente.pk]
        return IMPEGNATA, f"«{altro.seduta.titolo}», {quando(altro.inizio, altro.fine)}."
    return None
