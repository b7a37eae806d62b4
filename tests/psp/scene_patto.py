"""The scenes of the pact's tests: draft, complete, in review, proposed, signed."""

from __future__ import annotations

import datetime as dt
import io
from decimal import Decimal
from typing import Any

import pikepdf
from django.core.files.uploadedfile import SimpleUploadedFile

from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi
from psp.models import PattoDiServizio
from psp.services import atto, catalogo, firma, misura, patto, profilazione, revisione
from psp.services.completezza_colloquio import indirizzo_fase
from tests.cast import Cast
from tests.psp.scene import analizzato

ATTO: dict[str, Any] = {
    "tipo": "utente",
    "descrizione": "Inviare cinque candidature",
    "soggetto": "",
    "entro_il": None,
    "frequenza": "settimanale",
    "prova": "Elenco delle candidature",
}


def impegni(cast: Cast, **altro: Any) -> dict[str, Any]:
    return {
        "responsabile_attivita": cast.operatore,
        "frequenza_contatti": "mensile",
        "modo_contatti": "Al centro",
        "prova_ricerca": "Elenco delle candidature",
        "disponibilita_laboratori": "si",
        "disponibilita_formazione": "si",
        "disponibilita_offerte": "no",
        "valido_dal": oggi(),
        "valido_al": aggiungi_mesi(oggi(), 12),
        **altro,
    }


def bozza(cast: Cast) -> PattoDiServizio:
    """A draft just begun, after phases 1 and 2."""
    catalogo.carica_catalogo()
    return patto.prepara_bozza(colloquio=analizzato(cast), attore=cast.operatore, adesso=adesso())


def completo(cast: Cast) -> PattoDiServizio:
    """A draft that misses nothing."""
    p = bozza(cast)
    profilazione.registra_profilazione(
        utente=cast.utente,
        dati={"data": oggi(), "metodo": "Sistema unitario", "valore": Decimal("0.7432"), "classe": ""},
        attore=cast.operatore,
        adesso=adesso(),
    )
    atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    misura.aggiungi_misure(patto=p, chiavi=["consulenza-orientativa"], attore=cast.operatore, adesso=adesso())
    patto.salva_impegni(patto=p, dati=impegni(cast), versione=1, attore=cast.operatore)
    p.refresh_from_db()
    return p


def in_revisione(cast: Cast) -> PattoDiServizio:
    p = completo(cast)
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    p.refresh_from_db()
    return p


def proposto(cast: Cast) -> PattoDiServizio:
    p = in_revisione(cast)
    revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
    p.refresh_from_db()
    return p


def firmato(cast: Cast, p: PattoDiServizio | None = None) -> PattoDiServizio:
    p = p or proposto(cast)
    firma.registra_firma(patto=p, firmato_il=oggi(), scansione=scansione(), attore=cast.operatore, adesso=adesso())
    p.refresh_from_db()
    return p


STATI = {"bozza": completo, "in_revisione": in_revisione, "proposto": proposto, "firmato": firmato}


def nello_stato(cast: Cast, stato: str) -> PattoDiServizio:
    """A pact brought to `stato` by its own verbs."""
    if stato == "annullato":
        p = completo(cast)
        return patto.annulla_patto(patto=p, attore=cast.operatore, adesso=adesso())
    if stato == "chiuso":
        p = firmato(cast)
        return patto.chiudi_patto(patto=p, motivo="Assunzione", attore=cast.operatore, adesso=adesso())
    return STATI[stato](cast)


def pdf(pagine: int = 1) -> bytes:
    """A sound PDF of blank pages, as a scanner makes."""
    documento = pikepdf.new()
    for _ in range(pagine):
        documento.add_blank_page(page_size=(595, 842))
    uscita = io.BytesIO()
    documento.save(uscita)
    return uscita.getvalue()


def scansione(byte: bytes | None = None, nome: str = "copia.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nome, pdf() if byte is None else byte, "application/pdf")


def domani() -> dt.date:
    return oggi() + dt.timedelta(days=1)


def piano(p: PattoDiServizio) -> str:
    return indirizzo_fase(p.colloquio, 3)


def campi_impegni(cast: Cast, p: PattoDiServizio, **altro: Any) -> dict[str, Any]:
    return {
        "versione": p.versione,
        "responsabile_attivita": cast.operatore.pk,
        "frequenza_contatti": "mensile",
        "modo_contatti": "Al centro",
        "prova_ricerca": "Elenco",
        "disponibilita_laboratori": "si",
        "disponibilita_formazione": "si",
        "disponibilita_offerte": "si",
        "valido_dal": f"{p.valido_dal:%d/%m/%Y}",
        "valido_al": f"{p.valido_al:%d/%m/%Y}",
        **altro,
    }
