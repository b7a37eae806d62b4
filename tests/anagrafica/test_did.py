"""The DID (U3)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from orientamento.anagrafica.models import DID, Programma, StatoDID, Utente
from orientamento.anagrafica.services.did import cambia_stato_did, correggi_did, registra_did
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def programma(chiave: str = "nessuno") -> Programma:
    return Programma.objects.get(chiave=chiave)


def registra_una(cast: Cast, data: dt.date | None = None, chiave: str = "nessuno") -> DID:
    return registra_did(utente=cast.utente, data=data or oggi(), programma=programma(chiave), attore=cast.operatore)


def test_the_same_one_sent_twice_is_recorded_once_and_another_is_refused(cast: Cast) -> None:
    assert registra_una(cast).pk == registra_una(cast).pk
    with pytest.raises(RegolaViolata, match="già una DID in corso"):
        registra_una(cast, chiave="naspi")
    assert Evento.objects.filter(utente=cast.utente, azione="did_registrata").count() == 1


def test_the_database_keeps_one_in_force(cast: Cast) -> None:
    registra_una(cast)
    with pytest.raises(IntegrityError), transaction.atomic():
        DID.objects.create(utente=cast.utente, data=oggi(), programma=programma(), stato=StatoDID.SOSPESA)


@pytest.mark.parametrize(
    ("giorni", "chiave", "campo"), [(1, "nessuno", "data"), (-40_000, "nessuno", "data"), (0, "rdc", "programma")]
)
def test_refused_days(cast: Cast, giorni: int, chiave: str, campo: str) -> None:
    with pytest.raises(RegolaViolata) as errore:
        registra_una(cast, oggi() + dt.timedelta(days=giorni), chiave)
    assert errore.value.campo == campo


def test_a_programme_that_ended_is_good_for_a_did_of_its_time(cast: Cast) -> None:
    Utente.objects.filter(pk=cast.utente.pk).update(data_nascita=dt.date(1980, 1, 1))
    assert registra_una(cast, dt.date(2022, 5, 2), "rdc").termine_patto == dt.date(2022, 6, 1)


@pytest.mark.parametrize(("chiave", "giorni"), [("nessuno", 30), ("naspi", 15), ("dis-coll", 15), ("adi", 60)])
def test_days_to_the_pact(cast: Cast, chiave: str, giorni: int) -> None:
    assert registra_una(cast, chiave=chiave).giorni_al_termine(oggi()) == giorni


@pytest.mark.parametrize("da", StatoDID.values)
@pytest.mark.parametrize("a", StatoDID.values)
def test_every_passage_of_state(cast: Cast, da: str, a: str) -> None:
    did = registra_una(cast)
    DID.objects.filter(pk=did.pk).update(stato=da)
    permesso = da == a or da in ("valida", "sospesa")
    if permesso:
        assert cambia_stato_did(did=did, stato=StatoDID(a), attore=cast.operatore).stato == a
    else:
        with pytest.raises(RegolaViolata):
            cambia_stato_did(did=did, stato=StatoDID(a), attore=cast.operatore)
    attese = 1 if permesso and da != a else 0
    assert Evento.objects.filter(utente=cast.utente, azione="did_modificata").count() == attese


def test_correcting_writes_what_changed_and_not_a_closed_one(cast: Cast) -> None:
    did = registra_una(cast)
    ieri = oggi() - dt.timedelta(days=1)
    correggi_did(did=did, data=ieri, programma=programma("naspi"), attore=cast.operatore)
    evento = Evento.objects.get(utente=cast.utente, azione="did_modificata")
    assert evento.dettaglio["programma"] == ["Nessun sostegno", "NASpI"]
    cambia_stato_did(did=did, stato=StatoDID.CHIUSA, attore=cast.operatore)
    with pytest.raises(RegolaViolata, match="non è più in corso"):
        correggi_did(did=did, data=oggi(), programma=programma(), attore=cast.operatore)


class TestPage:
    def test_record_correct_and_close(self, cast: Cast) -> None:
        client, url = cast.client("operatore"), reverse("anagrafica:did", args=[cast.utente.pk])
        assert f"{oggi():%d/%m/%Y}" in client.get(url).content.decode()
        client.post(url, {"data": "20/11/2026", "programma": programma().pk})
        did = DID.objects.get(utente=cast.utente)
        client.post(url, {"data": "19/11/2026", "programma": programma("adi").pk})
        did.refresh_from_db()
        assert (did.data, did.programma.chiave) == (dt.date(2026, 11, 19), "adi")
        stato = reverse("anagrafica:stato_did", args=[cast.utente.pk, did.pk])
        for _ in range(2):
            assert client.post(stato, {"stato": "chiusa"}).status_code == 302
        did.refresh_from_db()
        assert did.stato == "chiusa"
        assert "DID precedenti" in client.get(url).content.decode()
        client.post(stato, {"stato": "inventato"})
        client.post(stato, {"stato": "valida"})
        did.refresh_from_db()
        assert did.stato == "chiusa"

    def test_an_error_keeps_what_was_typed(self, cast: Cast) -> None:
        url = reverse("anagrafica:did", args=[cast.utente.pk])
        risposta = cast.client("operatore").post(url, {"data": "31/02/2026", "programma": programma().pk})
        assert risposta.status_code == 422
        assert "31/02/2026" in risposta.content.decode()

    @pytest.mark.parametrize(
        ("chi", "stato"),
        [("collega", 200), ("responsabile", 200), ("incrocio", 403), ("estraneo", 404), ("amministratore", 404)],
    )
    def test_who_may(self, cast: Cast, chi: str, stato: int) -> None:
        client = cast.client(chi)
        did = registra_una(cast)
        assert client.get(reverse("anagrafica:did", args=[cast.utente.pk])).status_code == stato
        cambio = client.post(reverse("anagrafica:stato_did", args=[cast.utente.pk, did.pk]), {"stato": "sospesa"})
        assert cambio.status_code == (302 if stato == 200 else stato)
