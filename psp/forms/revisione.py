"""Form of the review: one comment for each section of the pact (T4)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.forms import ModuloMixin
from psp.models import Sezione


class RevisioneForm(ModuloMixin, forms.Form):
    """A box for each section; empty ones are no comment."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("prefix", "commento")
        super().__init__(*args, **kwargs)
        for sezione in Sezione:
            self.fields[sezione.value] = forms.CharField(
                label=f"Commento su «{sezione.label}»",
                max_length=2000,
                required=False,
                widget=forms.Textarea(attrs={"rows": 3, "class": "form-control"}),
            )

    def commenti(self) -> dict[str, str]:
        return {sezione: testo for sezione, testo in self.cleaned_data.items() if testo}
