"""Saving and cancelling the CV: the gate (V1), the six months (V4), nothing half written."""

from __future__ import annotations

import datetime as dt
import threading
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.files.storage import FileSystemStorage
from django.db import IntegrityError, connection, connections, transaction
from hypothesis import given
from hypothesis import strategies as st

from curriculum.models import Curriculum
from curriculum.services import curriculum as servizio
from curriculum.services.curriculum import cancella_curriculum, mancanze, salva_curriculum
from curriculum.services.lettura import curriculum_attuale
from orientamento.anagrafica.models.utente import UtenteQuerySet
from orientamento.comune.calendario import aggiungi_mesi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_cast
from tests.curriculum import fabbrica
from tests.curriculum.conftest import aggiungi_propensione, aggiungi_titolo, archivio, file_pdf

ROMA = ZoneInfo("Europe/Rome")
ORA = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ROMA)


def salva(cast: Cast, dati: bytes | None = None, **altro: object) -> Curriculum:
    argomenti = {"origine": "portato", "adesso": ORA, "attore": cast.operatore, **altro}
    return salva_curriculum(utente=cast.utente, file=file_pdf(dati), **argomenti)  # type: ignore[arg-type]


def test_gate_names_what_is_missing_and_links_to_it(cast: Cast) -> None:
    """V1."""
    trovate = {m.chiave: m.url for m in mancanze(cast.utente)}

    assert trovate == {
        "titolo_studio": f"/utenti/{cast.utente.pk}/fascicolo#pannello-titoli",
        "propensione": f"/utenti/{cast.utente.pk}/propensioni#pannello-propensioni",
    }
    aggiungi_propensione(cast.utente, cast)
    assert [m.chiave for m in mancanze(cast.utente)] == ["titolo_studio"]
    aggiungi_titolo(cast.utente)
    assert mancanze(cast.utente) == []


def test_a_person_without_schooling_is_not_left_without_cv(cast: Cast) -> None:
    """V1: the row "nessun titolo di studio" opens the gate."""
    aggiungi_propensione(cast.utente, cast)
    aggiungi_titolo(cast.utente, livello=0)

    assert mancanze(cast.utente) == []


def test_service_keeps_the_gate_too(cast: Cast) -> None:
    """V1."""
    with pytest.raises(RegolaViolata, match="aggiungere almeno un titolo di studio e almeno una propensione"):
        salva(cast)

    assert not Curriculum.objects.exists()
    assert archivio() == []


def test_saved_with_its_digest_outside_the_web_root(pronto: Cast) -> None:
    dati = fabbrica.pdf(pagine=3)
    salvato = salva(pronto, dati)

    assert (salvato.pagine, salvato.dimensione, salvato.stato) == (3, len(dati), "attuale")
    assert salvato.nome_originale == "il mio cv.pdf"
    assert salvato.sha256 in salvato.file.name
    assert [p.read_bytes() for p in archivio()] == [dati]
    evento = Evento.objects.filter(azione=Azione.CURRICULUM_SALVATO).get()
    assert (evento.utente_id, evento.oggetto_id, evento.dettaglio["pagine"]) == (pronto.utente.pk, salvato.pk, 3)


def test_valid_six_calendar_months(pronto: Cast) -> None:
    """V4."""
    salvato = salva(pronto)

    assert salvato.valido_fino_al == dt.date(2027, 5, 23)
    assert not salvato.obsoleto_al(dt.date(2027, 5, 23))
    assert salvato.obsoleto_al(dt.date(2027, 5, 24))


def test_the_day_is_the_italian_one(pronto: Cast) -> None:
    """V4: half an hour past midnight in Italy is still the day before in universal time."""
    salvato = salva(pronto, adesso=dt.datetime(2026, 8, 30, 22, 30, tzinfo=dt.UTC))

    assert salvato.valido_fino_al == dt.date(2027, 2, 28)


@given(st.dates(dt.date(2000, 1, 1), dt.date(2100, 1, 1)))
def test_month_ends_count_as_the_calendar_does(giorno: dt.date) -> None:
    """V4: the same day six months on, or the last of that month."""
    scadenza = aggiungi_mesi(giorno, 6)

    assert (scadenza.year * 12 + scadenza.month) - (giorno.year * 12 + giorno.month) == 6
    assert scadenza.day == giorno.day or (scadenza + dt.timedelta(days=1)).day == 1


def test_a_newer_one_replaces_and_both_are_kept(pronto: Cast) -> None:
    primo = salva(pronto)
    secondo = salva(pronto, fabbrica.pdf(pagine=2), attore=pronto.collega)

    primo.refresh_from_db()
    assert (primo.stato, secondo.stato) == ("sostituito", "attuale")
    assert len(archivio()) == 2
    letto = curriculum_attuale(pronto.utente)
    assert letto is not None
    assert (letto["id"], letto["pagine"]) == (secondo.pk, 2)


def test_the_same_file_twice_on_one_day_is_once(pronto: Cast) -> None:
    """A double click, or a page sent again."""
    dati = fabbrica.pdf()
    assert salva(pronto, dati) == salva(pronto, dati)

    assert Curriculum.objects.count() == 1
    assert len(archivio()) == 1
    assert Evento.objects.filter(azione=Azione.CURRICULUM_SALVATO).count() == 1


def test_the_same_file_another_day_starts_the_months_again(pronto: Cast) -> None:
    """V4: six months from the upload."""
    dati = fabbrica.pdf()
    salva(pronto, dati)
    nuovo = salva(pronto, dati, adesso=ORA + dt.timedelta(days=30))

    assert nuovo.valido_fino_al == dt.date(2027, 6, 23)
    assert Curriculum.objects.count() == 2


@pytest.mark.parametrize("nome", ["docx con altro nome", "JS all'apertura", "troppo grande", "vuoto", "bomba doppia"])
def test_refused_file_leaves_one_line_of_the_register_and_nothing_else(pronto: Cast, nome: str) -> None:
    """V1."""
    with pytest.raises(RegolaViolata) as errore:
        salva(pronto, fabbrica.cattivi()[nome][0])

    assert (errore.value.campo, errore.value.regola) == ("file", "V1")
    assert not Curriculum.objects.exists()
    assert archivio() == []
    evento = Evento.objects.get(azione=Azione.CURRICULUM_RIFIUTATO)
    assert evento.dettaglio["motivo"] == errore.value.messaggio


def test_refused_file_leaves_the_current_one_alone(pronto: Cast) -> None:
    attuale = salva(pronto)
    with pytest.raises(RegolaViolata):
        salva(pronto, b"x")

    attuale.refresh_from_db()
    assert attuale.stato == "attuale"


def test_a_failed_transaction_leaves_no_file(pronto: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    attuale = salva(pronto)
    monkeypatch.setattr(servizio, "registra", _guasto)
    with pytest.raises(IntegrityError):
        salva(pronto, fabbrica.pdf(pagine=2))

    assert len(archivio()) == 1
    attuale.refresh_from_db()
    assert attuale.stato == "attuale"


def test_a_full_disk_leaves_no_piece_of_file(pronto: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    def a_meta(self: FileSystemStorage, nome: str, contenuto: object) -> str:
        percorso = Path(self.path(nome))
        percorso.parent.mkdir(parents=True, exist_ok=True)
        percorso.write_bytes(b"%PDF-")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileSystemStorage, "save", a_meta)
    with pytest.raises(OSError, match="No space"):
        salva(pronto)

    assert archivio() == []
    assert not Curriculum.objects.exists()


@pytest.mark.parametrize(
    ("nome", "tenuto"),
    [
        ("C:\\Users\\anna\\cv.pdf", "cv.pdf"),
        ("../../etc/passwd", "passwd"),
        ("cv\u202efdp.exe", "cvfdp.exe"),
        ("", "senza nome"),
        ("a" * 300 + ".pdf", "a" * 196 + ".pdf"),
        ("curriculum di Noè 📄.pdf", "curriculum di Noè 📄.pdf"),
    ],
)
def test_the_name_is_kept_for_show_only(nome: str, tenuto: str) -> None:
    assert servizio._nome_da_tenere(nome) == tenuto


def test_cancelled_here_with_its_file(pronto: Cast, django_capture_on_commit_callbacks: object) -> None:
    """V5, the first place. The line stays, the content goes; twice is once."""
    salvato = salva(pronto)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        cancella_curriculum(curriculum=salvato, attore=pronto.collega)
        cancella_curriculum(curriculum=salvato, attore=pronto.collega)

    salvato.refresh_from_db()
    assert (salvato.stato, salvato.file.name) == ("cancellato", "")
    assert archivio() == []
    assert curriculum_attuale(pronto.utente) is None
    assert Evento.objects.filter(azione=Azione.CURRICULUM_CANCELLATO).count() == 1


def test_a_cancelling_that_fails_keeps_the_file(pronto: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    salvato = salva(pronto)
    monkeypatch.setattr(servizio, "registra", _guasto)
    with pytest.raises(IntegrityError), transaction.atomic():
        cancella_curriculum(curriculum=salvato, attore=pronto.operatore)

    assert len(archivio()) == 1


def _guasto(*_: object, **__: object) -> None:
    raise IntegrityError("the register refuses")


# Races, with real threads and real transactions


def _insieme(lavori: list[object]) -> list[BaseException]:
    """Run all at the same instant; what they raised."""
    partenza, errori = threading.Barrier(len(lavori)), []

    def uno(lavoro: object) -> None:
        try:
            partenza.wait(timeout=20)
            lavoro()  # type: ignore[operator]
        except BaseException as errore:
            errori.append(errore)
        finally:
            connections.close_all()

    fili = [threading.Thread(target=uno, args=(lavoro,)) for lavoro in lavori]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join(timeout=60)
    return errori


@pytest.fixture
def pronto_vero(transactional_db: None) -> Cast:
    cast = crea_cast()
    aggiungi_titolo(cast.utente)
    aggiungi_propensione(cast.utente, cast)
    return cast


@pytest.mark.parametrize("uguali", [True, False])
def test_uploads_at_once_leave_exactly_one_current(pronto_vero: Cast, uguali: bool) -> None:
    """V1: two windows, or a double click, at the same instant."""
    file = [fabbrica.pdf(pagine=1 if uguali else n + 1) for n in range(4)]

    errori = _insieme([lambda d=d: salva(pronto_vero, d) for d in file])

    assert errori == []
    assert Curriculum.objects.attuali().count() == 1
    assert Curriculum.objects.count() == (1 if uguali else 4)
    assert len(archivio()) == Curriculum.objects.count()


def test_without_the_lock_the_race_is_lost(pronto_vero: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Control: take the lock away and the constraint has to stop somebody, with no file left over."""
    attesa = threading.Barrier(4)
    originale = servizio.esigi_il_cancello

    def senza_coda(utente: object) -> None:
        originale(utente)  # type: ignore[arg-type]
        if connection.in_atomic_block:
            attesa.wait(timeout=20)

    monkeypatch.setattr(UtenteQuerySet, "bloccato", lambda righe, pk: righe.get(pk=pk))
    monkeypatch.setattr(servizio, "esigi_il_cancello", senza_coda)
    errori = _insieme([lambda n=n: salva(pronto_vero, fabbrica.pdf(pagine=n + 1)) for n in range(4)])

    assert errori
    assert all(isinstance(e, IntegrityError) for e in errori)
    assert Curriculum.objects.attuali().count() == 1
    assert len(archivio()) == Curriculum.objects.count()


def test_upload_and_cancelling_at_once(pronto_vero: Cast) -> None:
    vecchio = salva(pronto_vero)

    errori = _insieme(
        [
            lambda: salva(pronto_vero, fabbrica.pdf(pagine=2)),
            lambda: cancella_curriculum(curriculum=vecchio, attore=pronto_vero.collega),
        ]
    )

    vecchio.refresh_from_db()
    assert errori == []
    assert vecchio.stato == "cancellato"
    assert Curriculum.objects.attuali().count() == 1
    assert len(archivio()) == 1
