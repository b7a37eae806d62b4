"""The administrator's forms of the service charter (M2)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.anagrafica.forms.amministrazione import TabellaForm
from orientamento.comune.forms import Riga
from psp.models import CodiceServizio, Servizio

MINUTI = ("minuti_minimi_incontro", "minuti_minimi", "minuti_massimi")


class ServizioForm(TabellaForm):
    """A service: its words, how it is given, what is written of it, its limits, its days."""

    disposizione = (
        Riga("nome:8", "chiave:4"),
        "descrizione",
        Riga("modo:4", "genere:8"),
        Riga("ore_previste:3", "minuti_minimi_incontro:3", "minuti_minimi:3", "minuti_massimi:3"),
        Riga("valido_dal:3", "valido_al:3", "ordine:3"),
    )

    class Meta:
        model = Servizio
        fields = [
            "nome",
            "chiave",
            "descrizione",
            "modo",
            "genere",
            "ore_previste",
            *MINUTI,
            "valido_dal",
            "valido_al",
            "ordine",
        ]
        help_texts = {
            "chiave": "Minuscole e trattini, per esempio tirocinio-estivo.",
            "valido_al": "Da scrivere per ritirare il servizio: è l'ultimo giorno in cui si concorda.",
            "ordine": "Il posto nell'elenco dei servizi.",
            "minuti_minimi_incontro": "Vuoto se non c'è un minimo.",
            "minuti_minimi": "Vuoto se non c'è un minimo.",
            "minuti_massimi": "Vuoto se non c'è un massimo.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        ore = self.fields["ore_previste"]
        ore.localize = True
        ore.widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"})
        ore.widget.is_localized = True
        ore.error_messages["min_value"] = "Le ore sono almeno mezza (0,5)."
        if self.instance.pk:
            self.fields["chiave"].disabled = True
            self.fields["chiave"].help_text = ""


class CodiceForm(TabellaForm):
    """A code of a service between two dates."""

    disposizione = (Riga("servizio:8", "codice:4"), Riga("valido_dal:4", "valido_al:4"))

    class Meta:
        model = CodiceServizio
        fields = ["servizio", "codice", "valido_dal", "valido_al"]
        help_texts = {"valido_al": "Vuoto finché il codice vale."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["servizio"].disabled = True
