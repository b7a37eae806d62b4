"""The verbs of the interview: open, save a phase, complete it, conclude (C1-C5, C8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from orientamento.anagrafica.models import GenereTesto, Operatore, PresaInCarico, TestoInformativo, Utente
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from orientamento.registro.services import registra
from psp.models import Area, AreaAnalisi, Colloquio, Fase, ImpresaObiettivo
from psp.services.appuntamento import MINUTI_MASSIMI, incontro_di_oggi, orologio
from psp.services.completezza_colloquio import fase_aperta, mancanze_colloquio, mancanze_per_completare
from psp.services.passaggi import blocca_colloquio

CAMPI_INFORMATIVA: tuple[str, ...] = (
    "informato_svolgimento",
    "informato_diritti_doveri",
    "aspettative",
    "aspettative_note",
    "motivazione",
    "motivazione_note",
)
CAMPI_PROMOZIONE: tuple[str, ...] = ("curriculum", "curriculum_motivo", "portale", "portale_motivo")


@transaction.atomic
def apri_colloquio(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> Colloquio:
    """Open an interview, or return the one under way: one at a time per person, so a double click is harmless (C1).

    The presa in carico comes first (U2). Whoever resumes on another day leaves a line in the register.
    """
    utente = Utente.objects.bloccato(utente.pk)
    in_corso = Colloquio.objects.in_corso().filter(utente=utente).first()
    if in_corso is not None:
        oggi = timezone.localdate(adesso)
        if not in_corso.appuntamenti.filter(operatore=attore, data=oggi).exists():
            registra(
                Azione.COLLOQUIO_APERTO, attore=attore, oggetto=in_corso, utente=utente, dettaglio={"ripreso": True}
            )
        return in_corso
    if not PresaInCarico.objects.aperte().filter(utente=utente).exists():
        raise RegolaViolata(
            "Prima del colloquio serve la presa in carico: registrarla, poi aprire il colloquio.", regola="U2"
        )
    colloquio = Colloquio.objects.create(utente=utente, cpi_id=utente.cpi_id, aperto_il=adesso, aperto_da=attore)
    registra(Azione.COLLOQUIO_APERTO, attore=attore, oggetto=colloquio, utente=utente)
    return colloquio


def campo_area(area: str, parte: str) -> str:
    """The name of one field of one area: `area_vincoli_note`."""
    return f"area_{area}_{parte}"


def leggi_fase(colloquio: Colloquio, fase: int) -> dict[str, Any]:
    """What phase 1 or 2 holds now, field by field, under the names of its form."""
    if fase == Fase.INFORMATIVA:
        return {campo: getattr(colloquio, campo) for campo in CAMPI_INFORMATIVA}
    aree = {riga.area: riga for riga in colloquio.aree.all()}
    valori: dict[str, Any] = {}
    for area in Area.values:
        riga = aree.get(area)
        valori[campo_area(area, "giudizio")] = riga.giudizio if riga else None
        valori[campo_area(area, "note")] = riga.note if riga else ""
    return valori | {campo: getattr(colloquio, campo) for campo in CAMPI_PROMOZIONE}


def versione_di(colloquio: Colloquio, fase: int) -> int:
    return getattr(colloquio, f"versione_{int(fase)}")


@transaction.atomic
def salva_fase(
    *, colloquio: Colloquio, fase: int, dati: dict[str, Any], versione: int, attore: Operatore, adesso: dt.datetime
) -> Colloquio:
    """Write the fields of `dati` that differ. An older `versione` is refused and nothing is written (C8).

    Saving again what is already there writes nothing and is never refused. One UPDATE carries the values, the new
    version and who wrote which field; the areas that changed go in one more statement. Saving happens every few
    seconds, so the register (A2) gets one line when an operator first writes in a phase on a day, with the names of
    the fields and never their text; `scritture` keeps for each field the last hand, and the completion of the phase
    records every field that its author wrote that day.
    """
    colloquio = blocca_colloquio(colloquio.pk)
    if not fase_aperta(colloquio, fase):
        raise RegolaViolata("Prima va completata la fase 1.", regola="C1")
    attuali = leggi_fase(colloquio, fase)
    cambiati = {campo: valore for campo, valore in dati.items() if attuali[campo] != valore}
    if not cambiati:
        return colloquio
    if versione != versione_di(colloquio, fase):
        raise VersioneSuperata
    primo = not campi_scritti_oggi(colloquio, fase, attore, adesso)
    nuova = versione + 1
    mano = {"v": nuova, "id": attore.pk, "da": str(attore), "il": adesso.isoformat()}
    valori: dict[str, Any] = {campo: valore for campo, valore in cambiati.items() if not campo.startswith("area_")}
    if not all(cambiati.get(tocco, True) for tocco in CAMPI_INFORMATIVA[:2]):
        valori |= {"informato_il": None, "informazioni": None}
    valori |= {
        f"versione_{int(fase)}": nuova,
        "scritture": colloquio.scritture | dict.fromkeys(cambiati, mano),
        "salvato_il": adesso,
        "salvato_da": attore,
    }
    Colloquio.objects.filter(pk=colloquio.pk).update(**valori)
    for campo, valore in valori.items():
        setattr(colloquio, campo, valore)
    _salva_aree(colloquio, attuali | cambiati, set(cambiati))
    if primo:
        incontro_di_oggi(colloquio=colloquio, attore=attore, adesso=adesso)
        registra(
            Azione.COLLOQUIO_SALVATO,
            attore=attore,
            oggetto=colloquio,
            utente=colloquio.utente,
            dettaglio={"fase": int(fase), "campi": sorted(cambiati)},
        )
    return colloquio


def campi_scritti_oggi(colloquio: Colloquio, fase: int, attore: Operatore, adesso: dt.datetime) -> list[str]:
    """The fields of a phase whose last hand is `attore`, today."""
    oggi = timezone.localdate(adesso)
    della_fase = set(CAMPI_INFORMATIVA)
    return sorted(
        campo
        for campo, mano in colloquio.scritture.items()
        if (campo in della_fase) == (fase == Fase.INFORMATIVA)
        and mano["id"] == attore.pk
        and timezone.localdate(dt.datetime.fromisoformat(mano["il"])) == oggi
    )


@transaction.atomic
def completa_fase(
    *,
    colloquio: Colloquio,
    fase: int,
    attore: Operatore,
    adesso: dt.datetime,
    informazioni: TestoInformativo | None = None,
) -> Colloquio:
    """Declare phase 1 or 2 complete. Phase 1 records when the citizen was told and with which version (C3).

    Completing twice changes nothing and writes one line.
    """
    colloquio = blocca_colloquio(colloquio.pk)
    mancanze = mancanze_per_completare(colloquio, fase)
    if mancanze:
        raise RegolaViolata(
            f"La fase {int(fase)} non è completa. Manca: {'; '.join(m.testo for m in mancanze)}.", regola="C1"
        )
    if fase == Fase.INFORMATIVA:
        if colloquio.informato_il is not None:
            return colloquio
        if informazioni is None or informazioni.genere != GenereTesto.INFORMAZIONI_COLLOQUIO:
            raise RegolaViolata(
                "Manca il testo delle informazioni sul colloquio: chiedere all'amministratore di pubblicarlo.",
                regola="C3",
            )
        colloquio.informato_il, colloquio.informazioni = adesso, informazioni
        colloquio.save(update_fields=["informato_il", "informazioni"])
    elif _gia_registrata(colloquio, fase):
        return colloquio
    registra(
        Azione.FASE_COMPLETATA,
        attore=attore,
        oggetto=colloquio,
        utente=colloquio.utente,
        dettaglio={
            "fase": int(fase),
            "campi": campi_scritti_oggi(colloquio, fase, attore, adesso),
            **({"informazioni": informazioni.versione} if informazioni else {}),
        },
    )
    return colloquio


@transaction.atomic
def concludi_colloquio(
    *, colloquio: Colloquio, motivo_scostamento: str = "", attore: Operatore, adesso: dt.datetime
) -> Colloquio:
    """Close the interview: the three phases complete (C1), and over 90 minutes a written reason (C2)."""
    colloquio = blocca_colloquio(colloquio.pk)
    mancanze = mancanze_colloquio(colloquio)
    if mancanze:
        raise RegolaViolata(
            f"Il colloquio non si può ancora concludere. Manca: {'; '.join(m.testo for m in mancanze)}.", regola="C1"
        )
    tempo = orologio(colloquio)
    motivo = motivo_scostamento.strip()
    if tempo.scostamento and not motivo:
        raise RegolaViolata(
            f"Il colloquio è durato {tempo.minuti} minuti, più dei {MINUTI_MASSIMI} previsti: scrivere il motivo.",
            campo="motivo_scostamento",
            regola="C2",
        )
    colloquio.motivo_scostamento = motivo if tempo.scostamento else ""
    colloquio.concluso_il, colloquio.concluso_da = adesso, attore
    colloquio.save(update_fields=["motivo_scostamento", "concluso_il", "concluso_da"])
    registra(
        Azione.COLLOQUIO_CONCLUSO,
        attore=attore,
        oggetto=colloquio,
        utente=colloquio.utente,
        dettaglio={"minuti": tempo.minuti, "scostamento": tempo.scostamento},
    )
    return colloquio


@transaction.atomic
def aggiungi_impresa(
    *, colloquio: Colloquio, dati: dict[str, Any], attore: Operatore, adesso: dt.datetime
) -> ImpresaObiettivo:
    """Add a target firm (C4): a name and a place stand once in the list."""
    colloquio = blocca_colloquio(colloquio.pk)
    if not fase_aperta(colloquio, Fase.ANALISI):
        raise RegolaViolata("Prima va completata la fase 1.", regola="C1")
    try:
        with transaction.atomic():
            impresa = ImpresaObiettivo.objects.create(colloquio=colloquio, **dati)
    except IntegrityError as errore:
        raise RegolaViolata("Questa impresa è già nell'elenco.", campo="nome", regola="C4") from errore
    _registra_impresa(colloquio, "aggiunta", impresa.pk, attore, adesso)
    return impresa


@transaction.atomic
def elimina_impresa(*, colloquio: Colloquio, impresa_id: int, attore: Operatore, adesso: dt.datetime) -> None:
    """Take a target firm off the list; one already gone is no error."""
    colloquio = blocca_colloquio(colloquio.pk)
    eliminate, _ = ImpresaObiettivo.objects.filter(colloquio=colloquio, pk=impresa_id).delete()
    if eliminate:
        _registra_impresa(colloquio, "eliminata", impresa_id, attore, adesso)


def testo_informazioni(giorno: dt.date) -> TestoInformativo | None:
    """The text that tells of the interview, in the version in force on `giorno` (C3)."""
    return TestoInformativo.objects.in_vigore(giorno).get(GenereTesto.INFORMAZIONI_COLLOQUIO)


def _salva_aree(colloquio: Colloquio, valori: dict[str, Any], cambiati: set[str]) -> None:
    righe = [
        AreaAnalisi(
            colloquio=colloquio,
            area=area,
            giudizio=valori[campo_area(area, "giudizio")],
            note=valori[campo_area(area, "note")],
        )
        for area in Area.values
        if cambiati & {campo_area(area, "giudizio"), campo_area(area, "note")}
    ]
    if righe:
        AreaAnalisi.objects.bulk_create(
            righe, update_conflicts=True, unique_fields=["colloquio", "area"], update_fields=["giudizio", "note"]
        )


def _gia_registrata(colloquio: Colloquio, fase: int) -> bool:
    return (
        Evento.objects.dell_utente(colloquio.utente_id)
        .filter(azione=Azione.FASE_COMPLETATA, oggetto_id=colloquio.pk, dettaglio__fase=int(fase))
        .exists()
    )


def _registra_impresa(
    colloquio: Colloquio, verbo: str, impresa_id: int, attore: Operatore, adesso: dt.datetime
) -> None:
    """A firm is named by its number only: the register keeps no text of the interview (A2)."""
    Colloquio.objects.filter(pk=colloquio.pk).update(salvato_il=adesso, salvato_da=attore)
    incontro_di_oggi(colloquio=colloquio, attore=attore, adesso=adesso)
    registra(
        Azione.COLLOQUIO_SALVATO,
        attore=attore,
        oggetto=colloquio,
        utente=colloquio.utente,
        dettaglio={"fase": int(Fase.ANALISI), "impresa": verbo, "numero": impresa_id},
    )
