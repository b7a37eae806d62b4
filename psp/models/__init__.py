"""Interview, plan, measures, pact, review: one module per noun."""

from psp.models.appuntamento import Appuntamento
from psp.models.colloquio import (
    Area,
    AreaAnalisi,
    Colloquio,
    EsitoPromozione,
    Fase,
    Giudizio,
    ImpresaObiettivo,
)
from psp.models.misura import CodiceServizio, Misura, Servizio
from psp.models.patto import (
    IN_LAVORAZIONE,
    IN_VIGORE,
    PASSAGGI,
    AttoRicerca,
    Disponibilita,
    Frequenza,
    PattoDiServizio,
    StatoPatto,
)
from psp.models.profilazione import Profilazione
from psp.models.revisione import CommentoRevisione, Revisione, Sezione

__all__ = [
    "IN_LAVORAZIONE",
    "IN_VIGORE",
    "PASSAGGI",
    "Appuntamento",
    "Area",
    "AreaAnalisi",
    "AttoRicerca",
    "CodiceServizio",
    "Colloquio",
    "CommentoRevisione",
    "Disponibilita",
    "EsitoPromozione",
    "Fase",
    "Frequenza",
    "Giudizio",
    "ImpresaObiettivo",
    "Misura",
    "PattoDiServizio",
    "Profilazione",
    "Revisione",
    "Servizio",
    "Sezione",
    "StatoPatto",
]
