"""The panel, the upload, the download and the cancelling, as the cast sees them (V1, V4, A1, A2)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.test import Client

from curriculum.models import Curriculum
from curriculum.services.curriculum import salva_curriculum
from curriculum.views.file import nome_del_file
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.presa_in_carico import revoca_consenso
from orientamento.comune.calendario import adesso
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum import fabbrica
from tests.curriculum.conftest import aggiungi_titolo, archivio, file_pdf

HTMX = {"HX-Request": "true"}


def carica(cast: Cast, chi: str = "operatore", dati: bytes | None = None, nome: str = "cv.pdf", **extra: Any) -> Any:
    return cast.client(chi).post(
        f"/utenti/{cast.utente.pk}/curriculum/carica", {"origine": "portato", "file": file_pdf(dati, nome)}, **extra
    )


def salvato(cast: Cast, giorni_fa: int = 0, dati: bytes | None = None) -> Curriculum:
    return salva_curriculum(
        utente=cast.utente,
        file=file_pdf(dati),
        origine="portato",
        attore=cast.operatore,
        adesso=adesso() - dt.timedelta(days=giorni_fa),
    )


def parole_di(risposta: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", risposta.content.decode()).split())


def test_panel_on_its_page_and_alone(pronto: Cast) -> None:
    client, url = pronto.client("operatore"), f"/utenti/{pronto.utente.pk}/curriculum"
    pagina, pezzo = client.get(url), client.get(url, headers=HTMX)

    assert pagina.content.decode().count('id="pannello-curriculum"') == 1
    assert "<html" in pagina.content.decode()
    assert pezzo.content.decode().lstrip().startswith('<section id="pannello-curriculum"')
    assert "al massimo 10 MB e 50 pagine" in parole_di(pagina)


def test_panel_reads_little(pronto: Cast, django_assert_max_num_queries: Any) -> None:
    for pagine in range(1, 6):
        salvato(pronto, dati=fabbrica.pdf(pagine=pagine))
    client = pronto.client("operatore")
    with django_assert_max_num_queries(10):
        client.get(f"/utenti/{pronto.utente.pk}/curriculum", headers=HTMX)


def test_closed_gate_says_why_and_leads_there(cast: Cast) -> None:
    """V1."""
    aggiungi_titolo(cast.utente)
    pagina = cast.client("operatore").get(f"/utenti/{cast.utente.pk}/curriculum")

    html = pagina.content.decode()
    assert f'href="/utenti/{cast.utente.pk}/propensioni#pannello-propensioni"' in html
    assert "pannello-titoli" not in html
    assert 'aria-disabled="true" aria-describedby="cv-mancanze"' in html
    assert 'type="file"' not in html


def test_upload_past_a_closed_gate_is_refused(cast: Cast) -> None:
    """V1: a page opened before the last title was taken away."""
    risposta = carica(cast, headers=HTMX)

    assert risposta.status_code == 422
    assert "Il curriculum non è stato salvato. Prima occorre aggiungere" in parole_di(risposta)
    assert not Curriculum.objects.exists()


def test_upload_with_htmx_answers_the_fresh_panel(pronto: Cast) -> None:
    risposta = carica(pronto, headers=HTMX)

    assert risposta.status_code == 200
    assert risposta["HX-Trigger"] == "fascicolo-cambiato"
    assert "Il curriculum è salvato e vale fino al" in parole_di(risposta)
    assert Curriculum.objects.get().caricato_da == pronto.operatore


def test_upload_without_javascript_redirects(pronto: Cast) -> None:
    risposta = carica(pronto, follow=True)

    assert risposta.redirect_chain == [(f"/utenti/{pronto.utente.pk}/curriculum", 302)]
    assert "Il curriculum è salvato e vale fino al" in parole_di(risposta)


RIFIUTATI = (
    "vuoto",
    "docx con altro nome",
    "PDF al byte 10",
    "password",
    "troppo grande",
    "51 pagine",
    "troncato",
    "JS all'apertura",
    "programma allegato",
    "bomba doppia",
)


@pytest.mark.parametrize("nome", RIFIUTATI)
def test_refused_upload_says_why_at_the_field(pronto: Cast, nome: str) -> None:
    """V1: never a broken page, whatever is sent."""
    dati, pezzo = fabbrica.cattivi()[nome]
    risposta = carica(pronto, dati=dati, headers=HTMX)

    assert risposta.status_code == 422
    assert pezzo.replace("'", "&#x27;") in parole_di(risposta)
    assert 'id="id_cv_file_error"' in risposta.content.decode()
    assert not Curriculum.objects.exists()
    assert archivio() == []


def test_content_counts_not_the_name(pronto: Cast) -> None:
    """V1."""
    assert carica(pronto, nome="cv.docx", headers=HTMX).status_code == 200


def test_no_file_chosen(pronto: Cast) -> None:
    risposta = pronto.client("operatore").post(
        f"/utenti/{pronto.utente.pk}/curriculum/carica", {"origine": "portato"}, headers=HTMX
    )

    assert risposta.status_code == 422
    assert "Scegliere il file PDF del curriculum." in parole_di(risposta)


@pytest.mark.parametrize("htmx", [True, False])
def test_a_huge_body_gets_words_and_fills_no_disk(pronto: Cast, settings: Any, htmx: bool) -> None:
    settings.CARICAMENTO_MASSIMO = 1024 * 1024
    risposta = carica(pronto, dati=b"%PDF-" + b"x" * 3_000_000, headers=HTMX if htmx else {})

    assert risposta.status_code == 422
    assert "Il file supera 10 MB, il massimo consentito." in parole_di(risposta)


def test_the_token_is_asked_for(pronto: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(pronto.operatore, backend="django.contrib.auth.backends.ModelBackend")
    risposta = client.post(f"/utenti/{pronto.utente.pk}/curriculum/carica", {"origine": "portato", "file": file_pdf()})

    assert risposta.status_code == 403
    assert not Curriculum.objects.exists()


@pytest.mark.parametrize(
    ("giorni_fa", "parole"),
    [(0, "Valido fino al"), (160, "tra 2"), (400, "Scaduto il")],
)
def test_state_in_words(pronto: Cast, giorni_fa: int, parole: str) -> None:
    """V4: from the date, at every reading."""
    salvato(pronto, giorni_fa)

    assert parole in parole_di(pronto.client("operatore").get(f"/utenti/{pronto.utente.pk}/curriculum", headers=HTMX))


def test_no_cv_in_words(pronto: Cast) -> None:
    assert "Nessun curriculum" in parole_di(pronto.client("operatore").get(f"/utenti/{pronto.utente.pk}/curriculum"))


def test_download_is_an_attachment_with_the_persons_name(pronto: Cast) -> None:
    """A2: one line of the register."""
    dati = fabbrica.pdf(pagine=2)
    cv = salvato(pronto, dati=dati)
    risposta = pronto.client("collega").get(f"/curriculum/{cv.pk}/scarica")

    assert b"".join(risposta.streaming_content) == dati
    assert risposta["Content-Type"] == "application/pdf"
    assert risposta["Content-Disposition"].startswith("attachment; filename")
    assert risposta["X-Content-Type-Options"] == "nosniff"
    assert risposta["Cache-Control"] == "private, no-store"
    evento = Evento.objects.get(azione=Azione.CURRICULUM_SCARICATO)
    assert (evento.attore, evento.oggetto_id, evento.percorso) == (
        pronto.collega,
        cv.pk,
        f"/curriculum/{cv.pk}/scarica",
    )


@pytest.mark.parametrize(
    ("cognome", "nome", "atteso"),
    [
        ("Bianchi", "Anna", "CV Bianchi Anna.pdf"),
        ("D'Amico", "Noè", "CV D'Amico Noè.pdf"),
        ('Ro"ssi\r\n', "../Ma;rio", "CV Ro ssi .. Ma rio.pdf"),
    ],
)
def test_file_name_is_safe(cognome: str, nome: str, atteso: str) -> None:
    assert nome_del_file(Utente(cognome=cognome, nome=nome)) == atteso


def test_a_file_lost_from_the_archive_is_said(pronto: Cast) -> None:
    cv = salvato(pronto)
    default_storage.delete(cv.file.name)
    risposta = pronto.client("operatore").get(f"/curriculum/{cv.pk}/scarica", follow=True)

    assert "Il file non si trova" in parole_di(risposta)


def test_cancelling_and_clicking_twice(pronto: Cast, django_capture_on_commit_callbacks: Any) -> None:
    cv, client = salvato(pronto), pronto.client("operatore")
    with django_capture_on_commit_callbacks(execute=True):
        prima = client.post(f"/curriculum/{cv.pk}/cancella", headers=HTMX)
        seconda = client.post(f"/curriculum/{cv.pk}/cancella", headers=HTMX)

    assert (prima.status_code, seconda.status_code) == (200, 200)
    assert prima["HX-Trigger"] == "fascicolo-cambiato"
    assert "Nessun curriculum" in parole_di(prima)
    assert client.get(f"/curriculum/{cv.pk}/scarica").status_code == 404
    assert archivio() == []


@pytest.mark.parametrize("verbo", ["carica", "sollecita", "controlla", "luoghi"])
def test_coming_to_a_verb_by_address_leads_to_the_panel(pronto: Cast, verbo: str) -> None:
    """After a new login the browser asks for the address of the form."""
    salvato(pronto)
    risposta = pronto.client("operatore").get(f"/utenti/{pronto.utente.pk}/curriculum/{verbo}")

    assert (risposta.status_code, risposta["Location"]) == (302, f"/utenti/{pronto.utente.pk}/curriculum")


def _codici(cast: Cast, chi: str, cv: Curriculum) -> tuple[int, int, int, int]:
    client = cast.client(chi)
    return (
        client.get(f"/utenti/{cast.utente.pk}/curriculum").status_code,
        client.get(f"/curriculum/{cv.pk}/scarica").status_code,
        carica(cast, chi, headers=HTMX).status_code,
        client.post(f"/curriculum/{cv.pk}/cancella", headers=HTMX).status_code,
    )


@pytest.mark.parametrize(
    ("chi", "codici"),
    [
        ("operatore", (200, 200, 200, 200)),
        ("collega", (200, 200, 200, 200)),
        ("responsabile", (200, 200, 200, 200)),
        ("incrocio", (200, 200, 403, 403)),
        ("estraneo", (404, 404, 404, 404)),
        ("amministratore", (404, 404, 404, 404)),
    ],
)
def test_who_may_what(pronto: Cast, chi: str, codici: tuple[int, ...]) -> None:
    """A1: a stranger gets 404, a colleague without the right 403."""
    cv = salvato(pronto)

    assert _codici(pronto, chi, cv) == codici


def test_matching_needs_the_consent(pronto: Cast) -> None:
    """U2, A1."""
    cv = salvato(pronto)
    revoca_consenso(consenso=pronto.utente.consensi.get(finalita="incontro"), attore=pronto.operatore, adesso=adesso())

    assert _codici(pronto, "incrocio", cv)[:2] == (404, 404)


def test_matching_sees_only_the_current_one(pronto: Cast) -> None:
    """A1: what was replaced, and how it was cancelled, is the office's business."""
    vecchio = salvato(pronto)
    salvato(pronto, dati=fabbrica.pdf(pagine=2))
    client = pronto.client("incrocio")

    assert client.get(f"/curriculum/{vecchio.pk}/scarica").status_code == 404
    pagina = client.get(f"/utenti/{pronto.utente.pk}/curriculum").content.decode()
    assert "Curriculum precedenti" not in pagina
    assert "cancella" not in pagina
    assert 'type="file"' not in pagina
