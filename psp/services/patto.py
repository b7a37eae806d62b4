"""The verbs of the pact (T1, T2). The reviewer's are in `revisione`, the signature in `firma`."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils import timezone

from orientamento.anagrafica.models import DID, Operatore, Utente
from orientamento.comune.calendario import aggiungi_mesi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.comune.mancanze import Mancanza
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import IN_VIGORE, Colloquio, Fase, PattoDiServizio, StatoPatto
from psp.services import documento
from psp.services.atto import copia_atti
from psp.services.completezza import mancanze_patto, puo_rispondere
from psp.services.completezza_colloquio import fase_aperta
from psp.services.misura import copia_misure
from psp.services.passaggi import SITUAZIONE, blocca_bozza, blocca_patto, passa, richiedi_passaggio
from psp.services.righe import annota

MESI_DI_VALIDITA = 12
MODO_CONTATTI = "Colloquio al centro per l'impiego, telefono o posta elettronica"
PROVA_RICERCA = (
    "La persona tiene l'elenco delle azioni svolte, con data, impresa o servizio ed esito, e lo mostra a ogni contatto "
    "con le ricevute o i messaggi che le dimostrano."
)
CAMPI_IMPEGNI = (
    "responsabile_attivita",
    "frequenza_contatti",
    "modo_contatti",
    "prova_ricerca",
    "disponibilita_laboratori",
    "disponibilita_formazione",
    "disponibilita_offerte",
    "valido_dal",
    "valido_al",
)
# What a withdrawal takes away from the pact: everything that was frozen (T2).
_NON_CONGELATO: dict[str, Any] = {
    "contenuto": None,
    "modello_versione": "",
    "pdf": None,
    "sha256": "",
    "codice_versione": "",
    "proposto_il": None,
    "proposto_da": None,
    "inviato_il": None,
    "inviato_da": None,
}


class PattoIncompleto(RegolaViolata):
    """The pact misses something that T1 asks for; `mancanze` says what, each with the link to its cure."""

    def __init__(self, mancanze: list[Mancanza]) -> None:
        self.mancanze = mancanze
        prime = "; ".join(m.testo for m in mancanze[:3])
        altre = f"; e altre {len(mancanze) - 3}" if len(mancanze) > 3 else ""
        super().__init__(f"Al patto manca ancora qualcosa: {prime}{altre}.", regola="T1")


@transaction.atomic
def prepara_bozza(*, colloquio: Colloquio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    """The pact in the making of the citizen of `colloquio`, created where there is none. Idempotent (T2)."""
    if not fase_aperta(colloquio, Fase.DEFINIZIONE):
        raise RegolaViolata("Prima del piano va completata la fase 1 del colloquio.", regola="C1")
    utente = Utente.objects.select_related("cpi", "operatore_riferimento").bloccato(colloquio.utente_id)
    aperto = PattoDiServizio.objects.in_lavorazione().filter(utente=utente).defer("pdf").first()
    if aperto is None:
        return _crea_bozza(utente=utente, colloquio=colloquio, attore=attore, adesso=adesso)
    if aperto.colloquio_id == colloquio.pk:
        return aperto
    aperto = blocca_patto(aperto)
    if aperto.modificabile:
        aperto.colloquio = colloquio
        aperto.save(update_fields=["colloquio"])
        annota(aperto, attore, colloquio=colloquio.pk)
    return aperto


@transaction.atomic
def nuovo_patto(*, patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    """The draft that will replace the signed `patto`: it brings acts, measures and commitments along (T2)."""
    utente = Utente.objects.select_related("cpi", "operatore_riferimento").bloccato(patto.utente_id)
    in_vigore = PattoDiServizio.objects.defer("pdf").get(pk=patto.pk)
    if in_vigore.stato not in IN_VIGORE:
        raise RegolaViolata("Si prepara un nuovo patto a partire da quello firmato in vigore.", regola="T2")
    aperto = PattoDiServizio.objects.in_lavorazione().filter(utente=utente).defer("pdf").first()
    if aperto is not None:
        return aperto
    colloquio = Colloquio.objects.filter(utente=utente).order_by("-aperto_il", "-pk").first()
    assert colloquio is not None  # the signed pact has one
    nuovo = _crea_bozza(utente=utente, colloquio=colloquio, attore=attore, adesso=adesso)
    for campo in ("responsabile_attivita", "frequenza_contatti", "modo_contatti", "prova_ricerca"):
        setattr(nuovo, campo, getattr(in_vigore, campo))
    nuovo.save(update_fields=["responsabile_attivita", "frequenza_contatti", "modo_contatti", "prova_ricerca"])
    copia_atti(da=in_vigore, a=nuovo, oggi=timezone.localdate(adesso))
    copia_misure(da=in_vigore, a=nuovo, oggi=timezone.localdate(adesso))
    return nuovo


@transaction.atomic
def salva_impegni(*, patto: PattoDiServizio, dati: dict[str, Any], versione: int, attore: Operatore) -> PattoDiServizio:
    """Save the commitments of a draft; a form that carries an older version is refused (C8).

    Saving again what is already there writes nothing and is never refused.
    """
    bloccato = blocca_bozza(patto)
    cambiati = [c for c in CAMPI_IMPEGNI if c in dati and getattr(bloccato, c) != dati[c]]
    if not cambiati:
        return bloccato
    if bloccato.versione != versione:
        raise VersioneSuperata
    responsabile = dati["responsabile_attivita"] if "responsabile_attivita" in cambiati else None
    if responsabile is not None and not puo_rispondere(responsabile, bloccato.utente):
        raise RegolaViolata(
            "Il responsabile delle attività è una persona del centro per l'impiego che segue il fascicolo.",
            campo="responsabile_attivita",
            regola="T1",
        )
    for campo in cambiati:
        setattr(bloccato, campo, dati[campo])
    if bloccato.valido_dal and bloccato.valido_al and bloccato.valido_al < bloccato.valido_dal:
        raise RegolaViolata("La data di fine precede la data di inizio.", campo="valido_al", regola="T2")
    bloccato.versione += 1
    bloccato.save(update_fields=[*cambiati, "versione"])
    annota(bloccato, attore, impegni=cambiati)
    return bloccato


@transaction.atomic
def manda_in_revisione(*, patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    """Draft → in review. Refused while T1 misses anything."""
    bloccato = blocca_patto(patto)
    richiedi_passaggio(bloccato, StatoPatto.IN_REVISIONE)
    bloccato.did = DID.objects.di(bloccato.utente)
    mancanze = mancanze_patto(bloccato, adesso)
    if mancanze:
        raise PattoIncompleto(mancanze)
    passa(
        bloccato,
        StatoPatto.IN_REVISIONE,
        inviato_il=adesso,
        inviato_da=attore,
        did=bloccato.did,
        cpi=bloccato.utente.cpi,  # the file may have passed to another office since the draft was begun
    )
    registra(Azione.PATTO_IN_REVISIONE, attore=attore, oggetto=bloccato, utente=bloccato.utente)
    return bloccato


@transaction.atomic
def riporta_in_bozza(*, patto: PattoDiServizio, motivo: str, attore: Operatore) -> PattoDiServizio:
    """In review or proposed → draft: the proposal is withdrawn with its reason and what was frozen goes (T2)."""
    bloccato = blocca_patto(patto)
    if bloccato.stato not in (StatoPatto.IN_REVISIONE, StatoPatto.PROPOSTO):
        raise RegolaViolata(f"{SITUAZIONE[StatoPatto(bloccato.stato)]}: non c'è nulla da ritirare.", regola="T2")
    motivo = motivo.strip()
    if not motivo:
        raise RegolaViolata("Scrivere perché il patto torna in bozza.", campo="motivo", regola="T2")
    dettaglio = {"da": bloccato.stato, "codice": bloccato.codice_versione, "motivo": motivo[:300]}
    passa(bloccato, StatoPatto.BOZZA, **_NON_CONGELATO)
    registra(Azione.PATTO_RITIRATO, attore=attore, oggetto=bloccato, utente=bloccato.utente, dettaglio=dettaglio)
    return bloccato


@transaction.atomic
def annulla_patto(*, patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    """Draft → annulled: the draft will not be used, and continues nothing of the pact in force any more."""
    bloccato = blocca_patto(patto)
    passa(bloccato, StatoPatto.ANNULLATO, chiuso_il=adesso)
    bloccato.misure.update(continua=None)
    bloccato.atti.update(continua=None)
    registra(Azione.PATTO_ANNULLATO, attore=attore, oggetto=bloccato, utente=bloccato.utente)
    return bloccato


@transaction.atomic
def chiudi_patto(*, patto: PattoDiServizio, motivo: str, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    """Signed or suspended → closed, with the reason."""
    bloccato = blocca_patto(patto)
    richiedi_passaggio(bloccato, StatoPatto.CHIUSO)
    motivo = motivo.strip()
    if not motivo:
        raise RegolaViolata("Scrivere perché il patto si chiude.", campo="motivo", regola="T2")
    passa(bloccato, StatoPatto.CHIUSO, chiuso_il=adesso, motivo_chiusura=motivo[:300])
    registra(Azione.PATTO_CHIUSO, attore=attore, oggetto=bloccato, utente=bloccato.utente)
    return bloccato


@transaction.atomic
def chiudi_per_did(*, utente: Utente, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio | None:
    """The DID has been closed or revoked: the pact in force closes with it, where there is one (T2)."""
    patto = PattoDiServizio.objects.in_vigore().filter(utente=utente).defer("pdf").first()
    if patto is None or DID.objects.di(utente) is not None or blocca_patto(patto).stato not in IN_VIGORE:
        return None
    return chiudi_patto(patto=patto, motivo="La DID non è più in corso.", attore=attore, adesso=adesso)


@transaction.atomic
def stampa_patto(*, patto: PattoDiServizio, attore: Operatore, adesso: dt.datetime) -> bytes:
    """The PDF: what was frozen, the same bytes for ever, or the draft of this moment marked as such (T2)."""
    congelato = PattoDiServizio.objects.values_list("pdf", flat=True).get(pk=patto.pk)
    if congelato is not None:
        byte = bytes(congelato)
    else:
        contenuto = documento.contenuto_del_patto(patto, adesso=adesso)
        byte = documento.prepara_documento(contenuto, adesso=adesso, bozza=True).pdf
    registra(
        Azione.PATTO_STAMPATO,
        attore=attore,
        oggetto=patto,
        utente=patto.utente,
        dettaglio={"stato": patto.stato, "codice": patto.codice_versione},
    )
    return byte


def _crea_bozza(*, utente: Utente, colloquio: Colloquio, attore: Operatore, adesso: dt.datetime) -> PattoDiServizio:
    oggi = timezone.localdate(adesso)
    seguito_da = utente.operatore_riferimento
    patto = PattoDiServizio.objects.create(
        utente=utente,
        cpi=utente.cpi,
        colloquio=colloquio,
        did=DID.objects.di(utente),
        sostituisce=PattoDiServizio.objects.in_vigore().filter(utente=utente).only("pk").first(),
        autore=attore,
        creato_il=adesso,
        responsabile_attivita=seguito_da if seguito_da and puo_rispondere(seguito_da, utente) else attore,
        modo_contatti=MODO_CONTATTI,
        prova_ricerca=PROVA_RICERCA,
        valido_dal=oggi,
        valido_al=aggiungi_mesi(oggi, MESI_DI_VALIDITA),
    )
    registra(Azione.PATTO_CREATO, attore=attore, oggetto=patto, utente=utente)
    return patto
