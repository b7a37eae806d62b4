"""What the client makes of every answer: those of the contract, those that break it, those of no portal at all."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.portale import errori
from curriculum.portale.client import Portale
from tests.portale import contratto
from tests.portale.finto import PortaleFinto, Risposta, problema
from tests.portale.operazioni import CODICE, OPERAZIONI, REGISTRAZIONI, risposta_buona

esempi = settings(max_examples=30, suppress_health_check=list(HealthCheck))
QUALI = pytest.mark.parametrize("nome", OPERAZIONI)

# What each refusal of the contract means, written down a second time: by operation, status and code.
RICHIESTA = {(400, "richiesta_non_valida"): errori.RichiestaNonValida}
RIUSATA = {(409, "chiave_riusata"): errori.ChiaveRiusata}
SCONOSCIUTO = {(404, "cittadino_sconosciuto"): errori.CittadinoSconosciuto}
RIFIUTI: dict[str, dict[tuple[int, str], type[errori.ErroreDefinitivo] | None]] = {
    "cercaCittadino": {**RICHIESTA, (404, "cittadino_sconosciuto"): None},
    "statoCurriculum": {**RICHIESTA, (404, "cittadino_sconosciuto"): None},
    "preregistraCittadino": {
        **RICHIESTA,
        (409, "posta_diversa"): errori.PostaDiversa,
        **RIUSATA,
        (422, "registrazione_rifiutata"): errori.RegistrazioneRifiutata,
    },
    "rimandaConferma": {**RICHIESTA, **SCONOSCIUTO, **RIUSATA},
    "mettiCurriculum": {
        **RICHIESTA,
        **SCONOSCIUTO,
        (409, "registrazione_da_confermare"): errori.RegistrazioneDaConfermare,
        **RIUSATA,
        (422, "file_rifiutato"): errori.ContenutoRifiutato,
        (422, "impronta_diversa"): errori.ContenutoRifiutato,
    },
    "togliDaIntuition": {**RICHIESTA, **RIUSATA},
}


def operazione_del_contratto(nome: str) -> dict[str, Any]:
    return next(
        voce
        for percorso in contratto.CONTRATTO["paths"].values()
        for metodo, voce in percorso.items()
        if metodo in contratto.METODI and voce["operationId"] == nome
    )


def fallita(nome: str, cliente: Portale) -> errori.ErrorePortale:
    with pytest.raises(errori.ErrorePortale) as preso:
        OPERAZIONI[nome](cliente)
    return preso.value


def assert_non_capita(nome: str, cliente: Portale) -> None:
    errore = fallita(nome, cliente)
    assert type(errore) is errori.ErroreTemporaneo
    assert (errore.codice, errore.incerto, errore.riprova_tra) == ("risposta_non_valida", True, None)


@pytest.mark.parametrize(
    ("nome", "stato"),
    [
        (nome, int(stato))
        for nome in OPERAZIONI
        for stato in operazione_del_contratto(nome)["responses"]
        if stato.startswith("2")
    ],
)
@esempi
@given(dati=st.data())
def test_every_good_answer_of_the_contract_is_understood(
    cliente: Portale, finto: PortaleFinto, nome: str, stato: int, dati: st.DataObject
) -> None:
    contenuto = contratto.risolto(operazione_del_contratto(nome)["responses"][str(stato)])["content"]
    ((tipo, voce),) = contenuto.items()
    corpo = dati.draw(contratto.esempi(voce["schema"]))
    intestazione = dati.draw(st.sampled_from([tipo, tipo.upper(), f"{tipo}; charset=utf-8"]))
    finto.risponde(Risposta(stato, corpo, intestazione))
    esito = OPERAZIONI[nome](cliente)
    assert esito.stato == corpo["stato"]
    for campo in ("canale", "sha256", "intuition"):
        if hasattr(esito, campo):
            assert getattr(esito, campo) == corpo.get(campo)
    for campo in ("obsoleto", "cancellato_dal_cittadino"):
        if hasattr(esito, campo):
            assert getattr(esito, campo) is corpo.get(campo, False)
    if hasattr(esito, "messaggi"):
        assert esito.messaggi == min(corpo.get("messaggi", 0), 32_767)
    if hasattr(esito, "chiave"):
        assert str(esito.chiave or "") == corpo.get("chiave", "").lower()
    for campo in ("ultimo_messaggio_il", "ricevuto_il"):
        if hasattr(esito, campo):
            scritto = corpo.get(campo)
            letto = getattr(esito, campo)
            assert (letto is None) == (scritto is None)
            assert letto is None or letto == contratto.dt.datetime.fromisoformat(scritto.upper())


@pytest.mark.parametrize(
    ("nome", "stato"),
    [
        (nome, int(stato))
        for nome in OPERAZIONI
        for stato in operazione_del_contratto(nome)["responses"]
        if not stato.startswith("2")
    ],
)
@esempi
@given(dati=st.data())
def test_every_problem_of_the_contract_becomes_the_right_error(
    cliente: Portale, finto: PortaleFinto, nome: str, stato: int, dati: st.DataObject
) -> None:
    risposta = contratto.risolto(operazione_del_contratto(nome)["responses"][str(stato)])
    corpo = dati.draw(contratto.esempi(risposta["content"]["application/problem+json"]["schema"]))
    attesa = dati.draw(contratto.esempi(risposta.get("headers", {}).get("Retry-After", {}).get("schema", {"const": 0})))
    intestazioni = {"Retry-After": str(int(attesa))} if "Retry-After" in risposta.get("headers", {}) else {}
    finto.risponde(Risposta(stato, corpo, intestazioni=intestazioni))
    atteso: Any = RIFIUTI[nome].get((stato, corpo["codice"]), errori.ErroreTemporaneo)
    if stato == 401:
        atteso = errori.CredenzialiRifiutate
    elif stato == 413:
        atteso = errori.ContenutoRifiutato
    if atteso is None:
        assert OPERAZIONI[nome](cliente) is None
        return
    errore = fallita(nome, cliente)
    assert type(errore) is atteso
    assert len(errore.messaggio) <= 300
    if atteso is errori.ErroreTemporaneo:
        assert errore.incerto is (stato != 429)
        assert errore.riprova_tra == (float(int(attesa)) if intestazioni else None)


@QUALI
@esempi
@given(dati=st.data())
def test_it_believes_what_the_schema_allows_and_nothing_else(
    cliente: Portale, finto: PortaleFinto, nome: str, dati: st.DataObject
) -> None:
    """A good answer with one field missing or of another kind: the schema is the oracle."""
    schema = "Registrazione" if nome in REGISTRAZIONI else "StatoCurriculum"
    corpo = dati.draw(contratto.esempi({"$ref": f"#/components/schemas/{schema}"}))
    letti = (
        {"stato", "canale", "messaggi", "ultimo_messaggio_il"}
        if nome in REGISTRAZIONI
        else set(contratto.CONTRATTO["components"]["schemas"][schema]["properties"])
    )
    campo = dati.draw(st.sampled_from(sorted(letti)))
    strano = st.one_of(
        st.none(),
        st.booleans(),
        st.integers(-5, 5),
        st.floats(-3, 3),
        st.text(max_size=8),
        st.sampled_from(["assente", "posta", "2026-11-23", "2026-11-23T10:00:00", "2026-02-30T10:00:00Z", "A" * 64]),
        st.just([]),
        st.just({}),
    )
    if dati.draw(st.booleans()):
        corpo[campo] = dati.draw(strano)
    else:
        corpo.pop(campo, None)
    finto.risponde(Risposta(200, corpo))
    if contratto.schema(schema).is_valid(corpo):
        assert OPERAZIONI[nome](cliente).stato == corpo["stato"]
    else:
        assert_non_capita(nome, cliente)


LUNGA = json.dumps({**risposta_buona("mettiCurriculum"), "x": "a" * 300_000}).encode()
ROTTE = {
    "no JSON": Risposta(200, b"{", "application/json"),
    "empty": Risposta(200, b"", "application/json"),
    "nothing at all": Risposta(204, b"", "application/json"),
    "a page": Risposta(200, b"<!doctype html><p>Accedi</p>", "text/html; charset=utf-8"),
    "a good body called a page": Risposta(200, {"stato": "confermata", "intuition": "assente"}, "text/html"),
    "a good body called nothing": Risposta(
        200, {"stato": "confermata", "intuition": "assente"}, intestazioni={"Content-Type": ""}
    ),
    "a list": Risposta(200, [risposta_buona("mettiCurriculum")]),
    "a word": Risposta(200, "ok"),
    "null": Risposta(200, None),
    "an empty object": Risposta(200, {}),
    "a state of the other kind": Risposta(200, {"stato": "boh", "intuition": "boh"}),
    "not UTF-8": Risposta(200, b'{"stato": "\xe8"}', "application/json"),
    "deep": Risposta(200, b"[" * 200_000, "application/json"),
    "a huge number": Risposta(200, b'{"stato": "confermata", "messaggi": ' + b"9" * 5000 + b"}", "application/json"),
    "huge": Risposta(200, LUNGA),
    "compressed": Risposta(200, risposta_buona("mettiCurriculum"), intestazioni={"Content-Encoding": "gzip"}),
    "accepted for later": Risposta(202, risposta_buona("mettiCurriculum")),
    "moved": Risposta(302, b"", "text/html", {"Location": "/altrove"}),
    "moved for good": Risposta(308, b"", "text/html", {"Location": "https://example.org/"}),
    "moved to nowhere": Risposta(307, b"", "text/html", {"Location": "http://[broken"}),
    "forbidden": Risposta(403, b"<p>Request blocked</p>", "text/html"),
    "a page not found": Risposta(404, b"<p>Not Found</p>", "text/html"),
    "not found, of another kind": problema(404, "guasto"),
    "a refusal with another's status": problema(400, "cittadino_sconosciuto"),
    "a refusal without status": Risposta(404, {"codice": "cittadino_sconosciuto"}),
    "a refusal with no code": Risposta(409, {"status": 409}),
    "a refusal with a list for a code": Risposta(409, {"status": 409, "codice": ["posta_diversa"]}),
    "a code nobody knows": problema(409, "luna_piena"),
    "a refusal called plain JSON": Risposta(404, {"status": 404, "codice": "cittadino_sconosciuto"}, "text/plain"),
    "a teapot": Risposta(418, b"", "text/plain"),
}


@QUALI
@pytest.mark.parametrize("rotta", ROTTE)
def test_an_answer_outside_the_contract_is_never_believed(
    cliente: Portale, finto: PortaleFinto, nome: str, rotta: str
) -> None:
    finto.risponde(ROTTE[rotta])
    assert_non_capita(nome, cliente)
    assert len(finto.operazioni) == 1
    finto.risponde(Risposta(200, risposta_buona(nome)))
    assert OPERAZIONI[nome](cliente).stato == risposta_buona(nome)["stato"]


@QUALI
@pytest.mark.parametrize("stato", [500, 501, 502, 503, 504, 520, 599])
@pytest.mark.parametrize("pagina", [True, False])
def test_a_fault_is_tried_again_after_asking(
    cliente: Portale, finto: PortaleFinto, nome: str, stato: int, pagina: bool
) -> None:
    """Also in the words of a server in front of the portal."""
    finto.risponde(Risposta(stato, b"<h1>Bad Gateway</h1>", "text/html") if pagina else problema(stato, "guasto"))
    errore = fallita(nome, cliente)
    assert type(errore) is errori.ErroreTemporaneo
    assert errore.incerto is True
    assert errore.codice == ("non_disponibile" if stato in (502, 503, 504) else "guasto")


@QUALI
def test_too_many_requests_are_certainly_not_done(cliente: Portale, finto: PortaleFinto, nome: str) -> None:
    finto.risponde(Risposta(429, b"slow down", "text/plain", {"Retry-After": "7"}))
    errore = fallita(nome, cliente)
    assert type(errore) is errori.ErroreTemporaneo
    assert (errore.codice, errore.incerto, errore.riprova_tra) == ("troppe_richieste", False, 7.0)


@pytest.mark.parametrize(
    ("detto", "atteso"),
    [
        ("0", 0.0),
        ("120", 120.0),
        ("86400", 86400.0),
        ("86401", 86400.0),
        ("9" * 4000, 86400.0),
        (" 15 ", 15.0),
        ("Mon, 23 Nov 2015 10:00:00 GMT", 0.0),
        ("Fri, 31 Dec 2199 23:59:59 GMT", 86400.0),
        ("Fri, 31 Dec 99999 23:59:59 GMT", None),
        ("-5", None),
        ("1.5", None),
        ("٣", None),
        ("domani", None),
        ("", None),
    ],
)
def test_how_long_the_portal_asks_to_wait(detto: str, atteso: float | None) -> None:
    assert errori.attesa_chiesta({"retry-after": detto}) == atteso


def test_a_date_to_wait_for_counts_from_now(
    cliente: Portale, finto: PortaleFinto, time_machine_alle_dieci: None
) -> None:
    finto.risponde(problema(503, "non_disponibile", Retry_After="Mon, 23 Nov 2026 10:02:00 GMT"))
    errore = fallita("mettiCurriculum", cliente)
    assert isinstance(errore, errori.ErroreTemporaneo)
    assert errore.riprova_tra == pytest.approx(120.0, abs=5)


@pytest.fixture
def time_machine_alle_dieci() -> Any:
    import time_machine

    with time_machine.travel("2026-11-23T10:00:00+00:00", tick=True):
        yield


def test_a_file_too_large_is_final_also_in_a_proxys_words(cliente: Portale, finto: PortaleFinto) -> None:
    finto.risponde(Risposta(413, b"<h1>Request Entity Too Large</h1>", "text/html"))
    errore = fallita("mettiCurriculum", cliente)
    assert type(errore) is errori.ContenutoRifiutato
    assert "più leggera" in errore.messaggio


@pytest.mark.parametrize(
    ("nome", "risposta"),
    [
        (
            "preregistraCittadino",
            problema(422, "registrazione_rifiutata", "Minore di 15 anni\r\n<b>\x00\u202eRSSMRA</b>"),
        ),
        ("mettiCurriculum", problema(422, "file_rifiutato", "Minore di 15 anni" + " perché sì" * 100)),
    ],
)
def test_the_reason_is_for_people_never_for_the_log(
    cliente: Portale, finto: PortaleFinto, nome: str, risposta: Risposta
) -> None:
    finto.risponde(risposta)
    errore = fallita(nome, cliente)
    assert "Motivo dato dal portale: Minore di 15 anni" in errore.messaggio
    assert len(errore.messaggio) <= 300
    assert not set(errore.messaggio) & set("<>\x00\r\n\u202e")
    assert "anni" not in str(errore) + repr(errore)


def test_every_sentence_says_what_happens_next() -> None:
    """Whole sentences, short enough for the row; what happens by itself, or what to do."""
    generi = [g for g in vars(errori).values() if isinstance(g, type) and issubclass(g, errori.ErrorePortale)]
    assert len(generi) == 12
    for genere in generi:
        for codice in ("", *genere.FRASI):
            frase = genere(codice).messaggio
            assert frase[0].isupper()
            assert frase.endswith((".", ":"))
            assert len(frase) <= 240
            assert any(
                verbo in frase.lower()
                for verbo in ("resta in coda", "restano in coda", "ripetere", "avvisar", "chiederle", "trasferire")
            ), frase


@pytest.mark.parametrize(
    "codice",
    ["", "rssmra80a01h501u", "RSSMRA80A01H501", "../../oauth/token", "1234567890", "RSSMRA80A01H501U\n", "١" * 11],
)
def test_what_is_no_codice_fiscale_never_leaves(cliente: Portale, finto: PortaleFinto, codice: str) -> None:
    with pytest.raises(errori.RichiestaNonValida):
        cliente.cerca(codice)
    assert finto.chiamate == []


@pytest.mark.parametrize("manca", ["url", "cliente", "segreto"])
@QUALI
def test_without_settings_nothing_leaves(finto: PortaleFinto, nome: str, manca: str) -> None:
    cliente = Portale(**{"url": finto.url, "cliente": "a", "segreto": "b", manca: ""})
    errore = fallita(nome, cliente)
    assert type(errore) is errori.PortaleNonConfigurato
    assert (errore.incerto, errore.riprova_tra) == (False, None)
    assert finto.chiamate == []


@QUALI
def test_nothing_personal_reaches_the_log(
    cliente: Portale, finto: PortaleFinto, nome: str, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for risposta in [*ROTTE.values(), problema(404, "cittadino_sconosciuto", CODICE), problema(503, "guasto", CODICE)]:
        finto.risponde(risposta)
        if risposta.stato == 404 and nome in ("cercaCittadino", "statoCurriculum"):
            continue
        errore = fallita(nome, cliente)
        assert CODICE not in f"{errore!r} {errore} {errore.args}"
        assert errore.__suppress_context__ or errore.__context__ is None
    scritto = caplog.text + " ".join(repr(vars(riga)) for riga in caplog.records)
    assert "risposta_non_valida" in scritto or "outside the contract" in scritto
    for segreto in (CODICE, "Agrò", "zoe@example.it", "solo-per-prova", "gettone-1", "Primi piatti"):
        assert segreto not in scritto
