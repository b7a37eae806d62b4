"""The measures agreed in a draft pact, from the catalogue, with planned dates and hours (M2, M3)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import ProtectedError
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from psp.models import IN_VIGORE, GenereServizio, Iscrizione, Misura, PattoDiServizio, Servizio, StatoMisura
from psp.services.completezza import fuori_dalla_durata
from psp.services.passaggi import blocca_bozza
from psp.services.righe import annota, impronta

DA_TENERE = (StatoMisura.CONCORDATA, StatoMisura.AVVIATA)
GIA_AVVIATA = (
    "La misura è già avviata con il patto in vigore: qui resta concordata. Per fermarla c'è «Interrompi», nella pagina "
    "della misura."
)
CAMPI = ("stato", "inizio_previsto", "fine_prevista", "ore_previste", "note")


def impronta_misura(misura: Misura) -> str:
    return impronta(misura, CAMPI)


@transaction.atomic
def aggiungi_misure(
    *,
    patto: PattoDiServizio,
    chiavi: Sequence[str],
    attore: Operatore,
    adesso: dt.datetime,
    ore: Mapping[str, Decimal | None] | None = None,
) -> list[Misura]:
    """Add the services `chiavi`, with the hours given in `ore` or the usual ones of the charter.

    Without hours a measure cannot be agreed: it stands as proposed until they are written (M3). A tirocinio brings
    its tutoring along, proposed (M2).
    """
    bozza = blocca_bozza(patto)
    oggi = timezone.localdate(adesso)
    in_vigore = Servizio.objects.in_vigore(oggi).exclude(misure__patto=bozza).order_by("ordine")
    servizi = list(in_vigore.filter(chiave__in=chiavi))
    if any(s.genere == GenereServizio.TIROCINIO for s in servizi):
        compagni = in_vigore.filter(genere=GenereServizio.TUTORAGGIO).exclude(pk__in=[s.pk for s in servizi])
        servizi += list(compagni)
    inizio = max(oggi, bozza.valido_dal) if bozza.valido_dal else oggi
    previste = {s.pk: (ore or {}).get(s.chiave) or s.ore_previste for s in servizi}
    misure = Misura.objects.bulk_create(
        Misura(
            patto=bozza,
            servizio=servizio,
            stato=Misura.Stato.CONCORDATA if previste[servizio.pk] else Misura.Stato.PROPOSTA,
            inizio_previsto=inizio,
            ore_previste=previste[servizio.pk],
        )
        for servizio in servizi
    )
    if misure:
        annota(bozza, attore, misure={"aggiunte": [m.pk for m in misure]})
    return misure


@transaction.atomic
def modifica_misura(*, misura: Misura, dati: dict[str, Any], versione: str, attore: Operatore) -> Misura:
    """Change dates, hours and state; `versione` is the mark of the row that the form was made from (C8, M3)."""
    bozza = blocca_bozza(misura.patto)
    riga = bozza.misure.filter(pk=misura.pk).first()
    if riga is None:
        raise RegolaViolata("Questa misura è stata tolta dal patto nel frattempo.", regola="M3")
    cambiati = [c for c in CAMPI if c in dati and getattr(riga, c) != dati[c]]
    if cambiati and impronta_misura(riga) != versione:
        raise VersioneSuperata
    for campo in cambiati:
        setattr(riga, campo, dati[campo])
    _controlla(riga, bozza)
    if cambiati:
        riga.save(update_fields=cambiati)
        annota(bozza, attore, misure={"modificata": riga.pk, "campi": cambiati})
    return riga


@transaction.atomic
def elimina_misura(*, misura: Misura, attore: Operatore) -> None:
    """Take a measure away; a second click finds nothing and does nothing.

    One under way in the pact in force stays: in a closed pact nobody could conclude it any more.
    """
    bozza = blocca_bozza(misura.patto)
    righe = bozza.misure.filter(pk=misura.pk)
    if righe.filter(continua__stato=StatoMisura.AVVIATA).exists():
        raise RegolaViolata(GIA_AVVIATA, regola="M3")
    Iscrizione.objects.filter(misura__in=righe, stato=Iscrizione.Stato.ANNULLATA).update(misura=None)
    try:
        eliminate, _ = righe.delete()
    except ProtectedError as errore:
        raise RegolaViolata(
            "Per questa misura ci sono già appuntamenti: annullarli prima di toglierla dal patto.", regola="M3"
        ) from errore
    if eliminate:
        annota(bozza, attore, misure={"eliminata": misura.pk})


def copia_misure(*, da: PattoDiServizio, a: PattoDiServizio, oggi: dt.date) -> int:
    """Copy into the draft `a` the open measures of `da`; past dates start again today.

    Those agreed or started are continued by their copies (T2), those started also where the service has been retired
    meanwhile; those concluded, interrupted or refused stay where they are.
    """
    in_vigore = set(Servizio.objects.in_vigore(oggi).values_list("pk", flat=True))
    continuabili = DA_TENERE if da.stato in IN_VIGORE else ()
    promessa = {StatoMisura.AVVIATA: StatoMisura.CONCORDATA}
    nuove = [
        Misura(
            patto=a,
            servizio_id=misura.servizio_id,
            continua=misura if misura.stato in continuabili else None,
            stato=promessa.get(StatoMisura(misura.stato), misura.stato),
            inizio_previsto=max(misura.inizio_previsto, oggi) if misura.inizio_previsto else None,
            fine_prevista=misura.fine_prevista if misura.fine_prevista and misura.fine_prevista >= oggi else None,
            ore_previste=misura.ore_previste,
            note=misura.note,
        )
        for misura in da.misure.filter(stato__in=(StatoMisura.PROPOSTA, *DA_TENERE))
        if misura.servizio_id in in_vigore or misura.stato == StatoMisura.AVVIATA
    ]
    for nuova in nuove:
        if nuova.fine_prevista and nuova.inizio_previsto and nuova.fine_prevista < nuova.inizio_previsto:
            nuova.fine_prevista = None
    Misura.objects.bulk_create(nuove)
    return len(nuove)


def _controlla(misura: Misura, patto: PattoDiServizio) -> None:
    inizio, fine = misura.inizio_previsto, misura.fine_prevista
    if inizio and fine and fine < inizio:
        raise RegolaViolata("La fine precede l'inizio.", campo="fine_prevista", regola="M3")
    gia_avviata = misura.continua is not None and misura.continua.iniziata_il is not None
    if gia_avviata and misura.stato != Misura.Stato.CONCORDATA:
        raise RegolaViolata(GIA_AVVIATA, campo="stato", regola="M3")
    if misura.stato == Misura.Stato.CONCORDATA and not inizio:
        raise RegolaViolata(
            "Scrivere la data di inizio: una misura concordata la deve avere.", campo="inizio_previsto", regola="M3"
        )
    if misura.stato == Misura.Stato.CONCORDATA and misura.ore_previste is None:
        raise RegolaViolata(
            "Scrivere le ore previste: una misura concordata le deve avere.", campo="ore_previste", regola="M3"
        )
    campo = fuori_dalla_durata(misura, patto)
    if campo:
        dal = f"{patto.valido_dal:%d/%m/%Y}" if patto.valido_dal else "…"
        al = f"{patto.valido_al:%d/%m/%Y}" if patto.valido_al else "…"
        raise RegolaViolata(
            f"La data è fuori dalla durata del patto (dal {dal} al {al}): correggere la data o la durata.",
            campo=campo,
            regola="M3",
        )
