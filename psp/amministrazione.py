"""The tables of this app that the administrator keeps: the service charter and its codes (M2, A1)."""

from __future__ import annotations

from typing import Any

from django.utils.text import capfirst

from orientamento.anagrafica.amministrazione import Tabella, aggiungi_tabella
from orientamento.comune.calendario import oggi
from psp.forms.catalogo import CodiceForm, ServizioForm
from psp.models import CodiceServizio, Servizio
from psp.services.catalogo import codice_del_giorno, con_codice, salva_codice, salva_servizio
from psp.services.ore import limiti_in_parole


def _giorno(data: Any) -> str:
    return f"{data:%d/%m/%Y}" if data else ""


def _limiti(servizio: Servizio) -> str:
    return capfirst(limiti_in_parole(servizio))


aggiungi_tabella(
    Tabella(
        "servizi",
        "Servizi della carta",
        "Le misure che si possono concordare: modalità, minuti, che cosa va scritto di ciascuna.",
        "Nuovo servizio",
        lambda: Servizio.objects.prefetch_related(con_codice(oggi())),
        (
            ("Servizio", str),
            ("Codice di oggi", codice_del_giorno),
            ("Modalità", lambda s: s.get_modo_display()),
            ("Limiti", _limiti),
            ("Valido dal", lambda s: _giorno(s.valido_dal)),
            ("Valido al", lambda s: _giorno(s.valido_al)),
        ),
        ("nome", "chiave", "descrizione"),
        ServizioForm,
        lambda riga, dati, attore: (salva_servizio(servizio=riga, dati=dati, attore=attore), ""),
        spiegazione="Un servizio non si elimina: si ritira con una data di fine. Le misure già concordate restano.",
    )
)
aggiungi_tabella(
    Tabella(
        "codici-servizi",
        "Codici dei servizi",
        "I codici regionali dei servizi, con le date in cui valgono.",
        "Nuovo codice",
        lambda: CodiceServizio.objects.select_related("servizio").order_by("servizio__ordine", "-valido_dal"),
        (
            ("Codice", str),
            ("Servizio", lambda c: str(c.servizio)),
            ("Valido dal", lambda c: _giorno(c.valido_dal)),
            ("Valido al", lambda c: _giorno(c.valido_al)),
        ),
        ("codice", "servizio__nome"),
        CodiceForm,
        lambda riga, dati, attore: (salva_codice(codice=riga, dati=dati, attore=attore), ""),
        spiegazione="Lo stesso codice può indicare più servizi. Un servizio senza codice resta senza: non se ne "
        "inventano. Per cambiarlo: una data di fine a quello di oggi, poi una riga nuova.",
    )
)
