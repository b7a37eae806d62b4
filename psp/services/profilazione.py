"""Recording the quantitative profile as the unitary system gave it; never recomputed (C6)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import Profilazione


@transaction.atomic
def registra_profilazione(
    *, utente: Utente, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime
) -> Profilazione:
    """Record a profile: a value between 0 and 1, a class, or both, with method and date. A new one is a new row."""
    if dati["data"] > timezone.localdate(adesso):
        raise RegolaViolata("La data della profilazione è nel futuro.", campo="data", regola="C6")
    if dati["valore"] is None and not dati["classe"]:
        raise RegolaViolata("Scrivere il valore oppure la classe della profilazione.", campo="valore", regola="C6")
    if dati["valore"] is not None and not 0 <= dati["valore"] <= 1:
        raise RegolaViolata("Il valore della profilazione va da 0 a 1, come 0,7432.", campo="valore", regola="C6")
    utente = Utente.objects.bloccato(utente.pk)
    ultima = profilazione_attuale(utente)
    if ultima and all(getattr(ultima, campo) == dati[campo] for campo in ("data", "metodo", "valore", "classe")):
        return ultima  # a second click
    profilazione = Profilazione.objects.create(
        utente=utente,
        data=dati["data"],
        metodo=dati["metodo"],
        valore=dati["valore"],
        classe=dati["classe"],
        registrata_da=attore,
    )
    registra(
        Azione.PROFILAZIONE_REGISTRATA,
        attore=attore,
        oggetto=profilazione,
        utente=utente,
        dettaglio={"data": profilazione.data.isoformat()},
    )
    return profilazione


def profilazione_attuale(utente: Utente) -> Profilazione | None:
    """The newest profile by its own date."""
    return Profilazione.objects.filter(utente=utente).order_by("-data", "-pk").first()
