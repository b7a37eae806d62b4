"""Forms of the measures (M2, M3)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from orientamento.comune.forms import CampiMixin
from psp.models import PROMESSE, Misura, Servizio


class MisuraForm(CampiMixin, forms.ModelForm):
    """Dates, hours and state of one measure, edited in its row."""

    versione = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = Misura
        fields = ["stato", "inizio_previsto", "fine_prevista", "ore_previste", "note"]
        labels = {
            "stato": "Stato",
            "inizio_previsto": "Inizio",
            "fine_prevista": "Fine",
            "ore_previste": "Ore",
            "note": "Note",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A draft writes the promise; what follows has its own verbs, after the signature (M3).
        self.fields["stato"].choices = [(s.value, s.label) for s in PROMESSE]  # type: ignore[attr-defined]
        self.fields["stato"].required = False  # a row always has one: no mark, no refusal
        if self.instance.ore_previste is not None:
            self.initial["ore_previste"] = f"{self.instance.ore_previste:f}".removesuffix(".0").replace(".", ",")
        ore = self.fields["ore_previste"]
        ore.localize = True
        ore.widget = forms.TextInput(attrs={"class": "form-control", "inputmode": "decimal", "autocomplete": "off"})
        ore.widget.is_localized = True
        ore.error_messages["invalid"] = "Scrivere le ore in cifre, come 8 o 1,5."
        ore.error_messages["min_value"] = "Le ore sono almeno mezza (0,5)."

    def clean_stato(self) -> str:
        return self.cleaned_data["stato"] or self.instance.stato


class MisureForm(forms.Form):
    """The ticked services of the charter; beside those without usual hours there is a box for them."""

    servizi = forms.MultipleChoiceField(
        error_messages={
            "required": "Spuntare almeno un servizio.",
            "invalid_choice": "Uno dei servizi scelti non è più nella carta: ricaricare la pagina.",
        },
    )

    def __init__(self, *args: Any, servizi: list[Servizio], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["servizi"].choices = [(s.chiave, s.nome) for s in servizi]  # type: ignore[attr-defined]
        for servizio in servizi:
            if servizio.ore_previste is None:
                self.fields[f"ore-{servizio.chiave}"] = _campo_ore(servizio.nome)

    def scelti(self) -> dict[str, Decimal | None]:
        """Service key → hours typed beside it, if any."""
        return {chiave: self.cleaned_data.get(f"ore-{chiave}") for chiave in self.cleaned_data["servizi"]}


def _campo_ore(nome: str) -> forms.DecimalField:
    messaggio = f"Scrivere le ore di «{nome}» in cifre, come 8 o 1,5."
    return forms.DecimalField(
        required=False,
        localize=True,
        min_value=Decimal("0.5"),
        max_digits=6,
        decimal_places=1,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_digits", "max_decimal_places", "max_whole_digits"), messaggio
        ),
    )
