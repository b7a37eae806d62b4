"""The pages of error."""

from __future__ import annotations

import pytest
from django.test import Client

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
