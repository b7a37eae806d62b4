"""What is written to those who are expected: confirmation, reminder, move, cancellation, a place got from the list.

Each causale names the booking and the meeting's version, so that nothing is written twice; a message that is not true
any more when its turn comes stays at home (`ANCORA_DOVUTO`). Nobody else's name stands in any of them.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable

from orientamento.anagrafica.models import Messaggio, Operatore, StatoMessaggio
from orientamento.anagrafica.services.messaggi import ANCORA_DOVUTO, DaAccodare, accoda_messaggi
from orientamento.comune.calendario import adesso as adesso_ora
from psp.models import Iscrizione, Seduta
from psp.services.agenda.giorni import quando

Modo = Callable[[Iscrizione, dt.datetime], DaAccodare | None]

GIORNI_DI_ANTICIPO = dt.timedelta(days=2)
CONFERMA, PROMEMORIA, SPOSTAMENTO, ANNULLAMENTO, POSTO = (
    "appuntamento",
    "promemoria_appuntamento",
    "appuntamento_spostato",
    "appuntamento_annullato",
    "appuntamento_posto",
)
SE_NON_PUO = (
    "Se non può venire ci avvisi prima, ai recapiti qui sotto: chi non si presenta senza un giustificato motivo può "
    "perdere in tutto o in parte il sostegno che riceve."
)


def avvisa_fissati(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    """The confirmation, and the reminder of two days before, to those who have a place."""
    _accoda(iscrizioni, (_conferma, _promemoria), attore, adesso)


def avvisa_posto(iscrizione: Iscrizione, *, attore: Operatore, adesso: dt.datetime) -> None:
    """To who waited: there is a place."""
    _accoda([iscrizione], (_posto, _promemoria), attore, adesso)


def avvisa_spostati(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    _accoda(iscrizioni, (_spostamento, _promemoria), attore, adesso)


def avvisa_annullati(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    _accoda(iscrizioni, (_annullamento,), attore, adesso)


def riscrivi(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    """What has not left yet, again for the meeting as it is now: that of the version before stays at home."""
    modi = {CONFERMA: _conferma, POSTO: _posto, SPOSTAMENTO: _spostamento, PROMEMORIA: _promemoria}
    di_prima = {f"{genere}:{i.pk}:{i.seduta.versione - 1}": (i, genere) for i in iscrizioni for genere in modi}
    ferme = Messaggio.objects.filter(causale__in=list(di_prima), stato=StatoMessaggio.DA_INVIARE)
    da_rifare = [di_prima[causale] for causale in ferme.order_by("pk").values_list("causale", flat=True)]
    for genere, modo in modi.items():
        _accoda([i for i, di_che in da_rifare if di_che == genere], (modo,), attore, adesso)


def dove(seduta: Seduta) -> str:
    """How and where, in words: for letters, messages, calendars."""
    if seduta.modo == Seduta.Modo.TELEFONO:
        return "per telefono: la chiameremo noi"
    if seduta.modo == Seduta.Modo.DISTANZA:
        return "a distanza, con il collegamento che le daremo"
    sede = ", ".join(parte for parte in (seduta.cpi.nome, seduta.cpi.indirizzo, seduta.cpi.comune) if parte)
    if seduta.luogo is None:
        return sede
    return f"{seduta.luogo}, {seduta.luogo.indirizzo or sede}"


def _accoda(iscrizioni: Iterable[Iscrizione], modi: tuple[Modo, ...], attore: Operatore, adesso: dt.datetime) -> None:
    """Only for what is to come, only to who has a mail address."""
    messaggi = [
        messaggio
        for iscrizione in iscrizioni
        if iscrizione.inizio > adesso and iscrizione.utente.email
        for modo in modi
        if (messaggio := modo(iscrizione, adesso)) is not None
    ]
    accoda_messaggi(messaggi, attore=attore, adesso=adesso)


def _conferma(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = f"le confermiamo l'appuntamento:\n\n{_che_cosa(iscrizione)}\n\n{SE_NON_PUO}"
    return _messaggio(iscrizione, CONFERMA, "Conferma dell'appuntamento", testo)


def _posto(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = f"si è liberato un posto e la sua iscrizione è confermata:\n\n{_che_cosa(iscrizione)}\n\n{SE_NON_PUO}"
    return _messaggio(iscrizione, POSTO, "Si è liberato un posto: la aspettiamo", testo)


def _spostamento(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = f"l'appuntamento è stato spostato. Il nuovo è:\n\n{_che_cosa(iscrizione)}\n\n{SE_NON_PUO}"
    return _messaggio(iscrizione, SPOSTAMENTO, "L'appuntamento è stato spostato", testo)


def _annullamento(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    seduta = iscrizione.seduta
    testo = (
        f"l'appuntamento «{seduta.titolo}» di {quando(iscrizione.inizio, iscrizione.fine)} è annullato: "
        "non deve presentarsi. Per fissarne un altro può chiamarci o venire al centro."
    )
    return _messaggio(iscrizione, ANNULLAMENTO, "L'appuntamento è annullato", testo)


def _promemoria(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare | None:
    """None for what is fixed too late: its confirmation is reminder enough."""
    non_prima = iscrizione.inizio - GIORNI_DI_ANTICIPO
    if non_prima <= adesso:
        return None
    testo = f"le ricordiamo l'appuntamento:\n\n{_che_cosa(iscrizione)}\n\n{SE_NON_PUO}"
    return _messaggio(iscrizione, PROMEMORIA, "Promemoria dell'appuntamento", testo, non_prima)


def _che_cosa(iscrizione: Iscrizione) -> str:
    seduta = iscrizione.seduta
    return "\n".join((seduta.titolo, quando(seduta.inizio, seduta.fine).capitalize(), dove(seduta), con_chi(seduta)))


def con_chi(seduta: Seduta) -> str:
    """Who receives the citizen, or who to ask for where they use a place alone."""
    return f"{'Con' if seduta.assistita else 'Postazione senza operatore, referente'} {seduta.operatore}"


def _messaggio(
    iscrizione: Iscrizione, genere: str, oggetto: str, testo: str, non_prima: dt.datetime | None = None
) -> DaAccodare:
    utente = iscrizione.utente
    causale = f"{genere}:{iscrizione.pk}:{iscrizione.seduta.versione}"
    return DaAccodare(utente, causale, oggetto, f"Gentile {utente.nome} {utente.cognome},\n\n{testo}", non_prima)


def non_piu_dovuto(messaggio: Messaggio) -> str:
    """Why a message about an appointment is not true any more; empty where it still is."""
    _, iscrizione_id, versione = messaggio.causale.partition("#")[0].split(":")
    iscrizione = Iscrizione.objects.select_related("seduta").filter(pk=int(iscrizione_id)).first()
    if iscrizione is None or iscrizione.stato != Iscrizione.Stato.PRENOTATA:
        return "la prenotazione non c'è più"
    if iscrizione.seduta.versione != int(versione):
        return "l'appuntamento è cambiato"
    if iscrizione.inizio <= adesso_ora():
        return "l'appuntamento è passato"
    return ""


def collega() -> None:
    """Called once, when the app is ready."""
    for genere in (CONFERMA, PROMEMORIA, SPOSTAMENTO, POSTO):
        ANCORA_DOVUTO[genere] = non_piu_dovuto
