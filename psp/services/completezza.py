"""What a pact still lacks before it may be proposed for signature: one table (T1).

The page lists it as the check of art. 20, the verbs refuse on it. Each missing thing is said in words and linked to
the field that mends it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from django.urls import reverse
from django.utils import timezone

from orientamento.anagrafica.models import DID, Operatore, PresaInCarico, Ruolo, Utente
from orientamento.comune.calendario import oggi
from orientamento.comune.mancanze import Mancanza
from psp.models import AttoRicerca, Fase, Misura, PattoDiServizio, Profilazione
from psp.services.attivita import carico
from psp.services.completezza_colloquio import indirizzo_fase, mancanze_colloquio

ORDINALI = ("1º", "2º", "3º", "4º", "5º", "6º", "7º", "8º", "9º", "10º")


@dataclass
class Esame:
    """A pact under the check. What costs a query is read once, and only when a rule asks for it."""

    patto: PattoDiServizio
    oggi: dt.date

    @cached_property
    def atti(self) -> list[AttoRicerca]:
        return list(self.patto.atti.all())

    @cached_property
    def misure(self) -> list[Misura]:
        return list(self.patto.misure.select_related("servizio"))

    @cached_property
    def profilazione(self) -> bool:
        return Profilazione.objects.filter(utente_id=self.patto.utente_id).exists()

    @cached_property
    def in_carico(self) -> bool:
        return PresaInCarico.objects.aperte().filter(utente_id=self.patto.utente_id).exists()

    @cached_property
    def colloquio(self) -> list[Mancanza]:
        """What phases 1 and 2 lack, propensioni included."""
        return mancanze_colloquio(self.patto.colloquio, (Fase.INFORMATIVA, Fase.ANALISI))

    def manca(self, chiave: str, testo: str, ancora: str) -> Mancanza:
        return Mancanza(chiave, testo, indirizzo_fase(self.patto.colloquio, Fase.DEFINIZIONE, ancora))


@dataclass(frozen=True)
class Regola:
    """One line of the check: what it asks for, what of it is missing, the section of the page where it is done."""

    chiave: str
    titolo: str
    mancanze: Callable[[Esame], list[Mancanza]]
    sezione: str = ""


@dataclass(frozen=True)
class Esito:
    """One line of the check as it stands."""

    chiave: str
    titolo: str
    sezione: str = ""
    mancanze: list[Mancanza] = field(default_factory=list)

    @property
    def fatto(self) -> bool:
        return not self.mancanze


def _campo(nome: str, testo: str, ancora: str = "") -> Callable[[Esame], list[Mancanza]]:
    """A field of the commitments that may not stay empty."""

    def manca(esame: Esame) -> list[Mancanza]:
        valore = getattr(esame.patto, nome)
        vuoto = valore is None or (isinstance(valore, str) and not valore.strip())
        return [esame.manca(nome, testo, ancora or f"id_{nome}")] if vuoto else []

    return manca


def _presa_in_carico(esame: Esame) -> list[Mancanza]:
    url = reverse("anagrafica:presa_in_carico", args=[esame.patto.utente_id])
    return [] if esame.in_carico else [Mancanza("presa_in_carico", "Prendere in carico la persona", url)]


def _fasi(esame: Esame) -> list[Mancanza]:
    return [m for m in esame.colloquio if m.chiave != "propensioni"]


def _propensioni(esame: Esame) -> list[Mancanza]:
    return [m for m in esame.colloquio if m.chiave == "propensioni"]


def _profilo(esame: Esame) -> list[Mancanza]:
    testo = "Registrare la profilazione quantitativa"
    return [] if esame.profilazione else [esame.manca("profilazione", testo, "id_profilazione-valore")]


def _atti(esame: Esame) -> list[Mancanza]:
    if not esame.atti:
        return [esame.manca("atti", "Aggiungere almeno un atto di ricerca attiva", "id_tipico_1")]
    return [m for posto, atto in enumerate(esame.atti) for m in mancanze_atto(esame, atto, posto)]


def mancanze_atto(esame: Esame, atto: AttoRicerca, posto: int) -> list[Mancanza]:
    """The timing and the proof of one act; a term that has passed is no timing."""
    nome = ORDINALI[posto] if posto < len(ORDINALI) else f"{posto + 1}º"
    mancanze = []
    if not atto.con_termine:
        testo = f"Indicare entro quando o ogni quanto si svolge il {nome} atto"
        mancanze.append(esame.manca(f"atto_{atto.pk}_termine", testo, f"id_atto-{atto.pk}-entro_il"))
    elif atto.entro_il and not atto.frequenza and atto.entro_il < esame.oggi:
        testo = f"Aggiornare la scadenza del {nome} atto, che è passata"
        mancanze.append(esame.manca(f"atto_{atto.pk}_termine", testo, f"id_atto-{atto.pk}-entro_il"))
    if not atto.prova.strip():
        testo = f"Indicare come si dimostra il {nome} atto"
        mancanze.append(esame.manca(f"atto_{atto.pk}_prova", testo, f"id_atto-{atto.pk}-prova"))
    return mancanze


def _misure(esame: Esame) -> list[Mancanza]:
    mancanze = []
    for misura in esame.misure:
        campo = fuori_dalla_durata(misura, esame.patto)
        if campo and misura.stato != Misura.Stato.RIFIUTATA:
            testo = f"Riportare dentro la durata del patto la misura «{misura.servizio}»"
            mancanze.append(esame.manca(f"misura_{misura.pk}_date", testo, f"id_misura-{misura.pk}-{campo}"))
    return mancanze


def puo_rispondere(operatore: Operatore, utente: Utente) -> bool:
    """Whether `operatore` may be the *responsabile delle attività* of a pact of `utente`."""
    return (
        operatore.is_active
        and operatore.cpi_id == utente.cpi_id
        and operatore.ruolo in (Ruolo.OPERATORE, Ruolo.RESPONSABILE)
    )


def _responsabile(esame: Esame) -> list[Mancanza]:
    """Named, and still of the office that follows the person: the file may have passed to another one meanwhile."""
    nominato, ancora = esame.patto.responsabile_attivita, "id_responsabile_attivita"
    if nominato is None:
        return [esame.manca("responsabile_attivita_id", "Nominare il responsabile delle attività", ancora)]
    if puo_rispondere(nominato, esame.patto.utente):
        return []
    testo = f"Nominare un altro responsabile delle attività: {nominato} non lavora più in questo centro"
    return [esame.manca("responsabile_attivita_id", testo, ancora)]


def _disponibilita(esame: Esame) -> list[Mancanza]:
    nomi = {
        "disponibilita_laboratori": "Chiedere la disponibilità a iniziative e laboratori",
        "disponibilita_formazione": "Chiedere la disponibilità alla formazione e riqualificazione",
        "disponibilita_offerte": "Chiedere la disponibilità ad accettare offerte congrue",
    }
    return [m for nome, testo in nomi.items() for m in _campo(nome, testo, f"id_{nome}_0")(esame)]


def _durata(esame: Esame) -> list[Mancanza]:
    mancanze = _campo("valido_dal", "Scrivere da quando vale il patto")(esame)
    mancanze += _campo("valido_al", "Scrivere fino a quando vale il patto")(esame)
    if not mancanze and esame.patto.valido_al and esame.patto.valido_al < esame.oggi:
        mancanze.append(esame.manca("valido_al", "Spostare la fine del patto, che è già passata", "id_valido_al"))
    return mancanze


REGOLE: tuple[Regola, ...] = (
    Regola("presa_in_carico", "Persona presa in carico", _presa_in_carico),
    Regola("fasi", "Fasi 1 e 2 del colloquio complete", _fasi),
    Regola("propensioni", "Almeno una propensione", _propensioni),
    Regola("profilo", "Profilo della persona", _profilo, "profilo"),
    Regola("atti", "Atti di ricerca attiva, con termine e prova", _atti, "piano"),
    Regola("misure", "Misure dentro la durata del patto", _misure, "misure"),
    Regola("responsabile", "Responsabile delle attività", _responsabile, "impegni"),
    Regola(
        "frequenza",
        "Frequenza ordinaria dei contatti",
        _campo("frequenza_contatti", "Scegliere la frequenza ordinaria dei contatti"),
        "impegni",
    ),
    Regola(
        "prova",
        "Come si dimostra la ricerca attiva",
        _campo("prova_ricerca", "Scrivere come si dimostra la ricerca attiva"),
        "impegni",
    ),
    Regola("disponibilita", "Le tre disponibilità dichiarate", _disponibilita, "impegni"),
    Regola("durata", "Durata del patto", _durata, "impegni"),
)


def controllo(patto: PattoDiServizio, adesso: dt.datetime, esame: Esame | None = None) -> list[Esito]:
    """Every line of the check, done or not, in the order in which the work is done. `esame`: what is read already."""
    esame = esame or Esame(patto, timezone.localdate(adesso))
    return [Esito(regola.chiave, regola.titolo, regola.sezione, regola.mancanze(esame)) for regola in REGOLE]


def mancanze_patto(patto: PattoDiServizio, adesso: dt.datetime) -> list[Mancanza]:
    """What the pact still lacks. Empty: it may be sent to review and proposed (T1)."""
    return [mancanza for esito in controllo(patto, adesso) for mancanza in esito.mancanze]


def avvertenze_patto(patto: PattoDiServizio, esame: Esame | None = None) -> list[Mancanza]:
    """What is worth a look and does not stop the pact. `esame`: what is read already."""
    esame = esame or Esame(patto, oggi())
    avvertenze = []
    if DID.objects.di(patto.utente) is None:
        url = reverse("anagrafica:presa_in_carico", args=[patto.utente_id])
        avvertenze.append(Mancanza("did", "Non c'è una DID in corso: il patto uscirà senza la sua data", url))
    avvertenze += _solo_proposte(esame)
    piano = indirizzo_fase(patto.colloquio, Fase.DEFINIZIONE, "sezione-piano")
    avvisi = carico(esame.atti, esame.misure).avvisi
    return avvertenze + [Mancanza("carico", avviso.removesuffix("."), piano) for avviso in avvisi]


def _solo_proposte(esame: Esame) -> list[Mancanza]:
    """Measures that nobody has agreed: signed like this they could only wait for another pact (M3, T2)."""
    proposte = [m for m in esame.misure if m.stato == Misura.Stato.PROPOSTA]
    if not proposte:
        return []
    prima = proposte[0]
    campo = "ore_previste" if prima.ore_previste is None else "stato"
    testo = f"{len(proposte)} misure sono solo proposte: dopo la firma non si possono avviare"
    if len(proposte) == 1:
        testo = f"La misura «{prima.servizio}» è solo proposta: dopo la firma non si può avviare"
    return [esame.manca("proposte", testo, f"id_misura-{prima.pk}-{campo}")]


def fuori_dalla_durata(misura: Misura, patto: PattoDiServizio) -> str:
    """The field of `misura` whose planned date lies outside the validity of the pact, or the empty text (M3)."""
    for campo in ("inizio_previsto", "fine_prevista"):
        giorno: dt.date | None = getattr(misura, campo)
        if giorno is None:
            continue
        if (patto.valido_dal and giorno < patto.valido_dal) or (patto.valido_al and giorno > patto.valido_al):
            return campo
    return ""
