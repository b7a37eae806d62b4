"""Who comes to a meeting: a place while there are, then the waiting list, which a place given back calls from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from django.db import transaction

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import Iscrizione, Misura, Seduta
from psp.models.misura import StatoMisura
from psp.models.patto import IN_VIGORE
from psp.services.agenda import avvisi
from psp.services.agenda.blocchi import (
    ATTIVE,
    Bloccata,
    blocca_misure,
    blocca_seduta,
    blocca_utenti,
    riga_bloccata,
)
from psp.services.agenda.conflitti import controlla_persona, impegni_di, vincoli_in_parole
from psp.services.agenda.giorni import giorno_di
from psp.services.agenda.presenze import tenuta_se_segnata
from psp.services.passaggi_misura import giorni_della_misura, nei_giorni


@transaction.atomic
def iscrivi(
    *, seduta: Seduta, utente: Utente, attore: Operatore, adesso: dt.datetime, misura: Misura | None = None
) -> Iscrizione:
    """Book a citizen of the office into a meeting of the office: a place, or the end of the waiting list.

    Who came to a group unannounced is booked afterwards, while there are places; the presence is then to be written.
    """
    utente = blocca_utenti([utente.pk])[utente.pk]
    if misura is not None:
        misura = blocca_misure([misura.pk]).get(misura.pk)
    riga = riga_bloccata(seduta)
    if not (riga.di_gruppo and riga.stato == Seduta.Stato.TENUTA):
        _richiedi_aperta(riga)
    if utente.cpi_id != riga.cpi_id:
        raise RegolaViolata(
            f"{utente} è seguito da un altro centro: l'iscrizione si fa lì.", campo="utente", regola="A1"
        )
    controlla_misura(misura, utente, riga, giorno=giorno_di(riga.inizio))
    righe = list(Iscrizione.objects.filter(seduta=riga).exclude(stato=Iscrizione.Stato.ANNULLATA))
    if any(i.utente_id == utente.pk for i in righe):
        raise RegolaViolata(f"{utente} ha già un'iscrizione a questo incontro.", campo="utente")
    controlla_persona(utente, riga.inizio, riga.fine, esclusa=riga.pk)
    posto = primo_posto(riga, righe)
    if posto is None and not riga.di_gruppo:
        raise RegolaViolata("L'appuntamento è già di un'altra persona.", campo="utente")
    if posto is None and riga.inizio <= adesso:
        raise RegolaViolata(
            "L'incontro è già cominciato e i posti sono finiti: per iscrivere chi è venuto lo stesso, aumentarli.",
            campo="utente",
        )
    with vincoli_in_parole():
        iscrizione = Iscrizione.objects.create(**nuova(riga, utente, posto, attore, adesso), misura=misura)
    if riga.stato == Seduta.Stato.TENUTA:
        riga.stato = Seduta.Stato.FISSATA
        riga.save(update_fields=["stato"])
    registra(
        Azione.ISCRIZIONE_AGGIUNTA,
        attore=attore,
        oggetto=iscrizione,
        utente=utente,
        dettaglio={"seduta": riga.pk, "stato": iscrizione.stato, "misura": misura and misura.pk},
    )
    if posto is not None:
        avvisi.avvisa_fissati([iscrizione], attore=attore, adesso=adesso)
    return iscrizione


@transaction.atomic
def togli_iscrizione(*, iscrizione: Iscrizione, motivo: str, attore: Operatore, adesso: dt.datetime) -> Iscrizione:
    """End one booking, with its reason; the place goes to the first of the waiting list who is free at that time.

    The only person of a single appointment cannot be taken away from it: the appointment is cancelled.
    """
    tutti = blocca_seduta(iscrizione.seduta)
    riga = next((i for i in tutti.iscrizioni if i.pk == iscrizione.pk), None)
    if riga is None:
        raise RegolaViolata("La prenotazione è già stata annullata.")
    _richiedi_aperta(tutti.seduta)
    if not tutti.seduta.di_gruppo:
        raise RegolaViolata("È l'unica persona: annullare l'appuntamento.")
    if riga.stato not in ATTIVE:
        raise RegolaViolata("La presenza è già segnata: si corregge, non si annulla.")
    if not motivo.strip():
        raise RegolaViolata("Scrivere il motivo.", campo="motivo")
    aveva_un_posto = riga.posto is not None
    annulla_iscrizioni([riga], motivo.strip()[:300])
    registra(
        Azione.ISCRIZIONE_ANNULLATA,
        attore=attore,
        oggetto=riga,
        utente=riga.utente,
        dettaglio={"seduta": tutti.seduta.pk},
    )
    if aveva_un_posto:
        avvisi.avvisa_annullati([riga], attore=attore, adesso=adesso)
    promuovi(tutti, attore=attore, adesso=adesso)
    tenuta_se_segnata(tutti)
    return riga


def annulla_iscrizioni(iscrizioni: list[Iscrizione], motivo: str) -> None:
    """Bookings of a locked meeting end and give their places back."""
    for iscrizione in iscrizioni:
        iscrizione.stato, iscrizione.posto, iscrizione.motivo = Iscrizione.Stato.ANNULLATA, None, motivo
    Iscrizione.objects.filter(pk__in=[i.pk for i in iscrizioni]).update(
        stato=Iscrizione.Stato.ANNULLATA, posto=None, motivo=motivo
    )


def promuovi(tutti: Bloccata, *, attore: Operatore, adesso: dt.datetime) -> list[Iscrizione]:
    """Give free places of a locked meeting to those who wait, in order; who is expected elsewhere then is passed over.

    Nobody is called to a meeting that has begun.
    """
    seduta = tutti.seduta
    if seduta.stato != Seduta.Stato.FISSATA or seduta.inizio <= adesso or not tutti.in_lista:
        return []
    occupati = impegni_di([i.utente_id for i in tutti.in_lista], seduta.inizio, seduta.fine, esclusa=seduta.pk)
    promossi = []
    for iscrizione in tutti.in_lista:
        posto = primo_posto(seduta, tutti.iscrizioni)
        if posto is None:
            break
        if iscrizione.utente_id in occupati:
            continue
        iscrizione.stato, iscrizione.posto = Iscrizione.Stato.PRENOTATA, posto
        with vincoli_in_parole():
            iscrizione.save(update_fields=["stato", "posto"])
        registra(
            Azione.ISCRIZIONE_AGGIUNTA,
            attore=attore,
            oggetto=iscrizione,
            utente=iscrizione.utente,
            dettaglio={"seduta": seduta.pk, "stato": iscrizione.stato, "dalla_lista": True},
        )
        avvisi.avvisa_posto(iscrizione, attore=attore, adesso=adesso)
        promossi.append(iscrizione)
    return promossi


def primo_posto(seduta: Seduta, iscrizioni: Iterable[Iscrizione]) -> int | None:
    """The lowest place that nobody has; None where all are taken."""
    presi = {i.posto for i in iscrizioni if i.posto is not None}
    return next((posto for posto in range(1, seduta.posti + 1) if posto not in presi), None)


def nuova(
    seduta: Seduta, utente: Utente, posto: int | None, attore: Operatore, adesso: dt.datetime
) -> dict[str, object]:
    """The fields of a new booking; without a place it waits."""
    return {
        "seduta": seduta,
        "utente": utente,
        "stato": Iscrizione.Stato.IN_LISTA if posto is None else Iscrizione.Stato.PRENOTATA,
        "posto": posto,
        "inizio": seduta.inizio,
        "fine": seduta.fine,
        "creata_il": adesso,
        "creata_da": attore,
    }


def misura_per(seduta: Seduta, utente: Utente) -> Misura | None:
    """The measure of `utente` that a meeting of its service, on its day, is for; None where there is none (C2)."""
    if seduta.servizio_id is None:
        return None
    misura = Misura.objects.da_erogare().filter(patto__utente=utente, servizio=seduta.servizio_id).first()
    return misura if misura and nei_giorni(misura, giorno_di(seduta.inizio)) else None


def controlla_misura(misura: Misura | None, utente: Utente, seduta: Seduta | None = None, *, giorno: dt.date) -> None:
    """Refuse a locked measure that no meeting of `giorno` may be for: of another citizen or service, not to be
    delivered now, begun later or ended with its pact before."""
    if misura is None:
        return
    if misura.patto.utente_id != utente.pk:
        raise RegolaViolata("La misura è di un'altra persona.", campo="misura", regola="M3")
    if misura.stato not in (StatoMisura.CONCORDATA, StatoMisura.AVVIATA) or misura.patto.stato not in IN_VIGORE:
        raise RegolaViolata(
            f"«{misura.servizio}» non è una misura da erogare di un patto firmato: l'incontro si fissa senza misura.",
            campo="misura",
            regola="M3",
        )
    if not nei_giorni(misura, giorno):
        dal, al = giorni_della_misura(misura)
        raise RegolaViolata(
            f"«{misura.servizio}» va{f' dal {dal:%d/%m/%Y}' if dal else ''}{f' al {al:%d/%m/%Y}' if al else ''}: "
            "scegliere un altro giorno, o fissare l'incontro senza misura.",
            campo="misura",
            regola="M3",
        )
    if seduta is not None and seduta.servizio_id and seduta.servizio_id != misura.servizio_id:
        raise RegolaViolata(
            f"L'incontro è per «{seduta.servizio}», la misura per «{misura.servizio}»: scegliere la misura giusta.",
            campo="misura",
            regola="M3",
        )


def _richiedi_aperta(seduta: Seduta) -> None:
    if seduta.stato == Seduta.Stato.ANNULLATA:
        raise RegolaViolata("L'appuntamento è annullato: non si cambia più.")
    if seduta.stato == Seduta.Stato.TENUTA:
        raise RegolaViolata("L'appuntamento si è già tenuto e le presenze sono segnate: si correggono lì.")
