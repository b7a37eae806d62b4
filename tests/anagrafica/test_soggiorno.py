"""The document of stay (U5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from orientamento.anagrafica.models import DocumentoSoggiorno, Utente
from orientamento.anagrafica.services.soggiorno import registra_soggiorno
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from tests.cast import Cast

OGGI = dt.date(2026, 11, 23)
DATI: dict[str, Any] = {
    "tipo": "permesso",
    "numero": "I0123",
    "scadenza": dt.date(2030, 1, 1),
    "ricevuta_rinnovo": False,
}


@pytest.mark.parametrize(
    ("scadenza", "ricevuta", "parole"),
    [
        (dt.date(2027, 1, 23), False, ""),
        (dt.date(2027, 1, 22), False, "scade il 22/01/2027, tra 60 giorni: ricordare di chiedere il rinnovo"),
        (dt.date(2026, 11, 24), True, "tra 1 giorno: il rinnovo è già stato chiesto"),
        (OGGI, False, "scade oggi"),
        (dt.date(2026, 11, 22), False, "è scaduto il 22/11/2026 e non risulta la richiesta di rinnovo"),
        (dt.date(2026, 11, 22), True, "vale la ricevuta"),
        (None, False, ""),
    ],
)
def test_warns_in_words_when_expired_or_expiring(scadenza: dt.date | None, ricevuta: bool, parole: str) -> None:
    avviso = DocumentoSoggiorno(**{**DATI, "scadenza": scadenza, "ricevuta_rinnovo": ricevuta}).avviso(OGGI)
    assert (parole in avviso) if parole else avviso == ""


@pytest.mark.django_db
class TestRecording:
    @pytest.fixture
    def straniero(self, cast: Cast) -> Utente:
        Utente.objects.filter(pk=cast.utente.pk).update(extra_ue=True)
        cast.utente.refresh_from_db()
        return cast.utente

    def test_once_and_then_corrected(self, cast: Cast, straniero: Utente) -> None:
        registra_soggiorno(utente=straniero, dati=DATI, attore=cast.operatore)
        registra_soggiorno(utente=straniero, dati=DATI, attore=cast.operatore)
        registra_soggiorno(utente=straniero, dati={**DATI, "numero": "I0124"}, attore=cast.operatore)
        azioni = Evento.objects.filter(utente=straniero, oggetto_tipo="anagrafica.documentosoggiorno")
        assert list(azioni.order_by("pk").values_list("azione", flat=True)) == ["voce_aggiunta", "voce_modificata"]
        assert DocumentoSoggiorno.objects.get(utente=straniero).numero == "I0124"

    def test_only_outside_the_union_and_with_its_end(self, cast: Cast, straniero: Utente) -> None:
        with pytest.raises(RegolaViolata, match="scadenza"):
            registra_soggiorno(utente=straniero, dati={**DATI, "scadenza": None}, attore=cast.operatore)
        lungo = {**DATI, "tipo": "lungo_periodo", "scadenza": None}
        assert registra_soggiorno(utente=straniero, dati=lungo, attore=cast.operatore).avviso(OGGI) == ""
        Utente.objects.filter(pk=straniero.pk).update(extra_ue=False)
        with pytest.raises(RegolaViolata, match="fuori dall'Unione"):
            registra_soggiorno(utente=straniero, dati=DATI, attore=cast.operatore)

    def test_the_page(self, cast: Cast, straniero: Utente) -> None:
        url = reverse("anagrafica:soggiorno", args=[straniero.pk])
        client = cast.client("operatore")
        dati = {"tipo": "permesso", "numero": "I0123", "scadenza": "01/01/2020"}
        assert client.post(url, dati).status_code == 302
        assert "scaduto il 01/01/2020" in client.get(url).content.decode()
        risposta = client.post(url, {**dati, "scadenza": "32/13/2020"})
        assert risposta.status_code == 422
        assert "32/13/2020" in risposta.content.decode()
        assert cast.client("incrocio").get(url).status_code == 403
        assert cast.client("estraneo").get(url).status_code == 404

    def test_for_an_italian_it_says_where_to_correct_the_citizenship(self, cast: Cast) -> None:
        Utente.objects.filter(pk=cast.utente.pk).update(extra_ue=False)
        pagina = cast.client("operatore").get(reverse("anagrafica:soggiorno", args=[cast.utente.pk]))
        assert "Identità e recapiti" in pagina.content.decode()
