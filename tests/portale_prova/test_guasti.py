"""The run under fault, small, so that it never rots: everything breaks once and nothing is lost or doubled (V6)."""

from __future__ import annotations

import os
import subprocess
import sys
import uuid
from pathlib import Path

import pytest

from curriculum.portale.prova.guasti.conto import Conto

RADICE = Path(__file__).resolve().parent.parent.parent
ULTIMA = "persi {}, doppi {}, bloccati {}"


def test_thirty_transfers_survive_it_all(tmp_path: Path) -> None:
    ambiente = {nome: valore for nome, valore in os.environ.items() if not nome.startswith(("PORTALE_", "DJANGO_"))}
    esito = subprocess.run(
        [sys.executable, "manage.py", "prova_guasti", "--trasferimenti", "30", "--seme", "3"],
        cwd=RADICE,
        # Services of its own, whatever those of the tests are.
        env={**ambiente, "DATI_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
        timeout=400,
    )
    assert esito.returncode == 0, esito.stdout + esito.stderr
    righe = esito.stdout.strip().splitlines()
    assert righe[-1] == "persi 0, doppi 0, bloccati 0"
    assert "Riavviato PostgreSQL." in esito.stdout
    assert "Svuotato e riavviato Valkey." in esito.stdout
    assert "Ucciso con -9" in esito.stdout
    assert not (tmp_path / "guasti" / "postgres").exists()


@pytest.mark.parametrize(
    ("stati", "ricezioni", "ultima"),
    [
        (["confermato", "confermato"], [1, 1], (0, 0, 0)),
        (["confermato", "confermato"], [1, 0], (1, 0, 0)),
        (["confermato", "confermato"], [1, 3], (0, 2, 0)),
        (["confermato", "da_inviare"], [1, 0], (1, 0, 1)),
        (["confermato"], [1], (1, 0, 0)),
        (["confermato", "rifiutato"], [1, 1], (0, 0, 0)),
    ],
)
def test_the_account_sees_what_is_lost_doubled_or_stuck(
    stati: list[str], ricezioni: list[int], ultima: tuple[int, int, int]
) -> None:
    chiavi = [str(uuid.UUID(int=numero)) for numero in range(len(stati))]
    righe = [(chiave, stato, stato == "da_inviare") for chiave, stato in zip(chiavi, stati, strict=True)]
    per_chiave = {chiave: quante for chiave, quante in zip(chiavi, ricezioni, strict=True) if quante}
    conto = Conto(2, righe, per_chiave, 0)
    assert conto.racconto()[-1] == ULTIMA.format(*ultima)
    # One that arrived but was closed here as refused is none of the three, and still not in order.
    assert conto.in_ordine is (ultima == (0, 0, 0) and "rifiutato" not in stati)


def test_a_cv_received_under_a_key_that_no_row_has_is_doubled() -> None:
    """Sent again with another key, which the portal cannot tell from a new one."""
    chiave = str(uuid.UUID(int=0))
    conto = Conto(1, [(chiave, "confermato", False)], {chiave: 1, str(uuid.UUID(int=9)): 1}, 0)
    assert conto.racconto()[-1] == ULTIMA.format(0, 1, 0)
    assert not conto.in_ordine


def test_without_its_sources_the_command_says_so(tmp_path: Path) -> None:
    """A folder that shadows the run's stands for sources delivered without it."""
    programma = (
        "import sys, django; django.setup(); sys.modules['curriculum.portale.prova'] = None\n"
        "from django.core.management import call_command\n"
        "call_command('prova_guasti')\n"
    )
    esito = subprocess.run(
        [sys.executable, "-c", programma], cwd=RADICE, capture_output=True, text=True, check=False, timeout=60
    )
    assert esito.returncode != 0
    assert "ha bisogno dei sorgenti interi" in esito.stderr
