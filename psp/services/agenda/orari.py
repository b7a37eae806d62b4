"""What the free slots are made of: an operator's weekly hours, the closing days of an office, its rooms."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Sequence
from typing import Any

from django.db import IntegrityError, models, transaction

from orientamento.anagrafica.models import Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import differenze, registra
from psp.models import ChiusuraUfficio, Luogo, OrarioOperatore, Seduta
from psp.services.agenda.blocchi import blocca_operatori
from psp.services.agenda.giorni import inizio_del_giorno, richiedi_giorno

Fascia = tuple[int, dt.time, dt.time]


@transaction.atomic
def salva_orario(*, operatore: Operatore, fasce: Sequence[Fascia], attore: Operatore) -> list[OrarioOperatore]:
    """The weekly hours as a whole: day (1 is Monday), from, to. Meetings already fixed stay as they are."""
    ordinate = sorted(fasce)
    for giorno, dalle, alle in ordinate:
        if alle <= dalle:
            nome = OrarioOperatore.Giorno(giorno).label.lower()
            raise RegolaViolata(f"Di {nome} l'ora di fine precede quella di inizio.")
    for (giorno, _, alle), (altro, dalle, _) in itertools.pairwise(ordinate):
        if giorno == altro and dalle < alle:
            raise RegolaViolata(f"Di {OrarioOperatore.Giorno(giorno).label.lower()} due orari si sovrappongono.")
    blocca_operatori(operatore)
    prima = [(o.giorno, o.dalle, o.alle) for o in OrarioOperatore.objects.filter(operatore=operatore)]
    if sorted(prima) == ordinate:
        return list(OrarioOperatore.objects.filter(operatore=operatore))
    OrarioOperatore.objects.filter(operatore=operatore).delete()
    righe = OrarioOperatore.objects.bulk_create(
        OrarioOperatore(operatore=operatore, giorno=g, dalle=da, alle=a) for g, da, a in ordinate
    )
    registra(
        Azione.CONFIGURAZIONE_MODIFICATA,
        attore=attore,
        oggetto=operatore,
        dettaglio={"orario": [f"{g} {da:%H:%M}-{a:%H:%M}" for g, da, a in ordinate]},
    )
    return righe


@transaction.atomic
def salva_chiusura(
    *, chiusura: ChiusuraUfficio | None, dati: dict[str, Any], attore: Operatore
) -> tuple[ChiusuraUfficio, int]:
    """A closing of an office, or of all where `cpi` is empty; with how many meetings stand on those days already."""
    for campo in ("dal", "al"):
        richiedi_giorno(dati[campo], campo=campo)
    if dati["al"] < dati["dal"]:
        raise RegolaViolata("La data di fine precede la data di inizio.", campo="al")
    if dati["al"] - dati["dal"] > dt.timedelta(days=366):
        raise RegolaViolata("Una chiusura dura al massimo un anno: controllare le date.", campo="al")
    riga: ChiusuraUfficio = _salva(ChiusuraUfficio, chiusura, dati, attore)
    return riga, sedute_nei_giorni(riga)


def sedute_nei_giorni(chiusura: ChiusuraUfficio) -> int:
    """How many meetings are fixed on the days of a closing: they are to be moved or cancelled by people."""
    dal, al = inizio_del_giorno(chiusura.dal), inizio_del_giorno(chiusura.al + dt.timedelta(days=1))
    sedute = Seduta.objects.filter(stato=Seduta.Stato.FISSATA, inizio__gte=dal, inizio__lt=al)
    return (sedute.filter(cpi_id=chiusura.cpi_id) if chiusura.cpi_id else sedute).count()


@transaction.atomic
def togli_chiusura(*, chiusura: ChiusuraUfficio, attore: Operatore) -> None:
    """An office is open after all; a second click finds nothing and does nothing."""
    riga = ChiusuraUfficio.objects.select_for_update(no_key=True).filter(pk=chiusura.pk).first()
    if riga is None:
        return
    dettaglio = {"tolta": riga.motivo, "dal": str(riga.dal), "al": str(riga.al)}
    registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=attore, oggetto=riga, dettaglio=dettaglio)
    riga.delete()


@transaction.atomic
def salva_luogo(*, luogo: Luogo | None, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime) -> Luogo:
    """A room or a place. One that has meetings to come is not taken out of use, nor given to another office, nor made
    something else, nor smaller than they need."""
    prima = luogo and Luogo.objects.select_for_update(of=("self",), no_key=True).get(pk=luogo.pk)
    riga: Luogo = _salva(Luogo, luogo, dati, attore)
    future = Seduta.objects.filter(luogo=riga, stato=Seduta.Stato.FISSATA, fine__gt=adesso)
    cambiati = [c for c in ("cpi", "tipo") if prima and getattr(prima, c) != getattr(riga, c)]
    if not riga.attivo:
        cambiati.append("attivo")
    if cambiati and future.exists():
        raise RegolaViolata("Ci sono appuntamenti fissati qui: vanno prima spostati o annullati.", campo=cambiati[0])
    if future.filter(posti__gt=riga.posti).exists():
        raise RegolaViolata("Un incontro già fissato qui ha più posti: va prima spostato.", campo="posti")
    return riga


def _salva(modello: type[models.Model], oggetto: Any, dati: dict[str, Any], attore: Operatore) -> Any:
    cambi: dict[str, Any] = {"creato": str(dati.get("nome") or dati.get("motivo"))}
    if oggetto is None:
        oggetto = modello()
    else:
        oggetto = modello._default_manager.select_for_update(of=("self",), no_key=True).get(pk=oggetto.pk)
        cambi = differenze(oggetto, dati)
    for campo, valore in dati.items():
        setattr(oggetto, campo, valore)
    try:
        with transaction.atomic():
            oggetto.save()
    except IntegrityError as errore:
        raise RegolaViolata("Il centro ha già una riga con questo nome.", campo="nome") from errore
    if cambi:
        registra(Azione.CONFIGURAZIONE_MODIFICATA, attore=attore, oggetto=oggetto, dettaglio=cambi)
    return oggetto
