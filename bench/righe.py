"""The lines of the benchmark."""

from __future__ import annotations

import io
import random
import time
from collections.abc import Callable
from itertools import count
from typing import Any

from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from bench import agenda, curriculum, documento, lavoro, ricerca, scadenze, trasferimenti
from bench.misura import Riga, alterna
from bench.pagine import Pagine, nuda
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.calendario import adesso
from psp.dimostrazione.accessi import crea_accessi
from psp.dimostrazione.casi import carica_casi
from psp.models import Colloquio, Fase
from psp.services.colloquio import leggi_fase, versione_di


def misura_tutto(utenti: int) -> list[Riga]:
    """Prepare the database where needed and measure every line."""
    if not Utente.objects.exists():
        carica_casi(adesso(), {"Prato": 40, "Empoli": 20})
    call_command("genera_carico", utenti=utenti, stdout=io.StringIO())
    operatori = crea_accessi()
    operatore = operatori["operatore"]
    pagine = Pagine(operatore)
    vuota = pagine.get("/bench/vuota")
    return [
        _riga("Pagina vuota rispetto a una risposta nuda", vuota, nuda("/bench/nuda"), None),
        *_fascicolo(pagine, operatore, vuota),
        *_fase_2(pagine, operatore, vuota),
        *_ricerca(pagine, operatore, vuota),
        *_lavoro(operatori["responsabile"]),
        *_agenda(),
        Riga("PDF del patto rispetto a WeasyPrint da solo", *documento.misura(), 1.2),
        Riga("Controllo di un curriculum rispetto a pikepdf da solo", *curriculum.misura(), None),
        Riga("Giro delle scadenze su 500.000 curriculum rispetto al solo SQL", *scadenze.misura(), 1.1),
        Riga("Trasferimento al portale rispetto a un PUT nudo", *trasferimenti.misura(), 1.5),
        Riga("Memoria del worker dopo 5.000 invii rispetto a 1.000 (MB)", *trasferimenti.misura_memoria(), 1.05),
    ]


def _riga(nome: str, nostra: Callable[[], Any], limite: Callable[[], Any], meta: float | None) -> Riga:
    return Riga(nome, *alterna(nostra, limite), meta)


def _lavoro(responsabile: Operatore) -> list[Riga]:
    pagine, del_centro = Pagine(lavoro.operatore_con_casi()), Pagine(responsabile)
    pagina, vuota = pagine.get(reverse("psp:home")), pagine.get("/bench/vuota")
    centro = del_centro.get(reverse("psp:home"))
    return [
        _riga("Lista di lavoro con 400 casi rispetto alla pagina vuota", pagina, vuota, 5),
        _riga("Lista di lavoro di tutto un centro rispetto alla pagina vuota", centro, vuota, None),
    ]


def _agenda() -> list[Riga]:
    pagine = Pagine(agenda.operatore_con_agenda())
    settimana = pagine.get(f"{reverse('psp:agenda')}?giorno={agenda.prossima_settimana().isoformat()}")
    prenota, a_mano = agenda.prenota(), agenda.prenota_a_mano()
    return [
        _riga("Settimana dell'agenda rispetto alla pagina vuota", settimana, pagine.get("/bench/vuota"), 5),
        _riga("Prenotazione rispetto all'SQL scritto a mano", prenota, a_mano, None),
    ]


def _fascicolo(pagine: Pagine, operatore: Operatore, vuota: Callable[[], bytes]) -> list[Riga]:
    utente = _caso_pieno(operatore).utente
    pagina = pagine.get(reverse("psp:utente", args=[utente.pk]))
    return [
        _riga("Fascicolo rispetto alla pagina vuota", pagina, vuota, 4),
        _riga("Fascicolo rispetto alle sue sole interrogazioni SQL", pagina, _stesse_interrogazioni(pagina), None),
    ]


def _fase_2(pagine: Pagine, operatore: Operatore, vuota: Callable[[], bytes]) -> list[Riga]:
    colloquio = _caso_pieno(operatore)
    versioni = count(versione_di(colloquio, Fase.ANALISI))
    valori = {c: "" if v is None else v for c, v in leggi_fase(colloquio, Fase.ANALISI).items()}

    def campi() -> dict[str, Any]:
        return {**valori, "area_profilo_note": f"Nota {time.time_ns()}", "versione": next(versioni)}

    salva = pagine.post(reverse("psp:fase", args=[colloquio.pk, 2]), campi)
    return [
        _riga("Salvataggio della fase 2 rispetto alla pagina vuota", salva, vuota, None),
        _riga("Salvataggio della fase 2 rispetto all'SQL scritto a mano", salva, _salvataggio_a_mano(colloquio), None),
    ]


def _salvataggio_a_mano(colloquio: Colloquio) -> Callable[[], None]:
    """The least that a save must do: lock the interview, write the note, write when."""

    def esegui() -> None:
        with transaction.atomic(), connection.cursor() as cursore:
            cursore.execute("SELECT versione_2 FROM psp_colloquio WHERE id = %s FOR UPDATE", [colloquio.pk])
            cursore.execute(
                "UPDATE psp_areaanalisi SET note = %s WHERE colloquio_id = %s AND area = 'profilo'",
                ["Nota scritta a mano", colloquio.pk],
            )
            cursore.execute("UPDATE psp_colloquio SET salvato_il = now() WHERE id = %s", [colloquio.pk])

    return esegui


def _ricerca(pagine: Pagine, operatore: Operatore, vuota: Callable[[], bytes]) -> list[Riga]:
    cognome = Utente.objects.visibili_a(operatore).order_by("pk")[random.Random(5).randint(0, 20)].cognome
    pagina = pagine.get(f"{reverse('anagrafica:ricerca')}?q={cognome}", parziale=True)
    return [
        _riga("Ricerca di una persona rispetto alla pagina vuota", pagina, vuota, None),
        Riga("Interrogazione della ricerca rispetto all'SQL scritto a mano", *ricerca.misura(), 1.3),
    ]


def _caso_pieno(operatore: Operatore) -> Colloquio:
    """An interview in progress with a draft pact: the fullest page there is."""
    return Colloquio.objects.filter(
        concluso_il__isnull=True, patti__stato="bozza", utente__cpi_id=operatore.cpi_id
    ).order_by("pk")[0]


def _stesse_interrogazioni(richiesta: Callable[[], Any]) -> Callable[[], None]:
    """The same statements as the page runs, sent as they are."""
    with CaptureQueriesContext(connection) as catturate:
        richiesta()
    testi = [q["sql"] for q in catturate if q["sql"].startswith(("SELECT", "(SELECT", "WITH"))]

    def esegui() -> None:
        with connection.cursor() as cursore:
            for testo in testi:
                cursore.execute(testo)
                cursore.fetchall()

    return esegui
