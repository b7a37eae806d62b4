"""Every page by address, as someone of the cast sees it, for the tests that walk them all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.curriculum import schede

BLOCCATO = "operatore-bloccato"
STATI_DEL_PATTO = ("in_revisione", "proposto", "firmato", "chiuso", "annullato")


@dataclass(frozen=True)
class Pagina:
    """A page as someone of the cast sees it; `prepara` does in the browser what must be done to see it whole."""

    nome: str
    chi: str | None
    indirizzo: str
    prepara: Callable[[Page], None] | None = None
    stato: int = 200
    stato_dopo: int | None = None


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


def _motivo_visto(pagina: Page) -> None:
    pagina.get_by_label("Richiesta della persona").check()
    pagina.get_by_role("button", name="Vedi il motivo").click()
    expect(pagina.get_by_role("link", name="Torna all'appuntamento")).to_be_visible()


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
    Pagina("affidamento-che-cosa-resta", "responsabile", "/affidamento?di={operatore}&a={sostituto}"),
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
    Pagina("postazione-cambia", "operatore", "/agenda/{postazione}/sposta"),
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
    Pagina("motivo-assenza", "operatore", "/iscrizioni/{assenza}/giustificazione"),
    Pagina(
        "motivo-assenza-con-errori",
        "operatore",
        "/iscrizioni/{assenza}/giustificazione",
        _premi("main form button.btn-primary", ".riepilogo-errori"),
        stato_dopo=422,
    ),
    Pagina("motivo-assenza-visto", "operatore", "/iscrizioni/{assenza}/giustificazione", _motivo_visto),
    Pagina("orario", "operatore", "/agenda/orario"),
    Pagina("chiusure", "responsabile", "/agenda/chiusure"),
    Pagina("calendario-privato", "operatore", "/agenda/calendario", _premi("main form button", ".indirizzo-segreto")),
    Pagina("appuntamenti", "operatore", "/utenti/{iscritto}/appuntamenti"),
    Pagina("luoghi", "amministratore", "/amministrazione/luoghi/nuovo"),
    Pagina("misure", "operatore", "/utenti/{con_misure}/misure"),
    Pagina("misura-concordata", "operatore", "/misure/{misura_concordata}", apri_tutto),
    Pagina("misura-avviata", "operatore", "/misure/{misura_avviata}", apri_tutto),
    Pagina(
        "misura-con-errori",
        "operatore",
        "/misure/{misura_concordata}",
        _premi(".misura-avvio .btn", "#mancanze[role=alert]"),
        stato_dopo=422,
    ),
    Pagina("misura-scouting", "operatore", "/misure/{misura_scouting}", apri_tutto),
    Pagina("misura-conclusa", "operatore", "/misure/{misura_conclusa}"),
    Pagina("voce-scouting", "operatore", "/scouting/{voce_scouting}", apri_tutto),
    Pagina("servizi", "amministratore", "/amministrazione/servizi"),
    Pagina("servizio-nuovo", "amministratore", "/amministrazione/servizi/nuovo"),
    Pagina("codici", "amministratore", "/amministrazione/codici-servizi"),
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
