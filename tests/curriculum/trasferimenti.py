"""What the tests of the queue to the portal share: a clock that they move, a citizen ready to be sent, one turn."""

from __future__ import annotations

import datetime as dt
import sqlite3
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from curriculum.models import Curriculum, PosizionePortale, Trasferimento
from curriculum.services import coda
from curriculum.services.curriculum import salva_curriculum
from curriculum.services.trasferimento import AVVISO, chiedi_trasferimento
from orientamento.anagrafica.models import Consenso, Utente
from orientamento.anagrafica.services.presa_in_carico import revoca_consenso
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.curriculum import fabbrica
from tests.curriculum.conftest import aggiungi_propensione, aggiungi_titolo, file_pdf
from tests.portale_prova.server import PortaleDiProva

ROMA = ZoneInfo("Europe/Rome")
ORA = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ROMA)


class Orologio:
    """Stands still until it is moved."""

    def __init__(self, ora: dt.datetime = ORA) -> None:
        self.ora = ora

    def __call__(self) -> dt.datetime:
        return self.ora

    def avanti(self, **quanto: float) -> dt.datetime:
        self.ora += dt.timedelta(**quanto)
        return self.ora


def con_curriculum(cast: Cast, utente: Utente | None = None, *, ora: dt.datetime = ORA, **dati: Any) -> Utente:
    """A citizen in charge, who consented, with all that V1 asks for and a CV of today."""
    if utente is None:
        utente = crea_utente(cast.cpi, cast.operatore)
        metti_in_carico(utente, cast.operatore)
    Utente.objects.filter(pk=utente.pk).update(**{"email": "anna@example.org", **dati})
    utente.refresh_from_db()
    aggiungi_titolo(utente)
    aggiungi_propensione(utente, cast)
    carica(cast, utente, ora=ora)
    return utente


def carica(cast: Cast, utente: Utente, *, pagine: int = 1, ora: dt.datetime = ORA) -> Curriculum:
    dati = fabbrica.pdf(pagine=pagine)
    return salva_curriculum(utente=utente, file=file_pdf(dati), origine="portato", attore=cast.operatore, adesso=ora)


def chiedi(cast: Cast, utente: Utente, ora: dt.datetime = ORA) -> Trasferimento:
    return chiedi_trasferimento(utente=utente, attore=cast.operatore, avviso_versione=AVVISO.versione, adesso=ora)


def revoca(cast: Cast, utente: Utente, ora: dt.datetime = ORA) -> None:
    consenso = Consenso.objects.get(utente=utente, finalita="incontro", revocato_il=None)
    revoca_consenso(consenso=consenso, attore=cast.operatore, adesso=ora)


def gira(orologio: Orologio) -> int:
    """One sweep at the time of the clock."""
    return coda.giro(orologio=orologio)


def fresco(riga: Trasferimento) -> Trasferimento:
    return Trasferimento.objects.get(pk=riga.pk)


def posizione(utente: Utente) -> PosizionePortale:
    return PosizionePortale.objects.get(utente=utente)


def azioni(utente: Utente) -> list[str]:
    """What the register says of the citizen's transfers, in order."""
    righe = Evento.objects.filter(utente=utente, oggetto_tipo="curriculum.trasferimento").order_by("pk")
    return [riga.azione for riga in righe]


def luoghi(utente: Utente) -> tuple[str, str, str]:
    p = posizione(utente)
    return p.registrazione, f"{p.portale} {p.portale_come}", f"{p.intuition} {p.intuition_come}"


def intuition_ha_finito(portale: PortaleDiProva) -> None:
    """What Intuition had put off has been done."""
    with sqlite3.connect(portale.cartella / "portale.sqlite3", timeout=10) as deposito:
        deposito.execute("UPDATE curriculum SET intuition_da = 0")
        deposito.execute("UPDATE curriculum SET intuition_fino = 0 WHERE intuition_fino IS NOT NULL")


def cancella_sul_portale(portale: PortaleDiProva, utente: Utente) -> None:
    with httpx.Client(base_url=portale.url, timeout=10) as browser:
        pagina = f"/cittadini/{utente.codice_fiscale}/cancella"
        browser.get(pagina)
        segno = browser.cookies["portale_prova_csrf"]
        risposta = browser.post(pagina, data={"csrfmiddlewaretoken": segno})
        assert risposta.status_code < 400, risposta.text
