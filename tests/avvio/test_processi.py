"""Children and leftovers, with real processes."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from orientamento.avvio import processi
from orientamento.avvio.insieme import impronta_del_codice
from orientamento.avvio.luoghi import RADICE, Fermo, Luoghi, prepara_prese
from orientamento.avvio.processi import VARIABILE, Processo, antenati, chiudi_rimasti, ferma, rimasti
from orientamento.avvio.servizi import Valkey

DORME = [sys.executable, "-c", "import time; time.sleep(60)"]
SORDO = [
    sys.executable,
    "-c",
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('sordo', flush=True); time.sleep(60)",
]


def attendi(vero, secondi=10.0):
    scadenza = time.monotonic() + secondi
    while not vero():
        assert time.monotonic() < scadenza
        time.sleep(0.02)


@pytest.fixture
def figlio(tmp_path):
    """Makes children that are ended with the test."""
    fatti = []

    def crea(comando, **ambiente):
        fatto = Processo(
            "prova", comando, ambiente={**os.environ, **ambiente}, registro=tmp_path / "prova.log", cartella=tmp_path
        )
        fatti.append(fatto)
        return fatto

    yield crea
    ferma(fatti, 0.0)


def test_leftovers_are_found_by_their_mark_and_others_are_left_alone(figlio, tmp_path):
    nostro, altrui = figlio(DORME, **{VARIABILE: "segno-a"}), figlio(DORME, **{VARIABILE: "segno-b"})
    nostro.avvia()
    altrui.avvia()
    attendi(lambda: rimasti("segno-a", [tmp_path / "x"]) == [nostro.figlio.pid])
    assert chiudi_rimasti("segno-a", [tmp_path / "x"], secondi=5) == 1
    nostro.figlio.wait(5)
    assert altrui.vivo


def test_servers_that_write_over_their_environment_are_found_by_the_folder_in_which_they_work(
    figlio, tmp_path, monkeypatch
):
    nostro = figlio(DORME)
    nostro.avvia()
    attendi(lambda: "sleep" in (Path("/proc") / str(nostro.figlio.pid) / "cmdline").read_text())
    assert rimasti("", [tmp_path]) == []
    monkeypatch.setattr(processi, "SERVITORI", (Path(sys.executable).resolve().name,))
    assert rimasti("", [tmp_path]) == [nostro.figlio.pid]


def test_the_real_broker_of_a_killed_start_is_found_and_ended(tmp_path):
    luoghi = Luoghi(RADICE, tmp_path)
    valkey = Valkey(luoghi, {**os.environ, VARIABILE: luoghi.segno})
    try:
        valkey.avvia()
        assert chiudi_rimasti(luoghi.segno, luoghi.servitori, secondi=5) == 1
        valkey.processo.figlio.wait(5)
    finally:
        ferma([valkey.processo], 0.0)
        valkey.presa.unlink(missing_ok=True)
        luoghi.prese.rmdir()


def test_a_leftover_that_does_not_listen_is_killed(figlio, tmp_path):
    sordo = figlio(SORDO, **{VARIABILE: "segno-c"})
    sordo.avvia()
    attendi(lambda: "sordo" in sordo.registro.read_text())
    assert chiudi_rimasti("segno-c", [tmp_path / "x"], secondi=0.3) == 1
    assert sordo.figlio.wait(5) == -signal.SIGKILL


def test_the_launcher_is_never_its_own_leftover(monkeypatch, tmp_path):
    """A launcher started from a shell that a child opened carries the mark itself."""
    assert {os.getpid(), os.getppid()} <= antenati(os.getpid())
    prova = (
        "import os; from orientamento.avvio.processi import rimasti; assert os.getpid() not in rimasti('segno-d', [])"
    )
    subprocess.run(
        [sys.executable, "-c", prova], env={**os.environ, VARIABILE: "segno-d"}, cwd=RADICE, check=True, timeout=30
    )


def test_who_does_not_end_in_time_is_killed_and_with_it_its_children(figlio):
    genitore = figlio(["sh", "-c", "trap '' TERM; sleep 60 & echo $!; wait; wait"])
    genitore.avvia()
    attendi(lambda: genitore.registro.read_text().strip())
    nipote = int(genitore.registro.read_text())
    ferma([genitore], 0.3)
    assert not genitore.vivo
    attendi(lambda: "Z" in stato(nipote))


def stato(pid):
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return "Z"


def test_a_child_that_falls_is_started_again_and_given_up_when_it_keeps_falling(figlio, capsys):
    fragile = figlio([sys.executable, "-c", "print('non trovo il file'); raise SystemExit(3)"])
    fragile.avvia()
    for volta in range(processi.RIAVVII_MASSIMI):
        fragile.figlio.wait(10)
        fragile.riavvia(1000.0 + volta)
    fragile.figlio.wait(10)
    with pytest.raises(Fermo, match="non trovo il file"):
        fragile.riavvia(1010.0)
    assert capsys.readouterr().err.count("lo riavvio") == processi.RIAVVII_MASSIMI


def test_rare_falls_are_forgiven(figlio):
    fragile = figlio([sys.executable, "-c", "pass"])
    fragile.avvia()
    for volta in range(processi.RIAVVII_MASSIMI + 2):
        fragile.figlio.wait(10)
        fragile.riavvia(1000.0 + volta * processi.FINESTRA_RIAVVII)


def test_the_folder_of_the_sockets_is_ours_alone_and_short(tmp_path):
    cartella = Luoghi(RADICE, tmp_path).prese
    try:
        prepara_prese(cartella)
        assert cartella.stat().st_mode & 0o777 == 0o700
        assert len(str(cartella)) < 50
    finally:
        cartella.rmdir()


def test_a_folder_put_there_by_somebody_else_is_refused(tmp_path):
    altrove = tmp_path / "altrove"
    altrove.mkdir()
    trappola = tmp_path / "prese"
    trappola.symlink_to(altrove)
    with pytest.raises(Fermo, match="appartiene a un altro utente"):
        prepara_prese(trappola)
    with pytest.raises(Fermo, match="troppo lungo"):
        prepara_prese(tmp_path / ("x" * 90))


def test_the_database_is_prepared_again_only_when_the_code_changes(tmp_path):
    (tmp_path / "psp" / "__pycache__").mkdir(parents=True)
    (tmp_path / "psp" / "models.py").write_text("a = 1")
    prima = impronta_del_codice(tmp_path)
    (tmp_path / "psp" / "__pycache__" / "models.pyc").write_text("x")
    assert impronta_del_codice(tmp_path) == prima
    (tmp_path / "psp" / "models.py").write_text("a = 12")
    assert impronta_del_codice(tmp_path) != prima
