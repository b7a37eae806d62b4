"""The citizen's file page, the band above every page of a citizen and the home of the day."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from orientamento.anagrafica.models import DID, Programma
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.models import Evento
from psp.services.fascia import mancanze_ora, termine_del_patto
from tests.cast import Cast, crea_utente
from tests.psp import scene, scene_patto


def did(cast: Cast, giorni_fa: int, utente: Any = None) -> DID:
    """A DID of some days ago, with NASpI: 15 days to the pact (U3)."""
    return DID.objects.create(
        utente=utente or cast.utente,
        data=oggi() - dt.timedelta(days=giorni_fa),
        programma=Programma.objects.filter(chiave="naspi").latest("valido_dal"),
    )


def pagina(cast: Cast, chi: str) -> str:
    return cast.client(chi).get(reverse("psp:utente", args=[cast.utente.pk])).content.decode()


def test_the_page_says_where_the_citizen_stands(cast: Cast) -> None:
    did(cast, 5)
    patto = scene_patto.firmato(cast)
    testo = pagina(cast, "collega")
    assert "consenso dato il" in testo
    assert "NASpI" in testo
    assert "Magazziniere 1" in testo
    assert reverse("psp:patto", args=[patto.pk]) in testo
    assert "Patto firmato e archiviato" in testo
    assert "Patto in vigore" in testo


def test_a_pact_on_its_way_comes_before_the_interview(cast: Cast) -> None:
    patto = scene_patto.in_revisione(cast)
    testo = pagina(cast, "operatore")
    assert f'href="{reverse("psp:patto", args=[patto.pk])}">Apri il patto</a>' in testo
    assert "Riprendi il colloquio" not in testo


def test_after_the_signature_the_interview_is_to_be_concluded(cast: Cast) -> None:
    """What comes next is one click away, and is no phase that can no more be written."""
    patto = scene_patto.firmato(cast)
    testo = pagina(cast, "operatore")
    assert f'href="{reverse("psp:incontri", args=[patto.colloquio_id])}">Concludi il colloquio</a>' in testo
    assert "Riprendi il colloquio" not in testo


def test_a_concluded_interview_stays_within_reach(cast: Cast) -> None:
    colloquio = scene.informato(cast)
    colloquio.concluso_il, colloquio.concluso_da = adesso(), cast.operatore
    colloquio.save(update_fields=["concluso_il", "concluso_da"])
    testo = pagina(cast, "collega")
    assert reverse("psp:fase", args=[colloquio.pk, 1]) in testo
    assert "Comincia il colloquio" in testo


def test_matching_sees_no_interview(cast: Cast) -> None:
    """A1: propensioni and CV with consent, nothing of the interview, the pact or the contacts."""
    scene_patto.bozza(cast)
    testo = pagina(cast, "incrocio")
    assert "Magazziniere 1" in testo
    for nascosto in ("Colloquio", "Cronologia", cast.utente.cellulare, "fascia-mancanze"):
        assert nascosto not in testo


def test_the_page_asks_little_of_the_database(cast: Cast, django_assert_num_queries: Any) -> None:
    did(cast, 1)
    scene_patto.bozza(cast)
    client = cast.client("operatore")
    with django_assert_num_queries(6):
        client.get(reverse("psp:utente", args=[cast.utente.pk]))


def test_each_opening_is_one_line_of_the_register(cast: Cast) -> None:
    """A2. A part of a page read by hand leaves its line too, one in half an hour."""
    pagina(cast, "operatore")
    pagina(cast, "operatore")
    parte = reverse("propensioni:pannello", args=[cast.utente.pk])
    for _ in range(2):
        cast.client("collega").get(parte, headers={"HX-Request": "true"})
    aperture = Evento.objects.filter(azione="fascicolo_aperto", utente=cast.utente)
    assert aperture.filter(attore=cast.operatore).count() == 2
    assert aperture.filter(attore=cast.collega).count() == 1


@pytest.mark.parametrize(
    ("giorni", "parole", "livello"),
    [
        (20, "Patto entro 20 giorni", ""),
        (7, "Patto entro 7 giorni", "attenzione"),
        (1, "Patto entro 1 giorno", "attenzione"),
        (0, "Patto entro oggi", "errore"),
        (-1, "Termine del patto superato da 1 giorno", "errore"),
    ],
)
def test_the_clock_of_the_pact_in_words(giorni: int, parole: str, livello: str) -> None:
    assert termine_del_patto(giorni) == (parole, livello)


def test_what_is_missing_follows_the_work(cast: Cast) -> None:
    """Presa in carico, then phase 1, then the rest, each linked to its field."""
    nuovo = crea_utente(cast.cpi, cast.operatore)
    assert [m.chiave for m in mancanze_ora(nuovo, adesso())] == ["presa_in_carico"]
    assert mancanze_ora(cast.utente, adesso()) == []
    scene.apri(cast)
    assert mancanze_ora(cast.utente, adesso())[0].url.endswith("/fase/1#id_informato_svolgimento")


def test_home_of_each_role(cast: Cast) -> None:
    scene_patto.in_revisione(cast)
    assert "Da riprendere" in cast.client("operatore").get("/").content.decode()
    responsabile = cast.client("responsabile").get("/").content.decode()
    assert "patto da revisionare" in responsabile
    assert cast.client("incrocio").get("/")["Location"] == reverse("anagrafica:ricerca")
    assert cast.client("amministratore").get("/")["Location"] == reverse("anagrafica:amministrazione")
