"""Locking an interview or a pact, and moving a pact from state to state: what every verb stands on (C1, T2)."""

from __future__ import annotations

from typing import Any

from orientamento.comune.errori import RegolaViolata
from psp.models import Colloquio, PattoDiServizio, StatoPatto

SITUAZIONE = {
    StatoPatto.BOZZA: "Il patto è in bozza",
    StatoPatto.IN_REVISIONE: "Il patto è in revisione",
    StatoPatto.PROPOSTO: "Il patto è già approvato e proposto per la firma",
    StatoPatto.FIRMATO: "Il patto è già firmato e archiviato",
    StatoPatto.SOSPESO: "Il patto è sospeso",
    StatoPatto.CHIUSO: "Il patto è chiuso",
    StatoPatto.ANNULLATO: "Il patto è stato annullato",
}


def blocca_colloquio(colloquio_id: int) -> Colloquio:
    """The row of an interview under way, locked until the end of the transaction; a refusal once it is concluded."""
    colloquio = (
        Colloquio.objects.select_for_update(of=("self",), no_key=True).select_related("utente").get(pk=colloquio_id)
    )
    if colloquio.concluso_il is not None:
        raise RegolaViolata("Il colloquio è concluso: si può leggere ma non cambiare.", regola="C1")
    return colloquio


def blocca_patto(patto: PattoDiServizio) -> PattoDiServizio:
    """The row of `patto`, locked until the end of the transaction: two verbs on one pact run one after the other."""
    return (
        PattoDiServizio.objects.select_for_update(of=("self",), no_key=True)
        .select_related(
            "utente__cpi", "colloquio__utente", "cpi", "did__programma", "autore", "inviato_da", "responsabile_attivita"
        )
        .defer("pdf")
        .get(pk=patto.pk)
    )


def blocca_bozza(patto: PattoDiServizio) -> PattoDiServizio:
    """The row of `patto`, locked, or a refusal where it is no longer a draft: only a draft is edited."""
    bloccato = blocca_patto(patto)
    if not bloccato.modificabile:
        raise RegolaViolata(
            f"{SITUAZIONE[StatoPatto(bloccato.stato)]}: non si modifica più. La modifica non è stata salvata.",
            regola="T2",
        )
    return bloccato


def richiedi_passaggio(patto: PattoDiServizio, stato: StatoPatto) -> None:
    """Refuse in words a passage that `PASSAGGI` does not have: a second click, a race, the back button."""
    if not patto.puo_diventare(stato):
        raise RegolaViolata(f"{SITUAZIONE[StatoPatto(patto.stato)]}: l'operazione non è stata eseguita.", regola="T2")


def passa(patto: PattoDiServizio, stato: StatoPatto, **campi: Any) -> None:
    """Move a locked pact to `stato` and write `campi` with it, in one statement."""
    richiedi_passaggio(patto, stato)
    patto.stato = stato
    for nome, valore in campi.items():
        setattr(patto, nome, valore)
    patto.save(update_fields=["stato", *campi])
