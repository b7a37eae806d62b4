"""The form of the page: what to print of the file, and the texts."""

from __future__ import annotations

from typing import Any

from django import forms

from curriculum.composizione.fonti import Fonti
from curriculum.composizione.scelte import ELENCHI, Scelte
from orientamento.anagrafica.models import Esperienza
from orientamento.anagrafica.sezioni import SEZIONI
from orientamento.comune.forms import ModuloMixin
from orientamento.comune.testo import pulito

PROFILO_MASSIMO = 1500
TESTO_MASSIMO = 4000
ETICHETTE = {
    "propensioni": "Professioni cercate",
    "titoli": "Titoli di studio",
    "lingue": "Lingue",
    "competenze": "Competenze",
    "informazioni": "Altre informazioni",
}


class Spunte(forms.MultipleChoiceField):
    """Ticks on the entries of the file. One taken away from it while people wrote is no longer chosen, and no error."""

    widget = forms.CheckboxSelectMultiple

    def to_python(self, value: Any) -> list[str]:
        return [scelta for scelta in super().to_python(value) if self.valid_value(scelta)]


class ComponiForm(ModuloMixin, forms.Form):
    """A tick and a text for each experience, a list of ticks for each other section that the file has something for."""

    def __init__(self, *args: Any, fonti: Fonti, proposte: Scelte, **kwargs: Any) -> None:
        self.fonti = fonti
        self.base_fields = _campi(fonti, proposte)  # type: ignore[misc]
        super().__init__(*args, **kwargs)

    def scelte(self) -> Scelte:
        """What was chosen and written, once valid."""
        dati = self.cleaned_data
        testi = {str(e.pk): pulito(dati[f"testo_{e.pk}"]) for e in self.fonti.esperienze}
        return Scelte(
            profilo=pulito(dati["profilo"]),
            recapiti=dati["recapiti"],
            elenchi={nome: dati.get(nome, []) for nome in ELENCHI},
            esperienze={pk: testo for pk, testo in testi.items() if dati[f"esperienza_{pk}"]},
            testi=testi,
            autorizzazione=dati["autorizzazione"],
        )

    def blocchi(self) -> list[dict[str, Any]]:
        """The experiences as the page draws them: the tick and the text of each."""
        return [
            {"spunta": self[f"esperienza_{e.pk}"], "testo": self[f"testo_{e.pk}"], "dettagli": _dettagli(e)}
            for e in self.fonti.esperienze
        ]

    def elenchi(self) -> list[forms.BoundField]:
        """The lists that have something to choose from."""
        return [self[nome] for nome in ELENCHI if nome in self.fields]


def _campi(fonti: Fonti, proposte: Scelte) -> dict[str, forms.Field]:
    campi: dict[str, forms.Field] = {
        "profilo": forms.CharField(
            label="Testo della presentazione",
            required=False,
            initial=proposte.profilo,
            max_length=PROFILO_MASSIMO,
            widget=forms.Textarea(attrs={"rows": 4}),
            help_text="Due o tre frasi con le parole della persona: che cosa sa fare e che cosa cerca. Si può lasciare "
            "vuota.",
        ),
        "recapiti": _spunte("Recapiti da stampare", _in_parole(fonti.recapiti), proposte.recapiti),
    }
    for e in fonti.esperienze:
        pk = str(e.pk)
        campi[f"esperienza_{pk}"] = forms.BooleanField(label=str(e), required=False, initial=pk in proposte.esperienze)
        campi[f"testo_{pk}"] = forms.CharField(
            label="Attività svolte, come si leggono nel curriculum",
            required=False,
            initial=proposte.testi[pk],
            max_length=TESTO_MASSIMO,
            widget=forms.Textarea(attrs={"rows": 3}),
        )
    for nome, voci in _voci(fonti).items():
        if voci:
            campi[nome] = _spunte(ETICHETTE[nome], voci, proposte.elenchi[nome])
    campi["autorizzazione"] = forms.BooleanField(
        label="Stampa l'autorizzazione al trattamento dei dati personali",
        required=False,
        initial=proposte.autorizzazione,
        help_text="La riga in fondo, con il riferimento al Regolamento (UE) 2016/679.",
    )
    return campi


def _spunte(etichetta: str, voci: list[tuple[str, str]], scelte: list[str]) -> Spunte:
    return Spunte(label=etichetta, choices=voci, initial=scelte, required=False)


def _in_parole(coppie: dict[str, tuple[str, str]]) -> list[tuple[str, str]]:
    return [(chiave, f"{nome}: {valore}") for chiave, (nome, valore) in coppie.items()]


def _voci(fonti: Fonti) -> dict[str, list[tuple[str, str]]]:
    return {
        "propensioni": [(str(p["id"]), p["professione"]) for p in fonti.propensioni],
        "titoli": [(str(t.pk), _riga("titoli", t)) for t in fonti.titoli],
        "lingue": [(str(lingua.pk), _riga("lingue", lingua)) for lingua in fonti.lingue],
        "competenze": [(str(c.pk), str(c)) for c in fonti.competenze],
        "informazioni": _in_parole(fonti.informazioni),
    }


def _riga(sezione: str, voce: Any) -> str:
    letta = SEZIONI[sezione].leggi(voce)
    return " · ".join(pezzo for pezzo in (letta.titolo, *letta.dettagli, letta.segno) if pezzo)


def _dettagli(esperienza: Esperienza) -> str:
    return " · ".join(SEZIONI["esperienze"].leggi(esperienza).dettagli)
