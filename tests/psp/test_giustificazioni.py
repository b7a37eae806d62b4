"""The reason of a justified absence: apart, opened only by whoever says what for, never in the register (U6)."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import GiustificazioneAssenza, Iscrizione
from psp.services import agenda
from tests.cast import Cast
from tests.psp.scene_agenda import assenza_giustificata

pytestmark = pytest.mark.django_db

DETTO = "Malattia o infortunio documentati"


@pytest.fixture
def assenza(cast: Cast) -> Iscrizione:
    return assenza_giustificata(cast)


def segna(cast: Cast, iscrizione: Iscrizione, stato: str, motivo: str = "") -> None:
    agenda.segna_presenze(
        seduta=iscrizione.seduta,
        esiti={iscrizione.pk: agenda.Presenza(stato, motivo_assenza=motivo)},
        attore=cast.collega,
        adesso=adesso(),
    )


def apri(cast: Cast, iscrizione: Iscrizione, chi: str = "operatore", **come: str) -> GiustificazioneAssenza:
    dati = {"perche": "condizionalita", **come}
    return agenda.apri_giustificazione(iscrizione=iscrizione, attore=getattr(cast, chi), adesso=adesso(), **dati)


@transaction.atomic
def fino_in_fondo(scrivi: Callable[[], object]) -> None:
    """With the checks that wait for the end of the transaction."""
    scrivi()
    connection.check_constraints()


def viste() -> list[Evento]:
    return list(Evento.objects.filter(azione=Azione.GIUSTIFICAZIONE_VISTA).order_by("pk"))


class TestMotivo:
    def test_marked_again_without_a_reason_it_stays_who_wrote_it(self, cast: Cast, assenza: Iscrizione) -> None:
        segna(cast, assenza, "giustificata")
        giustificazione = GiustificazioneAssenza.objects.get(iscrizione=assenza)
        assert (giustificazione.motivo, giustificazione.registrata_da) == ("salute", cast.operatore)

    def test_another_reason_takes_its_place(self, cast: Cast, assenza: Iscrizione) -> None:
        segna(cast, assenza, "giustificata", "lavoro")
        giustificazione = GiustificazioneAssenza.objects.get(iscrizione=assenza)
        assert (giustificazione.motivo, giustificazione.registrata_da) == ("lavoro", cast.collega)

    @pytest.mark.parametrize("stato", ["presente", "assente"])
    def test_an_absence_no_longer_justified_keeps_none(self, cast: Cast, assenza: Iscrizione, stato: str) -> None:
        segna(cast, assenza, stato)
        assert not GiustificazioneAssenza.objects.exists()
        with pytest.raises(RegolaViolata, match="non è più giustificata"):
            apri(cast, assenza)
        with pytest.raises(RegolaViolata, match="motivo che giustifica"):
            segna(cast, assenza, "giustificata")

    def test_the_database_keeps_the_two_together(self, cast: Cast, assenza: Iscrizione) -> None:
        righe = Iscrizione.objects.filter(pk=assenza.pk)
        giustificazioni = GiustificazioneAssenza.objects.filter(iscrizione=assenza)
        for guasto in (lambda: righe.update(stato="assente"), giustificazioni.delete):
            with pytest.raises(IntegrityError, match="justified exactly where"):
                fino_in_fondo(guasto)
        assert giustificazioni.get().motivo == "salute"


class TestApertura:
    @pytest.mark.parametrize("chi", ["operatore", "collega", "responsabile"])
    def test_who_and_what_for_are_in_the_register_and_the_reason_is_not(
        self, cast: Cast, assenza: Iscrizione, chi: str
    ) -> None:
        assert apri(cast, assenza, chi, testo="da non tenere").motivo == "salute"
        (riga,) = viste()
        assert (riga.attore, riga.utente, riga.oggetto_id) == (getattr(cast, chi), cast.utente, assenza.pk)
        assert riga.dettaglio == {"perche": "condizionalita"}

    def test_another_reason_is_written_in_words(self, cast: Cast, assenza: Iscrizione) -> None:
        with pytest.raises(RegolaViolata, match="quale altra ragione") as rifiuto:
            apri(cast, assenza, perche="altro", testo="  ")
        assert rifiuto.value.campo == "testo"
        assert viste() == []
        apri(cast, assenza, perche="altro", testo="Ricorso della persona")
        assert viste()[0].dettaglio == {"perche": "altro", "testo": "Ricorso della persona"}

    def test_without_a_reason_of_access_nothing_opens(self, cast: Cast, assenza: Iscrizione) -> None:
        with pytest.raises(RegolaViolata, match="Scegliere perché"):
            apri(cast, assenza, perche="curiosità")
        assert viste() == []

    @pytest.mark.parametrize("chi", ["incrocio", "amministratore"])
    def test_nobody_else_opens_it(self, cast: Cast, assenza: Iscrizione, chi: str) -> None:
        with pytest.raises(PermissionDenied):
            apri(cast, assenza, chi)
        assert viste() == []


class TestPagina:
    def test_it_asks_first_and_shows_once(self, cast: Cast, assenza: Iscrizione) -> None:
        client, indirizzo = cast.client("operatore"), reverse("psp:giustificazione", args=[assenza.pk])
        assert indirizzo in client.get(reverse("psp:seduta", args=[assenza.seduta_id])).content.decode()
        chiesta = client.get(indirizzo)
        assert DETTO not in chiesta.content.decode()
        vuota = client.post(indirizzo)
        assert vuota.status_code == 422
        assert DETTO not in vuota.content.decode()
        assert viste() == []
        vista = client.post(indirizzo, {"perche": "richiesta"})
        assert DETTO in vista.content.decode()
        assert "no-store" in vista["Cache-Control"]
        assert [e.dettaglio for e in viste()] == [{"perche": "richiesta"}]
        assert DETTO not in client.get(indirizzo).content.decode()

    def test_words_are_due_at_their_field(self, cast: Cast, assenza: Iscrizione) -> None:
        indirizzo = reverse("psp:giustificazione", args=[assenza.pk])
        risposta = cast.client("operatore").post(indirizzo, {"perche": "altro", "testo": ""})
        assert risposta.status_code == 422
        assert 'href="#id_testo"' in risposta.content.decode()

    def test_where_nothing_is_justified_there_is_no_page(self, cast: Cast, assenza: Iscrizione) -> None:
        segna(cast, assenza, "assente")
        client, indirizzo = cast.client("operatore"), reverse("psp:giustificazione", args=[assenza.pk])
        assert client.get(indirizzo).status_code == 404
        assert indirizzo not in client.get(reverse("psp:seduta", args=[assenza.seduta_id])).content.decode()

    def test_no_other_page_says_it(self, cast: Cast, assenza: Iscrizione) -> None:
        client = cast.client("responsabile")
        apri(cast, assenza)
        pagine = [
            reverse("psp:seduta", args=[assenza.seduta_id]),
            reverse("psp:appuntamenti", args=[assenza.utente_id]),
            reverse("psp:utente", args=[assenza.utente_id]),
            reverse("anagrafica:registro_utente", args=[assenza.utente_id]),
        ]
        for pagina in pagine:
            assert DETTO not in client.get(pagina).content.decode(), pagina
        assert not [e for e in Evento.objects.all() if "salute" in f"{e.dettaglio} {e.percorso}"]
