"""Real threads on the interview: one wins, the other is told, nothing is half written (C1, C8)."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable

import pytest
from django.db import connection

from orientamento.comune.calendario import adesso
from orientamento.comune.errori import VersioneSuperata
from psp.models import Appuntamento, AreaAnalisi, Colloquio
from psp.services import colloquio as servizi
from psp.services.appuntamento import registra_tempo
from tests.cast import Cast, crea_cast
from tests.psp.scene import apri, informato


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return crea_cast()


def insieme(*verbi: Callable[[], object]) -> list[object]:
    """Run all at the same moment, each with a connection of its own; what each returned or raised."""
    via, esiti = threading.Barrier(len(verbi)), [None] * len(verbi)

    def corri(posto: int, verbo: Callable[[], object]) -> None:
        try:
            via.wait()
            esiti[posto] = verbo()
        except Exception as errore:  # every outcome is judged by the test
            esiti[posto] = errore
        finally:
            connection.close()

    fili = [threading.Thread(target=corri, args=(n, v)) for n, v in enumerate(verbi)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join()
    return esiti


def test_two_operators_saving_the_same_phase(cast: Cast) -> None:
    """One text is saved whole, with its ten areas; the other is refused whole."""
    colloquio = informato(cast)

    def scrive(nome: str) -> Callable[[], object]:
        dati = {servizi.campo_area(area, "note"): f"Di {nome}" for area in ("profilo", "vincoli", "metodo")}
        return lambda: servizi.salva_fase(
            colloquio=colloquio, fase=2, dati=dati, versione=1, attore=getattr(cast, nome), adesso=adesso()
        )

    for _ in range(3):
        Colloquio.objects.update(versione_2=1, scritture={})
        AreaAnalisi.objects.all().delete()
        esiti = insieme(scrive("operatore"), scrive("collega"))
        assert sum(isinstance(e, VersioneSuperata) for e in esiti) == 1
        assert len({riga.note for riga in AreaAnalisi.objects.all()}) == 1
        assert AreaAnalisi.objects.count() == 3
        assert Colloquio.objects.get().versione_2 == 2


def test_two_clicks_open_one_interview(cast: Cast) -> None:
    esiti = insieme(*[lambda: apri(cast)] * 4)
    assert len({e.pk for e in esiti}) == 1  # type: ignore[attr-defined]
    assert Colloquio.objects.count() == 1


def test_two_windows_begin_one_sitting_and_count_the_time_once(cast: Cast) -> None:
    colloquio = apri(cast)
    ora = adesso()
    batti = [
        lambda: registra_tempo(
            colloquio=colloquio,
            fase=1,
            secondi=30,
            pagina_aperta_il=ora.replace(microsecond=0),
            attore=cast.operatore,
            adesso=ora.replace(microsecond=0) + dt.timedelta(seconds=30),
        )
    ] * 4
    esiti = insieme(*batti)
    assert not [e for e in esiti if isinstance(e, Exception)]
    assert Appuntamento.objects.get().misurati_1 == 30


def test_saving_while_another_concludes_leaves_no_late_text(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    colloquio = informato(cast)
    monkeypatch.setattr("psp.services.colloquio.mancanze_colloquio", lambda *_: [])
    insieme(
        lambda: servizi.concludi_colloquio(colloquio=colloquio, attore=cast.collega, adesso=adesso()),
        lambda: servizi.salva_fase(
            colloquio=colloquio,
            fase=2,
            dati={"area_profilo_note": "Tardi"},
            versione=1,
            attore=cast.operatore,
            adesso=adesso(),
        ),
    )
    colloquio.refresh_from_db()
    assert colloquio.concluso_il is not None
    assert colloquio.versione_2 == 1 + AreaAnalisi.objects.count()


def test_without_the_lock_both_would_write(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control of the first race: it is the lock that makes one of the two lose."""
    colloquio = informato(cast)
    letti = threading.Barrier(2)

    def senza_lock(colloquio_id: int) -> Colloquio:
        letto = Colloquio.objects.select_related("utente").get(pk=colloquio_id)
        letti.wait(timeout=20)
        return letto

    monkeypatch.setattr(servizi, "blocca_colloquio", senza_lock)
    scritture = [
        lambda nome=nome: servizi.salva_fase(
            colloquio=colloquio,
            fase=2,
            dati={"area_profilo_note": nome},
            versione=1,
            attore=getattr(cast, nome),
            adesso=adesso(),
        )
        for nome in ("operatore", "collega")
    ]
    assert not [e for e in insieme(*scritture) if isinstance(e, Exception)]
