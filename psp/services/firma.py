"""The signature on paper: the scan is checked and filed, the pact enters into force (T2, T3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import secrets

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from curriculum.services.controllo import MEGA, Limiti, controlla_pdf
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import PattoDiServizio, StatoPatto
from psp.services.passaggi import blocca_patto, passa, richiedi_passaggio
from psp.services.patto import chiudi_per_did
from psp.services.prosecuzione import prosegui

LIMITI = Limiti(byte=20 * MEGA, pagine=60)


def registra_firma(
    *,
    patto: PattoDiServizio,
    firmato_il: dt.date,
    scansione: UploadedFile,
    attore: Operatore,
    adesso: dt.datetime,
    codice: str | None = None,
) -> PattoDiServizio:
    """Proposed → signed; the pact in force before it closes.

    `codice` is the version that stood in the page: what was signed is that one, and no other (T3).
    A refused file leaves nothing behind; a stored one goes away again where the transaction fails.
    """
    # The state is looked at before the file, whose check costs a process, and again below on the locked row.
    richiedi_passaggio(PattoDiServizio.objects.only("stato").get(pk=patto.pk), StatoPatto.FIRMATO)
    contenuto = _leggi(scansione)
    nome = ""
    try:
        with transaction.atomic():
            Utente.objects.bloccato(patto.utente_id)  # a DID that ends now waits, or is seen ended below
            bloccato = blocca_patto(patto)
            richiedi_passaggio(bloccato, StatoPatto.FIRMATO)
            _controlla_codice(bloccato, codice)
            _controlla_data(bloccato, firmato_il, adesso)
            precedente = _chiudi_il_precedente(bloccato, attore, adesso)
            nome = default_storage.save(
                f"patti/{firmato_il.year}/patto-{bloccato.pk}-{secrets.token_hex(8)}.pdf", ContentFile(contenuto)
            )
            passa(
                bloccato,
                StatoPatto.FIRMATO,
                firmato_il=firmato_il,
                firma_registrata_il=adesso,
                firma_registrata_da=attore,
                scansione=nome,
                scansione_sha256=hashlib.sha256(contenuto).hexdigest(),
            )
            prosegui(da=precedente, a=bloccato, attore=attore)
            registra(
                Azione.PATTO_FIRMATO,
                attore=attore,
                oggetto=bloccato,
                utente=bloccato.utente,
                dettaglio={"codice": bloccato.codice_versione, "firmato_il": firmato_il.isoformat()},
            )
            if bloccato.did is not None and not bloccato.did.in_corso:
                # It ended between the print and the filing: the signed copy is kept, the pact ends with it (T2).
                bloccato = chiudi_per_did(utente=bloccato.utente, attore=attore, adesso=adesso) or bloccato
    except BaseException:
        if nome:
            default_storage.delete(nome)
        raise
    return bloccato


@transaction.atomic
def leggi_scansione(*, patto: PattoDiServizio, attore: Operatore) -> bytes:
    """The bytes of the signed copy; the reading is one line of the register (A2)."""
    try:
        with patto.scansione.open("rb") as file:
            byte: bytes = file.read()
    except OSError as errore:
        raise RegolaViolata(
            "La copia firmata non si trova nell'archivio: avvisare l'assistenza.", regola="T3"
        ) from errore
    registra(
        Azione.PATTO_STAMPATO,
        attore=attore,
        oggetto=patto,
        utente=patto.utente,
        dettaglio={"stato": patto.stato, "codice": patto.codice_versione, "copia": "firmata"},
    )
    return byte


def _leggi(file: UploadedFile) -> bytes:
    file.seek(0)
    contenuto: bytes = file.read(LIMITI.byte + 1)  # one byte more is enough to refuse it as too large
    verdetto = controlla_pdf(contenuto, LIMITI)
    if not verdetto.accettato:
        raise RegolaViolata(verdetto.motivo, campo="scansione", regola="T3")
    return contenuto


def _controlla_codice(patto: PattoDiServizio, codice: str | None) -> None:
    if codice is not None and codice != patto.codice_versione:
        raise RegolaViolata(
            "Dopo che ha aperto questa pagina il patto è stato corretto e riproposto con il codice "
            f"{patto.codice_versione}: si firma e si archivia quella versione. La copia non è stata archiviata.",
            regola="T3",
        )


def _controlla_data(patto: PattoDiServizio, firmato_il: dt.date, adesso: dt.datetime) -> None:
    if firmato_il > timezone.localdate(adesso):
        raise RegolaViolata("La data della firma è nel futuro.", campo="firmato_il", regola="T3")
    proposto = timezone.localdate(patto.proposto_il)
    if firmato_il < proposto:
        raise RegolaViolata(
            f"La firma non può precedere il giorno in cui il patto è stato proposto, {proposto:%d/%m/%Y}.",
            campo="firmato_il",
            regola="T3",
        )


def _chiudi_il_precedente(patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio | None:
    """The new signature closes the pact in force, where there is one (T2)."""
    precedente = PattoDiServizio.objects.in_vigore().filter(utente_id=patto.utente_id).defer("pdf").first()
    if precedente is None:
        return None
    precedente = blocca_patto(precedente)
    passa(
        precedente,
        StatoPatto.CHIUSO,
        chiuso_il=adesso,
        motivo_chiusura="Sostituito dal nuovo patto firmato.",
    )
    registra(
        Azione.PATTO_CHIUSO,
        attore=attore,
        oggetto=precedente,
        utente=patto.utente,
        dettaglio={"sostituito_da": patto.pk},
    )
    return precedente
