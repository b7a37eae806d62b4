"""What the worklists show around and in their rows, as plain data for the templates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib import messages
from django.urls import reverse

from curriculum.cure import cura_di
from curriculum.models import AvvisoScadenza, StatoTrasferimento, Trasferimento
from curriculum.services.elenchi import quanti_da_fare
from curriculum.services.interruttore import avviso_portale
from curriculum.services.scadenze import EsitoAvvisi
from orientamento.anagrafica.models import Operatore, Ruolo, StatoMessaggio
from orientamento.anagrafica.viste import Richiesta

PAGINE = (
    ("scadenze", "Curriculum in scadenza"),
    ("registrazioni", "Registrazioni da confermare"),
    ("trasferimenti", "Trasferimenti al portale"),
)
NOMI_DEI_FILTRI = (
    ("rifiutati", "Rifiutati"),
    ("in_attesa", "In attesa del cittadino"),
    ("in_coda", "In coda"),
    ("in_corso", "In corso, senza risposta finora"),
)
_S = StatoTrasferimento
_M = AvvisoScadenza.Modo
ASPETTO = {
    _S.DA_INVIARE: ("In coda", "attesa", "it-clock"),
    _S.IN_CORSO: ("In corso", "attesa", "it-clock"),
    _S.IN_ATTESA: ("In attesa di conferma del cittadino", "attenzione", "it-clock"),
    _S.INVIATO: ("Mandato, senza risposta finora", "attesa", "it-clock"),
    _S.RIFIUTATO: ("Rifiutato", "errore", "it-error"),
}


def cornice(request: Richiesta, righe: list[dict[str, Any]], per_pagina: int, *, adesso: dt.datetime) -> dict[str, Any]:
    """The sub-navigation with its counts, the filter by operator, the banner, the rows, where the next ones begin."""
    responsabile = request.user.ruolo == Ruolo.RESPONSABILE
    quanti = quanti_da_fare(request.user, adesso=adesso)
    qui = request.path
    pagine = [
        {"nome": nome, "url": (url := reverse(f"curriculum:{chiave}")), "quanti": quanti[chiave], "qui": url == qui}
        for chiave, nome in PAGINE
    ]
    di = request.GET.get("di", "") if responsabile else ""
    mostrate = righe[:per_pagina]
    return {
        "pagine": pagine,
        "righe": mostrate,
        "si_puo_mandare": any(not riga.get("perche_no") for riga in mostrate),
        "successivi": mostrate[-1]["segno"] if len(righe) > per_pagina else "",
        "da_capo": bool(request.GET.get("dopo")),
        "responsabile": responsabile,
        "operatori": _operatori(request.user) if responsabile else [],
        "di": di,
        "portale": avviso_portale(),
    }


def _operatori(responsabile: Operatore) -> list[tuple[str, str]]:
    righe = Operatore.objects.filter(
        cpi=responsabile.cpi, is_active=True, ruolo__in=[Ruolo.OPERATORE, Ruolo.RESPONSABILE]
    )
    return [(str(o.pk), str(o)) for o in righe.order_by("last_name", "first_name", "pk")]


def riga_di_scadenza(riga: dict[str, Any]) -> dict[str, Any]:
    """One CV near its end or past it, with its mark and its days in words."""
    giorni = riga["giorni"]
    if giorni < 0:
        parole = "Scaduto ieri" if giorni == -1 else f"Scaduto da {-giorni} giorni"
    else:
        parole = {0: "Scade oggi", 1: "Scade domani"}.get(giorni, f"Scade tra {giorni} giorni")
    return riga | {
        "segno": f"{riga['valido_fino_al'].isoformat()}_{riga['id']}",
        "in_parole": parole,
        "messaggio_fallito": riga["messaggio_stato"] in (StatoMessaggio.RIFIUTATO, StatoMessaggio.INCERTO),
    }


def riga_di_trasferimento(riga: Trasferimento) -> dict[str, Any]:
    """One request to the portal in words."""
    stato, tono, icona = ASPETTO[StatoTrasferimento(riga.stato)]
    return {
        "segno": str(riga.pk),
        "pk": riga.pk,
        "utente_id": riga.utente_id,
        "utente": str(riga.utente),
        "operatore": str(riga.utente.operatore_riferimento or ""),
        "operazione": riga.get_operazione_display(),
        "stato": stato,
        "tono": tono,
        "icona": icona,
        "creato_il": riga.creato_il,
        "creato_da": str(riga.creato_da),
        "tentativi": riga.tentativi,
        "ultimo_tentativo_il": riga.ultimo_tentativo_il,
        "in_attesa_dal": riga.in_attesa_dal,
        "inviato_il": riga.inviato_il,
        "chiuso_il": riga.chiuso_il,
        "motivo": riga.motivo,
        "cura": cura_di(riga.errore, riga.utente_id) if riga.stato == _S.RIFIUTATO else None,
    }


FATTO = {
    _M.POSTA: (
        "1 persona avvisata per posta: il messaggio parte da solo.",
        "{} persone avvisate per posta: i messaggi partono da soli.",
    ),
    _M.TELEFONO: ("1 persona segnata come avvisata per telefono.", "{} persone segnate come avvisate per telefono."),
    _M.PERSONA: ("1 persona segnata come avvisata di persona.", "{} persone segnate come avvisate di persona."),
}
PER_LORO = "Si possono avvisare per telefono o di persona."


def in_parole(esito: EsitoAvvisi, modo: str) -> list[tuple[int, str]]:
    """How a batch of notices went, as messages with their level: who was told, who was not, and why."""
    frasi: list[tuple[int, str]] = []
    if esito.inviati:
        uno, molti = FATTO[_M(modo)]
        frasi.append((messages.SUCCESS, uno if esito.inviati == 1 else molti.format(esito.inviati)))
    if esito.gia_avvisati:
        quante = (
            "1 persona era già avvisata"
            if esito.gia_avvisati == 1
            else f"{esito.gia_avvisati} persone erano già avvisate"
        )
        frasi.append((messages.INFO, f"{quante}: niente di nuovo per loro."))
    for nomi, perche in (
        (esito.senza_posta, f"manca un indirizzo di posta. {PER_LORO}"),
        (esito.senza_consenso, f"non c'è il consenso a ricevere comunicazioni. {PER_LORO}"),
        (esito.non_in_scadenza, "il curriculum è cambiato nel frattempo e non è più in scadenza."),
    ):
        if nomi:
            frasi.append((messages.WARNING, f"Non avvisati: {', '.join(nomi)}: {perche}"))
    return frasi
