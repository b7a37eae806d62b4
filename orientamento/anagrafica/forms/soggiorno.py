"""The form of the document of stay (U5)."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms

from orientamento.anagrafica.forms.vincoli import VincoliAlServizioMixin
from orientamento.anagrafica.models import DocumentoSoggiorno
from orientamento.comune.forms import ModuloMixin, Riga


class SoggiornoForm(ModuloMixin, VincoliAlServizioMixin, forms.ModelForm):
    class Meta:
        model = DocumentoSoggiorno
        fields = ["tipo", "numero", "scadenza", "ricevuta_rinnovo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scadenza"].help_text = "Vuota solo per il permesso di lungo periodo."
        self.helper.form_show_errors = False
        self.helper.layout = Layout(Riga("tipo:6", "numero:3", "scadenza:3"), "ricevuta_rinnovo")
