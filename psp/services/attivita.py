"""What the citizen did of what was promised: proofs of the acts, their verification, the realistic load (M1)."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

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
from psp.models import IN_VIGORE, AttoRicerca, Frequenza, Misura, PattoDiServizio, ProvaAtto, StatoMisura
from psp.models.attivita import percorso_prova

LIMITI = Limiti(byte=10 * MEGA, pagine=30)

# How many times a week an act of each frequency asks something of the person.
VOLTE_A_SETTIMANA = {
    Frequenza.SETTIMANALE: 1.0,
    Frequenza.QUINDICINALE: 1 / 2,
    Frequenza.MENSILE: 1 / 4,
    Frequenza.BIMESTRALE: 1 / 8,
    Frequenza.TRIMESTRALE: 1 / 12,
}
IMPEGNI_A_SETTIMANA = 6
ORE_A_SETTIMANA = 25
SCADENZE_IN_UNA_SETTIMANA = 4


@dataclass(frozen=True)
class Carico:
    """What the plan asks of the person in its fullest week, and what to say where that is too much."""

    impegni: float
    ore: float
    scadenze: int
    avvisi: list[str]


def registra_prova(
    *,
    atto: AttoRicerca,
    dati: dict[str, Any],
    file: UploadedFile | None = None,
    attore: Operatore,
    adesso: dt.datetime,
) -> ProvaAtto:
    """Record that an act was done: `dati` holds `modo`, `fatto_il`, `descrizione`; `file` is the PDF handed in.

    The check of the file runs before the transaction; a refused one leaves nothing behind. The same proof sent twice
    is recorded once.
    """
    if file is not None and dati["modo"] != ProvaAtto.Modo.DOCUMENTO:
        raise RegolaViolata(
            "C'è anche un file: scegliere «Documento consegnato» perché sia conservato, o non allegarlo.",
            campo="modo",
            regola="M1",
        )
    contenuto = _leggi(file) if dati["modo"] == ProvaAtto.Modo.DOCUMENTO else b""
    prova = ProvaAtto(
        atto=atto,
        **dati,
        nome_originale=(file.name or "")[-200:] if contenuto and file else "",
        sha256=hashlib.sha256(contenuto).hexdigest() if contenuto else "",
        registrata_il=adesso,
        registrata_da=attore,
    )
    try:
        with transaction.atomic():
            return _scrivi(prova, contenuto, adesso)
    except BaseException:
        if prova.file.name:
            default_storage.delete(prova.file.name)
        raise


@transaction.atomic
def verifica_prova(*, prova: ProvaAtto, esito: str, motivo: str, attore: Operatore, adesso: dt.datetime) -> ProvaAtto:
    """Accept a proof or not, with the reason where not. The same answer twice is one; another afterwards is refused."""
    Utente.objects.bloccato(prova.atto.patto.utente_id)
    prova = (
        ProvaAtto.objects.select_for_update(of=("self",), no_key=True)
        .select_related("atto__patto__utente")
        .get(pk=prova.pk)
    )
    if prova.esito:
        if prova.esito == esito:
            return prova
        raise RegolaViolata(
            f"Questa prova è già stata verificata da {prova.verificata_da}: {prova.get_esito_display().lower()}.",
            regola="M1",
        )
    if esito == ProvaAtto.Esito.NON_ACCOLTA and not motivo.strip():
        raise RegolaViolata("Scrivere perché la prova non è accolta.", campo="motivo", regola="M1")
    prova.esito, prova.esito_motivo = esito, motivo.strip() if esito == ProvaAtto.Esito.NON_ACCOLTA else ""
    prova.verificata_il, prova.verificata_da = adesso, attore
    prova.save(update_fields=["esito", "esito_motivo", "verificata_il", "verificata_da"])
    registra(
        Azione.PROVA_VERIFICATA,
        attore=attore,
        oggetto=prova,
        utente=prova.atto.patto.utente,
        dettaglio={"esito": prova.get_esito_display()},
    )
    return prova


@transaction.atomic
def leggi_prova(*, prova: ProvaAtto, attore: Operatore) -> bytes:
    """The bytes of a proof; the reading is one line of the register (A2)."""
    try:
        with prova.file.open("rb") as file:
            contenuto: bytes = file.read()
    except (OSError, ValueError) as errore:
        raise RegolaViolata("Il file non si trova nell'archivio: avvisare l'assistenza.", regola="M1") from errore
    registra(Azione.PROVA_SCARICATA, attore=attore, oggetto=prova, utente=prova.atto.patto.utente)
    return contenuto


def prosegui_atti(patto: PattoDiServizio) -> None:
    """The proofs of the acts that `patto` takes over from the one before follow them; called at its signature (T2)."""
    for atto in patto.atti.filter(continua__isnull=False):
        ProvaAtto.objects.filter(atto_id=atto.continua_id).update(atto=atto)


def carico(atti: Iterable[AttoRicerca], misure: Iterable[Misura]) -> Carico:
    """How much the plan asks of the person, at most, in one week: a plan nobody can keep helps nobody."""
    atti = [a for a in atti if a.tipo == AttoRicerca.Tipo.UTENTE]
    impegni = sum(VOLTE_A_SETTIMANA[Frequenza(a.frequenza)] for a in atti if a.frequenza)
    settimane = Counter(a.entro_il.isocalendar()[:2] for a in atti if a.entro_il and not a.frequenza)
    ore = _ore_a_settimana([m for m in misure if m.stato == StatoMisura.CONCORDATA])
    scadenze = max(settimane.values(), default=0)
    avvisi = []
    if impegni > IMPEGNI_A_SETTIMANA:
        avvisi.append(
            f"Il piano chiede alla persona circa {round(impegni)} azioni ogni settimana: "
            f"oltre {IMPEGNI_A_SETTIMANA} è difficile mantenerle."
        )
    if scadenze > SCADENZE_IN_UNA_SETTIMANA:
        avvisi.append(f"In una stessa settimana scadono {scadenze} atti della persona: distribuirli meglio.")
    if ore > ORE_A_SETTIMANA:
        avvisi.append(f"In una stessa settimana le misure occupano circa {round(ore)} ore: spostare qualche inizio.")
    return Carico(impegni, ore, scadenze, avvisi)


def _ore_a_settimana(misure: list[Misura]) -> float:
    """The fullest week: the hours of each measure spread over its weeks, added up where measures meet."""
    ore: Counter[tuple[int, int]] = Counter()
    for misura in misure:
        if not misura.inizio_previsto or misura.ore_previste is None:
            continue
        fine = misura.fine_prevista or misura.inizio_previsto
        quante = (fine - misura.inizio_previsto).days // 7 + 1
        for numero in range(min(quante, 60)):
            anno, settimana, _ = (misura.inizio_previsto + dt.timedelta(weeks=numero)).isocalendar()
            ore[anno, settimana] += float(misura.ore_previste) / quante  # type: ignore[assignment]
    return max(ore.values(), default=0)


def _scrivi(prova: ProvaAtto, contenuto: bytes, adesso: dt.datetime) -> ProvaAtto:
    utente = Utente.objects.bloccato(prova.atto.patto.utente_id)
    patto = (
        PattoDiServizio.objects.select_for_update(of=("self",), no_key=True)
        .defer("pdf", "contenuto")
        .get(atti=prova.atto)
    )
    _controlla(prova, patto, adesso)
    gia = prova.atto.prove.filter(
        modo=prova.modo, fatto_il=prova.fatto_il, descrizione=prova.descrizione, sha256=prova.sha256
    ).first()
    if gia:
        return gia
    if contenuto:
        prova.file.name = percorso_prova(prova, "")
        default_storage.save(prova.file.name, ContentFile(contenuto))
    prova.save()
    registra(
        Azione.PROVA_REGISTRATA,
        attore=prova.registrata_da,
        oggetto=prova,
        utente=utente,
        dettaglio={"fatto_il": prova.fatto_il.isoformat(), "modo": prova.get_modo_display()},
    )
    return prova


def _controlla(prova: ProvaAtto, patto: PattoDiServizio, adesso: dt.datetime) -> None:
    if patto.stato not in IN_VIGORE:
        raise RegolaViolata("Le prove si registrano per un patto firmato e in vigore.", regola="M1")
    if prova.fatto_il > timezone.localdate(adesso):
        raise RegolaViolata("La data è nel futuro: si registra ciò che è già fatto.", campo="fatto_il", regola="M1")
    dal = _primo_giorno(prova.atto, patto)
    if dal and prova.fatto_il < dal:
        raise RegolaViolata(
            f"L'atto è nel patto dal {dal:%d/%m/%Y}: ciò che è stato fatto prima non ne fa parte.",
            campo="fatto_il",
            regola="M1",
        )


def _primo_giorno(atto: AttoRicerca, patto: PattoDiServizio) -> dt.date | None:
    """The first day of the pact, or of the first of those which the act comes from (T2)."""
    giorno = patto.valido_dal
    while atto.continua_id is not None:
        atto = (
            AttoRicerca.objects.select_related("patto").defer("patto__pdf", "patto__contenuto").get(pk=atto.continua_id)
        )
        giorno = min(giorno, atto.patto.valido_dal) if giorno and atto.patto.valido_dal else None
    return giorno


def _leggi(file: UploadedFile | None) -> bytes:
    if file is None:
        raise RegolaViolata("Scegliere il file PDF del documento consegnato.", campo="file", regola="M1")
    file.seek(0)
    contenuto: bytes = file.read(LIMITI.byte + 1)  # one byte more is enough to refuse it as too large
    verdetto = controlla_pdf(contenuto, LIMITI)
    if not verdetto.accettato:
        raise RegolaViolata(verdetto.motivo, campo="file", regola="M1")
    return contenuto
