"""The contract's operations over HTTP: read the request, call, answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import FileResponse, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from curriculum.portale.prova import accesso, curricula, forma, impostazioni, registrazioni
from curriculum.portale.prova.corpo import leggi_corpo, leggi_parti
from curriculum.portale.prova.interruttori import guasti
from curriculum.portale.prova.rifiuti import Rifiuto, non_valida, problema

Vista = Callable[..., HttpResponse]
JSON_MASSIMO = 64 * 1024


def operazioni(**per_metodo: Vista) -> Vista:
    """One view for an address: the token first, then the function of the method; refusals become answers."""

    @csrf_exempt
    @never_cache
    def vista(request: HttpRequest) -> HttpResponse:
        if request.method not in per_metodo:
            ammessi = ", ".join(per_metodo)
            return problema(Rifiuto(405, "richiesta_non_valida", f"Qui si può soltanto {ammessi}.", Allow=ammessi))
        try:
            accesso.pretendi_gettone(request)
            return per_metodo[request.method](request, forma.codice_fiscale(request.META.get("HTTP_CODICE_FISCALE")))
        except Rifiuto as rifiuto:
            return problema(rifiuto)

    return vista


@csrf_exempt
@never_cache
def gettone(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return problema(Rifiuto(405, "richiesta_non_valida", "Qui si può soltanto POST.", Allow="POST"))
    return accesso.rilascia(request)


def _con_chiave(vista: Vista) -> Vista:
    @wraps(vista)
    def con_chiave(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
        return vista(request, codice_fiscale, forma.chiave(request.META.get("HTTP_IDEMPOTENCY_KEY")))

    return con_chiave


def _tipo(request: HttpRequest) -> str:
    return request.META.get("CONTENT_TYPE", "").partition(";")[0].strip().lower()


def _cerca(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
    return JsonResponse(registrazioni.registrazione(registrazioni.cittadino(codice_fiscale)))


@_con_chiave
def _preregistra(request: HttpRequest, codice_fiscale: str, chiave: str) -> HttpResponse:
    if _tipo(request) != "application/json":
        raise non_valida("I dati si mandano come application/json.")
    dati = forma.preregistrazione(forma.oggetto(leggi_corpo(request, JSON_MASSIMO)))
    detto, nuova = registrazioni.preregistra(codice_fiscale, dati, chiave=chiave, guasti=guasti())
    return JsonResponse(detto, status=201 if nuova else 200)


@_con_chiave
def _rimanda(request: HttpRequest, codice_fiscale: str, chiave: str) -> HttpResponse:
    return JsonResponse(registrazioni.rimanda(codice_fiscale, chiave=chiave, guasti=guasti()))


@_con_chiave
def _metti(request: HttpRequest, codice_fiscale: str, chiave: str) -> HttpResponse:
    parti = leggi_parti(request, impostazioni.CORPO_MASSIMO)
    if not {"dati", "file"} <= set(parti):
        raise non_valida("Servono le parti «dati» e «file».")
    if len(parti["file"]) > impostazioni.FILE_MASSIMO:
        raise Rifiuto(413, "file_troppo_grande", f"Il file supera i {impostazioni.FILE_MASSIMO // 1024**2} MB.")
    dati: dict[str, Any] = forma.curriculum(forma.oggetto(parti["dati"]))
    detto, nuovo = curricula.metti(curricula.Arrivo(codice_fiscale, chiave, dati, parti["file"]), guasti())
    return JsonResponse(detto, status=201 if nuovo else 200)


def _stato(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
    return JsonResponse(curricula.stato(codice_fiscale, guasti()))


@_con_chiave
def _togli(request: HttpRequest, codice_fiscale: str, chiave: str) -> HttpResponse:
    return JsonResponse(curricula.togli_da_intuition(codice_fiscale, chiave=chiave, guasti=guasti()))


registrazione = operazioni(GET=_cerca, PUT=_preregistra)
messaggi = operazioni(POST=_rimanda)
curriculum = operazioni(GET=_stato, PUT=_metti)
intuition = operazioni(DELETE=_togli)


def contratto(request: HttpRequest) -> FileResponse:
    """The contract itself, for who wants to read it."""
    return FileResponse(impostazioni.CONTRATTO.open("rb"), content_type="text/plain; charset=utf-8")
