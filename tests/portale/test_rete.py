"""The wire itself: silences, cuts, drips, certificates; threads and forks."""

from __future__ import annotations

import datetime as dt
import os
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from curriculum.portale import client, errori
from curriculum.portale.client import Portale
from tests.portale.finto import CLIENTE, SEGRETO, Chiamata, PortaleFinto, Risposta, gettone, leggi_corpo
from tests.portale.operazioni import CHIAVE, CODICE, CURRICULUM, OPERAZIONI, risposta_buona

Apri = Callable[..., Portale]
CONFERMATA = Risposta(200, {"stato": "confermata"})
GRANDE = replace(CURRICULUM, contenuto=b"%PDF-1.7\n" + b"x" * 8_000_000)
BUONA = b'{"stato": "pubblicato", "intuition": "presente"}'
TESTA = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(BUONA)


def fallita(cliente: Portale, nome: str = "mettiCurriculum") -> tuple[str, bool]:
    """The code of the temporary error, and whether the request may have been carried out."""
    with pytest.raises(errori.ErroreTemporaneo) as preso:
        OPERAZIONI[nome](cliente)
    assert type(preso.value) is errori.ErroreTemporaneo
    return preso.value.codice, preso.value.incerto


def con_fretta(apri: Apri, copione: Callable[[socket.socket, bytes], None], nome: str = "mettiCurriculum"):
    """What comes of it, with a client that waits 0.3 s for an answer and 0.9 s in all."""
    cliente = apri(copione)
    inizio = time.monotonic()
    esito = fallita(cliente, nome)
    assert time.monotonic() - inizio < 3
    return esito


def test_nobody_there() -> None:
    with socket.create_server(("127.0.0.1", 0)) as presa:
        porta = presa.getsockname()[1]
    cliente = Portale(url=f"http://127.0.0.1:{porta}", cliente=CLIENTE, segreto=SEGRETO, tempo=1)
    for nome in OPERAZIONI:
        assert fallita(cliente, nome) == ("non_raggiungibile", False)


def test_a_name_that_does_not_exist() -> None:
    cliente = Portale(url="http://portale.invalid", cliente=CLIENTE, segreto=SEGRETO, tempo=1)
    assert fallita(cliente) == ("non_raggiungibile", False)


@pytest.mark.parametrize("nome", OPERAZIONI)
def test_silence_after_the_request(crudo: Apri, nome: str) -> None:
    fine = threading.Event()
    assert con_fretta(crudo, lambda presa, testa: (leggi_corpo(presa, testa), fine.wait(3)), nome) == (
        "tempo_scaduto",
        True,
    )
    fine.set()


def test_the_body_is_never_read(crudo: Apri) -> None:
    """The whole file does not fit the buffers: it has certainly not arrived."""
    fine = threading.Event()
    cliente = crudo(lambda presa, testa: fine.wait(5))
    with pytest.raises(errori.ErroreTemporaneo) as preso:
        cliente.metti_curriculum(CODICE, GRANDE, chiave=CHIAVE)
    assert (preso.value.codice, preso.value.incerto) == ("invio_lento", False)
    fine.set()


def test_the_body_is_read_a_sip_at_a_time(crudo: Apri) -> None:
    """Each sip comes well before the limit for one answer; all of them would take six seconds."""
    fine = threading.Event()
    enorme = replace(CURRICULUM, contenuto=b"%PDF-1.7\n" + b"x" * 60_000_000)

    def sorseggia(presa: socket.socket, _: bytes) -> None:
        while not fine.wait(0.02):
            presa.recv(200_000)

    cliente = crudo(sorseggia)
    inizio = time.monotonic()
    with pytest.raises(errori.ErroreTemporaneo) as preso:
        cliente.metti_curriculum(CODICE, enorme, chiave=CHIAVE)
    assert (preso.value.codice, preso.value.incerto) == ("invio_lento", False)
    assert 0.2 < time.monotonic() - inizio < 3
    fine.set()


@pytest.mark.parametrize("nome", OPERAZIONI)
@pytest.mark.parametrize("letto", [True, False])
def test_cut_with_and_without_reading(crudo: Apri, nome: str, letto: bool) -> None:
    """Nobody can tell whether the work was done before the cut."""

    def taglia(presa: socket.socket, testa: bytes) -> None:
        if letto:
            leggi_corpo(presa, testa)

    assert con_fretta(crudo, taglia, nome) == ("interrotto", True)


@pytest.mark.parametrize(
    "spedito",
    [
        TESTA[:9],
        TESTA[:40],
        TESTA + BUONA[:10],
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{",
        b"\x00\x01\x02 not HTTP at all\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: " + b"y" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n",
    ],
)
def test_half_an_answer_or_none_that_is_http(crudo: Apri, spedito: bytes) -> None:
    def a_meta(presa: socket.socket, testa: bytes) -> None:
        leggi_corpo(presa, testa)
        presa.sendall(spedito)

    codice, incerto = con_fretta(crudo, a_meta)
    assert codice in ("interrotto", "risposta_non_valida")
    assert incerto is True


@pytest.mark.parametrize("nome", ["cercaCittadino", "mettiCurriculum"])
@pytest.mark.parametrize("dove", ["head", "body", "chunks", "informational"])
def test_a_dripping_portal_holds_nobody_beyond_the_time_of_an_operation(crudo: Apri, nome: str, dove: str) -> None:
    """Each byte comes well before the limit for one answer, the last one never."""
    fine = threading.Event()

    def goccia(presa: socket.socket, testa: bytes) -> None:
        leggi_corpo(presa, testa)
        inizi = {
            "head": (b"HTTP/1.1 200 OK\r\nX-Goccia: ", b"a"),
            "body": (TESTA, b" "),
            "chunks": (
                b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
                b"1\r\n \r\n",
            ),
            "informational": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
        }
        inizio, resto = inizi[dove]
        presa.sendall(inizio)
        while not fine.wait(0.05):
            presa.sendall(resto)

    assert con_fretta(crudo, goccia, nome) == ("tempo_scaduto", True)
    fine.set()


def test_an_endless_answer_is_left(crudo: Apri) -> None:
    def senza_fine(presa: socket.socket, testa: bytes) -> None:
        leggi_corpo(presa, testa)
        presa.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n")
        while True:
            presa.sendall(b" " * 65536)

    assert con_fretta(crudo, senza_fine) == ("risposta_non_valida", True)


def test_after_a_cut_the_next_one_goes_well(crudo: Apri) -> None:
    volte = []

    def una_volta_si(presa: socket.socket, testa: bytes) -> None:
        leggi_corpo(presa, testa)
        volte.append(1)
        if len(volte) > 1:
            presa.sendall(TESTA + BUONA)

    cliente = crudo(una_volta_si, tempo=5)
    assert fallita(cliente) == ("interrotto", True)
    assert OPERAZIONI["mettiCurriculum"](cliente).stato == "pubblicato"


def test_an_early_refusal_is_read(crudo: Apri) -> None:
    """A server that answers 413 without reading: its word counts, where the wire lets it through."""

    def subito(presa: socket.socket, testa: bytes) -> None:
        presa.sendall(b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        leggi_corpo(presa, testa)

    with pytest.raises(errori.ContenutoRifiutato):
        crudo(subito, tempo=5).metti_curriculum(CODICE, GRANDE, chiave=CHIAVE)


def test_the_token_counts_in_the_time_of_the_operation(finto: PortaleFinto) -> None:
    fine = threading.Event()
    finto.al_gettone = lambda _: (fine.wait(5), gettone())[1]
    cliente = Portale(url=finto.url, cliente=CLIENTE, segreto=SEGRETO, tempo=0.2)
    with ThreadPoolExecutor(4) as fili:
        inizio = time.monotonic()
        for esito in [fili.submit(fallita, cliente) for _ in range(4)]:
            assert esito.result(10)[1] is False
        assert time.monotonic() - inizio < 4
    fine.set()
    assert finto.operazioni == []


def test_a_whole_file_arrives(cliente: Portale, finto: PortaleFinto) -> None:
    finto.risponde(Risposta(201, risposta_buona("mettiCurriculum")))
    cliente.metti_curriculum(CODICE, GRANDE, chiave=CHIAVE)
    assert GRANDE.contenuto in finto.operazioni[0].corpo


def test_cookies_are_not_kept(cliente: Portale, finto: PortaleFinto) -> None:
    finto.risponde(Risposta(200, {"stato": "confermata"}, intestazioni={"Set-Cookie": "sessione=1"}))
    cliente.cerca(CODICE)
    cliente.cerca(CODICE)
    assert all("cookie" not in c.intestazioni for c in finto.chiamate)


def test_proxies_of_the_environment_are_not_used(
    cliente: Portale, finto: PortaleFinto, monkeypatch: pytest.MonkeyPatch
) -> None:
    for nome in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(nome, "http://127.0.0.1:9")
    finto.risponde(CONFERMATA)
    assert cliente.cerca(CODICE) is not None


def test_closed_it_opens_again(cliente: Portale, finto: PortaleFinto) -> None:
    finto.risponde(CONFERMATA)
    cliente.cerca(CODICE)
    cliente.chiudi()
    cliente.chiudi()
    assert cliente.cerca(CODICE) is not None
    assert len(finto.gettoni) == 2


class TestCertificates:
    @pytest.fixture
    def carte(self, tmp_path: Path) -> Path:
        """A certificate for localhost that nobody has signed but itself, with its key."""
        chiave = ec.generate_private_key(ec.SECP256R1())
        nome = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
        oggi = dt.datetime.now(dt.UTC)
        certificato = (
            x509.CertificateBuilder()
            .subject_name(nome)
            .issuer_name(nome)
            .public_key(chiave.public_key())
            .serial_number(1)
            .not_valid_before(oggi - dt.timedelta(days=1))
            .not_valid_after(oggi + dt.timedelta(days=2))
            .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
            .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
            .sign(chiave, hashes.SHA256())
        )
        (tmp_path / "certificato.pem").write_bytes(certificato.public_bytes(serialization.Encoding.PEM))
        (tmp_path / "chiave.pem").write_bytes(
            chiave.private_bytes(
                serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
            )
        )
        return tmp_path

    @pytest.fixture
    def sicuro(self, carte: Path) -> Iterator[PortaleFinto]:
        contesto = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        contesto.load_cert_chain(carte / "certificato.pem", carte / "chiave.pem")
        server = PortaleFinto(contesto)
        server.risponde(CONFERMATA)
        yield server
        server.chiudi()

    def test_one_that_nobody_signed_is_refused(self, sicuro: PortaleFinto) -> None:
        cliente = Portale(url=sicuro.url, cliente=CLIENTE, segreto=SEGRETO, tempo=2)
        assert fallita(cliente) == ("certificato", False)
        assert sicuro.chiamate == []

    def test_one_of_an_authority_of_the_house_is_believed(
        self, sicuro: PortaleFinto, carte: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(carte / "certificato.pem"))
        cliente = Portale(url=sicuro.url, cliente=CLIENTE, segreto=SEGRETO, tempo=5)
        assert cliente.cerca(CODICE) is not None
        cliente.chiudi()

    def test_one_of_another_name_is_refused(
        self, sicuro: PortaleFinto, carte: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SSL_CERT_FILE", str(carte / "certificato.pem"))
        altrove = sicuro.url.replace("localhost", "127.0.0.1")
        assert fallita(Portale(url=altrove, cliente=CLIENTE, segreto=SEGRETO, tempo=2)) == ("certificato", False)
        assert sicuro.chiamate == []


class TestProcesses:
    def _nel_figlio(self, cosa: Callable[[], bool]) -> bool:
        """Whether it succeeds in a forked child."""
        figlio = os.fork()
        if figlio == 0:
            try:
                os._exit(0 if cosa() else 1)
            finally:
                os._exit(2)
        fine = time.monotonic() + 15
        while time.monotonic() < fine:
            preso, stato = os.waitpid(figlio, os.WNOHANG)
            if preso:
                return os.waitstatus_to_exitcode(stato) == 0
            time.sleep(0.01)
        os.kill(figlio, 9)
        os.waitpid(figlio, 0)
        return False

    def test_a_child_has_connections_and_a_token_of_its_own(self, cliente: Portale, finto: PortaleFinto) -> None:
        finto.risponde(CONFERMATA)
        cliente.cerca(CODICE)
        assert self._nel_figlio(lambda: cliente.cerca(CODICE) is not None)
        cliente.cerca(CODICE)
        prima, figlio, dopo = finto.operazioni
        assert prima.porta == dopo.porta != figlio.porta
        assert len(finto.gettoni) == 2

    def test_a_child_born_while_a_thread_waits_for_the_token_is_not_stuck(
        self, cliente: Portale, finto: PortaleFinto
    ) -> None:
        chiesto, via = threading.Event(), threading.Event()

        def lento(_: Chiamata) -> Risposta:
            if not chiesto.is_set():
                chiesto.set()
                via.wait(20)
            return gettone()

        finto.al_gettone = lento
        finto.risponde(CONFERMATA)
        with ThreadPoolExecutor(1) as fili:
            primo = fili.submit(cliente.cerca, CODICE)
            assert chiesto.wait(5)
            try:
                assert self._nel_figlio(lambda: cliente.cerca(CODICE) is not None)
            finally:
                via.set()
            primo.exception(10)

    def test_one_for_the_whole_process(self, finto: PortaleFinto, settings) -> None:
        settings.PORTALE_URL, settings.PORTALE_CLIENTE, settings.PORTALE_SEGRETO = finto.url, CLIENTE, SEGRETO
        with ThreadPoolExecutor(8) as fili:
            assert len({id(uno) for uno in fili.map(lambda _: client.portale(), range(64))}) == 1
        uno = client.portale()
        assert uno.configurato
        assert self._nel_figlio(lambda: client.portale() is uno)
        settings.PORTALE_URL = ""
        assert client.portale() is not uno
        assert not client.portale().configurato

    def test_many_threads_at_once(self, cliente: Portale, finto: PortaleFinto) -> None:
        """More of them than kept connections; each gets the answer to its own question."""
        finto.risposta = lambda c: Risposta(
            200, {"stato": "confermata", "messaggi": int(c.intestazioni["codice-fiscale"])}
        )
        with ThreadPoolExecutor(24) as fili:
            esiti = fili.map(lambda n: cliente.cerca(f"{n:011d}"), range(300))
            assert [r.messaggi for r in esiti if r] == list(range(300))


def test_the_time_of_an_operation_is_known_to_who_claims_it() -> None:
    assert Portale(url="", cliente="", segreto="", tempo=10).tempo_massimo == 30
