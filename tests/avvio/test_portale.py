"""The portal to try against as bin/start runs it: beside the site, unless another one is named."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest

from orientamento.avvio import insieme
from orientamento.avvio.luoghi import RADICE, Fermo, Luoghi
from orientamento.avvio.portale import Portale, serve_il_portale


def test_none_is_started_where_an_address_is_given(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("PORTALE_URL", raising=False)
    assert serve_il_portale(Luoghi(RADICE, tmp_path))
    assert not serve_il_portale(Luoghi(tmp_path, tmp_path)), "the sources came without it"
    for indirizzo in ("https://portale.example.it", ""):
        monkeypatch.setenv("PORTALE_URL", indirizzo)
        assert not serve_il_portale(Luoghi(RADICE, tmp_path))


def test_it_takes_the_first_free_port_after_the_sites() -> None:
    with socket.socket() as occupata:
        occupata.bind(("127.0.0.1", 0))
        occupata.listen()
        porta = occupata.getsockname()[1]
        assert insieme.prima_porta_libera(porta) > porta


def test_it_starts_answers_and_ends(tmp_path: Path) -> None:
    luoghi = Luoghi(RADICE, tmp_path)
    portale = Portale(luoghi, os.environ, insieme.prima_porta_libera(8130))
    # The interpreter that runs the tests, wherever it lies.
    portale.processo.comando[0] = sys.executable
    portale.processo.avvia()
    try:
        portale.attendi()
        for riga in portale.annuncio():
            indirizzo = riga.split()[-1].replace("localhost", "127.0.0.1")
            assert urllib.request.urlopen(indirizzo, timeout=10).status == 200
        assert (tmp_path / "portale" / "portale.sqlite3").exists()
    finally:
        portale.processo.chiedi_fine()
        portale.processo.attendi_fine(10)


def test_one_that_cannot_start_says_why(tmp_path: Path) -> None:
    with socket.socket() as occupata:
        occupata.bind(("127.0.0.1", 0))
        occupata.listen()
        portale = Portale(Luoghi(RADICE, tmp_path), os.environ, occupata.getsockname()[1])
        portale.processo.comando = [sys.executable, "-c", "raise SystemExit('Address already in use')"]
        portale.processo.avvia()
        with pytest.raises(Fermo, match="already in use"):
            portale.attendi()


def test_everything_else_works_where_the_sources_come_without_it(tmp_path: Path) -> None:
    """As `git archive` delivers them: see .gitattributes."""
    fuori = [
        riga.split()[0] for riga in (RADICE / ".gitattributes").read_text().splitlines() if "export-ignore" in riga
    ]
    assert "/curriculum/portale/prova" in fuori
    for voce in ("manage.py", "orientamento", "propensioni", "curriculum", "psp", "templates", "static"):
        (tmp_path / voce).symlink_to(RADICE / voce) if voce != "curriculum" else _copia_senza(tmp_path, fuori)
    # Every module is imported, as a start would, and the checks of Django run.
    programma = (
        "import django, importlib, pkgutil; django.setup()\n"
        "import curriculum\n"
        "nomi = [m.name for m in pkgutil.walk_packages(curriculum.__path__, 'curriculum.')]\n"
        "assert 'curriculum.portale.client' in nomi and not any('.prova.' in n for n in nomi), nomi\n"
        "[importlib.import_module(n) for n in nomi if not n.endswith('figlio')]\n"
        "from django.core.management import call_command\n"
        "call_command('check')\n"
    )
    esito = subprocess.run(
        [sys.executable, "-c", programma],
        cwd=tmp_path,
        env={**os.environ, "DJANGO_SETTINGS_MODULE": "orientamento.settings.sviluppo", "PYTHONPATH": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert esito.returncode == 0, esito.stderr


def _copia_senza(meta: Path, fuori: list[str]) -> None:
    """The package without what is not delivered."""
    for file in (RADICE / "curriculum").rglob("*.py"):
        relativo = file.relative_to(RADICE)
        if not any(f"/{relativo}".startswith(f"{voce}/") or f"/{relativo}" == voce for voce in fuori):
            (meta / relativo).parent.mkdir(parents=True, exist_ok=True)
            (meta / relativo).write_bytes(file.read_bytes())
