"""The target firms and the sittings of the interview on their pages (C1, C2, C4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.comune.calendario import adesso
from psp.models import Appuntamento, Colloquio, ImpresaObiettivo
from psp.services.completezza_colloquio import indirizzo_fase as fase
from psp.views.cornice import firma_pagina
from tests.cast import Cast, crea_utente
from tests.psp.scene import analizzato, apri, informato

HTMX = {"HX-Request": "true"}


@pytest.fixture
def operatore(cast: Cast) -> Client:
    return cast.client("operatore")


class TestImprese:
    def aggiungi(self, client: Client, colloquio: Colloquio, **altro: Any):
        dati = {"impresa-nome": "Tessitura Rossi", "impresa-luogo": "Prato", "impresa-motivo": ""}
        return client.post(reverse("psp:imprese", args=[colloquio.pk]), dati, **altro)

    def test_added_and_taken_off_in_place(self, cast: Cast, operatore: Client) -> None:
        """C4."""
        colloquio = informato(cast)
        risposta = self.aggiungi(operatore, colloquio, headers=HTMX)
        assert risposta["HX-Trigger"] == "fascicolo-cambiato"
        assert "Tessitura Rossi" in risposta.content.decode()
        assert self.aggiungi(operatore, colloquio, headers=HTMX).status_code == 422
        dati = {"elimina": ImpresaObiettivo.objects.get().pk}
        operatore.post(reverse("psp:imprese", args=[colloquio.pk]), dati, headers=HTMX)
        assert not ImpresaObiettivo.objects.exists()

    def test_without_scripts(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        assert self.aggiungi(operatore, colloquio)["Location"] == f"{fase(colloquio, 2)}#imprese"
        risposta = self.aggiungi(operatore, colloquio)
        assert risposta.status_code == 422
        assert "già nell&#x27;elenco" in risposta.content.decode()

    def test_of_another_interview_is_not_touched(self, cast: Cast, operatore: Client) -> None:
        altrui = ImpresaObiettivo.objects.create(
            colloquio=Colloquio.objects.create(
                utente=crea_utente(cast.altro_cpi), cpi=cast.altro_cpi, aperto_il=adesso(), aperto_da=cast.estraneo
            ),
            nome="Altra",
        )
        operatore.post(reverse("psp:imprese", args=[informato(cast).pk]), {"elimina": altrui.pk}, headers=HTMX)
        assert ImpresaObiettivo.objects.filter(pk=altrui.pk).exists()


class TestIncontri:
    def tempo(self, client: Client, colloquio: Colloquio, **altro: Any):
        dati = {"fase": 2, "secondi": 60, "pagina": firma_pagina(colloquio), **altro}
        return client.post(reverse("psp:tempo", args=[colloquio.pk]), dati, headers=HTMX)

    def test_the_page_sends_its_time_and_gets_the_clock(self, cast: Cast, operatore: Client) -> None:
        """C2."""
        colloquio = informato(cast)
        Appuntamento.objects.update(minuti_1=80)
        risposta = self.tempo(operatore, colloquio)
        assert "80 min di 90" in risposta.content.decode()
        assert "Restano 10 minuti" in risposta.content.decode()

    @pytest.mark.parametrize(
        "dati", [{"pagina": "falsa"}, {"secondi": "-1"}, {"secondi": "²"}, {"fase": "9"}, {"fase": ""}]
    )
    def test_invented_times_count_nothing(self, cast: Cast, operatore: Client, dati: dict[str, str]) -> None:
        assert self.tempo(operatore, apri(cast), **dati).status_code == 200
        assert not Appuntamento.objects.exists()

    def test_a_look_at_the_page_is_no_sitting(self, cast: Cast, operatore: Client) -> None:
        operatore.get(fase(apri(cast), 1))
        assert not Appuntamento.objects.exists()

    def test_minutes_are_corrected_in_the_table(self, cast: Cast, operatore: Client) -> None:
        colloquio = informato(cast)
        url, incontro = reverse("psp:incontri", args=[colloquio.pk]), Appuntamento.objects.get()
        nome = f"incontro-{incontro.pk}"
        dati = {"incontro": incontro.pk, f"{nome}-modo": "gruppo", f"{nome}-minuti_1": "25"}
        assert operatore.post(url, dati)["Location"] == url
        incontro.refresh_from_db()
        assert (incontro.minuti_1, incontro.minuti_2, incontro.modo) == (25, None, "gruppo")
        assert "25 min di 90" in operatore.get(url).content.decode()
        errata = operatore.post(url, dati | {f"{nome}-minuti_1": "900"})
        assert errata.status_code == 422
        assert "Al massimo 480 minuti." in errata.content.decode()

    def test_a_group_session_is_added(self, cast: Cast, operatore: Client) -> None:
        """C1."""
        url = reverse("psp:incontri", args=[apri(cast).pk])
        dati = {"nuovo-data": "20112026", "nuovo-modo": "gruppo", "nuovo-minuti_1": "40"}
        assert operatore.post(url, dati).status_code == 302
        assert operatore.post(url, dati).status_code == 422
        assert operatore.post(url, dati | {"nuovo-data": "31/02/2026"}).status_code == 422
        assert Appuntamento.objects.get().data == dt.date(2026, 11, 20)

    def test_the_conclusion_says_what_is_missing_or_asks_for_the_reason(
        self, cast: Cast, operatore: Client, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """C2."""
        colloquio = analizzato(cast)
        url = reverse("psp:concludi_colloquio", args=[colloquio.pk])
        assert operatore.post(url).status_code == 422
        monkeypatch.setattr("psp.services.completezza_colloquio.Situazione.patto_definito", True)
        Appuntamento.objects.update(minuti_2=120)
        senza = operatore.post(url)
        assert senza.status_code == 422
        assert "è durato 120 minuti" in senza.content.decode()
        con = operatore.post(url, {"motivo_scostamento": "Serviva un interprete"})
        assert con["Location"] == reverse("psp:utente", args=[cast.utente.pk])
        assert operatore.post(url).status_code == 422
        assert "Serviva un interprete" in operatore.get(reverse("psp:incontri", args=[colloquio.pk])).content.decode()
