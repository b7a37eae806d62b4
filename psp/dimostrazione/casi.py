"""The invented cases, carried through the same services as real ones, each up to a state of its own."""

from __future__ import annotations

import datetime as dt
import io
import random
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from html import escape
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction
from django.utils import timezone
from weasyprint import HTML

from curriculum.services.curriculum import salva_curriculum
from orientamento.anagrafica.models import (
    DID,
    AltreInformazioni,
    CompetenzaPersonale,
    Esperienza,
    LinguaConosciuta,
    Operatore,
    Programma,
    StatoDID,
    TestoInformativo,
    TitoloStudio,
    Utente,
)
from orientamento.anagrafica.services.did import cambia_stato_did
from orientamento.anagrafica.services.fascicolo import salva_voce
from orientamento.anagrafica.services.presa_in_carico import prendi_in_carico
from orientamento.anagrafica.services.utente import ConfermaNecessaria, crea_utente
from orientamento.comune.calendario import aggiungi_mesi
from propensioni.services.glossario import cerca_professioni
from propensioni.services.propensione import aggiungi_propensione
from psp.dimostrazione.accessi import crea_accessi
from psp.dimostrazione.persone import EMPOLI, PRATO, persone
from psp.dimostrazione.testi import COMPETENZE, IMPRESE, MESTIERI, NOTE
from psp.dimostrazione.viaggio import avvisa_di_scadenze, manda_curricula
from psp.models import Area, Colloquio, Fase, PattoDiServizio
from psp.services import appuntamento, atto, colloquio, firma, misura, patto, profilazione, revisione

# How far each case goes, and how many of a hundred go so far.
TAPPE = (
    ("fascicolo", 8),
    ("presa_in_carico", 14),
    ("fase_1", 14),
    ("fase_2", 24),
    ("piano", 17),
    ("in_revisione", 5),
    ("rimandato", 4),
    ("proposto", 3),
    ("firmato", 5),
    ("nuovo_patto", 2),
    ("chiuso", 4),
)
ORDINE = [nome for nome, _ in TAPPE]
QUANTE = {"Prato": 180, "Empoli": 120}
# How long ago the cases that are closed began, in turn: their CVs are near the end of the six months, or past it.
GIORNI_DEI_CHIUSI = (160, 178, 187, 170, 182, 205, 165, 180)
# What the pacts that are signed have besides interview and counselling, in turn.
ALTRE_MISURE = ("bilancio-competenze", "scouting", "formazione-riqualificazione")


@transaction.atomic
def carica_casi(adesso: dt.datetime, quante: dict[str, int] | None = None) -> int:
    """Load the offices' logins and the cases, all or nothing; returns how many people. The same cases at every load."""
    accessi = crea_accessi()
    numeri = quante or QUANTE
    cast = {
        "Prato": (PRATO, [accessi["operatore"], accessi["collega"]], accessi["responsabile"]),
        "Empoli": (EMPOLI, [accessi["estraneo"]], accessi["responsabile.empoli"]),
    }
    condotti: list[Caso] = []
    for seme, (centro, (domicili, operatori, responsabile)) in enumerate(cast.items(), start=20):
        caso = random.Random(seme)  # noqa: S311 - invented people need no secrecy
        inventate = persone(numeri[centro], domicili, seme=seme, oggi=timezone.localdate(adesso))
        for posto, dati in enumerate(inventate):
            tappa = _tappa(posto, numeri[centro])
            condotto = Caso(caso, dati, tappa, caso.choice(operatori), responsabile, adesso, posto)
            condotto.conduci()
            condotti.append(condotto)
    manda_curricula([(c.con_curriculum, c.operatore) for c in condotti if c.con_curriculum], adesso=adesso)
    avvisa_di_scadenze({c.operatore for c in condotti}, adesso=adesso)
    return len(condotti)


def _tappa(posto: int, quante: int) -> str:
    """The stages in turn, in the proportions of `TAPPE`, so that a small load has them all too."""
    soglia = posto * 100 / quante
    for nome, parte in TAPPE:
        if soglia < parte:
            return nome
        soglia -= parte
    return ORDINE[-1]


@dataclass
class Caso:
    """One invented person, from the first visit to the stage `tappa`."""

    caso: random.Random
    dati: dict[str, Any]
    tappa: str
    operatore: Operatore
    responsabile: Operatore
    adesso: dt.datetime
    posto: int
    con_curriculum: Utente | None = None

    @cached_property
    def inizio(self) -> dt.datetime:
        """The day of the first visit; the farther the case has come, the longer ago."""
        giorni = ORDINE.index(self.tappa) * 2 + self.caso.randint(0, 12)
        if self.tappa == "chiuso":
            giorni = GIORNI_DEI_CHIUSI[self.posto % len(GIORNI_DEI_CHIUSI)]
        return self.adesso - dt.timedelta(days=giorni, hours=self.caso.randint(1, 5))

    @cached_property
    def mestiere(self) -> tuple[str, str, tuple[int, str], str]:
        return self.caso.choice(MESTIERI)

    def arriva_a(self, tappa: str) -> bool:
        return ORDINE.index(self.tappa) >= ORDINE.index(tappa)

    def conduci(self) -> None:
        """Every step up to the stage of this case."""
        utente = self._fascicolo()
        if not self.arriva_a("presa_in_carico"):
            return
        self._presa_in_carico(utente)
        if not self.arriva_a("fase_1"):
            return
        in_corso = colloquio.apri_colloquio(utente=utente, attore=self.operatore, adesso=self.inizio)
        self._fase_1(in_corso)
        if not self.arriva_a("fase_2"):
            return
        self._fase_2(in_corso, intera=self.arriva_a("piano"))
        if not self.arriva_a("piano"):
            return
        self._patto(self._piano(in_corso), in_corso)

    def _fascicolo(self) -> Utente:
        try:
            utente = crea_utente(dati=self.dati, attore=self.operatore, adesso=self.inizio)
        except ConfermaNecessaria as errore:
            conferme = [avviso.impronta for avviso in errore.avvisi]
            utente = crea_utente(dati=self.dati, attore=self.operatore, adesso=self.inizio, conferme=conferme)
        _, datore, (livello, titolo), _ = self.mestiere
        anno = min(utente.data_nascita.year + 19, self.inizio.year)
        self._voce(utente, TitoloStudio, livello=livello, descrizione=titolo, anno=anno)
        dal = dt.date(min(anno + 1, self.inizio.year - 2), self.caso.randint(1, 12), 1)
        prima = timezone.localdate(self.inizio)
        al = aggiungi_mesi(prima, -self.caso.randint(1, 6)) if self.caso.random() < 0.8 else None
        self._voce(utente, Esperienza, mansione=self.mestiere[0].capitalize(), datore=datore, dal=dal, al=al)
        self._voce(
            utente, LinguaConosciuta, lingua="Italiano", madrelingua=not utente.extra_ue, **self._livelli(utente)
        )
        self._voce(utente, CompetenzaPersonale, genere="trasversale", descrizione=self.caso.choice(COMPETENZE))
        patenti = ["B"] if self.caso.random() < 0.7 else []
        self._voce(utente, AltreInformazioni, patenti=patenti, automunito=bool(patenti), trasferta="provincia")
        return utente

    def _livelli(self, utente: Utente) -> dict[str, str]:
        return {"comprensione": "B1", "parlato": "B1", "scritto": "A2"} if utente.extra_ue else {}

    def _voce(self, utente: Utente, modello: Any, **dati: Any) -> None:
        salva_voce(utente=utente, modello=modello, dati=dati, attore=self.operatore)

    def _presa_in_carico(self, utente: Utente) -> None:
        giorno = timezone.localdate(self.inizio)
        chiave = self.caso.choice(["nessuno", "nessuno", "naspi", "naspi", "adi"])
        prendi_in_carico(
            utente=utente,
            attore=self.operatore,
            informativa=_testo("informativa_privacy", giorno),
            consensi={
                "incontro": "dato" if self.caso.random() < 0.8 else "rifiutato",
                "comunicazioni": "dato" if self.caso.random() < 0.6 else "rifiutato",
            },
            adesso=self.inizio,
            did={
                "data": giorno - dt.timedelta(days=self.caso.randint(0, 6)),
                "programma": Programma.objects.filter(chiave=chiave).latest("valido_dal"),
            },
            soggiorno={
                "tipo": "permesso",
                "numero": f"I{self.caso.randint(10_000_000, 99_999_999)}",
                "scadenza": giorno + dt.timedelta(days=self.caso.randint(20, 500)),
                "ricevuta_rinnovo": False,
            }
            if utente.extra_ue
            else None,
        )

    def _fase_1(self, in_corso: Colloquio) -> None:
        intera = self.arriva_a("fase_2") or self.caso.random() < 0.5
        dati: dict[str, Any] = {"informato_svolgimento": True, "informato_diritti_doveri": True}
        if intera:
            dati |= {
                "aspettative": self.caso.randint(2, 5),
                "aspettative_note": self.caso.choice(NOTE),
                "motivazione": self.caso.randint(2, 5),
            }
        self._salva(in_corso, Fase.INFORMATIVA, dati)
        if intera:
            testo = colloquio.testo_informazioni(timezone.localdate(self.inizio))
            colloquio.completa_fase(
                colloquio=in_corso, fase=1, attore=self.operatore, adesso=self.inizio, informazioni=testo
            )

    def _fase_2(self, in_corso: Colloquio, *, intera: bool) -> None:
        in_corso.refresh_from_db()
        quante = 10 if intera else self.caso.randint(2, 9)
        dati: dict[str, Any] = {}
        for area in Area.values[:quante]:
            dati[colloquio.campo_area(area, "giudizio")] = self.caso.randint(2, 5)
            dati[colloquio.campo_area(area, "note")] = self.caso.choice(NOTE)
        if intera:
            dati |= {"portale": "fatto", "curriculum": "fatto"}
        self._salva(in_corso, Fase.ANALISI, dati)
        for nome, luogo in self.caso.sample(IMPRESE, 2):
            colloquio.aggiungi_impresa(
                colloquio=in_corso,
                dati={"nome": nome, "luogo": luogo, "motivo": "Candidatura con lettera di presentazione"},
                attore=self.operatore,
                adesso=self.inizio,
            )
        self._propensioni(in_corso.utente, self.caso.randint(1, 3) if intera else self.caso.randint(0, 2))
        if intera and (self.caso.random() < 0.8 or self.tappa == "chiuso"):
            self._curriculum(in_corso.utente)
        self._minuti(in_corso)

    def _propensioni(self, utente: Utente, quante: int) -> None:
        altri = [m for m in MESTIERI if m != self.mestiere]
        for mestiere in [self.mestiere, *self.caso.sample(altri, 2)][:quante]:
            professione = cerca_professioni(mestiere[0], limite=1)[0]
            aggiungi_propensione(
                utente=utente,
                dati={
                    "professione": professione,
                    "da_lavoro": True,
                    "da_istruzione": mestiere[2][0] >= 3,
                    "da_formazione": False,
                    "data_intervista": timezone.localdate(self.inizio),
                    "nota": {
                        "sep": professione.sep.nome if professione.sep else "",
                        "competenze": f"Esperienza nel ruolo presso {mestiere[1]}",
                        "durata": str(self.caso.randint(1, 15)),
                        "ultimo_anno": str(self.inizio.year - self.caso.randint(0, 6)),
                        "orari": "Tempo pieno, anche su turni",
                        "spostamenti": "Provincia",
                        "strumenti": mestiere[3],
                    },
                },
                attore=self.operatore,
            )

    def _curriculum(self, utente: Utente) -> None:
        lavoro, datore, (_, titolo), strumenti = self.mestiere
        pdf = pdf_di_prova(f"Curriculum di {utente}", lavoro.capitalize(), datore, titolo, strumenti)
        file = SimpleUploadedFile(f"CV {utente}.pdf", pdf, "application/pdf")
        salva_curriculum(utente=utente, file=file, origine="portato", attore=self.operatore, adesso=self.inizio)
        self.con_curriculum = utente

    def _minuti(self, in_corso: Colloquio) -> None:
        incontro = appuntamento.incontro_di_oggi(colloquio=in_corso, attore=self.operatore, adesso=self.inizio)
        minuti = {f"minuti_{fase}": self.caso.randint(10, 28) for fase in Fase.values}
        appuntamento.dichiara_minuti(incontro=incontro, dati=minuti, attore=self.operatore)

    def _piano(self, in_corso: Colloquio) -> PattoDiServizio:
        bozza = patto.prepara_bozza(colloquio=in_corso, attore=self.operatore, adesso=self.inizio)
        atto.aggiungi_atti_tipici(
            patto=bozza,
            chiavi=["orientamento-incontri", "candidature", "portali", "agenzia-lavoro"],
            attore=self.operatore,
            adesso=self.inizio,
        )
        altra = [ALTRE_MISURE[self.posto % len(ALTRE_MISURE)]] if self.arriva_a("firmato") else []
        misura.aggiungi_misure(
            patto=bozza,
            chiavi=["colloquio-patto", "consulenza-orientativa", *altra],
            ore={"scouting": Decimal(4), "formazione-riqualificazione": Decimal(40)},
            attore=self.operatore,
            adesso=self.inizio,
        )
        if not self.arriva_a("in_revisione"):
            return bozza
        profilazione.registra_profilazione(
            utente=in_corso.utente,
            dati={
                "data": timezone.localdate(self.inizio),
                "metodo": "Profilazione quantitativa del sistema unitario",
                "valore": Decimal(self.caso.randint(2000, 9000)) / 10_000,
                "classe": "",
            },
            attore=self.operatore,
            adesso=self.inizio,
        )
        bozza.refresh_from_db()
        giorno = timezone.localdate(self.inizio)
        patto.salva_impegni(
            patto=bozza,
            dati={
                "responsabile_attivita": self.operatore,
                "frequenza_contatti": "mensile",
                "modo_contatti": "Al centro per l'impiego o per telefono",
                "prova_ricerca": "Elenco delle candidature con data, impresa ed esito, mostrato a ogni contatto",
                "disponibilita_laboratori": "si",
                "disponibilita_formazione": "si",
                "disponibilita_offerte": "si",
                "valido_dal": giorno,
                "valido_al": giorno + dt.timedelta(days=365),
            },
            versione=bozza.versione,
            attore=self.operatore,
        )
        return bozza

    def _patto(self, bozza: PattoDiServizio, in_corso: Colloquio) -> None:
        if not self.arriva_a("in_revisione"):
            return
        dopo = self.inizio + dt.timedelta(hours=1)
        patto.manda_in_revisione(patto=bozza, attore=self.operatore, adesso=dopo)
        if self.tappa == "rimandato":
            commenti = {"piano": "Aggiungere un atto presso un'impresa obiettivo e precisare la prova."}
            revisione.rimanda_patto(patto=bozza, commenti=commenti, attore=self.responsabile, adesso=dopo)
        if not self.arriva_a("proposto"):
            return
        revisione.approva_patto(patto=bozza, attore=self.responsabile, adesso=dopo)
        if not self.arriva_a("firmato"):
            return
        bozza.refresh_from_db()
        copia = SimpleUploadedFile("patto-firmato.pdf", bytes(bozza.pdf or b""), "application/pdf")
        giorno = timezone.localdate(dopo)
        firma.registra_firma(patto=bozza, firmato_il=giorno, scansione=copia, attore=self.operatore, adesso=dopo)
        colloquio.concludi_colloquio(colloquio=in_corso, attore=self.operatore, adesso=dopo)
        if self.tappa == "nuovo_patto":
            patto.nuovo_patto(patto=bozza, attore=self.operatore, adesso=self.adesso)
        if self.tappa == "chiuso":
            patto.chiudi_patto(patto=bozza, motivo="Assunzione", attore=self.operatore, adesso=self.adesso)
            did = DID.objects.get(utente=bozza.utente)
            cambia_stato_did(did=did, stato=StatoDID.CHIUSA, attore=self.operatore, adesso=self.adesso)

    def _salva(self, in_corso: Colloquio, fase: Fase, dati: dict[str, Any]) -> None:
        colloquio.salva_fase(
            colloquio=in_corso,
            fase=fase,
            dati=dati,
            versione=colloquio.versione_di(in_corso, fase),
            attore=self.operatore,
            adesso=self.inizio,
        )


def _testo(genere: str, giorno: dt.date) -> TestoInformativo:
    return TestoInformativo.objects.in_vigore(giorno)[genere]


def pdf_di_prova(titolo: str, *righe: str) -> bytes:
    """A sound PDF of one page with a few lines of text."""
    testo = "".join(f"<p>{escape(riga)}</p>" for riga in righe)
    html = f"<html lang='it'><title>{escape(titolo)}</title><h1>{escape(titolo)}</h1>{testo}</html>"
    uscita = io.BytesIO()
    HTML(string=html).write_pdf(uscita)
    return uscita.getvalue()
