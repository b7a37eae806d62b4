"""The tables that the administrator keeps: one description each, from which lists, forms and addresses come (A1).

An app above this one adds its own with `aggiungi_tabella`, from its urls. No table shows what a citizen's file holds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.forms import ModelForm

from orientamento.anagrafica.forms.amministrazione import CentroForm, OperatoreForm, ProgrammaForm, TestoForm
from orientamento.anagrafica.models import CPI, Operatore, Programma, TestoInformativo
from orientamento.anagrafica.services import amministrazione as servizio

Salva = Callable[[Any, dict[str, Any], Operatore], tuple[Any, str]]


@dataclass(frozen=True)
class Tabella:
    """`righe` gives the rows, `colonne` heading → reader; `salva` gets the row (None for a new one), data and actor,
    and answers the row saved and a secret to be shown once (empty for most)."""

    chiave: str
    titolo: str
    descrizione: str
    nuovo: str
    righe: Callable[[], QuerySet[Any]]
    colonne: tuple[tuple[str, Callable[[Any], str]], ...]
    cerca_in: tuple[str, ...]
    form: type[ModelForm]
    salva: Salva
    verbo: str = "Modifica"
    spiegazione: str = ""


TABELLE: dict[str, Tabella] = {}


def aggiungi_tabella(tabella: Tabella) -> None:
    TABELLE[tabella.chiave] = tabella


def _centri() -> QuerySet[CPI]:
    in_vigore = Q(competenze__valido_al__isnull=True)
    return CPI.objects.annotate(quanti_comuni=Count("competenze", filter=in_vigore)).order_by("nome")


def _giorno(data: Any) -> str:
    return f"{data:%d/%m/%Y}" if data else ""


def _attivo(valore: bool) -> str:
    return "Attivo" if valore else "Non attivo"


aggiungi_tabella(
    Tabella(
        "centri",
        "Centri per l'impiego",
        "Nome, recapiti e codice di ciascun centro.",
        "Nuovo centro",
        _centri,
        (
            ("Centro", str),
            ("Codice", lambda c: c.codice),
            ("Comune", lambda c: c.comune),
            ("Comuni di competenza", lambda c: str(c.quanti_comuni)),
            ("Stato", lambda c: _attivo(c.attivo)),
        ),
        ("nome", "codice", "comune"),
        CentroForm,
        lambda riga, dati, attore: (servizio.salva_centro(centro=riga, dati=dati, attore=attore), ""),
        spiegazione="I comuni di competenza di ogni centro si caricano da un file, sul server.",
    )
)
aggiungi_tabella(
    Tabella(
        "operatori",
        "Operatori",
        "Account, ruoli, centro di appartenenza, password.",
        "Nuovo operatore",
        lambda: Operatore.objects.select_related("cpi"),
        (
            ("Operatore", lambda o: f"{o.last_name} {o.first_name}".strip() or o.username),
            ("Nome utente", lambda o: o.username),
            ("Ruolo", lambda o: o.get_ruolo_display()),
            ("Centro", lambda o: str(o.cpi or "")),
            ("Stato", lambda o: _attivo(o.is_active)),
            ("Ultimo accesso", lambda o: _giorno(o.last_login)),
        ),
        ("username", "last_name", "first_name"),
        OperatoreForm,
        lambda riga, dati, attore: servizio.salva_operatore(operatore=riga, dati=dati, attore=attore),
    )
)
aggiungi_tabella(
    Tabella(
        "programmi",
        "Programmi e sostegni",
        "I giorni dalla DID al patto, con le date di validità.",
        "Nuovo programma",
        lambda: Programma.objects.order_by("nome", "-valido_dal"),
        (
            ("Programma", str),
            ("Giorni dalla DID al patto", lambda p: str(p.giorni_per_patto)),
            ("Valido dal", lambda p: _giorno(p.valido_dal)),
            ("Valido al", lambda p: _giorno(p.valido_al)),
        ),
        ("nome", "chiave"),
        ProgrammaForm,
        lambda riga, dati, attore: (servizio.salva_programma(programma=riga, dati=dati, attore=attore), ""),
        spiegazione="Un programma già usato da una DID non si riscrive: scegliendo un nuovo inizio, la riga di oggi "
        "finisce il giorno prima e la nuova ne prende il posto.",
    )
)
aggiungi_tabella(
    Tabella(
        "testi",
        "Testi informativi",
        "Informativa, consensi e informazioni sul colloquio, per versione.",
        "Nuovo testo",
        lambda: TestoInformativo.objects.all(),
        (
            ("Testo", lambda t: t.titolo),
            ("Genere", lambda t: t.get_genere_display()),
            ("Versione", lambda t: str(t.versione)),
            ("Valido dal", lambda t: _giorno(t.valido_dal)),
            ("Valido al", lambda t: _giorno(t.valido_al)),
        ),
        ("titolo", "testo"),
        TestoForm,
        lambda _riga, dati, attore: (servizio.nuova_versione_testo(dati=dati, attore=attore), ""),
        verbo="Nuova versione",
        spiegazione="Un testo mostrato ai cittadini non si modifica: si scrive una nuova versione, che vale dal giorno "
        "indicato. Chi ha risposto alla versione precedente resta legato a quella.",
    )
)
