"""The register of one citizen, page by page and in readable words (A2)."""

from __future__ import annotations

import ast
import datetime as dt
import re
from collections.abc import Iterable, Iterator
from typing import Any

from django.apps import apps
from django.db import models

from orientamento.anagrafica.models import Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento

RIGHE_PER_PAGINA = 50
# What became of rows, named by their keys; and lists of the fields that changed.
DELLE_RIGHE = ("aggiunti", "aggiunte", "modificato", "modificata", "eliminato", "eliminata")
CON_I_CAMPI = ("campi", "impegni")
# Model and key → what people call it.
Nomi = dict[tuple[type[models.Model], str], str]

# The kinds one can look for; an action belongs to the first kind one of whose beginnings it has.
GENERI: dict[str, tuple[str, tuple[str, ...]]] = {
    "aperture": ("Aperture", ("fascicolo_aperto",)),
    "fascicolo": ("Modifiche del fascicolo", ("fascicolo_", "voce_")),
    "presa": ("Presa in carico, consensi e DID", ("presa_", "consenso_", "did_")),
    "propensioni": ("Propensioni", ("propensione_",)),
    "curriculum": (
        "Curriculum",
        ("curriculum_", "scheda_", "trasferimento_", "preregistrato", "sollecito_", "rimozione_", "avviso_scadenza_"),
    ),
    "messaggi": ("Messaggi di posta", ("messaggio_",)),
    "colloquio": ("Colloquio", ("colloquio_", "fase_", "appuntamento_", "profilazione_")),
    "patto": ("Patto", ("patto_",)),
    "altro": ("Altro", ("",)),
}


def azioni_del_genere(genere: str) -> list[str]:
    return [azione.value for azione in Azione if _genere(azione.value) == genere]


def _genere(azione: str) -> str:
    return next(g for g, (_, inizi) in GENERI.items() if azione.startswith(inizi))


def pagina_registro(
    utente: Utente, *, genere: str = "", prima: int | None = None
) -> tuple[list[dict[str, Any]], int | None]:
    """A page of lines, newest first, and the key of the next one. `prima` is the last line seen: no OFFSET."""
    righe = Evento.objects.dell_utente(utente.pk)
    if genere in GENERI:
        righe = righe.filter(azione__in=azioni_del_genere(genere))
    if prima is not None:
        quando = Evento.objects.filter(utente=utente, pk=prima).values_list("quando", flat=True).first()
        if quando:
            righe = righe.filter(quando__lte=quando).exclude(quando=quando, pk__gte=prima)
    eventi = list(righe[: RIGHE_PER_PAGINA + 1])
    prossima = eventi[RIGHE_PER_PAGINA - 1].pk if len(eventi) > RIGHE_PER_PAGINA else None
    return righe_leggibili(eventi[:RIGHE_PER_PAGINA]), prossima


def righe_leggibili(eventi: Iterable[Evento]) -> list[dict[str, Any]]:
    """The lines in words; what they refer to by its key is called by its name, in one query for each kind of thing."""
    eventi = list(eventi)
    riferiti: dict[type[models.Model], set[str]] = {}
    for evento in eventi:
        for modello, chiave in _riferiti(evento.dettaglio, _modello(evento.oggetto_tipo)):
            riferiti.setdefault(modello, set()).add(chiave)
    nomi = {
        (modello, str(riga.pk)): str(riga)
        for modello, chiavi in riferiti.items()
        for riga in modello._base_manager.select_related(*getattr(modello, "PER_IL_NOME", ())).filter(pk__in=chiavi)
    }
    return [_riga(evento, nomi) for evento in eventi]


def _riferiti(
    dettaglio: dict[str, Any], modello: type[models.Model] | None, *, delle_righe: bool = False
) -> Iterator[tuple[type[models.Model], str]]:
    """Model and key of what `dettaglio` refers to, its nested parts included.

    `delle_righe`: it tells what became of rows of `modello`, which it names by their keys.
    """
    for nome, valore in dettaglio.items():
        if isinstance(valore, dict):
            figli = _figli(modello, nome)
            yield from _riferiti(valore, figli or modello, delle_righe=figli is not None)
        elif (riferito := _riferito(modello, nome, delle_righe)) is not None:
            valori = valore if isinstance(valore, list) else [valore]
            yield from ((riferito, str(v)) for v in valori if str(v).isdecimal())


def _riga(evento: Evento, nomi: Nomi) -> dict[str, Any]:
    modello = _modello(evento.oggetto_tipo)
    return {
        "quando": evento.quando,
        "chi": evento.attore_nome,
        "che_cosa": evento.get_azione_display(),
        "dettagli": list(_righe(evento.dettaglio, modello, nomi)),
        "indirizzo": evento.indirizzo or "",
        "percorso": evento.percorso,
    }


def _modello(etichetta: str) -> type[models.Model] | None:
    try:
        return apps.get_model(etichetta) if etichetta else None
    except LookupError:
        return None


def _righe(
    dettaglio: dict[str, Any], modello: type[models.Model] | None, nomi: Nomi, *, delle_righe: bool = False
) -> Iterator[str]:
    """One line for each fact; a change reads "campo: prima → dopo". `delle_righe` as in `_riferiti`."""
    for chiave, valore in dettaglio.items():
        campo, riferito = _campo(modello, chiave), _riferito(modello, chiave, delle_righe)
        etichetta = _etichetta(chiave, campo)
        if isinstance(valore, list) and len(valore) == 2 and campo is not None:
            prima, dopo = (_valore(v, campo, nomi) for v in valore)
            yield f"{etichetta}: {prima or '(vuoto)'} → {dopo or '(vuoto)'}"
        elif isinstance(valore, dict):
            figli = _figli(modello, chiave)
            dentro = list(_righe(valore, figli or modello, nomi, delle_righe=figli is not None))
            yield from dentro if all(_campo(modello, c) for c in valore) else [f"{etichetta}: {'; '.join(dentro)}"]
        elif riferito is not None and valore:
            yield f"{etichetta}: {_nomi_di(valore, riferito, nomi)}"
        elif chiave in CON_I_CAMPI and isinstance(valore, list):
            yield f"{etichetta}: {', '.join(_nome_del_campo(modello, nome) for nome in valore)}"
        elif valore not in ("", None, [], {}):
            yield f"{etichetta}: {_valore(valore, campo, nomi)}"


def _figli(modello: type[models.Model] | None, nome: str) -> type[models.Model] | None:
    """The model of the rows that hang on `modello` under `nome`: the measures of a pact."""
    relazioni = modello._meta.related_objects if modello else ()
    return next((r.related_model for r in relazioni if r.get_accessor_name() == nome), None)


def _riferito(modello: type[models.Model] | None, nome: str, delle_righe: bool) -> type[models.Model] | None:
    """The model that a value under `nome` refers to by its key, if it does."""
    if delle_righe and nome in DELLE_RIGHE:
        return modello
    campo = _campo(modello, nome)
    return campo.related_model if campo is not None and campo.many_to_one else None


def _campo(modello: type[models.Model] | None, nome: str) -> Any:
    return next((c for c in modello._meta.fields if c.name == nome), None) if modello else None


def _nome_del_campo(modello: type[models.Model] | None, nome: str) -> str:
    """What people call a field; a model whose form has fields of other tables names them by `nome_del_campo`."""
    nomina = getattr(modello, "nome_del_campo", None)
    if nomina is not None:
        return nomina(nome)
    campo = _campo(modello, nome)
    return str(campo.verbose_name) if campo is not None else nome.replace("_", " ")


def _etichetta(chiave: str, campo: Any) -> str:
    testo = str(campo.verbose_name) if campo is not None else chiave.replace("_", " ")
    return testo[:1].upper() + testo[1:]


def _nomi_di(chiavi: Any, modello: type[models.Model], nomi: Nomi) -> str:
    tutte = chiavi if isinstance(chiavi, list) else [chiavi]
    return ", ".join(nomi.get((modello, str(chiave)), str(chiave)) for chiave in tutte)


def _valore(valore: Any, campo: Any, nomi: Nomi) -> str:
    if valore is None:
        return ""
    if isinstance(valore, list):
        return ", ".join(_valore(v, campo, nomi) for v in valore)
    if isinstance(valore, dict):
        return "; ".join(_righe(valore, None, nomi))
    if campo is not None and campo.many_to_one:
        return _nomi_di(valore, campo.related_model, nomi)
    testo = {"True": "sì", "False": "no"}.get(str(valore), str(valore))
    if campo is not None and testo.startswith("[") and hasattr(campo, "base_field"):
        return ", ".join(_valore(v, campo.base_field, nomi) for v in ast.literal_eval(testo)) if testo != "[]" else ""
    if campo is not None and campo.flatchoices:
        return next((str(nome) for codice, nome in campo.flatchoices if str(codice) == testo), testo)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", testo):
        return f"{dt.date.fromisoformat(testo):%d/%m/%Y}"
    return testo
