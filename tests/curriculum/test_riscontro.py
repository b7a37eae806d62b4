"""The look at what the queue asks about no more: what the citizen did on the portal by themselves (V3, V5)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from curriculum import tasks
from curriculum.models import InterruttorePortale, PosizionePortale
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.elenchi import da_confermare
from curriculum.services.luoghi import luoghi_di
from curriculum.services.riscontro import riscontra
from curriculum.services.trasferimento import annulla_trasferimento
from orientamento.anagrafica.models import Utente
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    cancella_sul_portale,
    chiedi,
    con_curriculum,
    fresco,
    gira,
    luoghi,
    posizione,
    revoca,
)
from tests.portale_prova.server import PortaleDiProva

pytestmark = pytest.mark.django_db


@pytest.fixture
def orologio() -> Orologio:
    return Orologio()


def pubblicato(cast: Cast, portale: PortaleDiProva, orologio: Orologio) -> Utente:
    """A citizen whose CV is on the portal and in Intuition, confirmed; nothing is open."""
    utente = con_curriculum(cast, ora=orologio())
    portale.registrati(utente.codice_fiscale)
    riga = chiedi(cast, utente, orologio())
    gira(orologio)
    assert fresco(riga).stato == "confermato"
    return utente


def cambiamenti(utente: Utente) -> list[dict[str, Any]]:
    righe = Evento.objects.filter(utente=utente, azione=Azione.CAMBIATO_SUL_PORTALE).order_by("pk")
    return [riga.dettaglio for riga in righe]


def test_a_cv_deleted_by_the_citizen_is_seen_within_a_week(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V5: the three-place card says that it is gone, and with which date we know."""
    utente = pubblicato(cast, portale_collegato, orologio)
    orologio.avanti(days=2)
    cancella_sul_portale(portale_collegato, utente)
    orologio.avanti(days=5)

    assert riscontra(orologio=orologio) == 1

    assert luoghi(utente) == ("confermata", "assente confermato", "assente confermato")
    assert cambiamenti(utente) == [{"portale": "assente", "intuition": "assente"}]
    _, portale, intuition = luoghi_di(utente, giorno=orologio().date()).luoghi
    assert (portale.stato, intuition.stato) == ("Non c'è più", "Non c'è")
    assert portale.come == intuition.come == "Confermato dal portale il 30/11/2026 alle 10:00."


def test_what_has_not_changed_is_confirmed_with_its_new_date(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V5: nothing in the register, and the next look a week later."""
    utente = pubblicato(cast, portale_collegato, orologio)
    orologio.avanti(days=7)

    assert [riscontra(orologio=orologio) for _ in range(2)] == [1, 0]
    assert luoghi(utente) == ("confermata", "presente confermato", "presente confermato")
    assert posizione(utente).portale_visto_il == orologio()
    assert cambiamenti(utente) == []
    orologio.avanti(days=6, hours=23)
    assert riscontra(orologio=orologio) == 0
    orologio.avanti(hours=1)
    assert riscontra(orologio=orologio) == 1


def test_another_cv_in_its_place_is_not_taken_for_ours(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V5: the portal has a CV, and it is not the one that left from here."""
    utente = pubblicato(cast, portale_collegato, orologio)
    cv = posizione(utente).curriculum
    assert cv is not None
    type(cv).objects.filter(pk=cv.pk).update(sha256="0" * 64)
    orologio.avanti(days=7)

    assert riscontra(orologio=orologio) == 1
    assert posizione(utente).curriculum is None
    assert posizione(utente).portale == "presente"


def test_a_citizen_who_is_no_longer_on_the_portal(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    utente = pubblicato(cast, portale_collegato, orologio)
    portale_collegato.azzera()
    orologio.avanti(days=7)

    assert riscontra(orologio=orologio) == 1
    assert luoghi(utente) == ("assente", "assente confermato", "assente confermato")
    assert cambiamenti(utente) == [{"registrazione": "assente", "portale": "assente", "intuition": "assente"}]


def test_what_stays_in_the_profile_after_a_cancelling_is_looked_at_too(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V5: only the citizen can delete it there, and one day they do."""
    utente = pubblicato(cast, portale_collegato, orologio)
    cv = posizione(utente).curriculum
    assert cv is not None
    cancella_curriculum(curriculum=cv, attore=cast.operatore, adesso=orologio())
    gira(orologio)
    assert posizione(utente).portale == "presente"
    cancella_sul_portale(portale_collegato, utente)
    orologio.avanti(days=7)

    assert riscontra(orologio=orologio) == 1
    assert posizione(utente).portale == "assente"


def test_a_registration_confirmed_after_its_transfer_was_stopped(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V2: nobody asks for it any more, and yet it leaves the list of those to be confirmed."""
    utente = con_curriculum(cast)
    riga = chiedi(cast, utente)
    gira(orologio)
    annulla_trasferimento(trasferimento=fresco(riga), attore=cast.operatore, adesso=orologio())
    portale_collegato.conferma(utente.codice_fiscale)
    orologio.avanti(days=7)

    assert riscontra(orologio=orologio) == 1
    assert posizione(utente).registrazione == "confermata"
    assert cambiamenti(utente) == [{"registrazione": "confermata"}]
    assert da_confermare(cast.operatore, adesso=orologio(), quanti=5, dopo=None, di=None) == []


def senza_consenso(cast: Cast, utente: Utente, orologio: Orologio) -> None:
    revoca(cast, utente, orologio())
    gira(orologio)


def con_un_invio_aperto(cast: Cast, utente: Utente, orologio: Orologio) -> None:
    chiedi(cast, utente, orologio())


def con_un_altro_codice(cast: Cast, utente: Utente, orologio: Orologio) -> None:
    Utente.objects.filter(pk=utente.pk).update(codice_fiscale="12345678901")


@pytest.mark.parametrize("prima", [senza_consenso, con_un_invio_aperto, con_un_altro_codice])
def test_whom_the_portal_is_not_asked_about(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio, prima: Any
) -> None:
    """U2: not about who no longer consents, nor where the queue asks, nor under a code that was never sent."""
    utente = pubblicato(cast, portale_collegato, orologio)
    orologio.avanti(days=7)
    prima(cast, utente, orologio)
    orologio.avanti(days=7)

    assert riscontra(orologio=orologio) == 0


def test_a_cv_that_ended_half_a_year_ago_is_left_alone(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V4: as in the lists."""
    utente = pubblicato(cast, portale_collegato, orologio)
    cv = posizione(utente).curriculum
    assert cv is not None
    fine = dt.datetime.combine(cv.valido_fino_al, dt.time(10), ORA.tzinfo)
    orologio.ora = fine + dt.timedelta(days=184)
    assert riscontra(orologio=orologio) == 0
    orologio.ora = fine + dt.timedelta(days=183)
    assert riscontra(orologio=orologio) == 1


def test_few_at_a_time_those_unheard_of_for_longest_first(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    utenti = []
    for _ in range(3):
        utenti.append(pubblicato(cast, portale_collegato, orologio))
        orologio.avanti(hours=1)
    orologio.avanti(days=8)

    assert riscontra(orologio=orologio, quanti=2) == 2
    assert [posizione(utente).portale_visto_il == orologio() for utente in utenti] == [True, True, False]
    assert riscontra(orologio=orologio, quanti=2) == 1


def test_a_portal_that_is_down_is_left_alone(cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio) -> None:
    """V6: five failures stop it for the queue too; the trial call ends the stop, and a failed look comes back."""
    utenti = [pubblicato(cast, portale_collegato, orologio) for _ in range(7)]
    orologio.avanti(days=7)
    portale_collegato.guasti(errore_500=1.0)
    assert riscontra(orologio=orologio) == 4
    assert InterruttorePortale.objects.get().aperto_il == orologio()
    assert Evento.objects.filter(azione=Azione.PORTALE_FERMO).count() == 1
    assert riscontra(orologio=orologio) == 0
    assert {luoghi(utente) for utente in utenti} == {("confermata", "presente confermato", "presente confermato")}

    portale_collegato.guasti(errore_500=0.0)
    orologio.avanti(days=1)
    assert [riscontra(orologio=orologio) for _ in range(3)] == [1, 6, 0]
    assert InterruttorePortale.objects.get().aperto_il is None


def test_the_trial_call_is_given_back_where_there_is_nothing_to_ask(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    InterruttorePortale.objects.create(pk=1, errori_di_fila=5, aperto_il=orologio(), riprova_il=orologio())
    assert riscontra(orologio=orologio) == 0
    assert InterruttorePortale.objects.get().riprova_il == orologio()


class ChiedeIntanto(Orologio):
    """While the portal is answering, the CV is asked for once more."""

    def __init__(self, ora: dt.datetime, cast: Cast, utente: Utente) -> None:
        super().__init__(ora)
        self.cast, self.utente, self.letture = cast, utente, 0

    def __call__(self) -> dt.datetime:
        self.letture += 1
        if self.letture == 3:
            chiedi(self.cast, self.utente, self.ora)
        return self.ora


def test_an_answer_overtaken_by_a_new_transfer_is_not_written(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio
) -> None:
    """V6: what the queue is about to learn counts, not what was true a moment ago."""
    utente = pubblicato(cast, portale_collegato, orologio)
    cancella_sul_portale(portale_collegato, utente)
    orologio.avanti(days=7)

    assert riscontra(orologio=ChiedeIntanto(orologio(), cast, utente)) == 1
    assert posizione(utente).portale == "presente"
    gira(orologio)
    assert luoghi(utente) == ("confermata", "presente confermato", "presente confermato")


def test_without_a_portal_nothing_is_touched(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio, settings: Any
) -> None:
    pubblicato(cast, portale_collegato, orologio)
    orologio.avanti(days=7)
    settings.PORTALE_URL = ""
    assert riscontra(orologio=orologio) == 0
    assert PosizionePortale.objects.get().riscontro_dal is None


def test_the_bell_and_the_queries_of_a_look(
    cast: Cast, portale_collegato: PortaleDiProva, orologio: Orologio, django_assert_max_num_queries: Any
) -> None:
    """Each costs the same, however many there are."""
    tasks.riscontra()
    for _ in range(4):
        pubblicato(cast, portale_collegato, orologio)
    orologio.avanti(days=7)
    with django_assert_max_num_queries(38):
        assert riscontra(orologio=orologio) == 4
