"""Working the queue to the portal: claim, carry out, write down (V6).

The rows are the queue. A claim is one statement, the calls are made outside any transaction, and whoever comes back
after the end of their claim writes nothing. Celery, a timer or a person at a terminal may all run it at once.
"""

from __future__ import annotations

import datetime as dt
import logging
import time
import uuid
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor

from django.conf import settings
from django.db import IntegrityError, connection, connections, transaction

from curriculum.models import Trasferimento
from curriculum.portale.client import portale
from curriculum.services import interruttore, pause
from curriculum.services.chiusura import Turno, concludi, concludi_insieme, e_semplice
from curriculum.services.esecuzione import Risultato, esegui, leggi_i_contorni, stato_in_coda
from orientamento.comune.calendario import adesso as adesso_ora

giornale = logging.getLogger(__name__)
Orologio = Callable[[], dt.datetime]
MANCIATA = 20
RACCOLTA = 0.25  # seconds

# Of each citizen one row at a time: nothing in somebody's hands, and in the order in which they were made, those that
# wait for the citizen after the others. `prossimo_il` is filled in open rows only. A claim that went stale was perhaps
# carried out: whoever takes the row over asks first. The choice is made apart and once: joined, it might be made anew
# for each row of the table, and each time pass over those that are taken already.
PRENDI = """
WITH scelte AS MATERIALIZED (
    SELECT r.id FROM curriculum_trasferimento r
    WHERE r.prossimo_il <= %s AND (%s::bigint IS NULL OR r.id = %s)
    AND (%s OR NOT EXISTS (SELECT FROM curriculum_interruttoreportale WHERE aperto_il IS NOT NULL))
    AND NOT EXISTS (
        SELECT FROM curriculum_trasferimento o
        WHERE o.utente_id = r.utente_id AND o.id <> r.id AND o.prossimo_il IS NOT NULL AND (
            (o.presa IS NOT NULL AND o.prossimo_il > %s)
            OR (r.stato <> 'inviato' AND o.stato <> 'inviato'
                AND (o.stato = 'in_attesa', o.id) < (r.stato = 'in_attesa', r.id))))
    ORDER BY r.prossimo_il, r.id LIMIT %s FOR NO KEY UPDATE OF r SKIP LOCKED
)
UPDATE curriculum_trasferimento t
SET presa = %s, prossimo_il = %s,
    esito_incerto = t.esito_incerto OR t.stato = 'in_corso',
    stato = CASE WHEN t.stato = 'inviato' THEN t.stato ELSE 'in_corso' END
FROM scelte WHERE t.id = scelte.id
RETURNING t.*
"""

# Asked just before the call: is the row still ours, does the citizen still consent, where are they reached, is the CV
# still the one?
ANCORA = """
SELECT c.stato, c.file, u.consenso_incontro, u.codice_fiscale, u.email, u.cellulare, u.cognome, u.nome, u.data_nascita
FROM curriculum_trasferimento t
JOIN anagrafica_utente u ON u.id = t.utente_id
LEFT JOIN curriculum_curriculum c ON c.id = t.curriculum_id
WHERE t.id = %s AND t.presa = %s
"""
DEL_CITTADINO = ("consenso_incontro", "codice_fiscale", "email", "cellulare", "cognome", "nome", "data_nascita")


def prendi(*, adesso: dt.datetime, quanti: int, solo: int | None = None, prova: bool = False) -> list[Trasferimento]:
    """Claim up to `quanti` rows that are due, in one statement; `solo` names the only one wanted.

    Nothing while the portal is stopped, but for the holder of the trial call (`prova`), nor where no portal is set.
    """
    if not settings.PORTALE_URL:
        return []
    valori = [adesso, solo, solo, prova, adesso, quanti, uuid.uuid4(), adesso + pause.di_presa()]
    try:
        with transaction.atomic(savepoint=connection.in_atomic_block):
            return sorted(Trasferimento.objects.raw(PRENDI, valori), key=lambda riga: riga.pk)
    except IntegrityError:
        # Another worker took another row of the same citizen in the same instant: they are found again next time.
        return []


def prendi_la_prova(*, adesso: dt.datetime) -> list[Trasferimento]:
    """One row, for the trial call to a portal that is stopped, where its pause is over; nobody else tries meanwhile."""
    with transaction.atomic():
        if not interruttore.concedi_prova(adesso=adesso):
            return []
        righe = prendi(adesso=adesso, quanti=1, prova=True)
        if not righe:
            transaction.set_rollback(True)
    return righe


def lavora(trasferimento_id: int, *, orologio: Orologio = adesso_ora) -> int:
    """Carry out one row, if it is due and nobody else has it; how many were worked."""
    preso_il = orologio()
    return _svolgi_tutte(prendi(adesso=preso_il, quanti=1, solo=trasferimento_id), preso_il, orologio)


def giro(*, orologio: Orologio = adesso_ora, secondi: float = 100.0, mani: int = 1) -> int:
    """Carry out whatever is due, a handful at a time, and begin nothing more after `secondi`; how many were worked.

    With several `mani` a full handful calls others to help, each on a thread and a connection of its own: while one
    waits for the portal another writes. They need no agreement but the claim.
    """
    fine, fatte = time.monotonic() + secondi, 0
    with ThreadPoolExecutor(max_workers=mani) as squadra:
        aiuti: list[Future[int]] = []
        while (resta := fine - time.monotonic()) > 0:
            preso_il = orologio()
            righe, prova = prendi(adesso=preso_il, quanti=MANCIATA), False
            if not righe:
                righe, prova = prendi_la_prova(adesso=preso_il), True
            if not righe:
                break
            if len(righe) == MANCIATA and not aiuti:
                aiuti = [squadra.submit(_aiuta, orologio, resta) for _ in range(mani - 1)]
            fatte += _svolgi_tutte(righe, preso_il, orologio, prova=prova, fine=fine)
    return fatte + sum(aiuto.result() for aiuto in aiuti)


def _aiuta(orologio: Orologio, secondi: float) -> int:
    try:
        return giro(orologio=orologio, secondi=secondi)
    finally:
        connections.close_all()


def _svolgi_tutte(
    prese: list[Trasferimento],
    preso_il: dt.datetime,
    orologio: Orologio,
    *,
    prova: bool = False,
    fine: float = float("inf"),
) -> int:
    """Each in turn under one claim, which is renewed before a row that could outlast it.

    After `fine`, on the monotonic clock, those not begun are given back: with a slow portal a handful takes minutes.

    What they need is read for all of them together; whether a row may still leave is asked just before its call.
    """
    if not prese:
        return 0
    righe = Trasferimento.objects.select_related("utente", "curriculum").in_bulk([presa.pk for presa in prese])
    contorni = leggi_i_contorni(prese)
    fatte, fermo, da_dire, client = 0, False, True, portale()
    da_scrivere = _DaScrivere(preso_il, orologio)
    scade = time.monotonic() + pause.di_presa().total_seconds()
    try:
        for presa in prese:
            da_scrivere.se_aspetta_da_troppo()
            if scade - time.monotonic() < pause.di_una_riga().total_seconds():
                scade = time.monotonic() + pause.di_presa().total_seconds()
                _rinnova(presa.presa, orologio())
            if fermo or (fatte and time.monotonic() >= fine):
                rilascia(presa, preso_il=preso_il, adesso=orologio())
                continue
            fatte += 1
            riga = righe[presa.pk]
            if not _ancora_in_mano(riga, presa.presa):
                if prova:
                    interruttore.rendi_prova(adesso=orologio())
                continue
            risultato = esegui(riga, client, orologio(), contorni.get(riga.utente_id))
            da_scrivere.aggiungi(riga, risultato)
            if risultato.guasto:
                da_dire = True
                fermo = interruttore.portale_non_risponde(errore=risultato.guasto, adesso=orologio(), prova=prova)
            elif risultato.ha_risposto and da_dire:
                # After the first good answer of a handful, and after each failure; others add nothing.
                da_dire = False
                interruttore.portale_risponde(adesso=orologio())
            elif prova and not risultato.ha_risposto:
                interruttore.rendi_prova(adesso=orologio())
    finally:
        # Also where the time of the task is over: what was heard already is not asked again.
        da_scrivere.tutto()
    return fatte


class _DaScrivere:
    """What the portal has answered and is not written yet: simple results gather for a quarter of a second.

    Should the process die in between, their claims end like any other and the portal is asked before anything is sent
    again.
    """

    def __init__(self, preso_il: dt.datetime, orologio: Orologio) -> None:
        self.preso_il, self.orologio = preso_il, orologio
        self.turni: list[Turno] = []
        self.dal = 0.0

    def aggiungi(self, riga: Trasferimento, risultato: Risultato) -> None:
        if not e_semplice(riga, risultato):
            self._uno(riga, risultato)
            return
        self.dal = self.dal if self.turni else time.monotonic()
        self.turni.append((riga, risultato))

    def se_aspetta_da_troppo(self) -> None:
        if self.turni and time.monotonic() - self.dal > RACCOLTA:
            self.tutto()

    def tutto(self) -> None:
        turni, self.turni = self.turni, []
        if len(turni) > 1:
            try:
                turni = concludi_insieme(turni, adesso=self.orologio())
            except IntegrityError:
                giornale.exception("Non si sono potuti scrivere insieme: si scrivono uno per uno")
        for riga, risultato in turni:
            self._uno(riga, risultato)

    def _uno(self, riga: Trasferimento, risultato: Risultato) -> None:
        try:
            concludi(riga, risultato, preso_il=self.preso_il, adesso=self.orologio())
        except IntegrityError:
            # A fault of ours with one row must not keep the others waiting: it stays claimed, then state is asked.
            giornale.exception("Trasferimento %s: l'esito non si è potuto scrivere", riga.pk)


def _ancora_in_mano(riga: Trasferimento, presa: uuid.UUID | None) -> bool:
    """Whether the claim still stands; brings up to date what the citizen and the CV may have become meanwhile."""
    with connection.cursor() as cursore:
        cursore.execute(ANCORA, [riga.pk, presa])
        trovata = cursore.fetchone()
    if trovata is None:
        return False
    riga.presa = presa
    for campo, valore in zip(DEL_CITTADINO, trovata[2:], strict=True):
        setattr(riga.utente, campo, valore)
    if riga.curriculum:
        riga.curriculum.stato, riga.curriculum.file.name = trovata[:2]
    return True


def rilascia(riga: Trasferimento, *, preso_il: dt.datetime, adesso: dt.datetime) -> bool:
    """Give back a claimed row that was not begun."""
    risultato = Risultato(stato_in_coda(riga), incerto=riga.esito_incerto, tentativo=False, rilascia=True)
    risultato.errore = riga.errore
    return concludi(riga, risultato, preso_il=preso_il, adesso=adesso)


def _rinnova(presa: uuid.UUID | None, adesso: dt.datetime) -> None:
    """Lengthen the claim on the rows that are still to be done."""
    Trasferimento.objects.filter(presa=presa, prossimo_il__isnull=False).update(prossimo_il=adesso + pause.di_presa())
