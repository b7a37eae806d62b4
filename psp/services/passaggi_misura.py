"""Locking a measure, and what its pact lets be done to it: what every verb of the delivery stands on (M3, T2)."""

from __future__ import annotations

import datetime as dt

from orientamento.anagrafica.models import Utente
from orientamento.comune.errori import RegolaViolata
from psp.models import IN_VIGORE, Misura, PattoDiServizio, StatoPatto
from psp.services.passaggi import SITUAZIONE, blocca_patto


def blocca_misura(misura: Misura) -> Misura:
    """The row of `misura`, locked with its citizen and its pact until the end of the transaction.

    A refusal where the pact is not in force: before the signature there is only the promise, which the plan writes,
    and a closed pact is history.
    """
    utente_id, patto_id = Misura.objects.values_list("patto__utente_id", "patto_id").get(pk=misura.pk)
    Utente.objects.bloccato(utente_id)
    patto = blocca_patto(PattoDiServizio(pk=patto_id))
    riga = (
        Misura.objects.select_for_update(of=("self",), no_key=True)
        .select_related("servizio", "chiusa_da")
        .get(pk=misura.pk)
    )
    riga.patto = patto
    if patto.stato not in IN_VIGORE:
        seguito = (
            "ciò che non è stato ripreso nel nuovo patto resta com'era."
            if patto.stato == StatoPatto.CHIUSO
            else "la misura si avvia dopo la firma."
        )
        raise RegolaViolata(f"{SITUAZIONE[StatoPatto(patto.stato)]}: {seguito}", regola="M3")
    return riga


def primo_giorno(misura: Misura) -> dt.date | None:
    """The first day that a date of the measure may have: the pact's, or that of the pacts which it comes from (T2)."""
    riga, giorno = misura, misura.patto.valido_dal
    while riga.continua_id is not None:
        riga = Misura.objects.select_related("patto").defer("patto__pdf", "patto__contenuto").get(pk=riga.continua_id)
        if giorno is None or riga.patto.valido_dal is None:
            return None
        giorno = min(giorno, riga.patto.valido_dal)
    return giorno


def giorni_della_misura(misura: Misura) -> tuple[dt.date | None, dt.date | None]:
    """From when, the start or else the pact's first day, to when its meetings may be (M3); None: no limit."""
    return misura.iniziata_il or primo_giorno(misura), misura.patto.valido_al


def nei_giorni(misura: Misura, giorno: dt.date) -> bool:
    """Whether a meeting of that day may be for the measure; the pacts before are read only for a day before its own."""
    if misura.iniziata_il is None and misura.patto.valido_dal and giorno >= misura.patto.valido_dal:
        return misura.patto.valido_al is None or giorno <= misura.patto.valido_al
    dal, al = giorni_della_misura(misura)
    return (dal is None or giorno >= dal) and (al is None or giorno <= al)


def controlla_giorno(misura: Misura, giorno: dt.date, oggi: dt.date, campo: str) -> None:
    """Refuse a day in the future or outside the validity of the pact (M3)."""
    if giorno > oggi:
        raise RegolaViolata("La data è nel futuro: si scrive ciò che è già avvenuto.", campo=campo, regola="M3")
    controlla_durata_del_patto(misura, giorno, campo)


def controlla_durata_del_patto(misura: Misura, giorno: dt.date, campo: str) -> None:
    """Refuse a day outside the validity of the pact, or of those that the measure comes from (M3)."""
    dal, al = primo_giorno(misura), misura.patto.valido_al
    if (dal and giorno < dal) or (al and giorno > al):
        durata = f"dal {dal:%d/%m/%Y}" if dal else ""
        durata += f" al {al:%d/%m/%Y}" if al else ""
        raise RegolaViolata(f"La data è fuori dalla durata del patto ({durata.strip()}).", campo=campo, regola="M3")
