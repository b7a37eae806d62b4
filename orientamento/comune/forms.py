"""Forms as this application draws them: Italian words, dates typed as text, fields tied to their errors."""

from __future__ import annotations

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Div
from django import forms
from django.db.models.fields import BLANK_CHOICE_DASH

DA_SCEGLIERE = "Scegliere"
NON_INDICATO = "Non indicato"
FORMATI_DATA = ["%d/%m/%Y", "%d%m%Y", "%Y-%m-%d", "%d-%m-%Y", "%d.%m.%Y"]


class DataInput(forms.DateInput):
    """A date typed as text, gg/mm/aaaa; the page adds the slashes while one types."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        predefiniti = {"placeholder": "gg/mm/aaaa", "inputmode": "numeric", "autocomplete": "off", "maxlength": "10"}
        super().__init__({**predefiniti, **(attrs or {})}, format="%d/%m/%Y")


class ModuloMixin:
    """Mix into a `Form` or `ModelForm`, first. Lays out with crispy inside a form tag written by the page.

    Every control gets the class of the look; every date is a `DataInput`; "required" says which field to fill in.
    """

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
        for campo in self.fields.values():
            _prepara(campo)


class CampiMixin(ModuloMixin):
    """For a `ModelForm` whose row a service writes and judges as a whole: the form judges each field alone.

    The instance stays as it was read. `dati` are the fields that are sound, also where another one is not.
    """

    cleaned_data: dict[str, Any]

    def dati(self) -> dict[str, Any]:
        campi: list[str] = self._meta.fields or []  # type: ignore[attr-defined]
        return {campo: self.cleaned_data[campo] for campo in campi if campo in self.cleaned_data}

    def _post_clean(self) -> None:
        """Where a `ModelForm` would write into its instance."""


def Riga(*colonne: str | object) -> Div:
    """A row of a crispy layout: `Riga("cognome:4", "nome:4", "sesso:4")`, columns of a grid of twelve."""
    return Div(*(_colonna(c) for c in colonne), css_class="row gx-3")


def _colonna(colonna: str | object) -> Div:
    if not isinstance(colonna, str):
        return Div(colonna, css_class="col-12")
    nome, _, larghezza = colonna.partition(":")
    return Div(nome, css_class=f"col-12 col-md-{larghezza or '12'}")


def _prepara(campo: forms.Field) -> None:
    if isinstance(campo, forms.DateField) and not campo.widget.is_hidden:
        campo.widget = DataInput(campo.widget.attrs)
        campo.input_formats = FORMATI_DATA
        campo.error_messages["invalid"] = "Scrivere una data che esiste, come 23/11/2026."
    if campo.required:
        campo.error_messages["required"] = f"Compilare «{campo.label}»." if campo.label else "Compilare questo campo."
    _nomina_vuoto(campo)
    classe = _classe(campo.widget)
    if classe and classe not in campo.widget.attrs.get("class", ""):
        campo.widget.attrs["class"] = f"{campo.widget.attrs.get('class', '')} {classe}".strip()
    if isinstance(campo.widget, forms.Textarea):
        campo.widget.attrs.setdefault("rows", 3)


def _nomina_vuoto(campo: forms.Field) -> None:
    """The empty choice of a select is a word, where the model's form would draw a dash."""
    parola = DA_SCEGLIERE if campo.required else NON_INDICATO
    if isinstance(campo, forms.ModelChoiceField):
        if campo.empty_label == BLANK_CHOICE_DASH[0][1]:
            campo.empty_label = parola
    elif isinstance(campo, forms.ChoiceField) and not callable(campo.choices):
        campo.choices = [(v, parola) if (v, n) == BLANK_CHOICE_DASH[0] else (v, n) for v, n in campo.choices]


def _classe(widget: forms.Widget) -> str:
    if isinstance(widget, (forms.CheckboxInput, forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "form-check-input"
    if isinstance(widget, forms.Select):
        return "form-select"
    return "" if widget.is_hidden else "form-control"
