"""Fixtures of the tests that drive a real Chromium: a server that stays up, pages already logged in, no complaint."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import pgtrigger
import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections
from django.db.backends.base.creation import TEST_DATABASE_PREFIX
from django.test import override_settings
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request
from pytest_django.live_server_helper import LiveServer
from pytest_django.plugin import DjangoDbBlocker

from tests.browser.mondo import Mondo, costruisci

RUOLI = ("operatore", "responsabile", "incrocio", "amministratore")


@dataclass
class Guardia:
    """Listens to a page: errors of the console (a breach of the CSP is one), of scripts, requests to other hosts."""

    casa: str
    lamenti: list[str] = field(default_factory=list)
    ammessi: set[int] = field(default_factory=set)

    def ascolta(self, pagina: Page) -> None:
        pagina.on("console", self._console)
        pagina.on("pageerror", lambda errore: self.lamenti.append(f"script: {errore}"))
        pagina.on("request", self._richiesta)

    def _console(self, messaggio: ConsoleMessage) -> None:
        """A refusal that the test expects (422, 403 …) is no fault of the page."""
        atteso = any(f"status of {stato} " in messaggio.text for stato in self.ammessi)
        if messaggio.type == "error" and not atteso:
            self.lamenti.append(f"console: {messaggio.text}")

    def _richiesta(self, richiesta: Request) -> None:
        parti = urlsplit(richiesta.url)
        if parti.scheme not in ("data", "blob") and parti.netloc != self.casa:
            self.lamenti.append(f"verso un altro posto: {richiesta.url}")


@pytest.fixture(scope="module")
def base_dati_del_modulo(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """The test database open to a whole module, with real transactions, and emptied at its end.

    The module must be marked `django_db`: without any such test there is no test database, and this is another one.
    """
    nome = str(connection.settings_dict["NAME"])
    assert nome.startswith(TEST_DATABASE_PREFIX), f"{nome} non è una base dati di prova: manca pytest.mark.django_db"
    with django_db_blocker.unblock():
        yield
        with pgtrigger.ignore("registro.Evento:registro_non_svuotabile"):
            call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=False)
        # While Chromium is driven this thread has connections of its own: left open, they would hold the database.
        connections.close_all()


@pytest.fixture(scope="module")
def mondo(base_dati_del_modulo: None) -> Iterator[Mondo]:
    """The office, whose portal is set and never answers."""
    with override_settings(PORTALE_URL="http://127.0.0.1:9", PORTALE_CLIENTE="prova", PORTALE_SEGRETO="prova"):
        yield costruisci()


@pytest.fixture(scope="module")
def sito(base_dati_del_modulo: None) -> Iterator[str]:
    """The address of a server that lasts as long as the module."""
    server = LiveServer("localhost")
    server._live_server_modified_settings.enable()
    yield server.url
    server.stop()
    server._live_server_modified_settings.disable()


@pytest.fixture(scope="module")
def contesti(
    browser: Browser, browser_context_args: dict[str, Any], sito: str, mondo: Mondo
) -> Iterator[Callable[[str | None], BrowserContext]]:
    """One browser context for each of the cast, logged in by the session's cookie; `None` is nobody.

    The sessions are written here, outside the transaction that each test lives in: the server must see them.
    """
    biscotto = settings.SESSION_COOKIE_NAME
    sessioni = {chi: mondo.cast.client(chi).cookies[biscotto].value for chi in RUOLI}
    aperti: dict[str | None, BrowserContext] = {}

    def contesto(chi: str | None) -> BrowserContext:
        if chi not in aperti:
            aperti[chi] = browser.new_context(**browser_context_args)
            if chi:
                aperti[chi].add_cookies([{"name": biscotto, "value": sessioni[chi], "url": sito}])
        return aperti[chi]

    yield contesto
    for aperto in aperti.values():
        aperto.close()


@pytest.fixture
def guardia(sito: str) -> Guardia:
    return Guardia(casa=urlsplit(sito).netloc)


@pytest.fixture
def entra(contesti: Callable[[str | None], BrowserContext], guardia: Guardia) -> Iterator[Callable[[str | None], Page]]:
    """A page logged in as one of the cast; whatever it complained of fails the test."""
    pagine: list[Page] = []

    def entra_come(chi: str | None) -> Page:
        pagina = contesti(chi).new_page()
        guardia.ascolta(pagina)
        pagine.append(pagina)
        return pagina

    yield entra_come
    for pagina in pagine:
        pagina.close()
    assert guardia.lamenti == []
