"""The proposal of an import: one form for each entry found, with a tick, as the page shows it and gets it back (U4).

Between the two pages nothing is kept here: what was found travels in the fields of the forms themselves. How many forms
a section has says a hidden field; what the sheet said beside them (warnings, contacts) is signed, so that it comes back
as it went out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from crispy_forms.layout import Layout
from django import forms
from django.core import signing
from django.http import QueryDict
from django.utils.functional import cached_property

from curriculum.importazione.confronto import Presenti, differenze_di_persona
from curriculum.importazione.dati import VOCI_MASSIME, Scheda
from orientamento.anagrafica.forms.fascicolo import AltreInformazioniForm, VoceForm
from orientamento.anagrafica.models import AltreInformazioni, Utente
from orientamento.anagrafica.sezioni import SEZIONI
from orientamento.comune.viste import chiave_intera

ORDINE = ("titoli", "esperienze", "lingue", "competenze", "altro")
FIRMA = "curriculum.importazione"
ORE_DELLA_FIRMA = 12


class PatentiForm(AltreInformazioniForm):
    """Of the other information only the licences: those of the sheet join those of the file."""

    class Meta:
        model = AltreInformazioni
        fields = ["patenti"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["patentini"]
        self.helper.layout = Layout("patenti")


@dataclass
class VoceProposta:
    """One entry of the page: its form, whether it is to be imported, what to say beside it."""

    sezione: str
    numero: int
    form: VoceForm
    presa: bool
    gia_presente: str = ""
    avvisi: list[str] = field(default_factory=list)

    @property
    def prefisso(self) -> str:
        return prefisso(self.sezione, self.numero)

    @property
    def titolo(self) -> str:
        """What people call the entry: its first words."""
        campi = {"titoli": "descrizione", "esperienze": "mansione", "lingue": "lingua", "competenze": "descrizione"}
        if self.sezione not in campi:
            return "Patenti di guida"
        return str(self.form[campi[self.sezione]].value() or "Senza nome")


@dataclass
class Proposta:
    """The whole page."""

    voci: list[VoceProposta]
    differenze: list[dict[str, str]]
    resto: list[str]
    tagliate: int
    quaderno: str
    nome_file: str = ""

    @property
    def altra_persona(self) -> bool:
        """Whether name or birth date are not those of the file: the sheet may be somebody else's."""
        return any(d["genere"] == "identita" for d in self.differenze)

    @property
    def prese(self) -> list[VoceProposta]:
        return [v for v in self.voci if v.presa]

    @cached_property
    def sezioni(self) -> list[dict[str, Any]]:
        """By section, in the order of the page; the empty ones left out."""
        trovate = []
        for chiave in ORDINE:
            voci = [v for v in self.voci if v.sezione == chiave]
            if voci:
                trovate.append({"chiave": chiave, "titolo": SEZIONI[chiave].titolo, "voci": voci})
        return trovate

    @property
    def errori(self) -> list[dict[str, str]]:
        """For the summary on top: each error with the address of its field."""
        return [
            {"voce": voce.titolo, "etichetta": etichetta, "id": id_, "errore": str(errore)}
            for voce in self.prese
            for etichetta, id_, errori in _campi_con_errori(voce)
            for errore in errori
        ]

    def valida(self) -> bool:
        """Whether every chosen entry is sound. Those left out are not judged."""
        esiti = [voce.form.is_valid() for voce in self.prese]  # each is asked, so that every error is shown
        return all(esiti)


def _campi_con_errori(voce: VoceProposta) -> Iterator[tuple[str, str, list[Any]]]:
    if voce.form.non_field_errors():
        yield "", f"voce-{voce.prefisso}", list(voce.form.non_field_errors())
    for campo in voce.form:
        if campo.errors:
            yield str(campo.label), campo.id_for_label or campo.auto_id, list(campo.errors)


def prefisso(sezione: str, numero: int) -> str:
    return f"{sezione}-{numero}"


def modulo(sezione: str) -> type[VoceForm]:
    return PatentiForm if sezione == "altro" else SEZIONI[sezione].form


def proponi(scheda: Scheda, utente: Utente, nome_file: str) -> Proposta:
    """The first look: ticked is what the file does not have yet."""
    presenti = Presenti(utente)
    contatori: dict[str, int] = {}
    voci = []
    for trovata in sorted(scheda.voci, key=lambda v: ORDINE.index(v.sezione)):
        numero = contatori.get(trovata.sezione, 0)
        contatori[trovata.sezione] = numero + 1
        form = modulo(trovata.sezione)(initial=trovata.valori, prefix=prefisso(trovata.sezione, numero))
        gia = presenti.gia(trovata.sezione, trovata.valori)
        voci.append(VoceProposta(trovata.sezione, numero, _senza_fuoco(form), not gia, gia, trovata.avvisi))
    quaderno = {
        "utente": utente.pk,
        "avvisi": {prefisso(v.sezione, v.numero): v.avvisi for v in voci if v.avvisi},
        "persona": {chiave: valore[:200] for chiave, valore in scheda.persona.items() if valore},
        "resto": scheda.resto,
        "tagliate": scheda.tagliate,
        "nome_file": nome_file[:200],
    }
    return _proposta(voci, utente, quaderno, signing.dumps(quaderno, salt=FIRMA, compress=True))


def riprendi(dati: QueryDict, utente: Utente) -> Proposta | None:
    """The page as it came back, with all that was typed; None where it is not a page of ours for this person."""
    scritto = dati.get("quaderno", "")
    try:
        quaderno = signing.loads(scritto, salt=FIRMA, max_age=ORE_DELLA_FIRMA * 3600)
    except signing.BadSignature:
        return None
    if quaderno["utente"] != utente.pk:
        return None
    presenti = Presenti(utente)
    voci: list[VoceProposta] = []
    for sezione in ORDINE:
        for numero in range(min(chiave_intera(dati.get(f"quante-{sezione}")) or 0, VOCI_MASSIME - len(voci))):
            form = modulo(sezione)(dati, prefix=prefisso(sezione, numero))
            gia = presenti.gia(sezione, {nome: form[nome].value() for nome in form.fields})
            presa = f"prendi-{prefisso(sezione, numero)}" in dati
            avvisi = quaderno["avvisi"].get(prefisso(sezione, numero), [])
            voci.append(VoceProposta(sezione, numero, _senza_fuoco(form), presa, gia, avvisi))
    return _proposta(voci, utente, quaderno, scritto)


def _proposta(voci: list[VoceProposta], utente: Utente, quaderno: dict[str, Any], scritto: str) -> Proposta:
    return Proposta(
        voci=voci,
        differenze=differenze_di_persona(quaderno["persona"], utente),
        resto=quaderno["resto"],
        tagliate=quaderno["tagliate"],
        quaderno=scritto,
        nome_file=quaderno["nome_file"],
    )


def _senza_fuoco(form: VoceForm) -> VoceForm:
    """On a page of many forms none takes the cursor, and what a person has to choose has an empty choice."""
    for campo in form.fields.values():
        campo.widget.attrs.pop("data-porta-a-fuoco", None)
    if isinstance(form.fields.get("patenti"), forms.MultipleChoiceField):
        form.fields["patenti"].required = True
        form.fields["patenti"].error_messages["required"] = (
            "Segnare almeno una patente, o togliere la spunta alla voce."
        )
    return form
