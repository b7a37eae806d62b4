"""Forms of the acts of active search (M1)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.forms import CampiMixin
from psp.models import AttoRicerca, Frequenza
from psp.services.catalogo import AttoTipico, atti_tipici

FREQUENZE = [("", "Una volta sola"), *Frequenza.choices]


class AttoForm(CampiMixin, forms.ModelForm):
    """One act: what, who, by when or how often, how it is proved. Timing and proof may be written later."""

    versione = forms.CharField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = AttoRicerca
        fields = ["tipo", "descrizione", "soggetto", "entro_il", "frequenza", "prova"]
        labels = {
            "tipo": "Di chi è l'atto",
            "descrizione": "Che cosa",
            "soggetto": "Con chi (se serve)",
            "entro_il": "Entro il",
            "frequenza": "Ogni quanto",
            "prova": "Come si dimostra",
        }
        widgets = {"tipo": forms.Select(), "frequenza": forms.Select(choices=FREQUENZE)}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["tipo"].choices = AttoRicerca.Tipo.choices  # type: ignore[attr-defined]
        self.fields["frequenza"].choices = FREQUENZE  # type: ignore[attr-defined]


class AttiTipiciForm(forms.Form):
    """The ticked typical acts; the page draws the boxes, grouped by kind."""

    tipici = forms.MultipleChoiceField(
        choices=lambda: [(t.chiave, t.descrizione) for t in atti_tipici()],
        error_messages={
            "required": "Spuntare almeno un atto.",
            "invalid_choice": "Uno degli atti scelti non è più nell'elenco: ricaricare la pagina.",
        },
    )


def tipici_per_genere(presenti: set[tuple[str, str]]) -> list[dict[str, Any]]:
    """The typical acts by kind, numbered along the page; those already in the plan are marked."""
    gruppi: dict[str, list[dict[str, Any]]] = {tipo: [] for tipo in AttoRicerca.Tipo.values}
    for numero, tipico in enumerate(atti_tipici(), start=1):
        gruppi[tipico.tipo].append(
            {
                "numero": numero,
                "tipico": tipico,
                "quando": _quando(tipico),
                "presente": (tipico.tipo, tipico.descrizione) in presenti,
            }
        )
    return [{"nome": AttoRicerca.Tipo(tipo).label, "voci": voci} for tipo, voci in gruppi.items()]


def _quando(tipico: AttoTipico) -> str:
    if tipico.frequenza:
        return Frequenza(tipico.frequenza).label.lower()
    return f"entro {tipico.giorni} giorni" if tipico.giorni else ""
