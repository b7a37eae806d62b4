"""P3: the starting glossary and the tolerant search by everyday names."""

from __future__ import annotations

import csv
import re
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Value

from orientamento.registro.models import Evento
from propensioni.models import SEP, Professione, VoceProfessione
from propensioni.radici import Radici
from propensioni.services.errori_battitura import distanza
from propensioni.services.glossario import DATI, carica_glossario, cerca_professioni
from propensioni.services.ricerca import _candidate, _sicure

pytestmark = pytest.mark.django_db

ATTESI = [
    ("magazziniere", "Magazziniere"),
    ("badante", "Badante"),
    ("OSS", "Operatore socio-sanitario (OSS)"),
    ("mulettista", "Carrellista"),
    ("impiegata", "Impiegato amministrativo"),
    ("operaio", "Operaio generico"),
    ("netturbino", "Operatore ecologico"),
    ("bidella", "Collaboratore scolastico"),
    # gender and number
    ("operaia", "Operaio generico"),
    ("operai", "Operaio generico"),
    ("operaie", "Operaio generico"),
    ("cuoche", "Cuoco"),
    ("magazziniera", "Magazziniere"),
    ("saldatrici", "Saldatore"),
    ("parrucchiera", "Parrucchiere"),
    ("educatrici professionali", "Educatore professionale"),
    # hyphens, blanks, accents, capitals, small words
    ("baby sitter", "Baby-sitter"),
    ("babysitter", "Baby-sitter"),
    ("BABY-SITTER", "Baby-sitter"),
    ("maitre di sala", "Maître di sala"),
    ("operatrice sociosanitaria", "Operatore socio-sanitario (OSS)"),
    ("operatore socio sanitario", "Operatore socio-sanitario (OSS)"),
    ("addetto pulizie", "Addetto alle pulizie"),
    # several words in any order
    ("pulizie addetta", "Addetto alle pulizie"),
    ("nido educatrice", "Educatore di asilo nido"),
    ("pelle tagliatore", "Tagliatore di pelletteria"),
    # one or two errors
    ("magaziniere", "Magazziniere"),
    ("cameirera", "Cameriere di sala"),
    ("parruchiera", "Parrucchiere"),
    ("elettricsta", "Elettricista"),
    ("idraulco", "Idraulico"),
    ("tagliatirce pelle", "Tagliatore di pelletteria"),
    ("adetta pulizzie", "Addetto alle pulizie"),
    ("addetta alra pescheria", "Addetto alla pescheria"),
    # as one types
    ("magaz", "Magazziniere"),
    ("murat", "Muratore"),
    ("idraul", "Idraulico"),
]


def titoli(testo: str, **altro: Any) -> list[str]:
    return [professione.titolo for professione in cerca_professioni(testo, **altro)]


def test_the_files_hold_what_they_promise() -> None:
    with (DATI / "sep.csv").open(encoding="utf-8", newline="") as file:
        settori = {riga["codice"]: riga["nome"] for riga in csv.DictReader(file)}
    with (DATI / "professioni.csv").open(encoding="utf-8", newline="") as file:
        professioni = list(csv.DictReader(file))
    assert sorted(settori) == [f"{n:02}" for n in range(1, 25)]
    assert len(professioni) >= 300
    assert len({riga["titolo"] for riga in professioni}) == len(professioni)
    for riga in professioni:
        assert re.fullmatch(r"\d(\.\d{1,2}){4}", riga["codice"]), riga
        assert riga["sep"] in settori, riga
        assert riga["sinonimi"], riga


def test_loading_twice_changes_nothing() -> None:
    prima = carica_glossario()
    assert (prima.sep, prima.professioni) == (24, Professione.objects.count())
    assert prima.voci > 2000
    eventi = Evento.objects.count()
    assert str(carica_glossario()) == "settori 0, professioni 0, voci 0"
    assert Evento.objects.count() == eventi == 1


def test_the_command_says_what_it_loaded() -> None:
    uscita = StringIO()
    call_command("carica_glossario", stdout=uscita)
    assert uscita.getvalue() == (
        f"Nuovi nel glossario: settori 24, professioni {Professione.objects.count()}, "
        f"voci {VoceProfessione.objects.count()}.\n"
    )


@pytest.mark.usefixtures("glossario")
def test_everyday_names_come_first() -> None:
    altre = {testo: titoli(testo)[:3] for testo, atteso in ATTESI if titoli(testo)[:1] != [atteso]}
    assert altre == {}


@pytest.mark.usefixtures("glossario")
def test_nothing_useful_finds_nothing() -> None:
    for testo in ["", " ", "a", "!?", "\x00", "日本", "xyzzyx", "%%", "__", "--"]:
        assert titoli(testo) == [], testo


@pytest.mark.usefixtures("glossario")
def test_very_long_and_strange_texts_are_harmless() -> None:
    assert cerca_professioni("cuoco " * 5000) is not None
    assert cerca_professioni("e\u0301" * 200) is not None
    assert cerca_professioni("👩🏽‍🔧 cuoco")[0].titolo == "Cuoco"


@pytest.mark.usefixtures("glossario")
def test_each_profession_comes_once_and_within_the_limit() -> None:
    trovate = cerca_professioni("addetto", limite=12)
    assert len(trovate) == 12 == len({professione.pk for professione in trovate})
    assert len(cerca_professioni("addetto", limite=5)) == 5


@pytest.mark.usefixtures("glossario")
def test_says_which_name_matched_and_brings_the_sep() -> None:
    trovata = cerca_professioni("mulettista")[0]
    assert (trovata.voce_trovata, trovata.esatta) == ("mulettista", True)
    assert trovata.sep is not None
    assert trovata.sep.nome == "Trasporti e logistica"
    assert cerca_professioni("magazziniere")[0].voce_trovata == ""


@pytest.mark.usefixtures("glossario")
def test_everyday_before_official_at_equal_merit() -> None:
    ufficiale = Professione.objects.create(codice="9.9.9.9.9", titolo="Muratore")
    VoceProfessione.objects.create(professione=ufficiale, voce="Muratore")
    prima, seconda = cerca_professioni("muratore")[:2]
    assert prima.quotidiana
    assert seconda == ufficiale


@pytest.mark.usefixtures("glossario")
def test_retired_professions_are_not_offered() -> None:
    Professione.objects.filter(titolo="Cuoco").update(attiva=False)
    assert "Cuoco" not in titoli("cuoco")


@pytest.mark.usefixtures("glossario")
def test_one_query_two_when_looking_for_errors(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        [p.sep for p in cerca_professioni("cameriere")]
    with django_assert_num_queries(2):
        [p.sep for p in cerca_professioni("magaziniere")]
    with django_assert_num_queries(0):
        cerca_professioni("x")


@pytest.mark.usefixtures("glossario")
@pytest.mark.parametrize("testo", ["saldatore", "magaziniere", "nido educatrice"])
def test_both_searches_stand_on_the_indexes(testo: str) -> None:
    """On the small table of the tests a scan may be cheaper: without it the plan must be the indexes', not a scan."""
    with connection.cursor() as cursore:
        cursore.execute("SET LOCAL enable_seqscan = off")
        cursore.execute("SET LOCAL enable_indexscan = off")
    piano = _sicure(testo).explain()
    assert "voce_per_radici" in piano
    assert "voce_per_somiglianza" in piano
    assert "voce_per_radici" in _candidate(testo).explain()


@pytest.mark.parametrize(
    ("gruppo", "radici"),
    [
        (["Operaio", "operaia", "operai", "OPERAIE"], " opera "),
        (["cuoco", "cuoca", "cuochi", "cuoche"], " cuoc "),
        (["educatore", "educatrice", "educatori", "educatrici"], " educator "),
        (["professore", "professoressa", "professori", "professoresse"], " professor "),
        (["addetta alle pulizie", "Addetti alla pulizia"], " addett puliz "),
        (["maître d'hôtel"], " maitr hotel "),
        (["OSS"], " oss "),
    ],
)
def test_folding_by_gender_and_number(gruppo: list[str], radici: str) -> None:
    SEP.objects.create(codice="99", nome="prova")
    for testo in gruppo:
        assert SEP.objects.values_list(Radici(Value(testo)), flat=True).get() == radici


@pytest.mark.parametrize(
    ("scritta", "giusta", "attesi"),
    [
        ("cuoco", "cuoco", (0, 0)),
        ("coco", "cuoco", (1, 1)),
        ("cuocco", "cuoco", (1, 1)),
        ("cuovo", "cuoco", (1, 1)),
        ("ucoco", "cuoco", (1, 1)),
        ("muratroe", "muratore", (1, 1)),
        ("sarto", "cuoco", (3, 3)),  # more than two: it gave up
    ],
)
def test_counting_errors(scritta: str, giusta: str, attesi: tuple[int, int]) -> None:
    assert distanza(scritta, giusta, 2) == attesi


def test_counting_errors_of_a_beginning() -> None:
    assert distanza("magazzn", "magazziniere", 2)[1] == 1
