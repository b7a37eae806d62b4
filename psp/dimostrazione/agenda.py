"""The agenda of the demonstration: hours, rooms, this week's appointments and a workshop of each office."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from orientamento.anagrafica.models import CPI, Operatore, Utente
from psp.models import Iscrizione, Luogo, Seduta
from psp.services.agenda import Presenza, crea_seduta_di_gruppo, fissa_appuntamento, iscrivi, segna_presenze
from psp.services.agenda.giorni import chiusure, istante, lunedi_di
from psp.services.agenda.orari import salva_orario
from psp.services.agenda.presenze import ESITI

MATTINA, POMERIGGIO = (dt.time(9), dt.time(13)), (dt.time(15), dt.time(17))
TITOLI = ("Colloquio per il patto", "Consulenza orientativa", "Accompagnamento al lavoro")
LABORATORIO = "Laboratorio: il curriculum che si legge"
PROGRAMMA = "Che cosa guarda chi seleziona.\nProva sul proprio curriculum.\nDomande."


@transaction.atomic
def carica_agenda(adesso: dt.datetime) -> int:
    """Fill the agenda of who follows somebody; how many meetings. Those already begun have their attendance."""
    operatori = Operatore.objects.filter(is_active=True, utenti_seguiti__isnull=False).distinct()
    for operatore in operatori:
        fasce = [(giorno, *MATTINA) for giorno in range(1, 6)] + [(2, *POMERIGGIO), (4, *POMERIGGIO)]
        salva_orario(operatore=operatore, fasce=fasce, attore=operatore)
        _settimane(operatore, adesso)
    for cpi in CPI.objects.filter(operatori__in=operatori).distinct():
        _laboratorio(cpi, adesso)
    return Seduta.objects.count()


def _settimane(operatore: Operatore, adesso: dt.datetime) -> None:
    """Two meetings a morning, this week and the next."""
    persone = iter(
        Utente.objects.filter(operatore_riferimento=operatore, prese_in_carico__isnull=False).distinct()[:20]
    )
    for giorno in _giorni(operatore.cpi_id, adesso, 10):
        for ora, titolo in ((dt.time(9), TITOLI[giorno.day % 3]), (dt.time(11), TITOLI[(giorno.day + 1) % 3])):
            utente = next(persone, None)
            if utente is None:
                return
            inizio = istante(giorno, ora)
            iscrizione = fissa_appuntamento(
                utente=utente,
                operatore=operatore,
                inizio=inizio,
                fine=inizio + dt.timedelta(hours=1),
                titolo=titolo,
                attore=operatore,
                adesso=adesso,
            )
            if iscrizione.fine <= adesso:
                stato = ESITI[1] if giorno.day % 5 == 0 else ESITI[0]
                esiti = {iscrizione.pk: Presenza(stato)}
                segna_presenze(seduta=iscrizione.seduta, esiti=esiti, attore=operatore, adesso=adesso)


def _laboratorio(cpi: CPI, adesso: dt.datetime) -> None:
    sala = Luogo.objects.create(cpi=cpi, nome="Sala corsi", posti=8)
    Luogo.objects.create(cpi=cpi, nome="Postazione 1", tipo=Luogo.Tipo.POSTAZIONE)
    operatore = Operatore.objects.filter(cpi=cpi, utenti_seguiti__isnull=False, is_active=True).order_by("pk")[0]
    giorno = _giorni(cpi.pk, adesso, 10)[-1]
    inizio = istante(giorno, dt.time(15))
    seduta = crea_seduta_di_gruppo(
        operatore=operatore,
        inizio=inizio,
        fine=inizio + dt.timedelta(hours=2),
        posti=sala.posti,
        titolo=LABORATORIO,
        programma=PROGRAMMA,
        luogo=sala,
        attore=operatore,
        adesso=adesso,
    )
    for utente in Utente.objects.filter(cpi=cpi, iscrizioni__stato=Iscrizione.Stato.PRENOTATA).distinct()[:10]:
        iscrivi(seduta=seduta, utente=utente, attore=operatore, adesso=adesso)


def _giorni(cpi_id: int | None, adesso: dt.datetime, quanti: int) -> list[dt.date]:
    """The working days of the office from Monday of this week on."""
    assert cpi_id is not None
    primo = lunedi_di(adesso.date())
    chiusi = chiusure(cpi_id, primo, primo + dt.timedelta(days=30))
    giorni = (primo + dt.timedelta(days=n) for n in range(31))
    return [g for g in giorni if g.isoweekday() < 6 and g not in chiusi][:quanti]
