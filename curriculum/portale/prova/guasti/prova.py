"""The run itself: services of its own, two workers, two schedulers, faults on the portal, and things killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import redis

from curriculum.portale.prova.guasti.conto import Conto, avanzamento, conta
from orientamento.avvio.comandi import ambiente_dei_figli, uno_alla_volta
from orientamento.avvio.insieme import Insieme, prima_porta_libera
from orientamento.avvio.luoghi import Fermo, Luoghi, coda
from orientamento.avvio.portale import Portale
from orientamento.avvio.processi import Processo
from orientamento.avvio.servizi import Postgres, Valkey

PORTA = 18_200
PAUSA = "0.25"  # PORTALE_PAUSA: the queue's first pause, half a minute at work
TEMPO = "1"  # PORTALE_TEMPO
BATTUTA = 0.4
# How much of the queue is worked before the faults end, and how long it may then take to come to rest.
SOTTO_I_GUASTI = 0.8
QUIETE = 240.0
# One request in three goes wrong: five in a row, which stop the queue for a while, happen all the time.
GUASTI: dict[str, Any] = {
    "ritardo_ms": 1300,  # longer than the application waits for an answer
    "ritardo": 0.03,
    "errore_500": 0.05,
    "errore_500_dopo": 0.04,
    "non_disponibile": 0.02,
    "troppe_richieste": 0.05,
    "riprova_dopo_s": 1,
    "taglia_prima": 0.05,
    "taglia_dopo": 0.06,
    "json_sbagliato": 0.04,
    "gettone_scaduto": 0.04,
}
SPENTI = {**dict.fromkeys(GUASTI, 0), "ritardo": 1, "riprova_dopo_s": 1}


class Prova:
    """One run. `scrivi` tells people what is happening."""

    def __init__(self, *, quanti: int, seme: int, ignora_chiave: bool, scrivi: Callable[[str], object]) -> None:
        self.quanti, self.ignora_chiave, self.scrivi = quanti, ignora_chiave, scrivi
        self.caso = random.Random(seme)  # noqa: S311 - which worker dies is no secret
        self.seme = seme
        base = Path(os.environ.get("DATI_DIR") or Luoghi.per("start").dati).absolute()
        self.luoghi = Luoghi(Luoghi.per("start").radice, base / "guasti")
        self.insieme = Insieme()
        self.http = httpx.Client(trust_env=False, timeout=30)
        self.inizio = time.monotonic()
        self.uccisioni = self.conferme = 0

    def esegui(self) -> Conto:
        """Everything, from empty services to the account; the data of the run are thrown away at the end."""
        with uno_alla_volta(self.luoghi, "guasti"):
            self._svuota()
            try:
                with self._servizi():
                    return self._racconta()
            finally:
                self.insieme.ferma()
                self._svuota()

    def _racconta(self) -> Conto:
        self._portale("guasti", {**GUASTI, "ignora_chiave": self.ignora_chiave, "seme": self.seme})
        self._di(f"Portale, database e broker sono in funzione; seme {self.seme}. Accodo {self.quanti} trasferimenti …")
        self._celery()
        scena = self._processo("scena", [sys.executable, "-m", f"{__package__}.scena", str(self.quanti)])
        scena.avvia()
        try:
            self._disastri(scena)
        finally:
            scena.attendi_fine(0)
        self._di("Spengo i guasti e aspetto che la coda si svuoti …")
        self._portale("guasti", SPENTI)
        self._attendi_la_quiete()
        self._di(f"Fine: {self.uccisioni} uccisioni di worker, {self.conferme} registrazioni confermate da cittadini.")
        return conta(self.database, self.portale.url, self.quanti)

    def _disastri(self, scena: Processo) -> None:
        """Kill, empty and restart, at points of the queue's progress; until most of it has been worked under fault."""
        quante = max(2, min(8, self.quanti // 100))
        da_fare = [((n + 1) / (quante + 1) * SOTTO_I_GUASTI, self._uccidi) for n in range(quante)]
        da_fare += [(0.35, self._svuota_il_broker)]
        da_fare.sort(key=lambda voce: voce[0])
        database_da_riavviare = True
        limite = time.monotonic() + 120 + self.quanti
        while time.monotonic() < limite:
            chiuse = self._battuta()[1] / self.quanti
            if da_fare and chiuse >= da_fare[0][0]:
                da_fare.pop(0)[1]()
            if scena.vivo:
                continue
            self._esigi_riuscita(scena)
            if database_da_riavviare and chiuse >= SOTTO_I_GUASTI / 2:
                self._riavvia_il_database()
                database_da_riavviare = False
            elif not da_fare and not database_da_riavviare and chiuse >= SOTTO_I_GUASTI:
                return
        raise Fermo("La coda non avanza sotto i guasti." + self._ultime_righe())

    def _attendi_la_quiete(self) -> None:
        """Until no transfer waits for anything, or too much time has gone: what still waits is stuck."""
        limite = time.monotonic() + QUIETE
        while time.monotonic() < limite:
            fatte, chiuse = self._battuta()
            if fatte == chiuse == self.quanti:
                return

    def _battuta(self) -> tuple[int, int]:
        """A moment goes by: who fell is started again, citizens follow their links. How many rows, how many closed."""
        time.sleep(BATTUTA)
        for processo in self.insieme.processi:
            if not processo.vivo:
                processo.avvia()
        risposta = self._portale("conferma", {"tutti": True})
        self.conferme += risposta["confermati"]
        return avanzamento(self.database) or (0, 0)

    def _uccidi(self) -> None:
        """Kill -9 of a worker: the whole of it, or the one child that may hold a transfer at this moment."""
        worker = self.caso.choice([p for p in self.insieme.processi if p.nome.startswith("worker")])
        if worker.figlio is None:
            return
        figli = Path(f"/proc/{worker.figlio.pid}/task/{worker.figlio.pid}/children")
        with suppress(OSError):
            pidi = [int(pid) for pid in figli.read_text().split()]
            if pidi and self.caso.random() < 0.3:
                os.kill(self.caso.choice(pidi), signal.SIGKILL)
            else:
                os.killpg(worker.figlio.pid, signal.SIGKILL)
                worker.figlio.wait()
            self.uccisioni += 1
            self._di(f"Ucciso con -9 {worker.nome}.")

    def _svuota_il_broker(self) -> None:
        cliente = redis.Redis(unix_socket_path=urlsplit(self.valkey.url).path)
        cliente.flushall()
        cliente.close()
        self._ferma(self.valkey.processo)
        self.valkey.avvia()
        self._di("Svuotato e riavviato Valkey.")

    def _riavvia_il_database(self) -> None:
        self._ferma(self.postgres.processo)
        self.postgres.avvia()
        self._di("Riavviato PostgreSQL.")

    def _ferma(self, processo: Processo) -> None:
        processo.chiedi_fine()
        processo.attendi_fine(20)

    @contextmanager
    def _servizi(self) -> Iterator[None]:
        """Database (which keeps what it has promised), broker and portal of this run alone."""
        with ExitStack() as alla_fine:
            ambiente = ambiente_dei_figli(self.luoghi)
            alla_fine.callback(self.insieme.ferma)
            self.postgres = Postgres(self.luoghi, ambiente)
            self.valkey = Valkey(self.luoghi, ambiente)
            self.portale = Portale(self.luoghi, ambiente, prima_porta_libera(PORTA))
            self.database = f"host={self.luoghi.prese} user=orientamento dbname=orientamento connect_timeout=5"
            for servizio in (self.postgres, self.valkey):
                self.insieme.aggiungi(servizio.processo)
                servizio.avvia()
            self.insieme.aggiungi(self.portale.processo)
            self.portale.processo.avvia()
            self.ambiente = {
                **ambiente,
                **self.portale.ambiente,
                "DATABASE_URL": self.postgres.url,
                "REDIS_URL": self.valkey.url,
                "DJANGO_SETTINGS_MODULE": f"{__package__}.impostazioni",
                "PORTALE_PAUSA": PAUSA,
                "PORTALE_TEMPO": TEMPO,
            }
            prepara = self._processo("prepara", [sys.executable, "manage.py", "prepara", "--vuoto"])
            prepara.avvia()
            prepara.attendi_fine(300)
            self._esigi_riuscita(prepara)
            self.portale.attendi()
            yield

    def _celery(self) -> None:
        """Two workers and two schedulers at once, which a real installation has by mistake."""
        celery = [sys.executable, "-m", "celery", "-A", "orientamento", "-q"]
        for numero in (1, 2):
            worker = ["worker", "--loglevel", "WARNING", "--concurrency", "2", "-n", f"guasti{numero}@%h"]
            beat = ["beat", "--loglevel", "WARNING", "--pidfile", "", "--schedule", f"{self.luoghi.dati}/beat{numero}"]
            self.insieme.aggiungi(
                self._processo(f"worker{numero}", [*celery, *worker, "--without-gossip", "--without-mingle"])
            )
            self.insieme.aggiungi(self._processo(f"pianificatore{numero}", [*celery, *beat]))
        for processo in self.insieme.processi:
            if not processo.vivo:
                processo.avvia()

    def _processo(self, nome: str, comando: list[str]) -> Processo:
        registro = self.luoghi.registri / f"{nome}.log"
        return Processo(nome, comando, ambiente=self.ambiente, registro=registro, cartella=self.luoghi.radice)

    def _portale(self, comando: str, valori: dict[str, Any]) -> dict[str, Any]:
        risposta = self.http.post(f"{self.portale.url}/prova/{comando}", json=valori)
        risposta.raise_for_status()
        return dict(risposta.json())

    def _esigi_riuscita(self, processo: Processo) -> None:
        if processo.figlio is None or processo.figlio.poll() != 0:
            raise Fermo(f"Il passo «{processo.nome}» non è riuscito:\n{coda(processo.registro, 30)}")

    def _ultime_righe(self) -> str:
        return "".join(f"\n{nome}:\n{coda(self.luoghi.registri / f'{nome}.log')}" for nome in ("worker1", "worker2"))

    def _svuota(self) -> None:
        """Away with the cluster, wherever it lies, and with all else of an earlier run but the lock."""
        shutil.rmtree(self.luoghi.postgres.resolve(), ignore_errors=True)
        for voce in self.luoghi.dati.glob("*"):
            if voce.is_dir() and not voce.is_symlink():
                shutil.rmtree(voce, ignore_errors=True)
            elif voce.name != "blocco":
                voce.unlink(missing_ok=True)

    def _di(self, testo: str) -> None:
        self.scrivi(f"[{time.monotonic() - self.inizio:5.0f} s] {testo}")
