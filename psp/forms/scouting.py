"""The form of an offer found or a firm approached (M2)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.calendario import oggi
from orientamento.comune.forms import CampiMixin
from psp.models import VoceScouting


class VoceScoutingForm(CampiMixin, forms.ModelForm):
    versione = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = VoceScouting
        fields = ["genere", "impresa", "data", "esito", "descrizione", "incentivi"]
        help_texts = {"incentivi": "Quali incentivi all'assunzione sono stati illustrati: nulla della persona."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("data", oggi())
        if self.instance.pk:
            self.initial["versione"] = self.instance.versione
