"""An office at work, for the tests that walk all the pages: a citizen in each state."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass, replace
from typing import Any

from django.test import Client
from django.urls import reverse

from curriculum.models import Curriculum, PosizionePortale, Trasferimento
from curriculum.services.curriculum import salva_curriculum
from curriculum.services.scadenze import avvisa
from orientamento.anagrafica.models import (
    CPI,
    AltreInformazioni,
    CompetenzaPersonale,
    DocumentoSoggiorno,
    Esperienza,
    LinguaConosciuta,
    Messaggio,
    Operatore,
    Programma,
    TitoloStudio,
    Utente,
)
from orientamento.anagrafica.services.did import registra_did
from orientamento.anagrafica.services.fascicolo import salva_voce
from orientamento.anagrafica.services.messaggi import accoda_messaggio, invia_messaggi
from orientamento.anagrafica.services.presa_in_carico import esprimi_consenso
from orientamento.comune.calendario import adesso, oggi
from propensioni.models import Propensione
from psp.models import PattoDiServizio
from psp.services import atto, catalogo, colloquio, misura, patto, revisione, scouting
from psp.services.attivita import registra_prova, verifica_prova
from psp.services.contatti import registra_contatto
from tests.browser.mondo_agenda import agenda_al_lavoro
from tests.browser.pagine import BLOCCATO, STATI_DEL_PATTO, Pagina
from tests.browser.pagine import PAGINE as PAGINE
from tests.browser.pagine import apri_tutto as apri_tutto
from tests.cast import Cast, crea_cast, crea_utente, metti_in_carico
from tests.curriculum.conftest import file_pdf
from tests.curriculum.trasferimenti import chiedi, con_curriculum
from tests.psp import scene, scene_misure, scene_patto


@dataclass(frozen=True)
class Mondo:
    """`chiavi` fills the addresses of `PAGINE`."""

    cast: Cast
    chiavi: dict[str, Any]

    def url(self, pagina: Pagina) -> str:
        return pagina.indirizzo.format(**self.chiavi)


def costruisci() -> Mondo:
    """Made by the services, as a day's work would."""
    cast = crea_cast()
    catalogo.carica_catalogo()
    _riempi_fascicolo(cast)
    chiavi: dict[str, Any] = {"utente": cast.utente.pk, "cognome": cast.utente.cognome}
    chiavi["nuovo"] = crea_utente(cast.cpi, cast.operatore).pk
    chiavi["straniero"] = _straniero(cast).pk
    chiavi["fase_1"] = scene.apri(_altro(cast)).pk
    in_analisi = _altro(cast)
    _riempi_fascicolo(in_analisi)
    chiavi["fase_2"] = _analisi(in_analisi).pk
    bozza = _bozza(cast)
    chiavi |= {"fase_3": bozza.colloquio_id, "bozza": bozza.pk, "atto": bozza.atti.first().pk}
    chiavi["propensione"] = Propensione.objects.get(utente=cast.utente).pk
    chiavi["titolo"] = TitoloStudio.objects.filter(utente=cast.utente).first().pk
    chiavi["curriculum"] = cast.utente.curricula.first().pk
    for stato in STATI_DEL_PATTO:
        chiavi[stato] = scene_patto.nello_stato(_altro(cast), stato).pk
    chiavi["in_vigore"] = _attivita(cast, PattoDiServizio.objects.get(pk=chiavi["firmato"])).pk
    rimandato = _rimandato(_altro(cast))
    chiavi |= {"rimandato": rimandato.pk, "fase_3_rimandata": rimandato.colloquio_id}
    chiavi["fase_3_chiusa"] = PattoDiServizio.objects.get(pk=chiavi["firmato"]).colloquio_id
    chiavi |= _verso_il_portale(cast)
    chiavi |= _misure(_altro(cast))
    chiavi |= {"centro": CPI.objects.first().pk, "operatore": cast.operatore.pk}
    chiavi["programma"] = Programma.objects.first().pk
    chiavi |= agenda_al_lavoro(cast)
    _scrivi_un_messaggio(cast)
    _blocca_un_accesso(cast)
    return Mondo(cast, chiavi)


def _altro(cast: Cast) -> Cast:
    """The same office with another citizen in charge."""
    utente = crea_utente(cast.cpi, cast.operatore)
    metti_in_carico(utente, cast.operatore)
    return replace(cast, utente=utente)


def _attivita(cast: Cast, patto: PattoDiServizio) -> Utente:
    """Proofs of each kind and two firms, for the person of a signed pact."""
    chi: dict[str, Any] = {"attore": cast.operatore, "adesso": adesso()}
    atto = patto.atti.first()
    esiti: tuple[tuple[str, str], ...] = (("accolta", ""), ("non_accolta", "Mancano le date"), ("", ""))
    for numero, (esito, motivo) in enumerate(esiti):
        dati = {"modo": "dichiarata", "fatto_il": oggi(), "descrizione": f"Elenco numero {numero + 1}"}
        prova = registra_prova(atto=atto, dati=dati, **chi)
        if esito:
            verifica_prova(prova=prova, esito=esito, motivo=motivo, **chi)
    for impresa, risposta in (("Officine Rossi", "in_attesa"), ("Bar Sport", "colloquio")):
        contatto = {"impresa": impresa, "data": oggi(), "modo": "persona", "risposta": risposta, "risposta_il": None}
        registra_contatto(utente=patto.utente, dati=contatto, **chi)
    return patto.utente


def _riempi_fascicolo(cast: Cast) -> None:
    def voce(modello: Any, **dati: Any) -> None:
        salva_voce(utente=cast.utente, modello=modello, dati=dati, attore=cast.operatore)

    voce(TitoloStudio, livello=4, descrizione="Diploma di ragioneria", anno=oggi().year - 1)
    voce(
        Esperienza,
        mansione="Addetta alla contabilità e ai rapporti con i fornitori",
        datore="Cooperativa di servizi Val di Bisenzio",
        dal=oggi() - dt.timedelta(days=400),
    )
    voce(LinguaConosciuta, lingua="Inglese", comprensione="B1", parlato="B1", scritto="A2")
    voce(CompetenzaPersonale, genere="trasversale", descrizione="Lavoro in squadra")
    voce(AltreInformazioni, patenti=["B"], automunito=True, trasferta="provincia")
    programma = Programma.objects.filter(chiave="naspi").latest("valido_dal")
    registra_did(utente=cast.utente, data=oggi(), programma=programma, attore=cast.operatore)


def _straniero(cast: Cast) -> Utente:
    utente = crea_utente(cast.cpi, cast.operatore, extra_ue=True, cittadinanza="Albanese")
    DocumentoSoggiorno.objects.create(
        utente=utente, tipo="permesso", numero="I01234567", scadenza=oggi() + dt.timedelta(days=20)
    )
    metti_in_carico(utente, cast.operatore, incontro="rifiutato")
    return utente


def _analisi(cast: Cast) -> Any:
    in_corso = scene.informato(cast)
    parziale = {
        colloquio.campo_area("profilo", "giudizio"): 3,
        colloquio.campo_area("profilo", "note"): "Sa il mestiere",
    }
    scene.salva(cast, in_corso, 2, parziale)
    impresa = {"nome": "Filati Bisenzio", "luogo": "Prato", "motivo": "Cerca addetti"}
    colloquio.aggiungi_impresa(colloquio=in_corso, dati=impresa, attore=cast.operatore, adesso=adesso())
    scene.propensione(cast)
    return in_corso


def _bozza(cast: Cast) -> PattoDiServizio:
    bozza = scene_patto.bozza(cast)
    chiavi = ["candidature", "orientamento-incontri", "agenzia-lavoro"]
    atto.aggiungi_atti_tipici(patto=bozza, chiavi=chiavi, attore=cast.operatore, adesso=adesso())
    servizi = ["colloquio-patto", "consulenza-orientativa"]
    misura.aggiungi_misure(patto=bozza, chiavi=servizi, attore=cast.operatore, adesso=adesso())
    salva_curriculum(utente=cast.utente, file=file_pdf(), origine="portato", attore=cast.operatore, adesso=adesso())
    return bozza


def _misure(cast: Cast) -> dict[str, int]:
    """A citizen with measures in every state."""
    p = scene_misure.patto_firmato(
        cast, "bilancio-competenze", "consulenza-orientativa", "tirocinio", "tutoraggio-tirocinio", "scouting", "eures"
    )
    misure = {m.servizio.chiave: m for m in p.misure.select_related("servizio")}
    for chiave in ("bilancio-competenze", "consulenza-orientativa", "scouting"):
        scene_misure.avvia(cast, misure[chiave])
    scene_misure.tenuto(cast, misure["consulenza-orientativa"], 59)
    voce = {"genere": "offerta", "impresa": "Filati", "descrizione": "", "data": oggi(), "incentivi": ""}
    riga = scouting.registra_voce(
        misura=misure["scouting"], dati=voce | {"esito": "colloquio"}, attore=cast.operatore, adesso=adesso()
    )
    scene_misure.scrivi(cast, misure["bilancio-competenze"], scene_misure.BILANCIO)
    scene_misure.tenuto(cast, misure["bilancio-competenze"], 480, giorni_fa=2)
    scene_misure.concludi(cast, misure["bilancio-competenze"])
    nomi = {f"misura_{nome}": misure[chiave].pk for nome, chiave in _NOMI_MISURE.items()}
    return {**nomi, "con_misure": cast.utente.pk, "voce_scouting": riga.pk}


_NOMI_MISURE = {
    "conclusa": "bilancio-competenze",
    "avviata": "consulenza-orientativa",
    "concordata": "tirocinio",
    "scouting": "scouting",
}


def _rimandato(cast: Cast) -> PattoDiServizio:
    p = scene_patto.in_revisione(cast)
    commenti = {"piano": "Precisare la prova del primo atto.", "generale": "Rileggere il profilo."}
    revisione.rimanda_patto(patto=p, commenti=commenti, attore=cast.responsabile, adesso=adesso())
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    revisione.rimanda_patto(patto=p, commenti=commenti, attore=cast.responsabile, adesso=adesso())
    return p


def _verso_il_portale(cast: Cast) -> dict[str, int]:
    """CVs on the list of those near their end, one with a notice that failed; one in each state towards the portal."""
    ora = adesso() - dt.timedelta(minutes=1)
    scade = con_curriculum(cast, ora=ora - dt.timedelta(days=178))
    chiavi = {"cv_scade": scade.pk, "cv_mai": scade.curricula.get().pk}
    avvisato = con_curriculum(cast, ora=ora - dt.timedelta(days=177))
    esprimi_consenso(utente=avvisato, finalita="comunicazioni", esito="dato", attore=cast.operatore, adesso=ora)
    avvisa(curricula=avvisato.curricula.all(), modo="posta", attore=cast.operatore, adesso=adesso())
    perche = "La casella non esiste. Correggere l'indirizzo nei recapiti."
    Messaggio.objects.filter(utente=avvisato).update(stato="rifiutato", prossimo_il=None, motivo=perche)
    rifiuto = {"motivo": "Il portale ha rifiutato la registrazione.", "errore": "registrazione_rifiutata"}
    for stato, campi in {
        "in_coda": {},
        "in_attesa": {"in_attesa_dal": adesso()},
        "inviato": {"inviato_il": adesso()},
        "rifiutato": {"chiuso_il": adesso(), "prossimo_il": None, **rifiuto},
    }.items():
        utente = con_curriculum(cast, ora=ora)
        riga = Trasferimento.objects.filter(pk=chiedi(cast, utente, ora).pk)
        chiavi[f"cv_{stato}"] = utente.pk
        if campi:
            riga.update(stato="in_corso", presa=uuid.uuid4())
            riga.update(stato=stato, presa=None, **{"prossimo_il": adesso() + dt.timedelta(days=1), **campi})
    PosizionePortale.objects.create(
        utente_id=chiavi["cv_in_attesa"],
        registrazione="da_confermare",
        registrazione_vista_il=adesso(),
        canale="posta",
        messaggi=1,
        ultimo_messaggio_il=adesso() - dt.timedelta(days=4),
    )
    arrivato = {"portale": "presente", "portale_come": "confermato", "portale_visto_il": adesso()}
    arrivato |= {"intuition": "in_arrivo", "intuition_come": "confermato", "intuition_visto_il": adesso()}
    cv = Curriculum.objects.get(utente=chiavi["cv_inviato"])
    PosizionePortale.objects.create(
        utente=cv.utente, registrazione="confermata", registrazione_vista_il=adesso(), curriculum=cv, **arrivato
    )
    return chiavi | {"cv_fuori": cv.pk}


def _scrivi_un_messaggio(cast: Cast) -> None:
    testo = "Gentile signora,\n\nil suo curriculum è valido fino al 30/11/2026."
    utente = crea_utente(cast.cpi, cast.operatore, email="persona@example.org")
    accoda_messaggio(
        utente=utente,
        causale="mondo:1",
        oggetto="Il suo curriculum",
        testo=testo,
        attore=cast.operatore,
        adesso=adesso(),
    )
    invia_messaggi(adesso=adesso())


def _blocca_un_accesso(cast: Cast) -> None:
    Operatore.objects.create_user(BLOCCATO, password="una-Password-di-prova-2", ruolo="operatore", cpi=cast.cpi)
    for _ in range(6):
        Client().post(reverse("anagrafica:accesso"), {"username": BLOCCATO, "password": "sbagliata"})
