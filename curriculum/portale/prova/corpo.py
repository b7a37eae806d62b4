"""The body of a request, read within a limit, and its parts where it is a multipart form."""

from __future__ import annotations

import re

from django.http import HttpRequest

from curriculum.portale.prova.rifiuti import Rifiuto, non_valida

PEZZO = 256 * 1024
PARTI_MASSIME = 100
_CONFINE = re.compile(r"""boundary=(?:"([^"]{1,70})"|([^\s;"]{1,70}))""", re.IGNORECASE)
_NOME = re.compile(rb"""[;\s]name=(?:"([^"\r\n]*)"|([^\s;"]+))""", re.IGNORECASE)


def leggi_corpo(request: HttpRequest, massimo: int) -> bytes:
    """The whole body, also one sent in chunks without a length; beyond `massimo` bytes it is refused."""
    grande = Rifiuto(413, "file_troppo_grande", f"Al massimo {massimo // (1024 * 1024)} MB.")
    dichiarata = request.META.get("CONTENT_LENGTH") or ""
    if dichiarata.isdigit() and int(dichiarata) > massimo:
        raise grande
    flusso = request.META["wsgi.input"]
    pezzi, letti = [], 0
    while pezzo := flusso.read(PEZZO):
        letti += len(pezzo)
        if letti > massimo:
            raise grande
        pezzi.append(pezzo)
    return b"".join(pezzi)


def leggi_parti(request: HttpRequest, massimo: int) -> dict[str, bytes]:
    """The parts of a multipart/form-data body by name, byte by byte as they came; of two with one name, the first."""
    tipo = request.META.get("CONTENT_TYPE") or ""
    confine = _CONFINE.search(tipo)
    if not tipo.lower().startswith("multipart/form-data") or not confine:
        raise non_valida("Il curriculum si manda come multipart/form-data.")
    segno = b"--" + (confine[1] or confine[2]).encode("latin-1")
    pezzi = (b"\r\n" + leggi_corpo(request, massimo)).split(b"\r\n" + segno)
    if len(pezzi) < 2 or not pezzi[-1].startswith(b"--") or len(pezzi) > PARTI_MASSIME + 2:
        raise non_valida("Il corpo multipart è interrotto o mal fatto.")
    parti: dict[str, bytes] = {}
    for pezzo in pezzi[1:-1]:
        intestazioni, vuota, contenuto = pezzo.partition(b"\r\n\r\n")
        nome = _NOME.search(intestazioni)
        if not vuota or not nome:
            raise non_valida("Una parte del corpo multipart non ha nome.")
        chiave = (nome[1] or nome[2] or b"").decode("utf-8", "replace")
        parti.setdefault(chiave, contenuto)
    return parti
