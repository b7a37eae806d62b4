"""The panel of the propensioni: who may, what is shown, what is refused, nothing typed is lost."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from propensioni.models import Professione, Propensione
from propensioni.services.propensione import aggiungi_propensione, modifica_propensione
from tests.cast import Cast, crea_utente
from tests.propensioni.conftest import dati_propensione

HTMX = {"HTTP_HX_REQUEST": "true"}


def invio(scelta: Professione, **altro: Any) -> dict[str, Any]:
    """What the browser sends."""
    return {
        "professione": scelta.pk,
        "professione_testo": scelta.titolo,
        "testo_scelto": scelta.titolo,
        "provenienze": ["lavoro"],
        "data_intervista": f"{timezone.localdate():%d/%m/%Y}",
        "competenze": "Uso del palmare",
        **altro,
    }


def html(risposta: HttpResponse) -> str:
    return risposta.content.decode()


@pytest.fixture
def una(cast: Cast, professioni: list[Professione]) -> Propensione:
    return aggiungi_propensione(
        utente=cast.utente,
        dati=dati_propensione(professioni[0], nota={"orari": "Tempo pieno", "patentini": "Muletto"}),
        attore=cast.operatore,
    )


@pytest.fixture
def tre(cast: Cast, professioni: list[Professione], una: Propensione) -> list[Propensione]:
    altre = [
        aggiungi_propensione(utente=cast.utente, dati=dati_propensione(p), attore=cast.operatore)
        for p in professioni[1:3]
    ]
    return [una, *altre]


def indirizzi(cast: Cast, una: Propensione) -> dict[str, str]:
    return {
        "pannello": reverse("propensioni:pannello", args=[cast.utente.pk]),
        "nuova": reverse("propensioni:nuova", args=[cast.utente.pk]),
        "modifica": reverse("propensioni:modifica", args=[una.pk]),
        "elimina": reverse("propensioni:elimina", args=[una.pk]),
    }


@pytest.mark.parametrize(
    ("chi", "vede", "scrive"),
    [
        ("operatore", 200, 200),
        ("collega", 200, 200),
        ("responsabile", 200, 200),
        ("incrocio", 200, 403),
        ("estraneo", 404, 404),
        ("amministratore", 404, 404),
    ],
)
def test_who_may(
    cast: Cast, una: Propensione, professioni: list[Professione], chi: str, vede: int, scrive: int
) -> None:
    """A1: a stranger gets 404, matching sees and cannot write."""
    client = cast.client(chi)
    url = indirizzi(cast, una)
    assert client.get(url["pannello"]).status_code == vede
    for nome in ("nuova", "modifica", "elimina"):
        assert client.get(url[nome]).status_code == scrive, nome
        assert client.get(url[nome], **HTMX).status_code == scrive, nome
    prima = Propensione.objects.count()
    if scrive != 200:
        assert client.post(url["nuova"], invio(professioni[1])).status_code == scrive
        assert client.post(url["modifica"], invio(professioni[1], versione=1)).status_code == scrive
        assert client.post(url["elimina"]).status_code == scrive
        assert Propensione.objects.count() == prima


def test_matching_sees_no_verbs(cast: Cast, una: Propensione) -> None:
    pagina = html(cast.client("incrocio").get(indirizzi(cast, una)["pannello"]))
    assert "Magazziniere" in pagina
    assert "Aggiungi una propensione" not in pagina
    assert "Elimina" not in pagina


def test_the_glossary_is_for_those_who_see_propensioni(cast: Cast) -> None:
    cerca, anteprima = reverse("propensioni:cerca_professioni"), reverse("propensioni:anteprima_nota")
    for chi, atteso in [("operatore", 200), ("incrocio", 200), ("amministratore", 403)]:
        assert cast.client(chi).get(cerca, {"q": "cuoco"}).status_code == atteso
        assert cast.client(chi).post(anteprima, {"orari": "x"}).status_code == atteso
    assert Client().get(cerca, {"q": "cuoco"}, **HTMX).status_code == 401
    assert cast.client("operatore").get(anteprima).status_code == 405


def test_search_answers_options_with_code_and_sep(cast: Cast, professioni: list[Professione]) -> None:
    cliente = cast.client("operatore")
    url = reverse("propensioni:cerca_professioni")
    opzioni = html(cliente.get(url, {"q": "mulettista"}))
    assert 'role="option"' in opzioni
    assert "Carrellista" in opzioni
    assert "(7.4.4.4.0)" in opzioni
    assert "mulettista" in opzioni
    sep = professioni[0].sep
    assert sep is not None
    assert f'data-sep="{sep.pk}"' in opzioni
    assert "Nessuna professione per «&lt;b&gt;xyz&lt;/b&gt;»" in html(cliente.get(url, {"q": "<b>xyz</b>"}))
    assert html(cliente.get(url)).strip() == ""


def test_partial_or_page(cast: Cast, una: Propensione) -> None:
    client = cast.client("operatore")
    url = indirizzi(cast, una)["pannello"]
    pezzo = html(client.get(url, **HTMX))
    assert pezzo.strip().startswith('<section id="pannello-propensioni"')
    assert "<html" not in pezzo
    assert "<html" in html(client.get(url))


def test_adding_inside_the_interview(cast: Cast, professioni: list[Professione]) -> None:
    client = cast.client("operatore")
    url = reverse("propensioni:nuova", args=[cast.utente.pk])
    sep = professioni[0].sep
    assert sep is not None
    risposta = client.post(url, invio(professioni[0], sep=sep.pk, durata_anni="10", ultimo_anno="2023"), **HTMX)
    assert risposta.status_code == 200
    assert risposta["HX-Trigger"] == "fascicolo-cambiato"
    pagina = html(risposta)
    assert "Propensione aggiunta: Magazziniere. Se ne possono aggiungere altre 2." in pagina
    assert "1 di 3" in pagina
    propensione = Propensione.objects.get()
    assert propensione.nota_testo == (
        "SEP: Trasporti e logistica. Competenze: Uso del palmare. Durata dell'esperienza: 10 anni. Ultimo anno: 2023."
    )


def test_adding_without_javascript(cast: Cast, professioni: list[Professione]) -> None:
    """The name alone is enough where it is exact; the SEP comes with the profession; then back to the page."""
    client = cast.client("operatore")
    dati = invio(professioni[0]) | {"professione": "", "testo_scelto": "", "professione_testo": "magazziniera"}
    risposta = client.post(reverse("propensioni:nuova", args=[cast.utente.pk]), dati, follow=True)
    assert risposta.redirect_chain == [(reverse("propensioni:pannello", args=[cast.utente.pk]), 302)]
    assert "Propensione aggiunta: Magazziniere" in html(risposta)
    assert Propensione.objects.get().nota["sep"] == "Trasporti e logistica"


def test_a_name_that_fits_many_is_asked_again_and_nothing_is_lost(cast: Cast, professioni: list[Professione]) -> None:
    client = cast.client("operatore")
    url = reverse("propensioni:nuova", args=[cast.utente.pk])
    dati = invio(professioni[0], competenze="Da non perdere", orari="Solo mattina 👩🏽‍🔧") | {
        "professione": "",
        "testo_scelto": "",
        "professione_testo": "pulizie",
    }
    risposta = client.post(url, dati, **HTMX)
    assert risposta.status_code == 422
    pagina = html(risposta)
    assert "Scegliere una delle professioni trovate." in pagina
    assert 'type="radio" name="professione"' in pagina
    assert 'type="hidden" name="professione"' not in pagina
    assert "Da non perdere" in pagina
    assert "Solo mattina 👩🏽‍🔧" in pagina
    scelta = Professione.objects.get(titolo="Addetto alle pulizie in ospedale")
    assert '<input type="hidden" name="testo_scelto" value="pulizie">' in pagina
    dati |= {"professione": scelta.pk, "testo_scelto": "pulizie"}
    assert client.post(url, dati, **HTMX).status_code == 200
    assert Propensione.objects.get().professione == scelta


def test_a_name_unknown_is_said(cast: Cast, professioni: list[Professione]) -> None:
    dati = invio(professioni[0], professione="", professione_testo="zzzqqq")
    risposta = cast.client("operatore").post(reverse("propensioni:nuova", args=[cast.utente.pk]), dati)
    assert risposta.status_code == 422
    assert "Nessuna professione si chiama «zzzqqq»" in html(risposta)


def test_the_text_changed_after_the_choice_wins_over_it(cast: Cast, professioni: list[Professione]) -> None:
    """Without JavaScript the hidden choice may be old."""
    dati = invio(professioni[0], professione_testo="Cuoco")
    assert cast.client("operatore").post(reverse("propensioni:nuova", args=[cast.utente.pk]), dati).status_code == 302
    assert Propensione.objects.get().professione.titolo == "Cuoco"


@pytest.mark.parametrize(
    ("cambi", "parole"),
    [
        ({"provenienze": []}, "Indicare almeno una provenienza"),
        ({"professione": "", "professione_testo": ""}, "Scrivere il nome della professione"),
        ({"data_intervista": "31/02/2026"}, "Scrivere una data che esiste"),
        ({"data_intervista": "01/01/2099"}, "non può essere nel futuro"),
        ({"data_intervista": "01/01/1890"}, "prima della nascita"),
        ({"competenze": "x" * 10_001}, "Al massimo 10000 caratteri: sono 10001"),
        ({"ultimo_anno": "23"}, "va dal 1930"),
        ({"ultimo_anno": "duemila"}, "quattro cifre"),
        ({"durata_anni": "-1"}, "da 0 a 70"),
        ({"durata_mesi": "12"}, "da 0 a 11"),
        ({"sep": "9999"}, "Scegliere un settore"),
    ],
)
def test_errors_are_at_their_field_and_keep_what_was_typed(
    cast: Cast, professioni: list[Professione], cambi: dict[str, Any], parole: str
) -> None:
    dati = invio(professioni[0], strumenti="Cella frigorifera") | cambi
    risposta = cast.client("operatore").post(reverse("propensioni:nuova", args=[cast.utente.pk]), dati, **HTMX)
    assert risposta.status_code == 422
    pagina = html(risposta)
    assert parole in pagina
    assert "Non è stato salvato" in pagina
    assert "Cella frigorifera" in pagina
    assert not Propensione.objects.exists()


def test_the_fourth_has_its_reason_before_and_after(
    cast: Cast, tre: list[Propensione], professioni: list[Professione]
) -> None:
    """P1: the button says why; a form open in another tab is refused and keeps what was typed."""
    client = cast.client("operatore")
    url = indirizzi(cast, tre[0])
    pagina = html(client.get(url["pannello"]))
    assert "3 di 3" in pagina
    assert 'aria-disabled="true"' in pagina
    assert "Sono al massimo tre" in pagina
    assert "al massimo tre" in html(client.get(url["nuova"], **HTMX))
    risposta = client.post(url["nuova"], invio(professioni[3], competenze="Scritto invano?"), **HTMX)
    assert risposta.status_code == 422
    assert "Le propensioni sono al massimo tre" in html(risposta)
    assert "Scritto invano?" in html(risposta)


def test_the_second_is_proposed_what_the_first_says(cast: Cast, una: Propensione) -> None:
    pagina = html(cast.client("operatore").get(indirizzi(cast, una)["nuova"], **HTMX))
    assert "proposti dalla propensione precedente" in pagina
    assert "Tempo pieno" in pagina
    assert "«Orari: Tempo pieno. Patentini e abilitazioni: Muletto.»" in pagina


def test_changing_in_place(cast: Cast, una: Propensione, professioni: list[Professione]) -> None:
    client = cast.client("collega")
    url = indirizzi(cast, una)["modifica"]
    pagina = html(client.get(url, **HTMX))
    assert 'value="Magazziniere"' in pagina
    assert "Tempo pieno" in pagina
    risposta = client.post(url, invio(professioni[0], versione=1, provenienze=["lavoro", "istruzione"]), **HTMX)
    assert risposta.status_code == 200
    assert "Da lavoro, istruzione" in html(risposta)
    una.refresh_from_db()
    assert (una.versione, una.nota_testo) == (2, "SEP: Trasporti e logistica. Competenze: Uso del palmare.")


def test_what_the_form_shows_saves_back_the_same(cast: Cast, professioni: list[Professione]) -> None:
    nota = {"sep": "Edilizia", "durata_mesi": 126, "ultimo_anno": 2020, "altro": "Sì; «ecc.» SEP: no"}
    una = aggiungi_propensione(
        utente=cast.utente, dati=dati_propensione(professioni[0], nota=nota), attore=cast.operatore
    )
    client = cast.client("operatore")
    url = reverse("propensioni:modifica", args=[una.pk])
    form = client.get(url, **HTMX).context["pannello"]["modulo"]["form"]
    dati = {nome: form[nome].value() for nome in form.fields if form[nome].value() is not None}
    dati |= {"data_intervista": f"{dati['data_intervista']:%d/%m/%Y}"}
    assert client.post(url, dati, **HTMX).status_code == 200
    una.refresh_from_db()
    assert (una.nota, una.versione) == (nota, 1)


def test_a_stale_save_shows_both_texts_then_may_prevail(
    cast: Cast, una: Propensione, professioni: list[Professione]
) -> None:
    """C8."""
    modifica_propensione(
        propensione=una, dati={"nota": {"competenze": "Scritto dal collega"}}, versione=1, attore=cast.collega
    )
    client = cast.client("operatore")
    url = indirizzi(cast, una)["modifica"]
    dati = invio(professioni[0], versione=1, competenze="Scritto da me")
    risposta = client.post(url, dati, **HTMX)
    assert risposta.status_code == 409
    pagina = html(risposta)
    assert "Scritto dal collega" in pagina
    assert "Scritto da me" in pagina
    assert 'name="versione" value="2"' in pagina
    assert client.post(url, dati | {"versione": "2"}, **HTMX).status_code == 200
    una.refresh_from_db()
    assert "Scritto da me" in una.nota_testo


def test_removing_from_the_panel_and_without_javascript(cast: Cast, tre: list[Propensione]) -> None:
    client = cast.client("operatore")
    risposta = client.post(indirizzi(cast, tre[1])["elimina"], **HTMX)
    assert risposta["HX-Trigger"] == "fascicolo-cambiato"
    assert "Propensione eliminata: Cuoco. Il suo posto è di nuovo libero." in html(risposta)
    url = indirizzi(cast, tre[0])["elimina"]
    assert "Tieni la propensione" in html(client.get(url))
    assert client.post(url).status_code == 302
    assert list(Propensione.objects.values_list("posto", flat=True)) == [3]
    assert client.post(url).status_code == 404


def test_preview_is_the_note_as_printed(cast: Cast, professioni: list[Professione]) -> None:
    client = cast.client("operatore")
    url = reverse("propensioni:anteprima_nota")
    dati = {"orari": "Mattina", "durata_anni": "1", "ultimo_anno": "boh", "altro": "<script>"}
    assert html(client.post(url, dati)).strip() == (
        '<p class="propensione-nota">«Durata dell&#x27;esperienza: 1 anno. Orari: Mattina. Altro: &lt;script&gt;.»</p>'
    )
    assert "ancora vuota" in html(client.post(url, {}))


def test_another_persons_propensione_is_not_found(cast: Cast, professioni: list[Professione]) -> None:
    altrui = aggiungi_propensione(
        utente=crea_utente(cast.altro_cpi), dati=dati_propensione(professioni[0]), attore=cast.estraneo
    )
    client = cast.client("operatore")
    for nome in ("modifica", "elimina"):
        url = reverse(f"propensioni:{nome}", args=[altrui.pk])
        assert client.get(url).status_code == 404
        assert client.post(url).status_code == 404


def test_query_counts(cast: Cast, tre: list[Propensione], django_assert_max_num_queries: Any) -> None:
    """Session, user, citizen, opening in the register; then: the panel 1; the form its row's SEP and the choices."""
    client = cast.client("operatore")
    url = indirizzi(cast, tre[0])
    client.get(url["pannello"])
    with django_assert_max_num_queries(5):
        client.get(url["pannello"], **HTMX)
    with django_assert_max_num_queries(9):
        client.get(url["modifica"], **HTMX)
    with django_assert_max_num_queries(3):
        client.get(reverse("propensioni:cerca_professioni"), {"q": "cuoco"}, **HTMX)
