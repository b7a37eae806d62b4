"""The entries of the citizen's file: titles, experiences, languages, skills, other information (U4)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from django.db import models, transaction

from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    Operatore,
    TitoloStudio,
    Utente,
)
from orientamento.comune.calendario import aggiungi_mesi, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.piega import Piega
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra

Voce = TitoloStudio | Esperienza | LinguaConosciuta | CompetenzaPersonale | AltreInformazioni

# Free text: the register says that it changed, never what it says (A2).
TESTI_LIBERI = {"attivita", "note"}


@transaction.atomic
def salva_voce(
    *, utente: Utente, modello: type[Voce], dati: dict[str, Any], attore: Operatore, pk: int | None = None
) -> Voce:
    """Add an entry, or correct the one with `pk`. The same entry sent twice is added once."""
    utente = Utente.objects.bloccato(utente.pk)
    voce = _trova(utente, modello, pk)
    for controllo in CONTROLLI.get(modello, ()):
        controllo(utente, dati, voce)
    if voce is None:
        if gemella := modello._default_manager.filter(utente=utente, **dati).first():
            return gemella
        voce = modello._default_manager.create(utente=utente, **dati)
        _registra(Azione.VOCE_AGGIUNTA, voce, utente, attore, {"voce": str(voce)})
        return voce
    cambi = differenze(voce, dati)
    if cambi:
        for campo in cambi:
            setattr(voce, campo, dati[campo])
        voce.save(update_fields=list(cambi))
        dettaglio: dict[str, Any] = {c: v for c, v in cambi.items() if c not in TESTI_LIBERI}
        if testi := [_nome(modello, c) for c in cambi if c in TESTI_LIBERI]:
            dettaglio["testi_modificati"] = ", ".join(testi)
        _registra(Azione.VOCE_MODIFICATA, voce, utente, attore, dettaglio)
    return voce


@transaction.atomic
def elimina_voce(*, utente: Utente, modello: type[Voce], pk: int, attore: Operatore) -> None:
    """Take an entry away. What is gone already stays gone."""
    utente = Utente.objects.bloccato(utente.pk)
    voce = modello._default_manager.select_for_update(of=("self",), no_key=True).filter(utente=utente, pk=pk).first()
    if voce is None:
        return
    _registra(Azione.VOCE_ELIMINATA, voce, utente, attore, {"voce": str(voce)})
    voce.delete()


def _trova(utente: Utente, modello: type[Voce], pk: int | None) -> Voce | None:
    righe = modello._default_manager.select_for_update(of=("self",), no_key=True).filter(utente=utente)
    if modello is AltreInformazioni:
        return righe.first()
    if pk is None:
        return None
    voce = righe.filter(pk=pk).first()
    if voce is None:
        raise RegolaViolata("La voce è stata eliminata da altri: per tenerla, aggiungerla di nuovo.", regola="U4")
    return voce


def _nome(modello: type[models.Model], campo: str) -> str:
    return str(modello._meta.get_field(campo).verbose_name)  # type: ignore[union-attr]


def _registra(azione: Azione, voce: Voce, utente: Utente, attore: Operatore, dettaglio: dict[str, Any]) -> None:
    sezione = str(type(voce)._meta.verbose_name_plural).capitalize()
    registra(azione, attore=attore, oggetto=voce, utente=utente, dettaglio={"sezione": sezione, **dettaglio})


# What is plausible for this person; each check gets the citizen, the data and the row being corrected.


def _anno_del_titolo(utente: Utente, dati: dict[str, Any], _voce: Voce | None) -> None:
    anno = dati.get("anno")
    if anno is None:
        return
    if anno < utente.data_nascita.year + 5:
        raise RegolaViolata(
            f"L'anno non si accorda con la nascita ({utente.data_nascita:%d/%m/%Y}).",
            campo="anno",
            regola="U4",
        )
    if dati.get("conseguito") and anno > oggi().year:
        raise RegolaViolata(
            "Un titolo conseguito non può avere un anno futuro: togliere la spunta da «conseguito» se è in corso.",
            campo="anno",
            regola="U4",
        )
    if anno > oggi().year + 10:
        raise RegolaViolata("L'anno è troppo lontano: controllarlo.", campo="anno", regola="U4")


def _riconoscimento(_utente: Utente, dati: dict[str, Any], _voce: Voce | None) -> None:
    if dati.get("riconosciuto") and not dati.get("estero"):
        raise RegolaViolata(
            "Il riconoscimento riguarda solo i titoli conseguiti all'estero.", campo="riconosciuto", regola="U4"
        )


def _date_dell_esperienza(utente: Utente, dati: dict[str, Any], _voce: Voce | None) -> None:
    dal: dt.date = dati["dal"]
    al: dt.date | None = dati.get("al")
    if dal > oggi():
        raise RegolaViolata("L'inizio non può essere futuro.", campo="dal", regola="U4")
    if dal < aggiungi_mesi(utente.data_nascita, 10 * 12):
        raise RegolaViolata(
            f"La data non si accorda con la nascita ({utente.data_nascita:%d/%m/%Y}).",
            campo="dal",
            regola="U4",
        )
    if al and al > oggi():
        raise RegolaViolata(
            "La fine non può essere futura: se il lavoro è in corso, lasciare vuoto il campo.", campo="al", regola="U4"
        )
    if al and al < dal:
        raise RegolaViolata("La fine precede l'inizio.", campo="al", regola="U4")


def _lingua_una_volta(utente: Utente, dati: dict[str, Any], voce: Voce | None) -> None:
    altre = utente.lingue.annotate(piegata=Piega("lingua")).filter(piegata=Piega(models.Value(dati["lingua"])))
    if altre.exclude(pk=voce.pk if voce else 0).exclude(**({} if voce else dati)).exists():
        raise RegolaViolata(
            f"«{dati['lingua']}» è già nel fascicolo: correggere quella riga.", campo="lingua", regola="U4"
        )


def _livello_della_lingua(_utente: Utente, dati: dict[str, Any], _voce: Voce | None) -> None:
    livelli = [dati.get(campo) for campo in ("comprensione", "parlato", "scritto")]
    if not dati.get("madrelingua") and not any(livelli):
        raise RegolaViolata(
            "Indicare almeno un livello, oppure spuntare «madrelingua».", campo="comprensione", regola="U4"
        )


Controllo = Callable[[Utente, dict[str, Any], Voce | None], None]

CONTROLLI: dict[type[Voce], tuple[Controllo, ...]] = {
    TitoloStudio: (_anno_del_titolo, _riconoscimento),
    Esperienza: (_date_dell_esperienza,),
    LinguaConosciuta: (_livello_della_lingua, _lingua_una_volta),
}
