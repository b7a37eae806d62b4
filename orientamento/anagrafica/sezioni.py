"""The sections of the citizen's file (U4): one table, which pages, panels and addresses read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dateutil.relativedelta import relativedelta
from django.urls import reverse

from orientamento.anagrafica.forms.fascicolo import (
    AltreInformazioniForm,
    CompetenzaForm,
    EsperienzaForm,
    LinguaForm,
    TitoloForm,
    VoceForm,
)
from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    Operatore,
    TitoloStudio,
    Utente,
)
from orientamento.anagrafica.permessi import Permesso, puo
from orientamento.anagrafica.services.fascicolo import Voce
from orientamento.comune.calendario import oggi


@dataclass(frozen=True)
class VoceInLista:
    """One entry as the panel shows it."""

    pk: int
    titolo: str
    dettagli: list[str]
    segno: str = ""
    testo: str = ""


@dataclass(frozen=True)
class Sezione:
    """One section: its words, its model and form, and how an entry reads. `unica` has one row per citizen."""

    chiave: str
    titolo: str
    aggiungi: str
    vuoto: str
    modello: type[Voce]
    form: type[VoceForm]
    leggi: Callable[[Any], VoceInLista]
    unica: bool = False

    @property
    def id_pannello(self) -> str:
        return f"pannello-{self.chiave}"


def _titolo(t: TitoloStudio) -> VoceInLista:
    livello = t.get_livello_display()
    dettagli = [*([livello] if livello != t.descrizione else []), t.istituto, str(t.anno or "")]
    if t.estero:
        dettagli.append("estero, riconosciuto in Italia" if t.riconosciuto else "estero, non riconosciuto in Italia")
    return VoceInLista(t.pk, t.descrizione, _pieni(dettagli), "" if t.conseguito else "Non conseguito")


def _esperienza(e: Esperienza) -> VoceInLista:
    fine = f"{e.al:%m/%Y}" if e.al else "oggi"
    dettagli = [e.datore, e.luogo, f"{e.dal:%m/%Y} – {fine} ({durata(e.dal, e.al or oggi())})", e.tipo_rapporto]
    return VoceInLista(e.pk, e.mansione, _pieni(dettagli), "" if e.al else "In corso", e.attivita)


def _lingua(lingua: LinguaConosciuta) -> VoceInLista:
    if lingua.madrelingua:
        return VoceInLista(lingua.pk, lingua.lingua, ["madrelingua"])
    livelli = (("comprensione", lingua.comprensione), ("parlato", lingua.parlato), ("scritto", lingua.scritto))
    return VoceInLista(lingua.pk, lingua.lingua, [f"{nome} {livello}" for nome, livello in livelli if livello])


def _competenza(c: CompetenzaPersonale) -> VoceInLista:
    return VoceInLista(c.pk, c.descrizione, _pieni([c.get_genere_display(), c.acquisita_dove]))


def _altro(a: AltreInformazioni) -> VoceInLista:
    righe = [
        ("Patenti", ", ".join(p.replace("_", " ") for p in a.patenti)),
        ("Patentini", ", ".join(AltreInformazioni.Patentino(p).label for p in a.patentini)),
        ("Albi e registri", a.albi),
        ("Automobile propria", "sì" if a.automunito else "no"),
        ("Spostamenti", a.get_trasferta_display()),
    ]
    return VoceInLista(a.pk, "", [f"{nome}: {valore}" for nome, valore in righe if valore], testo=a.note)


def _pieni(pezzi: list[str]) -> list[str]:
    return [pezzo for pezzo in pezzi if pezzo]


def durata(dal: dt.date, al: dt.date) -> str:
    """How long, in words: "8 anni e 7 mesi". The day of the end counts."""
    r = relativedelta(al + dt.timedelta(days=1), dal)
    anni = f"{r.years} {'anno' if r.years == 1 else 'anni'}" if r.years else ""
    mesi = f"{r.months} {'mese' if r.months == 1 else 'mesi'}" if r.months else ""
    return " e ".join(_pieni([anni, mesi])) or "meno di un mese"


SEZIONI: dict[str, Sezione] = {
    s.chiave: s
    for s in (
        Sezione(
            "titoli",
            "Titoli di studio",
            "Aggiungi un titolo",
            "Nessun titolo di studio registrato.",
            TitoloStudio,
            TitoloForm,
            _titolo,
        ),
        Sezione(
            "esperienze",
            "Esperienze di lavoro",
            "Aggiungi un'esperienza",
            "Nessuna esperienza registrata.",
            Esperienza,
            EsperienzaForm,
            _esperienza,
        ),
        Sezione(
            "competenze",
            "Competenze",
            "Aggiungi una competenza",
            "Nessuna competenza registrata.",
            CompetenzaPersonale,
            CompetenzaForm,
            _competenza,
        ),
        Sezione(
            "lingue",
            "Lingue",
            "Aggiungi una lingua",
            "Nessuna lingua registrata.",
            LinguaConosciuta,
            LinguaForm,
            _lingua,
        ),
        Sezione(
            "altro",
            "Altre informazioni",
            "Compila",
            "Patenti, patentini, albi e spostamenti: ancora da chiedere.",
            AltreInformazioni,
            AltreInformazioniForm,
            _altro,
            unica=True,
        ),
    )
}


def contesto_pannello(
    utente: Utente,
    chiave: str,
    operatore: Operatore,
    *,
    modulo: VoceForm | None = None,
    modulo_pk: int | None = None,
    esito: str = "",
    fuoco: bool = False,
) -> dict[str, Any]:
    """What the template of a panel needs, as plain data: include it with `pannello=` this. One query.

    `modulo` is the form open in place: of a new entry, or of the entry `modulo_pk`. `esito` says what was just done;
    after it, or when a form was given up, the cursor goes to the button that adds (`fuoco`).
    """
    sezione = SEZIONI[chiave]
    voci = [sezione.leggi(v) for v in sezione.modello._default_manager.filter(utente=utente)]
    base = {"utente_id": utente.pk, "sezione": chiave}
    return {
        "sezione": sezione,
        "voci": [
            {
                "voce": voce,
                "aperta": voce.pk == modulo_pk,
                "url_modifica": reverse("anagrafica:voce_modifica", kwargs={**base, "pk": voce.pk}),
                "url_elimina": reverse("anagrafica:voce_elimina", kwargs={**base, "pk": voce.pk}),
            }
            for voce in voci
        ],
        "url": reverse(f"anagrafica:pannello_{chiave}", args=[utente.pk]),
        "url_nuova": reverse("anagrafica:voce_nuova", kwargs=base),
        "puo_modificare": puo(operatore, Permesso.MODIFICARE_FASCICOLO),
        "modulo": modulo,
        "modulo_pk": modulo_pk,
        "esito": esito,
        "fuoco": fuoco or bool(esito),
    }
