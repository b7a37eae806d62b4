"""A CV waits for the antivirus where one is set (`CLAMAV_SOCKET`): clean it becomes current, infected it goes away."""

from __future__ import annotations

import datetime as dt
import errno
import logging

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import transaction

from curriculum.controllo.antivirus import Antivirus, AntivirusAssente, FileTroppoGrande
from curriculum.models import Curriculum
from curriculum.services.archivio import archivio_presente
from curriculum.services.curriculum import esigi_il_cancello, rendi_attuale
from orientamento.anagrafica.models import Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra

giornale = logging.getLogger(__name__)

INFETTO = "Il controllo antivirus ha trovato qualcosa di pericoloso nel file. Chiedere alla persona un altro PDF."
TROPPO_GRANDE = (
    "Il file è più grande di quanto il controllo antivirus accetta. Caricarne uno più piccolo o avvisare l'assistenza."
)
PERDUTO = "Il file non si trova più nell'archivio. Avvisare l'assistenza e caricarlo di nuovo."


def controlla_in_attesa(*, adesso: dt.datetime, quanti: int = 50) -> int:
    """Scan the CVs that wait, the oldest first; how many have their verdict. One silence of the antivirus ends it.

    One whose file cannot be read just now keeps no other waiting.
    """
    if not settings.CLAMAV_SOCKET:
        return 0
    in_attesa = Curriculum.objects.filter(stato=Curriculum.Stato.IN_CONTROLLO).order_by("caricato_il", "pk")
    decisi = 0
    for pk in list(in_attesa.values_list("pk", flat=True)[:quanti]):
        try:
            decisi += controlla(pk, adesso=adesso)
        except AntivirusAssente as errore:
            giornale.warning("I curriculum aspettano il controllo antivirus: %s", errore)
            break
        except OSError as errore:
            giornale.error("Il file del curriculum %s non si legge: %s", pk, errore.strerror)
    return decisi


def controlla(curriculum_id: int, *, adesso: dt.datetime) -> bool:
    """Scan one CV and act on the verdict; False where it does not wait any more.

    The scan is outside any transaction. Raises `AntivirusAssente`, or `OSError` where the archive does not answer: the
    CV goes on waiting, and the previous one counts.
    """
    curriculum = Curriculum.objects.filter(pk=curriculum_id, stato=Curriculum.Stato.IN_CONTROLLO).first()
    if curriculum is None:
        return False
    try:
        with default_storage.open(curriculum.file.name or "") as file:
            contenuto = file.read()
    except (FileNotFoundError, ValueError):
        if not archivio_presente():
            raise OSError(errno.ENOENT, "l'archivio dei documenti non si trova") from None
        return _decidi(curriculum, adesso, PERDUTO, {"motivo": PERDUTO})
    try:
        esito = Antivirus(settings.CLAMAV_SOCKET, settings.CLAMAV_TEMPO).esamina(contenuto)
    except FileTroppoGrande as errore:
        giornale.error("StreamMaxLength di clamd è troppo basso per un curriculum ammesso: %s", errore)
        return _decidi(curriculum, adesso, TROPPO_GRANDE, {"motivo": TROPPO_GRANDE})
    if esito.pulito:
        return _decidi(curriculum, adesso, "", {})
    giornale.warning("Curriculum %s respinto: %s", curriculum.pk, esito.firma)
    return _decidi(curriculum, adesso, INFETTO, {"firma": esito.firma})


@transaction.atomic
def _decidi(letto: Curriculum, adesso: dt.datetime, motivo: str, dettaglio: dict[str, str]) -> bool:
    """Write the verdict on the locked rows, unless the CV was cancelled or gave way to a newer one meanwhile."""
    utente = Utente.objects.bloccato(letto.utente_id)
    curriculum = Curriculum.objects.select_for_update(of=("self",), no_key=True).get(pk=letto.pk)
    if curriculum.stato != Curriculum.Stato.IN_CONTROLLO:
        return False
    if not motivo:
        try:
            esigi_il_cancello(utente)
        except RegolaViolata as errore:
            motivo, dettaglio = errore.messaggio[:300], {"motivo": errore.messaggio, "regola": errore.regola}
    if motivo:
        _respingi(curriculum, motivo)
        registra(Azione.CURRICULUM_RESPINTO, attore=None, oggetto=curriculum, utente=utente, dettaglio=dettaglio)
    else:
        rendi_attuale(curriculum, adesso=adesso)
        registra(Azione.CURRICULUM_CONTROLLATO, attore=None, oggetto=curriculum, utente=utente)
    return True


def _respingi(curriculum: Curriculum, motivo: str) -> None:
    """The file goes away once the refusal is certain."""
    nome = curriculum.file.name
    curriculum.stato = Curriculum.Stato.RESPINTO
    curriculum.motivo = motivo
    curriculum.file.name = ""
    curriculum.save(update_fields=["stato", "motivo", "file"])
    if nome:
        transaction.on_commit(lambda: default_storage.delete(nome), robust=True)
