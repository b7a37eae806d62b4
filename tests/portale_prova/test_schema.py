"""The portal against the contract, by requests that nobody wrote: valid ones and invalid ones, each answer checked."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.portale_prova.conftest import CODICE, Chiamate
from tests.portale_prova.server import CLIENTE, SEGRETO

RADICE = Path(__file__).resolve().parent.parent.parent
GETTONE = "chiediGettone"
GANCI = "tests.portale_prova.ganci"


def interroga(chiama: Chiamate, *altro: str, configurazione: str = "") -> None:
    """Let Schemathesis ask, and fail with its account."""
    # A file of settings is always named: none that happens to lie about is read.
    file = chiama.portale.cartella / "schemathesis.toml"
    file.write_text(configurazione)
    esito = subprocess.run(
        [
            *(str(Path(sys.executable).parent / "st"), "--config-file", str(file), "--no-color"),
            *("run", "curriculum/portale/contratto.yaml", "--url", chiama.portale.url, "--seed", "1"),
            *("--phases", "coverage,fuzzing", "--continue-on-failure", "--generation-database", "none"),
            *altro,
        ],
        cwd=RADICE,
        env={
            **os.environ,
            "NO_PROXY": "*",
            "PYTHONPATH": str(RADICE),
            "SCHEMATHESIS_HOOKS": "tests.portale_prova.ganci",
        },
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert esito.returncode == 0, esito.stdout[-6000:] + esito.stderr
    assert "passed" in esito.stdout


def con_gettone(chiama: Chiamate) -> tuple[str, str]:
    return "-H", f"Authorization: {chiama.http.headers['Authorization']}"


def test_the_operations_accept_what_is_valid_and_refuse_what_is_not(chiama: Chiamate) -> None:
    interroga(chiama, *con_gettone(chiama), "--exclude-operation-id", GETTONE, "-n", "30")


def test_the_operations_on_a_known_citizen_answer_as_the_contract_says(chiama: Chiamate) -> None:
    """A made-up file never has the digest that was declared: here a refusal of valid data is right."""
    chiama.portale.registrati(CODICE)
    assert chiama.metti().status_code == 201
    interroga(
        chiama,
        *con_gettone(chiama),
        *("--exclude-operation-id", GETTONE, "-n", "20", "--exclude-checks", "positive_data_acceptance"),
        configurazione=f'[parameters]\n"header.Codice-Fiscale" = "{CODICE}"\n',
    )


def test_the_token_is_given_by_the_contract(chiama: Chiamate) -> None:
    interroga(chiama, "--auth", f"{CLIENTE}:{SEGRETO}", "--include-operation-id", GETTONE, "-n", "30")
