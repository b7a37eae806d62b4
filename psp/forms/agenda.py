"""The forms of the agenda: an appointment, a group, a move, hours, closing days. Each field is judged alone."""

from __future__ import annotations

import datetime as dt
from typing import Any

from crispy_forms.layout import Div, Layout
from django import forms

from orientamento.anagrafica.forms.vincoli import VincoliAlServizioMixin
from orientamento.anagrafica.models import Operatore, Ruolo
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.forms import ModuloMixin, Riga
from orientamento.comune.viste import aggiungi_errore
from psp.models import ChiusuraUfficio, Luogo, Misura, OrarioOperatore, PercheSiVede, Seduta, Servizio
from psp.services.agenda.giorni import ANNI, TROPPO_LONTANA, istante

DURATE = (30, 45, 60, 90, 120, 180)
# The hour alone comes before hour and minutes run together: "11" is eleven o'clock, not one minute past one.
FORMATI_ORA = ["%H:%M", "%H.%M", "%H,%M", "%H", "%H%M"]
# A reason stands beside the name in the page of the meeting, which is no place for health (U6).
RESTA_QUI = "Resta nell'ufficio: nelle lettere e nei messaggi non c'è. Niente notizie sulla salute."
TENGONO_AGENDA = (Ruolo.OPERATORE, Ruolo.RESPONSABILE)


class OraField(forms.TimeField):
    """An hour as people type it: 9:30, 9.30, 9."""

    def __init__(self, **kwargs: Any) -> None:
        widget = forms.TimeInput(
            format="%H:%M", attrs={"placeholder": "oo:mm", "inputmode": "numeric", "autocomplete": "off", "size": "6"}
        )
        super().__init__(input_formats=FORMATI_ORA, widget=widget, **kwargs)
        self.error_messages["invalid"] = "Scrivere un'ora, come 9:30."


def operatori_di(cpi_id: Any) -> Any:
    """Who keeps an agenda in an office."""
    return Operatore.objects.filter(cpi_id=cpi_id, is_active=True, ruolo__in=TENGONO_AGENDA)


def luoghi_di(cpi_id: Any) -> Any:
    return Luogo.objects.filter(cpi_id=cpi_id, attivo=True)


def anno_possibile(giorno: dt.date) -> None:
    if giorno.year not in ANNI:
        raise forms.ValidationError(TROPPO_LONTANA)


class LuogoSelect(forms.Select):
    """Rooms and places; the style sheet shows what concerns a place only while a place is chosen."""

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        opzione: dict[str, Any] = super().create_option(name, value, *args, **kwargs)
        luogo = getattr(value, "instance", None)
        if luogo is not None and luogo.tipo == Luogo.Tipo.POSTAZIONE:
            opzione["attrs"]["data-postazione"] = True
        return opzione


class QuandoMixin(ModuloMixin):
    """Day, from and to become two instants, `inizio` and `fine`, in `cleaned_data` (Italian wall clock)."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_show_errors = False

    def clean(self) -> dict[str, Any]:
        dati: dict[str, Any] = super().clean() or self.cleaned_data  # type: ignore[misc, attr-defined]
        giorno = dati.get("giorno")
        for campo, nome in (("dalle", "inizio"), ("alle", "fine")):
            ora = dati.get(campo)
            if giorno and ora is not None:
                try:
                    dati[nome] = istante(giorno, ora, campo=campo)
                except RegolaViolata as errore:
                    aggiungi_errore(self, errore)  # type: ignore[arg-type]
        return dati


class PostazioneMixin(forms.Form):
    """Where, and whether the operator is there too."""

    luogo = forms.ModelChoiceField(
        label="Sala o postazione",
        queryset=Luogo.objects.none(),
        required=False,
        empty_label="Nessuna sala",
        widget=LuogoSelect,
    )
    assistita = forms.BooleanField(
        label="L'operatore è presente",
        required=False,
        initial=True,
        help_text="Vale per le postazioni. Senza spunta la persona usa la postazione da sola: "
        "l'operatore è il suo referente e il suo tempo resta libero.",
    )

    def clean_assistita(self) -> bool:
        """Only a place can do without the operator: elsewhere the tick is out of sight and does not count."""
        luogo = self.cleaned_data.get("luogo")
        return luogo is None or luogo.tipo != Luogo.Tipo.POSTAZIONE or self.cleaned_data["assistita"]


class AppuntamentoForm(QuandoMixin, PostazioneMixin):
    """A meeting of one citizen. The page fixes it with one of its free slots, or with a day and hours typed."""

    misura = forms.ModelChoiceField(
        label="Per quale misura", queryset=Misura.objects.none(), required=False, empty_label="Nessuna misura"
    )
    titolo = forms.CharField(label="Che cosa si fa, se non è per una misura", max_length=160, required=False)
    operatore = forms.ModelChoiceField(label="Con chi", queryset=Operatore.objects.none(), empty_label=None)
    minuti = forms.TypedChoiceField(
        label="Durata", choices=[(str(m), f"{m} minuti") for m in DURATE], coerce=int, required=False
    )
    liberi_dal = forms.DateField(label="Orari liberi a partire dal", required=False, validators=[anno_possibile])
    modo = forms.ChoiceField(label="Come", choices=Seduta.Modo, required=False)
    giorno = forms.DateField(label="Giorno", required=False)
    dalle = OraField(label="Dalle", required=False)
    alle = OraField(label="Alle", required=False)

    def __init__(self, *args: Any, cpi_id: int | None, misure: Any, libero: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operatore"].queryset = operatori_di(cpi_id)  # type: ignore[attr-defined]
        self.fields["luogo"].queryset = luoghi_di(cpi_id)  # type: ignore[attr-defined]
        self.fields["misura"].queryset = misure  # type: ignore[attr-defined]
        self.libero = libero

    def clean(self) -> dict[str, Any]:
        """Day and hours count only where none of the free slots was chosen; where the slots begin never does."""
        self.errors.pop("liberi_dal", None)
        if self.libero:
            for campo in ("giorno", "dalle", "alle"):
                self.cleaned_data.pop(campo, None)
                self.errors.pop(campo, None)
            return self.cleaned_data
        dati = super().clean()
        for campo, detto in (("giorno", "il giorno"), ("dalle", "l'ora di inizio"), ("alle", "l'ora di fine")):
            if dati.get(campo) is None and campo not in self.errors:
                self.add_error(campo, f"Scrivere {detto}, oppure scegliere un orario libero.")
        return dati

    def clean_minuti(self) -> int:
        return self.cleaned_data["minuti"] or 60

    def clean_modo(self) -> str:
        return self.cleaned_data["modo"] or Seduta.Modo.PRESENZA


class GruppoForm(QuandoMixin, forms.Form):
    """A meeting for many."""

    servizio = forms.ModelChoiceField(
        label="Servizio", queryset=Servizio.objects.none(), required=False, empty_label="Nessun servizio della carta"
    )
    titolo = forms.CharField(label="Titolo", max_length=160)
    programma = forms.CharField(
        label="Programma", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    operatore = forms.ModelChoiceField(label="Chi lo tiene", queryset=Operatore.objects.none(), empty_label=None)
    luogo = forms.ModelChoiceField(
        label="Sala", queryset=Luogo.objects.none(), required=False, empty_label="Nessuna sala"
    )
    posti = forms.IntegerField(label="Posti", min_value=1, max_value=400, initial=12)
    modo = forms.ChoiceField(label="Come", choices=[(m.value, m.label) for m in Seduta.Modo][:2])
    giorno = forms.DateField(label="Giorno")
    dalle = OraField(label="Dalle")
    alle = OraField(label="Alle")

    def __init__(self, *args: Any, cpi_id: int | None, oggi: dt.date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operatore"].queryset = operatori_di(cpi_id)  # type: ignore[attr-defined]
        self.fields["luogo"].queryset = luoghi_di(cpi_id)  # type: ignore[attr-defined]
        servizi = Servizio.objects.in_vigore(oggi).exclude(modo=Servizio.Modo.INDIVIDUALE)
        self.fields["servizio"].queryset = servizi  # type: ignore[attr-defined]
        _posti_in_parole(self.fields["posti"])
        self.helper.layout = Layout(
            Riga("titolo:8", "servizio:4"),
            Riga("giorno:3", "dalle:2", "alle:2", "posti:2", "modo:3"),
            Riga("operatore:6", "luogo:6"),
            "programma",
        )


class ModificaGruppoForm(ModuloMixin, forms.Form):
    """What of a group changes without moving it."""

    titolo = forms.CharField(label="Titolo", max_length=160)
    posti = forms.IntegerField(label="Posti", min_value=1, max_value=400)
    programma = forms.CharField(
        label="Programma", max_length=4000, required=False, widget=forms.Textarea(attrs={"rows": 4})
    )
    versione = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_show_errors = False
        _posti_in_parole(self.fields["posti"])
        self.helper.layout = Layout(Riga("titolo:9", "posti:3"), "programma", "versione")


class SpostaForm(QuandoMixin, PostazioneMixin):
    """Another time, room or operator, with the reason; at a place, with or without the operator."""

    giorno = forms.DateField(label="Giorno")
    dalle = OraField(label="Dalle")
    alle = OraField(label="Alle")
    operatore = forms.ModelChoiceField(label="Con chi", queryset=Operatore.objects.none(), empty_label=None)
    motivo = forms.CharField(label="Perché si cambia", max_length=300, help_text=RESTA_QUI)
    versione = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, cpi_id: int | None, di_gruppo: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operatore"].queryset = operatori_di(cpi_id)  # type: ignore[attr-defined]
        self.fields["luogo"].queryset = luoghi_di(cpi_id)  # type: ignore[attr-defined]
        if di_gruppo:
            del self.fields["assistita"]
        presenza = [] if di_gruppo else [Div("assistita", css_class="solo-postazione")]
        self.helper.layout = Layout(
            Riga("giorno:4", "dalle:4", "alle:4"),
            Div(Riga("operatore:6", "luogo:6"), *presenza, css_class="agenda-luogo"),
            "motivo",
            "versione",
        )


class AnnullaForm(ModuloMixin, forms.Form):
    """The reason, for the office."""

    motivo = forms.CharField(label="Perché si annulla", max_length=300, help_text=RESTA_QUI)
    versione = forms.IntegerField(widget=forms.HiddenInput, required=False)


class GiustificazioneForm(ModuloMixin, forms.Form):
    """What the reason of an absence is opened for (U6)."""

    perche = forms.ChoiceField(label="Perché si apre", choices=PercheSiVede, widget=forms.RadioSelect)
    testo = forms.CharField(
        label="Quale altra ragione",
        max_length=200,
        required=False,
        help_text="Solo se ha scelto «Altro». Resta nel registro: niente sulla salute della persona.",
    )


class ElencoForm(ModuloMixin, forms.Form):
    """A file of codici fiscali."""

    file = forms.FileField(
        label="File CSV dei codici fiscali",
        help_text="Un codice fiscale per riga, al massimo 1000 righe.",
        error_messages={"required": "Scegliere il file.", "empty": "Il file è vuoto."},
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["file"].widget.attrs["accept"] = ".csv,text/csv,text/plain"


class OrarioForm(forms.Form):
    """Two stretches a day, Monday to Saturday; an empty one is no time."""

    def __init__(self, *args: Any, righe: list[OrarioOperatore] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for giorno in OrarioOperatore.Giorno:
            sue = [o for o in righe or [] if o.giorno == giorno]
            for n in (1, 2):
                riga = sue[n - 1] if len(sue) >= n else None
                for nome in ("dalle", "alle"):
                    campo = OraField(
                        label=f"{giorno.label}, {'mattina' if n == 1 else 'pomeriggio'}, {nome}", required=False
                    )
                    campo.initial = getattr(riga, nome) if riga else None
                    campo.widget.attrs["class"] = "form-control"
                    self.fields[f"{nome}-{giorno.value}-{n}"] = campo

    def giorni(self) -> list[dict[str, Any]]:
        """The rows of the page: a day, its two stretches."""
        return [
            {"nome": g.label, "fasce": [(self[f"dalle-{g.value}-{n}"], self[f"alle-{g.value}-{n}"]) for n in (1, 2)]}
            for g in OrarioOperatore.Giorno
        ]

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or self.cleaned_data
        dati["fasce"] = []
        for giorno in OrarioOperatore.Giorno:
            for n in (1, 2):
                dalle, alle = dati.get(f"dalle-{giorno.value}-{n}"), dati.get(f"alle-{giorno.value}-{n}")
                if dalle is not None and alle is not None:
                    dati["fasce"].append((giorno.value, dalle, alle))
                    if alle <= dalle:
                        self.add_error(f"alle-{giorno.value}-{n}", "L'ora di fine precede quella di inizio.")
                elif (dalle is None) != (alle is None) and not self.errors:
                    manca = "dalle" if dalle is None else "alle"
                    self.add_error(f"{manca}-{giorno.value}-{n}", "Scrivere tutte e due le ore, o nessuna.")
        return dati


class ChiusuraForm(ModuloMixin, forms.Form):
    """A closing of the own office."""

    dal = forms.DateField(label="Dal")
    al = forms.DateField(label="Al", required=False, help_text="Vuoto: un giorno solo.")
    motivo = forms.CharField(label="Motivo", max_length=120, help_text="Per esempio: santo patrono.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_show_errors = False
        self.helper.layout = Layout(Riga("dal:3", "al:3", "motivo:6"))

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or self.cleaned_data
        dati["al"] = dati.get("al") or dati.get("dal")
        return dati


class LuogoForm(ModuloMixin, VincoliAlServizioMixin, forms.ModelForm):
    """For the administrator."""

    class Meta:
        model = Luogo
        fields = ["cpi", "nome", "tipo", "posti", "indirizzo", "attivo"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_show_errors = False
        self.helper.layout = Layout(Riga("cpi:6", "nome:6"), Riga("tipo:6", "posti:2"), "indirizzo", "attivo")


class ChiusuraTabellaForm(ModuloMixin, VincoliAlServizioMixin, forms.ModelForm):
    """For the administrator, who closes one office or all of them."""

    class Meta:
        model = ChiusuraUfficio
        fields = ["cpi", "dal", "al", "motivo"]
        labels = {"cpi": "Centro"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cpi"].empty_label = "Tutti i centri"  # type: ignore[attr-defined]
        self.helper.form_show_errors = False
        self.helper.layout = Layout(Riga("cpi:6", "dal:3", "al:3"), "motivo")


def _posti_in_parole(campo: forms.Field) -> None:
    for chiave in ("invalid", "min_value", "max_value"):
        campo.error_messages[chiave] = "I posti vanno da 1 a 400."
    campo.widget.attrs["inputmode"] = "numeric"
