"""What has not left yet when a group changes is said again, once, and only that; who waits is told too."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from orientamento.anagrafica.models import Messaggio, StatoMessaggio
from orientamento.anagrafica.services.messaggi import invia_messaggi
from orientamento.comune.calendario import adesso, oggi
from psp.models import Iscrizione, Seduta
from psp.services import agenda
from psp.services.agenda.avvisi import non_piu_dovuto
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, alle, feriale, fissa, gruppo, iscrivi, persona, sala

pytestmark = pytest.mark.django_db


def test_a_change_of_title_does_not_swallow_the_confirmation(cast: Cast) -> None:
    """Tomorrow's meeting: too late for a reminder, the confirmation is all that the person gets."""
    seduta = gruppo(cast, alle(9), alle(12))
    detta, ancora_no = (iscrivi(cast, seduta, persona(cast, email=f"{n}@esempio.it")) for n in ("uno", "due"))
    Messaggio.objects.filter(causale=f"appuntamento:{detta.pk}:1").update(stato="inviato", prossimo_il=None)
    dati = {"titolo": "Laboratorio colloqui", "posti": 2, "programma": ""}
    agenda.modifica_seduta(seduta=seduta, dati=dati, versione=1, attore=cast.operatore, adesso=ADESSO)
    righe = {m.causale: m for m in Messaggio.objects.filter(causale__startswith="appuntamento:")}
    assert set(righe) == {f"appuntamento:{p}" for p in (f"{detta.pk}:1", f"{ancora_no.pk}:1", f"{ancora_no.pk}:2")}
    assert "Laboratorio colloqui" in righe[f"appuntamento:{ancora_no.pk}:2"].testo
    assert "Laboratorio CV" in righe[f"appuntamento:{ancora_no.pk}:1"].testo
    assert righe[f"appuntamento:{ancora_no.pk}:1"].stato == "da_inviare"
    assert non_piu_dovuto(righe[f"appuntamento:{ancora_no.pk}:1"]) == "l'appuntamento è cambiato"


class TestListaDAttesa:
    """Decisions 013 and 014: said once, in words for who waits, and not when it is true no more."""

    @pytest.fixture
    def giorno(self) -> dt.date:
        """In the future whatever the day of the test: whether a message is still due is asked of the real clock."""
        return feriale(oggi() + dt.timedelta(days=10))

    @pytest.fixture
    def seduta(self, cast: Cast, giorno: dt.date) -> Seduta:
        return gruppo(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), posti=1, adesso=adesso())

    @pytest.fixture
    def chi_ha_il_posto(self, cast: Cast, seduta: Seduta) -> Iscrizione:
        return iscrivi(cast, seduta, persona(cast, email="posto@esempio.it"), adesso=adesso())

    @pytest.fixture
    def chi_attende(self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione) -> Iscrizione:
        return iscrivi(cast, seduta, persona(cast, email="attesa@esempio.it"), adesso=adesso())

    def sposta(self, cast: Cast, seduta: Seduta, ora: int, giorno: dt.date, **altro: Any) -> None:
        seduta.refresh_from_db()
        dati = {"versione": seduta.versione, "attore": cast.operatore, "adesso": adesso(), "motivo": "Sala", **altro}
        fine = alle(ora + 1, giorno=giorno)
        agenda.sposta_seduta(seduta=seduta, inizio=alle(ora, giorno=giorno), fine=fine, **dati)

    def annulla(self, cast: Cast, seduta: Seduta) -> None:
        seduta.refresh_from_db()
        dati: dict[str, Any] = {"motivo": "Guasto", "versione": seduta.versione, "adesso": adesso()}
        agenda.annulla_seduta(seduta=seduta, attore=cast.operatore, **dati)

    def a(self, iscrizione: Iscrizione) -> list[Messaggio]:
        return list(Messaggio.objects.filter(utente=iscrizione.utente).order_by("pk"))

    def partiti(self, iscrizione: Iscrizione) -> list[str]:
        """The subjects that left, once the outbox was emptied twice."""
        for _ in range(2):
            invia_messaggi(adesso=adesso())
        return [m.oggetto for m in self.a(iscrizione) if m.stato == StatoMessaggio.INVIATO]

    def test_a_move_is_told_to_who_waits_who_is_still_not_expected(
        self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        self.sposta(cast, seduta, 11, giorno)
        (messaggio,) = self.a(chi_attende)
        assert messaggio.causale == f"lista_spostata:{chi_attende.pk}:2"
        assert "dalle 11:00 alle 12:00" in messaggio.testo
        assert "resta in lista d'attesa: non si presenti finché non le confermiamo il posto" in messaggio.testo
        assert "chi non si presenta" not in messaggio.testo
        assert self.partiti(chi_attende) == ["È spostato l'incontro per cui è in lista d'attesa"]
        assert not any("lista" in m.testo for m in self.a(chi_ha_il_posto))

    def test_moved_twice_only_the_last_is_told(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        self.sposta(cast, seduta, 11, giorno)
        self.sposta(cast, seduta, 12, giorno)
        assert len(self.partiti(chi_attende)) == 1
        assert [m.stato for m in self.a(chi_attende)] == ["annullato", "inviato"]

    @pytest.mark.parametrize("come", ["titolo", "operatore"])
    def test_another_change_does_not_swallow_the_move_not_told_yet(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione, giorno: dt.date, come: str
    ) -> None:
        self.sposta(cast, seduta, 11, giorno)
        if come == "titolo":
            dati = {"titolo": "Laboratorio colloqui", "posti": 1, "programma": ""}
            agenda.modifica_seduta(seduta=seduta, dati=dati, versione=2, attore=cast.operatore, adesso=adesso())
        else:
            self.sposta(cast, seduta, 11, giorno, operatore=cast.collega)
        partiti = self.partiti(chi_attende)
        assert partiti == ["È spostato l'incontro per cui è in lista d'attesa"]
        assert ("Laboratorio colloqui" if come == "titolo" else str(cast.collega)) in self.a(chi_attende)[-1].testo

    def test_a_change_of_room_or_operator_is_no_news_for_who_waits(
        self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        self.sposta(cast, seduta, 9, giorno, luogo=sala(cast), operatore=cast.collega)
        assert self.a(chi_attende) == []
        ultimo = Messaggio.objects.get(causale=f"appuntamento_cambiato:{chi_ha_il_posto.pk}:2")
        assert f"Con {cast.collega}" in ultimo.testo
        assert "Sala corsi" in ultimo.testo

    def test_who_gets_the_place_in_the_meantime_is_told_only_of_the_place(
        self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        self.sposta(cast, seduta, 11, giorno)
        agenda.togli_iscrizione(iscrizione=chi_ha_il_posto, motivo="x", attore=cast.operatore, adesso=adesso())
        assert self.partiti(chi_attende) == ["Si è liberato un posto: la aspettiamo"]

    def test_who_gets_it_by_the_move_itself_has_one_message(
        self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        undici = {"utente": chi_ha_il_posto.utente, "operatore": cast.collega, "adesso": adesso()}
        fissa(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), **undici)
        self.sposta(cast, seduta, 11, giorno, lascia_fuori=[chi_ha_il_posto.utente_id])
        assert self.a(chi_attende)[0].causale.startswith("appuntamento_posto:")
        assert not any("lista" in m.causale for m in self.a(chi_attende))

    def test_who_cannot_come_then_is_told_to_wait_no_more(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        undici = {"utente": chi_attende.utente, "operatore": cast.collega, "adesso": adesso()}
        altro = fissa(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), **undici)
        self.sposta(cast, seduta, 11, giorno, lascia_fuori=[chi_attende.utente_id])
        messaggio = Messaggio.objects.get(causale=f"lista_tolta:{chi_attende.pk}:2")
        assert "dalle 9:00 alle 10:00" in messaggio.testo
        assert "non è più in lista d'attesa" in messaggio.testo
        assert "Non è più in lista d'attesa" in self.partiti(chi_attende)
        altro.refresh_from_db()
        assert altro.stato == "prenotata"

    def test_a_cancelled_meeting_is_told_to_who_waits_in_their_own_words(
        self, cast: Cast, seduta: Seduta, chi_ha_il_posto: Iscrizione, chi_attende: Iscrizione
    ) -> None:
        self.annulla(cast, seduta)
        (messaggio,) = self.a(chi_attende)
        assert messaggio.oggetto == "È annullato l'incontro per cui era in lista d'attesa"
        assert "non deve presentarsi" not in messaggio.testo
        assert "Guasto" not in messaggio.testo
        assert self.partiti(chi_attende) == [messaggio.oggetto]
        assert "L'appuntamento è annullato" in self.partiti(chi_ha_il_posto)

    def test_cancelled_after_a_move_not_told_yet_only_the_cancellation_leaves(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        self.sposta(cast, seduta, 11, giorno)
        self.annulla(cast, seduta)
        assert self.partiti(chi_attende) == ["È annullato l'incontro per cui era in lista d'attesa"]

    def test_who_is_booked_again_before_it_leaves_is_not_told_that_they_wait_no_more(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione, giorno: dt.date
    ) -> None:
        undici = {"utente": chi_attende.utente, "operatore": cast.collega, "adesso": adesso()}
        altro = fissa(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), **undici)
        self.sposta(cast, seduta, 11, giorno, lascia_fuori=[chi_attende.utente_id])
        agenda.annulla_seduta(seduta=altro.seduta, motivo="x", versione=1, attore=cast.operatore, adesso=adesso())
        iscrivi(cast, seduta, chi_attende.utente, adesso=adesso())
        assert "Non è più in lista d'attesa" not in self.partiti(chi_attende)

    def test_what_is_past_when_its_turn_comes_stays_at_home(
        self, cast: Cast, seduta: Seduta, chi_attende: Iscrizione
    ) -> None:
        self.annulla(cast, seduta)
        ieri = adesso() - dt.timedelta(days=1)
        Iscrizione.objects.filter(pk=chi_attende.pk).update(inizio=ieri, fine=ieri + dt.timedelta(hours=1))
        assert self.partiti(chi_attende) == []
