"""What the panel shows, read once and put in plain data: no query is left to the template."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.urls import reverse
from django.utils import timezone

from curriculum.forms import CaricaForm
from curriculum.models import Curriculum
from curriculum.pannello_luoghi import contesto_luoghi
from curriculum.services.curriculum import LIMITI, MESI_DI_VALIDITA, mancanze
from curriculum.services.luoghi import luoghi_di
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.calendario import aggiungi_mesi, oggi

GIORNI_DI_PREAVVISO = 30
PRECEDENTI_MOSTRATI = 10
_S = Curriculum.Stato


def contesto_pannello(
    utente: Utente,
    operatore: Operatore,
    *,
    adesso: dt.datetime,
    form: CaricaForm | None = None,
    esito: str = "",
    errore: str = "",
    passo: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """The current CV in words, where it stands, what the gate still asks, the form, the earlier ones.

    `esito` and `errore` say how the last verb went. With `passo` the panel asks one thing only, before a verb.
    """
    url = reverse("curriculum:pannello", args=[utente.pk])
    righe = Curriculum.objects.filter(utente=utente).exclude(stato=_S.CANCELLATO).select_related("caricato_da")
    curricula = list(righe[: PRECEDENTI_MOSTRATI + 1])
    uno = {c.stato: riga_di(c) for c in reversed(curricula)}
    attuale = uno.get(_S.ATTUALE)
    base: dict[str, Any] = {
        "url": url,
        "attuale": attuale,
        "esito": esito,
        "errore": "" if passo else errore,
        "passo": passo,
        "mancanze": [],
    }
    if passo:
        return base
    puo_salvare = puo(operatore, Permesso.SALVARE_CURRICULUM)
    manca = mancanze(utente) if puo_salvare else []
    quadro = luoghi_di(utente, giorno=timezone.localdate(adesso))
    respinto = uno.get(_S.RESPINTO) if curricula and curricula[0].stato == _S.RESPINTO and puo_salvare else None
    precedenti = [riga_di(c) for c in curricula if c.stato == _S.SOSTITUITO]
    return base | {
        "url_carica": reverse("curriculum:carica", args=[utente.pk]),
        "url_importa": reverse("curriculum:importa", args=[utente.pk]),
        "url_componi": reverse("curriculum:componi", args=[utente.pk]),
        "in_controllo": uno.get(_S.IN_CONTROLLO) if puo_salvare else None,
        "respinto": respinto,
        "luoghi": contesto_luoghi(utente, operatore, quadro, adesso=adesso),
        "precedenti": precedenti if puo_salvare else [],
        "puo_salvare": puo_salvare,
        "mancanze": manca,
        "errori": list(form.non_field_errors()) if form and manca else [],
        "form": (form or CaricaForm()) if puo_salvare and not manca else None,
        "aperto": attuale is None or attuale["obsoleto"] or form is not None,
        "valido_se_caricato_oggi": aggiungi_mesi(oggi(), MESI_DI_VALIDITA),
        "pagine_massime": LIMITI.pagine,
    }


def riga_di(c: Curriculum) -> dict[str, Any]:
    """One CV as plain data."""
    giorni = (c.valido_fino_al - oggi()).days
    return {
        "id": c.pk,
        "attuale": c.stato == _S.ATTUALE,
        "obsoleto": c.obsoleto,
        "in_scadenza": 0 <= giorni <= GIORNI_DI_PREAVVISO,
        "giorni": giorni,
        "valido_fino_al": c.valido_fino_al,
        "caricato_il": c.caricato_il,
        "caricato_da": str(c.caricato_da),
        "origine": c.get_origine_display(),
        "nome": c.nome_originale,
        "pagine": c.pagine,
        "motivo": c.motivo,
        "url_scarica": reverse("curriculum:scarica", args=[c.pk]),
        "url_cancella": reverse("curriculum:cancella", args=[c.pk]),
    }
