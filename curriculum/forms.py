"""The form that takes a CV in."""

from __future__ import annotations

from django import forms

from curriculum.models import Curriculum
from curriculum.services.controllo import in_mega
from curriculum.services.curriculum import LIMITI
from orientamento.comune.forms import ModuloMixin

# The third origin is of a CV that the program itself has written.
PORTATI = [(o.value, o.label) for o in (Curriculum.Origine.PORTATO, Curriculum.Origine.REDATTO)]


class CaricaForm(ModuloMixin, forms.Form):
    """Where the CV comes from, and the PDF. What the file is worth is judged by the service."""

    origine = forms.ChoiceField(
        label="Da dove viene",
        choices=PORTATI,
        initial=Curriculum.Origine.PORTATO,
        widget=forms.RadioSelect,
    )
    file = forms.FileField(
        label="File PDF del curriculum",
        help_text=f"Un file PDF senza password, al massimo {in_mega(LIMITI.byte)} e {LIMITI.pagine} pagine.",
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf", "data-massimo": str(LIMITI.byte)}),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        # Inside the interview's page other forms have their own `id_…`: these must not meet them.
        super().__init__(*args, **{"auto_id": "id_cv_%s", **kwargs})
        self.fields["file"].error_messages["required"] = "Scegliere il file PDF del curriculum."
