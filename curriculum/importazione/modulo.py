"""The form that takes a sheet in."""

from __future__ import annotations

from django import forms

from curriculum.controllo.motivi import in_mega
from curriculum.importazione.albero import BYTE_MASSIMI
from orientamento.comune.forms import ModuloMixin


class ImportaForm(ModuloMixin, forms.Form):
    """The file. What it holds is judged by the service."""

    file = forms.FileField(
        label="Scheda del lavoratore",
        help_text=f"Il file XML di Europass, o il PDF Europass che lo contiene; al massimo {in_mega(BYTE_MASSIMI)}.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".xml,.pdf,application/xml,text/xml,application/pdf"}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].error_messages["required"] = "Scegliere il file della scheda."
