"""What the portal does with each operation: registrations, CVs, keys, removal."""

from __future__ import annotations

import concurrent.futures
import uuid

import httpx
import pytest

from tests.curriculum.fabbrica import pdf
from tests.portale_prova.conftest import CODICE, Chiamate
from tests.portale_prova.server import PortaleDiProva


def codice_errore(risposta: httpx.Response) -> tuple[int, str]:
    assert risposta.headers["Content-Type"] == "application/problem+json"
    return risposta.status_code, risposta.json()["codice"]


def test_a_citizen_is_preregistered_confirms_by_the_link_and_only_then_has_a_cv(chiama: Chiamate) -> None:
    assert codice_errore(chiama.cerca()) == (404, "cittadino_sconosciuto")
    assert codice_errore(chiama.metti()) == (404, "cittadino_sconosciuto")

    detto = chiama.preregistra()
    assert (detto.status_code, detto.json()["stato"], detto.json()["canale"]) == (201, "da_confermare", "posta")
    assert codice_errore(chiama.metti()) == (409, "registrazione_da_confermare")

    [messaggio] = chiama.portale.messaggi(CODICE)
    assert messaggio["destinatario"] == "maria@example.it"
    assert chiama.http.get(messaggio["link"]).status_code == 200
    assert chiama.cerca().json()["stato"] == "confermata"
    messo = chiama.metti()
    assert messo.status_code == 201
    assert (messo.json()["stato"], messo.json()["intuition"]) == ("pubblicato", "presente")
    assert chiama.stato().json() == messo.json()


def test_without_mail_the_message_goes_by_sms(chiama: Chiamate) -> None:
    dati = {"cognome": "Neri", "nome": "Ugo", "data_nascita": "1970-05-05", "cellulare": "+393331234567"}
    intestazioni = {"Codice-Fiscale": CODICE, "Idempotency-Key": str(uuid.uuid4())}
    risposta = chiama.http.put("/v2/registrazione", json=dati, headers=intestazioni)
    assert risposta.json()["canale"] == "sms"
    assert chiama.portale.messaggi(CODICE)[0]["destinatario"] == "+393331234567"


def test_the_same_key_repeats_neither_message_nor_cv(chiama: Chiamate) -> None:
    chiave = str(uuid.uuid4())
    assert chiama.preregistra(chiave=chiave).status_code == 201
    assert chiama.preregistra(chiave=chiave).status_code == 200
    solleciti = [chiama.rimanda(chiave="11111111-1111-4111-8111-111111111111") for _ in range(2)]
    assert [risposta.json()["messaggi"] for risposta in solleciti] == [2, 2]
    chiama.portale.conferma(CODICE)

    file, chiave = pdf(), str(uuid.uuid4())
    assert [chiama.metti(file, chiave=chiave).status_code for _ in range(3)] == [201, 200, 200]
    assert codice_errore(chiama.metti(pdf(pagine=2), chiave=chiave)) == (409, "chiave_riusata")
    assert codice_errore(chiama.metti(file, chiave=chiave, titoli=[])) == (409, "chiave_riusata")
    assert chiama.portale.conteggi()["per_chiave"] == {chiave: 1}


def test_a_late_repetition_tells_the_present_state_and_brings_nothing_back(chiama: Chiamate) -> None:
    chiama.portale.registrati(CODICE)
    chiave = str(uuid.uuid4())
    chiama.metti(file := pdf(), chiave=chiave)
    assert chiama.togli().json()["intuition"] == "assente"
    ripetuto = chiama.metti(file, chiave=chiave)
    assert (ripetuto.status_code, ripetuto.json()["stato"], ripetuto.json()["intuition"]) == (
        200,
        "pubblicato",
        "assente",
    )


def test_a_portal_told_to_ignore_keys_counts_the_double(chiama: Chiamate) -> None:
    chiama.portale.registrati(CODICE)
    chiama.portale.guasti(ignora_chiave=True)
    chiave = str(uuid.uuid4())
    assert [chiama.metti(chiave=chiave).status_code for _ in range(2)] == [201, 201]
    assert chiama.portale.conteggi()["doppi"] == 1


def test_who_is_registered_with_another_mail_is_refused_but_a_wrong_first_mail_can_be_mended(chiama: Chiamate) -> None:
    chiama.preregistra(posta="sbagliata@example.it")
    corretta = chiama.preregistra(posta="giusta@example.it")
    assert (corretta.status_code, corretta.json()["messaggi"]) == (201, 2)
    chiama.portale.conferma(CODICE)
    assert chiama.preregistra(posta="Giusta@example.it").status_code == 200
    assert codice_errore(chiama.preregistra(posta="altra@example.it")) == (409, "posta_diversa")


def test_what_is_no_sound_pdf_or_not_what_was_declared_is_refused(chiama: Chiamate) -> None:
    chiama.portale.registrati(CODICE)
    assert codice_errore(chiama.metti(pdf(), sha256="0" * 64)) == (422, "impronta_diversa")
    for guasto in (b"", b"ciao", b"%PDF-1.7\n" + b"x" * 3000, pdf()[:-700] + b"%%EOF"):
        assert codice_errore(chiama.metti(guasto)) == (422, "file_rifiutato")
    assert codice_errore(chiama.metti(pdf() + b"\n" * (10 * 1024 * 1024))) == (413, "file_troppo_grande")
    assert codice_errore(chiama.metti(chiave="non-e-un-uuid")) == (400, "richiesta_non_valida")
    assert codice_errore(chiama.metti(codice="ROSSI")) == (400, "richiesta_non_valida")
    assert chiama.metti().status_code == 201


def test_without_a_good_token_nothing_is_told(chiama: Chiamate) -> None:
    chiama.http.headers["Authorization"] = "Bearer inventato"
    assert codice_errore(chiama.stato()) == (401, "non_autenticato")
    assert chiama.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=("x", "y")).json() == {
        "error": "invalid_client"
    }


def test_a_token_made_to_expire_is_good_for_nothing_afterwards(chiama: Chiamate) -> None:
    chiama.portale.guasti(gettone_scaduto=1)
    assert codice_errore(chiama.cerca()) == (401, "non_autenticato")
    chiama.portale.guasti(gettone_scaduto=0)
    assert codice_errore(chiama.cerca()) == (401, "non_autenticato")


def test_a_search_engine_that_takes_its_time_says_so(chiama: Chiamate) -> None:
    chiama.portale.registrati(CODICE)
    chiama.portale.guasti(intuition_differita_s=3600)
    messo = chiama.metti().json()
    assert (messo["stato"], messo["intuition"]) == ("ricevuto", "in_inserimento")
    assert chiama.togli().json()["intuition"] == "in_rimozione"
    assert chiama.togli("ZZZZZZ80A01D612X").json()["intuition"] == "assente"


@pytest.mark.parametrize("taglio", ["taglia_prima", "taglia_dopo"])
def test_a_cut_is_a_closed_connection_before_or_after_the_work(chiama: Chiamate, taglio: str) -> None:
    chiama.portale.registrati(CODICE)
    chiama.portale.guasti(**{taglio: 1})
    with pytest.raises((httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)):
        chiama.metti()
    chiama.portale.guasti(**{taglio: 0})
    assert chiama.stato().json()["stato"] == {"taglia_prima": "assente", "taglia_dopo": "pubblicato"}[taglio]


def test_faults_answer_as_the_contract_says(chiama: Chiamate) -> None:
    chiama.portale.guasti(troppe_richieste=1, riprova_dopo_s=7)
    assert codice_errore(risposta := chiama.cerca()) == (429, "troppe_richieste")
    assert risposta.headers["Retry-After"] == "7"
    chiama.portale.guasti(troppe_richieste=0, errore_500=1)
    assert codice_errore(chiama.cerca()) == (500, "guasto")
    chiama.portale.guasti(errore_500=0, rifiuta_registrazione=True)
    assert codice_errore(chiama.preregistra()) == (422, "registrazione_rifiutata")


def test_eight_writers_at_once_are_all_served(chiama: Chiamate) -> None:
    codici = [f"{numero:011d}" for numero in range(8)]
    chiama.portale.registrati(*codici)

    def scrivi(codice: str) -> list[int]:
        return [chiama.metti(codice=codice).status_code for _ in range(10)]

    with concurrent.futures.ThreadPoolExecutor(8) as insieme:
        assert [esiti for esiti in insieme.map(scrivi, codici) if esiti != [201] * 10] == []
    conteggi = chiama.portale.conteggi()
    assert (conteggi["ricezioni"], conteggi["doppi"], conteggi["curricula"]) == (80, 0, 8)


def test_eight_at_once_with_one_key_are_one_cv(chiama: Chiamate) -> None:
    chiama.portale.registrati(CODICE)
    file, chiave = pdf(), str(uuid.uuid4())
    with concurrent.futures.ThreadPoolExecutor(8) as insieme:
        esiti = list(insieme.map(lambda _: chiama.metti(file, chiave=chiave).status_code, range(8)))
    assert sorted(esiti) == [200] * 7 + [201]
    assert chiama.portale.conteggi()["ricezioni"] == 1


def test_a_killed_portal_comes_back_with_all_it_had_answered(tmp_path_factory: pytest.TempPathFactory) -> None:
    portale = PortaleDiProva(tmp_path_factory.mktemp("riavvio"))
    portale.avvia()
    try:
        chiama = Chiamate(portale)
        portale.registrati(CODICE)
        messo = chiama.metti().json()
        portale.guasti(conferma_automatica=True)
        portale.ferma(di_colpo=True)
        portale.avvia()
        assert chiama.stato().json() == messo
        assert httpx.get(f"{portale.url}/prova/guasti", trust_env=False).json()["conferma_automatica"] is True
    finally:
        portale.ferma()


def test_no_answer_is_to_be_kept(chiama: Chiamate) -> None:
    """One address answers about everybody: what it said of one must not be repeated to who asks of another."""
    for risposta in (chiama.cerca(), chiama.preregistra(), chiama.stato(), chiama.togli()):
        assert "no-store" in risposta.headers["Cache-Control"]
