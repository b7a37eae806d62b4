"""The tables of the agenda that the administrator keeps: rooms and places, closing days (A1)."""

from __future__ import annotations

from orientamento.anagrafica.amministrazione import Tabella, aggiungi_tabella
from orientamento.comune.calendario import adesso
from psp.forms.agenda import ChiusuraTabellaForm, LuogoForm
from psp.models import ChiusuraUfficio, Luogo
from psp.services.agenda.orari import salva_chiusura, salva_luogo

aggiungi_tabella(
    Tabella(
        "luoghi",
        "Sale e postazioni",
        "Le sale degli incontri e le postazioni dei web learning point, con i loro posti.",
        "Nuova sala o postazione",
        lambda: Luogo.objects.select_related("cpi"),
        (
            ("Nome", str),
            ("Centro", lambda x: str(x.cpi)),
            ("Che cos'è", lambda x: x.get_tipo_display()),
            ("Posti", lambda x: str(x.posti)),
            ("Stato", lambda x: "In uso" if x.attivo else "Non in uso"),
        ),
        ("nome", "cpi__nome"),
        LuogoForm,
        lambda riga, dati, attore: (salva_luogo(luogo=riga, dati=dati, attore=attore, adesso=adesso()), ""),
    )
)
aggiungi_tabella(
    Tabella(
        "chiusure",
        "Giorni di chiusura",
        "Quando un centro, o tutti, sono chiusi. Le feste nazionali ci sono già.",
        "Nuova chiusura",
        lambda: ChiusuraUfficio.objects.select_related("cpi").order_by("-dal", "pk"),
        (
            ("Motivo", str),
            ("Centro", lambda x: str(x.cpi or "Tutti i centri")),
            ("Dal", lambda x: f"{x.dal:%d/%m/%Y}"),
            ("Al", lambda x: f"{x.al:%d/%m/%Y}"),
        ),
        ("motivo", "cpi__nome"),
        ChiusuraTabellaForm,
        lambda riga, dati, attore: (salva_chiusura(chiusura=riga, dati=dati, attore=attore)[0], ""),
        spiegazione="Gli appuntamenti già fissati in quei giorni restano: vanno spostati o annullati dall'agenda.",
    )
)
