"""The pages of error."""

from __future__ import annotations

import pytest
from django.db import OperationalError
from django.test import Client

from orientamento.anagrafica.views import ricerca
from tests.cast import Cast

MODULO = "application/x-www-form-urlencoded"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("corpo", "tipo"),
    [
        (b"username=%ff", f"{MODULO}; charset=utf-7"),
        (b"xx", "multipart/form-data"),
        (b"&".join(b"c%d=1" % n for n in range(3000)), MODULO),
        (b"username=" + b"a" * 6_000_000, MODULO),
    ],
)
def test_what_cannot_be_read_is_an_error_of_who_asked(corpo: bytes, tipo: str) -> None:
    client = Client(enforce_csrf_checks=True, raise_request_exception=False)
    client.get("/accesso")
    risposta = client.post("/accesso", corpo, content_type=tipo)
    assert risposta.status_code == 400
    assert "text/html" in risposta["Content-Type"]
    assert 'lang="it"' in risposta.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize(("errore", "stato"), [(OperationalError("caduto"), 503), (RuntimeError("guasto"), 500)])
def test_a_database_away_is_no_fault_of_the_program(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, errore: Exception, stato: int
) -> None:
    def cade(*_: object, **__: object) -> None:
        raise errore

    monkeypatch.setattr(ricerca, "cerca_utenti", cade)
    client = cast.client("operatore")
    client.raise_request_exception = False
    risposta = client.get("/utenti")
    assert risposta.status_code == stato
    assert risposta.has_header("Retry-After") == (stato == 503)
    assert str(errore) not in risposta.content.decode()
