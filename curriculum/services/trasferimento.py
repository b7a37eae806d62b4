"""Asking the portal for something: a transfer, its undoing, the removal from Intuition, one more message (V2, V5).

Nothing here calls the portal: each verb writes rows of the queue, which `coda` works.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from curriculum import tasks
from curriculum.models import (
    Curriculum,
    LuogoCurriculum,
    Operazione,
    PosizionePortale,
    StatoRegistrazione,
    StatoTrasferimento,
    Trasferimento,
)
from curriculum.models.trasferimento import IN_CODA
from curriculum.services.impedimenti import Impedimento, impedimenti, impedimento_del_consenso
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

__all__ = [
    "AVVISO",
    "Avviso",
    "Esito",
    "Impedimento",
    "alla_revoca",
    "annulla_trasferimento",
    "chiedi_rimozione",
    "chiedi_solleciti",
    "chiedi_sollecito",
    "chiedi_trasferimento",
    "dopo_un_nuovo_curriculum",
    "dopo_una_cancellazione",
    "impedimenti",
    "ripeti_rimozione",
]

PAUSA_TRA_MESSAGGI = dt.timedelta(days=3)
MESSAGGI_MASSIMI = 5


@dataclass(frozen=True)
class Avviso:
    """What the operator reads and accepts at each transfer (V2). Other words are another version."""

    versione: str
    testo: str


AVVISO = Avviso(
    versione="1",
    testo=(
        "Il CV va automaticamente al sistema di ricerca dei profili professionali (Intuition) "
        "e può essere trovato dalle imprese sul portale."
    ),
)


@dataclass
class Esito:
    """Of a batch: the rows put in the queue, and who was left out with the reason in words."""

    chiesti: list[Trasferimento] = field(default_factory=list)
    saltati: list[tuple[Utente, str]] = field(default_factory=list)


def chiedi_trasferimento(
    *, utente: Utente, attore: Operatore, avviso_versione: str, adesso: dt.datetime
) -> Trasferimento:
    """Put the current CV of `utente` in the queue for the portal, the alert having been accepted (V2).

    A rule that refuses it raises RegolaViolata and leaves one line of the register, although all else is undone. The
    same CV already on its way is returned as it is; an older one still queued gives up its place.
    """
    try:
        with transaction.atomic():
            return _chiedi(utente, attore, avviso_versione, adesso)
    except _Negato as errore:
        registra(
            Azione.TRASFERIMENTO_NEGATO,
            attore=attore,
            utente=utente,
            dettaglio={"motivi": errore.motivi, "regola": "V2"},
        )
        raise


@transaction.atomic
def annulla_trasferimento(*, trasferimento: Trasferimento, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """Stop what has not gone yet. Twice is once; what has gone is refused (V5 says how to take it back).

    Where an attempt without answer may have brought the CV to the portal, its removal from Intuition is queued too.
    """
    Utente.objects.bloccato(trasferimento.utente_id)
    riga = Trasferimento.objects.select_for_update(of=("self",)).select_related("utente").get(pk=trasferimento.pk)
    if riga.stato == StatoTrasferimento.ANNULLATO:
        return riga
    if riga.operazione == Operazione.RIMOZIONE and riga.aperto:
        raise RegolaViolata("La rimozione da Intuition non si annulla: parte da sola.", regola="V5")
    if riga.stato == StatoTrasferimento.IN_CORSO:
        raise RegolaViolata(
            "La richiesta sta partendo proprio adesso: aspettare un momento e guardare com'è andata.", regola="V6"
        )
    if riga.stato not in IN_CODA:
        raise RegolaViolata(
            "La richiesta non è più in coda. Per togliere il curriculum da Intuition bisogna cancellarlo.", regola="V5"
        )
    motivo = f"Annullato da {attore}."
    forse_arrivato = riga.operazione == Operazione.INVIO and riga.esito_incerto
    if forse_arrivato:
        motivo += " Un tentativo può essere arrivato: è stata chiesta anche la rimozione da Intuition."
    _annulla(riga, motivo, attore=attore, adesso=adesso)
    if forse_arrivato:
        _accoda_la_rimozione(riga.utente, attore, adesso)
    return riga


@transaction.atomic
def chiedi_rimozione(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento | None:
    """Take the CV of `utente` away from Intuition (V5): queued, never lost, after whatever is under way.

    Sends not yet gone are annulled first. None where nothing can ever have reached Intuition; a removal that already
    follows the last send is returned as it is.
    """
    utente = Utente.objects.bloccato(utente.pk)
    _ritira_gli_invii(utente, "È stata chiesta la rimozione da Intuition.", attore=attore, adesso=adesso)
    return _accoda_la_rimozione(utente, attore, adesso)


@transaction.atomic
def ripeti_rimozione(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """Ask again for a removal that the portal had refused, once what it refused is mended (V5). Twice is once."""
    utente = Utente.objects.bloccato(utente.pk)
    righe = Trasferimento.objects.filter(utente=utente).exclude(operazione=Operazione.SOLLECITO).order_by("-pk")
    ultima = righe.first()
    if ultima is None or ultima.operazione != Operazione.RIMOZIONE:
        raise RegolaViolata("Non c'è una rimozione rifiutata da chiedere di nuovo.", regola="V5")
    if ultima.stato != StatoTrasferimento.RIFIUTATO:
        return ultima
    return _nuova_rimozione(utente, attore, adesso)


@transaction.atomic
def alla_revoca(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> None:
    """What follows, in the same transaction, when the consent to matching is taken back (U2).

    Nothing more starts for this person, and what may have reached Intuition is taken away.
    """
    utente = Utente.objects.bloccato(utente.pk)
    motivo = "La persona ha ritirato il consenso."
    _ritira_gli_invii(utente, motivo, attore=attore, adesso=adesso)
    for sollecito in _in_coda(utente, Operazione.SOLLECITO):
        _annulla(sollecito, motivo, attore=attore, adesso=adesso)
    _accoda_la_rimozione(utente, attore, adesso)


@transaction.atomic
def dopo_un_nuovo_curriculum(
    *, utente: Utente, nuovo: Curriculum, attore: Operatore, adesso: dt.datetime
) -> Trasferimento | None:
    """A newer CV takes the place of an older one that has not arrived yet, under the alert already accepted.

    One that is leaving right now is let go, and the newer one follows it; not where its removal has been asked for
    meanwhile: who cancelled a CV, or took back the consent, has not asked that another one go.
    """
    utente = Utente.objects.bloccato(utente.pk)
    non_arrivati = (*IN_CODA, StatoTrasferimento.IN_CORSO)
    vecchio = (
        Trasferimento.objects.select_for_update(of=("self",))
        .filter(utente=utente, operazione=Operazione.INVIO, stato__in=non_arrivati)
        .exclude(curriculum=nuovo)
        .order_by("-pk")
        .first()
    )
    if vecchio is None:
        return None
    rimozioni = Trasferimento.objects.filter(utente=utente, operazione=Operazione.RIMOZIONE, pk__gt=vecchio.pk)
    if rimozioni.exists():
        return None
    if vecchio.stato in IN_CODA:
        _annulla(vecchio, "Sostituito da un curriculum più recente.", attore=attore, adesso=adesso)
    return _accoda(
        utente,
        Operazione.INVIO,
        attore,
        adesso,
        curriculum=nuovo,
        avviso_accettato_il=vecchio.avviso_accettato_il,
        avviso_versione=vecchio.avviso_versione,
        sostituisce=vecchio,
    )


@transaction.atomic
def dopo_una_cancellazione(
    *, curriculum: Curriculum, era_attuale: bool, attore: Operatore, adesso: dt.datetime
) -> None:
    """What a cancelling here (V5) means for the portal: its sends do not leave, what arrived is taken away.

    An old CV that was never sent, and that nobody finds on Intuition, takes nothing away.
    """
    utente = Utente.objects.bloccato(curriculum.utente_id)
    la_sua = PosizionePortale.objects.filter(utente=utente, curriculum=curriculum).exists()
    aperti = Trasferimento.objects.aperti().filter(utente=utente, curriculum=curriculum)
    if era_attuale or la_sua or aperti.exists():
        _ritira_gli_invii(utente, "Il curriculum è stato cancellato.", attore=attore, adesso=adesso)
        _accoda_la_rimozione(utente, attore, adesso)


@transaction.atomic
def chiedi_sollecito(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    """One more message of confirmation to who was pre-registered: every three days at the most, five in all (V2)."""
    utente = Utente.objects.bloccato(utente.pk)
    if aperto := Trasferimento.objects.aperti().filter(utente=utente, operazione=Operazione.SOLLECITO).first():
        return aperto
    posizione = PosizionePortale.objects.filter(utente=utente).first()
    if posizione is None or posizione.registrazione != StatoRegistrazione.DA_CONFERMARE:
        raise RegolaViolata(f"{utente} non ha una registrazione da confermare sul portale.", regola="V2")
    if manca := impedimento_del_consenso(utente):
        raise RegolaViolata(f"{manca.testo} {manca.cura}", regola="U2")
    if posizione.messaggi >= MESSAGGI_MASSIMI:
        raise RegolaViolata(
            f"Sono già partiti {posizione.messaggi} messaggi, il massimo: "
            "sentire la persona al telefono o al prossimo appuntamento.",
            regola="V2",
        )
    ultimo = posizione.ultimo_messaggio_il
    if ultimo and ultimo + PAUSA_TRA_MESSAGGI > adesso:
        dal = timezone.localtime(ultimo + PAUSA_TRA_MESSAGGI)
        raise RegolaViolata(
            f"L'ultimo messaggio è partito il {timezone.localtime(ultimo):%d/%m/%Y}: "
            f"il prossimo si può chiedere dal {dal:%d/%m/%Y alle %H:%M}.",
            regola="V2",
        )
    sollecito = _accoda(utente, Operazione.SOLLECITO, attore, adesso)
    registra(Azione.SOLLECITO_CHIESTO, attore=attore, oggetto=sollecito, utente=utente)
    return sollecito


def chiedi_solleciti(*, utenti: Iterable[Utente], attore: Operatore, adesso: dt.datetime) -> Esito:
    """One more message to each, where the rule lets it; each stands by itself."""
    esito = Esito()
    for utente in utenti:
        try:
            esito.chiesti.append(chiedi_sollecito(utente=utente, attore=attore, adesso=adesso))
        except RegolaViolata as errore:
            esito.saltati.append((utente, errore.messaggio))
    return esito


class _Negato(RegolaViolata):
    """A refused transfer, with the keys of the reasons for the register."""

    def __init__(self, messaggio: str, motivi: list[str]) -> None:
        super().__init__(messaggio, regola="V2")
        self.motivi = motivi


def _chiedi(utente: Utente, attore: Operatore, avviso_versione: str, adesso: dt.datetime) -> Trasferimento:
    utente = Utente.objects.bloccato(utente.pk)
    if trovati := impedimenti(utente, adesso):
        parole = " ".join(f"{uno.testo} {uno.cura}".strip() for uno in trovati)
        raise _Negato(f"Il curriculum non può partire. {parole}", [uno.chiave for uno in trovati])
    if avviso_versione != AVVISO.versione:
        raise _Negato(
            "L'avviso non è stato accettato, o è cambiato mentre la pagina era aperta: va letto e accettato di nuovo.",
            ["avviso_non_accettato"],
        )
    attuale = Curriculum.objects.attuali().get(utente=utente)
    aperti = Trasferimento.objects.select_for_update(of=("self",)).aperti().filter(utente=utente).order_by("-pk")
    vecchio = None
    for riga in aperti:
        if riga.operazione == Operazione.RIMOZIONE:
            break
        if riga.operazione == Operazione.INVIO and riga.curriculum_id == attuale.pk:
            return riga
    for riga in _in_coda(utente, Operazione.INVIO):
        _annulla(riga, "Sostituito da una richiesta più recente.", attore=attore, adesso=adesso)
        vecchio = riga
    return _accoda(
        utente,
        Operazione.INVIO,
        attore,
        adesso,
        curriculum=attuale,
        avviso_accettato_il=adesso,
        avviso_versione=avviso_versione,
        sostituisce=vecchio,
    )


def _in_coda(utente: Utente, operazione: Operazione) -> list[Trasferimento]:
    """The locked rows of this kind that have not gone; one whose holder is at work is no longer among them."""
    righe = Trasferimento.objects.select_for_update(of=("self",)).in_coda()
    return list(righe.filter(utente=utente, operazione=operazione))


def _ritira_gli_invii(utente: Utente, motivo: str, *, attore: Operatore, adesso: dt.datetime) -> None:
    """No send of the person goes on: those queued do not leave, those that arrived are no longer asked about."""
    righe = Trasferimento.objects.select_for_update(of=("self",)).filter(
        utente=utente, operazione=Operazione.INVIO, stato__in=(*IN_CODA, StatoTrasferimento.INVIATO)
    )
    for riga in righe:
        _annulla(riga, motivo, attore=attore, adesso=adesso)


def _accoda_la_rimozione(utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento | None:
    rimozioni = Trasferimento.objects.filter(utente=utente, operazione=Operazione.RIMOZIONE)
    ultima = rimozioni.exclude(stato=StatoTrasferimento.ANNULLATO).order_by("-pk").first()
    forse_arrivati = Trasferimento.objects.filter(utente=utente, operazione=Operazione.INVIO).filter(
        Q(stato=StatoTrasferimento.IN_CORSO) | Q(inviato_il__isnull=False) | Q(esito_incerto=True)
    )
    dopo = forse_arrivati.filter(pk__gt=ultima.pk) if ultima else forse_arrivati
    if not dopo.exists():
        if ultima and ultima.aperto:
            return ultima
        if ultima and ultima.stato == StatoTrasferimento.CONFERMATO:
            return None
        la_si_trova = (LuogoCurriculum.IN_ARRIVO, LuogoCurriculum.PRESENTE, LuogoCurriculum.IN_RIMOZIONE)
        trovato = PosizionePortale.objects.filter(utente=utente, intuition__in=la_si_trova)
        if not trovato.exists() and not (ultima and forse_arrivati.exists()):
            return None
    if ultima and ultima.stato == StatoTrasferimento.DA_INVIARE:
        return ultima
    return _nuova_rimozione(utente, attore, adesso)


def _nuova_rimozione(utente: Utente, attore: Operatore, adesso: dt.datetime) -> Trasferimento:
    rimozione = _accoda(utente, Operazione.RIMOZIONE, attore, adesso)
    registra(Azione.RIMOZIONE_CHIESTA, attore=attore, oggetto=rimozione, utente=utente)
    return rimozione


def _accoda(
    utente: Utente,
    operazione: Operazione,
    attore: Operatore,
    adesso: dt.datetime,
    *,
    curriculum: Curriculum | None = None,
    avviso_accettato_il: dt.datetime | None = None,
    avviso_versione: str = "",
    sostituisce: Trasferimento | None = None,
) -> Trasferimento:
    """A row of the queue, due at once, and the bell."""
    riga = Trasferimento.objects.create(
        utente=utente,
        operazione=operazione,
        curriculum=curriculum,
        creato_il=adesso,
        creato_da=attore,
        avviso_accettato_il=avviso_accettato_il,
        avviso_versione=avviso_versione,
        sostituisce=sostituisce,
        prossimo_il=adesso,
    )
    if operazione == Operazione.INVIO:
        registra(
            Azione.TRASFERIMENTO_CHIESTO,
            attore=attore,
            oggetto=riga,
            utente=utente,
            dettaglio={
                "curriculum": curriculum.pk if curriculum else None,
                "avviso": avviso_versione,
                "sostituisce": sostituisce.pk if sostituisce else None,
            },
        )
    tasks.lavora.delay_on_commit(riga.pk)
    return riga


def _annulla(riga: Trasferimento, motivo: str, *, attore: Operatore | None, adesso: dt.datetime) -> None:
    """Close a locked row. Whoever holds it finds that it is no longer theirs and writes nothing."""
    riga.stato, riga.motivo, riga.chiuso_il = StatoTrasferimento.ANNULLATO, motivo[:300], max(adesso, riga.creato_il)
    riga.prossimo_il = riga.presa = None
    riga.save(update_fields=["stato", "motivo", "chiuso_il", "prossimo_il", "presa"])
    registra(
        Azione.TRASFERIMENTO_ANNULLATO,
        attore=attore,
        oggetto=riga,
        utente=riga.utente,
        dettaglio={"operazione": riga.operazione},
    )
