"""The verbs of the pact: allowed states, refused states, atomicity, races (T1, T2)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError, InternalError

from orientamento.anagrafica.models import DID, Programma, Ruolo
from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import AttoRicerca, PattoDiServizio, Revisione, StatoPatto
from psp.models.patto import PASSAGGI
from psp.services import atto, documento, patto, revisione
from psp.services.patto import PattoIncompleto
from tests.cast import Cast, crea_operatore
from tests.psp.scene import apri, informato
from tests.psp.scene_patto import (
    ATTO,
    bozza,
    completo,
    firmato,
    impegni,
    in_revisione,
    nello_stato,
    proposto,
)

pytestmark = pytest.mark.django_db


STATI = ["bozza", "in_revisione", "proposto", "firmato", "chiuso", "annullato"]


def eventi(azione: Azione) -> int:
    return Evento.objects.filter(azione=azione).count()


def fresco(p: PattoDiServizio) -> PattoDiServizio:
    return PattoDiServizio.objects.get(pk=p.pk)


# ---- The draft


def test_draft_is_created_once_with_what_the_file_knows(cast: Cast) -> None:
    colloquio = informato(cast)
    primo = patto.prepara_bozza(colloquio=colloquio, attore=cast.collega, adesso=adesso())
    secondo = patto.prepara_bozza(colloquio=colloquio, attore=cast.operatore, adesso=adesso())
    assert primo.pk == secondo.pk
    assert primo.autore == cast.collega
    assert primo.responsabile_attivita == cast.operatore  # the operator of the file
    assert primo.valido_dal == oggi()
    assert primo.valido_al == aggiungi_mesi(oggi(), 12)
    assert primo.prova_ricerca
    assert not any([primo.disponibilita_laboratori, primo.disponibilita_formazione, primo.disponibilita_offerte])
    assert eventi(Azione.PATTO_CREATO) == 1


def test_draft_needs_phase_one_c1(cast: Cast) -> None:
    with pytest.raises(RegolaViolata, match="fase 1"):
        patto.prepara_bozza(colloquio=apri(cast), attore=cast.operatore, adesso=adesso())
    assert not PattoDiServizio.objects.exists()


def test_draft_carries_the_did_in_force(cast: Cast) -> None:
    did = DID.objects.create(utente=cast.utente, data=oggi(), programma=Programma.objects.first())
    assert bozza(cast).did == did


def test_commitments_are_saved_with_their_version_and_a_stale_save_is_refused_c8(cast: Cast) -> None:
    p = bozza(cast)
    salvato = patto.salva_impegni(patto=p, dati=impegni(cast), versione=1, attore=cast.operatore)
    assert salvato.versione == 2
    assert eventi(Azione.PATTO_MODIFICATO) == 1
    with pytest.raises(VersioneSuperata):
        patto.salva_impegni(patto=p, dati=impegni(cast, modo_contatti="Per telefono"), versione=1, attore=cast.collega)
    assert fresco(p).modo_contatti == "Al centro"
    # saving again what is there writes nothing and is never refused
    assert patto.salva_impegni(patto=p, dati=impegni(cast), versione=1, attore=cast.collega).versione == 2


def test_only_operators_of_the_office_may_answer_for_the_activities(cast: Cast) -> None:
    p = bozza(cast)
    spento = crea_operatore(Ruolo.OPERATORE, cast.cpi, is_active=False)
    for altro in (cast.estraneo, cast.incrocio, spento):
        with pytest.raises(RegolaViolata) as errore:
            patto.salva_impegni(
                patto=p, dati=impegni(cast, responsabile_attivita=altro), versione=1, attore=cast.operatore
            )
        assert errore.value.campo == "responsabile_attivita"


def test_validity_dates_in_order(cast: Cast) -> None:
    p = bozza(cast)
    with pytest.raises(RegolaViolata) as errore:
        patto.salva_impegni(
            patto=p, dati=impegni(cast, valido_al=aggiungi_mesi(oggi(), -1)), versione=1, attore=cast.operatore
        )
    assert errore.value.campo == "valido_al"


# ---- Passages: each verb from each state

VERBI: dict[str, tuple[Callable[[Cast, PattoDiServizio], Any], set[str]]] = {
    "manda": (
        lambda c, p: patto.manda_in_revisione(patto=p, attore=c.operatore, adesso=adesso()),
        {"bozza"},
    ),
    "approva": (
        lambda c, p: revisione.approva_patto(patto=p, attore=c.responsabile, adesso=adesso()),
        {"in_revisione"},
    ),
    "rimanda": (
        lambda c, p: revisione.rimanda_patto(
            patto=p, commenti={"piano": "Rivedere"}, attore=c.responsabile, adesso=adesso()
        ),
        {"in_revisione"},
    ),
    "ritira": (
        lambda c, p: patto.riporta_in_bozza(patto=p, motivo="Errore", attore=c.operatore),
        {"in_revisione", "proposto"},
    ),
    "annulla": (
        lambda c, p: patto.annulla_patto(patto=p, attore=c.operatore, adesso=adesso()),
        {"bozza"},
    ),
    "chiudi": (
        lambda c, p: patto.chiudi_patto(patto=p, motivo="Fine", attore=c.operatore, adesso=adesso()),
        {"firmato"},
    ),
    "firma": (lambda c, p: firmato(c, p), {"proposto"}),
    "nuovo": (
        lambda c, p: patto.nuovo_patto(patto=p, attore=c.operatore, adesso=adesso()),
        {"firmato"},
    ),
    "atto": (
        lambda c, p: atto.aggiungi_atto(patto=p, dati={**ATTO, "descrizione": "Altro"}, attore=c.operatore),
        {"bozza"},
    ),
    "impegni": (
        lambda c, p: patto.salva_impegni(
            patto=p, dati=impegni(c, modo_contatti="Altro"), versione=p.versione, attore=c.operatore
        ),
        {"bozza"},
    ),
}


@pytest.mark.parametrize("stato", STATI)
@pytest.mark.parametrize("verbo", list(VERBI))
def test_each_verb_works_only_from_its_states_t2(cast: Cast, verbo: str, stato: str) -> None:
    fai, ammessi = VERBI[verbo]
    p = nello_stato(cast, stato)
    prima = Evento.objects.count()
    if stato in ammessi:
        fai(cast, fresco(p))
        assert Evento.objects.count() > prima
        return
    with pytest.raises(RegolaViolata) as errore:
        fai(cast, fresco(p))
    assert errore.value.messaggio.startswith(("Il patto", "La bozza", "Si prepara"))
    assert fresco(p).stato == stato
    assert Evento.objects.count() == prima


@pytest.mark.parametrize(("da", "a"), [(da, a) for da, a in permutations(StatoPatto, 2) if da != StatoPatto.SOSPESO])
def test_the_database_refuses_every_passage_that_is_not_in_the_table_t2(cast: Cast, da: str, a: str) -> None:
    p = nello_stato(cast, da)
    ammesso = a in PASSAGGI[StatoPatto(da)]
    try:
        with transaction.atomic(), connection.cursor() as cursore:
            cursore.execute("UPDATE psp_pattodiservizio SET stato = %s WHERE id = %s", [a, p.pk])
        riuscito = True
    except (InternalError, DatabaseError, IntegrityError):
        riuscito = False
    assert not (riuscito and not ammesso)
    if a == "proposto" or (da == "proposto" and a == "firmato"):
        assert not riuscito  # without its frozen content, without its scan


def test_a_pact_is_never_deleted(cast: Cast) -> None:
    p = completo(cast)
    with pytest.raises(InternalError), transaction.atomic(), connection.cursor() as cursore:
        cursore.execute("DELETE FROM psp_pattodiservizio WHERE id = %s", [p.pk])


def test_sending_with_something_missing_is_refused_and_said_t1(cast: Cast) -> None:
    p = bozza(cast)
    with pytest.raises(PattoIncompleto) as errore:
        patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    assert errore.value.mancanze
    assert "manca" in errore.value.messaggio
    assert fresco(p).stato == "bozza"


def test_withdrawal_takes_away_what_was_frozen_and_needs_a_reason(cast: Cast) -> None:
    p = proposto(cast)
    with pytest.raises(RegolaViolata) as errore:
        patto.riporta_in_bozza(patto=p, motivo="  ", attore=cast.operatore)
    assert errore.value.campo == "motivo"
    patto.riporta_in_bozza(patto=p, motivo="Data sbagliata", attore=cast.operatore)
    p = fresco(p)
    assert p.stato == "bozza"
    assert (p.contenuto, p.pdf, p.sha256, p.codice_versione, p.proposto_il) == (None, None, "", "", None)
    evento = Evento.objects.get(azione=Azione.PATTO_RITIRATO)
    assert evento.dettaglio["motivo"] == "Data sbagliata"
    assert evento.dettaglio["codice"].startswith("PSP-")


# ---- Frozen


def test_approval_freezes_content_bytes_and_mark_t2(cast: Cast) -> None:
    p = proposto(cast)
    assert p.contenuto["persona"]["codice_fiscale"] == cast.utente.codice_fiscale
    assert bytes(p.pdf).startswith(b"%PDF-")
    assert p.sha256 == hashlib.sha256(bytes(p.pdf)).hexdigest()
    assert p.codice_versione == documento.codice_versione(p.contenuto)
    assert p.proposto_da == cast.responsabile


def test_the_same_bytes_for_ever_even_when_the_rows_change_t2(cast: Cast) -> None:
    p = proposto(cast)
    prima = patto.stampa_patto(patto=p, attore=cast.operatore, adesso=adesso())
    AttoRicerca.objects.filter(patto=p).update(descrizione="Tutt'altro")
    cast.utente.cognome = "Cambiato"
    cast.utente.save(update_fields=["cognome"])
    assert patto.stampa_patto(patto=fresco(p), attore=cast.operatore, adesso=adesso()) == prima
    firmato(cast, p)
    assert patto.stampa_patto(patto=fresco(p), attore=cast.operatore, adesso=adesso()) == prima
    chiuso = patto.chiudi_patto(patto=p, motivo="Fine", attore=cast.operatore, adesso=adesso())
    assert patto.stampa_patto(patto=fresco(chiuso), attore=cast.operatore, adesso=adesso()) == prima
    assert eventi(Azione.PATTO_STAMPATO) == 4


@pytest.mark.parametrize("campo", ["sha256", "codice_versione", "modello_versione", "pdf", "contenuto", "proposto_il"])
@pytest.mark.parametrize("stato", ["proposto", "firmato"])
def test_the_database_keeps_what_is_frozen(cast: Cast, stato: str, campo: str) -> None:
    p = nello_stato(cast, stato)
    valore = {"pdf": b"altro", "contenuto": {"altro": 1}, "proposto_il": adesso()}.get(campo, "b" * 64)
    if campo in ("modello_versione", "codice_versione"):
        valore = "altro"
    with pytest.raises(DatabaseError), transaction.atomic():
        PattoDiServizio.objects.filter(pk=p.pk).update(**{campo: valore})


def test_a_failure_while_freezing_leaves_the_pact_in_review(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    p = in_revisione(cast)

    def guasto(*_: Any, **__: Any) -> None:
        raise RuntimeError("stampa guasta")

    monkeypatch.setattr(documento, "prepara_documento", guasto)
    with pytest.raises(RuntimeError):
        revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
    assert fresco(p).stato == "in_revisione"
    assert not Revisione.objects.exists()
    assert not eventi(Azione.PATTO_PROPOSTO)


# ---- After the signature


def test_a_new_pact_brings_acts_measures_and_commitments_but_not_the_availabilities(cast: Cast) -> None:
    vecchio = firmato(cast)
    nuovo = patto.nuovo_patto(patto=vecchio, attore=cast.collega, adesso=adesso())
    assert nuovo.sostituisce == vecchio
    assert [a.descrizione for a in nuovo.atti.all()] == [a.descrizione for a in vecchio.atti.all()]
    assert [m.servizio for m in nuovo.misure.all()] == [m.servizio for m in vecchio.misure.all()]
    assert nuovo.frequenza_contatti == vecchio.frequenza_contatti
    assert nuovo.disponibilita_offerte == ""
    assert patto.nuovo_patto(patto=vecchio, attore=cast.operatore, adesso=adesso()).pk == nuovo.pk  # a second click


def test_closing_the_did_closes_the_pact_t2(cast: Cast) -> None:
    did = DID.objects.create(utente=cast.utente, data=oggi(), programma=Programma.objects.first())
    p = firmato(cast)
    assert patto.chiudi_per_did(utente=cast.utente, attore=cast.operatore, adesso=adesso()) is None
    DID.objects.filter(pk=did.pk).update(stato="chiusa")
    patto.chiudi_per_did(utente=cast.utente, attore=cast.operatore, adesso=adesso())
    assert fresco(p).stato == "chiuso"
    assert "DID" in fresco(p).motivo_chiusura
    assert patto.chiudi_per_did(utente=cast.utente, attore=cast.operatore, adesso=adesso()) is None
