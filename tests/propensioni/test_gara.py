"""P1 under races, with real threads on the real database; each guarantee has its control, that fails without it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest
from django.db import connection, connections
from django.utils import timezone

from orientamento.anagrafica.models.utente import UtenteQuerySet
from orientamento.comune.errori import RegolaViolata
from propensioni.models import Professione, Propensione
from propensioni.services import propensione as servizio
from propensioni.services.glossario import carica_glossario
from tests.cast import Cast, crea_cast
from tests.propensioni.conftest import dati_propensione

FILI = 8


@pytest.fixture
def scena(transactional_db: None) -> tuple[Cast, list[Professione]]:
    carica_glossario()
    return crea_cast(), list(Professione.objects.order_by("pk")[:FILI])


def insieme(lavoro: Callable[[int], None]) -> list[BaseException]:
    """Run `lavoro(0..7)` in as many threads, started together; return what they raised."""
    partenza, errori = threading.Barrier(FILI), []

    def corri(numero: int) -> None:
        try:
            partenza.wait(timeout=10)
            lavoro(numero)
        except BaseException as errore:
            errori.append(errore)
        finally:
            connections.close_all()

    fili = [threading.Thread(target=corri, args=(numero,)) for numero in range(FILI)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(timeout=60)
    assert not any(filo.is_alive() for filo in fili)
    return errori


def test_eight_at_once_end_as_three(scena: tuple[Cast, list[Professione]]) -> None:
    cast, professioni = scena

    def aggiungi(numero: int) -> None:
        servizio.aggiungi_propensione(
            utente=cast.utente, dati=dati_propensione(professioni[numero]), attore=cast.operatore
        )

    errori = insieme(aggiungi)
    assert sorted(Propensione.objects.values_list("posto", flat=True)) == [1, 2, 3]
    assert [type(errore) for errore in errori] == [RegolaViolata] * (FILI - 3)
    assert {str(errore) for errore in errori} == {servizio.AL_MASSIMO_TRE}


def test_without_the_lock_the_constraint_still_keeps_the_rule(
    scena: tuple[Cast, list[Professione]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """All read the same free place before anyone writes: one wins, the others are told in the words of P1."""
    cast, professioni = scena
    letti = threading.Barrier(FILI)

    def aspetta_dopo_aver_letto(propensione: Propensione) -> None:
        letti.wait(timeout=10)
        salva(propensione)

    salva = servizio._salva
    monkeypatch.setattr(UtenteQuerySet, "bloccato", lambda righe, pk: righe.get(pk=pk))
    monkeypatch.setattr(servizio, "_salva", aspetta_dopo_aver_letto)

    def aggiungi(numero: int) -> None:
        servizio.aggiungi_propensione(
            utente=cast.utente, dati=dati_propensione(professioni[numero]), attore=cast.operatore
        )

    errori = insieme(aggiungi)
    assert list(Propensione.objects.values_list("posto", flat=True)) == [1]
    assert {str(errore) for errore in errori} == {servizio.AL_MASSIMO_TRE}
    assert len(errori) == FILI - 1


def test_control_without_lock_and_constraint_the_rule_breaks(
    scena: tuple[Cast, list[Professione]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shows that the race of the tests above is real: the same threads write eight on one place."""
    cast, professioni = scena
    letti = threading.Barrier(FILI)

    def aspetta_dopo_aver_letto(propensione: Propensione) -> None:
        letti.wait(timeout=10)
        propensione.save()

    monkeypatch.setattr(UtenteQuerySet, "bloccato", lambda righe, pk: righe.get(pk=pk))
    monkeypatch.setattr(servizio, "_salva", aspetta_dopo_aver_letto)
    vincolo = next(v for v in Propensione._meta.constraints if v.name == "un_posto_per_propensione")
    with connection.schema_editor() as schema:
        schema.remove_constraint(Propensione, vincolo)
    try:
        errori = insieme(
            lambda numero: (
                servizio.aggiungi_propensione(
                    utente=cast.utente, dati=dati_propensione(professioni[numero]), attore=cast.operatore
                )
                and None
            )
        )
        assert errori == []
        assert Propensione.objects.filter(utente=cast.utente).count() == FILI
    finally:
        Propensione.objects.all().delete()
        with connection.schema_editor() as schema:
            schema.add_constraint(Propensione, vincolo)


def test_adding_while_removing_never_exceeds_three(scena: tuple[Cast, list[Professione]]) -> None:
    cast, professioni = scena
    prime = [
        servizio.aggiungi_propensione(utente=cast.utente, dati=dati_propensione(p), attore=cast.operatore)
        for p in professioni[:3]
    ]

    def lavora(numero: int) -> None:
        if numero < 3:
            servizio.elimina_propensione(propensione=prime[numero], attore=cast.collega)
        else:
            servizio.aggiungi_propensione(
                utente=cast.utente, dati=dati_propensione(professioni[numero]), attore=cast.operatore
            )

    errori = insieme(lavora)
    assert all(isinstance(errore, RegolaViolata) for errore in errori)
    assert Propensione.objects.filter(utente=cast.utente).count() <= 3


def test_two_changes_at_once_one_is_refused(scena: tuple[Cast, list[Professione]]) -> None:
    """C8: the version decides under the row's lock."""
    cast, professioni = scena
    propensione = servizio.aggiungi_propensione(
        utente=cast.utente, dati=dati_propensione(professioni[0]), attore=cast.operatore
    )

    def modifica(numero: int) -> None:
        servizio.modifica_propensione(
            propensione=propensione,
            dati={"nota": {"competenze": f"Versione {numero}"}},
            versione=1,
            attore=cast.operatore,
        )

    errori = insieme(modifica)
    propensione.refresh_from_db()
    assert (len(errori), propensione.versione) == (FILI - 1, 2)
    assert propensione.data_intervista == timezone.localdate()
