"""Meeting → plain data → HTML → accessible PDF. A letter or a slip names its citizen and nobody else.

The list of a group is for staff: what a participant signs is the own slip.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.template.loader import get_template

from orientamento.anagrafica.models import CPI, Utente
from orientamento.comune.stampa.pdf import pdf_del_documento
from orientamento.comune.testo import pulito, riga
from psp.documento.contenuto import ENTE
from psp.models import Iscrizione, MotivoAssenza, Seduta
from psp.services.agenda.avvisi import dove
from psp.services.agenda.chi import nome_per_il_centro
from psp.services.agenda.giorni import giorno_di, giorno_in_parole, ora_di

IN_PIU = 3
ULTIMI = 4


def convocazione_pdf(iscrizione: Iscrizione, *, adesso: dt.datetime) -> bytes:
    """The letter to one citizen. `iscrizione` comes with its meeting, office, operator, room and citizen."""
    html = get_template("psp/documento/agenda/convocazione.html").render(_convocazione(iscrizione, adesso))
    return pdf_del_documento(html, identificatore=f"convocazione-{iscrizione.pk}-{adesso.isoformat()}", data=adesso)


def foglio_pdf(seduta: Seduta, iscrizioni: list[Iscrizione], *, adesso: dt.datetime) -> bytes:
    """The list for staff, then one slip to sign for each person with a place, by surname.

    Some lines and slips are left blank for who comes unannounced. The list and the slips never share a page.
    """
    html = get_template("psp/documento/agenda/foglio.html").render(_foglio(seduta, iscrizioni, adesso))
    return pdf_del_documento(html, identificatore=f"foglio-{seduta.pk}-{adesso.isoformat()}", data=adesso)


def mascherato(codice_fiscale: str) -> str:
    """Only the end: enough to tell two persons of the same name, too little to be copied from the paper."""
    return f"…{codice_fiscale[-ULTIMI:]}"


def _convocazione(iscrizione: Iscrizione, adesso: dt.datetime) -> dict[str, Any]:
    seduta, utente = iscrizione.seduta, iscrizione.utente
    return {
        "centro": _centro(seduta.cpi),
        "persona": _indirizzo(utente),
        "luogo_e_data": f"{riga(seduta.cpi.comune)}, {giorno_di(adesso):%d/%m/%Y}",
        "giorno": giorno_in_parole(giorno_di(iscrizione.inizio)),
        "dalle": ora_di(iscrizione.inizio),
        "alle": ora_di(iscrizione.fine),
        "titolo": riga(seduta.titolo),
        "programma": pulito(seduta.programma) if seduta.di_gruppo else "",
        "dove": riga(dove(seduta)),
        "operatore": riga(str(seduta.operatore)),
        "assistita": seduta.assistita,
        "in_lista": iscrizione.stato == Iscrizione.Stato.IN_LISTA,
        "motivi": [f"{nome[0].lower()}{nome[1:]}" for nome in MotivoAssenza.labels],
    }


def _foglio(seduta: Seduta, iscrizioni: list[Iscrizione], adesso: dt.datetime) -> dict[str, Any]:
    ordinate = sorted(iscrizioni, key=lambda i: (i.utente.cognome, i.utente.nome, i.pk))
    return {
        "centro": _centro(seduta.cpi),
        "titolo": riga(seduta.titolo),
        "servizio": riga(str(seduta.servizio or "")),
        "giorno": giorno_in_parole(giorno_di(seduta.inizio)),
        "dalle": ora_di(seduta.inizio),
        "alle": ora_di(seduta.fine),
        "dove": riga(dove(seduta)),
        "operatore": riga(str(seduta.operatore)),
        "stampato_il": f"{giorno_di(adesso):%d/%m/%Y}",
        "persone": [
            {
                "numero": n,
                "nome": riga(nome_per_il_centro(i.utente, seduta.cpi_id)),
                "codice": mascherato(i.utente.codice_fiscale) if i.utente.cpi_id == seduta.cpi_id else "",
            }
            for n, i in enumerate(ordinate, start=1)
        ],
        "in_piu": range(len(ordinate) + 1, len(ordinate) + 1 + IN_PIU),
    }


def _centro(cpi: CPI) -> dict[str, str]:
    indirizzo = ", ".join(riga(parte) for parte in (cpi.indirizzo, cpi.comune) if parte)
    return {
        "ente": ENTE,
        "nome": riga(cpi.nome),
        "indirizzo": indirizzo,
        "telefono": riga(cpi.telefono),
        "email": riga(cpi.email),
        "pec": riga(cpi.pec),
    }


def _indirizzo(utente: Utente) -> dict[str, str]:
    comune = f"{utente.domicilio_cap} {utente.domicilio_comune} ({utente.domicilio_provincia})"
    return {
        "nome": riga(f"{utente.nome} {utente.cognome}"),
        "indirizzo": riga(utente.domicilio_indirizzo),
        "comune": riga(comune),
        "saluto": "Gentile",
    }
