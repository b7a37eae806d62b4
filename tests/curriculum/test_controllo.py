"""The check of a PDF (V1): what is accepted, what is refused and in which words, and that nothing ever escapes."""

from __future__ import annotations

import io
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.controllo import allegati, esame, motivi, processo
from curriculum.services.controllo import MEGA, Limiti, Verdetto, controlla_pdf
from tests.curriculum import fabbrica

BUONI = fabbrica.buoni()
CATTIVI = fabbrica.cattivi()


@pytest.fixture(autouse=True, scope="module")
def _ferma_il_figlio() -> Iterator[None]:
    yield
    processo.ferma_figlio()


@pytest.mark.parametrize("nome", BUONI)
def test_sound_file_is_accepted(nome: str) -> None:
    verdetto = controlla_pdf(BUONI[nome])

    assert verdetto.accettato, verdetto.motivo
    assert verdetto.motivo == ""
    assert verdetto.pagine >= 1


@pytest.mark.parametrize("nome", CATTIVI)
def test_unsound_file_is_refused_with_its_reason(nome: str) -> None:
    dati, pezzo = CATTIVI[nome]
    inizio = time.monotonic()
    verdetto = controlla_pdf(dati)

    assert not verdetto.accettato
    assert pezzo in verdetto.motivo
    assert verdetto.motivo[0].isupper()
    assert verdetto.motivo.endswith(".")
    assert time.monotonic() - inizio < Limiti().secondi + processo.MARGINE


def test_every_reason_says_what_to_do() -> None:
    """Why and what to do: each sentence holds a verb of the cure."""
    frasi = [v for k, v in vars(motivi).items() if k.isupper() and isinstance(v, str)]
    frasi += [motivi.troppo_grande(10 * MEGA), motivi.troppe_pagine(50, 51)]
    cure = ("Aprirlo", "aprirl", "salvarlo", "caricar", "copia", "controllare", "riprovare", "Togliere", "Ridurre")
    for frase in frasi:
        assert any(cura in frase for cura in cure), frase


def test_pages_are_counted() -> None:
    assert controlla_pdf(fabbrica.pdf(pagine=7)) == Verdetto(True, "", 7)


def test_a_path_gives_the_same_verdict_as_the_bytes(tmp_path: Path) -> None:
    file = tmp_path / "cv.docx"
    file.write_bytes(BUONI["una pagina"])

    assert controlla_pdf(file) == controlla_pdf(BUONI["una pagina"])


def test_what_is_no_file_is_a_verdict(tmp_path: Path) -> None:
    tubo = tmp_path / "tubo"
    os.mkfifo(tubo)
    for percorso in (tmp_path, tmp_path / "assente.pdf", tubo):
        assert controlla_pdf(percorso) == Verdetto(False, motivi.NON_LEGGIBILE)


def test_limits_may_be_others() -> None:
    """The signed copy of the pact passes the same check with other limits."""
    grande = BUONI["una pagina"] + b"%" * (11 * MEGA) + b"\nstartxref\n0\n%%EOF"

    assert "12,5 MB" in controlla_pdf(grande + b" " * (2 * MEGA), Limiti(byte=12 * MEGA + MEGA // 2)).motivo
    assert "3 pagine" in controlla_pdf(fabbrica.pdf(pagine=3), Limiti(pagine=2)).motivo
    assert controlla_pdf(fabbrica.pdf(pagine=60), Limiti(pagine=60)).accettato


def test_a_slow_file_is_ended_and_refused() -> None:
    lento = CATTIVI["duecentomila pagine nascoste"][0]
    inizio = time.monotonic()
    verdetto = controlla_pdf(lento, Limiti(secondi=0.3, secondi_cpu=1))

    assert verdetto.motivo in (motivi.TROPPO_LENTO, motivi.TROPPA_MEMORIA)
    assert time.monotonic() - inizio < 2
    assert controlla_pdf(BUONI["una pagina"]).accettato


def test_a_greedy_file_is_refused_within_its_memory() -> None:
    """Object streams are opened by the library itself: the bound of the process is the one that counts."""
    bomba = CATTIVI["bomba nei flussi di oggetti"][0]
    prima = os.times().children_user
    verdetto = controlla_pdf(bomba, Limiti(memoria=300 * MEGA))

    assert not verdetto.accettato
    assert os.times().children_user == prima  # it ran in no child of this process, and so in none of its memory


def test_files_at_once_do_not_wait_for_a_slow_one() -> None:
    lento = threading.Thread(target=controlla_pdf, args=(CATTIVI["duecentomila pagine nascoste"][0],))
    controlla_pdf(BUONI["una pagina"])
    lento.start()
    verdetti: list[Verdetto] = []
    altri = [threading.Thread(target=lambda: verdetti.append(controlla_pdf(BUONI["una pagina"]))) for _ in range(8)]
    for uno in altri:
        uno.start()
    for uno in altri:
        uno.join()

    assert lento.is_alive()
    assert [v.accettato for v in verdetti] == [True] * 8
    lento.join()


def test_a_helper_that_died_is_started_again() -> None:
    controlla_pdf(BUONI["una pagina"])
    assert processo._figlio is not None
    processo._figlio.kill()
    processo._figlio.wait()

    assert controlla_pdf(BUONI["una pagina"]).accettato


def test_a_helper_that_cannot_start_is_a_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    processo.ferma_figlio()
    monkeypatch.setattr(processo.sys, "executable", "/bin/false")

    assert controlla_pdf(BUONI["una pagina"]) == Verdetto(False, motivi.SERVIZIO_FERMO)
    processo.ferma_figlio()


def test_no_descriptor_is_left_open() -> None:
    controlla_pdf(BUONI["una pagina"])
    aperti = len(os.listdir("/proc/self/fd"))
    for dati in (BUONI["una pagina"], CATTIVI["troncato"][0], CATTIVI["vuoto"][0], CATTIVI["docx con altro nome"][0]):
        controlla_pdf(dati)

    assert len(os.listdir("/proc/self/fd")) == aperti


def test_the_first_look_misses_nothing_the_careful_walk_forbids() -> None:
    """Control: what the quick pattern lets through is only what the walk would let through too."""
    for nome, (dati, _) in CATTIVI.items():
        if not dati.startswith(b"%PDF-") or len(dati) > 100_000:
            continue
        try:
            with pikepdf.open(io.BytesIO(dati)) as pdf:
                esame._cammina(pdf)
                rifiuta = False
        except esame.Rifiutato:
            rifiuta = True
        except (pikepdf.PdfError, pikepdf.PasswordError):
            continue
        assert not rifiuta or not controlla_pdf(dati).accettato, nome


@given(st.data())
def test_a_damaged_file_never_breaks_the_check(data: st.DataObject) -> None:
    """Bytes changed, cut out or doubled at any place: always a verdict with a reason."""
    dati = bytearray(BUONI["Europass"])
    for _ in range(data.draw(st.integers(1, 4))):
        posto = data.draw(st.integers(0, len(dati) - 1))
        quanti = data.draw(st.integers(0, 40))
        dati[posto : posto + quanti] = data.draw(st.binary(max_size=8))
    verdetto = controlla_pdf(bytes(dati))

    assert verdetto.accettato != bool(verdetto.motivo)


@pytest.mark.parametrize(
    ("dati", "atteso"),
    [
        (fabbrica.EUROPASS, True),
        (fabbrica.EUROPASS_VECCHIO, True),
        (fabbrica.EUROPASS.decode().replace("UTF-8", "UTF-16").encode("utf-16"), True),
        (b"<Candidate/>", False),
        (b'<html xmlns="http://www.europass.eu/1.0"/>', False),
        (b"", False),
        (b"\x00", False),
        (b'<!DOCTYPE x SYSTEM "file:///etc/passwd">' + fabbrica.EUROPASS_VECCHIO[21:], False),
        (b"<a>" * 200_000, False),
    ],
)
def test_the_europass_xml_is_known_by_its_content(dati: bytes, atteso: bool) -> None:
    assert allegati.e_europass(dati) is atteso
