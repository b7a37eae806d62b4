"""The agenda: the full week of an operator, and a booking against the SQL that it cannot do without."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from django.db import connection, transaction

from orientamento.anagrafica.models import Operatore, Ruolo, Utente
from orientamento.comune.calendario import adesso, oggi
from psp.models import OrarioOperatore
from psp.services.agenda import crea_seduta_di_gruppo, fissa_appuntamento, iscrivi
from psp.services.agenda.giorni import chiusure, istante, lunedi_di

NOME = "operatore-agenda"
AL_GIORNO = 6
IN_GRUPPO = 12


def operatore_con_agenda() -> Operatore:
    """The operator of the measure, with the hours and the meetings of next week; made once in a database."""
    operatore = Operatore.objects.filter(username=NOME).first()
    return operatore or _crea()


def prossima_settimana() -> dt.date:
    return lunedi_di(oggi()) + dt.timedelta(days=7)


def prenota() -> Callable[[], None]:
    """Book one appointment by the service, and undo it."""
    operatore, utente, inizio, fine = _caso()

    def esegui() -> None:
        with transaction.atomic():
            fissa_appuntamento(
                utente=utente, operatore=operatore, inizio=inizio, fine=fine, attore=operatore, adesso=adesso()
            )
            transaction.set_rollback(True)

    return esegui


def prenota_a_mano() -> Callable[[], None]:
    """The least that a booking must do: lock the citizen, write the meeting, the booking and the register; undone."""
    operatore, utente, inizio, fine = _caso()

    def esegui() -> None:
        with transaction.atomic(), connection.cursor() as cursore:
            cursore.execute("SELECT 1 FROM anagrafica_utente WHERE id = %s FOR NO KEY UPDATE", [utente.pk])
            cursore.execute(
                "INSERT INTO psp_seduta (cpi_id, operatore_id, di_gruppo, titolo, programma, modo, inizio, fine, posti,"
                " assistita, stato, motivo, creata_il, creata_da_id, versione)"
                " VALUES (%s, %s, false, 'Appuntamento', '', 'presenza', %s, %s, 1, true, 'fissata', '', now(), %s, 1)"
                " RETURNING id",
                [operatore.cpi_id, operatore.pk, inizio, fine, operatore.pk],
            )
            seduta = cursore.fetchone()[0]
            cursore.execute(
                "INSERT INTO psp_iscrizione (seduta_id, utente_id, stato, posto, inizio, fine, motivo,"
                " creata_il, creata_da_id) VALUES (%s, %s, 'prenotata', 1, %s, %s, '', now(), %s)",
                [seduta, utente.pk, inizio, fine, operatore.pk],
            )
            cursore.execute(
                "INSERT INTO registro_evento (attore_id, attore_nome, azione, utente_id, oggetto_tipo, oggetto_id,"
                " dettaglio, percorso) VALUES (%s, %s, 'appuntamento_fissato', %s, 'psp.iscrizione', %s, '{}', '')",
                [operatore.pk, str(operatore), utente.pk, seduta],
            )
            transaction.set_rollback(True)

    return esegui


def _caso() -> tuple[Operatore, Utente, dt.datetime, dt.datetime]:
    """Somebody without a mail address, an hour at which nobody is expected."""
    operatore = operatore_con_agenda()
    utente = Utente.objects.filter(cpi=operatore.cpi, email="").order_by("pk").first()
    if utente is None:
        utente = Utente.objects.filter(cpi=operatore.cpi).order_by("pk")[0]
        Utente.objects.filter(pk=utente.pk).update(email="")
        utente.email = ""
    giorno = _giorni(operatore, 1)[0]
    return operatore, utente, istante(giorno, dt.time(18)), istante(giorno, dt.time(19))


def _giorni(operatore: Operatore, quanti: int) -> list[dt.date]:
    assert operatore.cpi_id is not None
    primo = prossima_settimana()
    chiusi = chiusure(operatore.cpi_id, primo, primo + dt.timedelta(days=30))
    giorni = (primo + dt.timedelta(days=n) for n in range(30))
    return [g for g in giorni if g.isoweekday() < 6 and g not in chiusi][:quanti]


@transaction.atomic
def _crea() -> Operatore:
    cpi = Utente.objects.order_by("-pk")[0].cpi
    operatore = Operatore.objects.create_user(
        NOME, first_name="Agenda", last_name="Piena", ruolo=Ruolo.OPERATORE, cpi=cpi
    )
    ora = adesso()
    OrarioOperatore.objects.bulk_create(
        OrarioOperatore(operatore=operatore, giorno=g, dalle=dt.time(8), alle=dt.time(17)) for g in range(1, 6)
    )
    giorni = _giorni(operatore, 5)
    quanti = len(giorni) * AL_GIORNO
    persone = list(Utente.objects.filter(cpi=cpi).order_by("-pk")[:quanti])
    for n, utente in enumerate(persone):
        inizio = istante(giorni[n // AL_GIORNO], dt.time(8 + n % AL_GIORNO))
        fissa_appuntamento(
            utente=utente,
            operatore=operatore,
            inizio=inizio,
            fine=inizio + dt.timedelta(minutes=45),
            attore=operatore,
            adesso=ora,
        )
    for giorno in giorni[:2]:
        gruppo = crea_seduta_di_gruppo(
            operatore=operatore,
            inizio=istante(giorno, dt.time(15)),
            fine=istante(giorno, dt.time(17)),
            posti=IN_GRUPPO,
            titolo="Laboratorio",
            attore=operatore,
            adesso=ora,
        )
        for utente in persone[:IN_GRUPPO]:
            iscrivi(seduta=gruppo, utente=utente, attore=operatore, adesso=ora)
    return operatore
