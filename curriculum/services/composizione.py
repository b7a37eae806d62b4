"""The CV written from the file: its PDF, its saving through the same gate as any other (U4, V1)."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import sys
from functools import partial

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone

from curriculum.composizione.contenuto import contenuto_del_cv
from curriculum.composizione.foglio import contenuto_del_foglio
from curriculum.composizione.fonti import Fonti
from curriculum.composizione.html import html_del_cv, html_del_foglio
from curriculum.composizione.scelte import Scelte, proposte, ricordate
from curriculum.models import Curriculum, TestoCurriculum
from curriculum.services.controllo import controlla_pdf
from curriculum.services.curriculum import salva_curriculum
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.stampa.pdf import pdf_del_documento
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra


def scelte_di_partenza(fonti: Fonti) -> Scelte:
    """What the page begins from: the last choices saved, else the usual ones."""
    ricordo = TestoCurriculum.objects.filter(utente=fonti.utente).values_list("scelte", flat=True).first()
    return proposte(fonti, ricordo or {})


def pdf_del_cv(fonti: Fonti, scelte: Scelte, *, adesso: dt.datetime) -> bytes:
    """The PDF, drawn tighter where that spares a page.

    On one day the same choices give the same bytes: saved twice it is saved once.
    """
    giorno = timezone.localdate(adesso)
    mezzanotte = timezone.make_aware(dt.datetime.combine(giorno, dt.time()))
    contenuto = contenuto_del_cv(fonti, scelte, giorno=giorno)
    impronta = hashlib.sha256(json.dumps(contenuto, sort_keys=True, ensure_ascii=False).encode()).hexdigest()
    stampa = partial(pdf_del_documento, identificatore=f"cv {impronta}", data=mezzanotte)
    largo = stampa(html_del_cv(contenuto))
    if quante_pagine(largo) == 1:
        return largo
    return min(largo, stampa(html_del_cv(contenuto, fitto=True)), key=quante_pagine)


def quante_pagine(pdf: bytes) -> int:
    """As the check counts them; one that it refuses has more pages than any."""
    return controlla_pdf(pdf).pagine or sys.maxsize


def pdf_del_foglio(utente: Utente, *, adesso: dt.datetime) -> bytes:
    """The sheet that tells the citizen how to cancel the CV on the portal, as things stand `adesso` (V5)."""
    html = html_del_foglio(contenuto_del_foglio(utente, adesso=adesso))
    return pdf_del_documento(html, identificatore=hashlib.sha256(html.encode()).hexdigest(), data=adesso)


def componi_curriculum(
    *, fonti: Fonti, scelte: Scelte, nome: str, attore: Operatore, adesso: dt.datetime
) -> Curriculum:
    """Print the CV and save it as the current one, named `nome`; the choices are kept for the next time.

    The gate, the check of the PDF and what follows are those of `salva_curriculum`, `RegolaViolata` included.
    """
    utente = fonti.utente
    file = ContentFile(pdf_del_cv(fonti, scelte, adesso=adesso), name=nome)
    salvato = salva_curriculum(
        utente=utente, file=file, origine=Curriculum.Origine.FASCICOLO, attore=attore, adesso=adesso
    )
    with transaction.atomic():
        Utente.objects.bloccato(utente.pk)
        TestoCurriculum.objects.update_or_create(
            utente=utente,
            defaults={"scelte": ricordate(scelte, fonti), "salvato_il": adesso, "salvato_da": attore},
        )
        if salvato.caricato_il == adesso:
            dettaglio = {"pagine": salvato.pagine, "esperienze": len(scelte.esperienze)}
            registra(Azione.CURRICULUM_COMPOSTO, attore=attore, oggetto=salvato, utente=utente, dettaglio=dettaglio)
    return salvato
