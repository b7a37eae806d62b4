"""A CV in the hands of the antivirus: it waits, it becomes current when clean, it goes away when not."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.urls import reverse

from curriculum import tasks
from curriculum.controllo.antivirus import AntivirusAssente
from curriculum.models import Curriculum
from curriculum.services import antivirus
from curriculum.services.curriculum import cancella_curriculum, salva_curriculum
from curriculum.services.lettura import curriculum_attuale
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_cast, crea_utente
from tests.curriculum import clamd, fabbrica
from tests.curriculum.conftest import aggiungi_propensione, aggiungi_titolo, archivio, file_pdf
from tests.curriculum.test_antivirus_client import SERVER
from tests.curriculum.test_services import ORA

STATO = Curriculum.Stato
DOPO = ORA + dt.timedelta(days=1)


@pytest.fixture(params=SERVER)
def acceso(request: pytest.FixtureRequest, settings: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """An antivirus at work: the real one too where it is installed."""
    with contextlib.ExitStack() as pila:
        if request.param == "clamd":
            settings.CLAMAV_SOCKET = pila.enter_context(clamd.vero(tmp_path_factory.mktemp("clamd")))
        else:
            settings.CLAMAV_SOCKET = pila.enter_context(clamd.finto())[0]
        yield


@pytest.fixture
def finto(settings: Any) -> Iterator[clamd.Finto]:
    with clamd.finto() as (indirizzo, server):
        settings.CLAMAV_SOCKET = indirizzo
        yield server


@pytest.fixture
def spento(settings: Any) -> int:
    """The address of one that does not answer; its port."""
    porta = clamd.porta_libera()
    settings.CLAMAV_SOCKET = f"127.0.0.1:{porta}"
    return porta


def salva(cast: Cast, dati: bytes | None = None, adesso: dt.datetime = ORA) -> Curriculum:
    return salva_curriculum(
        utente=cast.utente, file=file_pdf(dati), origine="portato", attore=cast.operatore, adesso=adesso
    )


def stati(cast: Cast) -> list[str]:
    return list(cast.utente.curricula.order_by("pk").values_list("stato", flat=True))


def test_clean_becomes_current_only_after_the_verdict(pronto: Cast, acceso: None, settings: Any) -> None:
    """V1: until then the one before counts. The six months run from the upload (V4)."""
    indirizzo, settings.CLAMAV_SOCKET = settings.CLAMAV_SOCKET, ""
    vecchio = salva(pronto)
    settings.CLAMAV_SOCKET = indirizzo

    nuovo = salva(pronto, fabbrica.pdf(pagine=2))
    assert stati(pronto) == [STATO.ATTUALE, STATO.IN_CONTROLLO]
    assert curriculum_attuale(pronto.utente)["id"] == vecchio.pk  # type: ignore[index]

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    assert stati(pronto) == [STATO.SOSTITUITO, STATO.ATTUALE]
    nuovo.refresh_from_db()
    assert (nuovo.caricato_il, nuovo.valido_fino_al) == (ORA, dt.date(2027, 5, 23))
    evento = Evento.objects.get(azione=Azione.CURRICULUM_CONTROLLATO)
    assert (evento.oggetto_id, evento.utente_id, evento.attore_nome) == (nuovo.pk, pronto.utente.pk, "Sistema")


def test_infected_goes_away_with_its_file(pronto: Cast, acceso: None, django_capture_on_commit_callbacks: Any) -> None:
    cattivo = salva(pronto, clamd.infetto())
    with django_capture_on_commit_callbacks(execute=True):
        assert antivirus.controlla_in_attesa(adesso=DOPO) == 1

    cattivo.refresh_from_db()
    assert (cattivo.stato, cattivo.file.name) == (STATO.RESPINTO, "")
    assert "Chiedere alla persona un altro PDF" in cattivo.motivo
    assert archivio() == []
    assert curriculum_attuale(pronto.utente) is None
    evento = Evento.objects.get(azione=Azione.CURRICULUM_RESPINTO)
    assert evento.dettaglio["firma"].startswith(clamd.FIRMA)


def test_what_clamd_refuses_to_look_at_is_refused(
    pronto: Cast, acceso: None, django_capture_on_commit_callbacks: Any
) -> None:
    grande = salva(pronto, clamd.enorme())
    with django_capture_on_commit_callbacks(execute=True):
        assert antivirus.controlla_in_attesa(adesso=DOPO) == 1

    grande.refresh_from_db()
    assert grande.stato == STATO.RESPINTO
    assert "più grande" in grande.motivo
    assert archivio() == []


def test_silent_it_waits_and_goes_on_when_it_answers(pronto: Cast, spento: int) -> None:
    in_attesa = salva(pronto)

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    with pytest.raises(AntivirusAssente):
        antivirus.controlla(in_attesa.pk, adesso=DOPO)
    tasks.controlla_antivirus(in_attesa.pk)
    assert stati(pronto) == [STATO.IN_CONTROLLO]
    assert len(archivio()) == 1

    with clamd.finto(spento):
        tasks.giro_antivirus()
    assert stati(pronto) == [STATO.ATTUALE]


def test_cut_in_the_middle_of_the_answer_it_waits(pronto: Cast, finto: clamd.Finto) -> None:
    salva(pronto)
    finto.rispondi = lambda _: b"stream: OK"
    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    assert stati(pronto) == [STATO.IN_CONTROLLO]


def test_one_silence_ends_the_sweep(pronto: Cast, finto: clamd.Finto) -> None:
    """A daemon that is down is not knocked at for each CV."""
    primo = salva(pronto)
    Curriculum.objects.filter(pk=primo.pk).update(caricato_il=ORA - dt.timedelta(hours=1))
    altro = crea_cast()
    aggiungi_titolo(altro.utente)
    aggiungi_propensione(altro.utente, altro)
    salva(altro)
    finto.rispondi = lambda _: b""

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    assert finto.chiamate == 1


def test_cancelled_while_it_waits(pronto: Cast, finto: clamd.Finto, django_capture_on_commit_callbacks: Any) -> None:
    in_attesa = salva(pronto)
    with django_capture_on_commit_callbacks(execute=True):
        cancella_curriculum(curriculum=in_attesa, attore=pronto.operatore)

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    assert antivirus.controlla(in_attesa.pk, adesso=DOPO) is False
    assert (stati(pronto), archivio(), finto.chiamate) == ([STATO.CANCELLATO], [], 0)


def test_cancelled_while_it_is_being_scanned(pronto: Cast, finto: clamd.Finto) -> None:
    """A clean verdict that comes late brings nothing back."""
    in_attesa = salva(pronto)
    antivirus_originale = antivirus.Antivirus

    class Lento(antivirus_originale):  # type: ignore[misc,valid-type]
        def esamina(self, contenuto: bytes) -> object:
            cancella_curriculum(curriculum=in_attesa, attore=pronto.operatore)
            return super().esamina(contenuto)

    with pytest.MonkeyPatch.context() as mp:
        mp.setattr(antivirus, "Antivirus", Lento)
        assert antivirus.controlla(in_attesa.pk, adesso=DOPO) is False
    assert stati(pronto) == [STATO.CANCELLATO]


def test_a_newer_upload_takes_the_place_of_the_one_that_waits(
    pronto: Cast, finto: clamd.Finto, django_capture_on_commit_callbacks: Any
) -> None:
    with django_capture_on_commit_callbacks(execute=False):
        salva(pronto)
    with django_capture_on_commit_callbacks() as dopo:
        nuovo = salva(pronto, fabbrica.pdf(pagine=2))
    assert stati(pronto) == [STATO.CANCELLATO, STATO.IN_CONTROLLO]
    for fai in dopo:
        fai()

    antivirus.controlla_in_attesa(adesso=DOPO)
    assert stati(pronto) == [STATO.CANCELLATO, STATO.ATTUALE]
    assert [p.name for p in archivio()] == [nuovo.file.name.rsplit("/", 1)[1]]


def test_the_same_file_twice_waits_once(pronto: Cast, finto: clamd.Finto) -> None:
    dati = fabbrica.pdf()
    assert salva(pronto, dati).pk == salva(pronto, dati).pk
    assert stati(pronto) == [STATO.IN_CONTROLLO]


def test_the_current_one_again_sends_away_the_one_that_waits(pronto: Cast, finto: clamd.Finto) -> None:
    dati = fabbrica.pdf()
    primo = salva(pronto, dati)
    antivirus.controlla_in_attesa(adesso=ORA)
    salva(pronto, fabbrica.pdf(pagine=2))

    assert salva(pronto, dati).pk == primo.pk
    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    assert stati(pronto) == [STATO.ATTUALE, STATO.CANCELLATO]


def test_the_gate_is_asked_again(pronto: Cast, finto: clamd.Finto) -> None:
    """V1: the only study title went away while the CV waited."""
    in_attesa = salva(pronto)
    pronto.utente.titoli.all().delete()

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    in_attesa.refresh_from_db()
    assert in_attesa.stato == STATO.RESPINTO
    assert "titolo di studio" in in_attesa.motivo


def test_a_file_lost_from_the_archive_does_not_wait_for_ever(pronto: Cast, finto: clamd.Finto) -> None:
    in_attesa = salva(pronto)
    archivio()[0].unlink()

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    in_attesa.refresh_from_db()
    assert (in_attesa.stato, in_attesa.motivo) == (STATO.RESPINTO, antivirus.PERDUTO)


@pytest.mark.parametrize("manca", [".", "curriculum"])
def test_where_the_archive_is_away_they_wait(pronto: Cast, finto: clamd.Finto, manca: str) -> None:
    """Not mounted: every file looks lost, and none is."""
    salva(pronto)
    cartella = Path(default_storage.path(manca))
    altrove = cartella.rename(cartella.with_name("altrove"))
    assert antivirus.controlla_in_attesa(adesso=DOPO) == 0
    assert stati(pronto) == [STATO.IN_CONTROLLO]

    altrove.rename(cartella)
    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    assert stati(pronto) == [STATO.ATTUALE]


def test_a_file_that_cannot_be_read_now_waits_and_keeps_no_other_waiting(pronto: Cast, finto: clamd.Finto) -> None:
    salva(pronto)
    [percorso] = archivio()
    da_parte = percorso.rename(percorso.with_suffix(".altrove"))
    percorso.mkdir()  # there, and not to be read
    altro = crea_utente(pronto.cpi, pronto.operatore)
    aggiungi_titolo(altro)
    aggiungi_propensione(altro, pronto)
    salva_curriculum(utente=altro, file=file_pdf(), origine="portato", attore=pronto.operatore, adesso=DOPO)

    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    assert stati(pronto) == [STATO.IN_CONTROLLO]

    percorso.rmdir()
    da_parte.rename(percorso)
    assert antivirus.controlla_in_attesa(adesso=DOPO) == 1
    assert stati(pronto) == [STATO.ATTUALE]


def test_what_waits_is_taken_at_a_new_upload_where_the_antivirus_is_no_longer_used(
    pronto: Cast, finto: clamd.Finto, settings: Any
) -> None:
    dati = fabbrica.pdf()
    salva(pronto, dati)
    settings.CLAMAV_SOCKET = ""
    salva(pronto, dati)

    assert stati(pronto) == [STATO.CANCELLATO, STATO.ATTUALE]


def test_nobody_downloads_what_has_not_been_looked_at(pronto: Cast, finto: clamd.Finto) -> None:
    in_attesa = salva(pronto)
    indirizzo = reverse("curriculum:scarica", args=[in_attesa.pk])
    assert pronto.client("operatore").get(indirizzo).status_code == 404

    finto.rispondi = lambda _: b"stream: X FOUND\0"
    antivirus.controlla_in_attesa(adesso=DOPO)
    assert pronto.client("operatore").get(indirizzo).status_code == 404


def test_scanned_right_after_the_save(transactional_db: None, acceso: None) -> None:
    """The bell of the save, with real transactions."""
    cast = crea_cast()
    aggiungi_titolo(cast.utente)
    aggiungi_propensione(cast.utente, cast)
    salva(cast)
    assert stati(cast) == [STATO.ATTUALE]
    salva(cast, clamd.infetto())
    assert stati(cast) == [STATO.ATTUALE, STATO.RESPINTO]
    assert len(archivio()) == 1


def test_off_by_default(pronto: Cast, settings: Any) -> None:
    assert settings.CLAMAV_SOCKET == ""
    salva(pronto)
    assert stati(pronto) == [STATO.ATTUALE]
    with pytest.raises(CommandError, match="CLAMAV_SOCKET"):
        call_command("controlla_antivirus")


def test_the_command_scans_what_waits(pronto: Cast, finto: clamd.Finto, capsys: pytest.CaptureFixture[str]) -> None:
    salva(pronto)
    call_command("controlla_antivirus")
    assert capsys.readouterr().out == "Curriculum controllati: 1.\n"
    assert stati(pronto) == [STATO.ATTUALE]
