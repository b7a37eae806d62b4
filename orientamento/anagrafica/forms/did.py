"""The forms of the DID (U3)."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.db.models import F, QuerySet

from orientamento.anagrafica.models import DID, Programma, StatoDID
from orientamento.comune.calendario import oggi
from orientamento.comune.forms import ModuloMixin, Riga


class DIDForm(ModuloMixin, forms.Form):
    """A declaration: today and no benefit, unless one says otherwise."""

    data = forms.DateField(label="Data della DID")  # type: ignore[assignment]
    programma = forms.ModelChoiceField(
        label="Programma o sostegno", queryset=Programma.objects.none(), empty_label=None
    )

    def __init__(self, *args: Any, did: DID | None = None, **kwargs: Any) -> None:
        iniziali = {"data": did.data, "programma": did.programma_id} if did else {"data": oggi()}
        super().__init__(*args, **{"initial": iniziali, **kwargs})
        self.fields["programma"].queryset = programmi_da_scegliere()  # type: ignore[attr-defined]
        self.fields["programma"].label_from_instance = etichetta  # type: ignore[attr-defined]
        self.helper.form_show_errors = False
        self.helper.layout = Layout(Riga("data:4", "programma:8"))
        if not did:
            self.initial.setdefault("programma", programma_ordinario())


class StatoDIDForm(forms.Form):
    """The passage asked for by one of the buttons."""

    stato = forms.ChoiceField(choices=StatoDID)


def etichetta(programma: Programma) -> str:
    chiuso = f", fino al {programma.valido_al:%d/%m/%Y}" if programma.valido_al else ""
    return f"{programma.nome} – patto entro {programma.giorni_per_patto} giorni{chiuso}"


def programma_ordinario() -> int | None:
    """The row for those without a benefit, to be proposed."""
    return Programma.objects.in_vigore(oggi()).filter(chiave="nessuno").values_list("pk", flat=True).first()


def programmi_da_scegliere() -> QuerySet[Programma]:
    """Those in force first, then the closed ones, for a declaration of years ago; the service judges the day."""
    return Programma.objects.order_by(F("valido_al").desc(nulls_first=True), "nome")
