"""What an operator keeps for themselves: dated reminders and named filters. Nobody else reads them."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from psp.models import FiltroSalvato, Promemoria

PROMEMORIA_APERTI = 200
FILTRI_MASSIMI = 12


@transaction.atomic
def scrivi_promemoria(
    *, attore: Operatore, giorno: dt.date, testo: str, utente: Utente | None, adesso: dt.datetime
) -> Promemoria:
    """A new reminder for a day that has not passed. The same one sent twice is one."""
    Operatore.objects.select_for_update(no_key=True).get(pk=attore.pk)
    if giorno < timezone.localdate(adesso):
        raise RegolaViolata("Scegliere oggi o un giorno che deve ancora venire.", campo="giorno")
    aperti = Promemoria.objects.filter(operatore=attore, fatto_il__isnull=True)
    gia = aperti.filter(giorno=giorno, testo=testo, utente=utente).first()
    if gia:
        return gia
    if aperti.count() >= PROMEMORIA_APERTI:
        raise RegolaViolata(f"Ci sono già {PROMEMORIA_APERTI} promemoria da fare: chiuderne qualcuno.", campo="testo")
    return Promemoria.objects.create(operatore=attore, giorno=giorno, testo=testo, utente=utente, creato_il=adesso)


def chiudi_promemoria(*, promemoria: Promemoria, adesso: dt.datetime) -> None:
    """Done. A second click changes nothing."""
    Promemoria.objects.filter(pk=promemoria.pk, fatto_il__isnull=True).update(fatto_il=adesso)


@transaction.atomic
def salva_filtro(*, attore: Operatore, nome: str, parametri: dict[str, Any]) -> FiltroSalvato:
    """Keep a filter under a name; the same name again takes the new content."""
    Operatore.objects.select_for_update(no_key=True).get(pk=attore.pk)
    esiste = FiltroSalvato.objects.filter(operatore=attore, nome=nome).exists()
    if not esiste and FiltroSalvato.objects.filter(operatore=attore).count() >= FILTRI_MASSIMI:
        raise RegolaViolata(f"Si possono tenere {FILTRI_MASSIMI} filtri: toglierne uno prima.", campo="nome")
    return FiltroSalvato.objects.update_or_create(operatore=attore, nome=nome, defaults={"parametri": parametri})[0]


def togli_filtro(*, filtro: FiltroSalvato) -> None:
    FiltroSalvato.objects.filter(pk=filtro.pk).delete()
