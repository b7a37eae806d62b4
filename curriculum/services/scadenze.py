"""The six months (V4): the notices that the night prepares, the list of who is near the end, telling them.

The state follows from the date at every reading: no list waits for the sweep. The sweep only makes the rows that say
who has been told; a threshold that passed while it did not run is not made up for once a nearer one has come.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from curriculum.models import AvvisoScadenza, Curriculum
from curriculum.models.scadenza import SOGLIE
from orientamento.anagrafica.models import Consenso, Finalita, Messaggio, Operatore, Ruolo, Utente
from orientamento.anagrafica.services.messaggi import accoda_messaggio
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

PREAVVISO = max(SOGLIE)
# An expired CV stays in the lists for six months more; whoever let it lie so long starts with a new one. The database's
# `curriculum_dovuto` knows the same two numbers.
DOPO = 183
CAUSALE = "scadenza-curriculum"

# The nearest threshold that has come, for CVs that count; those already there are not even tried. The fixed order keeps
# two sweeps at once from waiting for each other in a ring.
PREPARA = """
    INSERT INTO curriculum_avvisoscadenza (curriculum_id, soglia, creato_il, modo)
    SELECT c.id, c.soglia, %s, ''
    FROM (SELECT id, CASE WHEN valido_fino_al <= %s THEN 0 WHEN valido_fino_al <= %s THEN 7 ELSE 30 END AS soglia
          FROM curriculum_curriculum WHERE stato = 'attuale' AND valido_fino_al BETWEEN %s AND %s) AS c
    WHERE NOT EXISTS (SELECT FROM curriculum_avvisoscadenza a WHERE a.curriculum_id = c.id AND a.soglia = c.soglia)
    ORDER BY c.id ON CONFLICT DO NOTHING
"""


def prepara_avvisi(*, adesso: dt.datetime) -> int:
    """Make the notices due at `adesso`, in one statement; how many are new. Any number of times, at any moment."""
    oggi = timezone.localdate(adesso)
    prima, tra_sette, ultimo = (oggi + dt.timedelta(days=giorni) for giorni in (-DOPO, 7, PREAVVISO))
    with connection.cursor() as cursore:
        cursore.execute(PREPARA, [adesso, oggi, tra_sette, prima, ultimo])
        return cursore.rowcount


def soglia_di(curriculum: Curriculum, giorno: dt.date) -> int | None:
    """The nearest threshold that has come on `giorno`; None where the end is still far."""
    restano = (curriculum.valido_fino_al - giorno).days
    return min((soglia for soglia in SOGLIE if restano <= soglia), default=None)


def seguiti_da(operatore: Operatore, di: int | None = None) -> Q:
    """Of rows with a citizen, those that `operatore` looks after: who they follow, for supervisors the whole office.

    A supervisor may ask for those of one operator, `di` by key; 0 is of nobody.
    """
    if operatore.ruolo != Ruolo.RESPONSABILE:
        return Q(utente__operatore_riferimento=operatore)
    if di is None:
        return Q()
    return Q(utente__operatore_riferimento=di) if di else Q(utente__operatore_riferimento__isnull=True)


def curricula_in_scadenza(operatore: Operatore, *, adesso: dt.datetime, di: int | None = None) -> QuerySet[Curriculum]:
    """The CVs near their end or past it that `operatore` looks after, the first to end first (A1).

    Operators have the people whom they follow, supervisors the whole office or those of `di`.
    """
    giorno = timezone.localdate(adesso)
    righe = Curriculum.objects.attuali().visibili_a(operatore).filter(seguiti_da(operatore, di))
    finestra = (giorno - dt.timedelta(days=DOPO), giorno + dt.timedelta(days=PREAVVISO))
    return righe.filter(valido_fino_al__range=finestra).order_by("valido_fino_al", "pk")


def quanti_in_scadenza(operatore: Operatore, *, adesso: dt.datetime) -> dict[str, int]:
    """How many of them are still good (`in_scadenza`) and how many are not any more (`scaduti`)."""
    giorno = timezone.localdate(adesso)
    return curricula_in_scadenza(operatore, adesso=adesso).aggregate(
        in_scadenza=Count("pk", filter=Q(valido_fino_al__gte=giorno)),
        scaduti=Count("pk", filter=Q(valido_fino_al__lt=giorno)),
    )


def in_scadenza(
    operatore: Operatore,
    *,
    adesso: dt.datetime,
    quanti: int,
    dopo: tuple[dt.date, int] | None = None,
    di: int | None = None,
) -> list[dict[str, Any]]:
    """A page of that list as plain data, in four queries however long it is.

    `dopo` is (`valido_fino_al`, `id`) of the last row of the page before.
    """
    righe = curricula_in_scadenza(operatore, adesso=adesso, di=di)
    if dopo:
        righe = righe.filter(valido_fino_al__gte=dopo[0]).exclude(valido_fino_al=dopo[0], pk__lte=dopo[1])
    curricula = list(righe.select_related("utente__operatore_riferimento")[:quanti])
    giorno = timezone.localdate(adesso)
    avvisi = _ultimi_avvisi([c.pk for c in curricula])
    consensi = _consensi_alle_comunicazioni([c.utente_id for c in curricula])
    messaggi = _messaggi({c.utente_id for c in curricula if c.pk in avvisi and _per_posta(avvisi[c.pk])})
    return [
        _riga(c, giorno, avvisi.get(c.pk), consensi.get(c.utente_id), messaggi)  # one person a line
        for c in curricula
    ]


@dataclass(frozen=True)
class EsitoAvvisi:
    """What came of a batch. `inviati` counts who is told now, by whatever means; the lists name who is not, and why."""

    inviati: int = 0
    gia_avvisati: int = 0
    senza_posta: list[str] = field(default_factory=list)
    senza_consenso: list[str] = field(default_factory=list)
    non_in_scadenza: list[str] = field(default_factory=list)

    @property
    def rifiutati(self) -> int:
        return len(self.senza_posta) + len(self.senza_consenso) + len(self.non_in_scadenza)


class _Negato(Exception):
    """One person of the batch cannot be told so: the list of `EsitoAvvisi` that the name goes to."""


def avvisa(*, curricula: Iterable[Curriculum], modo: str, attore: Operatore, adesso: dt.datetime) -> EsitoAvvisi:
    """Tell the people of `curricula` that their CV ends, or note that they were told (`telefono`, `persona`).

    Each person stands alone: one that is refused leaves the others told. By mail only where there is an address and the
    consent to communications is in force (U2). `curricula` are rows that `attore` may see.
    """
    if modo not in AvvisoScadenza.Modo.values:
        raise RegolaViolata("Scegliere come avvisare: per posta, per telefono o di persona.", campo="modo")
    inviati = gia = 0
    negati: dict[str, list[str]] = {"senza_posta": [], "senza_consenso": [], "non_in_scadenza": []}
    for curriculum in sorted(curricula, key=lambda c: c.utente_id):
        try:
            nuovo = _avvisa_uno(curriculum, AvvisoScadenza.Modo(modo), attore, adesso)
        except _Negato as perche:
            negati[str(perche)].append(str(curriculum.utente))
        else:
            inviati += nuovo
            gia += not nuovo
    return EsitoAvvisi(inviati, gia, **negati)


def ancora_dovuto(messaggio: Messaggio) -> str:
    """Why a queued notice need not go any more, asked when it is about to leave; "" where it must."""
    chiave = messaggio.causale.partition("#")[0].split(":")[1]
    if not Curriculum.objects.attuali().filter(pk=chiave).exists():
        return "il curriculum è stato sostituito o cancellato"
    if not _consensi_alle_comunicazioni([messaggio.utente_id]).get(messaggio.utente_id):
        return "la persona non acconsente più a ricevere comunicazioni"
    return ""


@transaction.atomic
def _avvisa_uno(letto: Curriculum, modo: AvvisoScadenza.Modo, attore: Operatore, adesso: dt.datetime) -> bool:
    """True where the person is told now, False where somebody had done it at this threshold already."""
    utente = Utente.objects.bloccato(letto.utente_id)
    # A sweep at this very moment may hold the notice that we are about to make, and refer to this row (`no_key`).
    curriculum = Curriculum.objects.select_for_update(of=("self",), no_key=True).get(pk=letto.pk)
    giorno = timezone.localdate(adesso)
    soglia = soglia_di(curriculum, giorno)
    if curriculum.stato != Curriculum.Stato.ATTUALE or soglia is None:
        raise _Negato("non_in_scadenza")
    avviso, _ = AvvisoScadenza.objects.get_or_create(
        curriculum=curriculum, soglia=soglia, defaults={"creato_il": adesso}
    )
    if avviso.gestito_il:
        return False
    if modo == AvvisoScadenza.Modo.POSTA:
        _scrivi(utente, curriculum, soglia, giorno, attore, adesso)
    # Whoever is told today needs not be told what an earlier threshold had to say.
    AvvisoScadenza.objects.filter(curriculum=curriculum, soglia__gte=soglia, gestito_il__isnull=True).update(
        gestito_il=adesso, gestito_da=attore, modo=modo
    )
    registra(
        Azione.AVVISO_SCADENZA_GESTITO,
        attore=attore,
        oggetto=avviso,
        utente=utente,
        dettaglio={"modo": modo.value, "soglia": soglia},
    )
    return True


def _scrivi(
    utente: Utente, curriculum: Curriculum, soglia: int, giorno: dt.date, attore: Operatore, adesso: dt.datetime
) -> None:
    if not utente.email:
        raise _Negato("senza_posta")
    if not _consensi_alle_comunicazioni([utente.pk]).get(utente.pk):
        raise _Negato("senza_consenso")
    oggetto, testo = testo_dell_avviso(utente, curriculum, giorno)
    try:
        accoda_messaggio(
            utente=utente,
            causale=f"{CAUSALE}:{curriculum.pk}:{soglia}",
            oggetto=oggetto,
            testo=testo,
            attore=attore,
            adesso=adesso,
        )
    except RegolaViolata as errore:
        raise _Negato("senza_posta") from errore


def testo_dell_avviso(utente: Utente, curriculum: Curriculum, giorno: dt.date) -> tuple[str, str]:
    """Subject and text of the notice, as of `giorno`. It says nothing that a stranger must not read."""
    fine = f"{curriculum.valido_fino_al:%d/%m/%Y}"
    if curriculum.obsoleto_al(giorno):
        oggetto = "Il suo curriculum va aggiornato"
        apertura = f"il curriculum che ha lasciato al centro per l'impiego era valido fino al {fine}: ora è scaduto."
        seguito = "Se è anche sul portale, lì è segnato come obsoleto."
    else:
        oggetto = f"Il suo curriculum è valido fino al {fine}"
        apertura = f"il curriculum che ha lasciato al centro per l'impiego è valido fino al {fine}."
        seguito = "Dopo quel giorno risulta scaduto e, se è anche sul portale, lì è segnato come obsoleto."
    return oggetto, (
        f"Gentile {utente.nome} {utente.cognome},\n\n{apertura} {seguito}\n\n"
        "Per rinnovarlo basta portare o mandare al centro per l'impiego un curriculum aggiornato, in formato PDF. "
        "Chi non ne ha uno può prepararlo insieme a un operatore.\n\n"
        "Se non desidera più ricevere queste comunicazioni, lo dica al centro per l'impiego."
    )


def _ultimi_avvisi(chiavi: list[int]) -> dict[int, AvvisoScadenza]:
    """For each CV the notice of the nearest threshold at which the person was told."""
    gestiti = AvvisoScadenza.objects.filter(curriculum__in=chiavi, gestito_il__isnull=False)
    return {a.curriculum_id: a for a in gestiti.select_related("gestito_da").order_by("-soglia")}


def _consensi_alle_comunicazioni(utenti: list[int]) -> dict[int, bool]:
    """Whether the newest answer about communications is a consent in force (U2)."""
    risposte = Consenso.objects.filter(utente__in=utenti, finalita=Finalita.COMUNICAZIONI)
    return {c.utente_id: c.in_vigore for c in risposte.order_by("registrato_il", "pk")}


def _per_posta(avviso: AvvisoScadenza) -> bool:
    return avviso.modo == AvvisoScadenza.Modo.POSTA


def _messaggi(utenti: set[int]) -> dict[str, Messaggio]:
    """The newest message of each notice to these people, however often it was sent again."""
    if not utenti:
        return {}
    trovati = Messaggio.objects.filter(utente__in=utenti, causale__startswith=f"{CAUSALE}:")
    return {m.causale.partition("#")[0]: m for m in trovati.defer("testo").order_by("pk")}


def _causale(avviso: AvvisoScadenza) -> str:
    return f"{CAUSALE}:{avviso.curriculum_id}:{avviso.soglia}"


def _riga(
    c: Curriculum,
    giorno: dt.date,
    avviso: AvvisoScadenza | None,
    consenso: bool | None,
    messaggi: dict[str, Messaggio],
) -> dict[str, Any]:
    soglia = soglia_di(c, giorno)
    messaggio = messaggi.get(_causale(avviso)) if avviso else None
    return {
        "id": c.pk,
        "utente_id": c.utente_id,
        "utente": str(c.utente),
        "operatore": str(c.utente.operatore_riferimento or ""),
        "valido_fino_al": c.valido_fino_al,
        "giorni": (c.valido_fino_al - giorno).days,
        "scaduto": c.obsoleto_al(giorno),
        "soglia": soglia,
        "email": c.utente.email,
        "telefono": c.utente.cellulare or c.utente.telefono,
        "consenso": bool(consenso),
        "avvisabile_per_posta": bool(c.utente.email and consenso),
        "avvisato_il": avviso.gestito_il if avviso else None,
        "avvisato_come": avviso.get_modo_display() if avviso else "",
        "avvisato_da": str(avviso.gestito_da) if avviso else "",
        # Told at this very threshold: there is nothing left to do.
        "da_avvisare": avviso is None or avviso.soglia != soglia,
        "messaggio_id": messaggio.pk if messaggio else None,
        "messaggio_stato": messaggio.stato if messaggio else "",
        "messaggio_in_parole": messaggio.get_stato_display() if messaggio else "",
        "messaggio_motivo": messaggio.motivo if messaggio else "",
        # By hand, where there is nothing newer to say and the person may still be written to.
        "rimandabile": bool(
            messaggio and messaggio.rimandabile and avviso and avviso.soglia == soglia and c.utente.email and consenso
        ),
    }
