"""What every test shares: the database it may use, and the real Chromium of the browser tests."""

from __future__ import annotations

import os
import shutil
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pgtrigger
import pytest
from django.db import connection
from hypothesis import HealthCheck, settings

from tests.cast import cast as cast
from tests.portale_prova.server import portale_collegato as portale_collegato
from tests.portale_prova.server import portale_di_prova as portale_di_prova

# Playwright's synchronous API keeps an event loop in the test's thread; Django would refuse the ORM there.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# Tests run on busy machines: time is no verdict, and a failing example must come back on the next run.
settings.register_profile(
    "orientamento", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("orientamento")

BROWSER_OBBLIGATORIO = os.environ.get("BROWSER_OBBLIGATORIO") == "1"
ARGOMENTI_CHROMIUM = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
FIXTURE_BROWSER = {"page", "context", "browser", "new_context"}


def chromium() -> str | None:
    """The Chromium of the system, or the one named by the environment."""
    indicato = os.environ.get("CHROMIUM")
    if indicato:
        return indicato if Path(indicato).exists() else None
    return shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")


def pytest_sessionstart(session: pytest.Session) -> None:
    if not os.environ.get("DATABASE_URL"):
        pytest.exit("Manca DATABASE_URL: i test si avviano con bin/test, che prepara un PostgreSQL tutto suo.", 4)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if FIXTURE_BROWSER & set(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.browser)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Where the browser is compulsory a skipped browser test is a failed one."""
    rapporto = yield
    if BROWSER_OBBLIGATORIO and rapporto.skipped and item.get_closest_marker("browser"):
        rapporto.outcome = "failed"
        rapporto.longrepr = f"{item.nodeid}: test del browser saltato, ma BROWSER_OBBLIGATORIO=1"
    return rapporto


@pytest.fixture
def registro_svuotabile(django_db_setup: None) -> Generator[None]:
    """A test with real transactions empties every table at its end: only there may the register be emptied."""
    with pgtrigger.ignore("registro.Evento:registro_non_svuotabile"):
        yield


@pytest.fixture
def transactional_db(registro_svuotabile: None, transactional_db: None) -> None:
    """As pytest-django's, with the register that lets itself be emptied after the test."""


# What is due by the rule and is not in the worklist, and the other way round.
LAVORO_SBAGLIATO = """
WITH dovute AS (SELECT * FROM psp_dovuto(ARRAY(SELECT id FROM anagrafica_utente))),
tenute AS (
    SELECT genere, riga, utente_id, cpi_id, operatore_id, scade, dal, al, oggetto, parole FROM psp_vocedilavoro)
(SELECT 'manca', * FROM dovute EXCEPT SELECT 'manca', * FROM tenute)
UNION ALL (SELECT 'in più', * FROM tenute EXCEPT SELECT 'in più', * FROM dovute)
"""


@pytest.fixture(autouse=True)
def lavoro_giusto(request: pytest.FixtureRequest) -> Generator[None]:
    """After every test that writes: the worklist that the database keeps is what the rule says (decision 018)."""
    usate = set(request.fixturenames)
    if {"transactional_db", "live_server"} & usate:
        request.getfixturevalue("transactional_db")
    elif "db" in usate or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
    else:
        yield
        return
    yield
    if connection.is_usable() and not connection.needs_rollback:
        connection.check_constraints()
        with connection.cursor() as cursore:
            cursore.execute(LAVORO_SBAGLIATO)
            assert cursore.fetchall() == []


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    eseguibile = chromium()
    if eseguibile is None:
        pytest.skip("Chromium non trovato: installare il pacchetto chromium")
    return {**browser_type_launch_args, "executable_path": eseguibile, "args": ARGOMENTI_CHROMIUM}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "it-IT",
        "timezone_id": "Europe/Rome",
        "viewport": {"width": 1366, "height": 768},
    }
