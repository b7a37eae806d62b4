"""Every request that the client makes keeps to the contract, whatever the data of the person."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from curriculum.portale.client import Portale
from curriculum.portale.dati import CurriculumDaInviare, Preregistrazione, Propensione, TitoloDiStudio
from tests.portale import contratto
from tests.portale.finto import CLIENTE, GETTONE, SEGRETO, PortaleFinto, Risposta
from tests.portale.operazioni import OPERAZIONI, REGISTRAZIONI, risposta_buona

# The fixtures hold a server and a client that one example after the other may use.
esempi = settings(max_examples=60, suppress_health_check=list(HealthCheck))

CODICI = contratto.esempi({"$ref": "#/components/schemas/CodiceFiscale"})
PROVVISORI = st.from_regex(r"[0-9]{11}", fullmatch=True)
PAROLE = st.text(min_size=1, max_size=100) | st.sampled_from(["D’Agrò", "Đặng", "Ñandú-Müller", "O'Neill", "李"])
NUMERI = st.sampled_from(["333 123 4567", "+39 333 123 4567", "+393331234567", "0039 333 1234567", "+49 151 23456789"])
NOTE = st.text(max_size=300) | st.sampled_from(["\r\n--x\r\n", "\x00\x1f", "à" * 5000, "🙂" * 7000])
PROPENSIONI = st.lists(
    st.builds(
        Propensione,
        codice=st.text(max_size=20),
        professione=st.text(min_size=1, max_size=300),
        settore=st.text(max_size=200),
        note=NOTE,
    ),
    max_size=3,
)
TITOLI = st.lists(
    st.builds(
        TitoloDiStudio,
        livello=st.integers(0, 12),
        descrizione=st.text(max_size=300),
        anno=st.none() | st.integers(1900, 2200),
    ),
    max_size=8,
)
MOMENTI = st.datetimes(dt.datetime(2020, 1, 1), dt.datetime(2060, 1, 1), timezones=st.timezones())
FILE = st.binary(max_size=2000) | st.just(b"%PDF-1.7\r\n--\r\n\r\n--file--\r\n")


def una_sola(finto: PortaleFinto, nome: str, codice: str) -> object:
    """The data of the one operation that has arrived, about that citizen; the contract is its judge."""
    (chiamata,) = finto.operazioni
    finto.chiamate.remove(chiamata)
    assert chiamata.intestazioni["codice-fiscale"] == codice
    assert codice not in chiamata.percorso
    operazione, dati = contratto.controlla(chiamata, gettone=GETTONE, cliente=CLIENTE, segreto=SEGRETO)
    assert operazione == nome
    return dati


@pytest.fixture(autouse=True)
def _risposte_buone(finto: PortaleFinto) -> None:
    finto.risposta = lambda chiamata: Risposta(
        200,
        {"stato": "pubblicato", "intuition": "presente"}
        if "curriculum" in chiamata.percorso or "intuition" in chiamata.percorso
        else {"stato": "confermata"},
    )


@esempi
@given(codice=CODICI | PROVVISORI, chiave=st.uuids())
def test_those_without_data(cliente: Portale, finto: PortaleFinto, codice: str, chiave) -> None:
    cliente.cerca(codice)
    una_sola(finto, "cercaCittadino", codice)
    cliente.stato_curriculum(codice)
    una_sola(finto, "statoCurriculum", codice)
    cliente.rimanda_conferma(codice, chiave=chiave)
    assert finto.operazioni[0].intestazioni["idempotency-key"] == str(chiave)
    una_sola(finto, "rimandaConferma", codice)
    cliente.togli_da_intuition(codice, chiave=chiave)
    assert finto.operazioni[0].intestazioni["idempotency-key"] == str(chiave)
    una_sola(finto, "togliDaIntuition", codice)


@esempi
@given(
    codice=CODICI,
    cognome=PAROLE,
    nome=PAROLE,
    nata=st.dates(dt.date(1900, 1, 1)),
    posta=st.emails().filter(lambda p: len(p) <= 254),
    numero=NUMERI,
    quali=st.sampled_from(["posta", "cellulare", "tutti e due"]),
    chiave=st.uuids(),
)
def test_pre_registrations(cliente, finto, codice, cognome, nome, nata, posta, numero, quali, chiave) -> None:
    persona = Preregistrazione(
        cognome, nome, nata, "" if quali == "cellulare" else posta, "" if quali == "posta" else numero
    )
    cliente.preregistra(codice, persona, chiave=chiave)
    assert finto.operazioni[0].intestazioni["idempotency-key"] == str(chiave)
    dati = una_sola(finto, "preregistraCittadino", codice)
    assert (dati["cognome"], dati["nome"], dati["data_nascita"]) == (cognome, nome, nata.isoformat())
    assert dati.get("posta", "") == persona.posta
    assert ("cellulare" in dati) == bool(persona.cellulare)


@esempi
@given(codice=CODICI, file=FILE, caricato=MOMENTI, propensioni=PROPENSIONI, titoli=TITOLI, chiave=st.uuids())
def test_curricula(cliente, finto, codice, file, caricato, propensioni, titoli, chiave) -> None:
    impronta = hashlib.sha256(file).hexdigest()
    cliente.metti_curriculum(codice, CurriculumDaInviare(file, impronta, caricato, propensioni, titoli), chiave=chiave)
    assert finto.operazioni[0].intestazioni["idempotency-key"] == str(chiave)
    parti = una_sola(finto, "mettiCurriculum", codice)
    assert parti["file"] == file
    dati = parti["dati"]
    assert dati["sha256"] == impronta
    assert dt.datetime.fromisoformat(dati["caricato_il"]) == caricato.astimezone(dt.UTC)
    assert [(p["codice"], p["professione"], p.get("settore", "")) for p in dati["propensioni"]] == [
        (p.codice, p.professione, p.settore) for p in propensioni
    ]
    for mandata, nostra in zip(dati["propensioni"], propensioni, strict=True):
        nota = mandata.get("note", "")
        assert nota == nostra.note if len(nostra.note) <= 5000 else nota[:-1] == nostra.note[:4999]
    assert [(t["livello"], t["descrizione"], t.get("anno")) for t in dati["titoli"]] == [
        (t.livello, t.descrizione, t.anno) for t in titoli
    ]


def test_the_token_request(cliente: Portale, finto: PortaleFinto) -> None:
    cliente.cerca("12345678901")
    (chiamata,) = finto.gettoni
    nome, dati = contratto.controlla(chiamata, gettone=GETTONE, cliente=CLIENTE, segreto=SEGRETO)
    assert nome == "chiediGettone"
    assert dati == {"grant_type": "client_credentials", "scope": "curricula"}


def test_the_address_may_have_a_path_of_its_own(finto: PortaleFinto) -> None:
    cliente = Portale(url=finto.url + "/servizi/portale/", cliente=CLIENTE, segreto=SEGRETO)
    cliente.cerca("12345678901")
    assert [c.percorso for c in finto.chiamate] == [
        "/servizi/portale/oauth/token",
        "/servizi/portale/v2/registrazione",
    ]
    cliente.chiudi()


@pytest.mark.parametrize("numero", ["non lo so", "12", "+", "333 123 4567 89012345678"])
def test_a_number_that_is_none_is_left_out(cliente: Portale, finto: PortaleFinto, numero: str) -> None:
    persona = Preregistrazione("Rossi", "Mario", dt.date(1980, 1, 1), "mario@example.it", numero)
    cliente.preregistra("12345678901", persona, chiave=contratto.uuid.uuid4())
    dati = una_sola(finto, "preregistraCittadino", "12345678901")
    assert "cellulare" not in dati


def test_every_operation_of_the_contract_is_tried() -> None:
    scritte = {
        voce["operationId"]
        for percorso in contratto.CONTRATTO["paths"].values()
        for metodo, voce in percorso.items()
        if metodo in contratto.METODI
    }
    assert scritte == {*OPERAZIONI, "chiediGettone"}
    assert set(REGISTRAZIONI) < set(OPERAZIONI)
    for nome in OPERAZIONI:
        contratto.schema("Registrazione" if nome in REGISTRAZIONI else "StatoCurriculum").validate(risposta_buona(nome))


def test_connections_are_kept(cliente: Portale, finto: PortaleFinto) -> None:
    for _ in range(5):
        cliente.cerca("12345678901")
    assert len({c.porta for c in finto.chiamate}) == 1
