"""Acts of active search and measures of a draft (M1-M3, C8)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction

from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import Misura, PattoDiServizio, Servizio
from psp.services import atto, misura, patto
from tests.cast import Cast
from tests.psp.scene_patto import ATTO, bozza, firmato

pytestmark = pytest.mark.django_db


# ---- Acts


def test_typical_acts_bring_timing_and_proof_and_are_not_doubled(cast: Cast) -> None:
    p = bozza(cast)
    chiavi = ["candidature", "agenzia-lavoro", "laboratorio-ricerca"]
    for _ in range(2):
        atto.aggiungi_atti_tipici(patto=p, chiavi=chiavi, attore=cast.operatore, adesso=adesso())
    atti = list(p.atti.all())
    assert len(atti) == 3
    assert {a.tipo for a in atti} == {"cpi", "rete", "utente"}
    assert all(a.con_termine and a.prova for a in atti)
    assert next(a for a in atti if a.tipo == "rete").entro_il == oggi() + dt.timedelta(days=30)
    assert Evento.objects.filter(azione=Azione.PATTO_MODIFICATO).count() == 1


def test_the_same_act_twice_is_refused(cast: Cast) -> None:
    p = bozza(cast)
    atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    with pytest.raises(RegolaViolata) as errore:
        atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    assert errore.value.campo == "descrizione"


def test_a_stale_act_is_refused_and_the_same_words_are_not_c8(cast: Cast) -> None:
    p = bozza(cast)
    riga = atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    versione = atto.impronta_atto(riga)
    atto.modifica_atto(atto=riga, dati={"prova": "Ricevute"}, versione=versione, attore=cast.operatore)
    with pytest.raises(VersioneSuperata):
        atto.modifica_atto(atto=riga, dati={"prova": "Altro"}, versione=versione, attore=cast.collega)
    assert (
        atto.modifica_atto(atto=riga, dati={"prova": "Ricevute"}, versione=versione, attore=cast.collega).prova
        == "Ricevute"
    )


def test_removing_twice_is_harmless_and_changing_what_is_gone_is_said(cast: Cast) -> None:
    p = bozza(cast)
    riga = atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    for _ in range(2):
        atto.elimina_atto(atto=riga, attore=cast.operatore)
    assert Evento.objects.filter(azione=Azione.PATTO_MODIFICATO).count() == 2  # added, removed
    with pytest.raises(RegolaViolata, match="tolto"):
        atto.modifica_atto(atto=riga, dati={"prova": "x"}, versione="", attore=cast.operatore)


def test_acts_of_the_last_pact_are_taken_up_without_their_past_dates(cast: Cast) -> None:
    vecchio = firmato(cast)
    vecchio.atti.create(tipo="rete", descrizione="Corso", entro_il=oggi() - dt.timedelta(days=3), prova="Attestato")
    patto.chiudi_patto(patto=vecchio, motivo="Fine", attore=cast.operatore, adesso=adesso())
    nuovo = patto.prepara_bozza(colloquio=vecchio.colloquio, attore=cast.operatore, adesso=adesso())
    assert atto.riprendi_atti(patto=nuovo, attore=cast.operatore, adesso=adesso()) == 2
    assert atto.riprendi_atti(patto=nuovo, attore=cast.operatore, adesso=adesso()) == 0
    assert nuovo.atti.get(descrizione="Corso").entro_il is None


def test_nothing_to_take_up_is_said(cast: Cast) -> None:
    with pytest.raises(RegolaViolata, match="patto precedente"):
        atto.riprendi_atti(patto=bozza(cast), attore=cast.operatore, adesso=adesso())


def test_a_plan_holds_so_many_acts(cast: Cast) -> None:
    p = bozza(cast)
    for numero in range(atto.ATTI_MASSIMI):
        p.atti.create(tipo="utente", descrizione=f"Atto {numero}")
    with pytest.raises(RegolaViolata, match="al massimo"):
        atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)


# ---- Measures


def aggiungi(cast: Cast, p: PattoDiServizio, *chiavi: str) -> list[Misura]:
    return misura.aggiungi_misure(patto=p, chiavi=chiavi, attore=cast.operatore, adesso=adesso())


def test_usual_hours_come_along_and_without_hours_a_measure_is_only_proposed_m3(cast: Cast) -> None:
    p = bozza(cast)
    aggiungi(cast, p, "bilancio-competenze", "tirocinio", "colloquio-patto")
    aggiungi(cast, p, "bilancio-competenze")  # a second click
    righe = {m.servizio.chiave: m for m in p.misure.select_related("servizio")}
    assert len(righe) == 4  # the tirocinio brings its tutoring
    assert (righe["bilancio-competenze"].stato, righe["bilancio-competenze"].ore_previste) == ("concordata", 8)
    assert righe["colloquio-patto"].ore_previste == Decimal("1.5")
    assert (righe["tirocinio"].stato, righe["tirocinio"].ore_previste) == ("proposta", None)
    assert all(m.inizio_previsto == oggi() for m in righe.values())


def test_a_retired_service_is_not_agreed(cast: Cast) -> None:
    p = bozza(cast)
    Servizio.objects.filter(chiave="eures").update(valido_al=oggi() - dt.timedelta(days=1))
    assert aggiungi(cast, p, "eures") == []


@pytest.mark.parametrize(
    ("dati", "campo"),
    [
        ({"inizio_previsto": None}, "inizio_previsto"),
        ({"ore_previste": None}, "ore_previste"),
        ({"fine_prevista": "prima"}, "fine_prevista"),
        ({"fine_prevista": "dopo il patto"}, "fine_prevista"),
        ({"inizio_previsto": "prima"}, "inizio_previsto"),
    ],
)
def test_dates_and_hours_as_the_state_asks_inside_the_pact_m3(cast: Cast, dati: dict[str, object], campo: str) -> None:
    p = bozza(cast)
    (riga,) = aggiungi(cast, p, "consulenza-orientativa")
    giorni = {"prima": oggi() - dt.timedelta(days=9), "dopo il patto": aggiungi_mesi(oggi(), 30)}
    valori = {c: giorni.get(v, v) if isinstance(v, str) else v for c, v in dati.items()}
    with pytest.raises(RegolaViolata) as errore:
        misura.modifica_misura(misura=riga, dati=valori, versione=misura.impronta_misura(riga), attore=cast.operatore)
    assert errore.value.campo == campo
    riga.refresh_from_db()
    assert riga.fine_prevista is None


def test_an_agreed_measure_without_hours_is_refused_by_the_database_too(cast: Cast) -> None:
    (riga,) = aggiungi(cast, bozza(cast), "consulenza-orientativa")
    with pytest.raises(IntegrityError), transaction.atomic():
        Misura.objects.filter(pk=riga.pk).update(ore_previste=None)


def test_a_stale_measure_is_refused_c8(cast: Cast) -> None:
    (riga,) = aggiungi(cast, bozza(cast), "consulenza-orientativa")
    riga.refresh_from_db()
    versione = misura.impronta_misura(riga)
    misura.modifica_misura(misura=riga, dati={"note": "a"}, versione=versione, attore=cast.operatore)
    with pytest.raises(VersioneSuperata):
        misura.modifica_misura(misura=riga, dati={"note": "b"}, versione=versione, attore=cast.collega)
    for _ in range(2):
        misura.elimina_misura(misura=riga, attore=cast.operatore)
    with pytest.raises(RegolaViolata, match="tolta"):
        misura.modifica_misura(misura=riga, dati={"note": "c"}, versione=versione, attore=cast.operatore)
