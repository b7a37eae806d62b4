"""What the panel of the propensioni shows; the same on its own page and inside the interview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from propensioni.forms import NotaForm, PropensioneForm
from propensioni.nota import componi
from propensioni.services.lettura import propensioni_di
from propensioni.services.propensione import AL_MASSIMO_TRE, POSTI


@dataclass
class Aperto:
    """The form open in place: a new propensione (`pk` None) or one that is being changed."""

    form: PropensioneForm
    pk: int | None = None
    confronto: dict[str, Any] | None = None
    proposti: bool = False


def contesto_pannello(
    utente: Utente,
    operatore: Operatore,
    *,
    aperto: Aperto | None = None,
    esito: str = "",
    rifiuto: str = "",
    fuoco: bool = False,
) -> dict[str, Any]:
    """The panel as data: the propensioni with their addresses, the form that is open, what may be done and why not.

    `fuoco` gives the focus back to the panel's button, after a verb or where a form was closed.
    """
    voci = propensioni_di(utente)
    scrive = puo(operatore, Permesso.MODIFICARE_PROPENSIONI)
    for voce in voci:
        voce["url_modifica"] = reverse("propensioni:modifica", args=[voce["id"]])
        voce["url_elimina"] = reverse("propensioni:elimina", args=[voce["id"]])
        voce["aperta"] = aperto is not None and aperto.pk == voce["id"]
    return {
        "voci": voci,
        "quante": len(voci),
        "posti": len(POSTI),
        "piene": len(voci) >= len(POSTI),
        "perche_piene": AL_MASSIMO_TRE,
        "scrive": scrive,
        "url": reverse("propensioni:pannello", args=[utente.pk]),
        "url_nuova": reverse("propensioni:nuova", args=[utente.pk]),
        "modulo": contesto_modulo(aperto) if aperto else None,
        "esito": esito,
        "rifiuto": rifiuto,
        "fuoco": fuoco or bool(esito),
    }


def contesto_modulo(aperto: Aperto) -> dict[str, Any]:
    form = aperto.form
    scelta = form["professione"].value()
    return {
        "form": form,
        "pk": aperto.pk,
        "nuova": aperto.pk is None,
        "confronto": aperto.confronto,
        "proposti": aperto.proposti,
        "scelte": form.scelte,
        "scelta": str(scelta or ""),
        "url_cerca": reverse("propensioni:cerca_professioni"),
        "url_anteprima": reverse("propensioni:anteprima_nota"),
        "anteprima": anteprima(form),
    }


def anteprima(form: PropensioneForm) -> str:
    """The note as it will be printed, of what the form holds now."""
    if form.is_bound:
        form.is_valid()
        return componi(form.nota())
    valori = {nome: form[nome].value() for nome in NotaForm.base_fields}
    if not any(valore not in (None, "") for valore in valori.values()):
        return ""
    prova = NotaForm({nome: valore for nome, valore in valori.items() if valore is not None})
    prova.is_valid()
    return componi(prova.nota())
