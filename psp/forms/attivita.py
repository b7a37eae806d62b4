"""Forms of the acts' proofs and of the contacts with firms (M1)."""

from __future__ import annotations

from typing import Any

from django import forms

from curriculum.services.controllo import in_mega
from orientamento.comune.forms import ModuloMixin
from psp.models import ContattoImpresa, ProvaAtto
from psp.services.attivita import LIMITI


class ProvaForm(ModuloMixin, forms.Form):
    """When an act was done and how it was shown."""

    fatto_il = forms.DateField(label="Fatto il")
    descrizione = forms.CharField(
        label="Che cosa ha mostrato", max_length=300, help_text="Per esempio: elenco di cinque candidature inviate."
    )
    modo = forms.ChoiceField(
        label="Come", choices=ProvaAtto.Modo, initial=ProvaAtto.Modo.DICHIARATA, widget=forms.RadioSelect
    )
    file = forms.FileField(
        label="Documento (PDF)",
        required=False,
        allow_empty_file=True,
        help_text=f"Solo per un documento consegnato: un PDF, al massimo {in_mega(LIMITI.byte)}.",
        widget=forms.FileInput(attrs={"accept": ".pdf,application/pdf"}),
    )

    def dati(self) -> dict[str, Any]:
        return {nome: self.cleaned_data[nome] for nome in ("modo", "fatto_il", "descrizione")}


class VerificaForm(ModuloMixin, forms.Form):
    """Accepted or not, with the reason where not."""

    esito = forms.ChoiceField(choices=ProvaAtto.Esito)
    motivo = forms.CharField(label="Perché non è accolta", max_length=300, required=False)


class ContattoForm(ModuloMixin, forms.Form):
    """One contact of the person with a firm."""

    impresa = forms.CharField(label="Impresa", max_length=200)
    data = forms.DateField(label="Contattata il")  # type: ignore[assignment]
    modo = forms.ChoiceField(label="Come", choices=ContattoImpresa.Modo)
    risposta = forms.ChoiceField(label="Risposta", choices=ContattoImpresa.Risposta)
    risposta_il = forms.DateField(label="Risposta del", required=False)

    def __init__(self, *args: Any, imprese: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "contatto", **kwargs})
        self.imprese = imprese or []
        if self.imprese:
            self.fields["impresa"].widget.attrs["list"] = "imprese-obiettivo"


class RispostaForm(ModuloMixin, forms.Form):
    """What the firm answered."""

    risposta = forms.ChoiceField(label="Risposta", choices=ContattoImpresa.Risposta)
    risposta_il = forms.DateField(label="Risposta del", required=False)
    versione = forms.IntegerField(widget=forms.HiddenInput)
