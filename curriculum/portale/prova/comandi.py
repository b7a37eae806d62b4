"""The switches and the counts as JSON, for tests and for runs under fault: POST /prova/guasti, GET /prova/conteggi …"""

from __future__ import annotations

from dataclasses import asdict
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.views.decorators.csrf import csrf_exempt

from curriculum.portale.prova import forma, interruttori, registrazioni
from curriculum.portale.prova.api import Vista
from curriculum.portale.prova.corpo import leggi_corpo
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.rifiuti import Rifiuto, problema

CORPO_MASSIMO = 8 * 1024 * 1024


def _comando(vista: Vista) -> Vista:
    """Only application/json: no page of another site can send that without asking first."""

    @csrf_exempt
    @wraps(vista)
    def comando(request: HttpRequest) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        try:
            if request.META.get("CONTENT_TYPE", "").partition(";")[0] != "application/json":
                raise Rifiuto(400, "richiesta_non_valida", "I comandi si mandano come application/json.")
            return vista(forma.oggetto(leggi_corpo(request, CORPO_MASSIMO) or b"{}"))
        except Rifiuto as rifiuto:
            return problema(rifiuto)
        except ValueError as errore:
            return problema(Rifiuto(400, "richiesta_non_valida", str(errore)))

    return comando


def salute(request: HttpRequest) -> HttpResponse:
    deposito().legge().execute("SELECT 1 FROM guasti").fetchone()
    return JsonResponse({"stato": "ok"})


@_comando
def _imposta(valori: dict[str, Any]) -> HttpResponse:
    """Change the named switches; `seme` makes the random ones repeatable."""
    if "seme" in valori:
        interruttori.semina(int(valori.pop("seme")))
    return JsonResponse(asdict(interruttori.imposta(valori)))


@csrf_exempt
def guasti(request: HttpRequest) -> HttpResponse:
    return JsonResponse(asdict(interruttori.guasti())) if request.method == "GET" else _imposta(request)


@_comando
def azzera(valori: dict[str, Any]) -> HttpResponse:
    """Forget everything and turn every fault off."""
    deposito().azzera()
    return JsonResponse(conteggio())


@_comando
def conferma(valori: dict[str, Any]) -> HttpResponse:
    """The citizen follows the link of the message; with {"tutti": true}, everybody who has not yet."""
    if valori.get("tutti") is True:
        return JsonResponse({"confermati": registrazioni.conferma_tutti()})
    persona = registrazioni.cittadino(forma.codice_fiscale(str(valori.get("codice_fiscale"))))
    registrazioni.conferma(persona["gettone"])
    return JsonResponse(registrazioni.registrazione(registrazioni.cittadino(persona["codice_fiscale"])))


@_comando
def registrati(valori: dict[str, Any]) -> HttpResponse:
    """Citizens who are registered and confirmed: {"codici_fiscali": [...]}."""
    codici = [forma.codice_fiscale(str(codice)) for codice in valori.get("codici_fiscali", [])]
    registrazioni.registra_molti(codici)
    return JsonResponse({"registrati": len(codici)})


def conteggi(request: HttpRequest) -> HttpResponse:
    return JsonResponse({**conteggio(), "per_chiave": _per_chiave()})


def messaggi(request: HttpRequest) -> HttpResponse:
    righe = (
        deposito()
        .legge()
        .execute(
            "SELECT codice_fiscale, canale, destinatario, gettone, mandato_il FROM messaggio"
            " WHERE ? IN ('', codice_fiscale) ORDER BY id DESC LIMIT 1000",
            [request.GET.get("codice_fiscale", "")],
        )
        .fetchall()
    )
    return JsonResponse({"messaggi": [{**dict(riga), "link": f"/conferma/{riga['gettone']}"} for riga in righe]})


def conteggio() -> dict[str, int]:
    """What the portal has received, by its own count. `doppi` are receptions of a CV beyond the first of its key."""
    riga = (
        deposito()
        .legge()
        .execute(
            "SELECT (SELECT count(*) FROM ricezione) ricezioni,"
            " (SELECT count(DISTINCT chiave) FROM ricezione) chiavi,"
            " (SELECT count(*) FROM curriculum) curricula,"
            " (SELECT count(*) FROM cittadino) cittadini,"
            " (SELECT count(*) FROM cittadino WHERE confermata_il IS NOT NULL) confermati,"
            " (SELECT count(*) FROM messaggio) messaggi"
        )
        .fetchone()
    )
    return {**dict(riga), "doppi": riga["ricezioni"] - riga["chiavi"]}


def _per_chiave() -> dict[str, int]:
    righe = deposito().legge().execute("SELECT chiave, count(*) quante FROM ricezione GROUP BY chiave").fetchall()
    return {riga["chiave"]: riga["quante"] for riga in righe}
