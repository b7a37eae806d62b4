"""Interview, plan, measures, pact, review: one module per noun."""

from psp.models.agenda import (
    CalendarioPrivato,
    ChiusuraUfficio,
    Iscrizione,
    Luogo,
    OrarioOperatore,
    Seduta,
)
from psp.models.appuntamento import Appuntamento
from psp.models.attivita import ContattoImpresa, ProvaAtto
from psp.models.atto import AttoRicerca
from psp.models.colloquio import (
    Area,
    AreaAnalisi,
    Colloquio,
    EsitoPromozione,
    Fase,
    Giudizio,
    ImpresaObiettivo,
)
from psp.models.frequenza import Frequenza
from psp.models.giustificazione import GiustificazioneAssenza, MotivoAssenza, PercheSiVede
from psp.models.lavoro import FiltroSalvato, Promemoria, VoceDiLavoro
from psp.models.misura import (
    CHIUSE,
    PASSAGGI_MISURA,
    PROMESSE,
    CodiceServizio,
    EsitoMisura,
    GenereServizio,
    Misura,
    Servizio,
    StatoMisura,
    VoceScouting,
)
from psp.models.patto import (
    IN_LAVORAZIONE,
    IN_VIGORE,
    PASSAGGI,
    Disponibilita,
    PattoDiServizio,
    StatoPatto,
)
from psp.models.profilazione import Profilazione
from psp.models.revisione import CommentoRevisione, Revisione, Sezione

__all__ = [
    "CHIUSE",
    "IN_LAVORAZIONE",
    "IN_VIGORE",
    "PASSAGGI",
    "PASSAGGI_MISURA",
    "PROMESSE",
    "Appuntamento",
    "Area",
    "AreaAnalisi",
    "AttoRicerca",
    "CalendarioPrivato",
    "ChiusuraUfficio",
    "CodiceServizio",
    "Colloquio",
    "CommentoRevisione",
    "ContattoImpresa",
    "Disponibilita",
    "EsitoMisura",
    "EsitoPromozione",
    "Fase",
    "FiltroSalvato",
    "Frequenza",
    "GenereServizio",
    "Giudizio",
    "GiustificazioneAssenza",
    "ImpresaObiettivo",
    "Iscrizione",
    "Luogo",
    "Misura",
    "MotivoAssenza",
    "OrarioOperatore",
    "PattoDiServizio",
    "PercheSiVede",
    "Profilazione",
    "Promemoria",
    "ProvaAtto",
    "Revisione",
    "Seduta",
    "Servizio",
    "Sezione",
    "StatoMisura",
    "StatoPatto",
    "VoceDiLavoro",
    "VoceScouting",
]
