"""The forms of the administrator's tables (A1)."""

from __future__ import annotations

from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core.exceptions import ValidationError

from orientamento.anagrafica.forms.vincoli import VincoliAlServizioMixin
from orientamento.anagrafica.models import CPI, Operatore, Programma, TestoInformativo
from orientamento.comune.calendario import oggi
from orientamento.comune.forms import ModuloMixin, Riga


class TabellaForm(ModuloMixin, VincoliAlServizioMixin, forms.ModelForm):
    """What they share. Rules over several rows are the services'."""

    disposizione: tuple[Any, ...] = ()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper.form_show_errors = False
        self.helper.layout = Layout(*self.disposizione)


class CentroForm(TabellaForm):
    disposizione = (
        Riga("nome:8", "codice:4"),
        Riga("comune:4", "indirizzo:8"),
        Riga("telefono:4", "email:4", "pec:4"),
        "attivo",
    )

    class Meta:
        model = CPI
        fields = ["nome", "codice", "comune", "indirizzo", "telefono", "email", "pec", "attivo"]


class OperatoreForm(TabellaForm):
    disposizione = (
        Riga("last_name:4", "first_name:4", "username:4"),
        Riga("ruolo:4", "cpi:8"),
        Riga("email:8", "is_active:4"),
    )

    class Meta:
        model = Operatore
        fields = ["last_name", "first_name", "username", "ruolo", "cpi", "email", "is_active"]
        labels = {"username": "Nome utente", "email": "Posta elettronica", "is_active": "Account attivo"}
        help_texts = {"username": "", "is_active": "", "cpi": "Vuoto solo per l'amministratore."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cpi"].queryset = CPI.objects.filter(attivo=True)  # type: ignore[attr-defined]


class ProgrammaForm(TabellaForm):
    disposizione = (
        Riga("nome:6", "chiave:3", "giorni_per_patto:3"),
        Riga("valido_dal:3", "valido_al:3"),
    )

    class Meta:
        model = Programma
        fields = ["nome", "chiave", "giorni_per_patto", "valido_dal", "valido_al"]
        help_texts = {"chiave": "Minuscole e trattini, per esempio dis-coll."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["chiave"].disabled = True
            self.fields["chiave"].help_text = ""
            self.fields["valido_dal"].help_text = "Se il programma è già usato da DID: il giorno della nuova versione."

    def clean_giorni_per_patto(self) -> int:
        giorni = self.cleaned_data["giorni_per_patto"]
        if not 1 <= giorni <= 365:
            raise ValidationError("I giorni vanno da 1 a 365.")
        return giorni


class TestoForm(TabellaForm):
    """Always a new version; the text of the present one is proposed."""

    __test__ = False
    disposizione = (Riga("genere:8", "valido_dal:4"), Riga("titolo"), Riga("testo"))

    class Meta:
        model = TestoInformativo
        fields = ["genere", "valido_dal", "titolo", "testo"]
        help_texts = {"testo": "Paragrafi separati da una riga vuota; le righe che cominciano con «- » sono un elenco."}

    def __init__(self, *args: Any, instance: TestoInformativo | None = None, **kwargs: Any) -> None:
        iniziali: dict[str, Any] = {"valido_dal": oggi()}
        if instance:
            iniziali.update(genere=instance.genere, titolo=instance.titolo, testo=instance.testo)
        super().__init__(*args, **{"initial": iniziali, **kwargs})
        if instance:
            self.fields["genere"].disabled = True
        self.fields["testo"].widget.attrs["rows"] = 18
