"""A codice fiscale corrected after a transfer: the portal knows the person under the old one (V5, U1)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from curriculum.models import PosizionePortale, Trasferimento
from curriculum.portale.client import portale
from curriculum.services import coda
from curriculum.services.trasferimento import chiedi_sollecito
from orientamento.anagrafica.models import Utente
from orientamento.anagrafica.services.utente import ConfermaNecessaria, modifica_utente
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.trasferimenti import (
    ORA,
    Orologio,
    chiedi,
    con_curriculum,
    fresco,
    gira,
    intuition_ha_finito,
    luoghi,
    posizione,
    revoca,
)
from tests.portale_prova.server import PortaleDiProva

GIUSTO = "12345678903"


@pytest.fixture
def utente(cast: Cast, portale_collegato: PortaleDiProva) -> Utente:
    utente = con_curriculum(cast, cast.utente)
    portale_collegato.registrati(utente.codice_fiscale, GIUSTO)
    return utente


@pytest.fixture
def orologio() -> Orologio:
    return Orologio()


def correggi(cast: Cast, utente: Utente, codice: str = GIUSTO, ora: dt.datetime = ORA) -> list[str]:
    """Corrected by the operator, who confirms what is odd; what the page then says."""
    utente.refresh_from_db()
    detto: list[str] = []
    conferme: list[str] = []
    for _ in range(2):
        try:
            modifica_utente(
                utente=utente,
                dati={"codice_fiscale": codice},
                versione=utente.versione,
                attore=cast.operatore,
                adesso=ora,
                conferme=conferme,
                da_dire=detto,
            )
            break
        except ConfermaNecessaria as errore:
            conferme = [avviso.impronta for avviso in errore.avvisi]
    utente.refresh_from_db()
    assert utente.codice_fiscale == codice
    return detto


def su_intuition(codice: str) -> str:
    stato = portale().stato_curriculum(codice)
    return stato.intuition if stato else "sconosciuto"


def a_lungo(orologio: Orologio, portale_collegato: PortaleDiProva) -> None:
    for _ in range(4):
        intuition_ha_finito(portale_collegato)
        orologio.avanti(hours=7)
        gira(orologio)


def test_what_stands_under_the_old_code_is_taken_away(
    cast: Cast, utente: Utente, orologio: Orologio, portale_collegato: PortaleDiProva
) -> None:
    vecchio = utente.codice_fiscale
    chiedi(cast, utente)
    gira(orologio)
    assert su_intuition(vecchio) == "presente"

    [detto] = correggi(cast, utente)
    assert vecchio in detto
    assert "trasferirlo di nuovo" in detto
    rimozione = Trasferimento.objects.get(operazione="rimozione")
    assert rimozione.codice_fiscale == vecchio
    evento = Evento.objects.get(azione=Azione.RIMOZIONE_CHIESTA)
    assert evento.dettaglio == {"codice_fiscale": vecchio}
    a_lungo(orologio, portale_collegato)

    assert fresco(rimozione).stato == "confermato"
    assert su_intuition(vecchio) == "assente"
    assert luoghi(utente)[2] == "assente confermato"


def test_then_it_is_transferred_anew_under_the_right_one(
    cast: Cast, utente: Utente, orologio: Orologio, portale_collegato: PortaleDiProva
) -> None:
    """What is heard of the old code afterwards does not say that the new CV is gone; a withdrawal takes away that."""
    vecchio = utente.codice_fiscale
    chiedi(cast, utente)
    gira(orologio)
    portale_collegato.guasti(intuition_differita_s=3600)
    correggi(cast, utente)
    gira(orologio)
    nuovo = chiedi(cast, utente, orologio.avanti(minutes=1))
    gira(orologio)
    assert fresco(nuovo).codice_fiscale == GIUSTO
    a_lungo(orologio, portale_collegato)
    portale_collegato.guasti(intuition_differita_s=0)

    assert (su_intuition(vecchio), su_intuition(GIUSTO)) == ("assente", "presente")
    assert luoghi(utente) == ("confermata", "presente confermato", "presente confermato")

    revoca(cast, utente, orologio.ora)
    ultima = Trasferimento.objects.filter(operazione="rimozione").latest("pk")
    assert ultima.codice_fiscale == GIUSTO
    a_lungo(orologio, portale_collegato)
    assert su_intuition(GIUSTO) == "assente"
    assert luoghi(utente)[2] == "assente confermato"


def test_a_send_still_queued_does_not_leave(
    cast: Cast, utente: Utente, orologio: Orologio, portale_collegato: PortaleDiProva
) -> None:
    invio = chiedi(cast, utente)
    [detto] = correggi(cast, utente)
    gira(orologio)

    assert "annullato" in detto
    assert (fresco(invio).stato, fresco(invio).motivo) == ("annullato", "Il codice fiscale è stato corretto.")
    assert not Trasferimento.objects.filter(operazione="rimozione").exists()
    assert portale_collegato.conteggi()["ricezioni"] == 0


def test_a_send_that_is_leaving_right_now_is_taken_away_where_it_went(
    cast: Cast, utente: Utente, orologio: Orologio, portale_collegato: PortaleDiProva
) -> None:
    """V6: claimed before, the answer comes after."""
    vecchio = utente.codice_fiscale
    coda.portale().stato_curriculum(vecchio)
    portale_collegato.guasti(taglia_dopo=1.0)
    chiedi(cast, utente)
    gira(orologio)
    portale_collegato.guasti(taglia_dopo=0.0)
    coda.prendi(adesso=orologio.avanti(hours=2), quanti=1)
    correggi(cast, utente, ora=orologio.ora)
    orologio.avanti(hours=2)
    a_lungo(orologio, portale_collegato)

    assert (su_intuition(vecchio), su_intuition(GIUSTO)) == ("assente", "assente")
    assert not Trasferimento.objects.aperti().exists()


def test_nothing_was_under_way_nothing_is_said(cast: Cast, utente: Utente) -> None:
    assert correggi(cast, utente) == []
    assert not Trasferimento.objects.exists()


def test_the_registration_under_the_old_code_is_no_longer_that_of_the_person(
    cast: Cast, utente: Utente, orologio: Orologio
) -> None:
    """V2: no message of confirmation is asked for a registration that nobody has made."""
    correggi(cast, utente, "98765432103")
    chiedi(cast, utente)
    gira(orologio)
    assert posizione(utente).registrazione == "da_confermare"

    correggi(cast, utente)
    assert PosizionePortale.objects.get().messaggi == 0
    with pytest.raises(RegolaViolata, match="non ha una registrazione da confermare"):
        chiedi_sollecito(utente=utente, attore=cast.operatore, adesso=ORA + dt.timedelta(days=9))


def test_two_codes_may_wait_to_be_taken_away_together(
    cast: Cast, utente: Utente, orologio: Orologio, portale_collegato: PortaleDiProva
) -> None:
    """U2: the portal had refused the first removal; the withdrawal asks for both."""
    vecchio = utente.codice_fiscale
    chiedi(cast, utente)
    gira(orologio)
    correggi(cast, utente)
    Trasferimento.objects.filter(operazione="rimozione").update(
        stato="rifiutato", motivo="Non si può.", chiuso_il=ORA, prossimo_il=None
    )
    chiedi(cast, utente, orologio.avanti(minutes=1))
    gira(orologio)
    assert su_intuition(GIUSTO) == "presente"

    revoca(cast, utente, orologio.ora)
    aperte = Trasferimento.objects.aperti().filter(operazione="rimozione")
    assert {riga.codice_fiscale for riga in aperte} == {vecchio, GIUSTO}
    a_lungo(orologio, portale_collegato)
    assert (su_intuition(vecchio), su_intuition(GIUSTO)) == ("assente", "assente")


def test_the_page_says_what_followed(cast: Cast, utente: Utente, orologio: Orologio) -> None:
    from tests.anagrafica.test_utente import modulo

    chiedi(cast, utente)
    gira(orologio)
    client, url = cast.client("operatore"), f"/utenti/{utente.pk}/identita"
    utente.refresh_from_db()
    dati: dict[str, Any] = modulo(utente, codice_fiscale=GIUSTO)
    risposta = client.post(url, dati)
    if risposta.status_code == 422:
        dati["conferma"] = [avviso.impronta for avviso in risposta.context["avvisi"]]
        risposta = client.post(url, dati)
    assert risposta.status_code == 302
    assert "ne è stata chiesta la rimozione da Intuition" in client.get(risposta.url).content.decode()
