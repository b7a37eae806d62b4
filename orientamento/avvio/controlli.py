"""The checks of .ci/run: style, types, layers, templates, migrations, production settings, then all the tests."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass, field

from orientamento.avvio.luoghi import Luoghi

# Values that are good for nothing but to let the production settings be read.
SEGRETI_FINTI = {
    "DJANGO_SETTINGS_MODULE": "orientamento.settings.produzione",
    "SECRET_KEY": "".join(chr(33 + (7 * n) % 90) for n in range(72)),
    "ALLOWED_HOSTS": "orientamento.example.it",
    "REDIS_URL": "redis://localhost:6379/0",
    "EMAIL_URL": "smtp+tls://posta.example.it:587",
    "MITTENTE": "non-rispondere@example.it",
}
STRATI = "from importlinter.cli import lint_imports_command; lint_imports_command()"


@dataclass(frozen=True)
class Controllo:
    nome: str
    argomenti: list[str]
    ambiente: dict[str, str] = field(default_factory=dict)


CONTROLLI = [
    Controllo("ruff check", ["-m", "ruff", "check", "."]),
    Controllo("ruff format", ["-m", "ruff", "format", "--check", "."]),
    Controllo("mypy", ["-m", "mypy", "--no-error-summary", "."]),
    Controllo("djlint", ["-m", "djlint", "--lint", "--quiet", "templates"]),
    Controllo("strati", ["-c", STRATI]),
    Controllo("migrazioni", ["manage.py", "makemigrations", "--check", "--dry-run"]),
    Controllo("produzione", ["manage.py", "check", "--deploy", "--fail-level", "WARNING"], SEGRETI_FINTI),
]


def _scrivi(testo: str) -> None:
    sys.stdout.write(testo + "\n")
    sys.stdout.flush()


def esegui(luoghi: Luoghi, figli: dict[str, str], pytest: list[str]) -> int:
    """Run them all, also after a failure, and say how each went. The last line is pytest's own."""
    falliti = []
    for controllo in CONTROLLI:
        inizio = time.monotonic()
        esito = subprocess.run(
            [str(luoghi.python), *controllo.argomenti],
            env={**figli, **controllo.ambiente},
            cwd=luoghi.radice,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
        )
        riuscito = esito.returncode == 0
        _scrivi(f"{controllo.nome}: {'ok' if riuscito else 'NON RIUSCITO'} ({time.monotonic() - inizio:.1f} s)")
        if not riuscito:
            falliti.append(controllo.nome)
            _scrivi(esito.stdout.rstrip())
    codice, chiusura = _prove(luoghi, figli, pytest)
    if codice != 0:
        falliti.append("test")
    _scrivi(f"Non riusciti: {', '.join(falliti)}" if falliti else "Tutti i controlli sono riusciti.")
    _scrivi(chiusura)
    return 1 if falliti else 0


def _prove(luoghi: Luoghi, figli: dict[str, str], pytest: list[str]) -> tuple[int, str]:
    """Run pytest and pass on what it prints as it comes. Returns its exit code and its closing line."""
    chiusura = "pytest non ha scritto nulla"
    with subprocess.Popen(
        pytest,
        env={**figli, "COLUMNS": os.environ.get("COLUMNS", "120")},
        cwd=luoghi.radice,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as processo:
        assert processo.stdout is not None
        for riga in processo.stdout:
            sys.stdout.write(riga)
            sys.stdout.flush()
            chiusura = riga.strip() or chiusura
    return processo.returncode, chiusura
