"""The signature on paper: date, file, filing, the pact that it replaces (T2, T3)."""

from __future__ import annotations

import datetime as dt
import hashlib

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from orientamento.anagrafica.models import Programma, StatoDID
from orientamento.anagrafica.services.did import cambia_stato_did, registra_did
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import PattoDiServizio
from psp.services import firma, patto, revisione
from tests.cast import Cast
from tests.psp.scene_patto import domani, firmato, pdf, proposto, scansione

pytestmark = pytest.mark.django_db


def archiviati() -> set[str]:
    anno = f"patti/{oggi().year}"
    return set(default_storage.listdir(anno)[1]) if default_storage.exists(anno) else set()


def test_the_copy_is_filed_with_its_mark_outside_any_name_of_people(cast: Cast) -> None:
    byte = pdf(4)
    p = firma.registra_firma(
        patto=proposto(cast),
        firmato_il=oggi(),
        scansione=scansione(byte),
        attore=cast.collega,
        adesso=adesso(),
    )
    assert p.stato == "firmato"
    assert p.scansione_sha256 == hashlib.sha256(byte).hexdigest()
    assert cast.utente.cognome.lower() not in p.scansione.name.lower()
    assert firma.leggi_scansione(patto=p, attore=cast.operatore) == byte
    assert Evento.objects.filter(azione=Azione.PATTO_FIRMATO).count() == 1


@pytest.mark.parametrize("quando", ["domani", "prima"])
def test_the_day_of_the_signature_is_between_the_proposal_and_today(cast: Cast, quando: str) -> None:
    p = proposto(cast)
    prima = archiviati()
    giorno = domani() if quando == "domani" else oggi() - dt.timedelta(days=1)
    with pytest.raises(RegolaViolata) as errore:
        firma.registra_firma(patto=p, firmato_il=giorno, scansione=scansione(), attore=cast.operatore, adesso=adesso())
    assert errore.value.campo == "firmato_il"
    assert archiviati() == prima


@pytest.mark.parametrize(
    "byte",
    [b"", b"PK\x03\x04 un documento di testo", b"<html></html>", pdf()[:200]],
    ids=["vuoto", "docx", "html", "rotto"],
)
def test_a_refused_file_leaves_nothing_behind(cast: Cast, byte: bytes) -> None:
    p = proposto(cast)
    prima = archiviati()
    with pytest.raises(RegolaViolata) as errore:
        firma.registra_firma(
            patto=p, firmato_il=oggi(), scansione=scansione(byte), attore=cast.operatore, adesso=adesso()
        )
    assert errore.value.campo == "scansione"
    p.refresh_from_db()
    assert p.stato == "proposto"
    assert archiviati() == prima


def test_a_failure_after_the_file_was_stored_takes_it_away_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    p = proposto(cast)
    prima = archiviati()

    def guasto(*_: object, **__: object) -> None:
        raise RuntimeError("registro guasto")

    monkeypatch.setattr(firma, "registra", guasto)
    with pytest.raises(RuntimeError):
        firma.registra_firma(patto=p, firmato_il=oggi(), scansione=scansione(), attore=cast.operatore, adesso=adesso())
    assert archiviati() == prima
    p.refresh_from_db()
    assert p.stato == "proposto"


def test_the_new_signature_closes_the_pact_in_force_t2(cast: Cast) -> None:
    vecchio = firmato(cast)
    nuovo = patto.nuovo_patto(patto=vecchio, attore=cast.operatore, adesso=adesso())
    dati = {f"disponibilita_{n}": "si" for n in ("laboratori", "formazione", "offerte")}
    patto.salva_impegni(patto=nuovo, dati=dati, versione=1, attore=cast.operatore)
    patto.manda_in_revisione(patto=nuovo, attore=cast.operatore, adesso=adesso())
    revisione.approva_patto(patto=nuovo, attore=cast.responsabile, adesso=adesso())
    vecchio.refresh_from_db()
    assert vecchio.stato == "firmato"  # in force until the new one is signed
    firmato(cast, nuovo)
    vecchio.refresh_from_db()
    nuovo.refresh_from_db()
    assert (vecchio.stato, nuovo.stato) == ("chiuso", "firmato")
    assert PattoDiServizio.objects.in_vigore().get() == nuovo
    assert vecchio.pdf  # what was signed stays


def test_a_did_that_ended_before_the_filing_ends_the_pact_and_keeps_the_copy_t2(cast: Cast) -> None:
    did = registra_did(
        utente=cast.utente,
        data=oggi(),
        programma=Programma.objects.filter(chiave="nessuno").latest("valido_dal"),
        attore=cast.operatore,
    )
    p = proposto(cast)
    cambia_stato_did(did=did, stato=StatoDID.CHIUSA, attore=cast.operatore, adesso=adesso())
    dati = {"firmato_il": f"{oggi():%d/%m/%Y}", "scansione": scansione()}
    risposta = cast.client("operatore").post(reverse("psp:registra_firma", args=[p.pk]), dati, follow=True)
    assert "La DID però non è più in corso" in risposta.content.decode()
    p.refresh_from_db()
    assert (p.stato, p.motivo_chiusura) == ("chiuso", "La DID non è più in corso.")
    assert default_storage.exists(p.scansione.name)


def test_a_copy_lost_from_the_archive_is_said_not_an_error_page(cast: Cast) -> None:
    p = firmato(cast)
    default_storage.delete(p.scansione.name)
    risposta = cast.client("operatore").get(reverse("psp:patto_scansione", args=[p.pk]), follow=True)
    assert risposta.status_code == 200
    assert "non si trova nell&#x27;archivio" in risposta.content.decode()
