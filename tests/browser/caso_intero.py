"""A whole case as an operator lives it, gesture by gesture, with a counter of gestures and of full page loads.

A gesture is a click, a choice, a key command; typing a text into a field is one.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from psp.dimostrazione.persone import codice_fiscale

NASCITA = "14/05/1992"


@dataclass(frozen=True)
class PropensioneDiProva:
    cerca: str
    trova: str
    provenienze: tuple[str, ...]
    competenze: str
    anni: str
    ultimo_anno: str


PROPENSIONI = (
    PropensioneDiProva("magazziniere", "Magazziniere", ("Lavoro",), "Ricevimento e controllo delle merci", "6", "2025"),
    PropensioneDiProva("carrellista", "Carrellista", ("Lavoro",), "Guida del carrello frontale", "3", "2025"),
    PropensioneDiProva("commessa", "Commess", ("Istruzione",), "Vendita al banco", "1", "2016"),
)
ATTI = (
    "Partecipare a un laboratorio di gruppo sulla ricerca attiva del lavoro",
    "Aggiornare il curriculum con l'aiuto dell'operatore",
    "Iscriversi a un'agenzia per il lavoro e sostenere il colloquio",
    "Inviare almeno cinque candidature",
    "Consultare i portali di offerte di lavoro e salvare quelle adatte",
    "Contattare le imprese obiettivo del piano",
)
MISURE = ("Colloquio per il patto di servizio", "Consulenza orientativa", "Seminari e laboratori di gruppo")


@dataclass
class Gesti:
    """The hands of a person at the browser: every call is one gesture."""

    pagina: Page
    quanti: int = 0
    caricamenti: int = 0
    passi: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pagina.on("load", lambda _: self._conta_caricamento())

    def _conta_caricamento(self) -> None:
        self.caricamenti += 1

    def _conta(self, passo: str) -> None:
        self.quanti += 1
        self.passi.append(passo)

    def scrivi(self, campo: Any, testo: str) -> None:
        self._conta(f"scrivi {testo!r}")
        self._trova(campo).fill(testo)

    def premi(self, dove: Any) -> None:
        self._conta(f"premi {dove}")
        self._trova(dove).click()

    def spunta(self, dove: Any) -> None:
        self._conta(f"spunta {dove}")
        self._trova(dove).check()

    def scegli(self, dove: Any, voce: str) -> None:
        self._conta(f"scegli {voce!r}")
        self._trova(dove).select_option(label=voce)

    def tasto(self, tasto: str) -> None:
        self._conta(f"tasto {tasto}")
        self.pagina.keyboard.press(tasto)

    def carica(self, dove: Any, file: Path) -> None:
        self._conta(f"file {file.name}")
        self._trova(dove).set_input_files(str(file))

    def pulsante(self, nome: str) -> None:
        self.premi(self.pagina.get_by_role("button", name=nome).first)

    def link(self, nome: str) -> None:
        self.premi(self.pagina.get_by_role("link", name=nome).first)

    def _trova(self, dove: Any) -> Any:
        return self.pagina.locator(dove) if isinstance(dove, str) else dove


def entra(gesti: Gesti, indirizzo: str, username: str, password: str) -> None:
    gesti.pagina.goto(f"{indirizzo}/accesso")
    gesti.scrivi("input[name=username]", username)
    gesti.scrivi("input[name=password]", password)
    gesti.tasto("Enter")
    gesti.pagina.wait_for_url(lambda url: "/accesso" not in url)


def apri_fascicolo(gesti: Gesti) -> str:
    """From the home to a new citizen taken in charge, with consents and DID, in phase 1 of the interview."""
    codice = codice_fiscale("Landucci", "Fiorenza", True, dt.date(1992, 5, 14), "G999")
    pagina = gesti.pagina
    gesti.link("Nuova persona")
    gesti.scrivi("#id_codice_fiscale", codice)
    gesti.scrivi("#id_cognome", "Landucci")
    expect(pagina.locator("#id_data_nascita")).to_have_value(NASCITA)
    gesti.scrivi("#id_nome", "Fiorenza")
    gesti.scrivi("#id_domicilio_indirizzo", "Via Bologna 12")
    gesti.scrivi("#id_domicilio_comune", "Prato")
    gesti.scrivi("#id_domicilio_cap", "59100")
    gesti.scrivi("#id_cellulare", "320 1112233")
    gesti.scrivi("#id_email", "fiorenza@esempio.invalid")
    gesti.pulsante("Apri il fascicolo")
    gesti.spunta("#id_informativa_letta")
    gesti.spunta("#id_consenso_incontro_0")
    gesti.spunta("#id_consenso_comunicazioni_1")
    gesti.scegli("#id_did_programma", "NASpI – patto entro 15 giorni")
    gesti.pulsante("Prendi in carico e apri il colloquio")
    expect(pagina.locator("#id_informato_svolgimento")).to_be_visible()
    return codice


def prima_fase(gesti: Gesti) -> None:
    gesti.spunta("#id_informato_svolgimento")
    gesti.spunta("#id_informato_diritti_doveri")
    gesti.premi("label[for=id_aspettative_4]")
    gesti.scrivi("#id_aspettative_note", "Un lavoro a tempo pieno vicino a casa")
    gesti.premi("label[for=id_motivazione_5]")
    gesti.pulsante("Completa la fase 1")
    expect(gesti.pagina.locator("#titolo-aree")).to_be_visible()


def seconda_fase(gesti: Gesti, cv: Path) -> None:
    pagina = gesti.pagina
    aree = "profilo esperienza formazione autonomia autopromozione vincoli obiettivo mercato metodo strumenti"
    for posto, area in enumerate(aree.split()):
        gesti.premi(f"label[for=id_area_{area}_giudizio_{posto % 4 + 2}]")
        if posto % 2 == 0:
            gesti.scrivi(f"#id_area_{area}_note", f"Nota sull'area numero {posto + 1} 🙂")
    _titolo_ed_esperienza(gesti)
    for propensione in PROPENSIONI:
        _propensione(gesti, propensione)
    gesti.carica("#id_cv_file", cv)
    gesti.pulsante("Salva curriculum")
    expect(pagina.locator("#pannello-curriculum")).to_contain_text("Valido fino al")
    gesti.premi("label[for=id_curriculum_fatto]")
    gesti.premi("label[for=id_portale_gia_presente]")
    gesti.pulsante("Vai alla definizione")
    expect(pagina.locator("#id_profilazione-valore")).to_be_visible()


def _titolo_ed_esperienza(gesti: Gesti) -> None:
    pagina = gesti.pagina
    titoli = pagina.locator("#pannello-titoli")
    gesti.premi(titoli.get_by_text("Aggiungi un titolo").first)
    gesti.scegli(titoli.locator("select[name$=livello]"), "Diploma superiore che dà accesso all'università")
    gesti.scrivi(titoli.locator("input[name$=descrizione]"), "Diploma di perito commerciale")
    gesti.scrivi(titoli.locator("input[name$=anno]"), "2011")
    gesti.premi(titoli.get_by_role("button", name="Salva"))
    expect(titoli).to_contain_text("Diploma di perito commerciale")
    lavori = pagina.locator("#pannello-esperienze")
    gesti.premi(lavori.get_by_text("Aggiungi un'esperienza").first)
    gesti.scrivi(lavori.locator("input[name$=mansione]"), "Magazziniera")
    gesti.scrivi(lavori.locator("input[name$=datore]"), "Logistica Val di Bisenzio")
    gesti.scrivi(lavori.locator("input[name=dal]"), "03/2019")
    gesti.scrivi(lavori.locator("input[name=al]"), "09/2025")
    gesti.premi(lavori.get_by_role("button", name="Salva"))
    expect(lavori).to_contain_text("Logistica Val di Bisenzio")


def _propensione(gesti: Gesti, propensione: PropensioneDiProva) -> None:
    pannello = gesti.pagina.locator("#pannello-propensioni")
    gesti.premi(pannello.get_by_role("link", name="Aggiungi una propensione"))
    campo = pannello.get_by_role("combobox", name="Professione")
    gesti.scrivi(campo, propensione.cerca)
    opzione = pannello.get_by_role("option", name=propensione.trova).first
    expect(opzione).to_be_visible()
    gesti.premi(opzione)
    for parola in propensione.provenienze:
        gesti.spunta(pannello.get_by_label(parola, exact=True))
    gesti.scrivi(pannello.get_by_label("Competenze specifiche"), propensione.competenze)
    gesti.scrivi(pannello.get_by_label("Esperienza: anni"), propensione.anni)
    gesti.scrivi(pannello.get_by_label("Ultimo anno"), propensione.ultimo_anno)
    gesti.premi(pannello.get_by_role("button", name="Salva la propensione"))
    expect(pannello.get_by_text("Propensione aggiunta:")).to_be_visible()


def terza_fase(gesti: Gesti) -> None:
    pagina = gesti.pagina
    gesti.scrivi("#id_profilazione-valore", "0,7432")
    gesti.pulsante("Registra la profilazione")
    expect(pagina.get_by_text("0,7432").first).to_be_visible()
    for nome in ATTI:
        gesti.spunta(pagina.get_by_label(nome))
    gesti.pulsante("Aggiungi gli atti spuntati")
    expect(pagina.get_by_role("button", name=f"Togli «{ATTI[-1]}»")).to_be_visible()
    for nome in MISURE:
        gesti.spunta(pagina.get_by_label(nome).first)
    gesti.pulsante("Aggiungi i servizi spuntati")
    expect(pagina.get_by_role("button", name=f"Togli «{MISURE[-1]}»")).to_be_visible()
    gesti.scegli("#id_frequenza_contatti", "Ogni mese")
    for nome in ("laboratori", "formazione", "offerte"):
        gesti.spunta(f"#id_disponibilita_{nome}_0")
    gesti.pulsante("Manda in revisione")
    expect(pagina.get_by_text("aspetta la lettura di un responsabile")).to_be_visible()
