"""The production settings refuse to start without their secrets, and know no demonstration."""

import os
import subprocess
import sys

import pytest

from orientamento.avvio.controlli import SEGRETI_FINTI
from orientamento.avvio.luoghi import RADICE

COMPLETE = {**SEGRETI_FINTI, "DATABASE_URL": "postgres://u:p@localhost/x", "DATI_DIR": "/srv/orientamento"}
LEGGI = (
    "from django.conf import settings as s; "
    "print(s.DEBUG, s.DATI_DIMOSTRATIVI_AMMESSI, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.ALLOWED_HOSTS)"
)


def leggi_impostazioni(ambiente):
    return subprocess.run(
        [sys.executable, "-c", LEGGI],
        env={"PATH": os.defpath, **ambiente},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_with_all_of_them_production_starts_closed_and_without_demonstration():
    esito = leggi_impostazioni(COMPLETE)
    assert esito.returncode == 0, esito.stderr
    assert esito.stdout.strip() == "False False True True ['orientamento.example.it']"


@pytest.mark.parametrize(
    ("nome", "valore"),
    [
        ("SECRET_KEY", None),
        ("ALLOWED_HOSTS", ""),
        ("DATABASE_URL", None),
        ("REDIS_URL", "  "),
        ("DATI_DIR", None),
    ],
)
def test_each_missing_or_empty_one_is_named(nome, valore):
    ambiente = {chiave: voce for chiave, voce in COMPLETE.items() if chiave != nome}
    esito = leggi_impostazioni(ambiente if valore is None else {**ambiente, nome: valore})
    assert esito.returncode != 0
    assert f"Manca la variabile d'ambiente {nome}" in esito.stderr


@pytest.mark.parametrize(
    ("nome", "valore"),
    [
        ("SECRET_KEY", "corta"),
        ("SECRET_KEY", "chiave-di-sola-prova-non-usare-con-dati-veri-anche-se-lunga-abbastanza"),
        ("ALLOWED_HOSTS", "*"),
    ],
)
def test_values_that_protect_nobody_are_refused(nome, valore):
    esito = leggi_impostazioni({**COMPLETE, nome: valore})
    assert esito.returncode != 0
    assert nome in esito.stderr.splitlines()[-1]


def test_the_demonstration_is_refused_in_production():
    esito = subprocess.run(
        [sys.executable, "manage.py", "carica_dimostrazione"],
        env={**os.environ, **SEGRETI_FINTI, "DATI_DIR": "/srv/orientamento"},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert esito.returncode != 0
    assert "produzione" in esito.stderr
