"""A file that passes to another office: its bookings to come end, its name leaves the old office's meetings (A1)."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connections, transaction
from django.urls import reverse
from django.utils.html import escape

from orientamento.anagrafica.models import Messaggio, Utente
from orientamento.anagrafica.services.utente import trasferisci_utente
from orientamento.comune.calendario import adesso
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.documento_agenda.stampe import _foglio
from psp.models import Iscrizione
from psp.services.agenda import lettura
from psp.services.agenda.blocchi import blocca_utenti
from psp.services.agenda.chi import PASSATA
from psp.services.agenda.giorni import ROMA, giorno_di
from tests.cast import Cast, crea_cast
from tests.psp.scene_agenda import ADESSO, alle, fissa, gruppo, iscrivi, persona
from tests.psp.scene_misure import avviata, tenuto


def passa(cast: Cast, utente: Utente, quando: dt.datetime = ADESSO) -> None:
    trasferisci_utente(utente=utente, cpi=cast.altro_cpi, attore=cast.responsabile, adesso=quando)


def ora(iscrizione: Iscrizione) -> Iscrizione:
    return Iscrizione.objects.select_related("seduta").get(pk=iscrizione.pk)


@pytest.mark.django_db
class TestPrenotazioni:
    def test_the_own_appointment_is_cancelled_and_the_person_told_a1(self, cast: Cast) -> None:
        Utente.objects.filter(pk=cast.utente.pk).update(email="persona@example.org")
        sua = fissa(cast, alle(9), alle(10))
        passa(cast, cast.utente)
        riga = ora(sua)
        assert (riga.stato, riga.motivo) == ("annullata", "Passaggio a un altro centro")
        assert (riga.seduta.stato, riga.seduta.motivo) == ("annullata", "Passaggio a un altro centro")
        assert Evento.objects.filter(azione=Azione.ISCRIZIONE_ANNULLATA, utente=cast.utente).count() == 1
        assert Messaggio.objects.filter(utente=cast.utente, causale__startswith="appuntamento_annullato").count() == 1

    def test_the_place_goes_to_who_waits_and_the_group_stays_a1(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(10), posti=1)
        sua, attesa = iscrivi(cast, seduta, cast.utente), iscrivi(cast, seduta, persona(cast))
        altra = gruppo(cast, alle(11), alle(12), posti=1)
        iscrivi(cast, altra, persona(cast))
        in_lista = iscrivi(cast, altra, cast.utente)
        passa(cast, cast.utente)
        assert (ora(sua).stato, ora(sua).posto, ora(sua).seduta.stato) == ("annullata", None, "fissata")
        assert (ora(attesa).stato, ora(attesa).posto) == ("prenotata", 1)
        assert ora(in_lista).stato == "annullata"

    def test_what_has_begun_waits_for_its_attendance_a1(self, cast: Cast) -> None:
        sua = fissa(cast, alle(9), alle(10))
        passa(cast, cast.utente, alle(9, 30))
        assert (ora(sua).stato, ora(sua).seduta.stato) == ("prenotata", "fissata")


@pytest.mark.django_db
def test_the_old_office_s_pages_name_only_whom_it_sees_a1(cast: Cast) -> None:
    Utente.objects.filter(pk=cast.utente.pk).update(cellulare="3331234567", email="", cognome="Zanichelli")
    cast.utente.refresh_from_db()
    resta = persona(cast)
    ieri = giorno_di(adesso()) - dt.timedelta(days=1)
    seduta = gruppo(cast, alle(9, giorno=ieri), alle(10, giorno=ieri), adesso=adesso())
    sola = fissa(cast, alle(11, giorno=ieri), alle(12, giorno=ieri), adesso=adesso()).seduta
    for utente in (cast.utente, resta):
        iscrivi(cast, seduta, utente, adesso=adesso())
    client = cast.client("operatore")
    nomi = ("psp:seduta", "psp:presenze", "psp:annulla_seduta")
    prima = [client.get(reverse(nome, args=[seduta.pk])).content.decode() for nome in nomi]
    assert all("Zanichelli" in pagina and PASSATA not in pagina for pagina in prima)
    assert "3331234567" in prima[2]
    passa(cast, cast.utente, adesso())
    for nome in nomi:
        for di_chi in (seduta, sola):
            pagina = client.get(reverse(nome, args=[di_chi.pk])).content.decode()
            assert PASSATA in pagina, nome
            assert "Zanichelli" not in pagina, nome
            assert "3331234567" not in pagina, nome
            assert reverse("psp:utente", args=[cast.utente.pk]) not in pagina, nome
        assert escape(str(resta)) in client.get(reverse(nome, args=[seduta.pk])).content.decode()
    righe = list(seduta.iscrizioni.select_related("utente"))
    persone = _foglio(seduta, righe, adesso())["persone"]
    assert {p["nome"]: bool(p["codice"]) for p in persone} == {str(resta): True, PASSATA: False}
    dato = next(d for d in lettura.appuntamenti_di(cast.operatore, ieri, ieri) if d["id"] == sola.pk)
    assert (dato["persona"], dato["utente_id"]) == (PASSATA, None)


@pytest.mark.django_db
def test_the_new_office_reads_what_was_held_without_links_to_pages_that_are_not_its_own_a1(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    fatta = tenuto(cast, misura, 60, giorni_fa=2)
    pagine = (reverse("psp:appuntamenti", args=[cast.utente.pk]), reverse("psp:misura", args=[misura.pk]))
    porta = f'href="{reverse("psp:seduta", args=[fatta.seduta_id])}"'
    assert all(porta in cast.client("operatore").get(pagina).content.decode() for pagina in pagine)
    passa(cast, cast.utente, adesso())
    for pagina in pagine:
        risposta = cast.client("estraneo").get(pagina)
        assert risposta.status_code == 200
        assert f"{fatta.inizio.astimezone(ROMA):%d/%m/%Y}" in risposta.content.decode()
        assert porta not in risposta.content.decode()


@pytest.mark.usefixtures("transactional_db")
def test_the_passage_and_a_verb_of_the_meeting_never_wait_in_a_ring() -> None:
    """Whoever works on the meeting holds the first of its people and wants the one who is passing."""
    cast = crea_cast()
    seduta = gruppo(cast, alle(9), alle(10))
    secondo = persona(cast)
    for utente in (cast.utente, secondo):
        iscrivi(cast, seduta, utente)
    esiti: list[Any] = []

    def corri() -> None:
        try:
            passa(cast, secondo)
            esiti.append("passato")
        except Exception as errore:
            esiti.append(errore)
        finally:
            connections.close_all()

    filo = threading.Thread(target=corri)
    with transaction.atomic():
        blocca_utenti([cast.utente.pk])
        filo.start()
        filo.join(1)
        assert filo.is_alive()
        blocca_utenti([secondo.pk])
    filo.join(30)
    assert esiti == ["passato"]
