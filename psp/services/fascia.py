"""The band above every page of a citizen: who, how many days are left for the pact, what is missing now."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone

from orientamento.anagrafica.models import DID, PresaInCarico, Utente
from orientamento.comune.mancanze import Mancanza
from psp.models import Colloquio, Fase, PattoDiServizio, StatoPatto
from psp.services.completezza import mancanze_patto
from psp.services.completezza_colloquio import mancanze_colloquio


@dataclass(frozen=True)
class Fascia:
    """Plain values for the template; nothing in it asks the database again."""

    utente: Utente
    did: DID | None
    termine: str
    livello: str


def fascia_di(utente: Utente, adesso: dt.datetime) -> Fascia:
    """The band of `utente`; one query."""
    in_vigore = PattoDiServizio.objects.in_vigore().filter(utente=OuterRef("utente"))
    did = (
        DID.objects.in_corso()
        .filter(utente=utente)
        .select_related("programma")
        .annotate(patto_in_vigore=Exists(in_vigore))
        .first()
    )
    return componi_fascia(utente, did, bool(did and did.patto_in_vigore), adesso)


def componi_fascia(utente: Utente, did: DID | None, patto_in_vigore: bool, adesso: dt.datetime) -> Fascia:
    """The band from what a page has read already; no query."""
    if did is None:
        return Fascia(utente, None, "", "")
    if patto_in_vigore:
        return Fascia(utente, did, "Patto in vigore", "")
    return Fascia(utente, did, *termine_del_patto(did.giorni_al_termine(timezone.localdate(adesso))))


def termine_del_patto(giorni: int) -> tuple[str, str]:
    """The words for the clock from the DID to the pact (U3), and how urgent it is: "", "attenzione", "errore"."""
    if giorni < 0:
        return f"Termine del patto superato da {_giorni(-giorni)}", "errore"
    if giorni == 0:
        return "Patto entro oggi", "errore"
    return f"Patto entro {_giorni(giorni)}", "attenzione" if giorni <= 7 else ""


def mancanze_ora(utente: Utente, adesso: dt.datetime) -> list[Mancanza]:
    """What is missing at the step the citizen is at: presa in carico, then the interview, then the pact."""
    if not PresaInCarico.objects.aperte().filter(utente=utente).exists():
        url = reverse("anagrafica:presa_in_carico", args=[utente.pk])
        return [Mancanza("presa_in_carico", "Presa in carico", url)]
    colloquio = Colloquio.objects.filter(utente=utente).in_corso().select_related("utente").first()
    if colloquio is None:
        return []
    fase_1 = mancanze_colloquio(colloquio, [Fase.INFORMATIVA])
    if fase_1:
        return fase_1
    bozza = (
        PattoDiServizio.objects.filter(utente=utente, stato=StatoPatto.BOZZA)
        .select_related("colloquio__utente", "utente")
        .first()
    )
    return mancanze_patto(bozza, adesso) if bozza else mancanze_colloquio(colloquio, [Fase.ANALISI])


def _giorni(numero: int) -> str:
    return "1 giorno" if numero == 1 else f"{numero} giorni"
