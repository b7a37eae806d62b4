"""An office at work, for the tests that walk all the pages: a citizen in each state, and every page by address."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from curriculum.models import Curriculum, PosizionePortale, Trasferimento
from curriculum.services.curriculum import salva_curriculum
from orientamento.anagrafica.models import (
    CPI,
    AltreInformazioni,
    CompetenzaPersonale,
    DocumentoSoggiorno,
    Esperienza,
    LinguaConosciuta,
    Operatore,
    Programma,
    TitoloStudio,
    Utente,
)
from orientamento.anagrafica.services.did import registra_did
from orientamento.anagrafica.services.fascicolo import salva_voce
from orientamento.anagrafica.services.messaggi import accoda_messaggio, invia_messaggi
from orientamento.comune.calendario import adesso, oggi
from propensioni.models import Propensione
from psp.models import PattoDiServizio
from psp.services import atto, catalogo, colloquio, misura, patto, revisione
from psp.services.attivita import registra_prova, verifica_prova
from psp.services.contatti import registra_contatto
from tests.browser.mondo_agenda import agenda_al_lavoro
from tests.cast import Cast, crea_cast, crea_utente, metti_in_carico
from tests.curriculum import schede
from tests.curriculum.conftest import file_pdf
from tests.curriculum.trasferimenti import chiedi, con_curriculum
from tests.psp import scene, scene_patto

STATI_DEL_PATTO = ("in_revisione", "proposto", "firmato", "chiuso", "annullato")
BLOCCATO = "operatore-bloccato"


@dataclass(frozen=True)
class Mondo:
    """`chiavi` fills the addresses of `PAGINE`."""

    cast: Cast
    chiavi: dict[str, Any]

    def url(self, pagina: Pagina) -> str:
        return pagina.indirizzo.format(**self.chiavi)


@dataclass(frozen=True)
class Pagina:
    """A page as someone of the cast sees it; `prepara` does in the browser what must be done to see it whole."""

    nome: str
    chi: str | None
    indirizzo: str
    prepara: Callable[[Page], None] | None = None
    stato: int = 200
    stato_dopo: int | None = None


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


def _rimandato(cast: Cast) -> PattoDiServizio:
    p = scene_patto.in_revisione(cast)
    commenti = {"piano": "Precisare la prova del primo atto.", "generale": "Rileggere il profilo."}
    revisione.rimanda_patto(patto=p, commenti=commenti, attore=cast.responsabile, adesso=adesso())
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    revisione.rimanda_patto(patto=p, commenti=commenti, attore=cast.responsabile, adesso=adesso())
    return p


def _verso_il_portale(cast: Cast) -> dict[str, int]:
    """A CV that is on the list of those near their end, and one along the journey to the portal in each state."""
    ora = adesso() - dt.timedelta(minutes=1)
    scade = con_curriculum(cast, ora=ora - dt.timedelta(days=178))
    chiavi = {"cv_scade": scade.pk, "cv_mai": scade.curricula.get().pk}
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


def apri_tutto(pagina: Page) -> None:
    pagina.evaluate("document.querySelectorAll('main details').forEach((d) => { d.open = true; })")


def _premi(selettore: str, poi: str) -> Callable[[Page], None]:
    def premi(pagina: Page) -> None:
        pagina.locator(selettore).first.click()
        expect(pagina.locator(poi).first).to_be_visible()

    return premi


def _accesso_con(username: str) -> Callable[[Page], None]:
    def prova(pagina: Page) -> None:
        pagina.fill("input[name=username]", username)
        pagina.fill("input[name=password]", "sbagliata")
        with pagina.expect_navigation():
            pagina.press("input[name=password]", "Enter")

    return prova


def _pannelli_caricati(pagina: Page) -> None:
    expect(pagina.locator(".pannello-atteso")).to_have_count(0)


def _propensione_aperta(pagina: Page) -> None:
    _pannelli_caricati(pagina)
    pagina.get_by_role("link", name="Aggiungi una propensione").click()
    expect(pagina.locator("#pannello-propensioni form.modulo-propensione")).to_be_visible()


def _piano_aperto(pagina: Page) -> None:
    apri_tutto(pagina)
    pagina.locator("#elenco-atti a", has_text="Modifica").first.click()
    expect(pagina.locator("#elenco-atti .voce-aperta")).to_be_visible()


def _scheda_letta(pagina: Page) -> None:
    scheda = {"name": "europass.xml", "mimeType": "text/xml", "buffer": schede.CANDIDATO}
    pagina.set_input_files("input[type=file]", files=[scheda])
    with pagina.expect_navigation():
        pagina.click("main form button.btn-primary")


PAGINE = (
    Pagina("accesso", None, "/accesso"),
    Pagina("accesso-sbagliato", None, "/accesso", _accesso_con("nessuno"), stato_dopo=422),
    Pagina("accesso-bloccato", None, "/accesso", _accesso_con(BLOCCATO), stato_dopo=429),
    Pagina("accesso-fatto", "operatore", "/accesso/fatto"),
    Pagina("oggi", "operatore", "/"),
    Pagina("oggi-responsabile", "responsabile", "/"),
    Pagina("oggi-incrocio", "incrocio", "/"),
    Pagina("oggi-amministratore", "amministratore", "/"),
    Pagina("ricerca", "operatore", "/utenti?q={cognome}"),
    Pagina("ricerca-senza-esito", "operatore", "/utenti?q=Zzqwx"),
    Pagina("ricerca-incrocio", "incrocio", "/utenti?q={cognome}"),
    Pagina(
        "nuova-persona-con-errori",
        "operatore",
        "/utenti/nuovo",
        _premi("main form button.btn-primary", ".riepilogo-errori"),
        stato_dopo=422,
    ),
    Pagina("identita", "operatore", "/utenti/{utente}/identita", apri_tutto),
    Pagina("passaggio", "responsabile", "/utenti/{utente}/passaggio"),
    Pagina("scheda", "operatore", "/utenti/{utente}"),
    Pagina("scheda-nuova", "operatore", "/utenti/{nuovo}"),
    Pagina("scheda-incrocio", "incrocio", "/utenti/{utente}"),
    Pagina("fascicolo", "operatore", "/utenti/{utente}/fascicolo", apri_tutto),
    Pagina(
        "fascicolo-modulo",
        "operatore",
        "/utenti/{utente}/fascicolo",
        _premi("#pannello-esperienze a.btn", "#pannello-esperienze form"),
    ),
    Pagina("titoli", "operatore", "/utenti/{utente}/fascicolo/titoli"),
    Pagina("titolo-modifica", "operatore", "/utenti/{utente}/fascicolo/titoli/{titolo}"),
    Pagina("voce-nuova", "operatore", "/utenti/{utente}/fascicolo/lingue/nuova"),
    Pagina("presa-in-carico-prima", "operatore", "/utenti/{nuovo}/presa-in-carico"),
    Pagina(
        "presa-in-carico-errori",
        "operatore",
        "/utenti/{nuovo}/presa-in-carico",
        _premi("main form button.btn-primary", ".riepilogo-errori"),
        stato_dopo=422,
    ),
    Pagina("presa-in-carico-dopo", "operatore", "/utenti/{straniero}/presa-in-carico", apri_tutto),
    Pagina("did", "operatore", "/utenti/{utente}/did", apri_tutto),
    Pagina("soggiorno", "operatore", "/utenti/{straniero}/soggiorno", apri_tutto),
    Pagina("registro", "responsabile", "/utenti/{utente}/registro"),
    Pagina("propensioni", "operatore", "/utenti/{utente}/propensioni", apri_tutto),
    Pagina("propensione-nuova", "operatore", "/utenti/{utente}/propensioni/nuova"),
    Pagina("propensione-modifica", "operatore", "/propensioni/{propensione}", apri_tutto),
    Pagina("propensione-elimina", "operatore", "/propensioni/{propensione}/elimina"),
    Pagina("curriculum", "operatore", "/utenti/{utente}/curriculum", apri_tutto),
    *(
        Pagina(f"curriculum-{stato}", "operatore", f"/utenti/{{cv_{stato}}}/curriculum")
        for stato in ("in_coda", "in_attesa", "inviato", "rifiutato")
    ),
    Pagina("curriculum-senza-consenso", "operatore", "/utenti/{straniero}/curriculum"),
    Pagina("curriculum-incrocio", "incrocio", "/utenti/{cv_inviato}/curriculum"),
    Pagina("curriculum-trasferisci", "operatore", "/utenti/{cv_scade}/curriculum/trasferisci"),
    Pagina("curriculum-cancella", "operatore", "/curriculum/{cv_mai}/cancella"),
    Pagina("curriculum-cancella-fuori", "operatore", "/curriculum/{cv_fuori}/cancella"),
    Pagina("scadenze", "operatore", "/curriculum/scadenze"),
    Pagina("scadenze-responsabile", "responsabile", "/curriculum/scadenze"),
    Pagina("registrazioni", "operatore", "/curriculum/registrazioni"),
    Pagina("trasferimenti", "operatore", "/curriculum/trasferimenti"),
    Pagina("trasferimenti-in-attesa", "responsabile", "/curriculum/trasferimenti?stato=in_attesa"),
    Pagina("trasferimenti-in-corso", "operatore", "/curriculum/trasferimenti?stato=in_corso"),
    Pagina("curriculum-importa", "operatore", "/utenti/{utente}/curriculum/importa"),
    Pagina("curriculum-importa-voci", "operatore", "/utenti/{utente}/curriculum/importa", _scheda_letta),
    Pagina("curriculum-componi", "operatore", "/utenti/{utente}/curriculum/componi"),
    Pagina("fase-1", "operatore", "/colloqui/{fase_1}/fase/1"),
    Pagina(
        "fase-1-incompleta",
        "operatore",
        "/colloqui/{fase_1}/fase/1",
        _premi("#id_completa", "#avvisi-fase li a"),
        stato_dopo=422,
    ),
    Pagina("fase-2", "operatore", "/colloqui/{fase_2}/fase/2", _propensione_aperta),
    Pagina("fase-3", "operatore", "/colloqui/{fase_3}/fase/3", _piano_aperto),
    Pagina("fase-3-rimandata", "operatore", "/colloqui/{fase_3_rimandata}/fase/3"),
    Pagina("fase-3-chiusa", "operatore", "/colloqui/{fase_3_chiusa}/fase/3"),
    Pagina("atto", "operatore", "/patti/{bozza}/atti/{atto}?modifica=1"),
    Pagina("imprese", "operatore", "/colloqui/{fase_2}/imprese"),
    Pagina("incontri", "operatore", "/colloqui/{fase_3}/incontri", apri_tutto),
    Pagina("conclusione", "operatore", "/colloqui/{fase_3}/conclusione"),
    Pagina("patto-bozza", "operatore", "/patti/{bozza}", apri_tutto),
    Pagina("patto-rimandato", "operatore", "/patti/{rimandato}", apri_tutto),
    *(Pagina(f"patto-{stato}", "operatore", f"/patti/{{{stato}}}", apri_tutto) for stato in STATI_DEL_PATTO),
    Pagina("attivita", "operatore", "/utenti/{in_vigore}/attivita", apri_tutto),
    Pagina("attivita-senza-patto", "operatore", "/utenti/{nuovo}/attivita", apri_tutto),
    Pagina("affidamento", "responsabile", "/affidamento?di={operatore}"),
    Pagina("oggi-filtrato", "operatore", "/?genere=patto&entro=30", apri_tutto),
    Pagina("agenda", "operatore", "/agenda?giorno={domani}"),
    Pagina("agenda-oggi", "operatore", "/agenda"),
    Pagina("agenda-gruppi", "operatore", "/agenda?di=gruppi&giorno={domani}"),
    Pagina("agenda-giorno", "operatore", "/agenda/giorno/{domani}"),
    Pagina("appuntamento-nuovo", "operatore", "/agenda/nuova?utente={iscritto}"),
    Pagina(
        "appuntamento-nuovo-con-errori",
        "operatore",
        "/agenda/nuova?utente={iscritto}",
        _premi('button:has-text("Fissa a quest\'ora")', ".riepilogo-errori"),
        stato_dopo=422,
    ),
    Pagina("appuntamento-per-chi", "operatore", "/agenda/nuova?q={cognome}"),
    Pagina("gruppo-nuovo", "operatore", "/agenda/gruppo"),
    Pagina("appuntamento-di-gruppo", "operatore", "/agenda/{seduta}", apri_tutto),
    Pagina("appuntamento-tenuto", "operatore", "/agenda/{tenuta}"),
    Pagina("appuntamento-sposta", "operatore", "/agenda/{seduta}/sposta"),
    Pagina("appuntamento-annulla", "operatore", "/agenda/{seduta}/annulla"),
    Pagina("iscrivi", "operatore", "/agenda/{seduta}/iscrivi?q={cognome}"),
    Pagina("presenze", "operatore", "/agenda/{passata}/presenze"),
    Pagina(
        "presenze-con-errori",
        "operatore",
        "/agenda/{passata}/presenze",
        _premi("main form button.btn-primary", ".riepilogo-errori"),
        stato_dopo=422,
    ),
    Pagina("orario", "operatore", "/agenda/orario"),
    Pagina("chiusure", "responsabile", "/agenda/chiusure"),
    Pagina("calendario-privato", "operatore", "/agenda/calendario", _premi("main form button", ".indirizzo-segreto")),
    Pagina("appuntamenti", "operatore", "/utenti/{iscritto}/appuntamenti"),
    Pagina("luoghi", "amministratore", "/amministrazione/luoghi/nuovo"),
    Pagina("revisioni", "responsabile", "/revisioni"),
    Pagina("revisione", "responsabile", "/revisioni/{in_revisione}"),
    Pagina("amministrazione", "amministratore", "/amministrazione"),
    Pagina("centri", "amministratore", "/amministrazione/centri"),
    Pagina("centro", "amministratore", "/amministrazione/centri/{centro}"),
    Pagina("operatori", "amministratore", "/amministrazione/operatori"),
    Pagina("operatore-nuovo", "amministratore", "/amministrazione/operatori/nuovo"),
    Pagina("operatore", "amministratore", "/amministrazione/operatori/{operatore}", apri_tutto),
    Pagina("programma", "amministratore", "/amministrazione/programmi/{programma}"),
    Pagina("testi", "amministratore", "/amministrazione/testi"),
    Pagina("testo-nuovo", "amministratore", "/amministrazione/testi/nuovo"),
    Pagina("posta-in-uscita", "operatore", "/posta-in-uscita"),
    Pagina("vietato", "operatore", "/revisioni", stato=403),
    Pagina("inesistente", "operatore", "/utenti/99999999", stato=404),
)
