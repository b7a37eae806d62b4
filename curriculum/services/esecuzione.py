"""One row of the queue carried out on the portal: which calls, in which order, and what their answers mean.

No transaction is open here and nothing is written: what is to be written comes back as a `Risultato`.
"""

from __future__ import annotations

import datetime as dt
import logging
import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from celery.exceptions import SoftTimeLimitExceeded
from django.core.files.storage import default_storage
from django.db import Error as ErroreDelDatabase
from django.utils import timezone

from curriculum.models import (
    Curriculum,
    Operazione,
    PosizionePortale,
    StatoRegistrazione,
    StatoTrasferimento,
    Trasferimento,
)
from curriculum.portale.client import Portale
from curriculum.portale.dati import (
    CurriculumDaInviare,
    Preregistrazione,
    Propensione,
    Registrazione,
    StatoCurriculum,
    TitoloDiStudio,
)
from curriculum.portale.errori import (
    ChiaveRiusata,
    CittadinoSconosciuto,
    ErroreDefinitivo,
    ErroreTemporaneo,
    PortaleNonConfigurato,
    PostaDiversa,
    RegistrazioneDaConfermare,
    RegistrazioneRifiutata,
)
from curriculum.services import posizione
from curriculum.services.archivio import archivio_presente
from orientamento.anagrafica.models import TitoloStudio
from orientamento.registro.azioni import Azione
from propensioni.services.lettura import propensioni_di_molti

giornale = logging.getLogger(__name__)
S = StatoTrasferimento
Risposta = TypeVar("Risposta")
CODICE_CORRETTO = "Il codice fiscale è stato corretto."


@dataclass
class Risultato:
    """Where the row goes and why, what was learnt of the places, which lines the register gets.

    `ha_risposto`: True where the portal answered, False where it failed (`guasto`), None where it was not asked.
    `tentativo`: whether the operation itself was tried, as against a look at how it stands.
    `rilascia`: the row was not begun and is due again at once. `arrivato`: the CV has reached the portal, although the
    row is closed for another reason.
    """

    stato: StatoTrasferimento
    motivo: str = ""
    errore: str = ""
    incerto: bool = False
    tentativo: bool = True
    rilascia: bool = False
    arrivato: bool = False
    guasto: ErroreTemporaneo | None = None
    ha_risposto: bool | None = None
    luoghi: dict[str, Any] = field(default_factory=dict)
    azioni: list[tuple[Azione, dict[str, Any]]] = field(default_factory=list)


@dataclass(frozen=True)
class Contorno:
    """What goes with a CV, as firms search on it."""

    propensioni: list[Propensione]
    titoli: list[TitoloDiStudio]


def leggi_i_contorni(righe: Iterable[Trasferimento]) -> dict[int, Contorno]:
    """What goes with the CVs of the sends among `righe`, by citizen, as it is now. Two statements for all of them."""
    utenti = {riga.utente_id for riga in righe if riga.operazione == Operazione.INVIO}
    contorni = {utente: Contorno([], []) for utente in utenti}
    if utenti:
        for utente, trovate in propensioni_di_molti(utenti).items():
            contorni[utente].propensioni.extend(
                Propensione(p["codice"], p["professione"], p["sep"], p["nota_testo"]) for p in trovate
            )
        for titolo in TitoloStudio.objects.filter(utente__in=utenti):
            contorni[titolo.utente_id].titoli.append(TitoloDiStudio(titolo.livello, titolo.descrizione, titolo.anno))
    return contorni


def esegui(riga: Trasferimento, portale: Portale, adesso: dt.datetime, contorno: Contorno | None = None) -> Risultato:
    """Carry out `riga`, read afresh with its citizen and CV. Whatever goes wrong comes back as a result too.

    `contorno` is what goes with the CV; without it it is read here.
    """
    return _Esecuzione(riga, portale, adesso, contorno).esegui()


def stato_in_coda(riga: Trasferimento, *, incerto: bool = False) -> StatoTrasferimento:
    """Where a row that is not ended goes back to. One that has arrived stays there."""
    if riga.stato == S.INVIATO:
        return S.INVIATO
    return S.IN_ATTESA if riga.in_attesa_dal and not incerto else S.DA_INVIARE


class _Esecuzione:
    """What one row has learnt so far, so that an error at a later call does not lose it."""

    def __init__(self, riga: Trasferimento, portale: Portale, adesso: dt.datetime, contorno: Contorno | None) -> None:
        self.riga, self.portale, self.adesso, self.contorno = riga, portale, adesso, contorno
        self.utente = riga.utente
        # Rows made while an older version was still at work have none of their own.
        self.codice_fiscale = riga.codice_fiscale or riga.utente.codice_fiscale
        self.chiave = riga.chiave
        self.luoghi: dict[str, Any] = {}
        self.azioni: list[tuple[Azione, dict[str, Any]]] = []
        self.incerto = riga.esito_incerto
        self.ha_risposto: bool | None = None
        self.scrive = False

    def esegui(self) -> Risultato:
        verbi = {
            Operazione.INVIO: self._invio,
            Operazione.RIMOZIONE: self._rimozione,
            Operazione.SOLLECITO: self._sollecito,
        }
        try:
            return verbi[Operazione(self.riga.operazione)]()
        except ErroreTemporaneo as errore:
            return self._rinvia(errore)
        except ErroreDefinitivo as errore:
            self.ha_risposto = True
            if isinstance(errore, (PostaDiversa, RegistrazioneRifiutata)):
                self.luoghi |= posizione.registrazione_rifiutata(self.adesso)
            if isinstance(errore, CittadinoSconosciuto):
                self.luoghi |= posizione.della_registrazione(None, self.adesso)
            return self._rifiuta(errore.messaggio, errore.codice)
        except (ErroreDelDatabase, SoftTimeLimitExceeded):
            raise
        except Exception:
            # A fault of ours with one row must not keep the others waiting: it goes to the back, and the log says so.
            giornale.exception("Trasferimento %s: errore inatteso", self.riga.pk)
            return self._risultato(self._in_coda(), errore="errore_interno", incerto=self.incerto or self.scrive)

    def _invio(self) -> Risultato:
        if self.riga.stato == S.INVIATO:
            return self._guarda_invio()
        if self.incerto:
            stato = self.portale.stato_curriculum(self.codice_fiscale)
            self.ha_risposto = True
            if stato and self._e_il_nostro(stato):
                return self._arrivato(stato)
            self.incerto = False
        if ferma := self._non_parte_piu():
            return ferma
        if self.riga.in_attesa_dal and not self.riga.esito_incerto and (attesa := self._chiedi_se_confermata()):
            return attesa
        return self._metti()

    def _non_parte_piu(self) -> Risultato | None:
        """What has changed since the row was made (U2, V4): then no call leaves."""
        cv = self.riga.curriculum
        if not self.utente.consenso_incontro:
            return self._annulla("La persona ha ritirato il consenso.")
        if self.codice_fiscale != self.utente.codice_fiscale:
            return self._annulla(CODICE_CORRETTO)
        if cv is None or cv.stato == Curriculum.Stato.CANCELLATO:
            return self._annulla("Il curriculum è stato cancellato.")
        if cv.stato != Curriculum.Stato.ATTUALE:
            return self._annulla("Sostituito da un curriculum più recente.")
        if cv.obsoleto_al(timezone.localdate(self.adesso)):
            return self._rifiuta(
                f"Il curriculum è scaduto mentre era in coda: valeva fino al {cv.valido_fino_al:%d/%m/%Y}. "
                "Caricarne uno aggiornato e ripetere il trasferimento.",
                "scaduto_in_coda",
            )
        return None

    def _metti(self, *, dopo_la_registrazione: bool = False) -> Risultato:
        try:
            curriculum = self._da_inviare()
        except FileNotFoundError:
            if not archivio_presente():
                giornale.error("L'archivio dei documenti non si trova: i curriculum aspettano.")
                return self._risultato(self._in_coda(), errore="archivio_assente", incerto=self.incerto)
            return self._rifiuta(
                "Il file del curriculum non si trova nell'archivio: caricarlo di nuovo e ripetere il trasferimento.",
                "file_mancante",
            )
        try:
            stato = self._scrivi(
                lambda: self.portale.metti_curriculum(self.codice_fiscale, curriculum, chiave=self.chiave)
            )
        except CittadinoSconosciuto:
            if dopo_la_registrazione:
                return self._risultato(self._in_coda(), errore="cittadino_sconosciuto")
            self.luoghi |= posizione.della_registrazione(None, self.adesso)
            return self._preregistra()
        except RegistrazioneDaConfermare:
            if dopo_la_registrazione or self.riga.in_attesa_dal:
                self._senti(self.portale.cerca(self.codice_fiscale))
                return self._aspetta()
            # Asked anew: where the contacts have been corrected the message goes to the right ones.
            return self._preregistra(gia_nota=True)
        except ChiaveRiusata:
            # It came, with data that have been edited since: what counts is that it is there.
            trovato = self.portale.stato_curriculum(self.codice_fiscale)
            if trovato and self._e_il_nostro(trovato):
                return self._arrivato(trovato)
            raise
        return self._arrivato(stato)

    def _preregistra(self, *, gia_nota: bool = False) -> Risultato:
        dati = Preregistrazione(
            cognome=self.utente.cognome,
            nome=self.utente.nome,
            data_nascita=self.utente.data_nascita,
            posta=self.utente.email,
            cellulare=self.utente.cellulare,
        )
        # Other contacts are another request: with the same key the portal would refuse them.
        chiave = uuid.uuid5(self.chiave, repr(dati))
        registrazione = self.portale.preregistra(self.codice_fiscale, dati, chiave=chiave)
        self._senti(registrazione, appena_mandato=not gia_nota)
        if registrazione.stato == "confermata":
            return self._metti(dopo_la_registrazione=True)
        self.azioni.append((Azione.PREREGISTRATO, {"canale": registrazione.canale or ""}))
        return self._aspetta()

    def _chiedi_se_confermata(self) -> Risultato | None:
        registrazione = self.portale.cerca(self.codice_fiscale)
        self._senti(registrazione)
        if registrazione is None or registrazione.stato == "confermata":
            return None
        attesa = self._aspetta()
        attesa.tentativo = False
        return attesa

    def _guarda_invio(self) -> Risultato:
        """Arrived, not yet published: how does it stand?"""
        stato = self.portale.stato_curriculum(self.codice_fiscale)
        self.ha_risposto = True
        if stato is None or not (self._e_il_nostro(stato) or stato.cancellato_dal_cittadino):
            self.luoghi |= posizione.del_curriculum(stato, self.adesso, None)
            if stato is None or stato.stato == "assente":
                return self._rifiuta(
                    "Il curriculum era arrivato, ma sul portale non c'è più: ripetere il trasferimento.", "sparito"
                )
            self.luoghi["curriculum"] = None
            return self._annulla("Sul portale c'è un altro curriculum.")
        risultato = self._arrivato(stato)
        risultato.tentativo = False
        return risultato

    def _arrivato(self, stato: StatoCurriculum) -> Risultato:
        self.incerto = False
        self.luoghi |= posizione.registrazione_confermata(self.adesso)
        self.luoghi |= posizione.del_curriculum(stato, self.adesso, self.riga.curriculum)
        if stato.cancellato_dal_cittadino:
            return self._annulla("La persona ha cancellato il curriculum dal portale.")
        if stato.stato == "pubblicato" and stato.intuition == "presente":
            self.azioni.append((Azione.TRASFERIMENTO_CONFERMATO, {"curriculum": self.riga.curriculum_id}))
            return self._risultato(S.CONFERMATO)
        if self.riga.stato != S.INVIATO:
            self.azioni.append((Azione.TRASFERIMENTO_INVIATO, {"curriculum": self.riga.curriculum_id}))
        return self._risultato(S.INVIATO)

    def _rimozione(self) -> Risultato:
        if self.riga.stato == S.INVIATO:
            stato = self.portale.stato_curriculum(self.codice_fiscale)
            self.ha_risposto = True
            arrivati_dopo = Trasferimento.objects.filter(
                utente=self.utente,
                operazione=Operazione.INVIO,
                codice_fiscale=self.riga.codice_fiscale,
                pk__gt=self.riga.pk,
                inviato_il__isnull=False,
            )
            if stato and stato.intuition in ("presente", "in_inserimento") and not arrivati_dopo.exists():
                # Something came after our removal. The same key would only repeat its answer: this is another request.
                stato = self._togli(uuid.uuid5(self.chiave, f"{stato.chiave} {stato.sha256} {stato.ricevuto_il}"))
            elif stato and stato.intuition != "assente" and arrivati_dopo.exists():
                return self._rimossa()
        else:
            stato = self._togli(self.chiave)
        self.luoghi |= posizione.del_curriculum(stato, self.adesso, None)
        if stato is None or stato.intuition == "assente":
            return self._rimossa()
        return self._risultato(S.INVIATO)

    def _togli(self, chiave: uuid.UUID) -> StatoCurriculum:
        return self._scrivi(lambda: self.portale.togli_da_intuition(self.codice_fiscale, chiave=chiave))

    def _rimossa(self) -> Risultato:
        self.azioni.append((Azione.RIMOZIONE_CONFERMATA, {}))
        return self._risultato(S.CONFERMATO)

    def _sollecito(self) -> Risultato:
        if not self.utente.consenso_incontro:
            return self._annulla("La persona ha ritirato il consenso.")
        if self.codice_fiscale != self.utente.codice_fiscale:
            return self._annulla(CODICE_CORRETTO)
        prima = PosizionePortale.objects.filter(utente=self.utente).first() or PosizionePortale()
        if self.incerto:
            trovata = self.portale.cerca(self.codice_fiscale)
            self._senti(trovata)
            partito = trovata and (trovata.stato == "confermata" or trovata.messaggi > prima.messaggi)
            if partito:
                return self._mandato()
        mandata = self._scrivi(lambda: self.portale.rimanda_conferma(self.codice_fiscale, chiave=self.chiave))
        self._senti(mandata, appena_mandato=True, prima=prima.messaggi)
        return self._mandato()

    def _mandato(self) -> Risultato:
        self.incerto = False
        if self.luoghi.get("registrazione") == StatoRegistrazione.DA_CONFERMARE:
            self.azioni.append((Azione.SOLLECITO_MANDATO, {}))
        return self._risultato(S.CONFERMATO)

    def _senti(self, trovata: Registrazione | None, *, appena_mandato: bool = False, prima: int = 0) -> None:
        """Keep what was heard; a portal that does not count its messages has them counted here."""
        self.ha_risposto = True
        self.luoghi |= posizione.della_registrazione(trovata, self.adesso)
        if appena_mandato and trovata and trovata.stato == "da_confermare":
            self.luoghi["messaggi"] = max(trovata.messaggi, prima + 1)
            self.luoghi["ultimo_messaggio_il"] = trovata.ultimo_messaggio_il or self.adesso

    def _e_il_nostro(self, stato: StatoCurriculum) -> bool:
        """Whether the CV there came with this row; by content where the portal keeps no keys."""
        if stato.chiave:
            return stato.chiave == self.riga.chiave
        return bool(self.riga.curriculum and stato.sha256 == self.riga.curriculum.sha256)

    def _da_inviare(self) -> CurriculumDaInviare:
        """The file and what firms search on, as they are now. Raises FileNotFoundError."""
        cv = self.riga.curriculum
        if cv is None or not cv.file.name:
            raise FileNotFoundError
        with default_storage.open(cv.file.name) as file:
            contenuto = file.read()
        contorno = self.contorno or leggi_i_contorni([self.riga])[self.riga.utente_id]
        return CurriculumDaInviare(contenuto, cv.sha256, cv.caricato_il, contorno.propensioni, contorno.titoli)

    def _scrivi(self, chiamata: Callable[[], Risposta]) -> Risposta:
        """A call that changes something: until it answers nobody knows whether it did."""
        self.scrive = True
        try:
            risposta = chiamata()
        except ErroreDefinitivo:
            self.scrive, self.incerto, self.ha_risposto = False, False, True
            raise
        self.scrive, self.incerto, self.ha_risposto = False, False, True
        return risposta

    def _in_coda(self) -> StatoTrasferimento:
        return stato_in_coda(self.riga, incerto=self.incerto)

    def _rinvia(self, errore: ErroreTemporaneo) -> Risultato:
        if self.scrive and errore.incerto:
            self.incerto = True
            if self.riga.operazione == Operazione.INVIO:
                self.luoghi |= posizione.invio_senza_risposta(self.riga.curriculum, self.adesso)
            elif self.riga.operazione == Operazione.RIMOZIONE:
                self.luoghi |= posizione.rimozione_senza_risposta(self.adesso)
        if isinstance(errore, PortaleNonConfigurato):
            return self._risultato(self._in_coda(), errore=errore.codice, incerto=self.incerto, tentativo=False)
        risultato = self._risultato(self._in_coda(), errore=errore.codice, incerto=self.incerto)
        risultato.guasto, risultato.ha_risposto = errore, False
        return risultato

    def _aspetta(self) -> Risultato:
        return self._risultato(S.IN_ATTESA)

    def _annulla(self, motivo: str) -> Risultato:
        self.azioni.append((Azione.TRASFERIMENTO_ANNULLATO, {"operazione": self.riga.operazione}))
        return self._risultato(S.ANNULLATO, motivo=motivo, incerto=self.incerto, tentativo=False)

    def _rifiuta(self, motivo: str, codice: str) -> Risultato:
        dettaglio = {"operazione": self.riga.operazione, "errore": codice}
        self.azioni.append((Azione.TRASFERIMENTO_RIFIUTATO, dettaglio))
        return self._risultato(S.RIFIUTATO, motivo=motivo, errore=codice, incerto=self.incerto)

    def _risultato(self, stato: StatoTrasferimento, **altro: Any) -> Risultato:
        return Risultato(stato, luoghi=self.luoghi, azioni=self.azioni, ha_risposto=self.ha_risposto, **altro)
