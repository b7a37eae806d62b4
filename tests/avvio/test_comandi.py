"""The launcher's own judgement: arguments, one run at a time, messages instead of tracebacks."""

import os
import signal
import subprocess
import sys

import pytest

from orientamento.avvio import comandi
from orientamento.avvio.luoghi import RADICE, Fermo, Luoghi


def test_the_site_is_on_port_8000_with_demo_data_unless_told_otherwise():
    scelte = comandi.leggi_argomenti([])
    assert (scelte.port, scelte.vuoto) == (8000, False)
    scelte = comandi.leggi_argomenti(["--vuoto", "--port", "8123"])
    assert (scelte.port, scelte.vuoto) == (8123, True)


@pytest.mark.parametrize("argomenti", [["--port", "0"], ["--port", "65536"], ["--port", "abc"], ["--pieno"], ["x"]])
def test_wrong_arguments_are_refused_with_the_right_ones(argomenti):
    with pytest.raises(Fermo, match=r"bin/start \[--vuoto\] \[--port N\]"):
        comandi.leggi_argomenti(argomenti)


def test_a_refusal_is_a_message_and_exit_code_1(monkeypatch, capsys):
    def rifiuta(luoghi, argomenti):
        raise Fermo("Manca qualcosa.")

    vecchi = {segnale: signal.getsignal(segnale) for segnale in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
    monkeypatch.setitem(comandi.COMANDI, "start", rifiuta)
    try:
        assert comandi.principale(["start"]) == 1
    finally:
        for segnale, gestore in vecchi.items():
            signal.signal(segnale, gestore)
    assert capsys.readouterr().err == "Manca qualcosa.\n"


def test_a_second_run_on_the_same_data_is_refused_and_the_first_is_not_touched(tmp_path):
    luoghi = Luoghi(RADICE, tmp_path)
    seconda = comandi.uno_alla_volta(luoghi, "start")
    with comandi.uno_alla_volta(luoghi, "start"), pytest.raises(Fermo, match="già in funzione"):
        seconda.__enter__()
    with comandi.uno_alla_volta(luoghi, "start"):
        pass


def test_tests_and_benchmark_never_use_the_data_of_a_running_start(tmp_path, monkeypatch):
    monkeypatch.setenv("DATI_DIR", str(tmp_path))
    cartelle = {comando: Luoghi.per(comando) for comando in ("start", "test", "verifica", "bench")}
    assert cartelle["start"].dati == tmp_path
    assert cartelle["test"].dati == cartelle["verifica"].dati
    assert len({luoghi.postgres for luoghi in cartelle.values()}) == 3
    assert len({luoghi.prese for luoghi in cartelle.values()}) == 3


def test_the_launcher_runs_before_any_package_is_installed():
    """With -I -S the interpreter sees neither the virtual environment nor the current folder."""
    esito = subprocess.run(
        [sys.executable, "-I", "-S", RADICE / "orientamento/avvio/__main__.py", "start", "--port", "boh"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": os.defpath},
    )
    assert esito.returncode == 1
    assert "Argomenti non validi" in esito.stderr
    assert "Traceback" not in esito.stderr


def test_an_old_python_is_refused_in_plain_words(tmp_path):
    for nome in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        falso = tmp_path / nome
        falso.write_text("#!/bin/sh\nexit 1\n")
        falso.chmod(0o755)
    esito = subprocess.run(
        ["/bin/sh", RADICE / "orientamento/avvio/avvia.sh", RADICE, "start"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": str(tmp_path)},
    )
    assert esito.returncode == 1
    assert "Serve Python 3.11" in esito.stderr
