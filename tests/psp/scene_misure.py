"""The scenes of the delivery's tests: a signed pact with its measures, meetings held, details written."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils import timezone

from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi
from psp.models import Colloquio, Iscrizione, Misura, PattoDiServizio, Seduta, Servizio
from psp.services import catalogo, dettagli, erogazione
from tests.cast import Cast

TIROCINIO: dict[str, Any] = {
    "impresa": "Filati Bisenzio S.r.l.",
    "codice_fiscale": "00743110157",
    "indirizzo": "Via del Romito 3, Prato",
    "tutor": "Giulia Sarti",
    "dal": oggi(),
    "al": oggi() + dt.timedelta(days=90),
    "progetto": "Affiancamento in magazzino e gestione degli ordini.",
}
BILANCIO: dict[str, Any] = {
    "competenze_tecnica": ["Gestire il magazzino", "Leggere una distinta base"],
    "competenze_trasversale": ["Lavorare in squadra"],
    "competenze_digitale": [],
    "carenze": "",
}


def patto_firmato(cast: Cast, *chiavi: str, giorni_fa: int = 30, **altro: Any) -> PattoDiServizio:
    """A signed pact with the services `chiavi` agreed, valid since `giorni_fa`; written straight, without print."""
    catalogo.carica_catalogo()
    dal = oggi() - dt.timedelta(days=giorni_fa)
    ieri = adesso() - dt.timedelta(days=giorni_fa)
    colloquio = Colloquio.objects.create(utente=cast.utente, cpi=cast.cpi, aperto_da=cast.operatore, aperto_il=ieri)
    patto = PattoDiServizio.objects.create(
        **{
            "utente": cast.utente,
            "cpi": cast.cpi,
            "colloquio": colloquio,
            "stato": "firmato",
            "autore": cast.operatore,
            "creato_il": ieri,
            "responsabile_attivita": cast.operatore,
            "valido_dal": dal,
            "valido_al": aggiungi_mesi(dal, 12),
            "proposto_il": ieri,
            "proposto_da": cast.responsabile,
            "contenuto": {},
            "modello_versione": "1",
            "pdf": b"%PDF-1.7",
            "sha256": "0" * 64,
            "codice_versione": f"PSP-PROVA-{cast.utente.pk}",
            "firmato_il": dal,
            "scansione": "patti/prova.pdf",
            "scansione_sha256": "0" * 64,
            **altro,
        }
    )
    for chiave in chiavi:
        agg_misura(patto, chiave)
    return patto


def agg_misura(patto: PattoDiServizio, chiave: str, **altro: Any) -> Misura:
    servizio = Servizio.objects.get(chiave=chiave)
    dati = {"stato": "concordata", "inizio_previsto": patto.valido_dal, "ore_previste": 8, **altro}
    return Misura.objects.create(patto=patto, servizio=servizio, **dati)


def avviata(cast: Cast, chiave: str, giorni_fa: int = 30, **altro: Any) -> Misura:
    """A measure started on the first day of its signed pact, with what it needs for that."""
    patto = patto_firmato(cast, chiave, giorni_fa=giorni_fa, **altro)
    misura = patto.misure.get()
    if chiave == "tirocinio":
        scrivi(cast, misura, TIROCINIO)
    return avvia(cast, misura)


def avvia(cast: Cast, misura: Misura, giorno: dt.date | None = None) -> Misura:
    giorno = giorno or misura.patto.valido_dal or oggi()
    return erogazione.avvia_misura(misura=misura, iniziata_il=giorno, attore=cast.operatore, adesso=adesso())


def scrivi(cast: Cast, misura: Misura, dati: dict[str, Any]) -> Misura:
    misura.refresh_from_db()
    return dettagli.salva_dettagli(
        misura=misura, dati=dati, versione=misura.versione, attore=cast.operatore, adesso=adesso()
    )


def tenuto(cast: Cast, misura: Misura, minuti: int, giorni_fa: int = 1, ora: int = 9) -> Iscrizione:
    """A presence of so many minutes, as the agenda leaves it."""
    giorno = oggi() - dt.timedelta(days=giorni_fa)
    inizio = timezone.make_aware(dt.datetime.combine(giorno, dt.time(ora)))
    fine = inizio + dt.timedelta(minutes=minuti)
    comuni = {"creata_il": adesso(), "creata_da": cast.operatore, "inizio": inizio, "fine": fine}
    seduta = Seduta.objects.create(
        cpi=cast.cpi, operatore=cast.operatore, titolo="Incontro", stato="tenuta", servizio=misura.servizio, **comuni
    )
    return Iscrizione.objects.create(
        seduta=seduta,
        utente=cast.utente,
        misura=misura,
        stato="presente",
        posto=1,
        minuti=minuti,
        segnata_il=adesso(),
        segnata_da=cast.operatore,
        **comuni,
    )


def chiusura(**altro: Any) -> dict[str, Any]:
    return {"finita_il": oggi(), "esiti": ["obiettivo"], "esito_note": "", "motivo_scostamento": "", **altro}


def concludi(cast: Cast, misura: Misura, **altro: Any) -> Misura:
    versione = Misura.objects.values_list("versione", flat=True).get(pk=misura.pk)
    return erogazione.concludi_misura(
        misura=misura, dati=chiusura(**altro), versione=versione, attore=cast.operatore, adesso=adesso()
    )
