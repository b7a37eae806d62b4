"""The forms of a measure's verbs: start, conclude, interrupt, a meeting already held (M3, M4, C2)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.comune.errori import RegolaViolata
from orientamento.comune.forms import ModuloMixin
from orientamento.comune.viste import aggiungi_errore
from psp.forms.agenda import OraField
from psp.models import EsitoMisura, Seduta
from psp.models.agenda import MINUTI_DI_UNA_SEDUTA
from psp.services.agenda.giorni import istante


class AvvioForm(ModuloMixin, forms.Form):
    iniziata_il = forms.DateField(label="Avviata il")


class ConclusioneForm(ModuloMixin, forms.Form):
    """`scostamenti`: in words, how the hours leave the limits; only then is the reason asked for."""

    versione = forms.IntegerField(widget=forms.HiddenInput)
    finita_il = forms.DateField(label="Conclusa il")
    esiti = forms.MultipleChoiceField(
        label="Esiti",
        choices=EsitoMisura,
        widget=forms.CheckboxSelectMultiple,
        help_text="Uno o più.",
    )
    esito_note = forms.CharField(
        label="Che cosa ne è venuto",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="In poche parole. Niente notizie sulla salute.",
    )
    motivo_scostamento = forms.CharField(
        label="Perché le ore sono fuori dalla carta dei servizi",
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args: Any, scostamenti: list[str] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["esiti"].error_messages["required"] = "Spuntare almeno un esito."
        if scostamenti:
            self.fields["motivo_scostamento"].help_text = ". ".join(scostamenti) + "."
        else:
            del self.fields["motivo_scostamento"]


class InterruzioneForm(ModuloMixin, forms.Form):
    finita_il = forms.DateField(label="Interrotta il")
    motivo = forms.CharField(
        label="Perché",
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text="Niente notizie sulla salute.",
    )


class IncontroForm(ModuloMixin, forms.Form):
    """A single meeting already held: day, hour, real minutes."""

    giorno = forms.DateField(label="Giorno")
    dalle = OraField(label="Dalle")
    minuti = forms.IntegerField(
        label="Minuti effettivi",
        min_value=1,
        max_value=MINUTI_DI_UNA_SEDUTA,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "3"}),
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"), f"I minuti di un incontro vanno da 1 a {MINUTI_DI_UNA_SEDUTA}."
        ),
    )
    modo = forms.ChoiceField(label="Come", choices=Seduta.Modo)

    def clean(self) -> dict[str, Any]:
        dati = self.cleaned_data
        if dati.get("giorno") and dati.get("dalle") is not None:
            try:
                dati["inizio"] = istante(dati["giorno"], dati["dalle"])
            except RegolaViolata as errore:
                aggiungi_errore(self, errore)
        return dati
