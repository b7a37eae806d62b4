"""The one door to the reason of a justified absence: who opens it says what for (U6)."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from orientamento.anagrafica.models import Operatore
from orientamento.anagrafica.permessi import Permesso, richiedi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import GiustificazioneAssenza, Iscrizione, PercheSiVede

TESTO_MASSIMO = 200


@transaction.atomic
def apri_giustificazione(
    *, iscrizione: Iscrizione, perche: str, testo: str = "", attore: Operatore, adesso: dt.datetime
) -> GiustificazioneAssenza:
    """The reason of the absence, with the line of the register that says who opened it and what for (U6, A2).

    `perche` is one of `PercheSiVede`; `testo`, in words, only for «Altro», and then it is due. The line never holds
    the reason of the absence itself. Raises `RegolaViolata` where the reason of access is missing or there is nothing
    to see any more, `PermissionDenied` without the permission.
    """
    richiedi(attore, Permesso.VEDERE_GIUSTIFICAZIONI)
    if perche not in PercheSiVede.values:
        raise RegolaViolata("Scegliere perché si apre il motivo.", campo="perche", regola="U6")
    dettaglio = {"perche": perche}
    if perche == PercheSiVede.ALTRO:
        testo = testo.strip()
        if not testo:
            raise RegolaViolata("Scrivere per quale altra ragione si apre il motivo.", campo="testo", regola="U6")
        dettaglio["testo"] = testo[:TESTO_MASSIMO]
    giustificazione = GiustificazioneAssenza.objects.filter(iscrizione=iscrizione).first()
    if giustificazione is None:
        raise RegolaViolata("L'assenza non è più giustificata: non c'è un motivo da vedere.", regola="U6")
    registra(
        Azione.GIUSTIFICAZIONE_VISTA,
        attore=attore,
        oggetto=iscrizione,
        utente=iscrizione.utente,
        dettaglio=dettaglio,
    )
    return giustificazione
