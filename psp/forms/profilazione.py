"""Form of the quantitative profile (C6)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.forms import CampiMixin
from psp.models import Profilazione


class ProfilazioneForm(CampiMixin, forms.ModelForm):
    """Value, class, or both, as the unitary information system shows them."""

    class Meta:
        model = Profilazione
        fields = ["valore", "classe", "data", "metodo"]
        labels = {"valore": "Valore", "classe": "Classe", "data": "Data", "metodo": "Metodo"}
        help_texts = {"valore": "Da 0 a 1, come 0,7432.", "classe": "Se il sistema dà una classe."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "profilazione")
        super().__init__(*args, **kwargs)
        valore = self.fields["valore"]
        valore.localize = True
        valore.widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"})
        valore.widget.is_localized = True
        for regola in ("invalid", "max_digits", "max_decimal_places", "max_whole_digits"):
            valore.error_messages[regola] = "Scrivere un numero da 0 a 1, come 0,7432."
