"""Cases for the printed pact: rows of a usual one, and contents derived from the frozen example."""

from __future__ import annotations

import copy
import datetime as dt
import json
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from model_bakery import baker

from orientamento.anagrafica.models import (
    CPI,
    DID,
    AltreInformazioni,
    Consenso,
    Esperienza,
    LinguaConosciuta,
    Operatore,
    PresaInCarico,
    Programma,
    TestoInformativo,
    TitoloStudio,
    Utente,
)
from propensioni.models import SEP, Professione, Propensione
from psp.models import Appuntamento, AttoRicerca, Colloquio, Misura, PattoDiServizio, Profilazione, Servizio
from psp.services.catalogo import carica_catalogo

ADESSO = dt.datetime(2026, 11, 23, 10, 32, tzinfo=ZoneInfo("Europe/Rome"))
OGGI = ADESSO.date()
ESEMPIO = Path(__file__).resolve().parents[2] / "bench" / "dati" / "patto_consueto.json"

NOTE = (
    "SEP: Trasporti e logistica. Competenze specifiche: gestione del magazzino, carico e scarico, preparazione degli "
    "ordini con terminale, inventari. Durata dell'esperienza: 10 anni. Ultimo rapporto nel profilo: 2023. "
    "Disponibilità oraria: tempo pieno, anche su turni. Spostamenti: province di Pistoia e Prato. "
    "Patentini: carrelli elevatori.",
    "SEP: Servizi di distribuzione commerciale. Competenze specifiche: vendita assistita, cassa, allestimento degli "
    "scaffali. Durata dell'esperienza: 3 anni. Ultimo rapporto nel profilo: 2012. Disponibilità oraria: tempo pieno "
    "o parziale. Spostamenti: comuni vicini.",
    "SEP: Area comune. Competenze specifiche: registrazione di fatture, archivio, uso del foglio di calcolo. "
    "Apprese in: formazione formale, corso di segreteria amministrativa di 120 ore (2024). "
    "Disponibilità oraria: mattina.",
)
PROVA = "Elenco delle candidature con data e impresa, mostrato a ogni contatto; ricevute dei messaggi inviati."

# kind, what, by whom, by when, how often, how it is proved
ATTI = (
    ("cpi", "Partecipare a un laboratorio di gruppo sulla ricerca attiva del lavoro", "", dt.date(2026, 12, 15), "",
     "Firma di presenza al laboratorio"),
    ("cpi", "Partecipare agli incontri di orientamento fissati", "", None, "mensile",
     "Presenza registrata agli incontri"),
    ("rete", "Iscriversi a un'agenzia per il lavoro e sostenere il colloquio", "Agenzie per il lavoro accreditate",
     dt.date(2026, 12, 23), "", "Ricevuta di iscrizione"),
    ("utente", "Inviare almeno cinque candidature", "", None, "settimanale",
     "Elenco delle candidature con data e impresa"),
    ("utente", "Contattare le imprese obiettivo del piano", "", dt.date(2027, 2, 28), "quindicinale",
     "Elenco dei contatti con data ed esito"),
    ("utente", "Preparare una lettera di presentazione per ogni propensione", "", dt.date(2026, 12, 23), "",
     "Lettera mostrata all'operatore"),
)  # fmt: skip


def esempio() -> dict[str, Any]:
    """The content of a usual case, as it would be frozen."""
    return json.loads(ESEMPIO.read_text(encoding="utf-8"))


def minimo() -> dict[str, Any]:
    """A draft just begun: nothing but the parties."""
    c = esempio()
    c["responsabile"], c["did"], c["colloquio"], c["informativa"] = "", None, [], None
    c["validita"] = {"dal": "", "al": ""}
    c["persona"]["recapiti"], c["persona"]["residenza"] = [], ""
    c["profilo"] = {
        "profilazione": None,
        "titoli": [],
        "altri_titoli": 0,
        "esperienze": [],
        "altre_esperienze": 0,
        "lingue": [],
        "abilitazioni": [],
    }
    c["propensioni"], c["misure"] = [], []
    for gruppo in c["piano"]:
        gruppo["atti"] = []
    c["impegni"] = {
        "disponibilita": {"laboratori": "", "formazione": "", "offerte": ""},
        "frequenza_contatti": "",
        "modo_contatti": "",
        "prova_ricerca": "",
    }
    return c


def lunghissimo() -> dict[str, Any]:
    """All that people may type at its longest, with every script and sign that a keyboard gives."""
    c = esempio()
    c["persona"] |= {
        "cognome": "Đorđević Ștefănescu-González-Castañeda della Gherardesca",
        "nome": "Nguyễn Thị Mary-Jane",
    }
    frase = (
        "Competenze: saldatura TIG e MIG, lettura del disegno tecnico; disponibilità a turni 🙂 caffè, perché, così. "
    )
    c["propensioni"][0]["nota"] = (frase * 100)[:10_000]
    c["propensioni"][1]["nota"] = "\n".join(f"{i}. {frase}" for i in range(1, 60))
    c["propensioni"][2]["nota"] = "parolalunghissimasenzaspazi" * 60 + "\n王小明 Ελένη Юлия 👩\u200d🔧\nمحمد أمين ﷺ"
    c["impegni"]["prova_ricerca"] = (frase * 20)[:2000]
    for gruppo in c["piano"]:
        base = gruppo["atti"][0]
        gruppo["atti"] = [
            base | {"rif": f"{gruppo['tipo']}{n}", "che_cosa": f"{n}) {frase * 3}"[:300], "prova": (frase * 3)[:300]}
            for n in range(1, 13)
        ]
    c["misure"] = [
        c["misure"][0] | {"rif": str(n), "nome": f"Misura {n}: {frase}"[:200], "note": frase * 2} for n in range(20)
    ]
    c["profilo"]["esperienze"] = [
        {"mansione": f"Mansione {n} " * 6, "dove": "W" * 160, "periodo": "01/2000 – 02/2001"} for n in range(6)
    ]
    return c


def variato(**cambi: Any) -> dict[str, Any]:
    return copy.deepcopy(esempio() | cambi)


def patto_consueto() -> PattoDiServizio:
    """Three propensioni, six acts, three measures: the rows behind the example."""
    cpi = baker.make(
        CPI,
        nome="Centro per l'impiego di Pistoia",
        comune="Pistoia",
        indirizzo="Via Tripoli 19",
        telefono="0573 000000",
        email="cpi.pistoia@esempio.toscana.it",
        pec="cpi.pistoia@pec.esempio.toscana.it",
    )
    operatore = baker.make(
        Operatore, username="lverdi", first_name="Laura", last_name="Verdi", ruolo="operatore", cpi=cpi
    )
    utente = baker.make(
        Utente,
        cpi=cpi,
        cognome="Bianchi",
        nome="Anna",
        codice_fiscale="BNCNNA92C52G713R",
        sesso="F",
        data_nascita=dt.date(1992, 3, 12),
        luogo_nascita="Pistoia",
        cittadinanza="Italiana",
        domicilio_indirizzo="Via del Lastrone 8",
        domicilio_comune="Pistoia",
        domicilio_provincia="PT",
        domicilio_cap="51100",
        cellulare="333 0000000",
        email="anna.bianchi@esempio.it",
    )
    colloquio = baker.make(Colloquio, utente=utente, cpi=cpi, aperto_il=ADESSO, aperto_da=operatore)
    for giorno in (dt.date(2026, 11, 20), OGGI):
        baker.make(Appuntamento, colloquio=colloquio, data=giorno, operatore=operatore)
    programma = baker.make(Programma, chiave="naspi", nome="NASpI", giorni_per_patto=15, valido_dal=dt.date(2020, 1, 1))
    did = baker.make(DID, utente=utente, data=dt.date(2026, 11, 12), stato="valida", programma=programma)
    testo = baker.make(
        TestoInformativo,
        genere="informativa_privacy",
        versione=3,
        titolo="Informativa sul trattamento dei dati personali",
        testo="…",
        valido_dal=dt.date(2025, 1, 1),
    )
    presa = baker.make(
        PresaInCarico,
        utente=utente,
        cpi=cpi,
        operatore=operatore,
        data=dt.date(2026, 11, 20),
        informativa=testo,
        informativa_letta=True,
    )
    baker.make(
        Consenso,
        presa_in_carico=presa,
        utente=utente,
        finalita="incontro",
        esito="dato",
        testo=testo,
        registrato_il=ADESSO,
        registrato_da=operatore,
    )
    baker.make(
        Profilazione,
        utente=utente,
        data=dt.date(2026, 11, 13),
        metodo="Profilazione quantitativa del sistema unitario",
        valore=Decimal("0.4820"),
        classe="Media",
        registrata_da=operatore,
    )
    baker.make(
        TitoloStudio,
        utente=utente,
        livello=4,
        descrizione="Diploma di ragioniere",
        istituto="ITC Pacini, Pistoia",
        anno=2011,
        conseguito=True,
    )
    for mansione, datore, dal, al in (
        ("Magazziniera", "Logistica Toscana S.r.l.", dt.date(2014, 2, 1), dt.date(2023, 12, 31)),
        ("Commessa di negozio", "Calzature Rossi", dt.date(2011, 9, 1), dt.date(2014, 1, 31)),
        ("Addetta alla segreteria (tirocinio)", "Studio Neri", dt.date(2024, 9, 1), dt.date(2025, 2, 28)),
    ):
        baker.make(Esperienza, utente=utente, mansione=mansione, datore=datore, luogo="Pistoia", dal=dal, al=al)
    baker.make(LinguaConosciuta, utente=utente, lingua="Italiano", madrelingua=True)
    baker.make(LinguaConosciuta, utente=utente, lingua="Inglese", comprensione="B1", parlato="A2", scritto="A2")
    baker.make(
        AltreInformazioni, utente=utente, patenti=["B"], patentini=["muletto"], automunito=True, trasferta="provincia"
    )
    sep = baker.make(SEP, codice="11", nome="Trasporti e logistica")
    professioni = (
        ("Magazziniere", "8.1.3.1.0", {"da_lavoro": True, "da_formazione": True}),
        ("Commesso di negozio", "5.1.2.2.0", {"da_lavoro": True}),
        ("Addetto alla segreteria", "4.1.1.1.0", {"da_istruzione": True, "da_formazione": True}),
    )
    for posto, (titolo, codice, provenienze) in enumerate(professioni, start=1):
        baker.make(
            Propensione,
            utente=utente,
            posto=posto,
            professione=baker.make(Professione, titolo=titolo, codice=codice, sep=sep),
            data_intervista=OGGI,
            nota={"sep": "Trasporti e logistica"},
            nota_testo=NOTE[posto - 1],
            creata_da=operatore,
            **provenienze,
        )
    patto = baker.make(
        PattoDiServizio,
        utente=utente,
        cpi=cpi,
        colloquio=colloquio,
        did=did,
        autore=operatore,
        creato_il=ADESSO,
        responsabile_attivita=operatore,
        frequenza_contatti="mensile",
        modo_contatti="Appuntamento al centro o telefonata",
        prova_ricerca=PROVA,
        disponibilita_laboratori="si",
        disponibilita_formazione="si",
        disponibilita_offerte="si",
        valido_dal=OGGI,
        valido_al=dt.date(2027, 11, 22),
    )
    for ordine, (tipo, che_cosa, soggetto, entro, frequenza, prova) in enumerate(ATTI):
        baker.make(
            AttoRicerca,
            patto=patto,
            tipo=tipo,
            descrizione=che_cosa,
            soggetto=soggetto,
            entro_il=entro,
            frequenza=frequenza,
            prova=prova,
            ordine=ordine,
        )
    carica_catalogo()
    for chiave, inizio, fine, durata in (
        ("consulenza-orientativa", dt.date(2026, 12, 1), dt.date(2027, 1, 31), "3"),
        ("seminari-laboratori", dt.date(2026, 12, 15), dt.date(2026, 12, 15), "4"),
        ("bilancio-competenze", dt.date(2027, 1, 11), dt.date(2027, 3, 31), "8.5"),
    ):
        baker.make(
            Misura,
            patto=patto,
            servizio=Servizio.objects.get(chiave=chiave),
            stato="concordata",
            inizio_previsto=inizio,
            fine_prevista=fine,
            ore_previste=Decimal(durata),
        )
    return patto
