"""How the entries of a sheet are made, the same for the two generations of the format."""

from __future__ import annotations

from collections.abc import Iterable

from curriculum.importazione.dati import Scheda, VoceTrovata
from curriculum.importazione.livelli import livello_proposto
from curriculum.importazione.periodi import Periodo
from curriculum.importazione.testo import accorcia, semplice, su_una_riga, voci_di_elenco

LIVELLI_CEFR = ("A1", "A2", "B1", "B2", "C1", "C2")
PATENTI = {p: p for p in ("AM", "A1", "A", "B", "BE", "C", "CE", "D")} | {"B+E": "BE", "C+E": "CE"}


def esperienza(
    scheda: Scheda, *, mansione: str, datore: str, luogo: str, periodo: Periodo, attivita: str, settore: str = ""
) -> None:
    avvisi: list[str] = []
    mansione, datore = su_una_riga(mansione), su_una_riga(datore)
    if not (mansione or datore or attivita.strip()):
        return
    dal, al = periodo.scritto(avvisi)
    if not mansione:
        avvisi.append("Nel documento manca la mansione: scriverla.")
    scheda.aggiungi(
        VoceTrovata(
            "esperienze",
            {
                "mansione": accorcia(mansione, 120, "Mansione", avvisi),
                "datore": accorcia(datore, 160, "Datore di lavoro", avvisi),
                "luogo": accorcia(su_una_riga(luogo), 80, "Luogo", avvisi),
                "dal": dal,
                "al": al,
                "attivita": accorcia(semplice(attivita), 10_000, "Attività svolte", avvisi),
            },
            avvisi,
        )
    )


def titolo(
    scheda: Scheda, *, descrizione: str, istituto: str, paese: str, periodo: Periodo, eqf: str, in_corso: bool
) -> None:
    avvisi: list[str] = []
    descrizione, istituto = su_una_riga(descrizione), su_una_riga(istituto)
    if not (descrizione or istituto):
        return
    estero = bool(paese.strip()) and paese.strip().upper() not in ("IT", "ITA")
    livello = None if estero else livello_proposto(descrizione[:200], eqf)
    if livello is None:
        detto = f"Nel documento c'è il livello europeo {eqf.strip()}. " if eqf.strip() in "12345678" and eqf else ""
        avvisi.append(f"{detto}Scegliere il livello della scala nazionale.")
    if estero:
        avvisi.append("Conseguito all'estero: chiedere se è riconosciuto in Italia.")
    scheda.aggiungi(
        VoceTrovata(
            "titoli",
            {
                "livello": livello,
                "descrizione": accorcia(descrizione, 200, "Descrizione", avvisi),
                "anno": "" if in_corso else str(periodo.al.anno or ""),
                "istituto": accorcia(istituto, 160, "Istituto o scuola", avvisi),
                "conseguito": not in_corso,
                "estero": estero,
            },
            avvisi,
        )
    )


def madrelingua(scheda: Scheda, nome: str) -> None:
    if nome:
        scheda.aggiungi(VoceTrovata("lingue", {"lingua": nome[:60], "madrelingua": True}))


def lingua(scheda: Scheda, nome: str, *, livelli: dict[str, str]) -> None:
    """`livelli` are the five of the European grid: ascolto, lettura, interazione, produzione, scritto."""
    if not nome:
        return
    avvisi: list[str] = []
    validi = {k: v.strip().upper() for k, v in livelli.items() if v.strip().upper() in LIVELLI_CEFR}
    if not validi:
        avvisi.append("Nel documento non c'è il livello: chiederlo.")
    scheda.aggiungi(
        VoceTrovata(
            "lingue",
            {
                "lingua": nome[:60],
                "madrelingua": False,
                "comprensione": _il_minore(validi, "ascolto", "lettura", avvisi),
                "parlato": _il_minore(validi, "interazione", "produzione", avvisi),
                "scritto": validi.get("scritto", ""),
            },
            avvisi,
        )
    )


def _il_minore(livelli: dict[str, str], primo: str, secondo: str, avvisi: list[str]) -> str:
    trovati = [livelli[k] for k in (primo, secondo) if k in livelli]
    if len(set(trovati)) > 1:
        avvisi.append(
            f"Nel documento: {primo} {livelli[primo]}, {secondo} {livelli[secondo]}. È proposto il più basso."
        )
    return min(trovati, default="")


def competenze(scheda: Scheda, genere: str, testi: Iterable[str]) -> None:
    """One entry for each thing listed; a long text in running words stays one entry."""
    for descrizione in testi:
        avvisi: list[str] = []
        accorciata = accorcia(descrizione[:1].upper() + descrizione[1:], 200, "Competenza", avvisi)
        valori = {"descrizione": accorciata, "genere": genere}
        if accorciata not in scheda.competenze:
            scheda.competenze.add(accorciata)
            scheda.aggiungi(VoceTrovata("competenze", valori, avvisi))


def competenze_da_testo(scheda: Scheda, genere: str, testo: str) -> None:
    competenze(scheda, genere, voci_di_elenco(testo))


def patenti(scheda: Scheda, codici: Iterable[str]) -> None:
    scritti = list(dict.fromkeys(c.strip().upper() for c in codici if c.strip()))
    conosciute = list(dict.fromkeys(PATENTI[c] for c in scritti if c in PATENTI))
    altre = [c for c in scritti if c not in PATENTI]
    if altre:
        scheda.resto.append(f"Patenti che il fascicolo non elenca: {', '.join(altre)[:100]}")
    if conosciute:
        scheda.aggiungi(VoceTrovata("altro", {"patenti": conosciute}))


def resto(scheda: Scheda, che_cosa: str, titoli: Iterable[str]) -> None:
    """What the sheet has and the file has no section for: named, so that a person may write it where it belongs."""
    for scritto in (su_una_riga(t) for t in titoli):
        if scritto and len(scheda.resto) < 30:
            scheda.resto.append(f"{che_cosa}: {scritto[:200]}")
