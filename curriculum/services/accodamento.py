"""Writing rows of the queue to the portal, and closing those that are not to go: what the verbs have in common."""

from __future__ import annotations

import datetime as dt

from curriculum import tasks
from curriculum.models import Curriculum, Operazione, StatoTrasferimento, Trasferimento
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra


def accoda(
    utente: Utente,
    operazione: Operazione,
    attore: Operatore,
    adesso: dt.datetime,
    *,
    codice_fiscale: str = "",
    curriculum: Curriculum | None = None,
    avviso_accettato_il: dt.datetime | None = None,
    avviso_versione: str = "",
    sostituisce: Trasferimento | None = None,
) -> Trasferimento:
    """A row of the queue, due at once, and the bell.

    It goes under `codice_fiscale`, that of the file today where none is given, whatever becomes of the file afterwards.
    """
    riga = Trasferimento.objects.create(
        utente=utente,
        operazione=operazione,
        codice_fiscale=codice_fiscale or utente.codice_fiscale,
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


def annulla(riga: Trasferimento, motivo: str, *, attore: Operatore | None, adesso: dt.datetime) -> None:
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


def in_coda(utente: Utente, operazione: Operazione) -> list[Trasferimento]:
    """The locked rows of this kind that have not gone; one whose holder is at work is no longer among them."""
    righe = Trasferimento.objects.select_for_update(of=("self",), no_key=True).in_coda()
    return list(righe.filter(utente=utente, operazione=operazione))
