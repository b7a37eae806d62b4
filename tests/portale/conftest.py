"""What the tests of the client share: a portal to speak to, and the six operations."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from curriculum.portale.client import Portale
from tests.portale.finto import CLIENTE, SEGRETO, PortaleCrudo, PortaleFinto


@pytest.fixture(scope="session")
def _uno_solo() -> Iterator[PortaleFinto]:
    uno = PortaleFinto()
    yield uno
    uno.chiudi()


@pytest.fixture
def finto(_uno_solo: PortaleFinto) -> PortaleFinto:
    """The obedient server, with nothing left of the test before."""
    _uno_solo.azzera()
    return _uno_solo


@pytest.fixture
def cliente(finto: PortaleFinto) -> Iterator[Portale]:
    uno = Portale(url=finto.url, cliente=CLIENTE, segreto=SEGRETO, tempo=5.0)
    yield uno
    uno.chiudi()


@pytest.fixture
def crudo() -> Iterator[Callable[..., Portale]]:
    """Called with what the server does to the wire, gives a client that waits `tempo` seconds for an answer."""
    aperti: list[PortaleCrudo | Portale] = []

    def apri(copione: Callable[..., None], tempo: float = 0.3) -> Portale:
        server = PortaleCrudo(copione)
        cliente = Portale(url=server.url, cliente=CLIENTE, segreto=SEGRETO, tempo=tempo)
        aperti.extend((cliente, server))
        return cliente

    yield apri
    for uno in aperti:
        uno.chiudi()
