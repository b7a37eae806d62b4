"""The forms of the presa in carico and of the consents (U2)."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.anagrafica.forms.did import etichetta, programma_ordinario, programmi_da_scegliere
from orientamento.anagrafica.models import EsitoConsenso, Finalita, Programma
from orientamento.anagrafica.services.presa_in_carico import TESTO_DEL_CONSENSO, DatiDID
from orientamento.comune.calendario import oggi
from orientamento.comune.forms import ModuloMixin
from orientamento.comune.viste import chiave_intera

RISPOSTE = [(EsitoConsenso.DATO.value, "Dà il consenso"), (EsitoConsenso.RIFIUTATO.value, "Non dà il consenso")]


class ConsensoField(forms.ChoiceField):
    """Two answers, neither chosen beforehand (U2)."""

    def __init__(self, finalita: Finalita) -> None:
        super().__init__(
            label=finalita.label,
            choices=RISPOSTE,
            widget=forms.RadioSelect({"class": "form-check-input"}),
            error_messages={"required": "Chiedere alla persona e segnare la risposta."},
        )


class PresaInCaricoForm(ModuloMixin, forms.Form):
    """Notice, consents and DID; `con_did` is false for those who have one already."""

    informativa_letta = forms.BooleanField(label="L'informativa è stata consegnata e letta")
    senza_did = forms.BooleanField(label="Senza DID per ora", required=False)
    did_data = forms.DateField(label="Data della DID", required=False)
    did_programma = forms.ModelChoiceField(
        label="Programma o sostegno", queryset=Programma.objects.none(), required=False, empty_label=None
    )

    def __init__(self, *args: Any, con_did: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        manca = "Consegnare l'informativa e segnare che è stata letta."
        self.fields["informativa_letta"].error_messages["required"] = manca
        for finalita in Finalita:
            self.fields[f"consenso_{finalita.value}"] = ConsensoField(finalita)
        self.order_fields(["informativa_letta", *(f"consenso_{f.value}" for f in Finalita)])
        if con_did:
            self.fields["did_programma"].queryset = programmi_da_scegliere()  # type: ignore[attr-defined]
            self.fields["did_programma"].label_from_instance = etichetta  # type: ignore[attr-defined]
            self.initial.update(did_data=oggi(), did_programma=programma_ordinario())
        else:
            for nome in ("senza_did", "did_data", "did_programma"):
                del self.fields[nome]

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or self.cleaned_data
        if "did_data" in self.fields and not dati.get("senza_did"):
            for nome in ("did_data", "did_programma"):
                if not dati.get(nome) and nome not in self.errors:
                    self.add_error(nome, f"Compilare «{self.fields[nome].label}», oppure spuntare «Senza DID per ora».")
        return dati

    def consensi(self) -> dict[str, str]:
        return {f.value: self.cleaned_data[f"consenso_{f.value}"] for f in Finalita}

    def did(self) -> DatiDID | None:
        dati = self.cleaned_data
        if "did_data" not in self.fields or dati.get("senza_did"):
            return None
        return {"data": dati["did_data"], "programma": dati["did_programma"]}


class RispostaForm(ModuloMixin, forms.Form):
    """A new answer to one consent, after a refusal or a revocation."""

    esito = forms.ChoiceField(
        label="Risposta",
        choices=RISPOSTE,
        widget=forms.RadioSelect,
        error_messages={"required": "Chiedere alla persona e segnare la risposta."},
    )
    testo = forms.IntegerField(widget=forms.HiddenInput)


def testi_mostrati(dati: Any) -> dict[str, int]:
    """Which version of each text stood in the page, as the hidden fields say: kind → id, 0 where they do not say."""
    generi = ["informativa_privacy", *(str(g) for g in TESTO_DEL_CONSENSO.values())]
    return {g: chiave_intera(dati.get(f"testo_{g}")) or 0 for g in generi}
