"""The folder that takes the place of a mail server in a trial, and the page that shows it."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse
from environ import Env

from orientamento.anagrafica.models import Messaggio, StatoMessaggio
from orientamento.anagrafica.posta import cartella
from orientamento.anagrafica.posta.controlli import posta_cifrata, posta_configurata
from orientamento.anagrafica.services.messaggi import accoda_messaggio, identificatore, invia_messaggi
from orientamento.anagrafica.views.posta import MESSAGGI_PER_PAGINA
from tests.anagrafica.test_messaggi import ORA
from tests.cast import Cast, crea_utente

PAGINA = "/posta-in-uscita"


@pytest.fixture
def uffici(cast: Cast, settings: Any, tmp_path: Path) -> Cast:
    settings.DATI_DIR = tmp_path
    cast.utente.email = "anna@example.org"
    cast.utente.save()
    return cast


def scrivi(cast: Cast, numero: int = 1, testo: str = "Gentile Anna,\n\nperché è così.", **altro: Any) -> Messaggio:
    dati = {"utente": cast.utente, "oggetto": f"Avviso {numero}", **altro}
    return accoda_messaggio(causale=f"prova:{numero}", testo=testo, attore=cast.operatore, adesso=ORA, **dati)


def file_della_posta(tmp_path: Path) -> list[Path]:
    return sorted((tmp_path / "posta").glob("**/*"))


def test_a_message_becomes_one_whole_file(uffici: Cast, tmp_path: Path) -> None:
    messaggio = scrivi(uffici)
    assert invia_messaggi(adesso=ORA) == 1

    (file,) = file_della_posta(tmp_path)
    assert file.name == f"{identificatore(messaggio).strip('<>')}.eml"
    assert file.stat().st_mode & 0o077 == 0
    lettera = cartella.leggi(identificatore(messaggio))
    assert lettera
    assert (lettera["a"], lettera["oggetto"]) == ("anna@example.org", "Avviso 1")
    assert lettera["testo"].startswith("Gentile Anna,\n\nperché è così.")


def test_what_cannot_be_written_waits(uffici: Cast, tmp_path: Path) -> None:
    (tmp_path / "posta").write_text("non è una cartella")
    messaggio = scrivi(uffici)
    assert invia_messaggi(adesso=ORA) == 0
    messaggio.refresh_from_db()
    assert messaggio.stato == StatoMessaggio.DA_INVIARE

    (tmp_path / "posta").unlink()
    assert invia_messaggi(adesso=ORA + dt.timedelta(hours=1)) == 1


@pytest.mark.parametrize("nome", ["<../../fuori@example.it>", "</etc/passwd>", "<a/b\\c\0d@x>"])
def test_no_name_leads_out_of_the_folder(uffici: Cast, tmp_path: Path, nome: str) -> None:
    assert cartella._percorso(nome).parent == tmp_path / "posta"
    assert cartella.leggi(nome) is None


def test_the_page_shows_each_operator_their_own_office(uffici: Cast) -> None:
    """A1: newest first."""
    scrivi(uffici, 1)
    scrivi(uffici, 2)
    altrove = crea_utente(uffici.altro_cpi, uffici.estraneo, email="altrove@example.org")
    scrivi(uffici, 3, utente=altrove, testo="Solo per Empoli")
    invia_messaggi(adesso=ORA)

    testo = uffici.client("collega").get(PAGINA).content.decode()
    assert testo.index("Avviso 2") < testo.index("Avviso 1")
    assert "perché è così." in testo
    assert "Empoli" not in testo
    assert "Solo per Empoli" in uffici.client("estraneo").get(PAGINA).content.decode()


def test_markup_in_a_message_is_only_text(uffici: Cast) -> None:
    scrivi(uffici, testo="<script>alert(1)</script>")
    invia_messaggi(adesso=ORA)
    assert "&lt;script&gt;" in uffici.client("operatore").get(PAGINA).content.decode()


def test_what_waits_is_not_shown_as_gone(uffici: Cast) -> None:
    scrivi(uffici)
    assert "Nessun messaggio è ancora partito" in uffici.client("operatore").get(PAGINA).content.decode()


def test_older_ones_on_the_next_page(uffici: Cast) -> None:
    for numero in range(MESSAGGI_PER_PAGINA + 1):
        scrivi(uffici, numero)
    invia_messaggi(adesso=ORA)
    client = uffici.client("operatore")

    prima = client.get(PAGINA)
    seconda = client.get(f"{PAGINA}?prima={prima.context['prossima']}")
    assert len(prima.context["messaggi"]) == MESSAGGI_PER_PAGINA
    assert [m["lettera"]["oggetto"] for m in seconda.context["messaggi"]] == ["Avviso 0"]
    assert seconda.context["prossima"] is None
    assert client.get(f"{PAGINA}?prima=²").status_code == 200


@pytest.mark.parametrize("altro", ["", "orientamento.anagrafica.posta.server.ServerDiPosta"])
def test_not_found_where_messages_really_leave(uffici: Cast, settings: Any, altro: str) -> None:
    settings.POSTA_BACKEND = altro
    assert uffici.client("operatore").get(reverse("anagrafica:posta_in_uscita")).status_code == 404


def test_the_check_of_production_says_that_mail_is_missing(settings: Any) -> None:
    settings.POSTA_BACKEND = ""
    assert [avviso.id for avviso in posta_configurata()] == ["anagrafica.W001"]
    settings.POSTA_BACKEND = "orientamento.anagrafica.posta.server.ServerDiPosta"
    assert posta_configurata() == []


@pytest.mark.parametrize(
    ("indirizzo", "avvisi"),
    [
        ("smtp://u:p@posta.example.it:25", ["anagrafica.W002"]),
        ("smtp://10.0.0.1", ["anagrafica.W002"]),
        ("smtp+tls://posta.example.it:587", []),
        ("smtps://posta.example.it:587", []),
        ("smtp+ssl://posta.example.it:465", []),
        ("smtp://localhost:25", []),
        ("smtp://[::1]:25", []),
        ("", []),
    ],
)
def test_the_check_of_production_says_that_mail_goes_in_clear(settings: Any, indirizzo: str, avvisi: list[str]) -> None:
    settings.EMAIL_URL = indirizzo
    for nome, valore in (Env.email_url_config(indirizzo) if indirizzo else {}).items():
        setattr(settings, nome, valore)
    assert [avviso.id for avviso in posta_cifrata()] == avvisi
