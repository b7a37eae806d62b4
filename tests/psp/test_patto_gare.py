"""Races on one pact, with real threads and real transactions: exactly one wins (T2, T4)."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connections

from orientamento.anagrafica.models import Ruolo
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import PattoDiServizio, Revisione
from psp.services import passaggi, patto, revisione
from tests.cast import crea_cast, crea_operatore
from tests.psp.scene import informato
from tests.psp.scene_patto import completo, firmato, in_revisione, proposto


def eventi(azione: Azione) -> int:
    return Evento.objects.filter(azione=azione).count()


def fresco(p: PattoDiServizio) -> PattoDiServizio:
    return PattoDiServizio.objects.get(pk=p.pk)


def _insieme(*lavori: Callable[[], Any]) -> list[Any]:
    """Run the jobs at the same moment, each on its own connection; what each returned or raised."""
    partenza = threading.Barrier(len(lavori))
    esiti: list[Any] = [None] * len(lavori)

    def corri(posto: int, lavoro: Callable[[], Any]) -> None:
        try:
            partenza.wait(10)
            esiti[posto] = lavoro()
        except Exception as errore:
            esiti[posto] = errore
        finally:
            connections.close_all()

    fili = [threading.Thread(target=corri, args=(i, lavoro)) for i, lavoro in enumerate(lavori)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(60)
    return esiti


def _uno_solo(esiti: list[Any]) -> bool:
    return sum(isinstance(e, PattoDiServizio) for e in esiti) == 1 and all(
        isinstance(e, (PattoDiServizio, RegolaViolata)) for e in esiti
    )


@pytest.mark.usefixtures("transactional_db")
def test_two_proposals_at_once_send_it_once() -> None:
    cast = crea_cast()
    p = completo(cast)
    esiti = _insieme(
        *(lambda: patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso()) for _ in range(3))
    )
    assert _uno_solo(esiti), esiti
    assert eventi(Azione.PATTO_IN_REVISIONE) == 1


@pytest.mark.usefixtures("transactional_db")
def test_two_reviewers_at_once_one_wins() -> None:
    cast = crea_cast()
    p = in_revisione(cast)
    altro = crea_operatore(Ruolo.RESPONSABILE, cast.cpi)
    esiti = _insieme(
        lambda: revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso()),
        lambda: revisione.rimanda_patto(patto=p, commenti={"piano": "No"}, attore=altro, adesso=adesso()),
    )
    assert _uno_solo(esiti), esiti
    assert Revisione.objects.count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_two_drafts_at_once_are_one() -> None:
    cast = crea_cast()
    colloquio = informato(cast)
    esiti = _insieme(
        *(lambda: patto.prepara_bozza(colloquio=colloquio, attore=cast.operatore, adesso=adesso()) for _ in range(3))
    )
    assert len({e.pk for e in esiti}) == 1, esiti
    assert PattoDiServizio.objects.count() == 1


@pytest.mark.usefixtures("transactional_db")
def test_two_signatures_at_once_file_one_copy() -> None:
    cast = crea_cast()
    p = proposto(cast)
    esiti = _insieme(lambda: firmato(cast, fresco(p)), lambda: firmato(cast, fresco(p)))
    assert _uno_solo(esiti), esiti
    assert eventi(Azione.PATTO_FIRMATO) == 1


@pytest.mark.usefixtures("transactional_db")
def test_without_the_lock_the_race_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: with the lock taken away two requests both pass the check of the state."""
    cast = crea_cast()
    p = completo(cast)
    entrambi = threading.Barrier(2)

    def senza_blocco(patto: PattoDiServizio) -> PattoDiServizio:
        riga = PattoDiServizio.objects.select_related("utente", "colloquio__utente").get(pk=patto.pk)
        entrambi.wait(10)
        return riga

    monkeypatch.setattr(passaggi, "blocca_patto", senza_blocco)
    monkeypatch.setattr("psp.services.patto.blocca_patto", senza_blocco)
    esiti = _insieme(
        *(lambda: patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso()) for _ in range(2))
    )
    assert not _uno_solo(esiti)
    assert eventi(Azione.PATTO_IN_REVISIONE) == 2
