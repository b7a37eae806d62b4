"""The worklist of an operator with 400 open cases: half with a pact to write, half with one in force and its acts."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from orientamento.anagrafica.models import Operatore, Ruolo, Utente
from orientamento.comune.calendario import adesso, oggi
from psp.models import AttoRicerca, Colloquio, Misura, PattoDiServizio, ProvaAtto, Servizio

CASI = 400
NOME = "operatore-molti-casi"


def operatore_con_casi() -> Operatore:
    """The operator of the measure, with the cases; made once in a database."""
    esistente = Operatore.objects.filter(username=NOME).first()
    return esistente or _crea()


@transaction.atomic
def _crea() -> Operatore:
    cpi = Utente.objects.filter(did__stato="valida").order_by("-pk")[0].cpi
    operatore = Operatore.objects.create_user(
        NOME, first_name="Molti", last_name="Casi", ruolo=Ruolo.OPERATORE, cpi=cpi
    )
    utenti = list(Utente.objects.filter(cpi=cpi, operatore_riferimento=None).order_by("-pk")[:CASI])
    Utente.objects.filter(pk__in=[u.pk for u in utenti]).update(operatore_riferimento=operatore)
    _patti(operatore, utenti[: CASI // 2])
    return operatore


def _patti(operatore: Operatore, utenti: list[Utente]) -> None:
    """In force since a hundred days, each with three acts, some of them shown, and two measures."""
    ora, inizio = adesso(), oggi() - dt.timedelta(days=100)
    colloqui = Colloquio.objects.bulk_create(
        Colloquio(utente=u, cpi_id=u.cpi_id, aperto_il=ora, aperto_da=operatore, concluso_il=ora) for u in utenti
    )
    patti = PattoDiServizio.objects.bulk_create(
        PattoDiServizio(
            utente_id=c.utente_id,
            cpi_id=c.cpi_id,
            colloquio=c,
            stato="firmato",
            autore=operatore,
            creato_il=ora,
            responsabile_attivita=operatore,
            frequenza_contatti="mensile",
            valido_dal=inizio,
            valido_al=inizio + dt.timedelta(days=110 + posto * 2),
            proposto_il=ora,
            contenuto={},
            pdf=b"%PDF",
            sha256="0" * 64,
            codice_versione="misura",
            firmato_il=inizio,
            scansione="misura.pdf",
            scansione_sha256="0" * 64,
        )
        for posto, c in enumerate(colloqui)
    )
    atti = AttoRicerca.objects.bulk_create(
        AttoRicerca(patto=p, tipo="utente", descrizione=f"Atto {frequenza}", frequenza=frequenza, prova="Elenco")
        for p in patti
        for frequenza in ("settimanale", "mensile", "trimestrale")
    )
    ProvaAtto.objects.bulk_create(
        ProvaAtto(
            atto=atto,
            modo="dichiarata",
            fatto_il=oggi() - dt.timedelta(days=posto % 40),
            descrizione="Elenco",
            registrata_il=ora,
            registrata_da=operatore,
        )
        for posto, atto in enumerate(atti)
        if posto % 2
    )
    servizi = list(Servizio.objects.order_by("pk")[:2])
    Misura.objects.bulk_create(
        Misura(
            patto=p, servizio=s, stato="concordata", inizio_previsto=inizio + dt.timedelta(days=posto), ore_previste=2
        )
        for posto, p in enumerate(patti)
        for s in servizi
    )
