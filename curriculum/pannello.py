"""What the panel shows, read once and put in plain data: no query is left to the template."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from curriculum.forms import CaricaForm
from curriculum.models import Curriculum
from curriculum.services.curriculum import LIMITI, MESI_DI_VALIDITA, mancanze
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.calendario import aggiungi_mesi, oggi

GIORNI_DI_PREAVVISO = 30
PRECEDENTI_MOSTRATI = 10


def contesto_pannello(
    utente: Utente, operatore: Operatore, *, form: CaricaForm | None = None, esito: str = ""
) -> dict[str, Any]:
    """The current CV in words, what the gate still asks, the form, the earlier ones."""
    puo_salvare = puo(operatore, Permesso.SALVARE_CURRICULUM)
    righe = Curriculum.objects.filter(utente=utente).exclude(stato=Curriculum.Stato.CANCELLATO)
    curricula = [_riga(c) for c in righe.select_related("caricato_da")[: PRECEDENTI_MOSTRATI + 1]]
    attuale = next((c for c in curricula if c["attuale"]), None)
    manca = mancanze(utente) if puo_salvare else []
    return {
        "url": reverse("curriculum:pannello", args=[utente.pk]),
        "url_carica": reverse("curriculum:carica", args=[utente.pk]),
        "attuale": attuale,
        "precedenti": [c for c in curricula if not c["attuale"]] if puo_salvare else [],
        "puo_salvare": puo_salvare,
        "mancanze": manca,
        "errori": list(form.non_field_errors()) if form and manca else [],
        "form": (form or CaricaForm()) if puo_salvare and not manca else None,
        "aperto": attuale is None or attuale["obsoleto"] or form is not None,
        "valido_se_caricato_oggi": aggiungi_mesi(oggi(), MESI_DI_VALIDITA),
        "pagine_massime": LIMITI.pagine,
        "esito": esito,
    }


def _riga(c: Curriculum) -> dict[str, Any]:
    giorni = (c.valido_fino_al - oggi()).days
    return {
        "attuale": c.stato == Curriculum.Stato.ATTUALE,
        "obsoleto": c.obsoleto,
        "in_scadenza": 0 <= giorni <= GIORNI_DI_PREAVVISO,
        "giorni": giorni,
        "valido_fino_al": c.valido_fino_al,
        "caricato_il": c.caricato_il,
        "caricato_da": str(c.caricato_da),
        "origine": c.get_origine_display(),
        "nome": c.nome_originale,
        "pagine": c.pagine,
        "url_scarica": reverse("curriculum:scarica", args=[c.pk]),
        "url_cancella": reverse("curriculum:cancella", args=[c.pk]),
    }
