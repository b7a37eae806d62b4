"""The client of clamd: the same verdicts from the real daemon and from ours, and nothing clean by mistake."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from curriculum.controllo.antivirus import PEZZO, Antivirus, AntivirusAssente, FileTroppoGrande
from tests.curriculum import clamd, fabbrica

SERVER = ["protocollo", *(["clamd"] if clamd.clamd_installato() else [])]


@pytest.fixture(scope="module", params=SERVER)
def indirizzo(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One that answers well: the real one too where it is installed."""
    with contextlib.ExitStack() as pila:
        if request.param == "clamd":
            yield pila.enter_context(clamd.vero(tmp_path_factory.mktemp("clamd")))
        else:
            yield pila.enter_context(clamd.finto())[0]


def test_clean_and_infected(indirizzo: str) -> None:
    antivirus = Antivirus(indirizzo, 20)

    assert antivirus.esamina(fabbrica.pdf()).pulito
    trovato = antivirus.esamina(clamd.infetto())
    assert not trovato.pulito
    assert trovato.firma.startswith(clamd.FIRMA)
    assert antivirus.esamina(b"").pulito


def test_more_pieces_than_one_are_one_file(indirizzo: str) -> None:
    """The signature lies across the end of a piece."""
    segno = clamd.SEGNO.encode()
    assert not Antivirus(indirizzo, 20).esamina(b"x" * (PEZZO - 5) + segno + b"y" * PEZZO).pulito


def test_beyond_the_limit_of_the_stream(indirizzo: str) -> None:
    with pytest.raises(FileTroppoGrande):
        Antivirus(indirizzo, 20).esamina(b"x" * (clamd.LIMITE + PEZZO))


def test_pieces_are_led_by_their_length() -> None:
    with clamd.finto() as (indirizzo, server):
        Antivirus(indirizzo, 20).esamina(b"x" * (2 * PEZZO + 7))

        assert server.pezzi == [PEZZO, PEZZO, 7]


@pytest.mark.parametrize(
    "risposta",
    [
        b"",
        b"stream: OK",  # cut before its end
        b"stream: O\0",
        b"OK\0",
        b"stream: Can't allocate memory ERROR\0",
        b"UNKNOWN COMMAND\0",
        b"\xff\xfe\0",
        b"stream: OK\0stream: altro\0",
    ],
)
def test_no_other_answer_is_clean(risposta: bytes) -> None:
    with clamd.finto() as (indirizzo, server):
        server.rispondi = lambda _: risposta
        with pytest.raises(AntivirusAssente):
            Antivirus(indirizzo, 20).esamina(b"ciao")


@pytest.mark.parametrize("firma", ["FOUND", " FOUND", "a b: OK FOUND"])
def test_strange_names_are_found_all_the_same(firma: str) -> None:
    with clamd.finto() as (indirizzo, server):
        server.rispondi = lambda _: f"stream: {firma} FOUND\0".encode()
        assert not Antivirus(indirizzo, 20).esamina(b"ciao").pulito


def test_silence_ends_with_the_time_given() -> None:
    with clamd.finto() as (indirizzo, server):
        server.rispondi = lambda _: None
        inizio = time.monotonic()
        with pytest.raises(AntivirusAssente):
            Antivirus(indirizzo, 0.3).esamina(b"ciao")
        assert time.monotonic() - inizio < 5


@pytest.mark.parametrize("dove", ["/nessuno/qui", "127.0.0.1:{}", "senza-porta", "host:lettere", "unix:/nessuno"])
def test_nobody_there(dove: str) -> None:
    with pytest.raises(AntivirusAssente):
        Antivirus(dove.format(clamd.porta_libera()), 2).esamina(b"ciao")


def test_a_path_may_say_what_it_is(tmp_path: Path) -> None:
    assert Antivirus(f"unix:{tmp_path}/presa").indirizzo == f"{tmp_path}/presa"
