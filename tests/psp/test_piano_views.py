"""The page of phase 3 and its pieces: what they answer, nothing typed is lost (M1-M3, T1, C6, C8)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse

from orientamento.comune.calendario import oggi
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import Misura, PattoDiServizio, Profilazione, Servizio
from psp.services import atto
from psp.services.completezza_colloquio import indirizzo_fase
from tests.cast import Cast
from tests.psp.scene import analizzato, apri
from tests.psp.scene_patto import ATTO, bozza, campi_impegni, completo, in_revisione, piano

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


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


def test_a_row_that_closes_takes_the_place_of_the_whole_row(cast: Cast) -> None:
    """Also when the browser sends the name of «Fatto» with the save of the last field, which aims at the outcome."""
    p = completo(cast)
    riga = p.atti.first()
    assert riga is not None
    nome = f"atto-{riga.pk}"
    dati = {"tipo": riga.tipo, "descrizione": riga.descrizione, "frequenza": "mensile", "prova": "Firma"}
    dati = {f"{nome}-{campo}": valore for campo, valore in dati.items()} | {"chiudi": "1"}
    dati[f"{nome}-versione"] = atto.impronta_atto(riga)
    risposta = cast.client("operatore").post(reverse("psp:atto", args=[p.pk, riga.pk]), dati, headers=HTMX)
    assert risposta.status_code == 200
    assert risposta["HX-Retarget"] == f"#{nome}"


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
    assert client.post(reverse("psp:misure_del_patto", args=[p.pk]), dati, headers=HTMX).status_code == 200
    misure = {m.servizio.chiave: (m.stato, m.ore_previste) for m in p.misure.select_related("servizio")}
    assert misure["tirocinio"][0] == "concordata"
    assert str(misure["tirocinio"][1]) == "120.5"
    assert misure["scouting"] == ("proposta", None)
    assert client.post(reverse("psp:misure_del_patto", args=[p.pk]), {}, headers=HTMX).status_code == 422
    storte = client.post(
        reverse("psp:misure_del_patto", args=[p.pk]),
        {"servizi": ["accompagnamento-lavoro"], "ore-accompagnamento-lavoro": "x"},
    )
    assert storte.status_code == 302  # without script: the message is on the page
    assert p.misure.count() == 4  # the tirocinio brings its tutoring


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


def test_phase_three_waits_for_phase_one_c1(cast: Cast) -> None:
    risposta = cast.client("operatore").get(indirizzo_fase(apri(cast), 3))
    assert risposta.status_code == 302


@pytest.mark.parametrize(("quante", "detto"), [(4, ""), (5, "Un'altra cosa: misure"), (6, "Altre 2 cose: misure")])
def test_what_is_missing_beyond_the_first_four_is_counted(cast: Cast, quante: int, detto: str) -> None:
    p = completo(cast)
    p.misure.all().delete()
    Misura.objects.bulk_create(
        Misura(
            patto=p, servizio=s, stato="concordata", inizio_previsto=p.valido_al + dt.timedelta(days=1), ore_previste=2
        )
        for s in Servizio.objects.order_by("pk")[:quante]
    )
    pagina = cast.client("operatore").get(piano(p)).content.decode()
    assert ("altra cosa" in pagina or "Altre" in pagina) == bool(detto)
    assert detto in pagina
