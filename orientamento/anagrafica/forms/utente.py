"""The form of identity and contacts (U1), for a new person and for a change, and that of the passage to others."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from typing import Any

import phonenumbers
from django import forms
from django.core.exceptions import ValidationError
from django.urls import reverse

from orientamento.anagrafica.models import CPI, Operatore, Ruolo, Sesso, Utente
from orientamento.anagrafica.services import cittadinanze, codice_fiscale, comuni
from orientamento.comune.calendario import oggi
from orientamento.comune.forms import CampiMixin, ModuloMixin

_NOME_AMMESSO = re.compile(r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f .'’‘`´-])*")
_PROVINCIA_IN_CODA = re.compile(r"\s*\(([A-Za-z]{2})\)\s*$")
PRIMA_NASCITA = dt.date(1900, 1, 1)


def nome_leggibile(testo: str) -> str:
    """One blank between words, composed accents; what was typed all in capitals or all in small letters as a name."""
    pulito = " ".join(unicodedata.normalize("NFC", testo).split())
    if pulito.isupper() or pulito.islower():
        return re.sub(r"[^\W\d_]+", lambda parola: parola[0].capitalize(), pulito)
    return pulito


def telefono_leggibile(testo: str) -> str:
    """The number as it is read in Italy; the international form for foreign ones. Raises when it is no number."""
    try:
        numero = phonenumbers.parse(testo, "IT")
    except phonenumbers.NumberParseException as errore:
        raise ValidationError("Scrivere un numero di telefono, come 055 123456 o 333 1234567.") from errore
    if not phonenumbers.is_valid_number(numero):
        raise ValidationError("Questo numero non esiste: controllare le cifre, ne manca o ne avanza qualcuna.")
    italiano = numero.country_code == 39
    forma = phonenumbers.PhoneNumberFormat.NATIONAL if italiano else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return phonenumbers.format_number(numero, forma)


class UtenteForm(CampiMixin, forms.ModelForm):
    """Identity, domicile, contacts. What the codice fiscale says may be left empty: it is filled in from there."""

    versione = forms.IntegerField(widget=forms.HiddenInput, required=False)
    sesso = forms.ChoiceField(label="Sesso", choices=Sesso.choices, widget=forms.RadioSelect, required=False)

    class Meta:
        model = Utente
        fields = [
            "codice_fiscale",
            "cognome",
            "nome",
            "sesso",
            "data_nascita",
            "luogo_nascita",
            "cittadinanza",
            "extra_ue",
            "domicilio_indirizzo",
            "domicilio_comune",
            "domicilio_provincia",
            "domicilio_cap",
            "residenza_indirizzo",
            "residenza_comune",
            "residenza_provincia",
            "residenza_cap",
            "cellulare",
            "telefono",
            "email",
            "pec",
        ]
        labels = {
            "domicilio_indirizzo": "Via e numero",
            "domicilio_comune": "Comune",
            "domicilio_provincia": "Provincia",
            "residenza_indirizzo": "Via e numero",
            "residenza_comune": "Comune",
            "residenza_provincia": "Provincia",
            "luogo_nascita": "Comune o stato di nascita",
            "extra_ue": "Di uno stato fuori dall'Unione europea",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for nome in ("data_nascita", "luogo_nascita"):
            self.fields[nome].required = False
        for nome, campo in self.fields.items():
            campo.widget.attrs.setdefault("autocomplete", "off")
            if nome.endswith("_cap"):
                campo.widget.attrs |= {"inputmode": "numeric"}
        self.fields["codice_fiscale"].widget.attrs |= {
            "class": "form-control campo-cf",
            "maxlength": "24",
            "spellcheck": "false",
        }
        if not self.instance.pk and not self.is_bound:
            self.fields["codice_fiscale"].widget.attrs["autofocus"] = True
        self.fields["codice_fiscale"].widget.attrs |= {
            "hx-post": reverse("anagrafica:leggi_codice_fiscale"),
            "hx-trigger": "input changed delay:250ms, change",
            "hx-target": "#esito-codice-fiscale",
            "hx-params": "codice_fiscale,utente",
            "hx-sync": "this:replace",
        }
        for nome in ("luogo_nascita", "domicilio_comune", "residenza_comune"):
            nascita = "?nascita=si" if nome == "luogo_nascita" else ""
            self.fields[nome].widget.attrs["data-suggerimenti"] = reverse("anagrafica:suggerisci_comuni") + nascita
        # Written with blanks, hyphens or a prefix they are longer: the length is judged once they are put in order.
        for nome in ("codice_fiscale", "cellulare", "telefono"):
            self.fields[nome].validators = []
        self.fields["cittadinanza"].widget.attrs["list"] = "elenco-cittadinanze"
        for nome in ("cellulare", "telefono"):
            self.fields[nome].widget.input_type = "tel"
            self.fields[nome].widget.attrs["maxlength"] = "30"
        for nome in ("domicilio_provincia", "residenza_provincia"):
            # A province may be read from the name of the town.
            self.fields[nome].required = False

    def clean_codice_fiscale(self) -> str:
        codice = codice_fiscale.normalizza(self.cleaned_data["codice_fiscale"])
        codice_fiscale.valida(codice)
        return codice

    def clean_cognome(self) -> str:
        return self._nome("cognome")

    def clean_nome(self) -> str:
        return self._nome("nome")

    def clean_data_nascita(self) -> dt.date | None:
        data = self.cleaned_data["data_nascita"]
        if data and not PRIMA_NASCITA <= data <= oggi():
            raise ValidationError(f"La data di nascita deve stare tra il 01/01/1900 e oggi, {oggi():%d/%m/%Y}.")
        return data

    def clean_luogo_nascita(self) -> str:
        return _PROVINCIA_IN_CODA.sub("", nome_leggibile(self.cleaned_data["luogo_nascita"]))

    def clean_cittadinanza(self) -> str:
        return nome_leggibile(cittadinanze.riconosci(self.cleaned_data["cittadinanza"]))

    def clean_cellulare(self) -> str:
        return self._telefono("cellulare")

    def clean_telefono(self) -> str:
        return self._telefono("telefono")

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or self.cleaned_data
        self._completa_dal_codice(dati)
        chiede = cittadinanze.chiede_documento(dati.get("cittadinanza", ""))
        if chiede is not None:
            dati["extra_ue"] = chiede
        self._completa_indirizzo(dati, "domicilio")
        if any(dati.get(f"residenza_{parte}") for parte in ("indirizzo", "comune", "provincia", "cap")):
            self._completa_indirizzo(dati, "residenza")
        return dati

    def _nome(self, campo: str) -> str:
        testo = nome_leggibile(self.cleaned_data[campo])
        if not _NOME_AMMESSO.fullmatch(testo):
            raise ValidationError("Solo lettere, spazi, apostrofi e trattini.")
        return testo

    def _telefono(self, campo: str) -> str:
        """What was there already stays as it is written; what is typed is put in order."""
        testo = self.cleaned_data[campo]
        return telefono_leggibile(testo) if testo and testo != getattr(self.instance, campo) else testo

    def _completa_dal_codice(self, dati: dict[str, Any]) -> None:
        letto = codice_fiscale.leggi(dati["codice_fiscale"]) if dati.get("codice_fiscale") else None
        proposte = {
            "sesso": letto.sesso if letto else "",
            "data_nascita": letto.data_nascita if letto else None,
            "luogo_nascita": letto.luogo if letto else "",
        }
        for campo, proposta in proposte.items():
            if campo in self.errors:
                continue
            dati[campo] = dati.get(campo) or proposta
            if not dati[campo] and "codice_fiscale" not in self.errors:
                self.add_error(campo, f"Compilare «{self.fields[campo].label}»: dal codice fiscale non risulta.")

    def _completa_indirizzo(self, dati: dict[str, Any], quale: str) -> None:
        comune, provincia = dati.get(f"{quale}_comune", ""), dati.get(f"{quale}_provincia", "").upper()
        in_coda = _PROVINCIA_IN_CODA.search(comune)
        if in_coda:
            comune, provincia = comune[: in_coda.start()], in_coda[1].upper()
        luogo = comuni.comune_attivo(comune, provincia) or comuni.comune_attivo(comune)
        if luogo and not provincia:
            provincia = luogo.provincia
        dati[f"{quale}_comune"] = luogo.nome if luogo and luogo.provincia == provincia else nome_leggibile(comune)
        dati[f"{quale}_provincia"] = provincia
        estero = quale == "residenza" and provincia == comuni.ESTERO
        if not provincia and comune:
            self.add_error(f"{quale}_comune", f"«{comune}» non basta a dire quale comune è: sceglierlo dall'elenco.")
        elif comune and not estero and provincia not in comuni.province():
            self.add_error(f"{quale}_provincia", f"«{provincia}» non è la sigla di una provincia.")
        elif luogo and provincia != luogo.provincia and not comuni.comune_attivo(comune, provincia):
            self.add_error(f"{quale}_provincia", f"{luogo.nome} è in provincia di {luogo.provincia}.")
        cap = dati.get(f"{quale}_cap", "")
        if cap and not estero and not re.fullmatch(r"[0-9]{5}", cap):
            self.add_error(f"{quale}_cap", "Il CAP ha 5 cifre.")


class PassaggioForm(ModuloMixin, forms.Form):
    """To which office the file goes."""

    cpi = forms.ModelChoiceField(label="Centro per l'impiego", queryset=CPI.objects.none(), empty_label="Scegliere")

    def __init__(self, *args: Any, utente: Utente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cpi"].queryset = CPI.objects.filter(attivo=True).exclude(pk=utente.cpi_id)  # type: ignore[attr-defined]


class RiassegnaForm(ModuloMixin, forms.Form):
    """To which person of the office the file goes."""

    operatore = forms.ModelChoiceField(
        label="Operatore di riferimento", queryset=Operatore.objects.none(), empty_label="Scegliere"
    )

    def __init__(self, *args: Any, utente: Utente, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["operatore"].queryset = Operatore.objects.filter(  # type: ignore[attr-defined]
            cpi_id=utente.cpi_id, is_active=True, ruolo__in=[Ruolo.OPERATORE, Ruolo.RESPONSABILE]
        )
