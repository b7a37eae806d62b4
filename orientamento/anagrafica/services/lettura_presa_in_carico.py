"""How the presa in carico and the consents of a person stand, as plain data for the pages (U2)."""

from __future__ import annotations

from typing import Any

from orientamento.anagrafica.models import Consenso, EsitoConsenso, Finalita, PresaInCarico, TestoInformativo, Utente
from orientamento.anagrafica.services.presa_in_carico import TESTO_DEL_CONSENSO


def presa_aperta(utente: Utente) -> PresaInCarico | None:
    return (
        PresaInCarico.objects.aperte().filter(utente=utente).select_related("operatore", "informativa", "cpi").first()
    )


def consensi_di(utente: Utente, testi: dict[str, TestoInformativo]) -> list[dict[str, Any]]:
    """For each purpose: the answer in force, who recorded it and when, the answers before it, today's text."""
    righe = list(
        Consenso.objects.filter(utente=utente)
        .select_related("registrato_da", "revocato_da", "testo")
        .order_by("-registrato_il", "-pk")
    )
    return [
        {
            "finalita": finalita.value,
            "nome": finalita.label,
            "testo": testi[TESTO_DEL_CONSENSO[finalita]],
            "ultimo": next((riga for riga in righe if riga.finalita == finalita), None),
            "storia": [_voce(riga) for riga in righe if riga.finalita == finalita],
        }
        for finalita in Finalita
    ]


def _voce(consenso: Consenso) -> dict[str, Any]:
    return {
        "parola": "Dato" if consenso.esito == EsitoConsenso.DATO else "Rifiutato",
        "versione": consenso.testo.versione,
        "registrato_il": consenso.registrato_il,
        "registrato_da": str(consenso.registrato_da),
        "revocato_il": consenso.revocato_il,
        "revocato_da": str(consenso.revocato_da or ""),
    }


def storia_prese(utente: Utente) -> list[dict[str, Any]]:
    """The earlier ones, closed."""
    righe = PresaInCarico.objects.filter(utente=utente, chiusa_il__isnull=False).select_related("operatore", "cpi")
    return [{"data": r.data, "chiusa_il": r.chiusa_il, "operatore": str(r.operatore), "cpi": str(r.cpi)} for r in righe]
