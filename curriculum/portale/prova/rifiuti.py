"""What is not as it should be, and how the contract says so (RFC 9457)."""

from __future__ import annotations

from http import HTTPStatus
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse


class Rifiuto(Exception):
    """A refusal with its HTTP status, the code for programs and the sentence for people."""

    def __init__(self, status: int, codice: str, dettaglio: str, **intestazioni: str) -> None:
        super().__init__(dettaglio)
        self.status = status
        self.codice = codice
        self.dettaglio = dettaglio
        self.intestazioni = {nome.replace("_", "-"): valore for nome, valore in intestazioni.items()}


def non_valida(dettaglio: str) -> Rifiuto:
    return Rifiuto(HTTPStatus.BAD_REQUEST, "richiesta_non_valida", dettaglio)


def sconosciuto() -> Rifiuto:
    return Rifiuto(HTTPStatus.NOT_FOUND, "cittadino_sconosciuto", "Il cittadino non è registrato né pre-registrato.")


def problema(rifiuto: Rifiuto) -> HttpResponse:
    """The refusal as an answer."""
    corpo: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(rifiuto.status).phrase,
        "status": int(rifiuto.status),
        "detail": rifiuto.dettaglio,
        "codice": rifiuto.codice,
    }
    return JsonResponse(
        corpo, status=rifiuto.status, content_type="application/problem+json", headers=rifiuto.intestazioni
    )


def del_contratto(request: HttpRequest) -> bool:
    """Whether the address belongs to the contract, and not to the pages."""
    return request.path_info.startswith(("/v2/", "/oauth/"))
