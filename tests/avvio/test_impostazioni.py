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


POSTA = (
    "from django.conf import settings as s; "
    "print(s.POSTA_BACKEND, s.EMAIL_HOST, s.EMAIL_PORT, s.EMAIL_USE_TLS, s.MITTENTE)"
)


def leggi_posta(**ambiente):
    return subprocess.run(
        [sys.executable, "-c", POSTA],
        env={"PATH": os.defpath, **COMPLETE, **ambiente},
        cwd=RADICE,
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_mail_server_comes_from_its_address():
    esito = leggi_posta(EMAIL_URL="smtp+tls://u%40ente:p@posta.example.it:587", MITTENTE="cpi@example.it")
    assert esito.stdout.split() == [
        "orientamento.anagrafica.posta.server.ServerDiPosta", "posta.example.it", "587", "True", "cpi@example.it"
    ]  # fmt: skip


def test_without_mail_production_starts_and_messages_wait():
    esito = leggi_posta(EMAIL_URL="", MITTENTE="")
    assert esito.returncode == 0, esito.stderr
    assert "ServerDiPosta" not in esito.stdout
    assert "Cartella" not in esito.stdout


@pytest.mark.parametrize(
    ("ambiente", "parola"),
    [
        ({"MITTENTE": ""}, "MITTENTE"),
        ({"EMAIL_URL": "consolemail://"}, "EMAIL_URL"),
        ({"EMAIL_URL": "filemail:///tmp"}, "EMAIL_URL"),
    ],
)
def test_mail_that_would_go_nowhere_is_refused(ambiente, parola):
    esito = leggi_posta(**ambiente)
    assert esito.returncode != 0
    assert parola in esito.stderr.splitlines()[-1]
