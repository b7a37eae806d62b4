"""Forms of the worklist: its filter, reminders, named filters, passing cases on."""

from __future__ import annotations

from typing import Any

from django import forms

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.forms import ModuloMixin
from psp.services.lavoro.elenco import PASSO, RIGHE_MASSIME, Filtro
from psp.services.lavoro.generi import GENERI

ENTRO = [
    ("", "Quando sia"),
    ("-1", "Già in ritardo"),
    ("0", "Entro oggi"),
    ("7", "Entro 7 giorni"),
    ("30", "Entro 30 giorni"),
]


class FiltroForm(ModuloMixin, forms.Form):
    """What the address of the worklist may say. What it says wrongly is left out, never an error page."""

    genere = forms.MultipleChoiceField(choices=[(g.chiave, g.nome) for g in GENERI.values()], required=False)
    entro = forms.ChoiceField(label="Quando", choices=ENTRO, required=False)
    di = forms.ChoiceField(label="Di chi", required=False)
    mostra = forms.IntegerField(required=False, min_value=PASSO, max_value=RIGHE_MASSIME)

    def __init__(self, *args: Any, colleghi: list[tuple[str, str]] | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **{"auto_id": "id_filtro_%s", **kwargs})
        if colleghi is None:
            del self.fields["di"]
        else:
            self.fields["di"].choices = [("", "Tutto il centro"), ("0", "Di nessuno"), *colleghi]  # type: ignore[attr-defined]

    def filtro(self) -> Filtro:
        self.is_valid()
        dati = self.cleaned_data
        return Filtro(
            generi=tuple(dati.get("genere") or ()),
            entro=int(dati["entro"]) if dati.get("entro") else None,
            di=int(dati["di"]) if dati.get("di") else None,
            mostra=dati.get("mostra") or PASSO,
        )

    def parametri(self) -> dict[str, Any]:
        """The filter as an address says it, without how much is shown."""
        self.is_valid()
        return {nome: v for nome in ("genere", "entro", "di") if (v := self.cleaned_data.get(nome))}


class PromemoriaForm(ModuloMixin, forms.Form):
    """What to remember, and when."""

    testo = forms.CharField(label="Che cosa ricordare", max_length=200)
    giorno = forms.DateField(label="Quando")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "promemoria", **kwargs})


class NomeFiltroForm(ModuloMixin, forms.Form):
    """The name of a filter to keep."""

    nome = forms.CharField(label="Nome del filtro", max_length=60)


class AffidaForm(ModuloMixin, forms.Form):
    """Who takes the cases, and which; the meetings with them."""

    utenti = forms.ModelMultipleChoiceField(
        Utente.objects.none(),
        error_messages={
            "required": "Spuntare almeno una persona.",
            "invalid_choice": "Una delle persone non è più affidata a questo operatore: ricaricare la pagina.",
        },
    )
    a = forms.ModelChoiceField(Operatore.objects.none(), label="A chi affidarle")
    appuntamenti = forms.BooleanField(
        label="Passa anche i loro appuntamenti futuri",
        required=False,
        initial=True,
        help_text="In tutto: {}. Passano quelli di chi è spuntato. Giorno, ora e luogo restano; chi "
        "deve venire riceve un messaggio con il nuovo nome. Quelli che il collega non può tenere restano dove sono.",
    )
    gruppi = forms.BooleanField(
        label="Passa anche gli incontri di gruppo che deve tenere", required=False, help_text="In tutto: {}."
    )

    def __init__(self, *args: Any, utenti: Any, operatori: Any, quanti: dict[str, int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["utenti"].queryset = utenti  # type: ignore[attr-defined]
        self.fields["a"].queryset = operatori  # type: ignore[attr-defined]
        for campo, n in (("appuntamenti", quanti["loro"]), ("gruppi", quanti["gruppi"])):
            self.fields[campo].help_text = self.fields[campo].help_text.format(n)
            if not n:
                del self.fields[campo]


class PassaGiorniForm(ModuloMixin, forms.Form):
    """Who stands in for a colleague, and on which days."""

    dal = forms.DateField(label="Assente dal")
    al = forms.DateField(label="Al", required=False, help_text="Vuoto: un giorno solo.")
    a = forms.ModelChoiceField(Operatore.objects.none(), label="Chi lo sostituisce")

    def __init__(self, *args: Any, operatori: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"prefix": "giorni", **kwargs})
        self.fields["a"].queryset = operatori  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        dati = super().clean() or self.cleaned_data
        if "al" in dati:
            dati["al"] = dati["al"] or dati.get("dal")
        return dati
