"""Saving and cancelling the CV (V1, V4)."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from typing import Any

from django.conf import settings
from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from curriculum import tasks
from curriculum.controllo import motivi
from curriculum.models import Curriculum, percorso_curriculum
from curriculum.services.controllo import Limiti, Verdetto, controlla_pdf
from curriculum.services.trasferimento import dopo_un_nuovo_curriculum, dopo_una_cancellazione
from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune.calendario import adesso as adesso_ora
from orientamento.comune.calendario import aggiungi_mesi
from orientamento.comune.errori import RegolaViolata
from orientamento.comune.mancanze import Mancanza
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from propensioni.services.lettura import quante

LIMITI = Limiti()
MESI_DI_VALIDITA = 6
DA_TOGLIERE_DAL_NOME = re.compile(r"[\x00-\x1f\x7f\u202a-\u202e\u2066-\u2069]")


def mancanze(utente: Utente) -> list[Mancanza]:
    """What V1 still asks before a CV may be saved: at least one study title and one propensione.

    Any row of the study titles counts, also "nessun titolo di studio" and one not obtained: the rule asks that the
    education be recorded, and a person without schooling must not be left without a CV.
    """
    manca = []
    if not utente.titoli.exists():
        fascicolo = reverse("anagrafica:fascicolo", args=[utente.pk])
        manca.append(Mancanza("titolo_studio", "Almeno un titolo di studio", f"{fascicolo}#pannello-titoli"))
    if not quante(utente):
        pannello = reverse("propensioni:pannello", args=[utente.pk])
        manca.append(Mancanza("propensione", "Almeno una propensione", f"{pannello}#pannello-propensioni"))
    return manca


def salva_curriculum(
    *, utente: Utente, file: File[bytes], origine: str, attore: Operatore, adesso: dt.datetime
) -> Curriculum:
    """Check `file` and make it the CV of `utente`; the one before becomes replaced.

    The check, which may take seconds, runs before the transaction. A refused file leaves one line of the register and
    nothing else; where the transaction fails the stored file goes away again. The same content sent again on the same
    day changes nothing and writes nothing.
    """
    esigi_il_cancello(utente)
    contenuto, verdetto = _leggi_e_controlla(file)
    if not verdetto.accettato:
        registra(
            Azione.CURRICULUM_RIFIUTATO,
            attore=attore,
            utente=utente,
            dettaglio={"motivo": verdetto.motivo, "dimensione": file.size or 0, "regola": "V1"},
        )
        raise RegolaViolata(verdetto.motivo, campo="file", regola="V1")
    nuovo = Curriculum(
        utente=utente,
        origine=origine,
        nome_originale=_nome_da_tenere(file.name or ""),
        sha256=hashlib.sha256(contenuto).hexdigest(),
        dimensione=len(contenuto),
        pagine=verdetto.pagine,
        caricato_il=adesso,
        caricato_da=attore,
        valido_fino_al=aggiungi_mesi(timezone.localdate(adesso), MESI_DI_VALIDITA),
    )
    try:
        with transaction.atomic():
            return _sostituisci(nuovo, contenuto)
    except BaseException:
        if nuovo.file.name:
            default_storage.delete(nuovo.file.name)
        raise


def cancella_curriculum(*, curriculum: Curriculum, attore: Operatore, adesso: dt.datetime | None = None) -> Curriculum:
    """Cancel a CV here and, through the queue, on Intuition (V5); its file goes once that is certain. Twice is once."""
    with transaction.atomic():
        Utente.objects.bloccato(curriculum.utente_id)
        bloccato = (
            Curriculum.objects.select_for_update(of=("self",), no_key=True)
            .select_related("utente")
            .get(pk=curriculum.pk)
        )
        if bloccato.stato == Curriculum.Stato.CANCELLATO:
            return bloccato
        era_attuale = bloccato.stato == Curriculum.Stato.ATTUALE
        _togli(bloccato, attore=attore)
        dopo_una_cancellazione(
            curriculum=bloccato, era_attuale=era_attuale, attore=attore, adesso=adesso or adesso_ora()
        )
    return bloccato


def _sostituisci(nuovo: Curriculum, contenuto: bytes) -> Curriculum:
    """On the locked row of the citizen: the gate once more, the old one out, the new one in.

    Where an antivirus is set the new one waits for it, and the old one still counts. Another that waits gives way.
    """
    utente = Utente.objects.bloccato(nuovo.utente_id)
    esigi_il_cancello(utente)
    in_attesa = Curriculum.objects.filter(utente=utente, stato=Curriculum.Stato.IN_CONTROLLO).first()
    if in_attesa and settings.CLAMAV_SOCKET and _uguali(in_attesa, nuovo):
        return in_attesa
    if in_attesa:
        _togli(in_attesa, attore=nuovo.caricato_da)
    attuale = Curriculum.objects.attuali().filter(utente=utente).first()
    if attuale and _uguali(attuale, nuovo):
        return attuale
    nuovo.file.name = percorso_curriculum(nuovo, "")
    default_storage.save(nuovo.file.name, ContentFile(contenuto))
    if settings.CLAMAV_SOCKET:
        nuovo.stato = Curriculum.Stato.IN_CONTROLLO
        nuovo.save()
        _registra_salvato(nuovo, attore=nuovo.caricato_da, altro={"stato": nuovo.stato})
        tasks.controlla_antivirus.delay_on_commit(nuovo.pk)
    else:
        rendi_attuale(nuovo, adesso=nuovo.caricato_il)
        _registra_salvato(nuovo, attore=nuovo.caricato_da, altro={"sostituisce": attuale.pk if attuale else None})
    return nuovo


def rendi_attuale(nuovo: Curriculum, *, adesso: dt.datetime) -> None:
    """Make `nuovo` the CV that counts; the one before becomes replaced, also in the queue to the portal.

    The citizen's row must be locked.
    """
    for attuale in Curriculum.objects.attuali().filter(utente_id=nuovo.utente_id).exclude(pk=nuovo.pk):
        attuale.stato = Curriculum.Stato.SOSTITUITO
        attuale.save(update_fields=["stato"])
    nuovo.stato = Curriculum.Stato.ATTUALE
    nuovo.save()
    dopo_un_nuovo_curriculum(utente=nuovo.utente, nuovo=nuovo, attore=nuovo.caricato_da, adesso=adesso)


def _uguali(uno: Curriculum, altro: Curriculum) -> bool:
    """The same content, from the same hands, on the same day."""
    return (uno.sha256, uno.origine, uno.valido_fino_al) == (altro.sha256, altro.origine, altro.valido_fino_al)


def _togli(curriculum: Curriculum, *, attore: Operatore) -> None:
    """Cancel the locked row and, once that is certain, its file."""
    nome = curriculum.file.name
    dettaglio: dict[str, Any] = {"caricato_il": curriculum.caricato_il.isoformat(), "stato": curriculum.stato}
    curriculum.stato = Curriculum.Stato.CANCELLATO
    curriculum.file.name = ""
    curriculum.save(update_fields=["stato", "file"])
    registra(
        Azione.CURRICULUM_CANCELLATO, attore=attore, oggetto=curriculum, utente=curriculum.utente, dettaglio=dettaglio
    )
    if nome:
        transaction.on_commit(lambda: default_storage.delete(nome), robust=True)


def _registra_salvato(nuovo: Curriculum, *, attore: Operatore, altro: dict[str, Any]) -> None:
    registra(
        Azione.CURRICULUM_SALVATO,
        attore=attore,
        oggetto=nuovo,
        utente=nuovo.utente,
        dettaglio={
            "sha256": nuovo.sha256,
            "pagine": nuovo.pagine,
            "origine": nuovo.origine,
            "valido_fino_al": nuovo.valido_fino_al.isoformat(),
            **altro,
        },
    )


def esigi_il_cancello(utente: Utente) -> None:
    """Refuse unless everything that V1 asks for is there."""
    if manca := mancanze(utente):
        cose = " e ".join(m.testo[0].lower() + m.testo[1:] for m in manca)
        raise RegolaViolata(f"Il curriculum non è stato salvato. Prima occorre aggiungere {cose}.", regola="V1")


def _leggi_e_controlla(file: File[bytes]) -> tuple[bytes, Verdetto]:
    """The content and the verdict; what is too large is not even read."""
    if (file.size or 0) > LIMITI.byte:
        return b"", Verdetto(False, motivi.troppo_grande(LIMITI.byte))
    file.seek(0)
    contenuto = file.read()
    return contenuto, controlla_pdf(contenuto, LIMITI)


def _nome_da_tenere(nome: str) -> str:
    """The person's own name for the file, for show only: one line, no path, not too long."""
    pulito = DA_TOGLIERE_DAL_NOME.sub("", nome.replace("\\", "/").rsplit("/", 1)[-1]).strip()
    return pulito[-200:] or "senza nome"
