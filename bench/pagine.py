"""Pages asked of the real WSGI application in this process, with a real session."""

from __future__ import annotations

import io
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.core.handlers.wsgi import WSGIHandler
from django.middleware.csrf import _get_new_csrf_string
from django.test import override_settings

from orientamento.anagrafica.models import Operatore

URLCONF = "bench.urls"


class Pagine:
    """Asks pages as one operator who is logged in."""

    def __init__(self, operatore: Operatore) -> None:
        sessione = SessionStore()
        sessione[SESSION_KEY] = str(operatore.pk)
        sessione[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
        sessione[HASH_SESSION_KEY] = operatore.get_session_auth_hash()
        sessione.save()
        self._csrf = _get_new_csrf_string()
        self._biscotti = f"{settings.SESSION_COOKIE_NAME}={sessione.session_key}; csrftoken={self._csrf}"
        self._app = _applicazione(settings.MIDDLEWARE)

    def get(self, percorso: str, *, parziale: bool = False) -> Callable[[], bytes]:
        """A function that asks for the page and answers its bytes; raises unless the answer is 200."""
        percorso, _, domanda = percorso.partition("?")
        extra = {"HTTP_HX_REQUEST": "true"} if parziale else {}
        return lambda: _chiedi(self._app, percorso, domanda, self._biscotti, b"", extra)

    def post(self, percorso: str, campi: Callable[[], dict[str, Any]]) -> Callable[[], bytes]:
        """A function that posts `campi()` as a partial request."""
        extra = {"HTTP_HX_REQUEST": "true", "HTTP_X_CSRFTOKEN": self._csrf}
        return lambda: _chiedi(self._app, percorso, "", self._biscotti, urlencode(campi(), doseq=True).encode(), extra)


def nuda(percorso: str) -> Callable[[], bytes]:
    """A bare view without any middleware, for information."""
    app = _applicazione([])
    return lambda: _chiedi(app, percorso, "", "", b"", {})


def _applicazione(middleware: list[str]) -> WSGIHandler:
    with override_settings(MIDDLEWARE=middleware):
        return WSGIHandler()


def _chiedi(app: WSGIHandler, percorso: str, domanda: str, biscotti: str, corpo: bytes, extra: dict[str, str]) -> bytes:
    stato: list[str] = []
    ambiente = {
        "REQUEST_METHOD": "POST" if corpo else "GET",
        "PATH_INFO": percorso,
        "QUERY_STRING": domanda,
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "HTTP_HOST": "localhost",
        "REMOTE_ADDR": "127.0.0.1",
        "HTTP_COOKIE": biscotti,
        "CONTENT_TYPE": "application/x-www-form-urlencoded",
        "CONTENT_LENGTH": str(len(corpo)),
        "wsgi.input": io.BytesIO(corpo),
        "wsgi.url_scheme": "http",
        "wsgi.errors": io.StringIO(),
        **extra,
    }
    risposta = app(ambiente, lambda s, _h, _e=None: stato.append(s))
    dati = b"".join(risposta)
    risposta.close()
    if not stato[0].startswith("200"):
        raise RuntimeError(f"{percorso}: {stato[0]}")
    return dati
