"""The queue while the portal misbehaves: nothing lost, nothing doubled, no hammering (V6)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from curriculum.models import InterruttorePortale, Trasferimento
from curriculum.services import coda, pause
from orientamento.anagrafica.models import Utente
from tests.cast import Cast
from tests.curriculum.trasferimenti import ORA, Orologio, chiedi, con_curriculum, fresco, gira, luoghi, revoca
from tests.portale_prova.server import PortaleDiProva

Finisci = Callable[[], None]


@pytest.fixture
def registrato(cast: Cast, portale_collegato: PortaleDiProva) -> Utente:
    utente = con_curriculum(cast, cast.utente)
    portale_collegato.registrati(utente.codice_fiscale)
    return utente


@pytest.fixture
def orologio() -> Orologio:
    return Orologio()


def guarito(portale: PortaleDiProva, orologio: Orologio) -> None:
    """Every fault off, and every pause over."""
    spenti = ("errore_500", "errore_500_dopo", "non_disponibile", "troppe_richieste", "taglia_prima", "taglia_dopo")
    portale.guasti(json_sbagliato=0.0, gettone_scaduto=0.0, **dict.fromkeys(spenti, 0.0))
    orologio.avanti(hours=3)
    gira(orologio)


@pytest.mark.parametrize(
    "guasto",
    ["errore_500", "errore_500_dopo", "non_disponibile", "troppe_richieste", "taglia_prima", "taglia_dopo"],
)
def test_after_any_fault_it_arrives_exactly_once(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio, guasto: str
) -> None:
    """V6, also with a portal that does not know the key: its state is asked before the CV is sent again."""
    coda.portale().stato_curriculum(registrato.codice_fiscale)  # the token is there: the fault hits the CV itself
    portale_collegato.guasti(ignora_chiave=True, **{guasto: 1.0})
    riga = chiedi(cast, registrato)
    gira(orologio)
    assert fresco(riga).stato == "da_inviare"
    assert fresco(riga).errore

    guarito(portale_collegato, orologio)
    assert fresco(riga).stato == "confermato"
    conteggi = portale_collegato.conteggi()
    assert (conteggi["ricezioni"], conteggi["doppi"]) == (1, 0)
    assert conteggi["per_chiave"] == {str(riga.chiave): 1}


@pytest.mark.parametrize(
    ("guasto", "incerto"),
    [("taglia_dopo", True), ("errore_500", True), ("troppe_richieste", False)],
)
def test_what_is_not_known_is_said(
    cast: Cast,
    registrato: Utente,
    portale_collegato: PortaleDiProva,
    orologio: Orologio,
    guasto: str,
    incerto: bool,
) -> None:
    """V5: sent without answer is neither there nor absent; what certainly did not leave changes nothing."""
    coda.portale().stato_curriculum(registrato.codice_fiscale)
    portale_collegato.guasti(**{guasto: 1.0})
    riga = chiedi(cast, registrato)
    gira(orologio)

    assert fresco(riga).esito_incerto is incerto
    if incerto:
        assert luoghi(registrato)[1:] == ("in_arrivo senza_risposta", "in_arrivo senza_risposta")
    else:
        assert not hasattr(registrato, "posizione_portale")


def test_portal_that_cannot_be_reached(cast: Cast, registrato: Utente, orologio: Orologio, settings: Any) -> None:
    buono = settings.PORTALE_URL
    settings.PORTALE_URL = "http://127.0.0.1:9"
    riga = chiedi(cast, registrato)
    gira(orologio)
    assert (fresco(riga).stato, fresco(riga).esito_incerto) == ("da_inviare", False)

    settings.PORTALE_URL = buono
    orologio.avanti(hours=3)
    gira(orologio)
    assert fresco(riga).stato == "confermato"


def test_what_the_portal_asks_for_is_kept(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """Retry-After, also beyond our own longest pause."""
    portale_collegato.guasti(troppe_richieste=1.0, riprova_dopo_s=7200)
    riga = chiedi(cast, registrato)
    gira(orologio)

    prossimo = fresco(riga).prossimo_il
    assert prossimo is not None
    assert ORA + dt.timedelta(seconds=7200) <= prossimo <= ORA + dt.timedelta(seconds=7200 + 30)


def test_never_gives_up_on_what_is_temporary(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    portale_collegato.guasti(non_disponibile=1.0)
    riga = chiedi(cast, registrato)
    for _ in range(40):
        orologio.avanti(hours=2)
        gira(orologio)
    assert (fresco(riga).stato, fresco(riga).tentativi) == ("da_inviare", 40)

    guarito(portale_collegato, orologio)
    assert fresco(riga).stato == "confermato"


def test_withdrawn_after_an_attempt_without_answer_is_taken_away(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """U2, V6: it had arrived, although nobody said so."""
    coda.portale().stato_curriculum(registrato.codice_fiscale)
    portale_collegato.guasti(taglia_dopo=1.0)
    invio = chiedi(cast, registrato)
    gira(orologio)
    revoca(cast, registrato)
    guarito(portale_collegato, orologio)

    assert fresco(invio).stato == "annullato"
    assert Trasferimento.objects.get(operazione="rimozione").stato == "confermato"
    assert luoghi(registrato)[2] == "assente confermato"


def test_what_got_no_answer_is_not_said_to_be_still_here(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V6: queued again, but it may have arrived: the panel says what happens next, and not that it has yet to leave."""
    riga = chiedi(cast, registrato)
    pagina = reverse("curriculum:pannello", args=[registrato.pk])
    assert "il trasferimento parte da solo" in cast.client("operatore").get(pagina).content.decode()
    coda.portale().stato_curriculum(registrato.codice_fiscale)
    portale_collegato.guasti(taglia_dopo=1.0)
    gira(orologio)

    html = cast.client("operatore").get(pagina).content.decode()
    assert fresco(riga).stato == "da_inviare"
    assert "senza risposta finora" in html
    assert "gli si chiede se è arrivato, e se manca riparte da solo" in html
    assert "il trasferimento parte da solo" not in html


def test_a_handful_stops_where_the_portal_has_stopped(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """Five failures in a row, and the rest of what was claimed goes back without a call."""
    utenti = [con_curriculum(cast) for _ in range(9)]
    righe = [chiedi(cast, utente) for utente in utenti]
    portale_collegato.guasti(errore_500=1.0)
    assert gira(orologio) == 5

    tentativi = [fresco(riga).tentativi for riga in righe]
    assert tentativi == [1] * 5 + [0] * 4
    assert {fresco(riga).stato for riga in righe} == {"da_inviare"}
    assert InterruttorePortale.objects.get().aperto_il == ORA
    assert gira(orologio) == 0, "nothing is claimed while it is stopped"

    portale_collegato.guasti(conferma_automatica=True, errore_500=0.0)
    for _ in range(4):
        orologio.avanti(minutes=30)
        gira(orologio)
    assert {fresco(riga).stato for riga in righe} == {"confermato"}
    assert portale_collegato.conteggi()["doppi"] == 0


def test_a_row_of_ours_that_fails_does_not_stop_the_others(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """A file that cannot be read, for another reason than being lost."""
    altro = con_curriculum(cast)
    portale_collegato.registrati(altro.codice_fiscale)
    guasta, sana = chiedi(cast, registrato), chiedi(cast, altro)
    cartella = registrato.curricula.get()
    type(cartella).objects.filter(pk=cartella.pk).update(file="curriculum")
    gira(orologio)

    assert (fresco(guasta).stato, fresco(guasta).errore) == ("da_inviare", "errore_interno")
    assert fresco(sana).stato == "confermato"


@pytest.mark.parametrize("manca", [".", "curriculum"])
def test_where_the_archive_is_away_sends_wait(
    cast: Cast, registrato: Utente, portale_collegato: PortaleDiProva, orologio: Orologio, manca: str
) -> None:
    """Not mounted: every file looks lost, and none is. Nothing is refused, and the portal is not said to be down."""
    riga = chiedi(cast, registrato)
    cartella = Path(default_storage.path(manca))
    altrove = cartella.rename(cartella.with_name("altrove"))
    gira(orologio)
    assert (fresco(riga).stato, fresco(riga).errore) == ("da_inviare", "archivio_assente")
    assert not InterruttorePortale.objects.exists()

    altrove.rename(cartella)
    orologio.avanti(hours=2)
    gira(orologio)
    assert fresco(riga).stato == "confermato"


def test_a_file_that_is_lost_is_refused(cast: Cast, registrato: Utente, orologio: Orologio) -> None:
    """The archive is there, the file is not."""
    riga = chiedi(cast, registrato)
    default_storage.delete(registrato.curricula.get().file.name or "")
    gira(orologio)

    assert (fresco(riga).stato, fresco(riga).errore) == ("rifiutato", "file_mancante")


@given(st.integers(0, 10_000), st.none() | st.floats(0, 1e9))
def test_pauses_stay_within_their_bounds(tentativi: int, riprova_tra: float | None) -> None:
    pausa = pause.dopo_un_errore(tentativi, riprova_tra)

    assert dt.timedelta(seconds=30) <= pausa <= dt.timedelta(days=1, seconds=30)
    if riprova_tra is None:
        assert pausa <= dt.timedelta(hours=1)
    else:
        assert pausa >= min(dt.timedelta(seconds=riprova_tra), dt.timedelta(days=1))
