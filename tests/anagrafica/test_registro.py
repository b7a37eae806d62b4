"""The register of one citizen (A2): append-only in the database, readable, page by page."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from orientamento.anagrafica.models import TitoloStudio
from orientamento.anagrafica.services import lettura_registro
from orientamento.anagrafica.services.lettura_registro import (
    GENERI,
    azioni_del_genere,
    pagina_registro,
    righe_leggibili,
)
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from orientamento.registro.services import registra
from tests.cast import Cast
from tests.psp import scene_patto

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE registro_evento SET attore_nome = 'Nessuno'",
        "DELETE FROM registro_evento",
        "TRUNCATE registro_evento",
    ],
)
def test_no_one_rewrites_it_not_even_with_sql(cast: Cast, sql: str) -> None:
    quanti = Evento.objects.count()
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursore:
        cursore.execute(sql)
    assert Evento.objects.count() == quanti > 0


def test_nor_with_the_orm(cast: Cast) -> None:
    evento = Evento.objects.first()
    assert evento
    for azione in (Evento.objects.all().delete, evento.delete, evento.save):
        with pytest.raises(DatabaseError), transaction.atomic():
            azione()


def test_every_action_belongs_to_one_kind() -> None:
    assert sorted(a for g in GENERI for a in azioni_del_genere(g)) == sorted(Azione.values)


def test_changes_read_as_field_before_after(cast: Cast) -> None:
    titolo = TitoloStudio.objects.create(utente=cast.utente, livello=4, descrizione="Perito")
    evento = registra(
        Azione.VOCE_MODIFICATA,
        attore=cast.operatore,
        oggetto=titolo,
        utente=cast.utente,
        dettaglio={
            "livello": ["4", "7"],
            "istituto": ["", "ITIS"],
            "anno": [None, 2011],
            "conseguito": ["True", "False"],
            "finita_il": "2026-11-23",
            "campi": ["uno", "due", "tre"],
            "vuoto": "",
        },
    )
    assert righe_leggibili([evento])[0]["dettagli"] == [
        "Livello: Diploma superiore che dà accesso all'università → Laurea (vecchio o nuovo ordinamento)",
        "Istituto o scuola: (vuoto) → ITIS",
        "Anno: (vuoto) → 2011",
        "Conseguito: sì → no",
        "Finita il: 23/11/2026",
        "Campi: uno, due, tre",
    ]


def test_what_is_referred_to_is_called_by_its_name_in_few_queries(cast: Cast, django_assert_num_queries: Any) -> None:
    """A2: a number says nothing to who reads. What is not there any more keeps its number."""
    cambi = {"operatore_riferimento": [cast.operatore.pk, str(cast.collega.pk)], "cpi": [cast.cpi.pk, 999_999]}
    evento = Evento(azione="fascicolo_modificato", oggetto_tipo="anagrafica.utente", dettaglio=cambi)
    annidato = Evento(azione="fascicolo_modificato", oggetto_tipo="anagrafica.utente", dettaglio={"prima": cambi})
    with django_assert_num_queries(2):
        righe = righe_leggibili([evento, annidato, evento])
    attese = ["Operatore di riferimento: Laura Verdi → Paolo Neri", f"Centro competente: {cast.cpi} → 999999"]
    assert [riga["dettagli"] for riga in righe] == [attese] * 3


def test_the_parts_of_a_pact_are_called_by_their_names(cast: Cast, django_assert_max_num_queries: Any) -> None:
    """A2"""
    scene_patto.completo(cast)
    eventi = list(Evento.objects.filter(azione=Azione.PATTO_MODIFICATO).order_by("pk"))
    with django_assert_max_num_queries(2):
        detti = [d for riga in righe_leggibili(eventi) for d in riga["dettagli"]]
    assert "Atti: Aggiunti: Inviare cinque candidature" in detti
    assert any(d.startswith("Impegni: ") and "_" not in d and "frequenza" in d for d in detti)
    assert not any(re.search(r": \d+$", d) for d in detti)


def test_an_unknown_kind_of_object_is_no_obstacle(cast: Cast) -> None:
    evento = Evento(azione="patto_creato", attore_nome="X", oggetto_tipo="vecchia.cosa", dettaglio={"atti": {"a": [1]}})
    assert righe_leggibili([evento])[0]["dettagli"] == ["Atti: A: 1"]


def test_pages_follow_one_another_without_gaps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also inside one transaction, where every line has the same time."""
    monkeypatch.setattr(lettura_registro, "RIGHE_PER_PAGINA", 4)
    for n in range(10):
        registra(Azione.FASCICOLO_APERTO, attore=cast.operatore, utente=cast.utente, dettaglio={"n": n})
    viste, prima = [], None
    while True:
        righe, prima = pagina_registro(cast.utente, genere="aperture", prima=prima)
        viste += [riga["dettagli"][0] for riga in righe]
        if prima is None:
            break
    assert viste == [f"N: {n}" for n in reversed(range(10))]


class TestPage:
    def url(self, cast: Cast) -> str:
        return reverse("anagrafica:registro_utente", args=[cast.utente.pk])

    def test_shows_who_what_and_from_where(self, cast: Cast) -> None:
        cast.client("operatore").get(reverse("anagrafica:fascicolo", args=[cast.utente.pk]))
        pagina = cast.client("responsabile").get(self.url(cast)).content.decode()
        assert "Laura Verdi" in pagina
        assert "Apertura del fascicolo" in pagina
        assert "127.0.0.1" in pagina
        assert f"/utenti/{cast.utente.pk}/fascicolo" in pagina
        assert "Consenso dato" in pagina

    def test_filters_by_kind_and_bears_nonsense(self, cast: Cast) -> None:
        client = cast.client("responsabile")
        pagina = client.get(self.url(cast), {"genere": "presa"}).content.decode()
        assert "<strong>Consenso dato</strong>" in pagina
        assert "<strong>Apertura del fascicolo</strong>" not in pagina
        for dati in ({"genere": "mai"}, {"prima": "x"}, {"prima": "9" * 30}, {"prima": "-1"}):
            assert client.get(self.url(cast), dati).status_code == 200

    @pytest.mark.parametrize(
        ("chi", "stato"),
        [("responsabile", 200), ("operatore", 403), ("incrocio", 403), ("estraneo", 404), ("amministratore", 404)],
    )
    def test_who_may(self, cast: Cast, chi: str, stato: int) -> None:
        assert cast.client(chi).get(self.url(cast)).status_code == stato


class TestAFormSentIsALookToo:
    """A2: every opening has its line, also one that comes of a form sent empty."""

    def righe(self, cast: Cast) -> int:
        return Evento.objects.filter(utente=cast.utente, attore=cast.collega, azione=Azione.FASCICOLO_APERTO).count()

    @pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
    @pytest.mark.parametrize(
        "percorso",
        ["identita", "did", "presa-in-carico", "propensioni/nuova", "fascicolo/titoli/nuova", "curriculum/carica"],
    )
    def test_a_refused_form(self, cast: Cast, percorso: str, htmx: dict[str, str]) -> None:
        client = cast.client("collega")
        for _ in range(2):
            assert client.post(f"/utenti/{cast.utente.pk}/{percorso}", headers=htmx).status_code in (302, 422)
        if percorso != "presa-in-carico":
            assert self.righe(cast) == 1

    def test_a_verb_that_finds_nothing(self, cast: Cast) -> None:
        url = f"/utenti/{cast.utente.pk}/fascicolo/titoli/999999/elimina"
        assert cast.client("collega").post(url, headers={"HX-Request": "true"}).status_code == 200
        assert self.righe(cast) == 1
