"""What is written to those who are expected: confirmation, reminder, change, cancellation, a place got from the list.

Who waits is told of a move and of a cancellation, in words of their own: they are not expected.

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
from psp.services.agenda.blocchi import ATTIVE
from psp.services.agenda.giorni import quando

Modo = Callable[[Iscrizione, dt.datetime], DaAccodare | None]

GIORNI_DI_ANTICIPO = dt.timedelta(days=2)
CONFERMA, PROMEMORIA, SPOSTAMENTO, CAMBIO, ANNULLAMENTO, POSTO = (
    "appuntamento",
    "promemoria_appuntamento",
    "appuntamento_spostato",
    "appuntamento_cambiato",
    "appuntamento_annullato",
    "appuntamento_posto",
)
LISTA_SPOSTATA, LISTA_ANNULLATA, TOLTO_DALLA_LISTA = "lista_spostata", "lista_annullata", "lista_tolta"
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


def avvisa_cambiati(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    """The same day and hour; another operator, another room, or a place used alone."""
    _accoda(iscrizioni, (_cambio, _promemoria), attore, adesso)


def avvisa_annullati(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    _accoda(iscrizioni, (_annullamento,), attore, adesso)


def avvisa_lista_spostata(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    _accoda(iscrizioni, (_lista_spostata,), attore, adesso)


def avvisa_lista_annullata(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    _accoda(iscrizioni, (_lista_annullata,), attore, adesso)


def avvisa_tolti_dalla_lista(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    """To who waited and could not come at the new time of the meeting."""
    _accoda(iscrizioni, (_tolto_dalla_lista,), attore, adesso)


def riscrivi(iscrizioni: Iterable[Iscrizione], *, attore: Operatore, adesso: dt.datetime) -> None:
    """What has not left yet, again for the meeting as it is now: that of the version before stays at home."""
    modi: dict[str, Modo] = {
        CONFERMA: _conferma,
        POSTO: _posto,
        SPOSTAMENTO: _spostamento,
        CAMBIO: _cambio,
        PROMEMORIA: _promemoria,
        LISTA_SPOSTATA: _lista_spostata,
    }
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


def _cambio(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    """True also for who has not been told yet of an earlier move."""
    testo = (
        "il suo appuntamento è cambiato. La preghiamo di guardare bene con chi è e dove si tiene:\n\n"
        f"{_che_cosa(iscrizione)}\n\n{SE_NON_PUO}"
    )
    return _messaggio(iscrizione, CAMBIO, "Il suo appuntamento è cambiato", testo)


def _lista_spostata(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = (
        f"l'incontro per cui lei è in lista d'attesa è stato spostato. Il nuovo è:\n\n{_che_cosa(iscrizione)}\n\n"
        "Lei resta in lista d'attesa: non si presenti finché non le confermiamo il posto. La avvisiamo appena se ne "
        "libera uno. Se a quell'ora non può venire ce lo dica, ai recapiti qui sotto."
    )
    return _messaggio(iscrizione, LISTA_SPOSTATA, "È spostato l'incontro per cui è in lista d'attesa", testo)


def _lista_annullata(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = (
        f"{_quello_che_attendeva(iscrizione)} è annullato, e con esso la lista. "
        "Per iscriversi a un altro incontro può chiamarci o venire al centro."
    )
    return _messaggio(iscrizione, LISTA_ANNULLATA, "È annullato l'incontro per cui era in lista d'attesa", testo)


def _tolto_dalla_lista(iscrizione: Iscrizione, adesso: dt.datetime) -> DaAccodare:
    testo = (
        f"{_quello_che_attendeva(iscrizione)} è stato spostato a un'ora in cui lei ha un altro appuntamento con noi: "
        "perciò non è più in lista d'attesa. L'altro appuntamento resta com'è. "
        "Per iscriversi a un altro incontro può chiamarci o venire al centro."
    )
    return _messaggio(iscrizione, TOLTO_DALLA_LISTA, "Non è più in lista d'attesa", testo)


def _quello_che_attendeva(iscrizione: Iscrizione) -> str:
    quale = f"«{iscrizione.seduta.titolo}» di {quando(iscrizione.inizio, iscrizione.fine)}"
    return f"l'incontro {quale}, per cui lei era in lista d'attesa,"


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
    genere, iscrizione_id, versione = messaggio.causale.partition("#")[0].split(":")
    iscrizione = Iscrizione.objects.select_related("seduta").filter(pk=int(iscrizione_id)).first()
    if genere == LISTA_SPOSTATA:
        atteso, perche = Iscrizione.Stato.IN_LISTA, "la persona non è più in lista d'attesa"
    else:
        atteso, perche = Iscrizione.Stato.PRENOTATA, "la prenotazione non c'è più"
    if iscrizione is None or iscrizione.stato != atteso:
        return perche
    if iscrizione.seduta.versione != int(versione):
        return "l'appuntamento è cambiato"
    return _passato(iscrizione)


def lista_non_piu_dovuto(messaggio: Messaggio) -> str:
    """Of who waits no more: nothing to say once they are booked in the same meeting again, or it is past."""
    _, iscrizione_id, _ = messaggio.causale.partition("#")[0].split(":")
    iscrizione = Iscrizione.objects.get(pk=int(iscrizione_id))
    if Iscrizione.objects.filter(seduta=iscrizione.seduta_id, utente=iscrizione.utente_id, stato__in=ATTIVE).exists():
        return "la persona è di nuovo iscritta"
    return _passato(iscrizione)


def _passato(iscrizione: Iscrizione) -> str:
    return "l'appuntamento è passato" if iscrizione.inizio <= adesso_ora() else ""


def collega() -> None:
    """Called once, when the app is ready."""
    for genere in (CONFERMA, PROMEMORIA, SPOSTAMENTO, CAMBIO, POSTO, LISTA_SPOSTATA):
        ANCORA_DOVUTO[genere] = non_piu_dovuto
    for genere in (LISTA_ANNULLATA, TOLTO_DALLA_LISTA):
        ANCORA_DOVUTO[genere] = lista_non_piu_dovuto
