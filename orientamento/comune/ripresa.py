"""What a person had written when the login expired (C8): carried along in the page itself, never in a session.

The fields travel in a signed hidden field of the login form, so that nobody can make up a form for somebody else to
send. They say whose they are: another operator who logs in instead neither sees nor sends them.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.core import signing
from django.http import HttpRequest, HttpResponse

CAMPO = "da_riprendere"
BISCOTTO = "ultimo_operatore"
BISCOTTO_PAGINE = "pagine_di"  # app.js reads it: a page kept for the back button is shown only to whom it belongs
VALIDITA = 12 * 3600
_SALE = "orientamento.ripresa"


@dataclass(frozen=True)
class Ripresa:
    """A form that was not accepted for want of a login. `campi` are its fields; a file cannot be carried along."""

    indirizzo: str
    pagina: str
    operatore: int | None
    campi: list[tuple[str, str]] = field(default_factory=list)
    con_file: bool = False

    def di(self, operatore_id: int) -> bool:
        """Whether it may be handed to this operator: nobody else's writing is."""
        return self.operatore is None or self.operatore == operatore_id

    def firma(self) -> str:
        return signing.dumps(asdict(self), salt=_SALE, compress=True)


def da_richiesta(request: HttpRequest) -> Ripresa:
    """Take the form that `request` posts without a login."""
    con_file = bool(request.FILES)
    campi = [
        (nome, valore)
        for nome, valori in request.POST.lists()
        for valore in valori
        if nome not in ("csrfmiddlewaretoken", CAMPO) and not con_file
    ]
    return Ripresa(
        indirizzo=request.get_full_path(),
        pagina=_pagina_di_partenza(request),
        operatore=_ultimo_operatore(request),
        campi=campi,
        con_file=con_file,
    )


def da_firma(testo: str) -> Ripresa | None:
    """Read back what `firma` wrote; None when it is missing, forged or old."""
    try:
        dati: dict[str, Any] = signing.loads(testo, salt=_SALE, max_age=VALIDITA)
    except signing.BadSignature:
        return None
    return Ripresa(**{**dati, "campi": [(nome, valore) for nome, valore in dati["campi"]]})


def ricorda_operatore(response: HttpResponse, operatore_id: int, *, sicuro: bool) -> None:
    """Remember, in this browser, who logged in last: it is whose the forms still open in its pages are."""
    response.set_signed_cookie(
        BISCOTTO, str(operatore_id), salt=_SALE, max_age=7 * 86_400, httponly=True, samesite="Lax", secure=sicuro
    )
    response.set_cookie(BISCOTTO_PAGINE, str(operatore_id), samesite="Lax", secure=sicuro)


def _ultimo_operatore(request: HttpRequest) -> int | None:
    testo = request.get_signed_cookie(BISCOTTO, default="", salt=_SALE)
    return int(testo) if testo and testo.isdigit() else None


def _pagina_di_partenza(request: HttpRequest) -> str:
    """The page of ours that the form was on, or nothing."""
    da = urlsplit(request.headers.get("Referer", ""))
    if da.netloc != request.get_host() or not da.path.startswith("/") or da.path.startswith("//"):
        return ""
    return f"{da.path}?{da.query}" if da.query else da.path
