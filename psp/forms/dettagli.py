"""What is written of a measure, one form per kind of service (M2).

Every field may stay empty: what is due is asked before the measure starts or is concluded, not while one writes.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from orientamento.comune.forms import ModuloMixin, Riga
from orientamento.comune.testo import riga
from psp.models import GenereServizio, Misura
from psp.services.dettagli import (
    FaseCertificazione,
    IncentivoIllustrato,
    ModuloWebLearning,
    StrumentoAccompagnamento,
    TipoFormazione,
    valida_codice_impresa,
)

RIGHE_MASSIME = 40
LUNGHEZZA_RIGA = 200


class ElencoField(forms.CharField):
    """A list, one entry per line; the same entry twice is one."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value: Any) -> list[str]:
        righe = list(dict.fromkeys(r for r in (riga(r) for r in str(value or "").splitlines()) if r))
        if len(righe) > RIGHE_MASSIME:
            raise ValidationError(f"Le righe sono {len(righe)}: al massimo {RIGHE_MASSIME}.")
        for voce in righe:
            if len(voce) > LUNGHEZZA_RIGA:
                raise ValidationError(
                    f"Una riga ha {len(voce)} caratteri, il massimo è {LUNGHEZZA_RIGA}: «{voce[:40]}…»."
                )
        return righe

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value


class DettagliForm(ModuloMixin, forms.Form):
    """What they share: the version of the measure, the layout, reading from plain data and telling it in words."""

    intestazione = "Dettagli"
    disposizione: tuple[Any, ...] = ()
    versione = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for campo in self.fields.values():
            campo.required = False
        self.helper.form_show_errors = False
        self.helper.layout = Layout("versione", *self.disposizione)

    def dati(self) -> dict[str, Any]:
        return {nome: valore for nome, valore in self.cleaned_data.items() if nome != "versione"}

    def in_parole(self, dettagli: Mapping[str, Any]) -> list[tuple[str, Any]]:
        """The details as people read them: label → text, or list of texts."""
        righe = []
        for nome, campo in self.fields.items():
            valore = dettagli.get(nome)
            if nome != "versione" and valore:
                righe.append((str(campo.label), _detto(campo, valore)))
        return righe


class SeminarioForm(DettagliForm):
    intestazione = "Programma"
    disposizione = ("titolo", "programma")
    titolo = forms.CharField(label="Titolo", max_length=160)
    programma = forms.CharField(label="Programma", max_length=4000, widget=forms.Textarea(attrs={"rows": 4}))


class BilancioForm(DettagliForm):
    intestazione = "Competenze spendibili"
    disposizione = (
        "competenze_tecnica",
        Riga("competenze_trasversale:6", "competenze_digitale:6"),
        "carenze",
    )
    competenze_tecnica = ElencoField(
        label="Competenze tecnico-professionali",
        help_text="Una per riga. Alla conclusione entrano nel fascicolo della persona, senza doppioni.",
    )
    competenze_trasversale = ElencoField(label="Competenze trasversali", help_text="Una per riga.")
    competenze_digitale = ElencoField(label="Competenze digitali", help_text="Una per riga.")
    carenze = forms.CharField(
        label="Che cosa manca per l'obiettivo", max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )


class TirocinioForm(DettagliForm):
    intestazione = "Impresa ospitante e progetto"
    disposizione = (
        Riga("impresa:8", "codice_fiscale:4"),
        Riga("indirizzo:8", "tutor:4"),
        Riga("dal:3", "al:3"),
        "progetto",
    )
    impresa = forms.CharField(label="Impresa ospitante", max_length=200)
    codice_fiscale = forms.CharField(
        label="Codice fiscale o partita IVA",
        max_length=32,
        help_text="Dell'impresa.",
        widget=forms.TextInput(attrs={"class": "campo-cf", "autocomplete": "off", "spellcheck": "false"}),
    )
    indirizzo = forms.CharField(label="Sede del tirocinio", max_length=200)
    tutor = forms.CharField(label="Tutor dell'impresa", max_length=120)
    dal = forms.DateField(label="Dal")
    al = forms.DateField(label="Al")
    progetto = forms.CharField(
        label="Progetto formativo",
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Obiettivi, attività, orario. Niente notizie sulla salute.",
    )

    def clean_codice_fiscale(self) -> str:
        testo = self.cleaned_data["codice_fiscale"]
        return valida_codice_impresa(testo) if testo else ""

    def clean(self) -> dict[str, Any]:
        return _date_in_ordine(self)


class TutoraggioForm(DettagliForm):
    intestazione = "Tutoraggio"
    disposizione = ("tutor", "modalita")
    tutor = forms.CharField(label="Chi segue il tirocinio per il centro", max_length=120)
    modalita = forms.CharField(
        label="Come e ogni quanto si sentono la persona e il tutor dell'impresa",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class AccompagnamentoForm(DettagliForm):
    intestazione = "Che cosa si è fatto"
    disposizione = ("strumenti", "attivita")
    strumenti = forms.MultipleChoiceField(
        label="Su che cosa", choices=StrumentoAccompagnamento, widget=forms.CheckboxSelectMultiple
    )
    attivita = forms.CharField(label="Attività", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class ScoutingForm(DettagliForm):
    intestazione = "Analisi del profilo"
    disposizione = (Riga("analizzato_il:4"), "profilo", "incentivi")
    analizzato_il = forms.DateField(label="Profilo analizzato il")
    profilo = forms.CharField(
        label="Che cosa cercare per la persona",
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Profilo, esperienza, zona, orari. Niente notizie sulla salute.",
    )
    incentivi = forms.MultipleChoiceField(
        label="Incentivi illustrati alle imprese",
        choices=IncentivoIllustrato,
        widget=forms.CheckboxSelectMultiple,
        help_text="Di che cosa si è parlato con le imprese, in generale: non dice nulla della persona.",
    )


class FormazioneForm(DettagliForm):
    intestazione = "Corso"
    disposizione = (
        Riga("tipo:6", "modulo:6"),
        "corso",
        Riga("ente:6", "luogo:6"),
        Riga("ore:3", "dal:3", "al:3"),
    )
    tipo = forms.ChoiceField(label="Tipo", choices=[("", "Scegliere"), *TipoFormazione.choices])
    modulo = forms.ChoiceField(
        label="Modulo del web learning point",
        choices=[("", "Nessuno"), *ModuloWebLearning.choices],
        help_text="Solo per i moduli a distanza.",
    )
    corso = forms.CharField(label="Corso", max_length=200)
    ente = forms.CharField(label="Ente che lo tiene", max_length=160)
    luogo = forms.CharField(label="Dove", max_length=160)
    ore = forms.DecimalField(
        label="Ore del corso",
        localize=True,
        min_value=Decimal("0.5"),
        max_value=Decimal("5000"),
        decimal_places=1,
        error_messages={"invalid": "Scrivere le ore in cifre, come 8 o 1,5."},
        widget=forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
    )
    dal = forms.DateField(label="Dal")
    al = forms.DateField(label="Al")

    def clean(self) -> dict[str, Any]:
        dati = _date_in_ordine(self)
        if dati.get("modulo") and dati.get("tipo") != TipoFormazione.WEB_LEARNING:
            self.add_error("modulo", "Il modulo si sceglie solo per la formazione al web learning point.")
        return dati


class EuresForm(DettagliForm):
    intestazione = "Paesi e lingue"
    disposizione = (Riga("paesi:6", "lingue:6"), "informazioni")
    paesi = ElencoField(label="Paesi", help_text="Uno per riga.")
    lingue = ElencoField(label="Lingue", help_text="Una per riga.")
    informazioni = forms.CharField(label="Informazioni date", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))


class CertificazioneForm(DettagliForm):
    intestazione = "Competenza"
    disposizione = ("competenza", Riga("fase:4", "ente:8"), "attestato")
    competenza = forms.CharField(label="Competenza o qualificazione", max_length=300)
    fase = forms.ChoiceField(label="Fin dove", choices=[("", "Scegliere"), *FaseCertificazione.choices])
    ente = forms.CharField(label="Ente titolato", max_length=160)
    attestato = forms.CharField(label="Documento rilasciato", max_length=200)


class AutoImpresaForm(DettagliForm):
    intestazione = "Idea di impresa"
    disposizione = ("idea", "prossimo_passo")
    idea = forms.CharField(label="Idea", max_length=2000, widget=forms.Textarea(attrs={"rows": 3}))
    prossimo_passo = forms.CharField(label="Prossimo passo", max_length=500)


MODULI: dict[str, type[DettagliForm]] = {
    GenereServizio.SEMINARIO: SeminarioForm,
    GenereServizio.BILANCIO: BilancioForm,
    GenereServizio.TIROCINIO: TirocinioForm,
    GenereServizio.TUTORAGGIO: TutoraggioForm,
    GenereServizio.ACCOMPAGNAMENTO: AccompagnamentoForm,
    GenereServizio.SCOUTING: ScoutingForm,
    GenereServizio.FORMAZIONE: FormazioneForm,
    GenereServizio.EURES: EuresForm,
    GenereServizio.CERTIFICAZIONE: CertificazioneForm,
    GenereServizio.AUTO_IMPRESA: AutoImpresaForm,
}


def modulo_dettagli(misura: Misura, data: Any = None) -> DettagliForm | None:
    """The form of the measure's kind with what is written already; None where the service asks for nothing."""
    classe = MODULI.get(misura.servizio.genere)
    if classe is None:
        return None
    iniziali = {nome: _letto(nome, valore) for nome, valore in misura.dettagli.items()}
    return classe(data, prefix="dettagli", initial={**iniziali, "versione": misura.versione})


def _letto(nome: str, valore: Any) -> Any:
    """A value of the plain data as its field wants it."""
    if nome in ("dal", "al", "analizzato_il"):
        return dt.date.fromisoformat(valore)
    return Decimal(valore) if nome == "ore" else valore


def _detto(campo: forms.Field, valore: Any) -> Any:
    if isinstance(campo, forms.DateField):
        return f"{dt.date.fromisoformat(valore):%d/%m/%Y}"
    if isinstance(campo, forms.DecimalField):
        return str(valore).removesuffix(".0").replace(".", ",")
    scelte = dict(getattr(campo, "choices", ()))
    if isinstance(valore, list):
        return [str(scelte.get(v, v)) for v in valore]
    return str(scelte.get(valore, valore))


def _date_in_ordine(form: DettagliForm) -> dict[str, Any]:
    dati = form.cleaned_data
    if dati.get("dal") and dati.get("al") and dati["al"] < dati["dal"]:
        form.add_error("al", "La fine precede l'inizio.")
    return dati
