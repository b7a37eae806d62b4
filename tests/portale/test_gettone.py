"""The token: asked once, shared, renewed before its end and once when refused; what happens where it cannot be had."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.portale import errori
from curriculum.portale import gettone as modulo_gettone
from curriculum.portale.client import Portale
from tests.portale import contratto
from tests.portale.finto import Chiamata, PortaleFinto, Risposta, gettone, problema
from tests.portale.operazioni import CODICE, OPERAZIONI, risposta_buona

CONFERMATA = Risposta(200, {"stato": "confermata"})


def numerati(finto: PortaleFinto, durata: int = 3600) -> None:
    """Each request for a token gets another one."""
    finto.al_gettone = lambda _: gettone(f"gettone-{len(finto.gettoni)}", durata)
    finto.risponde(CONFERMATA)


def fallita(cliente: Portale, nome: str = "mettiCurriculum") -> errori.ErroreTemporaneo:
    with pytest.raises(errori.ErroreTemporaneo) as preso:
        OPERAZIONI[nome](cliente)
    return preso.value


def test_it_is_asked_once(cliente: Portale, finto: PortaleFinto) -> None:
    numerati(finto)
    for _ in range(4):
        cliente.cerca(CODICE)
    assert len(finto.gettoni) == 1
    assert {c.intestazioni["authorization"] for c in finto.operazioni} == {"Bearer gettone-1"}


@pytest.mark.parametrize(("durata", "valido", "finito"), [(3600, 3500, 3545), (10, 8, 9.5), (1, 0.8, 0.95)])
def test_it_is_renewed_before_its_end(
    cliente: Portale, finto: PortaleFinto, monkeypatch: pytest.MonkeyPatch, durata: int, valido: float, finito: float
) -> None:
    numerati(finto, durata)
    passati = 0.0
    monkeypatch.setattr(modulo_gettone, "time", SimpleNamespace(monotonic=lambda: 1000.0 + passati))
    for passati in (0.0, valido, finito):  # noqa: B007 - the clock above reads it
        cliente.cerca(CODICE)
    assert [c.intestazioni["authorization"][-1] for c in finto.operazioni] == ["1", "1", "2"]


@pytest.mark.parametrize("nome", OPERAZIONI)
def test_refused_midway_it_is_renewed_once_and_the_same_request_repeated(
    cliente: Portale, finto: PortaleFinto, nome: str
) -> None:
    numerati(finto)
    buona = Risposta(200, risposta_buona(nome))

    def scaduto(chiamata: Chiamata) -> Risposta:
        return problema(401, "non_autenticato") if chiamata.intestazioni["authorization"].endswith("-1") else buona

    finto.risposta = scaduto
    assert OPERAZIONI[nome](cliente).stato == buona.corpo["stato"]
    prima, dopo = finto.operazioni
    assert (prima.percorso, prima.corpo) == (dopo.percorso, dopo.corpo)
    assert prima.intestazioni.get("idempotency-key") == dopo.intestazioni.get("idempotency-key")
    assert len(finto.gettoni) == 2
    OPERAZIONI[nome](cliente)
    assert len(finto.gettoni) == 2


@pytest.mark.parametrize("nome", OPERAZIONI)
def test_refused_twice_the_credentials_are_to_blame(cliente: Portale, finto: PortaleFinto, nome: str) -> None:
    finto.risponde(Risposta(401, b"who are you", "text/plain"))
    errore = fallita(cliente, nome)
    assert type(errore) is errori.CredenzialiRifiutate
    assert errore.incerto is False
    assert (len(finto.operazioni), len(finto.gettoni)) == (2, 2)
    assert "avvisarla" in errore.messaggio


@pytest.mark.parametrize(
    ("risposta", "genere", "codice", "riprova_tra"),
    [
        (Risposta(401, {"error": "invalid_client"}), errori.CredenzialiRifiutate, "credenziali_rifiutate", None),
        (Risposta(400, {"error": "invalid_scope"}), errori.CredenzialiRifiutate, "credenziali_rifiutate", None),
        (Risposta(401, b"<p>No</p>", "text/html"), errori.CredenzialiRifiutate, "credenziali_rifiutate", None),
        (problema(429, "troppe_richieste", Retry_After="9"), errori.ErroreTemporaneo, "troppe_richieste", 9.0),
        (problema(503, "non_disponibile", Retry_After="60"), errori.ErroreTemporaneo, "accesso_guasto", 60.0),
        (Risposta(500, b"", "text/html"), errori.ErroreTemporaneo, "accesso_guasto", None),
        (Risposta(302, b"", "", {"Location": "/"}), errori.ErroreTemporaneo, "accesso_guasto", None),
        (Risposta(404, b"", "text/html"), errori.ErroreTemporaneo, "accesso_guasto", None),
        (Risposta(200, b"{", "application/json"), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (Risposta(200, b"<p>Accedi</p>", "text/html"), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (Risposta(200, b"x" * 300_000, "text/html"), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (Risposta(200, []), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (Risposta(200, {"error": "server_error"}), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone(""), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone("due\r\nrighe"), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone("x" * 9000), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone(durata="presto"), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone(durata=0), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone(durata=True), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (gettone(durata=float("inf")), errori.ErroreTemporaneo, "risposta_non_valida", None),
        (
            Risposta(200, {"access_token": "a", "token_type": "mac", "expires_in": 60}),
            errori.ErroreTemporaneo,
            "risposta_non_valida",
            None,
        ),
    ],
)
@pytest.mark.parametrize("nome", ["cercaCittadino", "mettiCurriculum"])
def test_without_a_token_nothing_has_left(
    cliente: Portale, finto: PortaleFinto, nome: str, risposta: Risposta, genere, codice: str, riprova_tra
) -> None:
    finto.al_gettone = lambda _: risposta
    errore = fallita(cliente, nome)
    assert type(errore) is genere
    assert (errore.codice, errore.incerto, errore.riprova_tra) == (codice, False, riprova_tra)
    assert finto.operazioni == []
    finto.al_gettone = lambda _: gettone()
    finto.risponde(Risposta(200, risposta_buona(nome)))
    OPERAZIONI[nome](cliente)


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(dati=contratto.esempi({"$ref": "#/components/schemas/Gettone"}))
def test_every_token_of_the_contract_is_taken(finto: PortaleFinto, dati: dict[str, object]) -> None:
    """Its text alone must fit a header: visible ASCII, as RFC 6750 has it."""
    scrivibile = str(dati["access_token"]).isascii() and str(dati["access_token"]).isprintable()
    scrivibile = scrivibile and " " not in str(dati["access_token"])
    finto.azzera()
    finto.al_gettone = lambda _: Risposta(200, dati)
    finto.risponde(CONFERMATA)
    cliente = Portale(url=finto.url, cliente="a", segreto="b")
    if scrivibile:
        assert cliente.cerca(CODICE).stato == "confermata"
        assert finto.operazioni[0].intestazioni["authorization"] == f"Bearer {dati['access_token']}"
    else:
        assert fallita(cliente, "cercaCittadino").codice == "risposta_non_valida"
    cliente.chiudi()


@settings(max_examples=60, suppress_health_check=list(HealthCheck))
@given(
    dati=st.fixed_dictionaries(
        {"access_token": st.just("a"), "token_type": st.just("Bearer"), "expires_in": st.just(60)},
        optional={
            "expires_at": st.none() | st.text() | st.integers() | st.lists(st.none(), max_size=1),
            "error": st.none() | st.text(),
            "refresh_token": st.text(),
            "scope": st.text(),
        },
    )
)
def test_more_than_asked_for_breaks_nothing(finto: PortaleFinto, dati: dict[str, object]) -> None:
    finto.azzera()
    finto.al_gettone = lambda _: Risposta(200, dati)
    finto.risponde(CONFERMATA)
    cliente = Portale(url=finto.url, cliente="a", segreto="b")
    try:
        esito = cliente.cerca(CODICE)
    except errori.ErroreTemporaneo as errore:
        esito = None
        codice = errore.codice
    assert codice == "risposta_non_valida" if esito is None else esito.stato == "confermata"
    cliente.chiudi()


def test_threads_share_one_request_for_the_token(cliente: Portale, finto: PortaleFinto) -> None:
    tutti = threading.Barrier(8)
    via = threading.Event()

    def lento(_: Chiamata) -> Risposta:
        via.wait(5)
        return gettone()

    def cerca(_: int) -> str:
        tutti.wait(5)
        registrazione = cliente.cerca(CODICE)
        assert registrazione is not None
        return registrazione.stato

    finto.al_gettone = lento
    finto.risponde(CONFERMATA)
    with ThreadPoolExecutor(8) as fili:
        esiti = [fili.submit(cerca, n) for n in range(8)]
        while not finto.gettoni and not all(e.done() for e in esiti):
            via.wait(0.01)
        via.set()
        assert [e.result(10) for e in esiti] == ["confermata"] * 8
    assert len(finto.gettoni) == 1
    assert len(finto.operazioni) == 8


def test_threads_whose_token_is_refused_ask_for_one_new_token(cliente: Portale, finto: PortaleFinto) -> None:
    numerati(finto)
    cliente.cerca(CODICE)
    insieme = threading.Barrier(6)

    def scaduto(chiamata: Chiamata) -> Risposta:
        if chiamata.intestazioni["authorization"].endswith("-1"):
            insieme.wait(5)
            return problema(401, "non_autenticato")
        return CONFERMATA

    finto.risposta = scaduto
    with ThreadPoolExecutor(6) as fili:
        assert all(r is not None for r in fili.map(lambda _: cliente.cerca(CODICE), range(6)))
    assert len(finto.gettoni) == 2


def test_one_client_never_shows_its_secret_to_another(finto: PortaleFinto) -> None:
    finto.risponde(CONFERMATA)
    for cliente, segreto in (("uno", "primo"), ("due", "secondo")):
        portale = Portale(url=finto.url, cliente=cliente, segreto=segreto)
        portale.cerca(CODICE)
        portale.chiudi()
    attese = [contratto.base64.b64encode(c).decode() for c in (b"uno:primo", b"due:secondo")]
    assert [c.intestazioni["authorization"] for c in finto.gettoni] == [f"Basic {a}" for a in attese]
    from authlib.oauth2 import client as libreria

    assert "Authorization" not in libreria.DEFAULT_HEADERS
