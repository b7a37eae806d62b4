"""The client of the portal: the six operations of `contratto.yaml`, and the one object of the process that makes them.

Nothing else in the project speaks HTTP to the portal. Every refusal, fault and silence comes out as an error of
`errori`; no line of the log and no exception's text holds a codice fiscale.
"""

from __future__ import annotations

import json
import logging
import os
import re
import ssl
import threading
import time
import uuid
import weakref
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import httpcore
import httpx
from django.conf import settings

from curriculum.portale import errori
from curriculum.portale.dati import (
    CurriculumDaInviare,
    FuoriContratto,
    Preregistrazione,
    Registrazione,
    StatoCurriculum,
)
from curriculum.portale.gettone import Gettoni
from curriculum.portale.rete import Rete, RispostaIllegibile, entro

ATTESE_PER_OPERAZIONE = 3  # a whole operation, token included, takes at most so many PORTALE_TEMPO

_CODICE_FISCALE = re.compile(
    r"[A-Z]{6}[0-9LMNPQRSTUV]{2}[A-EHLMPRST][0-9LMNPQRSTUV]{2}[A-Z][0-9LMNPQRSTUV]{3}[A-Z]|[0-9]{11}"
)

Letto = TypeVar("Letto")

_registro = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Operazione:
    """One operation of the contract: where, which answers say yes, and which codes say no."""

    nome: str
    metodo: str
    percorso: str
    riusciti: frozenset[int]
    rifiuti: frozenset[str]


def _operazione(nome: str, metodo: str, percorso: str, riusciti: set[int], *rifiuti: str) -> _Operazione:
    return _Operazione(nome, metodo, percorso, frozenset(riusciti), frozenset({"richiesta_non_valida", *rifiuti}))


_REGISTRAZIONE, _CURRICULUM = "/v2/registrazione", "/v2/curriculum"
CERCA = _operazione("cerca", "GET", _REGISTRAZIONE, {200}, "cittadino_sconosciuto")
PREREGISTRA = _operazione(
    "preregistra", "PUT", _REGISTRAZIONE, {200, 201}, "posta_diversa", "registrazione_rifiutata", "chiave_riusata"
)
RIMANDA = _operazione(
    "rimanda_conferma", "POST", _REGISTRAZIONE + "/messaggi", {200}, "cittadino_sconosciuto", "chiave_riusata"
)
METTI = _operazione(
    "metti_curriculum",
    "PUT",
    _CURRICULUM,
    {200, 201},
    "cittadino_sconosciuto",
    "registrazione_da_confermare",
    "chiave_riusata",
    "file_troppo_grande",
    "file_rifiutato",
    "impronta_diversa",
)
STATO = _operazione("stato_curriculum", "GET", _CURRICULUM, {200}, "cittadino_sconosciuto")
TOGLI = _operazione("togli_da_intuition", "DELETE", "/v2/intuition", {200}, "chiave_riusata")

# Which refusal each code means, and the one status it comes with.
_RIFIUTI: dict[str, tuple[int, type[errori.ErroreDefinitivo]]] = {
    "richiesta_non_valida": (400, errori.RichiestaNonValida),
    "cittadino_sconosciuto": (404, errori.CittadinoSconosciuto),
    "registrazione_da_confermare": (409, errori.RegistrazioneDaConfermare),
    "posta_diversa": (409, errori.PostaDiversa),
    "chiave_riusata": (409, errori.ChiaveRiusata),
    "file_troppo_grande": (413, errori.ContenutoRifiutato),
    "registrazione_rifiutata": (422, errori.RegistrazioneRifiutata),
    "file_rifiutato": (422, errori.ContenutoRifiutato),
    "impronta_diversa": (422, errori.ContenutoRifiutato),
}


class Portale:
    """The portal, as one application sees it. Safe between threads; a forked child starts with connections of its own.

    `tempo`: seconds to wait for one answer (`PORTALE_TEMPO`). Every operation raises `ErroreTemporaneo` or
    `ErroreDefinitivo`, and nothing else. `codice_fiscale` in capitals. `chiave`: the same at every attempt.
    """

    def __init__(self, *, url: str, cliente: str, segreto: str, tempo: float = 10.0) -> None:
        self._base = url.rstrip("/")
        self._cliente, self._segreto = cliente, segreto
        self._tempo = tempo
        attesa_breve = min(5.0, tempo)
        self._tempi = {"connect": attesa_breve, "read": tempo, "write": tempo, "pool": attesa_breve}
        self._certificati = ssl.create_default_context() if url.startswith("https:") else None
        self.ricomincia()
        _vivi.add(self)

    @property
    def configurato(self) -> bool:
        """Whether there is a portal to speak to."""
        return bool(self._base and self._cliente and self._segreto)

    @property
    def tempo_massimo(self) -> float:
        """The seconds after which any operation is over, however the portal behaves. A claim must last longer."""
        return self._tempo * ATTESE_PER_OPERAZIONE

    def cerca(self, codice_fiscale: str) -> Registrazione | None:
        """The citizen's registration, or None where the portal does not know them."""
        try:
            return self._fai(CERCA, codice_fiscale, Registrazione.letta)
        except errori.CittadinoSconosciuto:
            return None

    def preregistra(self, codice_fiscale: str, dati: Preregistrazione, *, chiave: uuid.UUID) -> Registrazione:
        """Pre-register the citizen, who gets a message to confirm (V2). Who is there already stays as they are.

        Also raises PostaDiversa and RegistrazioneRifiutata.
        """
        return self._fai(PREREGISTRA, codice_fiscale, Registrazione.letta, chiave, "application/json", dati.corpo())

    def rimanda_conferma(self, codice_fiscale: str, *, chiave: uuid.UUID) -> Registrazione:
        """Have the message sent again. Also raises CittadinoSconosciuto."""
        return self._fai(RIMANDA, codice_fiscale, Registrazione.letta, chiave)

    def metti_curriculum(
        self, codice_fiscale: str, curriculum: CurriculumDaInviare, *, chiave: uuid.UUID
    ) -> StatoCurriculum:
        """Put the CV in the citizen's profile, from where it goes to Intuition (V2, V3).

        Also raises CittadinoSconosciuto, RegistrazioneDaConfermare and ContenutoRifiutato.
        """
        return self._fai(METTI, codice_fiscale, StatoCurriculum.letto, chiave, *curriculum.corpo())

    def stato_curriculum(self, codice_fiscale: str) -> StatoCurriculum | None:
        """What the portal holds and Intuition shows, or None where the portal does not know the citizen."""
        try:
            return self._fai(STATO, codice_fiscale, StatoCurriculum.letto)
        except errori.CittadinoSconosciuto:
            return None

    def togli_da_intuition(self, codice_fiscale: str, *, chiave: uuid.UUID) -> StatoCurriculum:
        """Take the CV out of Intuition (V5). Who is not there gives the same outcome."""
        return self._fai(TOGLI, codice_fiscale, StatoCurriculum.letto, chiave)

    def chiudi(self) -> None:
        """Close the connections. The object may be used again: it opens new ones."""
        self._rete.close()
        self.ricomincia()

    def ricomincia(self) -> None:
        """Forget connections, token and locks, and leave them as they are: after a fork they belong to the parent."""
        self._rete = Rete(self._certificati)
        self._gettoni = Gettoni(self._manda, f"{self._base}/oauth/token", self._cliente, self._segreto)

    def _fai(
        self,
        operazione: _Operazione,
        codice_fiscale: str,
        leggi: Callable[[Mapping[str, Any]], Letto],
        chiave: uuid.UUID | None = None,
        tipo: str = "",
        corpo: bytes = b"",
    ) -> Letto:
        """Make one operation within its time and read its answer. Raises the errors of `errori` only."""
        if not self.configurato:
            raise errori.PortaleNonConfigurato
        if not _CODICE_FISCALE.fullmatch(codice_fiscale):
            raise errori.RichiestaNonValida("codice_fiscale")
        indirizzo = self._base + operazione.percorso
        intestazioni = {"Accept": "application/json, application/problem+json", "Codice-Fiscale": codice_fiscale}
        if chiave is not None:
            intestazioni["Idempotency-Key"] = str(chiave)
        if tipo:
            intestazioni["Content-Type"] = tipo
        inizio = time.monotonic()
        try:
            with entro(self.tempo_massimo):
                intestazioni["Authorization"] = gettone = self._gettoni.valido()
                risposta = self._manda(operazione.metodo, indirizzo, intestazioni, corpo)
                if risposta.status_code == 401:
                    intestazioni["Authorization"] = self._gettoni.valido(scartato=gettone)
                    risposta = self._manda(operazione.metodo, indirizzo, intestazioni, corpo)
            return leggi(_esito(operazione, risposta))
        except FuoriContratto as errore:
            _registro.warning("%s: answer outside the contract (%s)", operazione.nome, errore)
            raise errori.ErroreTemporaneo("risposta_non_valida", incerto=True) from None
        except errori.ErrorePortale as errore:
            livello = logging.WARNING if isinstance(errore, errori.ErroreTemporaneo) else logging.INFO
            _registro.log(livello, "%s: %s (%.1f s)", operazione.nome, errore.codice, time.monotonic() - inizio)
            raise

    def _manda(self, metodo: str, indirizzo: str, intestazioni: dict[str, str], corpo: bytes) -> httpx.Response:
        """One request, one answer read whole. The errors of the network say whether the request may have arrived."""
        domanda = httpx.Request(
            metodo,
            indirizzo,
            headers={"User-Agent": "Orientamento", "Accept-Encoding": "identity", **intestazioni},
            content=corpo or None,
            extensions={"timeout": self._tempi},
        )
        try:
            # Not through httpx.Client: it would log addresses, keep cookies and look at redirects.
            return self._rete.handle_request(domanda)
        except (httpcore.ConnectError, httpcore.ConnectTimeout, httpcore.PoolTimeout) as errore:
            certificato = isinstance(errore.__context__, ssl.SSLCertVerificationError)
            raise errori.ErroreTemporaneo("certificato" if certificato else "non_raggiungibile") from None
        except httpcore.WriteTimeout:
            raise errori.ErroreTemporaneo("invio_lento") from None
        except httpcore.ReadTimeout:
            raise errori.ErroreTemporaneo("tempo_scaduto", incerto=True) from None
        except (httpcore.NetworkError, httpcore.RemoteProtocolError):
            raise errori.ErroreTemporaneo("interrotto", incerto=True) from None
        except (RispostaIllegibile, httpcore.ProtocolError, ValueError):
            raise errori.ErroreTemporaneo("risposta_non_valida", incerto=True) from None


def _esito(operazione: _Operazione, risposta: httpx.Response) -> dict[str, Any]:
    """The data of an answer that says yes; else the error it means, or FuoriContratto."""
    stato = risposta.status_code
    if stato in operazione.riusciti:
        return _oggetto(risposta, "application/json")
    if stato == 401:
        raise errori.CredenzialiRifiutate
    if stato == 429:
        raise errori.ErroreTemporaneo("troppe_richieste", riprova_tra=errori.attesa_chiesta(risposta.headers))
    if stato >= 500:
        genere = "non_disponibile" if stato in (502, 503, 504) else "guasto"
        raise errori.ErroreTemporaneo(genere, riprova_tra=errori.attesa_chiesta(risposta.headers), incerto=True)
    if stato == 413 and "file_troppo_grande" in operazione.rifiuti:
        raise errori.ContenutoRifiutato("file_troppo_grande")  # a server in front of the portal says it in its own way
    problema = _oggetto(risposta, "application/problem+json")
    codice: Any = problema.get("codice")
    if not isinstance(codice, str) or codice not in operazione.rifiuti or _RIFIUTI[codice][0] != stato:
        raise FuoriContratto(f"status {stato}")
    if not isinstance(problema.get("status"), int | float):
        raise FuoriContratto("status")
    raise _RIFIUTI[codice][1].del_portale(codice, problema.get("detail"))


def _oggetto(risposta: httpx.Response, tipo: str) -> dict[str, Any]:
    """The JSON object of the answer, or FuoriContratto."""
    if risposta.headers.get("content-type", "").partition(";")[0].strip().lower() != tipo:
        raise FuoriContratto(f"status {risposta.status_code}, content type")
    try:
        dati = json.loads(risposta.content.decode("utf-8"))
    except (ValueError, RecursionError):
        raise FuoriContratto(f"status {risposta.status_code}, JSON") from None
    if not isinstance(dati, dict):
        raise FuoriContratto(f"status {risposta.status_code}, JSON")
    return dati


_vivi: weakref.WeakSet[Portale] = weakref.WeakSet()
_scelta_unica = threading.Lock()
_unico: tuple[tuple[Any, ...], Portale] | None = None


def portale() -> Portale:
    """The portal of this process, kept between calls; another one where the settings have changed (tests)."""
    global _unico
    scelte = (settings.PORTALE_URL, settings.PORTALE_CLIENTE, settings.PORTALE_SEGRETO, settings.PORTALE_TEMPO)
    unico = _unico
    if unico is not None and unico[0] == scelte:
        return unico[1]
    with _scelta_unica:
        if _unico is None or _unico[0] != scelte:
            url, cliente, segreto, tempo = scelte
            _unico = (scelte, Portale(url=url, cliente=cliente, segreto=segreto, tempo=tempo))
        return _unico[1]


def _dopo_la_biforcazione() -> None:
    """A forked child (Celery, gunicorn) shares no connection and no lock with its parent."""
    global _scelta_unica
    _scelta_unica = threading.Lock()
    for uno in list(_vivi):
        uno.ricomincia()


os.register_at_fork(after_in_child=_dopo_la_biforcazione)
