"""What a process that died left in the archive goes away; what a row names, or may still come to name, never does."""

from __future__ import annotations

import datetime as dt
import logging
import os
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command

from curriculum.models import Curriculum
from orientamento.comune import archivio
from orientamento.comune.archivio import ArchivioInatteso, togli_file_orfani
from orientamento.comune.calendario import adesso, oggi
from orientamento.tasks import togli_file_orfani as lavoro
from psp.models import PattoDiServizio, ProvaAtto
from tests.cast import Cast
from tests.psp import scene_patto

CARTELLE = ("curriculum/ab", "patti/2026", "prove/0f")


@pytest.fixture(autouse=True)
def _archivio_proprio(settings: Any, tmp_path: Path) -> None:
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documenti"},
        },
    }


def di_ore_fa(nome: str, ore: float = 25) -> str:
    """A file last written so many hours ago; written now, where it is not there yet."""
    if not default_storage.exists(nome):
        default_storage.save(nome, ContentFile(b"%PDF-1.7"))
    quando = (adesso() - dt.timedelta(hours=ore)).timestamp()
    os.utime(default_storage.path(nome), (quando, quando))
    return nome


def rimasti(*nomi: str) -> list[str]:
    return [nome for nome in nomi if default_storage.exists(nome)]


def curriculum(cast: Cast, nome: str, stato: str = "sostituito") -> Curriculum:
    return Curriculum.objects.create(
        utente=cast.utente, stato=stato, origine="portato", file=nome, nome_originale="cv.pdf", sha256="0" * 64,
        dimensione=1, pagine=1, caricato_il=adesso(), caricato_da=cast.operatore, valido_fino_al=oggi(),
    )  # fmt: skip


def togli() -> int:
    return togli_file_orfani(adesso=adesso())


@pytest.mark.django_db
def test_what_no_row_names_goes_once_it_is_a_day_old() -> None:
    vecchi = [di_ore_fa(f"{cartella}/vecchio.pdf", 24.1) for cartella in CARTELLE]
    giovani = [di_ore_fa(f"{cartella}/giovane.pdf", 23.9) for cartella in CARTELLE]

    assert togli() == 3
    assert rimasti(*vecchi, *giovani) == giovani
    assert togli() == 0


def test_what_a_row_names_stays(cast: Cast) -> None:
    """A CV of any state, the signed copy of a pact, the proof of an act."""
    nomi = [curriculum(cast, f"curriculum/ab/{stato}.pdf", stato).file.name or "" for stato in Curriculum.Stato.values]
    patto = scene_patto.firmato(cast)
    atto = patto.atti.first()
    assert atto
    prova = ProvaAtto(atto=atto, modo="documento", fatto_il=oggi(), descrizione="Elenco", sha256="0" * 64)
    prova.registrata_il, prova.registrata_da = adesso(), cast.operatore
    prova.file.save("prova.pdf", ContentFile(b"%PDF-1.7"))
    nomi += [PattoDiServizio.objects.get(pk=patto.pk).scansione.name or "", prova.file.name or ""]
    for nome in nomi:
        di_ore_fa(nome, 24 * 400)
    orfano = di_ore_fa("prove/0f/orfano.pdf")

    assert togli() == 1
    assert rimasti(*nomi, orfano) == nomi


@pytest.mark.django_db
def test_other_folders_and_links_are_left_alone(tmp_path: Path) -> None:
    """Nobody answers for them, or they lead elsewhere."""
    altrui = di_ore_fa("altro/file.pdf")
    fuori = tmp_path / "fuori"
    fuori.mkdir()
    (fuori / "file.pdf").write_bytes(b"x")
    os.utime(fuori / "file.pdf", (0, 0))
    di_ore_fa("curriculum/ab/orfano.pdf")
    Path(default_storage.path("curriculum/cd")).symlink_to(fuori)

    assert togli() == 1
    assert rimasti(altrui) == [altrui]
    assert (fuori / "file.pdf").exists()


def test_asked_in_lots_and_no_more_than_a_night_may(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archivio, "LOTTO", 2)
    monkeypatch.setattr(archivio, "TOLTI_MASSIMI", 3)
    usati = [curriculum(cast, di_ore_fa(f"curriculum/ab/{n}.pdf")).file.name or "" for n in range(7)]
    for n in range(5):
        di_ore_fa(f"curriculum/cd/{n}.pdf")

    assert [togli(), togli(), togli()] == [3, 2, 0]
    assert rimasti(*usati) == usati


def test_beside_the_wrong_database_nothing_goes(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """More orphans than files in use, in any folder: not even those of the folders before it."""
    monkeypatch.setattr(archivio, "POCHI", 2)
    curriculum(cast, di_ore_fa("curriculum/ab/usato.pdf"))
    nomi = [di_ore_fa("curriculum/cd/orfano.pdf"), *(di_ore_fa(f"prove/0f/{n}.pdf") for n in range(3))]

    with pytest.raises(ArchivioInatteso, match="prove 3 file su 3"):
        togli()
    with pytest.raises(CommandError, match="non è stato tolto nulla"):
        call_command("togli_file_orfani")
    assert rimasti(*nomi) == nomi


@pytest.mark.django_db
def test_the_command_and_the_task_say_only_how_many(
    capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    di_ore_fa("curriculum/ab/orfano.pdf")
    with caplog.at_level(logging.INFO):
        call_command("togli_file_orfani")
        di_ore_fa("patti/2026/orfano.pdf")
        lavoro.delay()

    assert capsys.readouterr().out == "File tolti: 1.\n"
    righe = [r.getMessage() for r in caplog.records if r.name == "orientamento.comune.archivio"]
    assert righe == ["File che nessuna riga nomina, tolti dall'archivio: 1"] * 2
