"""The forms of the entries of the file (U4). What is plausible for the person is judged by the service."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from orientamento.anagrafica.forms.vincoli import VincoliAlServizioMixin
from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    LivelloStudio,
    TitoloStudio,
)
from orientamento.comune.forms import ModuloMixin, Riga

LINGUE_COMUNI = (
    "Albanese Arabo Bengali Bulgaro Ceco Cinese Croato Danese Ebraico Estone Filippino Finlandese Francese Georgiano "
    "Giapponese Greco Hindi Inglese Italiano Lettone Lituano Macedone Moldavo Norvegese Olandese Persiano Polacco "
    "Portoghese Punjabi Rumeno Russo Serbo Singalese Slovacco Sloveno Somalo Spagnolo Svedese Tedesco Tigrino Turco "
    "Ucraino Ungherese Urdu Vietnamita Wolof"
).split()
RAPPORTI_COMUNI = (
    "Tempo indeterminato",
    "Tempo determinato",
    "Apprendistato",
    "Somministrazione",
    "Lavoro intermittente",
    "Collaborazione",
    "Lavoro autonomo",
    "Lavoro domestico",
    "Tirocinio",
    "Servizio civile",
    "Stagionale",
)
MESE_E_ANNO = re.compile(r"(\d{1,2}(?=\D)|\d\d)\s*[/.-]?\s*(\d{4})")


class DatalistInput(forms.TextInput):
    """A text with proposals from a list of the page; anything else may be typed."""

    def __init__(self, proposte: tuple[str, ...] | list[str], attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.proposte = proposte

    def render(self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None) -> SafeString:
        elenco = f"proposte_{name}"
        campo = super().render(name, value, {**(attrs or {}), "list": elenco, "autocomplete": "off"}, renderer)
        voci = format_html_join("", '<option value="{}"></option>', ((proposta,) for proposta in self.proposte))
        return format_html('{}<datalist id="{}">{}</datalist>', campo, elenco, voci)


class MeseOGiornoField(forms.DateField):
    """A date, or only month and year: the first day of the month, or the last one where `fine_mese`."""

    def __init__(self, *, fine_mese: bool = False, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.fine_mese = fine_mese
        self.widget.attrs["placeholder"] = "mm/aaaa"

    def to_python(self, value: Any) -> dt.date | None:
        if isinstance(value, str) and (trovato := MESE_E_ANNO.fullmatch(value.strip())):
            mese, anno = int(trovato[1]), int(trovato[2])
            if 1 <= mese <= 12 and anno >= 1900:
                return dt.date(anno, mese, calendar.monthrange(anno, mese)[1] if self.fine_mese else 1)
        return super().to_python(value)


class VoceForm(ModuloMixin, VincoliAlServizioMixin, forms.ModelForm):
    """What the forms of all entries share: ids of their own on a page with several, the cursor in the first field."""

    prefisso = ""
    disposizione: tuple[Any, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": f"id_{self.prefisso}_%s", **kwargs})
        self.helper.form_show_errors = False
        self.helper.layout = Layout(*self.disposizione)
        if not self.is_bound:
            next(iter(self.fields.values())).widget.attrs["data-porta-a-fuoco"] = True


class TitoloForm(VoceForm):
    prefisso = "titoli"
    disposizione = (
        Riga("livello:6", "descrizione:6"),
        Riga("istituto:6", "anno:3", "conseguito:3"),
        Riga("estero:3", "riconosciuto:3"),
    )

    class Meta:
        model = TitoloStudio
        fields = ["livello", "descrizione", "anno", "istituto", "conseguito", "estero", "riconosciuto"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["descrizione"].required = False
        self.fields["descrizione"].widget.attrs["placeholder"] = "Per esempio Perito meccanico"
        self.fields["anno"].widget = forms.TextInput(
            {"inputmode": "numeric", "maxlength": 4, "class": "form-control", "placeholder": "aaaa"}
        )
        self.fields["estero"].label = "Estero"
        self.fields["riconosciuto"].label = "Riconosciuto"

    def clean_descrizione(self) -> str:
        """Whoever chooses the level only gets its name."""
        descrizione = self.cleaned_data["descrizione"]
        livello = self.cleaned_data.get("livello")
        return descrizione or (LivelloStudio(livello).label if livello is not None else "")


class EsperienzaForm(VoceForm):
    prefisso = "esperienze"
    disposizione = (
        Riga("mansione:6", "datore:6"),
        Riga("dal:3", "al:3", "luogo:3", "tipo_rapporto:3"),
        Riga("attivita"),
    )
    dal = MeseOGiornoField(label="Dal", help_text="Mese e anno, o giorno esatto.")
    al = MeseOGiornoField(label="Al", required=False, fine_mese=True, help_text="Vuoto se il lavoro è in corso.")

    class Meta:
        model = Esperienza
        fields = ["mansione", "datore", "dal", "al", "luogo", "tipo_rapporto", "attivita"]
        widgets = {"tipo_rapporto": DatalistInput(RAPPORTI_COMUNI)}


class LinguaForm(VoceForm):
    prefisso = "lingue"
    disposizione = (
        Riga("lingua:8", "madrelingua:4"),
        Riga("comprensione:4", "parlato:4", "scritto:4"),
    )

    class Meta:
        model = LinguaConosciuta
        fields = ["lingua", "madrelingua", "comprensione", "parlato", "scritto"]
        widgets = {"lingua": DatalistInput(LINGUE_COMUNI)}

    def clean_lingua(self) -> str:
        lingua = " ".join(self.cleaned_data["lingua"].split())
        return lingua[:1].upper() + lingua[1:]

    def clean(self) -> dict[str, Any]:
        """Of a mother tongue no level is kept."""
        dati = super().clean() or self.cleaned_data
        if dati.get("madrelingua"):
            dati.update(comprensione="", parlato="", scritto="")
        return dati


class CompetenzaForm(VoceForm):
    prefisso = "competenze"
    disposizione = (Riga("descrizione:12"), Riga("genere:5", "acquisita_dove:7"))

    class Meta:
        model = CompetenzaPersonale
        fields = ["descrizione", "genere", "acquisita_dove"]


class AltreInformazioniForm(VoceForm):
    prefisso = "altro"
    disposizione = (
        Riga("automunito:6", "trasferta:6"),
        Riga("patenti"),
        Riga("patentini"),
        Riga("albi"),
        Riga("note"),
    )
    patenti = forms.MultipleChoiceField(
        label="Patenti di guida",
        choices=AltreInformazioni.Patente,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    patentini = forms.MultipleChoiceField(
        label="Patentini e abilitazioni",
        choices=AltreInformazioni.Patentino,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = AltreInformazioni
        fields = ["automunito", "trasferta", "patenti", "patentini", "albi", "note"]
