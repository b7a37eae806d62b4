"""The form of a propensione: profession, provenance, interview date and the note composer (P1, P2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from orientamento.comune.forms import ModuloMixin
from propensioni.models import SEP, Professione, Propensione
from propensioni.nota import Nota
from propensioni.services.glossario import cerca_professioni
from propensioni.services.propensione import LIMITE_TESTO, LIMITI_TESTO, SENZA_PROVENIENZA

PROVENIENZE = [("lavoro", "Lavoro"), ("istruzione", "Istruzione"), ("formazione", "Formazione")]
TESTI = ("competenze", "orari", "spostamenti", "patentini", "strumenti", "apprese", "altro")
PROPOSTI = ("orari", "spostamenti", "patentini")
"""What the propensione before proposes to the next: it is the same person."""
SCELTE_MOSTRATE = 8


def _testo(etichetta: str, nome: str, *, esempio: str = "", righe: int = 2) -> forms.CharField:
    limite = LIMITI_TESTO.get(nome, LIMITE_TESTO)
    return forms.CharField(
        label=etichetta,
        required=False,
        max_length=limite,
        widget=forms.Textarea(attrs={"rows": righe, "placeholder": esempio}),
        error_messages={"max_length": f"Al massimo {limite} caratteri: sono %(show_value)s. Accorciare il testo."},
    )


class NotaForm(ModuloMixin, forms.Form):
    """The note composer alone: the preview uses it without the rest."""

    sep = forms.ModelChoiceField(
        label="SEP, settore economico-professionale",
        queryset=SEP.objects.all(),
        required=False,
        empty_label="Scegliere il settore",
        error_messages={"invalid_choice": "Scegliere un settore dell'elenco."},
    )
    competenze = _testo("Competenze specifiche", "competenze", esempio="Che cosa sa fare nel profilo", righe=2)
    durata_anni = forms.IntegerField(
        label="Esperienza: anni",
        required=False,
        min_value=0,
        max_value=70,
        error_messages={
            "invalid": "Scrivere un numero di anni.",
            "min_value": "Gli anni vanno da 0 a 70.",
            "max_value": "Gli anni vanno da 0 a 70.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    durata_mesi = forms.IntegerField(
        label="Esperienza: mesi",
        required=False,
        min_value=0,
        max_value=11,
        error_messages={
            "invalid": "Scrivere un numero di mesi.",
            "min_value": "I mesi vanno da 0 a 11.",
            "max_value": "I mesi vanno da 0 a 11.",
        },
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    ultimo_anno = forms.IntegerField(
        label="Ultimo anno di lavoro",
        required=False,
        error_messages={"invalid": "Scrivere l'anno con quattro cifre, come 2023."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "maxlength": "4"}),
    )
    orari = _testo("Disponibilità di orario", "orari", esempio="Per esempio: tempo pieno, turni")
    spostamenti = _testo("Disponibilità agli spostamenti", "spostamenti", esempio="Per esempio: provincia, automunito")
    patentini = _testo("Patentini e abilitazioni", "patentini", esempio="Per esempio: carrelli elevatori, HACCP")
    strumenti = _testo("Uso di strumenti", "strumenti", esempio="Per esempio: palmare, torni CNC")
    apprese = _testo("Apprese a scuola o in corsi: quali", "apprese", esempio="Per esempio: qualifica di cuoco, 2015")
    altro = _testo("Altro per l'incontro", "altro", esempio="Altre informazioni utili alle imprese")

    def nota(self) -> Nota:
        """The note of what is valid so far."""
        letti = self.cleaned_data
        anni, mesi = letti.get("durata_anni"), letti.get("durata_mesi")
        sep = letti.get("sep")
        return Nota(
            sep=sep.nome if sep else "",
            durata_mesi=None if anni is None and mesi is None else (anni or 0) * 12 + (mesi or 0),
            ultimo_anno=letti.get("ultimo_anno"),
            **{nome: letti.get(nome) or "" for nome in TESTI},
        ).pulita()


class PropensioneForm(NotaForm):
    """`professione` is the choice made, good only while the text beside it is the one it was made for.

    Where the text alone is left (no JavaScript, or nothing chosen) one exact name is taken; else `scelte` holds the
    professions to choose from and the page asks again.
    """

    professione_testo = forms.CharField(
        label="Professione",
        max_length=250,
        help_text="Scrivere il nome come si dice a voce, per esempio «commessa», e scegliere dall'elenco.",
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "data-porta-a-fuoco": ""}),
    )
    professione = forms.IntegerField(required=False, widget=forms.HiddenInput)
    testo_scelto = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)
    provenienze = forms.MultipleChoiceField(
        label="Provenienza",
        choices=PROVENIENZE,
        widget=forms.CheckboxSelectMultiple,
    )
    data_intervista = forms.DateField(label="Data dell'intervista")
    versione = forms.IntegerField(required=False, widget=forms.HiddenInput)

    field_order = ["professione_testo", "provenienze", "data_intervista"]
    scelte: list[Professione] = []

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["professione_testo"].error_messages["required"] = (
            "Scrivere il nome della professione e sceglierla dall'elenco."
        )
        self.fields["provenienze"].error_messages["required"] = SENZA_PROVENIENZA

    def clean(self) -> dict[str, Any]:
        letti = super().clean() or self.cleaned_data
        testo = (letti.get("professione_testo") or "").strip()
        scelta = self._scelta(testo)
        if scelta is None and testo:
            scelta = self._per_nome(testo)
        letti["professione"] = scelta
        if scelta and not letti.get("sep"):
            letti["sep"] = scelta.sep
        return letti

    def dati(self) -> dict[str, Any]:
        """What the service wants."""
        letti = self.cleaned_data
        return {
            "professione": letti["professione"],
            **{f"da_{nome}": nome in letti["provenienze"] for nome, _ in PROVENIENZE},
            "data_intervista": letti["data_intervista"],
            "nota": self.nota().come_dati(),
        }

    def _scelta(self, testo: str) -> Professione | None:
        pk = self.cleaned_data.get("professione")
        scelta = Professione.objects.select_related("sep").filter(pk=pk).first() if pk else None
        if scelta and testo in (scelta.titolo, (self.cleaned_data.get("testo_scelto") or "").strip()):
            return scelta
        return None

    def _per_nome(self, testo: str) -> Professione | None:
        trovate = cerca_professioni(testo, limite=SCELTE_MOSTRATE)
        esatte = [professione for professione in trovate if professione.esatta]
        quotidiane = [professione for professione in esatte if professione.quotidiana]
        if len(quotidiane) == 1 or len(esatte) == 1:
            return (quotidiane or esatte)[0]
        self.scelte = trovate
        self.add_error(
            "professione_testo",
            "Scegliere una delle professioni trovate."
            if trovate
            else f"Nessuna professione si chiama «{testo}». Provare con un altro nome, anche più corto.",
        )
        return None


def valori_iniziali(propensione: Propensione) -> dict[str, Any]:
    """The form as the row stands."""
    nota = Nota.da_dati(propensione.nota)
    return {
        **_valori_nota(nota),
        "professione": propensione.professione_id,
        "professione_testo": propensione.professione.titolo,
        "testo_scelto": propensione.professione.titolo,
        "provenienze": propensione.provenienze,
        "data_intervista": propensione.data_intervista,
        "versione": propensione.versione,
    }


def valori_proposti(nota_precedente: Mapping[str, Any]) -> dict[str, Any]:
    """What the last propensione of the same person already says."""
    return {nome: nota_precedente[nome] for nome in PROPOSTI if nota_precedente.get(nome)}


def _valori_nota(nota: Nota) -> dict[str, Any]:
    anni, mesi = nota.durata_anni_e_mesi
    return {
        **nota.come_dati(),
        "sep": SEP.objects.filter(nome=nota.sep).first() if nota.sep else None,
        "durata_anni": anni,
        "durata_mesi": mesi or None if anni else mesi,
    }
