"""Messages to citizens: the row is the queue. A message leaves once, or it is said that nobody knows."""

from __future__ import annotations

import datetime as dt
import logging
import random
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, get_connection
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import transaction

from orientamento.anagrafica import tasks
from orientamento.anagrafica.models import CPI, Messaggio, Operatore, StatoMessaggio, Utente
from orientamento.anagrafica.posta import cartella
from orientamento.anagrafica.posta.errori import PostaIncerta, PostaRifiutata, PostaTemporanea
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra, registra_tutti

giornale = logging.getLogger(__name__)

# Longer than any delivery can take: whoever holds a message beyond it has died.
PRESA_VALE = dt.timedelta(minutes=15)
PRIMA_PAUSA = dt.timedelta(minutes=1)
PAUSA_MASSIMA = dt.timedelta(hours=2)
TENTATIVI_MASSIMI = 60  # some four days of a mailbox that is full
GIRO_MASSIMO = 100.0  # seconds of a sweep; the next one goes on from there
MAI_ACCETTATO = "Il servizio di posta non lo ha accettato in {} tentativi. Avvisare la persona in un altro modo."
MORTO = "Il programma si è fermato durante l'invio: non si sa se il messaggio è partito."
SUPERATO = "Non serve più: {}."

# What a message is about (the beginning of `causale`, up to the colon) → why it need not go any more; "" it must.
# Asked at the moment of sending: days may have passed. An app above adds its own when it is ready.
ANCORA_DOVUTO: dict[str, Callable[[Messaggio], str]] = {}

# How a message may end → its line of the register.
ESITI = {
    StatoMessaggio.INVIATO: Azione.MESSAGGIO_INVIATO,
    StatoMessaggio.RIFIUTATO: Azione.MESSAGGIO_RIFIUTATO,
    StatoMessaggio.INCERTO: Azione.MESSAGGIO_INCERTO,
}

PRENDI = """
    WITH dovuto AS MATERIALIZED (
        SELECT id FROM anagrafica_messaggio WHERE stato = 'da_inviare' AND prossimo_il <= %s
        ORDER BY prossimo_il, id LIMIT 1 FOR NO KEY UPDATE SKIP LOCKED)
    UPDATE anagrafica_messaggio m SET stato = 'in_invio', prossimo_il = %s, tentativi = tentativi + 1
    FROM dovuto WHERE m.id = dovuto.id RETURNING m.*
"""


def posta_configurata() -> bool:
    """Whether messages can leave at all; where not they wait, and pages say so."""
    return bool(settings.POSTA_BACKEND)


def accoda_messaggio(
    *,
    utente: Utente,
    causale: str,
    oggetto: str,
    testo: str,
    attore: Operatore | None,
    adesso: dt.datetime,
    non_prima: dt.datetime | None = None,
) -> Messaggio:
    """Queue one plain-text message, signed with the office's name and contacts. `causale` said twice is one message.

    `testo` begins with the salutation and holds no data that a stranger must not read. Refused without a mail address.
    """
    with transaction.atomic():
        utente = Utente.objects.select_related("cpi").bloccato(utente.pk)
        presente = Messaggio.objects.filter(causale=causale).first()
        if presente is not None:
            if presente.utente_id != utente.pk:
                raise ValueError(f"La causale {causale} è già di un'altra persona")
            return presente
        return _crea(
            utente,
            attore,
            adesso,
            causale=causale,
            oggetto=" ".join(oggetto.split())[:200],
            testo=f"{testo.strip()}\n\n{firma_dell_ufficio(utente.cpi)}",
            prossimo_il=max(adesso, non_prima or adesso),
        )


@dataclass(frozen=True)
class DaAccodare:
    """One of many messages to be queued together: as the arguments of `accoda_messaggio`."""

    utente: Utente
    causale: str
    oggetto: str
    testo: str
    non_prima: dt.datetime | None = None


def accoda_messaggi(messaggi: Iterable[DaAccodare], *, attore: Operatore, adesso: dt.datetime) -> int:
    """Queue many in few statements; how many are new. Who has no sound mail address is passed over.

    The caller has locked the citizens, and read them with their `cpi`.
    """
    voluti = {m.causale: m for m in messaggi if _indirizzo_valido(m.utente.email)}
    if not voluti:
        return 0
    presenti = set(Messaggio.objects.filter(causale__in=list(voluti)).values_list("causale", flat=True))
    nuovi = Messaggio.objects.bulk_create(
        Messaggio(
            utente=m.utente,
            causale=causale,
            destinatario=m.utente.email,
            oggetto=" ".join(m.oggetto.split())[:200],
            testo=f"{m.testo.strip()}\n\n{firma_dell_ufficio(m.utente.cpi)}",
            creato_il=adesso,
            creato_da=attore,
            prossimo_il=max(adesso, m.non_prima or adesso),
        )
        for causale, m in voluti.items()
        if causale not in presenti
    )
    righe = ((m, m.utente, {"oggetto": m.oggetto}) for m in nuovi)
    registra_tutti(Azione.MESSAGGIO_ACCODATO, attore=attore, righe=righe)
    if nuovi:
        tasks.invia_messaggi.delay_on_commit()
    return len(nuovi)


def rimanda_messaggio(*, messaggio: Messaggio, attore: Operatore, adesso: dt.datetime) -> Messaggio:
    """Send again what was refused or may not have gone: a new row, to today's address. Asked twice, it is done once."""
    with transaction.atomic():
        utente = Utente.objects.select_related("cpi").bloccato(messaggio.utente_id)
        radice = messaggio.causale.partition("#")[0]
        righe = list(Messaggio.objects.filter(utente=utente, causale__startswith=radice).order_by("-pk"))
        stesse = [m for m in righe if m.causale.partition("#")[0] == radice]
        ultimo = stesse[0]
        if ultimo.pk != messaggio.pk:
            return ultimo
        if not ultimo.rimandabile:
            raise RegolaViolata(f"Il messaggio non va rimandato: {ultimo.get_stato_display().lower()}.")
        if superato := _superato(ultimo):
            raise RegolaViolata(f"Il messaggio non serve più: {superato}.")
        return _crea(
            utente,
            attore,
            adesso,
            azione=Azione.MESSAGGIO_RIMANDATO,
            causale=f"{radice}#{len(stesse) + 1}",
            oggetto=ultimo.oggetto,
            testo=ultimo.testo,
            prossimo_il=adesso,
        )


def firma_dell_ufficio(cpi: CPI) -> str:
    """The office's name and contacts, as a message ends."""
    telefono = f"Telefono: {cpi.telefono}" if cpi.telefono else ""
    posta = f"Posta elettronica: {cpi.email}" if cpi.email else ""
    indirizzo = ", ".join(parte for parte in (cpi.indirizzo, cpi.comune) if parte)
    return "\n".join(riga for riga in (cpi.nome, indirizzo, telefono, posta) if riga)


def messaggi_di(utente: Utente) -> list[dict[str, Any]]:
    """The messages written to a citizen, newest first, as plain data."""
    righe = Messaggio.objects.filter(utente=utente).select_related("creato_da").order_by("-pk")
    return [
        {
            "id": m.pk,
            "oggetto": m.oggetto,
            "testo": m.testo,
            "destinatario": m.destinatario,
            "stato": m.stato,
            "stato_in_parole": m.get_stato_display(),
            "creato_il": m.creato_il,
            "creato_da": str(m.creato_da or "Sistema"),
            "inviato_il": m.inviato_il,
            "motivo": m.motivo,
            "rimandabile": m.rimandabile,
        }
        for m in righe
    ]


def posta_in_uscita(operatore: Operatore, *, prima: int | None, quanti: int) -> tuple[list[dict[str, Any]], int | None]:
    """A page of the messages that went into the folder, newest first, to citizens whom `operatore` sees, and the key of
    the next one. `prima` is the last message of the page before. For trials only.
    """
    righe = Messaggio.objects.visibili_a(operatore).filter(stato=StatoMessaggio.INVIATO).order_by("-pk")
    if prima is not None:
        righe = righe.filter(pk__lt=prima)
    trovate = list(righe.select_related("utente")[: quanti + 1])
    lettere = [
        {"id": m.pk, "utente_id": m.utente_id, "utente": str(m.utente), "inviato_il": m.inviato_il, "lettera": lettera}
        for m in trovate[:quanti]
        if (lettera := cartella.leggi(identificatore(m)))
    ]
    return lettere, trovate[quanti - 1].pk if len(trovate) > quanti else None


def identificatore(messaggio: Messaggio) -> str:
    """The Message-ID: the same at every attempt, so that a mailbox too can tell a double."""
    dominio = settings.MITTENTE.rpartition("@")[2].strip(" >") or "localhost"
    return f"<messaggio-{messaggio.pk}-{int(messaggio.creato_il.timestamp())}@{dominio}>"


@dataclass
class _Orologio:
    """The instant that the caller gave, and what has passed since."""

    inizio: dt.datetime
    acceso: float

    @property
    def passati(self) -> float:
        return time.monotonic() - self.acceso

    @property
    def adesso(self) -> dt.datetime:
        return self.inizio + dt.timedelta(seconds=self.passati)


def invia_messaggi(*, adesso: dt.datetime, quanti: int = 200) -> int:
    """Send what is due, one message at a time; how many went.

    Each is claimed and committed before the mail server is called. A claim that went stale is `incerto`: it may have
    gone, so it never goes again by itself.
    """
    if not posta_configurata():
        return 0
    _abbandona_le_prese_vecchie(adesso)
    orologio = _Orologio(adesso, time.monotonic())
    posta = get_connection(settings.POSTA_BACKEND)
    inviati = 0
    try:
        for _ in range(quanti):
            messaggio = _prendi(orologio.adesso) if orologio.passati < GIRO_MASSIMO else None
            if messaggio is None:
                break
            if messaggio.stato == StatoMessaggio.IN_INVIO:
                try:
                    inviati += _invia(messaggio, posta, orologio)
                except PostaTemporanea:
                    break
    finally:
        _chiudi(posta)
    return inviati


def _crea(
    utente: Utente,
    attore: Operatore | None,
    adesso: dt.datetime,
    azione: Azione = Azione.MESSAGGIO_ACCODATO,
    **campi: Any,
) -> Messaggio:
    """On the locked row of the citizen."""
    try:
        validate_email(utente.email)
    except ValidationError as errore:
        raise RegolaViolata(
            f"{utente} non ha un indirizzo di posta elettronica valido: aggiungerlo ai recapiti o telefonare.",
            campo="email",
        ) from errore
    messaggio = Messaggio.objects.create(
        utente=utente, destinatario=utente.email, creato_il=adesso, creato_da=attore, **campi
    )
    registra(azione, attore=attore, oggetto=messaggio, utente=utente, dettaglio={"oggetto": messaggio.oggetto})
    tasks.invia_messaggi.delay_on_commit()
    return messaggio


def _indirizzo_valido(indirizzo: str) -> bool:
    try:
        validate_email(indirizzo)
    except ValidationError:
        return False
    return True


@transaction.atomic
def _abbandona_le_prese_vecchie(adesso: dt.datetime) -> None:
    """Whoever held these has died: they may have gone. Two sweeps at once write each of them once."""
    scadute = Messaggio.objects.filter(stato=StatoMessaggio.IN_INVIO, prossimo_il__lte=adesso).select_related("utente")
    messaggi = list(scadute.select_for_update(of=("self",), no_key=True, skip_locked=True))
    Messaggio.objects.filter(pk__in=[m.pk for m in messaggi]).update(
        stato=StatoMessaggio.INCERTO, prossimo_il=None, motivo=MORTO
    )
    righe = ((m, m.utente, {"oggetto": m.oggetto}) for m in messaggi)
    registra_tutti(Azione.MESSAGGIO_INCERTO, attore=None, righe=righe)


@transaction.atomic(durable=True)
def _prendi(adesso: dt.datetime) -> Messaggio | None:
    """Claim the message that has waited longest, by one conditional UPDATE; None where nothing is due.

    One that is not due to anybody any more comes back closed.
    """
    presi = Messaggio.objects.raw(PRENDI, [adesso, adesso + PRESA_VALE])
    messaggio = next(iter(presi), None)
    if messaggio is None:
        return None
    if superato := _superato(messaggio):
        messaggio.stato, messaggio.prossimo_il = StatoMessaggio.ANNULLATO, None
        messaggio.motivo = SUPERATO.format(superato)
        messaggio.save(update_fields=["stato", "prossimo_il", "motivo"])
    return messaggio


def _superato(messaggio: Messaggio) -> str:
    """Why it is not due to anybody any more; "" where it is."""
    controllo = ANCORA_DOVUTO.get(messaggio.causale.partition(":")[0])
    return controllo(messaggio) if controllo else ""


def _invia(messaggio: Messaggio, posta: BaseEmailBackend, orologio: _Orologio) -> bool:
    """Deliver a claimed message and write how it went; raises where the others would fare the same."""
    try:
        posta.send_messages([_componi(messaggio)])
    except PostaRifiutata as errore:
        _concludi(messaggio, StatoMessaggio.RIFIUTATO, orologio.adesso, errore.motivo)
        return False
    except PostaIncerta as errore:
        giornale.warning("Messaggio %s: %s", messaggio.pk, errore.__cause__)
        _concludi(messaggio, StatoMessaggio.INCERTO, orologio.adesso, errore.motivo)
        return False
    except PostaTemporanea as errore:
        giornale.warning("Messaggio %s: %s (%s)", messaggio.pk, errore.motivo, errore.__cause__)
        if messaggio.tentativi >= TENTATIVI_MASSIMI and not errore.per_tutti:
            motivo = MAI_ACCETTATO.format(messaggio.tentativi)
            _concludi(messaggio, StatoMessaggio.RIFIUTATO, orologio.adesso, motivo)
            return False
        _concludi(messaggio, StatoMessaggio.DA_INVIARE, orologio.adesso, errore.motivo)
        if errore.per_tutti:
            raise
        return False
    _concludi(messaggio, StatoMessaggio.INVIATO, orologio.adesso, "")
    return True


@transaction.atomic
def _concludi(messaggio: Messaggio, stato: StatoMessaggio, adesso: dt.datetime, motivo: str) -> None:
    """Write the outcome where the claim is still ours. It is never too late to say that it went."""
    ammessi = [StatoMessaggio.IN_INVIO]
    if stato in (StatoMessaggio.INVIATO, StatoMessaggio.RIFIUTATO):
        ammessi.append(StatoMessaggio.INCERTO)
    riga = Messaggio.objects.filter(pk=messaggio.pk, tentativi=messaggio.tentativi, stato__in=ammessi)
    riprova = stato == StatoMessaggio.DA_INVIARE
    scritte = riga.update(
        stato=stato,
        motivo=motivo,
        prossimo_il=adesso + _pausa(messaggio.tentativi) if riprova else None,
        inviato_il=adesso if stato == StatoMessaggio.INVIATO else None,
    )
    if scritte and stato in ESITI:
        registra(
            ESITI[stato],
            attore=None,
            oggetto=messaggio,
            utente=messaggio.utente,
            dettaglio={"oggetto": messaggio.oggetto},
        )


def _pausa(tentativi: int) -> dt.timedelta:
    """Twice as long at each attempt, up to a cap; by chance between half and whole of it, so that queues scatter."""
    intera = min(PAUSA_MASSIMA, PRIMA_PAUSA * 2 ** min(tentativi - 1, 10))
    return intera * random.uniform(0.5, 1)  # noqa: S311 - no secret hangs on it


def _componi(messaggio: Messaggio) -> EmailMessage:
    ufficio = messaggio.utente.cpi.email
    return EmailMessage(
        subject=messaggio.oggetto,
        body=messaggio.testo,
        from_email=settings.MITTENTE,
        to=[messaggio.destinatario],
        reply_to=[ufficio] if ufficio else None,
        headers={"Message-ID": identificatore(messaggio), "Auto-Submitted": "auto-generated"},
    )


def _chiudi(posta: BaseEmailBackend) -> None:
    """The farewell to a server that has gone changes nothing."""
    try:
        posta.close()
    except OSError as errore:
        giornale.info("Il servizio di posta ha chiuso senza saluti: %s", errore)
