"""Meetings: fixed for one person or for a group, moved, cancelled. No person, operator or room in two at once."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from typing import Any

from django.db import transaction

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.testo import riga as riga_di
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra, registra_tutti
from psp.models import Iscrizione, Luogo, Misura, Seduta, Servizio
from psp.services.agenda import avvisi
from psp.services.agenda.blocchi import (
    ATTIVE,
    Bloccata,
    blocca_luogo,
    blocca_misure,
    blocca_operatori,
    blocca_seduta,
    blocca_utenti,
    richiedi_luogo,
    richiedi_operatore,
    richiedi_postazione,
)
from psp.services.agenda.conflitti import (
    controlla_durata,
    controlla_giorno,
    controlla_luogo,
    controlla_operatore,
    controlla_persona,
    frase_persona,
    impegni_di,
    vincoli_in_parole,
)
from psp.services.agenda.giorni import giorno_di, quando
from psp.services.agenda.iscrizioni import annulla_iscrizioni, controlla_misura, promuovi

TITOLO = "Appuntamento"
SENZA_OPERATORE = " Se alla postazione la sua presenza non serve, togliere la spunta «L'operatore è presente»."
GIA_COMINCIATO = "L'appuntamento è già cominciato"
CHIUSE = {
    Seduta.Stato.TENUTA: "L'appuntamento si è già tenuto: le presenze sono segnate.",
    Seduta.Stato.ANNULLATA: "L'appuntamento è annullato.",
}


@transaction.atomic
def fissa_appuntamento(
    *,
    utente: Utente,
    operatore: Operatore,
    inizio: dt.datetime,
    fine: dt.datetime,
    attore: Operatore,
    adesso: dt.datetime,
    luogo: Luogo | None = None,
    misura: Misura | None = None,
    servizio: Servizio | None = None,
    titolo: str = "",
    modo: str = Seduta.Modo.PRESENZA,
    assistita: bool = True,
) -> Iscrizione:
    """A meeting of one citizen with one operator, perhaps for a measure; a past one may be entered afterwards.

    Not `assistita`, the citizen uses a place alone, and `operatore` is only who to ask for.
    The citizen, who has a mail address, gets the confirmation and the reminder.
    """
    utente = blocca_utenti([utente.pk])[utente.pk]
    if utente.cpi_id != attore.cpi_id:
        raise RegolaViolata("Il fascicolo è passato a un altro centro: l'appuntamento si fissa lì.", regola="A1")
    if misura is not None:
        misura = blocca_misure([misura.pk])[misura.pk]
        controlla_misura(misura, utente, giorno=giorno_di(inizio))
        servizio = misura.servizio
    seduta = _nuova(
        attore=attore,
        adesso=adesso,
        operatore=operatore,
        luogo=luogo,
        servizio=servizio,
        titolo=titolo or (servizio.nome if servizio else TITOLO),
        modo=modo,
        inizio=inizio,
        fine=fine,
        posti=1,
        di_gruppo=False,
        assistita=assistita,
    )
    controlla_persona(utente, seduta.inizio, seduta.fine)
    with vincoli_in_parole():
        seduta.save(force_insert=True)
        iscrizione = Iscrizione.objects.create(
            seduta=seduta,
            utente=utente,
            misura=misura,
            posto=1,
            inizio=seduta.inizio,
            fine=seduta.fine,
            creata_il=adesso,
            creata_da=attore,
        )
    registra(
        Azione.APPUNTAMENTO_FISSATO,
        attore=attore,
        oggetto=iscrizione,
        utente=utente,
        dettaglio={"seduta": seduta.pk, "quando": quando(seduta.inizio, seduta.fine), "misura": misura and misura.pk},
    )
    avvisi.avvisa_fissati([iscrizione], attore=attore, adesso=adesso)
    return iscrizione


@transaction.atomic
def crea_seduta_di_gruppo(
    *,
    operatore: Operatore,
    inizio: dt.datetime,
    fine: dt.datetime,
    posti: int,
    titolo: str,
    attore: Operatore,
    adesso: dt.datetime,
    luogo: Luogo | None = None,
    servizio: Servizio | None = None,
    programma: str = "",
    modo: str = Seduta.Modo.PRESENZA,
) -> Seduta:
    """A meeting for many, of the office: every operator of it may book into it."""
    if not 1 <= posti <= 400:
        raise RegolaViolata("I posti vanno da 1 a 400.", campo="posti")
    seduta = _nuova(
        attore=attore,
        adesso=adesso,
        operatore=operatore,
        luogo=luogo,
        servizio=servizio,
        titolo=titolo or (servizio.nome if servizio else ""),
        modo=modo,
        inizio=inizio,
        fine=fine,
        posti=posti,
        di_gruppo=True,
        assistita=True,
    )
    seduta.programma = programma
    with vincoli_in_parole():
        seduta.save(force_insert=True)
    registra(
        Azione.APPUNTAMENTO_FISSATO,
        attore=attore,
        oggetto=seduta,
        dettaglio={"titolo": seduta.titolo, "quando": quando(seduta.inizio, seduta.fine), "posti": posti},
    )
    return seduta


def esclusi_dallo_spostamento(seduta: Seduta, inizio: dt.datetime, fine: dt.datetime) -> list[Iscrizione]:
    """The other bookings of those of `seduta` who could not come at the new time; each carries its `utente`."""
    utenti = Iscrizione.objects.filter(seduta=seduta, stato__in=ATTIVE).values_list("utente_id", flat=True)
    return sorted(impegni_di(utenti, inizio, fine, esclusa=seduta.pk).values(), key=lambda i: str(i.utente))


@transaction.atomic
def sposta_seduta(
    *,
    seduta: Seduta,
    inizio: dt.datetime,
    fine: dt.datetime,
    motivo: str,
    versione: int,
    attore: Operatore,
    adesso: dt.datetime,
    operatore: Operatore | None = None,
    luogo: Luogo | None = None,
    assistita: bool | None = None,
    lascia_fuori: Collection[int] = (),
) -> Seduta:
    """Another time, room (`luogo` is the room afterwards) or operator, with or without them; the people are told.

    A person who is expected elsewhere at the new time keeps the move from happening, and is named. In a group those
    whose keys stand in `lascia_fuori` lose their place instead: the page has shown who they are.
    """
    inizio, fine = inizio.astimezone(dt.UTC), fine.astimezone(dt.UTC)
    nuovo = operatore or seduta.operatore
    tutti = blocca_seduta(seduta, versione=versione, operatori=(seduta.operatore_id, nuovo), luogo=luogo)
    riga = tutti.seduta
    _richiedi_da_tenere(riga, adesso, "non si sposta")
    _richiedi_motivo(motivo)
    if inizio <= adesso:
        raise RegolaViolata("Il nuovo orario è già passato: sceglierne uno che deve venire.", campo="giorno")
    prima = _com_e(riga)
    riga.inizio, riga.fine = inizio, fine
    riga.operatore = Operatore.objects.get(pk=nuovo.pk)
    riga.luogo = Luogo.objects.get(pk=luogo.pk) if luogo else None
    riga.assistita = riga.assistita if assistita is None else assistita
    riga.motivo = motivo
    riga.versione += 1
    cambi = {c: [prima[c], dopo] for c, dopo in _com_e(riga).items() if prima[c] != dopo}
    if not cambi:
        raise RegolaViolata("Non è cambiato nulla: scegliere un altro orario, un'altra sala o un altro operatore.")
    _controlla(riga, adesso)
    fuori = _chi_resta_fuori(tutti, lascia_fuori)
    attendevano = [i for i in fuori if i.stato == Iscrizione.Stato.IN_LISTA]
    with vincoli_in_parole():
        if fuori:
            annulla_iscrizioni(fuori, "Spostamento: a quell'ora la persona ha un altro appuntamento")
        Iscrizione.objects.filter(seduta=riga, stato__in=ATTIVE).update(inizio=inizio, fine=fine)
        riga.save(update_fields=["inizio", "fine", "operatore", "luogo", "assistita", "motivo", "versione"])
    restano = [i for i in tutti.iscrizioni if i not in fuori]
    for iscrizione in restano:
        iscrizione.inizio, iscrizione.fine = inizio, fine
    registra(Azione.APPUNTAMENTO_SPOSTATO, attore=attore, oggetto=riga, dettaglio=cambi)
    righe = [(i, i.utente, {"seduta": riga.pk, **cambi}) for i in restano]
    registra_tutti(Azione.APPUNTAMENTO_SPOSTATO, attore=attore, righe=righe)
    registra_tutti(
        Azione.ISCRIZIONE_ANNULLATA, attore=attore, righe=[(i, i.utente, {"seduta": riga.pk}) for i in fuori]
    )
    avvisi.avvisa_annullati([i for i in fuori if i not in attendevano], attore=attore, adesso=adesso)
    avvisi.avvisa_tolti_dalla_lista(attendevano, attore=attore, adesso=adesso)
    resta = Bloccata(riga, restano, tutti.utenti)
    con_posto = resta.con_stato(Iscrizione.Stato.PRENOTATA)
    avvisa = avvisi.avvisa_spostati if "quando" in cambi else avvisi.avvisa_cambiati
    avvisa(con_posto, attore=attore, adesso=adesso)
    promuovi(resta, attore=attore, adesso=adesso)
    avvisa_lista = avvisi.avvisa_lista_spostata if "quando" in cambi else avvisi.riscrivi
    avvisa_lista(resta.in_lista, attore=attore, adesso=adesso)
    return riga


@transaction.atomic
def annulla_seduta(*, seduta: Seduta, motivo: str, versione: int, attore: Operatore, adesso: dt.datetime) -> Seduta:
    """The meeting is not held: all its bookings end, and whoever was expected is told. `motivo` is for the office."""
    tutti = blocca_seduta(seduta, versione=versione)
    riga = tutti.seduta
    if riga.stato != Seduta.Stato.FISSATA:
        raise RegolaViolata(f"{CHIUSE[Seduta.Stato(riga.stato)]} Non si annulla.")
    _richiedi_motivo(motivo)
    if any(i.stato not in ATTIVE for i in tutti.iscrizioni):
        raise RegolaViolata("Qualche presenza è già segnata: l'appuntamento non si annulla.")
    chiudi_seduta(riga, motivo, attore=attore)
    con_posto, attendevano = tutti.con_stato(Iscrizione.Stato.PRENOTATA), tutti.in_lista
    annulla_iscrizioni(tutti.iscrizioni, motivo)
    righe = [(i, i.utente, {"seduta": riga.pk, "quando": quando(i.inizio, i.fine)}) for i in tutti.iscrizioni]
    registra_tutti(Azione.APPUNTAMENTO_ANNULLATO, attore=attore, righe=righe)
    avvisi.avvisa_annullati(con_posto, attore=attore, adesso=adesso)
    avvisi.avvisa_lista_annullata(attendevano, attore=attore, adesso=adesso)
    return riga


def chiudi_seduta(seduta: Seduta, motivo: str, *, attore: Operatore) -> None:
    """Write on a locked meeting that it is cancelled."""
    seduta.stato, seduta.motivo = Seduta.Stato.ANNULLATA, motivo
    seduta.versione += 1
    seduta.save(update_fields=["stato", "motivo", "versione"])
    # The title of a group is public; that of one person's appointment is free text, and stays out of the register.
    titolo = {"titolo": seduta.titolo} if seduta.di_gruppo else {}
    registra(
        Azione.APPUNTAMENTO_ANNULLATO,
        attore=attore,
        oggetto=seduta,
        dettaglio={**titolo, "quando": quando(seduta.inizio, seduta.fine)},
    )


@transaction.atomic
def modifica_seduta(
    *, seduta: Seduta, dati: dict[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> Seduta:
    """Title, programme and places of a group. More places call the first of the waiting list; fewer never send away.

    Also of one that has been held: somebody more may have come.
    """
    tutti = blocca_seduta(seduta, versione=versione)
    riga = tutti.seduta
    if not riga.di_gruppo:
        raise RegolaViolata("Solo un incontro di gruppo ha posti e programma.")
    if riga.stato == Seduta.Stato.ANNULLATA:
        raise RegolaViolata(CHIUSE[Seduta.Stato.ANNULLATA])
    posti, titolo = dati["posti"], _titolo(dati["titolo"])
    con_posto = [i for i in tutti.iscrizioni if i.posto is not None]
    if not max(1, len(con_posto)) <= posti <= 400:
        raise RegolaViolata(
            f"I posti vanno da {len(con_posto)}, quelli già presi, a 400."
            if con_posto
            else "I posti vanno da 1 a 400.",
            campo="posti",
        )
    richiedi_luogo(riga.luogo, riga.cpi_id, posti)
    _stringi(con_posto, posti)
    cambi = differenze(riga, {"titolo": titolo, "posti": posti})
    riga.titolo, riga.programma, riga.posti = titolo, dati["programma"], posti
    riga.versione += 1
    riga.save(update_fields=["titolo", "programma", "posti", "versione"])
    registra(Azione.APPUNTAMENTO_SPOSTATO, attore=attore, oggetto=riga, dettaglio=cambi)
    avvisi.riscrivi(tutti.con_stato(Iscrizione.Stato.PRENOTATA), attore=attore, adesso=adesso)
    promuovi(tutti, attore=attore, adesso=adesso)
    avvisi.riscrivi(tutti.in_lista, attore=attore, adesso=adesso)
    return riga


def _stringi(con_posto: list[Iscrizione], posti: int) -> None:
    """Who has a place beyond the last one gets the number that somebody else has given back."""
    presi = {i.posto for i in con_posto}
    liberi = (numero for numero in range(1, posti + 1) if numero not in presi)
    for iscrizione in con_posto:
        if iscrizione.posto is not None and iscrizione.posto > posti:
            iscrizione.posto = next(liberi)
            iscrizione.save(update_fields=["posto"])


def _nuova(*, attore: Operatore, adesso: dt.datetime, operatore: Operatore, **campi: Any) -> Seduta:
    """A meeting checked but not written; the operator and the room are locked from here on."""
    campi["inizio"], campi["fine"] = campi["inizio"].astimezone(dt.UTC), campi["fine"].astimezone(dt.UTC)
    campi["titolo"] = _titolo(campi["titolo"])
    operatore = blocca_operatori(operatore)[operatore.pk]
    campi["luogo"] = blocca_luogo(campi["luogo"])
    seduta = Seduta(**campi, operatore=operatore, cpi=attore.cpi, creata_il=adesso, creata_da=attore)
    _controlla(seduta, adesso)
    return seduta


def _controlla(seduta: Seduta, adesso: dt.datetime) -> None:
    """Whether the meeting may stand as it is about to be written: its operator and its room are locked."""
    inizio, fine, luogo, esclusa = seduta.inizio, seduta.fine, seduta.luogo, seduta.pk or 0
    controlla_durata(inizio, fine)
    controlla_giorno(seduta.cpi_id, inizio, adesso)
    richiedi_operatore(seduta.operatore, seduta.cpi_id)
    richiedi_luogo(luogo, seduta.cpi_id, seduta.posti)
    richiedi_postazione(luogo, assistita=seduta.assistita, di_gruppo=seduta.di_gruppo)
    if seduta.assistita:
        postazione = luogo is not None and luogo.tipo == Luogo.Tipo.POSTAZIONE and not seduta.di_gruppo
        altrimenti = SENZA_OPERATORE if postazione else ""
        controlla_operatore(seduta.operatore, inizio, fine, adesso, esclusa=esclusa, altrimenti=altrimenti)
    controlla_luogo(luogo, inizio, fine, esclusa=esclusa)


def _com_e(seduta: Seduta) -> dict[str, Any]:
    """What a move may change, as the register keeps it."""
    return {
        "quando": quando(seduta.inizio, seduta.fine),
        "operatore": seduta.operatore_id,
        "luogo": seduta.luogo_id,
        "assistita": seduta.assistita,
    }


def _chi_resta_fuori(tutti: Bloccata, lascia_fuori: Collection[int]) -> list[Iscrizione]:
    seduta = tutti.seduta
    impegni = impegni_di(tutti.utenti, seduta.inizio, seduta.fine, esclusa=seduta.pk)
    fuori = [i for i in tutti.con_stato(*ATTIVE) if i.utente_id in impegni]
    nuovi = [impegni[i.utente_id] for i in fuori if i.utente_id not in lascia_fuori or not seduta.di_gruppo]
    if nuovi:
        frasi = " ".join(frase_persona(i) for i in sorted(nuovi, key=lambda i: str(i.utente)))
        raise RegolaViolata(f"L'appuntamento non si sposta a quell'ora. {frasi}", campo="dalle")
    return fuori


def _richiedi_da_tenere(seduta: Seduta, adesso: dt.datetime, verbo: str) -> None:
    if seduta.stato != Seduta.Stato.FISSATA:
        raise RegolaViolata(f"{CHIUSE[Seduta.Stato(seduta.stato)]} Perciò {verbo}.")
    if seduta.inizio <= adesso:
        raise RegolaViolata(f"{GIA_COMINCIATO}: {verbo}. Se non si è tenuto si può annullare.")


def _titolo(testo: str) -> str:
    """On one line and without what prints nothing: it goes into letters, messages, calendars."""
    titolo = riga_di(testo)[:160]
    if not titolo:
        raise RegolaViolata("Scrivere il titolo dell'incontro o scegliere il servizio.", campo="titolo")
    return titolo


def _richiedi_motivo(motivo: str) -> None:
    if not motivo.strip():
        raise RegolaViolata("Scrivere il motivo.", campo="motivo")
