"""The page of the switches, for who tries things by hand."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from curriculum.portale.prova.comandi import conteggio
from curriculum.portale.prova.deposito import deposito
from curriculum.portale.prova.interruttori import MASSIMI, Guasti, guasti, imposta

# The switches as the page shows them: name, label, explanation.
GRUPPI: list[tuple[str, list[tuple[str, str, str]]]] = [
    (
        "Lentezza",
        [
            ("ritardo_ms", "Ritardo in millesimi di secondo", "Quanto aspetta una richiesta prima di essere servita."),
            ("ritardo", "Richieste in ritardo", "A quante richieste tocca il ritardo."),
        ],
    ),
    (
        "Prima di fare il lavoro",
        [
            ("taglia_prima", "Connessione tagliata prima", "La connessione si chiude e non è successo nulla."),
            ("errore_500", "Errore 500", "Il portale si guasta prima di cominciare."),
            ("non_disponibile", "Portale fermo (503)", "Manutenzione: risponde quando riprovare."),
            ("troppe_richieste", "Troppe richieste (429)", "Rifiuta e dice fra quanti secondi riprovare."),
            ("riprova_dopo_s", "Secondi da aspettare", "Ciò che dicono le risposte 429 e 503 in Retry-After."),
            ("gettone_scaduto", "Gettone scaduto (401)", "Il gettone di accesso smette di valere."),
        ],
    ),
    (
        "Dopo averlo fatto",
        [
            ("taglia_dopo", "Connessione tagliata dopo", "Il lavoro è fatto, ma chi l’ha chiesto non lo saprà."),
            ("errore_500_dopo", "Errore 500 dopo", "Il lavoro è fatto, ma la risposta dice errore."),
            ("json_sbagliato", "Risposta incomprensibile", "Il lavoro è fatto, ma la risposta non segue il contratto."),
        ],
    ),
    (
        "Comportamento",
        [
            ("rifiuta_registrazione", "Rifiuta le registrazioni", "Ogni pre-registrazione è rifiutata."),
            (
                "posta_diversa",
                "Posta diversa",
                "Ogni cittadino risulta già registrato con un’altra posta.",
            ),
            ("ignora_chiave", "Ignora la chiave di idempotenza", "Un curriculum ripetuto è contato due volte."),
            (
                "conferma_automatica",
                "Conferma automatica",
                "I cittadini contano come confermati senza seguire il link.",
            ),
            ("intuition_differita_s", "Secondi di attesa di Intuition", "Dopo quanto Intuition mostra o toglie un CV."),
            ("oggi", "Il giorno di oggi", "Per vedere i CV obsoleti senza aspettare; vuoto per la data vera."),
        ],
    ),
]


@require_http_methods(["GET", "HEAD", "POST"])
def mostra(request: HttpRequest) -> HttpResponse:
    """Show the switches; turn them."""
    errore = ""
    if request.method == "POST":
        try:
            imposta({nome: _letto(nome, request.POST.get(nome, "")) for nome in asdict(Guasti())})
            return redirect(f"{reverse('guasti')}?fatto=impostati")
        except ValueError as rifiuto:
            errore = str(rifiuto)
    contesto = {
        "voce": "guasti",
        "gruppi": [(titolo, [_voce(*interruttore) for interruttore in voci]) for titolo, voci in GRUPPI],
        "conteggio": conteggio(),
        "acceso": guasti() != Guasti(),
        "errore": errore,
        "fatto": request.GET.get("fatto"),
    }
    return render(request, "prova/guasti.html", contesto, status=422 if errore else 200)


@require_POST
def ripristina(request: HttpRequest) -> HttpResponse:
    """Every fault off; with the box ticked, also all the data away."""
    if request.POST.get("dati") == "1":
        deposito().azzera()
        return redirect(f"{reverse('guasti')}?fatto=azzerato")
    imposta(asdict(Guasti()))
    return redirect(f"{reverse('guasti')}?fatto=spenti")


def _voce(nome: str, etichetta: str, spiegazione: str) -> dict[str, Any]:
    valore = getattr(guasti(), nome)
    tipo = {bool: "vero", str: "giorno", int: "numero", float: "parte"}[type(getattr(Guasti(), nome))]
    return {
        "nome": nome,
        "etichetta": etichetta,
        "spiegazione": spiegazione,
        "tipo": tipo,
        "valore": f"{valore * 100:g}" if tipo == "parte" else valore,
        "massimo": MASSIMI.get(nome, 100),
        "diverso": valore != getattr(Guasti(), nome),
    }


def _letto(nome: str, testo: str) -> Any:
    modello = getattr(Guasti(), nome)
    if isinstance(modello, bool):
        return testo == "1"
    if isinstance(modello, str):
        return testo
    try:
        numero = float(testo.replace(",", "."))
    except ValueError:
        raise ValueError(f"«{testo[:20]}» non è un numero.") from None
    return round(numero / 100, 4) if isinstance(modello, float) else numero
