"""The search of citizens (U1, A1): forgiving, scoped, fast by its plan."""

from __future__ import annotations

import datetime as dt
import json
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from orientamento.anagrafica.models import Ruolo, Utente, VarianteNome
from orientamento.anagrafica.models.utente import ambito
from orientamento.anagrafica.services import ricerca
from orientamento.anagrafica.services.ricerca import aperti_di_recente, cerca_utenti, interpreta
from orientamento.anagrafica.services.utente import trasferisci_utente
from tests.cast import Cast, crea_operatore, crea_utente

pytestmark = pytest.mark.django_db


def persona(cast: Cast, cognome: str, nome: str, **altro: Any) -> Utente:
    return crea_utente(altro.pop("cpi", cast.cpi), cast.operatore, cognome=cognome, nome=nome, **altro)


def trovati(cast: Cast, testo: str, chi: str = "operatore") -> list[str]:
    esito = cerca_utenti(testo, operatore=getattr(cast, chi))
    return [f"{p.cognome} {p.nome}" for p in esito.persone]


@pytest.fixture
def gente(cast: Cast) -> dict[str, Utente]:
    return {
        "angelo": persona(cast, "D'Angelo", "Niccolò", data_nascita=dt.date(1985, 3, 12)),
        "deluca": persona(cast, "De Luca", "Maria Grazia", data_nascita=dt.date(1990, 7, 1)),
        "hoxha": persona(cast, "Hoxha", "Arben"),
        "doppio": persona(cast, "Martelli Vannucci", "Sofia"),
        "altrove": persona(cast, "Zambonelli", "Piero", cpi=cast.altro_cpi),
    }


@pytest.mark.parametrize(
    ("testo", "atteso"),
    [
        ("d'angelo", "D'Angelo Niccolò"),
        ("DANGELO niccolo", "D'Angelo Niccolò"),
        ("niccolo d’angelo", "D'Angelo Niccolò"),
        ("d angelo nic", "D'Angelo Niccolò"),
        ("dangleo", "D'Angelo Niccolò"),  # swapped
        ("dangel0", "D'Angelo Niccolò"),  # one wrong
        ("d'angelo 12/03/1985", "D'Angelo Niccolò"),
        ("d'angelo 12031985", "D'Angelo Niccolò"),
        ("d'angelo 1985", "D'Angelo Niccolò"),
        ("12/03/1985", "D'Angelo Niccolò"),
        ("12.3.85", "D'Angelo Niccolò"),
        ("deluca", "De Luca Maria Grazia"),
        ("de luca maria", "De Luca Maria Grazia"),
        ("maria grazia de luca", "De Luca Maria Grazia"),
        ("grazia de luca", "De Luca Maria Grazia"),  # the second name
        ("luca grazia", "De Luca Maria Grazia"),
        ("hoja arben", "Hoxha Arben"),  # two slips
        ("oxha", "Hoxha Arben"),
        ("arbn hox", "Hoxha Arben"),
        ("vannucci", "Martelli Vannucci Sofia"),  # the second surname
        ("martelli vanucci", "Martelli Vannucci Sofia"),
    ],
)
def test_found_whatever_way_it_is_typed(cast: Cast, gente: dict[str, Utente], testo: str, atteso: str) -> None:
    assert atteso in trovati(cast, testo)


def test_codice_fiscale_whole_or_in_part(cast: Cast, gente: dict[str, Utente]) -> None:
    codice = gente["angelo"].codice_fiscale
    for testo in (codice, codice.lower(), f" {codice[:6]} {codice[6:]} ", codice[:8], codice[:11]):
        assert "D'Angelo Niccolò" in trovati(cast, testo), testo


@pytest.mark.parametrize("testo", ["", " ", "a", "%", "''", "1985", "\\", "12", "🙂", "_%", "31/02/1990"])
def test_too_little_finds_nothing_and_breaks_nothing(cast: Cast, testo: str) -> None:
    assert cerca_utenti(testo, operatore=cast.operatore).persone == []


def test_an_impossible_date_is_said(cast: Cast) -> None:
    assert interpreta("rossi 31/02/1990").data_impossibile == "31/02/1990"
    html = cast.client("operatore").get("/utenti", {"q": "31/02/1990"}).content.decode()
    assert "31/02/1990 non esiste" in html


def test_exact_ones_come_before_similar_ones(cast: Cast) -> None:
    for cognome in ("Marini", "Merini", "Marinelli"):
        persona(cast, cognome, "Ugo")
    esito = cerca_utenti("marini", operatore=cast.operatore)
    assert [(p.cognome, p.simile) for p in esito.persone] == [("Marini", False), ("Merini", True)]


def test_another_office_is_never_found(cast: Cast, gente: dict[str, Utente]) -> None:
    """A1: the stranger's file does not come out, by name, slip, birth date or codice fiscale."""
    altrove = gente["altrove"]
    for testo in ("zambonelli", "zambonellli", altrove.codice_fiscale, f"{altrove.data_nascita:%d/%m/%Y}"):
        assert "Zambonelli Piero" not in trovati(cast, testo)
        assert "Zambonelli Piero" in trovati(cast, testo, "estraneo")


@pytest.mark.parametrize("chi", ["operatore", "collega", "responsabile", "incrocio", "estraneo", "amministratore"])
def test_the_search_and_the_door_to_the_rows_agree(cast: Cast, gente: dict[str, Utente], chi: str) -> None:
    """A1: what the hand-written SQL finds is what `visibili_a` lets through, for every role."""
    operatore = getattr(cast, chi)
    visibili = set(Utente.objects.visibili_a(operatore).values_list("pk", flat=True))
    for utente in Utente.objects.all():
        esito = cerca_utenti(f"{utente.cognome} {utente.nome}", operatore=operatore)
        ids = {p.id for p in esito.persone}
        assert ids <= visibili
        assert (utente.pk in ids) == (utente.pk in visibili)


def test_there_are_more_than_are_shown(cast: Cast) -> None:
    for numero in range(25):
        persona(cast, "Rossetti", f"Ada{chr(97 + numero)}")
    esito = cerca_utenti("rossetti", operatore=cast.operatore)
    assert (len(esito.persone), esito.altri) == (20, True)
    assert "aggiunga il nome" in cast.client("operatore").get("/utenti", {"q": "rossetti"}).content.decode()


def test_the_dictionary_follows_whoever_writes(cast: Cast) -> None:
    """The trigger learns names from the ORM in bulk, from `update` and from plain SQL."""
    utente = persona(cast, "Uno", "Ada")
    Utente.objects.filter(pk=utente.pk).update(cognome="Brambilloni")
    assert trovati(cast, "branbilloni") == ["Brambilloni Ada"]
    with connection.cursor() as cursore:
        cursore.execute("UPDATE anagrafica_utente SET nome = 'Desdemona' WHERE id = %s", [utente.pk])
    assert trovati(cast, "desdemna") == ["Brambilloni Desdemona"]
    assert VarianteNome.objects.filter(campo="cognome", variante="brambilloi", parola="brambilloni").exists()


@pytest.mark.parametrize(
    ("testo", "domande"),
    [("d'angelo niccolò", 2), ("dangleo", 2), ("qwxz kjhw", 3), ("12/03/1985", 1), ("DNGNCL85", 1), ("", 0)],
)
def test_few_queries(
    cast: Cast, gente: dict[str, Utente], testo: str, domande: int, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(domande):
        cerca_utenti(testo, operatore=cast.operatore)


@pytest.fixture
def folla(cast: Cast) -> None:
    """Ten thousand people more, in plain SQL, and the statistics that the planner chooses by."""
    colonne = [campo.column for campo in Utente._meta.concrete_fields if not campo.generated and campo.column != "id"]
    diverse = {
        "codice_fiscale": "'XXX' || lpad(upper(to_hex(n)), 13, '0')",
        "cognome": "(ARRAY['Farb','Cam','Sel','Tor','Ven'])[mod(n, 5) + 1]"
        " || (ARRAY['en','el','in','ot'])[mod(n / 5, 4) + 1]"
        " || (ARRAY['ini','etti','oni'])[mod(n / 20, 3) + 1] || to_hex(n / 60)",
        "nome": "(ARRAY['Cristina','Marco','Anna','Luca','Sara','Ugo','Pia'])[mod(n, 7) + 1]",
        "data_nascita": "date '1960-01-01' + mod(n, 15000)",
    }
    scelte = ", ".join(diverse.get(colonna, colonna) for colonna in colonne)
    with connection.cursor() as cursore:
        cursore.execute(
            f"INSERT INTO anagrafica_utente ({', '.join(colonne)}) "
            f"SELECT {scelte} "
            "FROM anagrafica_utente, generate_series(1, 10000) AS n WHERE id = %s",
            [cast.utente.pk],
        )
        cursore.execute("ANALYZE anagrafica_utente; ANALYZE anagrafica_variantenome")


def test_the_plans_read_the_indexes_made_for_them(cast: Cast, folla: None) -> None:
    """Counters, not times: which index each branch reads, and how few blocks are touched among ten thousand people."""
    condizioni = ambito(cast.operatore)
    assert condizioni is not None
    for testo, indice in [
        ("farbenini3", "utente_per_cognome"),
        ("cristina camel", "utente_per_cognome"),
        ("ugo", "utente_per_nome"),
        ("12/03/1985", "utente_per_nascita"),
        ("XXXXXX85C5", "codice_fiscale"),
    ]:
        domanda = interpreta(testo)
        piano = _piano(*ricerca.sql_esatti(domanda, condizioni, 21))
        assert indice in piano["indici"], testo
        assert "anagrafica_utente" not in piano["lette_per_intero"], testo
        assert piano["blocchi"] < 300, testo
    simili = _piano(*ricerca.sql_simili(interpreta("farbenin cristna"), condizioni, 21))
    assert "una_variante_per_parola" in simili["indici"]
    assert simili["blocchi"] < 1000
    lontani = _piano(*ricerca.sql_simili(interpreta("frbnini"), condizioni, 21, lontani=True))
    assert "variante_per_somiglianza" in lontani["indici"]


def _piano(sql: str, valori: list[Any]) -> dict[str, Any]:
    with connection.cursor() as cursore:
        cursore.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", valori)
        risposta = cursore.fetchone()[0]
    radice = (json.loads(risposta) if isinstance(risposta, str) else risposta)[0]["Plan"]
    nodi, da_vedere = [], [radice]
    while da_vedere:
        nodo = da_vedere.pop()
        nodi.append(nodo)
        da_vedere += nodo.get("Plans", [])
    return {
        "indici": " ".join(nodo.get("Index Name", "") for nodo in nodi),
        "lette_per_intero": [nodo["Relation Name"] for nodo in nodi if nodo["Node Type"] == "Seq Scan"],
        "blocchi": radice["Shared Hit Blocks"] + radice["Shared Read Blocks"],
    }


def test_the_page_is_scoped_by_role(cast: Cast) -> None:
    assert cast.client("amministratore").get("/utenti").status_code == 403
    assert cast.client("incrocio").get("/utenti").status_code == 200
    assert Client().get("/utenti").status_code == 302
    html = cast.client("incrocio").get("/utenti", {"q": "qwxz kjhw"}).content.decode()
    assert "Inserisci una nuova persona" not in html


def test_as_one_types_only_the_results_come(cast: Cast) -> None:
    html = (
        cast.client("operatore")
        .get("/utenti", {"q": cast.utente.cognome[:4]}, headers={"HX-Request": "true"})
        .content.decode()
    )
    assert "<html" not in html
    assert f"/utenti/{cast.utente.pk}" in html


def test_a_whole_codice_fiscale_opens_the_file(cast: Cast) -> None:
    risposta = cast.client("operatore").get("/utenti", {"q": cast.utente.codice_fiscale})
    assert risposta.status_code == 302
    assert risposta.url == f"/utenti/{cast.utente.pk}"


def test_nothing_found_leads_to_a_new_person_with_what_was_typed(cast: Cast) -> None:
    client = cast.client("operatore")
    html = client.get("/utenti", {"q": "zanobini ginevra"}).content.decode()
    assert "/utenti/nuovo?cognome=Zanobini&amp;nome=Ginevra" in html
    html = client.get("/utenti", {"q": "RSSMRA85T50D612W"}).content.decode()
    assert "/utenti/nuovo?codice_fiscale=RSSMRA85T50D612W" in html
    html = client.get("/utenti", {"q": "RSSMRA85T50D612X"}).content.decode()
    assert "carattere di controllo" in html


def test_what_is_typed_comes_back_escaped(cast: Cast) -> None:
    html = cast.client("operatore").get("/utenti", {"q": '<script>"x'}).content.decode()
    assert "<script>" not in html.replace("<script src", "")
    assert cast.client("operatore").get("/utenti", {"q": "ro\x00ssi"}).status_code == 200


def test_the_files_opened_last(cast: Cast, django_assert_num_queries: Any) -> None:
    """A2: the empty box shows, newest first, what this operator opened and may still see."""
    prima, dopo, ceduto = (persona(cast, nome, "Ada") for nome in ("Prima", "Dopo", "Ceduto"))
    client = cast.client("operatore")
    for utente in (prima, dopo, ceduto, prima):
        client.get(f"/utenti/{utente.pk}/identita")
    trasferisci_utente(utente=ceduto, cpi=cast.altro_cpi, attore=cast.responsabile)
    with django_assert_num_queries(1):
        recenti = aperti_di_recente(cast.operatore)
    assert [p.id for p in recenti] == [prima.pk, dopo.pk]
    assert aperti_di_recente(cast.collega) == []
    assert aperti_di_recente(crea_operatore(Ruolo.AMMINISTRATORE, None)) == []
    assert "Aperti di recente" in client.get("/utenti").content.decode()
