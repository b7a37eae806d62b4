"""At its signature a pact takes over from the one it replaces: open measures and acts go on where they were (T2)."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from orientamento.anagrafica.models import Operatore
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import Iscrizione, Misura, PattoDiServizio, StatoMisura, VoceScouting
from psp.services.attivita import prosegui_atti

# How a measure got where it is: the passages that the row of the new pact goes through in its turn.
_STRADA: dict[str, tuple[StatoMisura, ...]] = {
    StatoMisura.AVVIATA: (StatoMisura.AVVIATA,),
    StatoMisura.CONCLUSA: (StatoMisura.AVVIATA, StatoMisura.CONCLUSA),
    StatoMisura.INTERROTTA: (StatoMisura.AVVIATA, StatoMisura.INTERROTTA),
}
_CHIUSURA = (
    "finita_il",
    "esiti",
    "esito_note",
    "motivo_scostamento",
    "motivo_interruzione",
    "chiusa_il",
    "chiusa_da_id",
)


@transaction.atomic
def prosegui(*, da: PattoDiServizio | None, a: PattoDiServizio, attore: Operatore) -> None:
    """Pass what hangs on the measures and acts of `da` to the rows of `a` that continue them.

    Both pacts are locked by the caller, who is signing `a`. A measure concluded or interrupted since the draft was
    made brings the fact along; one that the new pact refuses, or left out, stays as it was in the old, unless it is
    under way: that one goes on here all the same, for in a closed pact nobody could end it any more. Where the pact in
    force has been closed since (`da` is None) there is nothing to go on with.
    """
    if da is None:
        a.misure.update(continua=None)
        a.atti.update(continua=None)
        return
    _misure(da, a, attore)
    prosegui_atti(a)


def _misure(da: PattoDiServizio, a: PattoDiServizio, attore: Operatore) -> None:
    vecchie = {m.pk: m for m in da.misure.select_for_update(of=("self",), no_key=True).order_by("pk")}
    aperte = {m.servizio_id: m for m in vecchie.values() if m.stato in (StatoMisura.CONCORDATA, StatoMisura.AVVIATA)}
    continuate = set(a.misure.values_list("continua_id", flat=True))
    promesse = list(a.misure.select_for_update(of=("self",), no_key=True).order_by("pk"))
    for nuova in promesse:
        if nuova.stato != StatoMisura.CONCORDATA:
            continue
        vecchia = vecchie.get(nuova.continua_id or 0)
        if vecchia is None:
            # Agreed anew from the charter instead of copied: the same service goes on all the same.
            vecchia = aperte.get(nuova.servizio_id)
            if vecchia is None or vecchia.pk in continuate:
                continue
        vecchie.pop(vecchia.pk)
        _continua(nuova, vecchia, attore)
    per_servizio = {m.servizio_id: m for m in promesse}
    for vecchia in vecchie.values():
        if vecchia.stato == StatoMisura.AVVIATA:
            nuova = per_servizio.get(vecchia.servizio_id) or Misura(patto=a, servizio_id=vecchia.servizio_id)
            era = nuova.get_stato_display() if nuova.pk else "Non compresa"
            _concorda(nuova, vecchia)
            _continua(nuova, vecchia, attore, nel_patto_firmato=era)


def _concorda(nuova: Misura, vecchia: Misura) -> None:
    """Agreed as it was in the old pact, where the new one does not say otherwise: from there it can be started."""
    nuova.stato = StatoMisura.CONCORDATA
    for campo in ("inizio_previsto", "ore_previste"):
        if getattr(nuova, campo) is None:
            setattr(nuova, campo, getattr(vecchia, campo))
    if nuova.pk is None:
        nuova.fine_prevista, nuova.note = vecchia.fine_prevista, vecchia.note
    elif nuova.fine_prevista and nuova.inizio_previsto and nuova.fine_prevista < nuova.inizio_previsto:
        nuova.fine_prevista = None
    nuova.save()


def _continua(nuova: Misura, vecchia: Misura, attore: Operatore, **altro: str) -> None:
    nuova.continua = vecchia
    _passa_a(nuova, vecchia)
    registra(
        Azione.MISURA_MODIFICATA,
        attore=attore,
        oggetto=nuova,
        utente=nuova.patto.utente,
        dettaglio={"prosegue_la_misura": vecchia.pk, "stato": nuova.stato, **altro},
    )


def _passa_a(nuova: Misura, vecchia: Misura) -> None:
    """Meetings, offers, details, then the state with its dates: one save per passage, as the database wants (M3)."""
    Iscrizione.objects.filter(misura=vecchia).update(misura=nuova)
    VoceScouting.objects.filter(misura=vecchia).update(misura=nuova)
    nuova.dettagli = vecchia.dettagli
    nuova.versione += 1
    nuova.save(update_fields=["continua", "dettagli", "versione"])
    for stato in _STRADA.get(vecchia.stato, ()):
        campi: dict[str, Any] = {"stato": stato}
        if stato == StatoMisura.AVVIATA:
            campi["iniziata_il"] = vecchia.iniziata_il
        else:
            campi |= {campo: getattr(vecchia, campo) for campo in _CHIUSURA}
        for campo, valore in campi.items():
            setattr(nuova, campo, valore)
        nuova.save(update_fields=[c.removesuffix("_id") for c in campi])
