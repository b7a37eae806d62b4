"""The worklists of the journey: who has not confirmed, what is on its way or was refused (V2, V6), and how many.

Operators have the people whom they follow, supervisors the whole office or one operator's. Pages go on by key: the
last row of one begins the next.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from curriculum.models import APERTI, Operazione, PosizionePortale, StatoTrasferimento, Trasferimento
from curriculum.services.scadenze import quanti_in_scadenza, seguiti_da
from curriculum.services.trasferimento import MESSAGGI_MASSIMI, PAUSA_TRA_MESSAGGI
from orientamento.anagrafica.models import Operatore
from orientamento.comune.calendario import giorno_e_ora

RIFIUTATI_RECENTI = dt.timedelta(days=90)  # the database's `curriculum_dovuto` knows it too
MAI = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
_S = StatoTrasferimento

# What a list of transfers may show → the states in it. A refused one leaves the list when it is asked for again.
FILTRI: dict[str, tuple[str, ...]] = {
    "in_coda": (_S.DA_INVIARE,),
    "in_corso": (_S.IN_CORSO, _S.INVIATO),
    "in_attesa": (_S.IN_ATTESA,),
    "rifiutati": (_S.RIFIUTATO,),
}


def da_confermare(
    operatore: Operatore, *, adesso: dt.datetime, quanti: int, dopo: tuple[dt.datetime, int] | None, di: int | None
) -> list[dict[str, Any]]:
    """Who was pre-registered and has not confirmed, the longest wait first, in one query. `dopo` is a row's `segno`."""
    sollecito = Trasferimento.objects.aperti().filter(utente=OuterRef("utente"), operazione=Operazione.SOLLECITO)
    righe = (
        _registrazioni(operatore, di)
        .annotate(ultimo=Coalesce("ultimo_messaggio_il", Value(MAI)), chiesto=Exists(sollecito))
        .select_related("utente__operatore_riferimento")
        .order_by("ultimo", "pk")
    )
    if dopo:
        righe = righe.filter(Q(ultimo__gt=dopo[0]) | Q(ultimo=dopo[0], pk__gt=dopo[1]))
    return [_registrazione(riga, adesso) for riga in righe[:quanti]]


def trasferimenti(
    operatore: Operatore, *, filtro: str, adesso: dt.datetime, quanti: int, dopo: int | None, di: int | None
) -> list[Trasferimento]:
    """The requests to the portal of one of `FILTRI`, the newest first, with citizen and operator, in one query."""
    righe = _richieste(operatore, adesso, di).filter(stato__in=FILTRI[filtro])
    if dopo:
        righe = righe.filter(pk__lt=dopo)
    return list(righe.select_related("utente__operatore_riferimento", "creato_da").order_by("-pk")[:quanti])


def quanti_trasferimenti(operatore: Operatore, *, adesso: dt.datetime, di: int | None = None) -> dict[str, int]:
    """How many requests each filter shows."""
    conteggi = {nome: Count("pk", filter=Q(stato__in=stati)) for nome, stati in FILTRI.items()}
    return _richieste(operatore, adesso, di).aggregate(**conteggi)


def quanti_da_fare(operatore: Operatore, *, adesso: dt.datetime) -> dict[str, int]:
    """What waits for `operatore` in the three lists, and how much of it is a refusal."""
    scadenze = quanti_in_scadenza(operatore, adesso=adesso)
    richieste = quanti_trasferimenti(operatore, adesso=adesso)
    return {
        "scadenze": scadenze["in_scadenza"] + scadenze["scaduti"],
        "scaduti": scadenze["scaduti"],
        "registrazioni": _registrazioni(operatore, None).count(),
        "trasferimenti": sum(richieste.values()),
        "rifiutati": richieste["rifiutati"],
    }


def _registrazioni(operatore: Operatore, di: int | None) -> QuerySet[PosizionePortale]:
    """Of who has taken the consent back nothing is asked any more (U2)."""
    righe = PosizionePortale.objects.visibili_a(operatore).da_confermare().filter(utente__consenso_incontro=True)
    return righe.filter(seguiti_da(operatore, di))


def _richieste(operatore: Operatore, adesso: dt.datetime, di: int | None) -> QuerySet[Trasferimento]:
    """Open, or refused not long ago and not asked for again since."""
    dopo = Trasferimento.objects.filter(
        utente=OuterRef("utente"), operazione=OuterRef("operazione"), pk__gt=OuterRef("pk")
    )
    rifiutati = Q(stato=_S.RIFIUTATO, chiuso_il__gte=adesso - RIFIUTATI_RECENTI) & ~Q(Exists(dopo))
    righe = Trasferimento.objects.visibili_a(operatore).filter(seguiti_da(operatore, di))
    return righe.filter(Q(stato__in=APERTI) | rifiutati)


def _registrazione(riga: PosizionePortale, adesso: dt.datetime) -> dict[str, Any]:
    utente = riga.utente
    perche_no = ""
    if riga.chiesto:  # type: ignore[attr-defined]
        perche_no = "Già chiesto: parte da solo."
    elif riga.messaggi >= MESSAGGI_MASSIMI:
        perche_no = "Raggiunto il massimo: sentire la persona al telefono o di persona."
    elif riga.ultimo_messaggio_il and riga.ultimo_messaggio_il + PAUSA_TRA_MESSAGGI > adesso:
        perche_no = f"Dal {giorno_e_ora(riga.ultimo_messaggio_il + PAUSA_TRA_MESSAGGI)}."
    return {
        "segno": f"{riga.ultimo.isoformat()}_{riga.pk}",  # type: ignore[attr-defined]
        "utente_id": utente.pk,
        "utente": str(utente),
        "operatore": str(utente.operatore_riferimento or ""),
        "canale": riga.get_canale_display() if riga.canale else "",
        "recapito": (utente.cellulare if riga.canale == "sms" else utente.email) or "",
        "telefono": utente.cellulare or utente.telefono,
        "messaggi": riga.messaggi,
        "ultimo_messaggio_il": riga.ultimo_messaggio_il,
        "perche_no": perche_no,
    }
