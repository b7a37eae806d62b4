"""Who may do what (A1). Which rows a person sees is the QuerySets' `visibili_a`; this is which actions.

A stranger (row not visible) gets 404 from the view's lookup; a colleague without the right gets 403 from `richiedi`.
"""

from __future__ import annotations

from enum import StrEnum

from django.core.exceptions import PermissionDenied

from orientamento.anagrafica.models.operatore import Operatore, Ruolo


class Permesso(StrEnum):
    """The actions that roles are given or refused."""

    VEDERE_FASCICOLO = "vedere_fascicolo"
    MODIFICARE_FASCICOLO = "modificare_fascicolo"
    PRENDERE_IN_CARICO = "prendere_in_carico"
    CONDURRE_COLLOQUIO = "condurre_colloquio"
    VEDERE_COLLOQUIO = "vedere_colloquio"
    VEDERE_PROPENSIONI = "vedere_propensioni"
    MODIFICARE_PROPENSIONI = "modificare_propensioni"
    SCARICARE_CURRICULUM = "scaricare_curriculum"
    SALVARE_CURRICULUM = "salvare_curriculum"
    TRASFERIRE_CURRICULUM = "trasferire_curriculum"
    VEDERE_PATTO = "vedere_patto"
    REDIGERE_PATTO = "redigere_patto"
    EROGARE_MISURE = "erogare_misure"
    GESTIRE_AGENDA = "gestire_agenda"
    STABILIRE_CHIUSURE = "stabilire_chiusure"
    VEDERE_GIUSTIFICAZIONI = "vedere_giustificazioni"
    REVISIONARE_PATTO = "revisionare_patto"
    VEDERE_REGISTRO = "vedere_registro"
    RIASSEGNARE_FASCICOLO = "riassegnare_fascicolo"
    AMMINISTRARE = "amministrare"


_DI_OPERATORE = frozenset(
    {
        Permesso.VEDERE_FASCICOLO,
        Permesso.MODIFICARE_FASCICOLO,
        Permesso.PRENDERE_IN_CARICO,
        Permesso.CONDURRE_COLLOQUIO,
        Permesso.VEDERE_COLLOQUIO,
        Permesso.VEDERE_PROPENSIONI,
        Permesso.MODIFICARE_PROPENSIONI,
        Permesso.SCARICARE_CURRICULUM,
        Permesso.SALVARE_CURRICULUM,
        Permesso.TRASFERIRE_CURRICULUM,
        Permesso.VEDERE_PATTO,
        Permesso.REDIGERE_PATTO,
        Permesso.GESTIRE_AGENDA,
        Permesso.EROGARE_MISURE,
        Permesso.VEDERE_GIUSTIFICAZIONI,
    }
)

PERMESSI: dict[str, frozenset[Permesso]] = {
    Ruolo.OPERATORE: _DI_OPERATORE,
    Ruolo.RESPONSABILE: _DI_OPERATORE
    | {
        Permesso.REVISIONARE_PATTO,
        Permesso.VEDERE_REGISTRO,
        Permesso.RIASSEGNARE_FASCICOLO,
        Permesso.STABILIRE_CHIUSURE,
    },
    Ruolo.INCROCIO: frozenset({Permesso.VEDERE_PROPENSIONI, Permesso.SCARICARE_CURRICULUM}),
    Ruolo.AMMINISTRATORE: frozenset({Permesso.AMMINISTRARE}),
}


def puo(operatore: Operatore, permesso: Permesso) -> bool:
    """Whether the role of `operatore` gives `permesso`."""
    return permesso in PERMESSI[operatore.ruolo]


def richiedi(operatore: Operatore, permesso: Permesso) -> None:
    """Raise `PermissionDenied` (403) unless the role gives `permesso`."""
    if not puo(operatore, permesso):
        raise PermissionDenied
