"""The keeping of a measure: it is started, concluded with its outcomes, interrupted with a reason (M3, M4, C2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.db.models import Max, Min
from django.utils import timezone

from orientamento.anagrafica.models import CompetenzaPersonale, Operatore
from orientamento.anagrafica.services.fascicolo import salva_voce
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.mancanze import Mancanza
from orientamento.comune.piega import piega_testo
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import EsitoMisura, GenereServizio, Iscrizione, Misura, StatoMisura, StatoPatto
from psp.services.dettagli import competenze_spendibili, mancanze_per_avviare, mancanze_per_concludere
from psp.services.ore import contatore
from psp.services.passaggi_misura import blocca_misura, controlla_giorno

ACQUISITA_DOVE = "Bilancio delle competenze"


class MisuraIncompleta(RegolaViolata):
    """The measure misses something of what its kind asks for; `mancanze` says what, each with the link to its cure."""

    def __init__(self, mancanze: list[Mancanza], verbo: str) -> None:
        self.mancanze = mancanze
        elenco = "; ".join(m.testo for m in mancanze)
        super().__init__(f"Prima di {verbo} la misura: {elenco}.", regola="M3")


@transaction.atomic
def avvia_misura(*, misura: Misura, iniziata_il: dt.date, attore: Operatore, adesso: dt.datetime) -> Misura:
    """Agreed → started, on a day of the pact that is not in the future."""
    riga = blocca_misura(misura)
    if riga.patto.stato != StatoPatto.FIRMATO:
        raise RegolaViolata("Il patto è sospeso: finché lo è non si avviano misure.", regola="M3")
    _richiedi_passaggio(riga, StatoMisura.AVVIATA)
    controlla_giorno(riga, iniziata_il, timezone.localdate(adesso), "iniziata_il")
    gia = riga.iscrizioni.filter(stato=Iscrizione.Stato.PRESENTE).aggregate(primo=Min("inizio"))["primo"]
    if gia and iniziata_il > timezone.localdate(gia):
        raise RegolaViolata(
            f"C'è già un incontro del {timezone.localdate(gia):%d/%m/%Y}: la misura non può cominciare dopo.",
            campo="iniziata_il",
            regola="M3",
        )
    if mancanze := mancanze_per_avviare(riga):
        raise MisuraIncompleta(mancanze, "avviare")
    _passa(riga, StatoMisura.AVVIATA, iniziata_il=iniziata_il)
    _registra(Azione.MISURA_AVVIATA, riga, attore, iniziata_il=iniziata_il.isoformat())
    return riga


@transaction.atomic
def concludi_misura(
    *, misura: Misura, dati: dict[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> Misura:
    """Started → concluded, with at least one outcome (M4).

    `dati`: finita_il, esiti, esito_note, motivo_scostamento. The reason is demanded where the hours leave the limits
    of the charter and kept only there (C2). What a bilancio found goes into the citizen's file, without doubles.
    """
    riga = blocca_misura(misura)
    _richiedi_passaggio(riga, StatoMisura.CONCLUSA)
    if riga.versione != versione:
        raise VersioneSuperata
    _controlla_fine(riga, dati["finita_il"], adesso)
    if mancanze := mancanze_per_concludere(riga):
        raise MisuraIncompleta(mancanze, "concludere")
    esiti = _esiti(dati.get("esiti"))
    if not esiti:
        raise RegolaViolata("Spuntare almeno un esito.", campo="esiti", regola="M4")
    scostamenti = contatore(riga).scostamenti
    motivo = (dati.get("motivo_scostamento") or "").strip()
    if scostamenti and not motivo:
        raise RegolaViolata(
            f"Le ore sono fuori dalla carta dei servizi: scrivere perché. {'. '.join(scostamenti)}.",
            campo="motivo_scostamento",
            regola="C2",
        )
    _passa(
        riga,
        StatoMisura.CONCLUSA,
        finita_il=dati["finita_il"],
        esiti=esiti,
        esito_note=(dati.get("esito_note") or "").strip(),
        motivo_scostamento=motivo if scostamenti else "",
        chiusa_il=adesso,
        chiusa_da=attore,
    )
    aggiunte = _nel_fascicolo(riga, attore) if riga.servizio.genere == GenereServizio.BILANCIO else 0
    _registra(
        Azione.MISURA_CONCLUSA,
        riga,
        attore,
        finita_il=dati["finita_il"].isoformat(),
        esiti=esiti,
        fuori_dalle_ore=bool(scostamenti),
        **({"competenze_aggiunte": aggiunte} if aggiunte else {}),
    )
    return riga


@transaction.atomic
def interrompi_misura(
    *, misura: Misura, finita_il: dt.date, motivo: str, attore: Operatore, adesso: dt.datetime
) -> Misura:
    """Started → interrupted, with the reason. What was done so far stays, hours included.

    Meetings already begun have their presence first: afterwards their minutes would not count any more (C2).
    """
    riga = blocca_misura(misura)
    _richiedi_passaggio(riga, StatoMisura.INTERROTTA)
    _controlla_fine(riga, finita_il, adesso)
    da_segnare = riga.iscrizioni.filter(stato=Iscrizione.Stato.PRENOTATA, inizio__lte=adesso)
    if primo := da_segnare.aggregate(primo=Min("inizio"))["primo"]:
        raise RegolaViolata(
            f"L'incontro del {timezone.localdate(primo):%d/%m/%Y} non ha ancora la presenza: segnare chi c'era, o "
            "annullarlo, poi interrompere la misura.",
            campo="finita_il",
            regola="C2",
        )
    motivo = motivo.strip()
    if not motivo:
        raise RegolaViolata("Scrivere perché la misura è interrotta.", campo="motivo", regola="M3")
    _passa(
        riga,
        StatoMisura.INTERROTTA,
        finita_il=finita_il,
        motivo_interruzione=motivo[:500],
        chiusa_il=adesso,
        chiusa_da=attore,
    )
    _registra(Azione.MISURA_INTERROTTA, riga, attore, finita_il=finita_il.isoformat())
    return riga


def in_ritardo(misura: Misura, oggi: dt.date) -> str:
    """In words, what of an open measure of a pact in force is late; empty when nothing is."""
    if misura.stato == StatoMisura.CONCORDATA and misura.inizio_previsto and misura.inizio_previsto < oggi:
        return f"Doveva cominciare il {misura.inizio_previsto:%d/%m/%Y}"
    if misura.stato == StatoMisura.AVVIATA and misura.fine_prevista and misura.fine_prevista < oggi:
        return f"Doveva finire il {misura.fine_prevista:%d/%m/%Y}"
    return ""


def _richiedi_passaggio(misura: Misura, stato: StatoMisura) -> None:
    """Refuse in words a passage that the table does not have: a second click, a race, the back button."""
    if misura.puo_diventare(stato):
        return
    if misura.chiusa and misura.finita_il:
        fatta = misura.get_stato_display().lower()
        chi = f" da {misura.chiusa_da}" if misura.chiusa_da else ""
        raise RegolaViolata(
            f"La misura è già {fatta}{chi} il {misura.finita_il:%d/%m/%Y}: nulla è cambiato.", regola="M3"
        )
    if misura.stato == StatoMisura.AVVIATA and misura.iniziata_il:
        raise RegolaViolata(
            f"La misura è già avviata dal {misura.iniziata_il:%d/%m/%Y}: nulla è cambiato.", regola="M3"
        )
    frasi: dict[str, str] = {
        StatoMisura.PROPOSTA: "La misura è solo proposta: per concordarla serve una nuova versione del patto.",
        StatoMisura.RIFIUTATA: "La misura è stata rifiutata: per concordarla serve una nuova versione del patto.",
        StatoMisura.CONCORDATA: "La misura non è ancora avviata: avviarla prima.",
    }
    raise RegolaViolata(frasi[misura.stato], regola="M3")


def _controlla_fine(misura: Misura, finita_il: dt.date, adesso: dt.datetime) -> None:
    controlla_giorno(misura, finita_il, timezone.localdate(adesso), "finita_il")
    if misura.iniziata_il and finita_il < misura.iniziata_il:
        raise RegolaViolata(
            f"La fine precede l'inizio, del {misura.iniziata_il:%d/%m/%Y}.", campo="finita_il", regola="M3"
        )
    ultimo = misura.iscrizioni.filter(stato=Iscrizione.Stato.PRESENTE).aggregate(ultimo=Max("inizio"))["ultimo"]
    if ultimo and finita_il < timezone.localdate(ultimo):
        raise RegolaViolata(
            f"C'è un incontro del {timezone.localdate(ultimo):%d/%m/%Y}: la misura non può finire prima.",
            campo="finita_il",
            regola="M3",
        )


def _esiti(scelti: Any) -> list[str]:
    """The outcomes that there are, in their order, each once."""
    return [esito.value for esito in EsitoMisura if esito.value in (scelti or ())]


def _nel_fascicolo(misura: Misura, attore: Operatore) -> int:
    """Write the spendable skills into the citizen's file; those already there, under any spelling, are left alone."""
    utente = misura.patto.utente
    presenti = {piega_testo(d) for d in utente.competenze.values_list("descrizione", flat=True)}
    aggiunte = 0
    for genere, descrizione in competenze_spendibili(misura):
        if piega_testo(descrizione) in presenti:
            continue
        presenti.add(piega_testo(descrizione))
        dati = {"genere": genere, "descrizione": descrizione, "acquisita_dove": ACQUISITA_DOVE}
        salva_voce(utente=utente, modello=CompetenzaPersonale, dati=dati, attore=attore)
        aggiunte += 1
    return aggiunte


def _passa(misura: Misura, stato: StatoMisura, **campi: Any) -> None:
    misura.stato = stato
    for nome, valore in campi.items():
        setattr(misura, nome, valore)
    misura.versione += 1
    misura.save(update_fields=["stato", "versione", *campi])


def _registra(azione: Azione, misura: Misura, attore: Operatore, **dettaglio: Any) -> None:
    registra(
        azione,
        attore=attore,
        oggetto=misura,
        utente=misura.patto.utente,
        dettaglio={"servizio": misura.servizio.nome, **dettaglio},
    )
