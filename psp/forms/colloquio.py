"""The forms of the interview's phases: they judge each field alone; completeness is asked elsewhere (C3-C5)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.forms import ModuloMixin
from psp.models import Appuntamento, Area, EsitoPromozione, Giudizio, ImpresaObiettivo
from psp.services.colloquio import campo_area
from psp.services.conflitto import ETICHETTE, NOTE_MASSIME


class TestoField(forms.CharField):
    """Free text. Line ends are made one kind before counting, as the browser counts them."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, required=False, widget=forms.Textarea, **kwargs)
        self.error_messages["max_length"] = (
            "Il testo ha %(show_value)d caratteri e il massimo è %(limit_value)d: accorciarlo."
        )

    def to_python(self, value: Any) -> str:
        testo = super().to_python(value)
        return testo.replace("\r\n", "\n").replace("\r", "\n") if testo else ""


class GiudizioField(forms.TypedChoiceField):
    """A judgement from 1 to 5, or none yet."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(choices=Giudizio.choices, coerce=int, empty_value=None, required=False, **kwargs)
        self.error_messages["invalid_choice"] = "Scegliere un giudizio da 1 a 5."


class FaseForm(forms.Form):
    """What the two phases have in common. The pages draw the fields by hand: there are many."""

    def dati(self) -> dict[str, Any]:
        """The valid fields to save. A page with scripts says which ones the operator touched: only those count."""
        validi = {campo: valore for campo, valore in self.cleaned_data.items() if campo in self.fields}
        if "toccati" not in self.data:
            return validi
        toccati = set(self.data["toccati"].split(","))
        return {campo: valore for campo, valore in validi.items() if campo in toccati}


class FaseUnoForm(FaseForm):
    """Phase 1 (C3)."""

    informato_svolgimento = forms.BooleanField(required=False)
    informato_diritti_doveri = forms.BooleanField(required=False)
    aspettative = GiudizioField(label=ETICHETTE["aspettative"])
    aspettative_note = TestoField(label=ETICHETTE["aspettative_note"], max_length=NOTE_MASSIME)
    motivazione = GiudizioField(label=ETICHETTE["motivazione"])
    motivazione_note = TestoField(label=ETICHETTE["motivazione_note"], max_length=NOTE_MASSIME)


class FaseDueForm(FaseForm):
    """Phase 2: the ten areas (C4) and how the promotion of CV and portal ended (C5)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for area in Area.values:
            giudizio, note = campo_area(area, "giudizio"), campo_area(area, "note")
            self.fields[giudizio] = GiudizioField(label=ETICHETTE[giudizio])
            self.fields[note] = TestoField(label=ETICHETTE[note], max_length=NOTE_MASSIME)
        for campo in ("curriculum", "portale"):
            self.fields[campo] = forms.ChoiceField(
                label=ETICHETTE[campo], choices=[("", ""), *EsitoPromozione.choices], required=False
            )
            motivo = f"{campo}_motivo"
            self.fields[motivo] = TestoField(label=ETICHETTE[motivo], max_length=300)


class ImpresaForm(ModuloMixin, forms.ModelForm):
    """A target firm (C4). Its prefix keeps its fields apart from those of the panels on the same page."""

    prefix = "impresa"

    class Meta:
        model = ImpresaObiettivo
        fields = ["nome", "luogo", "motivo"]
        error_messages = {"nome": {"required": "Scrivere il nome dell'impresa."}}


class MinutiForm(ModuloMixin, forms.ModelForm):
    """The declared minutes of one sitting; empty is "as measured" (C2)."""

    class Meta:
        model = Appuntamento
        fields = ["modo", "minuti_1", "minuti_2", "minuti_3"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome in ("minuti_1", "minuti_2", "minuti_3"):
            campo = self.fields[nome]
            campo.error_messages["invalid"] = "Scrivere un numero intero di minuti, come 30."
            campo.error_messages["max_value"] = "Al massimo 480 minuti."
            campo.widget.attrs |= {"class": "form-control campo-minuti", "inputmode": "numeric"}
        if self.instance.pk:  # the controls stand in the cells of a table, the form in its last cell
            for campo in self.fields.values():
                campo.widget.attrs["form"] = f"incontro-{self.instance.pk}"


class NuovoIncontroForm(MinutiForm):
    """A sitting held without this page, such as a group session (C1)."""

    class Meta(MinutiForm.Meta):
        fields = ["data", *MinutiForm.Meta.fields]


class ConclusioneForm(ModuloMixin, forms.Form):
    """The closing of the interview; over 90 minutes the service asks for the reason (C2)."""

    motivo_scostamento = forms.CharField(
        label="Motivo dello scostamento dai 90 minuti",
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
