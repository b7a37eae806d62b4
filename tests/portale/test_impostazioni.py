"""Production may go without a portal, and never speaks to the one to try against, nor in the clear."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from orientamento.avvio.controlli import SEGRETI_FINTI
from orientamento.avvio.luoghi import RADICE

BASE = {**SEGRETI_FINTI, "DATABASE_URL": "postgres://u:p@localhost/x", "DATI_DIR": "/srv/orientamento"}
PORTALE = {
    "PORTALE_URL": "https://portale.example.it/servizi/",
    "PORTALE_CLIENTE": "orientamento",
    "PORTALE_SEGRETO": "uno-vero",
}
LEGGI = (
    "from django.conf import settings as s; "
    "print(s.PORTALE_URL, s.PORTALE_CLIENTE, s.PORTALE_TEMPO, s.LOGGING['loggers']['httpx']['level'])"
)


def leggi(**ambiente: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", LEGGI],
        env={"PATH": os.defpath, **BASE, **ambiente},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_without_a_portal_it_starts() -> None:
    esito = leggi()
    assert esito.returncode == 0, esito.stderr
    assert esito.stdout.strip() == "10.0 WARNING"


def test_with_the_real_one_it_starts() -> None:
    esito = leggi(**PORTALE, PORTALE_TEMPO="20")
    assert esito.returncode == 0, esito.stderr
    assert esito.stdout.strip() == "https://portale.example.it/servizi/ orientamento 20.0 WARNING"


@pytest.mark.parametrize(
    ("cambiata", "frase"),
    [
        ({"PORTALE_URL": "http://portale.example.it"}, "https://"),
        ({"PORTALE_URL": "http://127.0.0.1:8001"}, "https://"),
        ({"PORTALE_URL": "portale.example.it"}, "https://"),
        ({"PORTALE_URL": "https://"}, "https://"),
        ({"PORTALE_URL": "https://u:p@portale.example.it"}, "https://"),
        ({"PORTALE_URL": "https://portale.example.it/?chiave=1"}, "https://"),
        ({"PORTALE_SEGRETO": "solo-per-prova"}, "portale di prova"),
        ({"PORTALE_SEGRETO": ""}, "PORTALE_SEGRETO"),
        ({"PORTALE_CLIENTE": " "}, "PORTALE_CLIENTE"),
        ({"PORTALE_TEMPO": "0"}, "PORTALE_TEMPO"),
        ({"PORTALE_TEMPO": "21"}, "PORTALE_TEMPO"),
    ],
)
def test_with_anything_else_it_does_not(cambiata: dict[str, str], frase: str) -> None:
    esito = leggi(**{**PORTALE, **cambiata})
    assert esito.returncode != 0
    assert "ImproperlyConfigured" in esito.stderr
    assert frase in esito.stderr.splitlines()[-1]
