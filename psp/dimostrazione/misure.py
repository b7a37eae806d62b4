"""What has been kept of the invented signed pacts: measures started, meetings held, proofs, a firm contacted."""

from __future__ import annotations

import datetime as dt
from collections import Counter

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from psp.models import (
    ContattoImpresa,
    EsitoMisura,
    Frequenza,
    Misura,
    PattoDiServizio,
    ProvaAtto,
    StatoPatto,
    VoceScouting,
)
from psp.services.agenda import fissa_appuntamento
from psp.services.agenda.giorni import chiusure, istante
from psp.services.attivita import registra_prova, verifica_prova
from psp.services.contatti import imprese_obiettivo, registra_contatto
from psp.services.erogazione import avvia_misura, concludi_misura
from psp.services.incontri_misura import registra_incontro
from psp.services.scouting import registra_voce

# The afternoons are free: the agenda of the demonstration has its appointments in the morning.
ORE = (dt.time(13, 30), dt.time(15, 15), dt.time(17))
MINUTI = {"consulenza-orientativa": (75,), "bilancio-competenze": (100, 90)}
PROVE = ("Cinque candidature, mostrate sul telefono", "Elenco di sei candidature, con le risposte")


@transaction.atomic
def tieni_misure(adesso: dt.datetime) -> int:
    """Keep two of every three pacts in force; of the third nothing is done yet, and it is late. How many are kept."""
    patti = PattoDiServizio.objects.filter(stato=StatoPatto.FIRMATO).select_related("utente", "responsabile_attivita")
    posti: Counter[tuple[int, dt.date]] = Counter()
    tenuti = 0
    for numero, patto in enumerate(patti.defer("pdf", "contenuto").order_by("pk")):
        if numero % 3 == 2 or patto.responsabile_attivita is None:
            continue
        for misura in patto.misure.filter(stato=Misura.Stato.CONCORDATA).select_related("servizio").order_by("pk"):
            _eroga(misura, patto.responsabile_attivita, posti, adesso)
        _attivita(patto, patto.responsabile_attivita, adesso)
        tenuti += 1
    return tenuti


def _eroga(misura: Misura, chi: Operatore, posti: Counter[tuple[int, dt.date]], adesso: dt.datetime) -> None:
    """Start it, hold its meetings; the interview of the pact is over, of what goes on the next meeting is fixed."""
    dal = misura.patto.valido_dal
    assert dal is not None
    avvia_misura(misura=misura, iniziata_il=dal, attore=chi, adesso=adesso)
    if misura.servizio.chiave == "colloquio-patto":
        # Its minutes are those of the interview in which the pact was made.
        dati = {"finita_il": dal, "esiti": [EsitoMisura.OBIETTIVO], "esito_note": "Il piano è condiviso."}
        concludi_misura(misura=misura, dati=dati, versione=misura.versione + 1, attore=chi, adesso=adesso)
        return
    for volta, minuti in enumerate(MINUTI.get(misura.servizio.chiave, ())):
        inizio = _libero(posti, chi, dal + dt.timedelta(days=1 + 4 * volta))
        if inizio.date() >= timezone.localdate(adesso):
            return  # the office was closed for long: what has not been held yet stays started
        registra_incontro(misura=misura, inizio=inizio, minuti=minuti, operatore=chi, attore=chi, adesso=adesso)
    if misura.servizio.chiave == "scouting":
        _scouting(misura, chi, adesso)
    elif misura.servizio.chiave == "bilancio-competenze":
        inizio = _libero(posti, chi, timezone.localdate(adesso) + dt.timedelta(days=3))
        fissa_appuntamento(
            utente=misura.patto.utente,
            operatore=chi,
            inizio=inizio,
            fine=inizio + dt.timedelta(minutes=90),
            misura=misura,
            attore=chi,
            adesso=adesso,
        )


def _scouting(misura: Misura, chi: Operatore, adesso: dt.datetime) -> None:
    """An offer that has led to a selection interview, a firm that has not answered yet."""
    oggi = timezone.localdate(adesso)
    nomi = imprese_obiettivo(misura.patto.utente)
    voci = (
        (VoceScouting.Genere.OFFERTA, nomi[0], 8, VoceScouting.Esito.COLLOQUIO),
        (VoceScouting.Genere.IMPRESA, nomi[-1], 3, VoceScouting.Esito.IN_ATTESA),
    )
    for genere, impresa, giorni, esito in voci:
        dati = {"genere": genere, "impresa": impresa, "data": oggi - dt.timedelta(days=giorni), "esito": esito}
        dati |= {"descrizione": "Profilo adatto, a tempo pieno", "incentivi": ""}
        registra_voce(misura=misura, dati=dati, attore=chi, adesso=adesso)


def _attivita(patto: PattoDiServizio, chi: Operatore, adesso: dt.datetime) -> None:
    """Two proofs of an act, the older one verified, and a target firm that has not answered yet."""
    oggi = timezone.localdate(adesso)
    atto = patto.atti.filter(frequenza=Frequenza.SETTIMANALE).order_by("pk")[0]
    for giorni, descrizione in zip((9, 2), PROVE, strict=True):
        prova = registra_prova(
            atto=atto,
            dati={
                "modo": ProvaAtto.Modo.DICHIARATA,
                "fatto_il": oggi - dt.timedelta(days=giorni),
                "descrizione": descrizione,
            },
            attore=chi,
            adesso=adesso,
        )
        if giorni == 9:
            verifica_prova(prova=prova, esito=ProvaAtto.Esito.ACCOLTA, motivo="", attore=chi, adesso=adesso)
    registra_contatto(
        utente=patto.utente,
        dati={
            "impresa": imprese_obiettivo(patto.utente)[0],
            "data": oggi - dt.timedelta(days=6),
            "modo": ContattoImpresa.Modo.POSTA,
            "risposta": ContattoImpresa.Risposta.IN_ATTESA,
            "risposta_il": None,
        },
        attore=chi,
        adesso=adesso,
    )


def _libero(posti: Counter[tuple[int, dt.date]], chi: Operatore, giorno: dt.date) -> dt.datetime:
    """The first free hour of an afternoon, from `giorno` on, on which the office is open."""
    assert chi.cpi_id is not None
    chiusi = chiusure(chi.cpi_id, giorno, giorno + dt.timedelta(days=30))
    while giorno.isoweekday() > 5 or giorno in chiusi or posti[chi.pk, giorno] == len(ORE):
        giorno += dt.timedelta(days=1)
    posti[chi.pk, giorno] += 1
    return istante(giorno, ORE[posti[chi.pk, giorno] - 1])
