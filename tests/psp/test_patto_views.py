"""The pages of pact and review: who may, what they answer, how many queries (A1, T1-T4)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils.html import escape

from orientamento.anagrafica.models import Ruolo
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.models import Evento
from psp.models import PattoDiServizio
from psp.services import atto, patto, revisione
from tests.cast import Cast, crea_operatore
from tests.psp.scene_patto import campi_impegni, completo, firmato, in_revisione, pdf, piano, proposto, scansione

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


# ---- Who may


@pytest.mark.parametrize(
    ("chi", "atteso"),
    [
        ("operatore", 200),
        ("collega", 200),
        ("responsabile", 200),
        ("estraneo", 404),
        ("incrocio", 403),
        ("amministratore", 404),
    ],
)
def test_who_may_read_plan_pact_and_print_a1(cast: Cast, chi: str, atteso: int) -> None:
    p = completo(cast)
    client = cast.client(chi)
    assert client.get(piano(p)).status_code == atteso
    assert client.get(reverse("psp:patto", args=[p.pk])).status_code == atteso
    assert client.get(reverse("psp:patto_pdf", args=[p.pk])).status_code == atteso


@pytest.mark.parametrize(
    "nome",
    [
        "manda_in_revisione",
        "riporta_in_bozza",
        "registra_firma",
        "annulla_patto",
        "chiudi_patto",
        "nuovo_patto",
        "impegni",
        "profilazione",
        "atti",
        "atti_tipici",
        "riprendi_atti",
        "misure_del_patto",
        "revisione",
    ],
)
@pytest.mark.parametrize(("chi", "atteso"), [("estraneo", 404), ("incrocio", 403), ("amministratore", 404)])
def test_who_may_not_write_a1(cast: Cast, nome: str, chi: str, atteso: int) -> None:
    p = completo(cast)
    prima = Evento.objects.count()
    assert cast.client(chi).post(reverse(f"psp:{nome}", args=[p.pk])).status_code == atteso
    assert Evento.objects.count() == prima


@pytest.mark.parametrize(
    ("chi", "atteso"),
    [("responsabile", 200), ("operatore", 403), ("estraneo", 403), ("incrocio", 403), ("amministratore", 403)],
)
def test_who_may_see_the_queue_t4(cast: Cast, chi: str, atteso: int) -> None:
    in_revisione(cast)
    assert cast.client(chi).get(reverse("psp:revisioni")).status_code == atteso


def test_rows_of_another_pact_are_not_found(cast: Cast) -> None:
    p = completo(cast)
    client = cast.client("operatore")
    assert client.post(reverse("psp:atto", args=[p.pk, 999_999])).status_code == 404
    assert client.post(reverse("psp:misura_del_patto", args=[p.pk, 999_999])).status_code == 404


# ---- The pact


def test_the_page_says_state_and_next_step(cast: Cast) -> None:
    client = cast.client("operatore")
    p = completo(cast)
    pagina = reverse("psp:patto", args=[p.pk])
    assert "pronto per la revisione" in client.get(pagina).content.decode()
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    assert "aspetta la lettura" in client.get(pagina).content.decode()
    revisione.rimanda_patto(patto=p, commenti={"piano": "Servono più atti"}, attore=cast.responsabile, adesso=adesso())
    testo = client.get(pagina).content.decode()
    assert "Servono più atti" in testo
    assert "#sezione-piano" in testo
    assert "Servono più atti" in client.get(piano(p)).content.decode()


def test_pdf_is_marked_as_draft_then_the_stored_bytes(cast: Cast) -> None:
    p = completo(cast)
    client = cast.client("operatore")
    url = reverse("psp:patto_pdf", args=[p.pk])
    risposta = client.get(url)
    assert risposta["Content-Type"] == "application/pdf"
    assert risposta["Content-Disposition"] == f'inline; filename="patto-{p.pk}-bozza.pdf"'
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
    p.refresh_from_db()
    prima, dopo = client.get(url), client.get(f"{url}?scarica=1")
    assert prima.content == dopo.content == bytes(p.pdf)
    assert dopo["Content-Disposition"] == f'attachment; filename="{p.codice_versione}.pdf"'
    assert prima["Cache-Control"] == "private, no-store"


def test_signature_from_the_page(cast: Cast) -> None:
    p = proposto(cast)
    client = cast.client("operatore")
    url = reverse("psp:registra_firma", args=[p.pk])
    falso = client.post(url, {"firmato_il": f"{oggi():%d/%m/%Y}", "scansione": scansione(b"PK\x03\x04", "patto.pdf")})
    assert falso.status_code == 422
    assert "PDF" in falso.content.decode()
    byte = pdf()
    dati = {"firmato_il": f"{oggi():%d/%m/%Y}", "scansione": scansione(byte)}
    risposta = client.post(url, dati, follow=True)
    assert "in vigore" in risposta.content.decode()
    copia = client.get(reverse("psp:patto_scansione", args=[p.pk]))
    assert copia.content == byte
    assert "attachment" in copia["Content-Disposition"]
    assert cast.client("estraneo").get(reverse("psp:patto_scansione", args=[p.pk])).status_code == 404


def test_no_signed_copy_yet_is_not_found(cast: Cast) -> None:
    p = proposto(cast)
    assert cast.client("operatore").get(reverse("psp:patto_scansione", args=[p.pk])).status_code == 404


def test_reasons_are_asked_for(cast: Cast) -> None:
    client = cast.client("operatore")
    p = firmato(cast)
    risposta = client.post(reverse("psp:chiudi_patto", args=[p.pk]), {"chiusura-motivo": ""})
    assert risposta.status_code == 422
    client.post(reverse("psp:chiudi_patto", args=[p.pk]), {"chiusura-motivo": "Assunzione"})
    p.refresh_from_db()
    assert p.stato == "chiuso"


# ---- The review


def test_queue_oldest_first_with_signals(cast: Cast) -> None:
    p = in_revisione(cast)
    testo = cast.client("responsabile").get(reverse("psp:revisioni")).content.decode()
    assert escape(p.utente.cognome) in testo
    assert "Un solo atto" in testo
    altrove = crea_operatore(Ruolo.RESPONSABILE, cast.altro_cpi)
    client = Client()
    client.force_login(altrove, backend="django.contrib.auth.backends.ModelBackend")
    assert escape(p.utente.cognome) not in client.get(reverse("psp:revisioni")).content.decode()
    assert client.get(reverse("psp:revisione", args=[p.pk])).status_code == 404


def test_review_page_shows_the_paper_and_what_changed_t4(cast: Cast) -> None:
    p = in_revisione(cast)
    revisione.rimanda_patto(patto=p, commenti={"piano": "Altri atti"}, attore=cast.responsabile, adesso=adesso())
    atto.aggiungi_atti_tipici(patto=p, chiavi=["portali"], attore=cast.operatore, adesso=adesso())
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    testo = cast.client("responsabile").get(reverse("psp:revisione", args=[p.pk])).content.decode()
    assert "Cambiato dall'ultima revisione" in testo
    assert "Consultare i portali" in testo
    assert "Altri atti" in testo
    assert f"Lo leggerà {cast.operatore}" in testo


def test_sending_back_without_a_comment_is_refused_and_nothing_typed_is_lost(cast: Cast) -> None:
    p = in_revisione(cast)
    client = cast.client("responsabile")
    url = reverse("psp:revisione", args=[p.pk])
    assert client.post(url, {"esito": "rimanda"}).status_code == 422
    lungo = client.post(url, {"esito": "rimanda", "commento-piano": "x" * 2001, "commento-misure": "Da tenere"})
    assert lungo.status_code == 422
    assert "Da tenere" in lungo.content.decode()
    assert client.post(url, {"esito": "rimanda", "commento-misure": "Da tenere"}).status_code == 302
    p.refresh_from_db()
    assert p.stato == "bozza"


def test_the_author_sees_the_page_but_not_the_verbs_t4(cast: Cast) -> None:
    p = completo(cast)
    PattoDiServizio.objects.filter(pk=p.pk).update(autore=cast.responsabile)
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    client = cast.client("responsabile")
    url = reverse("psp:revisione", args=[p.pk])
    testo = client.get(url).content.decode()
    assert "scritto lei" in testo or "ha scritto" in testo
    assert 'name="esito"' not in testo
    rifiuto = client.post(url, {"esito": "approva"})
    assert rifiuto.status_code == 422
    p.refresh_from_db()
    assert p.stato == "in_revisione"


def test_back_button_after_the_verdict_finds_a_message(cast: Cast) -> None:
    p = in_revisione(cast)
    client = cast.client("responsabile")
    url = reverse("psp:revisione", args=[p.pk])
    assert client.post(url, {"esito": "approva"}, follow=True).status_code == 200
    ancora = client.post(url, {"esito": "approva"}, follow=True)
    assert "non è stata eseguita" in ancora.content.decode()
    assert client.get(url, follow=True).redirect_chain


# ---- Queries


def test_query_counts(cast: Cast, django_assert_max_num_queries: Any) -> None:
    p = completo(cast)
    atto.aggiungi_atti_tipici(
        patto=p, chiavi=["portali", "candidature", "agenzia-lavoro"], attore=cast.operatore, adesso=adesso()
    )
    client = cast.client("operatore")
    with django_assert_max_num_queries(38):
        client.get(piano(p))
    with django_assert_max_num_queries(19):
        client.post(reverse("psp:impegni", args=[p.pk]), campi_impegni(cast, p), headers=HTMX)
    with django_assert_max_num_queries(40):
        client.get(reverse("psp:patto", args=[p.pk]))
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    responsabile = cast.client("responsabile")
    with django_assert_max_num_queries(6):
        responsabile.get(reverse("psp:revisioni"))
