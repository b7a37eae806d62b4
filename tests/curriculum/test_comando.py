"""`manage.py controlla_cv` (V1): the verdict of the operators, a line a file, without a database."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.curriculum import fabbrica

RADICE = Path(__file__).resolve().parent.parent.parent


def test_a_line_a_file_and_exit_code_1(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    buono, cattivo, assente = tmp_path / "buono.pdf", tmp_path / "cattivo.pdf", tmp_path / "assente.pdf"
    buono.write_bytes(fabbrica.pdf())
    cattivo.write_bytes(fabbrica.docx())

    with pytest.raises(SystemExit) as uscita:
        call_command("controlla_cv", str(buono), str(cattivo), str(assente))

    righe = [riga.split("\t") for riga in capsys.readouterr().out.splitlines()]
    assert uscita.value.code == 1
    assert righe[0] == [str(buono), "accettato", ""]
    assert righe[1][:2] == [str(cattivo), "rifiutato"]
    assert "Word" in righe[1][2]
    assert righe[2][:2] == [str(assente), "rifiutato"]


def test_all_accepted_is_exit_code_0(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "con\ttabulazione.pdf"
    file.write_bytes(fabbrica.pdf())

    call_command("controlla_cv", str(file))

    assert capsys.readouterr().out.count("\t") == 2


def test_it_needs_no_database(tmp_path: Path) -> None:
    file = tmp_path / "cv.pdf"
    file.write_bytes(fabbrica.pdf())
    ambiente = {
        **os.environ,
        "DATABASE_URL": "postgres://nessuno@127.0.0.1:1/nulla",
        "REDIS_URL": "redis://127.0.0.1:1/0",
    }

    fatto = subprocess.run(
        [sys.executable, "manage.py", "controlla_cv", str(file)],
        cwd=RADICE,
        env=ambiente,
        capture_output=True,
        text=True,
    )

    assert (fatto.returncode, fatto.stdout) == (0, f"{file}\taccettato\t\n"), fatto.stderr
