"""The pages: the citizen's area, the outbox of messages and Intuition as a firm sees it."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from curriculum.portale.prova import curricula, ricerca, tempo
from curriculum.portale.prova import registrazioni as registro
from curriculum.portale.prova.comandi import conteggio
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.interruttori import guasti
from curriculum.portale.prova.rifiuti import Rifiuto

MOSTRATI = 200


@require_safe
def inizio(request: HttpRequest) -> HttpResponse:
    return render(request, "prova/inizio.html", {"voce": "inizio", "conteggio": conteggio()})


@require_safe
def messaggi(request: HttpRequest) -> HttpResponse:
    """The outbox: what citizens would have received by mail or on their phone."""
    righe = (
        deposito()
        .legge()
        .execute(
            "SELECT m.canale, m.destinatario, m.gettone, m.mandato_il, p.nome, p.cognome, p.confermata_il"
            " FROM messaggio m JOIN cittadino p USING (codice_fiscale) ORDER BY m.id DESC LIMIT ?",
            [MOSTRATI],
        )
    )
    voci = [{**dict(riga), "mandato_il": tempo.letto(riga["mandato_il"])} for riga in righe]
    return render(request, "prova/messaggi.html", {"voce": "messaggi", "messaggi": voci})


@require_safe
def conferma(request: HttpRequest, gettone: str) -> HttpResponse:
    """The link of a message: whoever follows it has confirmed."""
    persona = registro.conferma(gettone)
    return render(
        request, "prova/conferma.html", {"voce": "messaggi", "persona": persona}, status=200 if persona else 404
    )


@require_safe
def cittadini(request: HttpRequest) -> HttpResponse:
    """Choose whose area to see: here nobody has to log in."""
    cercato = request.GET.get("q", "").strip()
    righe = (
        deposito()
        .legge()
        .execute(
            "SELECT p.codice_fiscale, p.nome, p.cognome, p.confermata_il, c.scade_il FROM cittadino p"
            " LEFT JOIN curriculum c USING (codice_fiscale)"
            " WHERE :q = '' OR p.codice_fiscale LIKE :q || '%' OR p.cognome LIKE :q || '%' OR p.nome LIKE :q || '%'"
            " ORDER BY p.creato_il DESC, p.cognome, p.nome LIMIT :quanti",
            {"q": cercato, "quanti": MOSTRATI},
        )
    )
    oggi = tempo.oggi(guasti().oggi).isoformat()
    voci = [{**dict(riga), "obsoleto": bool(riga["scade_il"]) and riga["scade_il"] < oggi} for riga in righe]
    return render(request, "prova/cittadini.html", {"voce": "cittadini", "cittadini": voci, "cercato": cercato})


@require_safe
def cittadino(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
    """One citizen's own page: profile and CV section (V4)."""
    persona = _persona(codice_fiscale)
    contesto = {
        "voce": "cittadini",
        "persona": {
            **dict(persona),
            "confermata_il": _momento(persona["confermata_il"]),
            "cancellato_il": _momento(persona["cancellato_il"]),
            "data_nascita": tempo.dt.date.fromisoformat(persona["data_nascita"]),
        },
        "curriculum": _curriculum(curricula.curriculum(codice_fiscale)),
    }
    return render(request, "prova/cittadino.html", contesto)


@require_safe
def scarica(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
    return _pdf(curricula.contenuto(codice_fiscale))


@require_http_methods(["GET", "HEAD", "POST"])
def cancella(request: HttpRequest, codice_fiscale: str) -> HttpResponse:
    """The citizen deletes their CV: asked once, done at the confirmation."""
    persona = _persona(codice_fiscale)
    if request.method == "POST":
        curricula.cancella(codice_fiscale)
        return redirect("cittadino", codice_fiscale=codice_fiscale)
    riga = curricula.curriculum(codice_fiscale)
    if riga is None:
        return redirect("cittadino", codice_fiscale=codice_fiscale)
    contesto = {"voce": "cittadini", "persona": persona, "curriculum": _curriculum(riga)}
    return render(request, "prova/cancella.html", contesto)


@require_safe
def intuition(request: HttpRequest) -> HttpResponse:
    """What a firm looks for and finds (V3)."""
    cercato = request.GET.get("q", "").strip()[:200]
    anche_obsoleti = request.GET.get("obsoleti") == "1"
    numero = request.GET.get("pagina", "1")
    pagina = max(1, int(numero[:4])) if numero.isdecimal() else 1
    oggi = tempo.oggi(guasti().oggi).isoformat()
    esito = ricerca.cerca(cercato, oggi=oggi, anche_obsoleti=anche_obsoleti, pagina=pagina)
    contesto = {
        "voce": "intuition",
        "cercato": cercato,
        "anche_obsoleti": anche_obsoleti,
        "esito": esito,
        "trovati": [
            {
                **dict(trovato.riga),
                "obsoleto": trovato.riga["scade_il"] < oggi,
                "propensioni": json.loads(trovato.riga["propensioni"]),
                "titoli": json.loads(trovato.riga["titoli"]),
                "caricato_il": tempo.letto(trovato.riga["caricato_il"]),
                "brano": trovato.brano,
            }
            for trovato in esito.trovati
        ],
        "pagina": pagina,
        "ultima": max(1, -(-esito.quanti // ricerca.PER_PAGINA)),
    }
    return render(request, "prova/intuition.html", contesto)


@require_safe
def scarica_da_intuition(request: HttpRequest, pk: int) -> HttpResponse:
    """A firm opens a CV: only while the search engine shows it."""
    riga = (
        deposito()
        .legge()
        .execute("SELECT contenuto, intuition_da, intuition_fino FROM curriculum WHERE id = ?", [pk])
        .fetchone()
    )
    mostrato = riga is not None and curricula.in_intuition(riga) in ("presente", "in_rimozione")
    return _pdf(bytes(riga["contenuto"]) if mostrato else None)


def non_trovata(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    return render(request, "prova/non_trovata.html", status=404)


def _persona(codice_fiscale: str) -> sqlite3.Row:
    try:
        return registro.cittadino(codice_fiscale)
    except Rifiuto:
        raise Http404 from None


def _curriculum(riga: sqlite3.Row | None) -> dict[str, Any] | None:
    if riga is None:
        return None
    return {
        **dict(riga),
        "propensioni": json.loads(riga["propensioni"]),
        "titoli": json.loads(riga["titoli"]),
        "caricato_il": _momento(riga["caricato_il"]),
        "ricevuto_il": _momento(riga["ricevuto_il"]),
        "scade_il": tempo.dt.date.fromisoformat(riga["scade_il"]),
        "obsoleto": curricula.obsoleto(riga, guasti()),
        "intuition": curricula.in_intuition(riga),
    }


def _momento(testo: str | None) -> Any:
    return tempo.letto(testo) if testo else None


def _pdf(contenuto: bytes | None) -> HttpResponse:
    if contenuto is None:
        raise Http404
    intestazioni = {"Content-Disposition": 'attachment; filename="curriculum.pdf"'}
    return HttpResponse(contenuto, content_type="application/pdf", headers=intestazioni)
