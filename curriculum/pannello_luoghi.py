"""The three-place card with what can be done about it, as plain data for its template (V2, V5)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse

from curriculum.cure import cura_di
from curriculum.models import Canale, ComeLoSappiamo, LuogoCurriculum, StatoTrasferimento
from curriculum.models.trasferimento import IN_CODA
from curriculum.services.luoghi import Quadro, aperta
from curriculum.services.trasferimento import MESSAGGI_MASSIMI, PAUSA_TRA_MESSAGGI, impedimenti
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.comune.calendario import giorno_e_ora as _quando

_S = StatoTrasferimento

# How often the card asks again, in seconds, by how long nothing has changed.
RITMO = ((120, 4), (900, 15), (None, 60))

NON_C_ALTRO = {
    _S.DA_INVIARE: "Non c'è altro da fare: il trasferimento parte da solo. Finché è in coda si può fermare.",
    _S.IN_CORSO: "Il trasferimento sta partendo proprio adesso.",
    _S.INVIATO: "Non c'è altro da fare: appena il portale risponde si vede qui.",
}
FORSE_ARRIVATO = (
    "Non c'è altro da fare: appena il portale risponde gli si chiede se è arrivato, e se manca riparte da solo. "
    "Finché è in coda si può fermare."
)
NIENTE_DA_FARE = "Non c'è niente da fare: ciò che è in coda parte da solo appena torna, e non si perde."
CHE_COSA_FARE = {
    Canale.POSTA: (
        "La persona deve aprire il messaggio di posta arrivato dal portale, premere il collegamento che contiene e "
        "confermare. Se non lo trova, guardi anche nella posta indesiderata."
    ),
    Canale.SMS: "La persona deve aprire l'SMS arrivato dal portale, premere il collegamento che contiene e confermare.",
    "": "La persona deve aprire il messaggio arrivato dal portale e confermare.",
}
DOPO_LA_CONFERMA = "Appena conferma, il curriculum parte da solo."
CAMPO_DEL_CANALE = {Canale.POSTA: "#id_email", Canale.SMS: "#id_cellulare", "": "#id_email"}
PER_CANALE = {Canale.POSTA: " per posta elettronica", Canale.SMS: " con un SMS", "": ""}


def contesto_luoghi(
    utente: Utente,
    operatore: Operatore,
    quadro: Quadro,
    *,
    adesso: dt.datetime,
    dal: int | None = None,
    detto: str = "",
) -> dict[str, Any]:
    """The card and its verbs. `dal` is when, in seconds since 1970, the card last changed in front of the operator."""
    dal = int(adesso.timestamp()) if dal is None else dal
    ogni = ritmo(int(adesso.timestamp()) - dal) if quadro.in_movimento else None
    contesto: dict[str, Any] = {
        "luoghi": quadro.luoghi,
        "ogni": ogni,
        "url": f"{reverse('curriculum:luoghi', args=[utente.pk])}?{urlencode(_visto(quadro, ogni, dal))}",
        "detto": detto,
        "url_come_cancellare": "",
        "portale_fermo": None,
        "conferma": None,
        "rifiuto": None,
        "azioni": None,
    }
    if not puo(operatore, Permesso.TRASFERIRE_CURRICULUM):
        return contesto
    contesto["url_come_cancellare"] = reverse("curriculum:come_cancellare", args=[utente.pk])
    if quadro.fermo_dal and any(map(aperta, quadro.operazioni)):
        contesto["portale_fermo"] = f"Il portale non risponde dal {_quando(quadro.fermo_dal)}. {NIENTE_DA_FARE}"
    if quadro.in_attesa_del_cittadino:
        contesto["conferma"] = _conferma(utente, quadro, adesso)
    contesto["rifiuto"] = _rifiuto(utente, quadro)
    contesto["azioni"] = _azioni(utente, quadro, adesso)
    return contesto


def ritmo(secondi: int) -> int:
    """Every how many seconds to ask again after `secondi` without news."""
    return next(ogni for entro, ogni in RITMO if entro is None or secondi < entro)


def versione(quadro: Quadro, ogni: int | None) -> str:
    """What a card shows, in short: the same means that there is nothing to draw again."""
    return f"{quadro.impronta}-{ogni or 0}"


def in_parole(quadro: Quadro) -> str:
    """The card as one sentence, for who hears the page."""
    return " ".join(f"{luogo.nome}: {luogo.stato}." for luogo in quadro.luoghi)


def _visto(quadro: Quadro, ogni: int | None, dal: int) -> dict[str, Any]:
    return {"visto": versione(quadro, ogni), "dal": dal, "cv": quadro.attuale["id"] if quadro.attuale else 0}


def _azioni(utente: Utente, quadro: Quadro, adesso: dt.datetime) -> dict[str, Any]:
    invio, attuale = quadro.invio, quadro.attuale
    azioni: dict[str, Any] = {
        "impedimenti": [],
        "url_trasferisci": "",
        "di_nuovo": False,
        "url_annulla": "",
        "adesso": "",
    }
    if invio and invio["stato"] in IN_CODA:
        azioni["url_annulla"] = reverse("curriculum:annulla_trasferimento", args=[invio["id"]])
    if invio and aperta(invio) and attuale and invio["curriculum_id"] == attuale["id"]:
        forse = invio["stato"] == _S.DA_INVIARE and _senza_risposta(quadro)
        return azioni | {"adesso": FORSE_ARRIVATO if forse else NON_C_ALTRO.get(invio["stato"], "")}
    azioni["impedimenti"] = impedimenti(utente, adesso)
    if not azioni["impedimenti"] and attuale:
        azioni["url_trasferisci"] = reverse("curriculum:trasferisci", args=[utente.pk])
        arrivato = quadro.posizione.get("portale") == LuogoCurriculum.PRESENTE
        azioni["di_nuovo"] = arrivato and quadro.posizione.get("curriculum_id") == attuale["id"]
    return azioni


def _senza_risposta(quadro: Quadro) -> bool:
    """The CV was sent and no answer came: it may be on the portal."""
    return quadro.posizione.get("portale_come") == ComeLoSappiamo.SENZA_RISPOSTA


def _conferma(utente: Utente, quadro: Quadro, adesso: dt.datetime) -> dict[str, Any]:
    """What the citizen has to do, what was sent, and whether one more message may go (V2)."""
    posizione = quadro.posizione
    canale, messaggi, ultimo = posizione["canale"], posizione["messaggi"], posizione["ultimo_messaggio_il"]
    mandato = f"Il portale ha scritto alla persona{PER_CANALE[canale]}"
    if ultimo:
        quanti = "1 messaggio" if messaggi == 1 else f"{messaggi} messaggi, l'ultimo"
        mandato = f"{mandato}: {quanti} il {_quando(ultimo)}"
    perche_no = ""
    if aperta(quadro.sollecito):
        perche_no = "Un nuovo messaggio è già stato chiesto: parte da solo."
    elif messaggi >= MESSAGGI_MASSIMI:
        perche_no = f"Sono già partiti {messaggi} messaggi, il massimo: sentire la persona al telefono o di persona."
    elif ultimo and ultimo + PAUSA_TRA_MESSAGGI > adesso:
        perche_no = f"Il prossimo messaggio si può mandare dal {_quando(ultimo + PAUSA_TRA_MESSAGGI)}."
    return {
        "che_cosa_fare": f"{CHE_COSA_FARE[canale]} {DOPO_LA_CONFERMA}",
        "mandato": f"{mandato}.",
        "recapito": _recapito(utente, canale),
        "url_recapiti": reverse("anagrafica:identita", args=[utente.pk]) + CAMPO_DEL_CANALE[canale],
        "url_controlla": reverse("curriculum:controlla", args=[utente.pk]),
        "url_sollecita": "" if perche_no else reverse("curriculum:sollecita", args=[utente.pk]),
        "perche_no": perche_no,
    }


def _recapito(utente: Utente, canale: str) -> str:
    if canale == Canale.SMS:
        return (
            f"Cellulare nel fascicolo: {utente.cellulare}." if utente.cellulare else "Nel fascicolo manca il cellulare."
        )
    return f"Posta nel fascicolo: {utente.email}." if utente.email else "Nel fascicolo manca la posta elettronica."


def _rifiuto(utente: Utente, quadro: Quadro) -> dict[str, Any] | None:
    """What is still to be mended: a refusal of the current CV's transfer or of the removal, a removal undone since."""
    invio, rimozione, attuale = quadro.invio, quadro.rimozione, quadro.attuale
    if invio and invio["stato"] == _S.RIFIUTATO and attuale and invio["curriculum_id"] == attuale["id"]:
        titolo = f"Il trasferimento è stato rifiutato il {_quando(invio['chiuso_il'])}"
        cura = cura_di(invio["errore"], utente.pk)
        return {"titolo": titolo, "motivo": invio["motivo"], "cura": cura, "url_ripeti": ""}
    if rimozione is None or (invio and invio["id"] > rimozione["id"]):
        return None
    url_ripeti = reverse("curriculum:rimuovi", args=[utente.pk])
    if rimozione["stato"] == _S.RIFIUTATO:
        return {
            "titolo": f"La rimozione da Intuition è stata rifiutata il {_quando(rimozione['chiuso_il'])}",
            "motivo": rimozione["motivo"],
            "cura": cura_di(rimozione["errore"], utente.pk),
            "url_ripeti": url_ripeti,
        }
    if rimozione["stato"] == _S.CONFERMATO and quadro.posizione.get("intuition") == LuogoCurriculum.PRESENTE:
        visto, tolto = _quando(quadro.posizione["intuition_visto_il"]), _quando(rimozione["chiuso_il"])
        return {
            "titolo": "Il curriculum è di nuovo su Intuition",
            "motivo": f"Il portale lo aveva tolto il {tolto}, ma il {visto} le imprese lo trovavano.",
            "cura": None,
            "url_ripeti": url_ripeti,
        }
    return None
