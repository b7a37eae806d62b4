"""The acts of active search of a draft pact (M1). Every function locks the pact: nothing changes once it is sent."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from psp.models import IN_VIGORE, AttoRicerca, PattoDiServizio
from psp.services.catalogo import atti_tipici
from psp.services.passaggi import blocca_bozza
from psp.services.righe import annota, impronta

CAMPI = ("tipo", "descrizione", "soggetto", "entro_il", "frequenza", "prova")
ATTI_MASSIMI = 40


def impronta_atto(atto: AttoRicerca) -> str:
    return impronta(atto, CAMPI)


@transaction.atomic
def aggiungi_atto(*, patto: PattoDiServizio, dati: dict[str, Any], attore: Operatore) -> AttoRicerca:
    """Add an act in the citizen's and operator's own words."""
    bozza = blocca_bozza(patto)
    if bozza.atti.filter(tipo=dati["tipo"], descrizione=dati["descrizione"]).exists():
        raise RegolaViolata("Questo atto è già nel piano.", campo="descrizione", regola="M1")
    _controlla_numero(bozza, 1)
    atto = bozza.atti.create(**{c: dati[c] for c in CAMPI}, ordine=_prossimo_ordine(bozza))
    annota(bozza, attore, atti={"aggiunti": [atto.pk]})
    return atto


@transaction.atomic
def aggiungi_atti_tipici(
    *, patto: PattoDiServizio, chiavi: Sequence[str], attore: Operatore, adesso: dt.datetime
) -> list[AttoRicerca]:
    """Add the ticked typical acts with their usual timing and proof; those already in the plan are not doubled."""
    bozza = blocca_bozza(patto)
    oggi = timezone.localdate(adesso)
    presenti = set(bozza.atti.values_list("tipo", "descrizione"))
    scelti = [t for t in atti_tipici() if t.chiave in chiavi and (t.tipo, t.descrizione) not in presenti]
    _controlla_numero(bozza, len(scelti))
    ordine = _prossimo_ordine(bozza)
    atti = AttoRicerca.objects.bulk_create(
        AttoRicerca(
            patto=bozza,
            tipo=tipico.tipo,
            descrizione=tipico.descrizione,
            soggetto=tipico.soggetto,
            frequenza=tipico.frequenza,
            entro_il=oggi + dt.timedelta(days=tipico.giorni) if tipico.giorni else None,
            prova=tipico.prova,
            ordine=ordine + posto,
        )
        for posto, tipico in enumerate(scelti)
    )
    if atti:
        annota(bozza, attore, atti={"aggiunti": [a.pk for a in atti]})
    return atti


@transaction.atomic
def modifica_atto(*, atto: AttoRicerca, dati: dict[str, Any], versione: str, attore: Operatore) -> AttoRicerca:
    """Change an act; `versione` is the mark of the row that the form was made from (C8)."""
    bozza = blocca_bozza(atto.patto)
    riga = _trova(bozza, atto.pk)
    cambiati = [c for c in CAMPI if c in dati and getattr(riga, c) != dati[c]]
    if cambiati:
        if impronta_atto(riga) != versione:
            raise VersioneSuperata
        for campo in cambiati:
            setattr(riga, campo, dati[campo])
        riga.save(update_fields=cambiati)
        annota(bozza, attore, atti={"modificato": riga.pk, "campi": cambiati})
    return riga


@transaction.atomic
def elimina_atto(*, atto: AttoRicerca, attore: Operatore) -> None:
    """Take an act away from the plan; a second click finds nothing and does nothing."""
    bozza = blocca_bozza(atto.patto)
    eliminati, _ = bozza.atti.filter(pk=atto.pk).delete()
    if eliminati:
        annota(bozza, attore, atti={"eliminato": atto.pk})


@transaction.atomic
def riprendi_atti(*, patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> int:
    """Bring the acts of the citizen's last pact into the draft; returns how many were new."""
    bozza = blocca_bozza(patto)
    precedente = patto_precedente(bozza)
    if precedente is None:
        raise RegolaViolata("Non c'è un patto precedente da cui riprendere gli atti.", regola="M1")
    ripresi = copia_atti(da=precedente, a=bozza, oggi=timezone.localdate(adesso))
    if ripresi:
        annota(bozza, attore, atti={"ripresi_da": precedente.pk, "quanti": ripresi})
    return ripresi


def patto_precedente(patto: PattoDiServizio) -> PattoDiServizio | None:
    """The last other pact of the citizen that has acts."""
    return (
        PattoDiServizio.objects.filter(utente_id=patto.utente_id, atti__isnull=False)
        .exclude(pk=patto.pk)
        .order_by("-creato_il", "-pk")
        .only("pk", "stato", "creato_il", "valido_dal", "valido_al")
        .first()
    )


def copia_atti(*, da: PattoDiServizio, a: PattoDiServizio, oggi: dt.date) -> int:
    """Copy the acts of `da` that `a` has not; a due date that has passed is left to be written again.

    Those of a pact in force are continued by their copies: at the signature their proofs follow them (T2).
    """
    presenti = set(a.atti.values_list("tipo", "descrizione"))
    continuati = set(a.atti.values_list("continua_id", flat=True))
    ordine = _prossimo_ordine(a)
    nuovi = [
        AttoRicerca(
            patto=a,
            continua=atto if da.stato in IN_VIGORE and atto.pk not in continuati else None,
            tipo=atto.tipo,
            descrizione=atto.descrizione,
            soggetto=atto.soggetto,
            frequenza=atto.frequenza,
            entro_il=atto.entro_il if atto.entro_il and atto.entro_il >= oggi else None,
            prova=atto.prova,
        )
        for atto in da.atti.all()
        if (atto.tipo, atto.descrizione) not in presenti
    ]
    _controlla_numero(a, len(nuovi))
    for posto, nuovo in enumerate(nuovi):
        nuovo.ordine = ordine + posto
    AttoRicerca.objects.bulk_create(nuovi)
    return len(nuovi)


def _trova(bozza: PattoDiServizio, pk: int) -> AttoRicerca:
    riga = bozza.atti.filter(pk=pk).first()
    if riga is None:
        raise RegolaViolata("Questo atto è stato tolto dal piano nel frattempo.", regola="M1")
    return riga


def _prossimo_ordine(patto: PattoDiServizio) -> int:
    ultimo: int | None = patto.atti.aggregate(ultimo=Max("ordine"))["ultimo"]
    return (ultimo or 0) + 1


def _controlla_numero(patto: PattoDiServizio, nuovi: int) -> None:
    if patto.atti.count() + nuovi > ATTI_MASSIMI:
        raise RegolaViolata(
            f"Un piano tiene al massimo {ATTI_MASSIMI} atti: togliere quelli che non servono.", regola="M1"
        )
