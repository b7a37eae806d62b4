"""P3: the official classification comes in from the tables as ISTAT and others publish them."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from orientamento.registro.models import Evento
from propensioni.models import Professione
from propensioni.services.glossario import cerca_professioni

pytestmark = pytest.mark.django_db

ESTESA = (
    "code,title_it,grande_gruppo,grande_gruppo_name_it,gruppo,classe,categoria,description,examples\r\n"
    '5.2.2.1.0,Cuochi in alberghi e ristoranti,5,"PROFESSIONI, SERVIZI",5.2,5.2.2,5.2.2.1,"Cucinano, e altro",'
    "cuoco di bordo; cuoco pizzaiolo; friggitore di pesce\r\n"
    "2.2.1.4.4,ingegneri della automazione,2,X,2.2,2.2.1,2.2.1.4,Progettano,ingegnere della automazione\r\n"
)
SEMPLICE = "codice;nome\n5;Professioni qualificate\n5.2.2;Ristorazione\n5.2.2.1.0;Cuochi in alberghi e ristoranti\n"


def importa(percorso: Path, testo: str | bytes, **opzioni: str) -> str:
    percorso.write_bytes(testo if isinstance(testo, bytes) else testo.encode())
    uscita = StringIO()
    call_command("importa_professioni", str(percorso), stdout=uscita, **opzioni)
    return uscita.getvalue().strip()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "professioni.csv"


def test_wide_layout_with_examples(file: Path) -> None:
    assert importa(file, ESTESA) == (
        "Lette 2 unità professionali e 4 voci: nuove 2 unità e 6 voci, ritirate 0; "
        "saltate 0 righe di livelli superiori."
    )
    assert Professione.objects.get(codice="2.2.1.4.4").titolo == "Ingegneri della automazione"
    assert cerca_professioni("friggitrice di pesce")[0].codice == "5.2.2.1.0"


def test_plain_layout_takes_the_units_only(file: Path) -> None:
    assert "Lette 1 unità" in importa(file, SEMPLICE)
    assert list(Professione.objects.values_list("codice", "titolo")) == [
        ("5.2.2.1.0", "Cuochi in alberghi e ristoranti")
    ]


@pytest.mark.parametrize(
    "contenuto",
    [
        SEMPLICE.encode(),
        SEMPLICE.encode("utf-8-sig"),
        SEMPLICE.replace("ristoranti", "caffè").encode("cp1252"),
        SEMPLICE.encode("utf-16"),
        SEMPLICE.replace(";", "\t").encode(),
        SEMPLICE.replace("\n", "\r\n").encode(),
        ("\n" + SEMPLICE.replace("codice;nome", "Codice CP2021;Denominazione") + "\n;\n").encode(),
    ],
    ids=["utf8", "bom", "windows", "utf16", "tab", "crlf", "altre intestazioni"],
)
def test_encodings_and_delimiters_are_recognised(file: Path, contenuto: bytes) -> None:
    assert "nuove 1 unità" in importa(file, contenuto)
    assert Professione.objects.filter(titolo__startswith="Cuochi in alberghi e ").count() == 1


def test_a_second_run_changes_nothing(file: Path) -> None:
    importa(file, ESTESA)
    eventi = Evento.objects.count()
    assert "nuove 0 unità e 0 voci, ritirate 0" in importa(file, ESTESA)
    assert Evento.objects.count() == eventi == 1


def test_a_changed_title_retires_the_old_one_and_comes_back(file: Path) -> None:
    importa(file, SEMPLICE)
    assert "nuove 1 unità e 1 voci, ritirate 1" in importa(file, SEMPLICE.replace("Cuochi in", "Cuoche e cuochi in"))
    assert not Professione.objects.get(titolo="Cuochi in alberghi e ristoranti").attiva
    importa(file, SEMPLICE)
    assert Professione.objects.get(titolo="Cuochi in alberghi e ristoranti").attiva


@pytest.mark.usefixtures("glossario")
def test_everyday_entries_keep_their_priority_and_lend_their_sep(file: Path) -> None:
    quotidiane = Professione.objects.filter(quotidiana=True).count()
    importa(file, ESTESA)
    assert Professione.objects.filter(quotidiana=True).count() == quotidiane
    assert [p.quotidiana for p in cerca_professioni("cuoco")][:3] == [True] * 3
    ufficiale = Professione.objects.get(titolo="Cuochi in alberghi e ristoranti")
    assert ufficiale.sep is not None
    assert ufficiale.sep.nome == "Servizi turistici"


@pytest.mark.parametrize(
    ("contenuto", "attesi"),
    [
        (b"", ["Il file è vuoto"]),
        (b"  \n \n", ["Il file è vuoto"]),
        (b"PK\x03\x04altro", ["foglio di calcolo", "CSV"]),
        (b"codice;nome\n1.1.1.1.1;a\x00b\n", ["non è un testo"]),
        (b"pippo;pluto\n1;2\n", ["Riga 1", "codice", "nome"]),
        (b"codice;altro\n5.2.2.1.0;x\n", ["Riga 1", "nome"]),
        (b"codice;nome\n5.2.2.1.0;Cuochi\nabc;Strani\n", ["Riga 3", "abc", "5.2.2.1.0"]),
        (b"codice;nome\n5.2.2.1.0;\n", ["Riga 2", "manca il nome"]),
        (b"codice;nome\n5.2.2.1.0\n", ["Riga 2", "1 colonne invece di 2"]),
        (b"codice;nome\n5.2.2.1.0;Cuochi;di;troppo\n", ["Riga 2", "4 colonne invece di 2"]),
        (b"codice;nome\n5.2.2.1.0;Cuochi\n5.2.2.1.0;Altri\n", ["Riga 3", "alla riga 2"]),
        (b"codice;nome\n5.2.2.1.0;" + b"x" * 300 + b"\n", ["Riga 2", "250 caratteri"]),
        (b'codice;nome\n5.2.2.1.0;"Cuochi\n', ["Riga 2", "virgolette"]),
        (b"codice;nome\n5;Grande gruppo\n", ["alcuna unit"]),
        (b"codice;nome\n" + b"x;y\n" * 30, ["Riga 2", "Riga 11", "altri 20 errori"]),
    ],
)
def test_bad_files_are_refused_naming_the_line_and_leave_nothing(
    file: Path, contenuto: bytes, attesi: list[str]
) -> None:
    with pytest.raises(CommandError) as rifiuto:
        importa(file, contenuto)
    messaggio = str(rifiuto.value)
    assert messaggio.startswith("Non è stato importato nulla.")
    for atteso in attesi:
        assert atteso in messaggio
    assert not Professione.objects.exists()


def test_lines_are_counted_also_through_cells_of_many_lines(file: Path) -> None:
    testo = 'codice,nome\n5.2.2.1.0,"Cuochi\nin alberghi"\nabc,Strani\n'
    with pytest.raises(CommandError, match="Riga 4"):
        importa(file, testo)


def test_a_missing_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="non si apre"):
        call_command("importa_professioni", str(tmp_path / "manca.csv"))
    with pytest.raises(CommandError, match="non si apre"):
        call_command("importa_professioni", str(tmp_path))
