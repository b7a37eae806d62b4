"""Forms of the pact: the commitments, the reasons of its verbs, the signature."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.anagrafica.models import Operatore, Ruolo
from orientamento.comune.forms import CampiMixin, ModuloMixin
from psp.models import Disponibilita, Frequenza, PattoDiServizio
from psp.services.patto import CAMPI_IMPEGNI


class ImpegniForm(CampiMixin, forms.ModelForm):
    """What art. 20 asks the parties to declare. Saved while one writes, so nothing here is compulsory yet (T1)."""

    versione = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = PattoDiServizio
        fields = list(CAMPI_IMPEGNI)
        labels = {
            "responsabile_attivita": "Responsabile delle attività",
            "frequenza_contatti": "Frequenza ordinaria dei contatti",
            "modo_contatti": "Come avvengono i contatti",
            "prova_ricerca": "Come la persona dimostra la ricerca attiva",
            "disponibilita_laboratori": "Partecipare a iniziative e laboratori per la ricerca di lavoro",
            "disponibilita_formazione": "Partecipare a formazione o riqualificazione",
            "disponibilita_offerte": "Accettare offerte di lavoro congrue",
            "valido_dal": "Il patto vale dal",
            "valido_al": "Il patto vale fino al",
        }
        widgets = {
            "prova_ricerca": forms.Textarea(attrs={"rows": 3}),
            "disponibilita_laboratori": forms.RadioSelect,
            "disponibilita_formazione": forms.RadioSelect,
            "disponibilita_offerte": forms.RadioSelect,
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campi: dict[str, Any] = self.fields
        campi["responsabile_attivita"].queryset = Operatore.objects.filter(
            cpi_id=self.instance.utente.cpi_id, is_active=True, ruolo__in=[Ruolo.OPERATORE, Ruolo.RESPONSABILE]
        )
        campi["responsabile_attivita"].empty_label = "Scegliere"
        campi["frequenza_contatti"].choices = [("", "Scegliere"), *Frequenza.choices]
        for nome in ("disponibilita_laboratori", "disponibilita_formazione", "disponibilita_offerte"):
            campi[nome].choices = Disponibilita.choices
        if not self.is_bound:
            self.initial["versione"] = self.instance.versione


class MotivoForm(ModuloMixin, forms.Form):
    """Why a pact goes back to draft, or closes."""

    motivo = forms.CharField(label="Motivo", max_length=300, widget=forms.Textarea(attrs={"rows": 2}))

    def __init__(self, *args: Any, etichetta: str = "Motivo", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["motivo"].label = etichetta


class FirmaForm(ModuloMixin, forms.Form):
    """The day of the signature on paper and the scan of the signed copy (T3)."""

    firmato_il = forms.DateField(label="Data della firma")
    scansione = forms.FileField(
        label="Copia firmata",
        help_text="Il PDF della scansione di tutte le pagine firmate, al massimo 20 MB.",
        widget=forms.ClearableFileInput(attrs={"accept": "application/pdf,.pdf"}),
        error_messages={"empty": "Il file è vuoto: rifare la scansione."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["scansione"].error_messages["required"] = "Scegliere il PDF della copia firmata."
