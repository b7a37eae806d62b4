"""What a request says is read with suspicion: nothing it names may break a page."""

from __future__ import annotations

import pytest
from django.urls import reverse

from orientamento.comune.viste import chiave_intera
from tests.cast import Cast
from tests.psp.scene import apri

NON_SONO_CHIAVI = ["", "²", "٣", "-1", "1.0", " 1", "1e3", "\x00", "9" * 19, "9" * 5000, "uno", None]


@pytest.mark.parametrize("testo", NON_SONO_CHIAVI)
def test_what_is_no_key(testo: str | None) -> None:
    assert chiave_intera(testo) is None


def test_a_key() -> None:
    assert chiave_intera("0012") == 12


@pytest.mark.django_db
@pytest.mark.parametrize("testo", ["²", "9" * 5000, "\x00"])
class TestNamesOfRowsInRequests:
    def test_in_the_reading_of_a_codice_fiscale(self, cast: Cast, testo: str) -> None:
        dati = {"codice_fiscale": cast.utente.codice_fiscale, "utente": testo}
        assert cast.client("operatore").post(reverse("anagrafica:leggi_codice_fiscale"), dati).status_code == 200

    def test_in_the_register(self, cast: Cast, testo: str) -> None:
        url = reverse("anagrafica:registro_utente", args=[cast.utente.pk])
        assert cast.client("responsabile").get(url, {"prima": testo, "genere": testo}).status_code == 200

    def test_in_the_sittings(self, cast: Cast, testo: str) -> None:
        url = reverse("psp:incontri", args=[apri(cast).pk])
        assert cast.client("operatore").post(url, {"incontro": testo}).status_code == 404
