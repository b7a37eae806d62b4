"""What the tests of the CV share: a citizen who may have one, and a look at the archive."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from orientamento.anagrafica.models import LivelloStudio, TitoloStudio, Utente
from propensioni.models import Professione, Propensione
from tests.cast import Cast
from tests.curriculum import fabbrica


def aggiungi_titolo(utente: Utente, livello: int = LivelloStudio.DIPLOMA) -> None:
    TitoloStudio.objects.create(utente=utente, livello=livello, descrizione="Diploma di ragioneria", anno=2010)


def aggiungi_propensione(utente: Utente, cast: Cast) -> None:
    professione, _ = Professione.objects.get_or_create(codice="8.1.3.1.0", titolo="Magazziniere di prova")
    Propensione.objects.create(
        utente=utente,
        posto=1,
        professione=professione,
        da_lavoro=True,
        data_intervista=dt.date(2026, 11, 23),
        creata_da=cast.operatore,
    )


def file_pdf(dati: bytes | None = None, nome: str = "il mio cv.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(nome, fabbrica.pdf() if dati is None else dati, content_type="application/pdf")


def archivio() -> list[Path]:
    """Every file that the application keeps."""
    radice = Path(settings.STORAGES["default"]["OPTIONS"]["location"])
    return sorted(p for p in radice.rglob("*") if p.is_file()) if radice.exists() else []


@pytest.fixture
def pronto(cast: Cast) -> Cast:
    """The cast, whose citizen has a study title and a propensione."""
    aggiungi_titolo(cast.utente)
    aggiungi_propensione(cast.utente, cast)
    return cast


@pytest.fixture(autouse=True)
def _archivio_proprio(settings: object, tmp_path: Path) -> None:
    settings.STORAGES = {  # type: ignore[attr-defined]
        **settings.STORAGES,  # type: ignore[attr-defined]
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "documenti"},
        },
    }
