"""What the pages of the delivery show of measures, read in few queries whatever their number (M3, C2)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from orientamento.anagrafica.models import Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import IN_LAVORAZIONE, IN_VIGORE, GenereServizio, Iscrizione, Misura, PattoDiServizio
from psp.services.catalogo import codice_del_giorno, con_codice
from psp.services.erogazione import in_ritardo
from psp.services.ore import Contatore, contatori

COMPAGNI = {
    GenereServizio.TIROCINIO: GenereServizio.TUTORAGGIO,
    GenereServizio.TUTORAGGIO: GenereServizio.TIROCINIO,
}
STORIA = (
    Azione.MISURA_AVVIATA,
    Azione.MISURA_MODIFICATA,
    Azione.MISURA_CONCLUSA,
    Azione.MISURA_INTERROTTA,
    Azione.SCOUTING_REGISTRATO,
    Azione.PRESENZA_SEGNATA,
)


@dataclass(frozen=True)
class RigaMisura:
    """One measure of the list."""

    misura: Misura
    codice: str
    contatore: Contatore
    prossimo: dt.datetime | None
    ritardo: str
    prosegue: bool


@dataclass(frozen=True)
class GruppoMisure:
    """A pact and its measures. `genere`: in_vigore, in_lavorazione or passato."""

    patto: PattoDiServizio
    genere: str
    righe: list[RigaMisura]


def misure_di(utente: Utente, adesso: dt.datetime) -> list[GruppoMisure]:
    """Every measure of the citizen by pact: the one in force first, then the one in the making, then the past ones.

    Pacts without measures are left out, unless they are in force. Five queries.
    """
    oggi = timezone.localdate(adesso)
    patti = list(
        PattoDiServizio.objects.filter(utente=utente)
        .exclude(stato="annullato")
        .only("pk", "stato", "utente_id", "valido_dal", "valido_al", "firmato_il", "creato_il", "chiuso_il")
    )
    misure = list(
        Misura.objects.filter(patto__in=patti)
        .select_related("servizio")
        .prefetch_related(con_codice(oggi, "servizio__"))
        .order_by("inizio_previsto", "pk")
    )
    righe = _righe(misure, {p.pk: p for p in patti}, adesso)
    gruppi = [
        GruppoMisure(patto, genere_del_patto(patto), [r for r in righe if r.misura.patto_id == patto.pk])
        for patto in patti
    ]
    ordine = {"in_vigore": 0, "in_lavorazione": 1, "passato": 2}
    return sorted((g for g in gruppi if g.righe or g.genere == "in_vigore"), key=lambda g: ordine[g.genere])


def genere_del_patto(patto: PattoDiServizio) -> str:
    if patto.stato in IN_VIGORE:
        return "in_vigore"
    return "in_lavorazione" if patto.stato in IN_LAVORAZIONE else "passato"


def compagna(misura: Misura) -> Misura | None:
    """The tutoring of a tirocinio, or the tirocinio of a tutoring, in the same pact (M2)."""
    genere = COMPAGNI.get(GenereServizio(misura.servizio.genere))
    if genere is None:
        return None
    return misura.patto.misure.select_related("servizio").filter(servizio__genere=genere).first()


def incontri_di(misura: Misura) -> list[Iscrizione]:
    """The meetings of the measure, the latest first; those annulled are left out."""
    return list(
        misura.iscrizioni.exclude(stato=Iscrizione.Stato.ANNULLATA)
        .select_related("seduta__operatore", "seduta__luogo")
        .order_by("-inizio", "-pk")
    )


def storia_della_misura(misura: Misura) -> list[Evento]:
    """What has happened to the measure, newest first, from the register."""
    eventi = Evento.objects.dell_utente(misura.patto.utente_id).filter(
        oggetto_tipo="psp.misura", oggetto_id=misura.pk, azione__in=STORIA
    )
    return list(eventi[:20])


def codice_di(misura: Misura, oggi: dt.date) -> str:
    """The code of its service today, or the empty text: none is invented (M2)."""
    servizio = type(misura.servizio).objects.prefetch_related(con_codice(oggi)).get(pk=misura.servizio_id)
    return codice_del_giorno(servizio)


def _righe(misure: list[Misura], patti: dict[int, PattoDiServizio], adesso: dt.datetime) -> list[RigaMisura]:
    oggi = timezone.localdate(adesso)
    ore = contatori(misure)
    prossimi = _prossimi(misure, adesso)
    seguiti = Misura.objects.filter(continua__in=misure).exclude(patto__stato__in=[*IN_LAVORAZIONE, "annullato"])
    proseguite = set(seguiti.values_list("continua_id", flat=True))
    righe = []
    for misura in misure:
        patto: Any = patti[misura.patto_id]
        misura.patto = patto
        righe.append(
            RigaMisura(
                misura=misura,
                codice=codice_del_giorno(misura.servizio),
                contatore=ore[misura.pk],
                prossimo=prossimi.get(misura.pk),
                ritardo=in_ritardo(misura, oggi) if patto.stato in IN_VIGORE else "",
                prosegue=misura.pk in proseguite,
            )
        )
    return righe


def _prossimi(misure: Iterable[Misura], adesso: dt.datetime) -> dict[int, dt.datetime]:
    """The next meeting booked for each."""
    righe = (
        Iscrizione.objects.filter(misura__in=list(misure), stato=Iscrizione.Stato.PRENOTATA, inizio__gte=adesso)
        .order_by("-inizio")
        .values_list("misura_id", "inizio")
    )
    return {misura_id: inizio for misura_id, inizio in righe if misura_id is not None}
