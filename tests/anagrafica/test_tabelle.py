"""The starting tables and the import of the towns (U1, U3)."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from orientamento.anagrafica.models import CPI, CompetenzaTerritoriale, GenereTesto, Programma, TestoInformativo
from orientamento.anagrafica.services.competenze import importa_competenze
from orientamento.anagrafica.services.tabelle import carica_tabelle
from orientamento.anagrafica.templatetags import testi as filtri
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento

pytestmark = pytest.mark.django_db
DAL = dt.date(2026, 12, 1)


def test_every_town_of_tuscany_has_one_centre() -> None:
    carica_tabelle()
    assert CompetenzaTerritoriale.objects.filter(valido_al__isnull=True).count() == 273
    assert not CPI.objects.filter(competenze__isnull=True).exists()


@pytest.mark.parametrize(
    ("comune", "sede"),
    [
        ("D612", "Firenze"),
        ("A657", "Barga"),
        ("C236", "Barga"),
        ("M408", "San Casciano in Val di Pesa"),
        ("A496", "Aulla"),
    ],
)
def test_known_towns(comune: str, sede: str) -> None:
    """Barga once only, Barberino Tavarnelle (2019) present, Lunigiana with its own centre."""
    carica_tabelle()
    assert CompetenzaTerritoriale.objects.get(codice_comune=comune).cpi.comune == sede


def test_loading_again_changes_nothing_and_keeps_the_administrators_changes() -> None:
    carica_tabelle()
    CPI.objects.filter(comune="Prato").update(telefono="0574 000000", nome="Prato, nuova sede")
    eventi = Evento.objects.count()
    assert carica_tabelle() == {"centri": 0, "comuni": 0, "programmi": 0, "testi": 0}
    assert CPI.objects.get(comune="Prato").nome == "Prato, nuova sede"
    assert Evento.objects.count() == eventi


def test_the_days_from_did_to_pact_are_those_of_the_law() -> None:
    """U3: 30 without benefit, 15 with NASpI and DIS-COLL, 60 with ADI; a programme that ended is not offered."""
    carica_tabelle()
    giorni = dict(Programma.objects.in_vigore(dt.date(2026, 11, 23)).values_list("chiave", "giorni_per_patto"))
    assert (giorni["nessuno"], giorni["naspi"], giorni["dis-coll"], giorni["adi"]) == (30, 15, 15, 60)
    assert "rdc" not in giorni
    assert Programma.objects.get(chiave="rdc").valido_il(dt.date(2023, 12, 31))


def test_every_kind_of_text_has_a_first_version() -> None:
    carica_tabelle()
    testi = TestoInformativo.objects.in_vigore(dt.date(2026, 11, 23))
    assert set(testi) == set(GenereTesto.values)
    assert "imprese" in testi["consenso_incontro"].testo
    assert "150/2015" in testi["informazioni_colloquio"].testo


def test_the_newest_version_that_has_begun_is_in_force() -> None:
    carica_tabelle()
    prima = TestoInformativo.objects.get(genere="consenso_incontro")
    nuova = TestoInformativo.objects.create(
        genere="consenso_incontro", versione=2, titolo="Nuovo", testo="Nuovo.", valido_dal=dt.date(2027, 1, 1)
    )
    assert TestoInformativo.objects.in_vigore(dt.date(2026, 12, 31))["consenso_incontro"] == prima
    assert TestoInformativo.objects.in_vigore(dt.date(2027, 1, 1))["consenso_incontro"] == nuova


def test_the_text_is_shown_with_headings_and_lists_and_nothing_unescaped() -> None:
    html = filtri.testo_informativo("Titolo <b>\n\nUn paragrafo.\n\n- uno\n- <script>")
    assert html == "<h3>Titolo &lt;b&gt;</h3><p>Un paragrafo.</p><ul><li>uno</li><li>&lt;script&gt;</li></ul>"


def test_importing_towns_closes_the_old_row_and_opens_a_new_one() -> None:
    carica_tabelle()
    empoli = CPI.objects.get(comune="Empoli").codice
    esito = importa_competenze(f"comune;cpi\nG999;{empoli}\nD403;{empoli}\n", dal=DAL)
    assert (esito.nuove, esito.cambiate, esito.invariate) == (0, 1, 1)
    vecchia, nuova = CompetenzaTerritoriale.objects.filter(codice_comune="G999").order_by("valido_dal")
    assert (vecchia.valido_al, nuova.valido_dal) == (dt.date(2026, 11, 30), DAL)
    assert (nuova.cpi.codice, nuova.comune) == (empoli, "Prato")
    ripetuto = importa_competenze(f"comune,cpi\nG999,{empoli}\n", dal=DAL)
    assert (ripetuto.nuove, ripetuto.cambiate, ripetuto.invariate) == (0, 0, 1)


@pytest.mark.parametrize(
    ("testo", "messaggio"),
    [
        ("a,b\n1,2\n", "«comune» e «cpi»"),
        ("comune,cpi\nXX,G999C000087\n", "codice catastale"),
        ("comune,cpi\nG999,MAI\n", "non esiste"),
        ("comune,cpi\nA001,G999C000087\n", "colonna «nome»"),
        ("comune,cpi\nG999,D403C000108\nG999,D403C000108\n", "già alla riga 2"),
    ],
)
def test_a_bad_file_is_refused_whole_and_says_the_line(testo: str, messaggio: str) -> None:
    carica_tabelle()
    with pytest.raises(RegolaViolata, match=messaggio):
        importa_competenze(testo + ("D403,G999C000087\n" if "cpi" in testo else ""), dal=DAL)
    assert CompetenzaTerritoriale.objects.get(codice_comune="D403").cpi.comune == "Empoli"


def test_the_commands(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("carica_tabelle")
    file = tmp_path / "competenze.csv"
    file.write_text("comune,cpi,nome\nA001,G999C000087,Abano\n", encoding="utf-8")
    call_command("importa_competenze", str(file), "--dal=01/12/2026")
    assert "1 nuove, 0 cambiate, 0 invariate" in capsys.readouterr().out
    file.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(CommandError, match="UTF-8"):
        call_command("importa_competenze", str(file))
    with pytest.raises(CommandError, match="Non si può leggere"):
        call_command("importa_competenze", str(tmp_path / "manca.csv"))
