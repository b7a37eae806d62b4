"""The pages of plan, pact and review: who may, what they answer, how many queries (A1, T1-T4, C8)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.anagrafica.models import Ruolo
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import PattoDiServizio, Profilazione
from psp.services import atto, patto, revisione
from psp.services.completezza_colloquio import indirizzo_fase
from tests.cast import Cast, crea_operatore
from tests.psp.scene import analizzato, apri
from tests.psp.scene_patto import ATTO, bozza, completo, firmato, in_revisione, pdf, proposto, scansione

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


def piano(p: PattoDiServizio) -> str:
    return indirizzo_fase(p.colloquio, 3)


def campi_impegni(cast: Cast, p: PattoDiServizio, **altro: Any) -> dict[str, Any]:
    return {
        "versione": p.versione,
        "responsabile_attivita": cast.operatore.pk,
        "frequenza_contatti": "mensile",
        "modo_contatti": "Al centro",
        "prova_ricerca": "Elenco",
        "disponibilita_laboratori": "si",
        "disponibilita_formazione": "si",
        "disponibilita_offerte": "si",
        "valido_dal": f"{p.valido_dal:%d/%m/%Y}",
        "valido_al": f"{p.valido_al:%d/%m/%Y}",
        **altro,
    }


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
        "misure",
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
    assert client.post(reverse("psp:misura", args=[p.pk, 999_999])).status_code == 404


# ---- The plan


def test_reading_phase_three_writes_no_pact(cast: Cast) -> None:
    colloquio = analizzato(cast)
    client = cast.client("operatore")
    pagina = client.get(indirizzo_fase(colloquio, 3))
    assert pagina.status_code == 200
    assert "Comincia il piano" in pagina.content.decode()
    assert not PattoDiServizio.objects.exists()
    assert client.post(indirizzo_fase(colloquio, 3)).status_code == 302
    assert client.post(indirizzo_fase(colloquio, 3)).status_code == 302  # a second click
    assert PattoDiServizio.objects.count() == 1


def test_phase_three_shows_sections_check_and_links(cast: Cast) -> None:
    p = bozza(cast)
    testo = cast.client("operatore").get(piano(p)).content.decode()
    for sezione in ("sezione-profilo", "sezione-piano", "sezione-misure", "sezione-impegni"):
        assert f'id="{sezione}"' in testo
    for ancora in ("id_profilazione-valore", "id_tipico_1", "id_frequenza_contatti", "id_disponibilita_offerte_0"):
        assert f"#{ancora}" in testo
        assert f'id="{ancora}"' in testo
    assert "checked" not in testo  # nothing is ticked before the citizen says so


@pytest.mark.parametrize("campo", ["termine", "prova"])
def test_the_link_of_an_incomplete_act_finds_its_field_t1(cast: Cast, campo: str) -> None:
    p = completo(cast)
    vuoto = {"termine": {"frequenza": "", "entro_il": None}, "prova": {"prova": ""}}[campo]
    riga = atto.aggiungi_atto(patto=p, dati={**ATTO, "descrizione": "Altro", **vuoto}, attore=cast.operatore)
    ancora = f"id_atto-{riga.pk}-{'entro_il' if campo == 'termine' else 'prova'}"
    testo = cast.client("operatore").get(piano(p)).content.decode()
    assert f"#{ancora}" in testo
    assert f'id="{ancora}"' in testo


def test_typical_acts_are_added_together_and_the_check_follows(cast: Cast) -> None:
    p = bozza(cast)
    risposta = cast.client("operatore").post(
        reverse("psp:atti_tipici", args=[p.pk]), {"tipici": ["candidature", "portali"]}, headers=HTMX
    )
    testo = risposta.content.decode()
    assert risposta.status_code == 200
    assert risposta["HX-Trigger"] == "fascicolo-cambiato"
    assert testo.count('class="voce"') == 2
    assert 'id="controllo"' in testo
    assert p.atti.count() == 2


def test_an_act_without_words_is_refused_beside_what_was_typed(cast: Cast) -> None:
    p = bozza(cast)
    dati = {"nuovo-tipo": "utente", "nuovo-descrizione": "", "nuovo-prova": "Elenco scritto a mano"}
    risposta = cast.client("operatore").post(reverse("psp:atti", args=[p.pk]), dati, headers=HTMX)
    assert risposta.status_code == 422
    assert risposta["HX-Retarget"] == "#nuovo-atto"
    assert "Elenco scritto a mano" in risposta.content.decode()
    pagina = cast.client("operatore").post(reverse("psp:atti", args=[p.pk]), dati)  # without script
    assert pagina.status_code == 422
    assert "Elenco scritto a mano" in pagina.content.decode()


def test_a_stale_row_is_refused_and_shows_the_other_text_c8(cast: Cast) -> None:
    p = bozza(cast)
    riga = atto.aggiungi_atto(patto=p, dati=ATTO, attore=cast.operatore)
    vecchia = atto.impronta_atto(riga)
    atto.modifica_atto(atto=riga, dati={"prova": "Scritto dal collega"}, versione=vecchia, attore=cast.collega)
    nome = f"atto-{riga.pk}"
    dati = {f"{nome}-{c}": v or "" for c, v in {**ATTO, "prova": "Scritto da me"}.items()}
    risposta = cast.client("operatore").post(
        reverse("psp:atto", args=[p.pk, riga.pk]), {**dati, f"{nome}-versione": vecchia}, headers=HTMX
    )
    assert risposta.status_code == 409
    assert "Scritto dal collega" in risposta.content.decode()
    riga.refresh_from_db()
    assert riga.prova == "Scritto dal collega"


def test_commitments_save_by_themselves_and_what_is_valid_is_saved_c8(cast: Cast) -> None:
    p = bozza(cast)
    client = cast.client("operatore")
    url = reverse("psp:impegni", args=[p.pk])
    assert client.post(url, campi_impegni(cast, p), headers=HTMX).status_code == 200
    p.refresh_from_db()
    assert (p.disponibilita_offerte, p.versione) == ("si", 2)
    risposta = client.post(
        url, campi_impegni(cast, p, modo_contatti="Per telefono", valido_al="31/02/2027"), headers=HTMX
    )
    assert risposta.status_code == 422
    p.refresh_from_db()
    assert p.modo_contatti == "Per telefono"


def test_two_hands_on_the_commitments_show_both_texts_c8(cast: Cast) -> None:
    p = bozza(cast)
    url = reverse("psp:impegni", args=[p.pk])
    cast.client("collega").post(url, campi_impegni(cast, p, modo_contatti="Testo del collega"), headers=HTMX)
    risposta = cast.client("operatore").post(url, campi_impegni(cast, p, modo_contatti="Testo mio"), headers=HTMX)
    assert risposta.status_code == 409
    testo = risposta.content.decode()
    assert "Testo del collega" in testo
    assert "Testo mio" in testo
    intera = cast.client("operatore").post(url, campi_impegni(cast, p, modo_contatti="Testo mio"))
    assert intera.status_code == 409
    assert "Testo del collega" in intera.content.decode()


def test_sending_from_the_plan_brings_the_last_words_along(cast: Cast) -> None:
    p = completo(cast)
    risposta = cast.client("operatore").post(
        reverse("psp:manda_in_revisione", args=[p.pk]), campi_impegni(cast, p, modo_contatti="Ultima parola")
    )
    assert risposta.status_code == 302
    p.refresh_from_db()
    assert (p.stato, p.modo_contatti) == ("in_revisione", "Ultima parola")


def test_sending_too_early_says_what_is_missing_t1(cast: Cast) -> None:
    p = bozza(cast)
    risposta = cast.client("operatore").post(reverse("psp:manda_in_revisione", args=[p.pk]), follow=True)
    assert "manca ancora" in risposta.content.decode()
    p.refresh_from_db()
    assert p.stato == "bozza"


def test_a_second_click_on_a_verb_is_harmless(cast: Cast) -> None:
    p = completo(cast)
    client = cast.client("operatore")
    for _ in range(2):
        risposta = client.post(reverse("psp:manda_in_revisione", args=[p.pk]), follow=True)
        assert risposta.status_code == 200
    assert "non è stata eseguita" in risposta.content.decode()
    assert Evento.objects.filter(azione=Azione.PATTO_IN_REVISIONE).count() == 1


def test_the_plan_of_a_sent_pact_is_read_only(cast: Cast) -> None:
    p = in_revisione(cast)
    client = cast.client("operatore")
    testo = client.get(piano(p)).content.decode()
    assert "modulo-impegni" not in testo
    assert "Inviare cinque candidature" in testo
    risposta = client.post(reverse("psp:atti_tipici", args=[p.pk]), {"tipici": ["portali"]}, headers=HTMX)
    assert risposta.status_code == 422
    assert p.atti.count() == 1


def test_measures_from_the_charter_hours_typed_beside(cast: Cast) -> None:
    p = bozza(cast)
    client = cast.client("operatore")
    dati = {"servizi": ["tirocinio", "bilancio-competenze", "scouting"], "ore-tirocinio": "120,5"}
    assert client.post(reverse("psp:misure", args=[p.pk]), dati, headers=HTMX).status_code == 200
    misure = {m.servizio.chiave: (m.stato, m.ore_previste) for m in p.misure.select_related("servizio")}
    assert misure["tirocinio"][0] == "concordata"
    assert str(misure["tirocinio"][1]) == "120.5"
    assert misure["scouting"] == ("proposta", None)
    assert client.post(reverse("psp:misure", args=[p.pk]), {}, headers=HTMX).status_code == 422
    storte = client.post(
        reverse("psp:misure", args=[p.pk]), {"servizi": ["accompagnamento-lavoro"], "ore-accompagnamento-lavoro": "x"}
    )
    assert storte.status_code == 302  # without script: the message is on the page
    assert p.misure.count() == 3


def test_profile_is_recorded_in_place_c6(cast: Cast) -> None:
    p = bozza(cast)
    url = reverse("psp:profilazione", args=[p.pk])
    client = cast.client("operatore")
    dati = {"profilazione-data": f"{oggi():%d/%m/%Y}", "profilazione-metodo": "Sistema unitario"}
    assert client.post(url, {**dati, "profilazione-valore": "1,5"}, headers=HTMX).status_code == 422
    assert client.post(url, dati, headers=HTMX).status_code == 422
    assert not Profilazione.objects.exists()
    assert client.post(url, {**dati, "profilazione-valore": "0,7432"}, headers=HTMX).status_code == 200
    assert str(Profilazione.objects.get().valore) == "0.7432"


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
    assert str(p.utente.cognome) in testo
    assert "un solo atto" in testo
    altrove = crea_operatore(Ruolo.RESPONSABILE, cast.altro_cpi)
    client = Client()
    client.force_login(altrove, backend="django.contrib.auth.backends.ModelBackend")
    assert str(p.utente.cognome) not in client.get(reverse("psp:revisioni")).content.decode()
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


def test_phase_three_waits_for_phase_one_c1(cast: Cast) -> None:
    risposta = cast.client("operatore").get(indirizzo_fase(apri(cast), 3))
    assert risposta.status_code == 302
