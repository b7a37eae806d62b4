"""Who may ask: the application's credentials for a token, a token for everything else (RFC 6749, RFC 6750)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
from urllib.parse import parse_qs

from django.http import HttpRequest, HttpResponse, JsonResponse

from curriculum.portale.prova import impostazioni, tempo
from curriculum.portale.prova.corpo import leggi_corpo
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.interruttori import guasti, tocca
from curriculum.portale.prova.rifiuti import Rifiuto

AMBITO = "curricula"


def rilascia(request: HttpRequest) -> HttpResponse:
    """A new token for the application, or the error of RFC 6749."""
    if not _applicazione(request):
        return JsonResponse(
            {"error": "invalid_client"}, status=401, headers={"WWW-Authenticate": 'Basic realm="portale di prova"'}
        )
    errore = _errore(request)
    if errore:
        return JsonResponse({"error": errore}, status=400)
    gettone = secrets.token_urlsafe(32)
    with deposito().scrive() as connessione:
        connessione.execute("DELETE FROM gettone WHERE scade < ?", [tempo.secondi()])
        connessione.execute(
            "INSERT INTO gettone VALUES (?, ?)", [_impronta(gettone), tempo.secondi() + impostazioni.DURATA_GETTONE]
        )
    return JsonResponse({"access_token": gettone, "token_type": "Bearer", "expires_in": impostazioni.DURATA_GETTONE})


def pretendi_gettone(request: HttpRequest) -> None:
    """Refuse who comes without a token that is still good."""
    schema, _, gettone = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    riga = None
    if schema.lower() == "bearer" and gettone:
        impronta = _impronta(gettone.strip())
        riga = deposito().legge().execute("SELECT scade FROM gettone WHERE impronta = ?", [impronta]).fetchone()
        if riga and tocca(guasti().gettone_scaduto):
            with deposito().scrive() as connessione:
                connessione.execute("DELETE FROM gettone WHERE impronta = ?", [impronta])
            riga = None
    if riga is None or riga["scade"] < tempo.secondi():
        raise Rifiuto(
            401,
            "non_autenticato",
            "Il gettone manca, è scaduto o non è valido.",
            WWW_Authenticate='Bearer realm="portale di prova", error="invalid_token"',
        )


def _impronta(gettone: str) -> str:
    return hashlib.sha256(gettone.encode("utf-8", "surrogateescape")).hexdigest()


def _applicazione(request: HttpRequest) -> bool:
    schema, _, testo = request.META.get("HTTP_AUTHORIZATION", "").partition(" ")
    try:
        chi = base64.b64decode(testo.strip(), validate=True) if schema.lower() == "basic" else b""
    except (binascii.Error, ValueError):
        return False
    return hmac.compare_digest(chi, f"{impostazioni.CLIENTE}:{impostazioni.SEGRETO}".encode())


def _errore(request: HttpRequest) -> str:
    if request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower() != "application/x-www-form-urlencoded":
        return "invalid_request"
    try:
        campi = parse_qs(
            leggi_corpo(request, 64 * 1024).decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=20
        )
    except (ValueError, Rifiuto):
        return "invalid_request"
    if any(len(campi.get(nome, [])) > 1 for nome in ("grant_type", "scope")) or not campi.get("grant_type"):
        return "invalid_request"
    if campi["grant_type"] != ["client_credentials"]:
        return "unsupported_grant_type"
    return "" if campi.get("scope", [AMBITO]) == [AMBITO] else "invalid_scope"
