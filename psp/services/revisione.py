"""The supervisor's verbs (T4): approve, which freezes the pact (T2), or send back with comments."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils import timezone

from orientamento.anagrafica.models import DID, Operatore
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra
from psp.models import CommentoRevisione, PattoDiServizio, Revisione, Sezione, StatoPatto
from psp.services import documento
from psp.services.completezza import mancanze_patto
from psp.services.passaggi import SITUAZIONE, blocca_patto, passa, richiedi_passaggio
from psp.services.patto import PattoIncompleto


@transaction.atomic
def approva_patto(
    *,
    patto: PattoDiServizio,
    attore: Operatore,
    adesso: dt.datetime,
    commenti: Mapping[str, str] | None = None,
    letto: str | None = None,
) -> PattoDiServizio:
    """In review → proposed: content, template, code, PDF and its SHA-256 are stored with the passage (T2).

    The check of T1 is made again, because the file may have changed while the pact was waiting. `letto` is the mark of
    the content that the reviewer read: what changed after is not approved unread.
    """
    bloccato = blocca_patto(patto)
    richiedi_passaggio(bloccato, StatoPatto.PROPOSTO)
    _richiedi_revisore(bloccato, attore)
    mancanze = mancanze_patto(bloccato, adesso)
    if mancanze:
        raise PattoIncompleto(mancanze)
    if letto is not None and letto != impronta_letta(documento.contenuto_del_patto(bloccato, adesso=adesso)):
        raise RegolaViolata(
            "Il patto è cambiato dopo che ha aperto questa pagina: qui sotto è com'è ora. Lo rilegga, poi lo approvi.",
            regola="T4",
        )
    did = DID.objects.di(bloccato.utente)
    if did != bloccato.did:
        bloccato.did = did
        bloccato.save(update_fields=["did"])
    contenuto = documento.contenuto_del_patto(bloccato, adesso=adesso)
    _scrivi_revisione(bloccato, Revisione.Esito.APPROVATO, contenuto, commenti or {}, attore, adesso)
    stampa = documento.prepara_documento(contenuto, adesso=adesso, bozza=False)
    passa(
        bloccato,
        StatoPatto.PROPOSTO,
        contenuto=contenuto,
        modello_versione=stampa.modello_versione,
        codice_versione=stampa.codice_versione,
        pdf=stampa.pdf,
        sha256=stampa.sha256,
        proposto_il=adesso,
        proposto_da=attore,
    )
    registra(
        Azione.PATTO_PROPOSTO,
        attore=attore,
        oggetto=bloccato,
        utente=bloccato.utente,
        dettaglio={"codice": stampa.codice_versione, "sha256": stampa.sha256},
    )
    return bloccato


def impronta_letta(contenuto: dict[str, Any]) -> str:
    """The mark of a content under review. The day of printing is no part of it: midnight changes nothing to read."""
    return documento.impronta_contenuto({**contenuto, "redatto_il": ""})


@transaction.atomic
def rimanda_patto(
    *, patto: PattoDiServizio, commenti: Mapping[str, str], attore: Operatore, adesso: dt.datetime
) -> PattoDiServizio:
    """In review → draft, with at least one comment tied to a section (T4)."""
    bloccato = blocca_patto(patto)
    if bloccato.stato != StatoPatto.IN_REVISIONE:
        raise RegolaViolata(
            f"{SITUAZIONE[StatoPatto(bloccato.stato)]}, non più in revisione: l'operazione non è stata eseguita.",
            regola="T2",
        )
    _richiedi_revisore(bloccato, attore)
    if not any(testo.strip() for testo in commenti.values()):
        raise RegolaViolata(
            "Per rimandare il patto scrivere almeno un commento, nella sezione a cui si riferisce.", regola="T4"
        )
    contenuto = documento.contenuto_del_patto(bloccato, adesso=adesso)
    revisione = _scrivi_revisione(bloccato, Revisione.Esito.RIMANDATO, contenuto, commenti, attore, adesso)
    passa(bloccato, StatoPatto.BOZZA, inviato_il=None, inviato_da=None)
    registra(
        Azione.PATTO_RIMANDATO,
        attore=attore,
        oggetto=bloccato,
        utente=bloccato.utente,
        dettaglio={"sezioni": list(revisione.commenti.values_list("sezione", flat=True))},
    )
    return bloccato


def perche_non_revisiona(patto: PattoDiServizio, operatore: Operatore) -> str:
    """Why `operatore` may not review `patto`, in words; empty where they may (T4)."""
    if operatore.pk == patto.autore_id:
        return "Questo patto l'ha scritto lei: lo revisiona un altro responsabile."
    if operatore.pk == patto.inviato_da_id:
        return "Questo patto l'ha mandato in revisione lei: lo revisiona un altro responsabile."
    return ""


@dataclass(frozen=True)
class VoceCoda:
    """A pact of the queue: how long it has been waiting, and what the reviewer had better look at."""

    patto: PattoDiServizio
    giorni: int
    segnali: list[str]


def coda_revisioni(operatore: Operatore, adesso: dt.datetime) -> list[VoceCoda]:
    """The pacts of the own office that wait for a review, oldest first (T4). One query."""
    oggi = timezone.localdate(adesso)
    patti = (
        PattoDiServizio.objects.visibili_a(operatore)
        .da_revisionare()
        .select_related("utente", "autore", "inviato_da")
        .defer("pdf", "contenuto")
        .annotate(
            volte=Count("revisioni", filter=Q(revisioni__esito=Revisione.Esito.RIMANDATO), distinct=True),
            quanti_atti=Count("atti", distinct=True),
            quante_misure=Count("misure", distinct=True),
            ha_did=Exists(DID.objects.in_corso().filter(utente=OuterRef("utente"))),
        )
    )
    return [VoceCoda(p, (oggi - timezone.localdate(p.inviato_il)).days, _segnali(p, operatore)) for p in patti]


def ultima_revisione(patto: PattoDiServizio) -> Revisione | None:
    """The last verdict on the pact, with its comments."""
    return patto.revisioni.select_related("revisore").prefetch_related("commenti").first()


def commenti_da_considerare(patto: PattoDiServizio) -> list[CommentoRevisione]:
    """The comments of the review that sent a draft back, in the order of the pact; none on any other state."""
    if not patto.modificabile:
        return []
    revisione = ultima_revisione(patto)
    if revisione is None or revisione.esito != Revisione.Esito.RIMANDATO:
        return []
    ordine = {sezione: posto for posto, sezione in enumerate(Sezione.values)}
    return sorted(revisione.commenti.all(), key=lambda commento: ordine[commento.sezione])


def _segnali(patto: Any, operatore: Operatore) -> list[str]:
    segnali = []
    if perche_non_revisiona(patto, operatore):
        segnali.append("Scritto o mandato da lei")
    if patto.volte:
        segnali.append("Già rimandato una volta" if patto.volte == 1 else f"Già rimandato {patto.volte} volte")
    if patto.sostituisce_id:
        segnali.append("Sostituisce un patto in vigore")
    if not patto.ha_did:
        segnali.append("Senza DID in corso")
    if patto.quanti_atti == 1:
        segnali.append("Un solo atto")
    if not patto.quante_misure:
        segnali.append("Nessuna misura")
    if "no" in (patto.disponibilita_laboratori, patto.disponibilita_formazione, patto.disponibilita_offerte):
        segnali.append("Una disponibilità negata")
    return segnali


def _richiedi_revisore(patto: PattoDiServizio, attore: Operatore) -> None:
    perche = perche_non_revisiona(patto, attore)
    if perche:
        raise RegolaViolata(perche, regola="T4")


def _scrivi_revisione(
    patto: PattoDiServizio,
    esito: Revisione.Esito,
    contenuto: dict[str, Any],
    commenti: Mapping[str, str],
    attore: Operatore,
    adesso: dt.datetime,
) -> Revisione:
    assert patto.inviato_da is not None  # a pact in review has been sent by somebody
    revisione = Revisione.objects.create(
        patto=patto,
        esito=esito,
        autore_patto=patto.autore,
        inviato_da=patto.inviato_da,
        revisore=attore,
        fatta_il=adesso,
        contenuto=contenuto,
    )
    CommentoRevisione.objects.bulk_create(
        CommentoRevisione(revisione=revisione, sezione=Sezione(sezione), testo=testo.strip())
        for sezione, testo in commenti.items()
        if testo.strip()
    )
    return revisione
