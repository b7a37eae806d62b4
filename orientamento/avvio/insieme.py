"""bin/start: everything that runs together, from the database to the site, kept alive until Ctrl-C."""

from __future__ import annotations

import hashlib
import http.client
import json
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

from orientamento.avvio.luoghi import Fermo, Luoghi, coda, di
from orientamento.avvio.portale import Portale, serve_il_portale
from orientamento.avvio.processi import Processo, ferma
from orientamento.avvio.servizi import Postgres, Valkey

ATTESA_PRONTO = 90.0
PORTE_DA_PROVARE = 100
CARTELLE_DEL_CODICE = ("orientamento", "propensioni", "curriculum", "psp")


class Insieme:
    """The processes of one run, in the order in which they started."""

    def __init__(self) -> None:
        self.processi: list[Processo] = []

    def aggiungi(self, processo: Processo) -> None:
        self.processi.append(processo)

    def ferma(self) -> None:
        """First those who use the services, all together, then the services; a second Ctrl-C cuts it short."""
        servizi = [p for p in self.processi if p.nome in ("database", "broker")]
        altri = [p for p in self.processi if p not in servizi]
        try:
            ferma(altri)
            ferma(servizi)
        except KeyboardInterrupt:
            di("Chiudo senza attendere.")
            ferma(self.processi, 0.0)

    def sorveglia(self) -> None:
        """Look after the children until somebody interrupts."""
        while True:
            for processo in self.processi:
                if not processo.vivo:
                    processo.riavvia(time.monotonic())
            time.sleep(0.3)


def porta_libera(porta: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as presa:
        presa.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            presa.bind(("127.0.0.1", porta))
        except OSError:
            return False
    return True


def prima_porta_libera(da: int) -> int:
    """The first free port from `da` upwards."""
    for porta in range(da, min(da + PORTE_DA_PROVARE, 65536)):
        if porta_libera(porta):
            return porta
    raise Fermo(f"Non trovo una porta libera dalla {da} in su per il portale di prova.")


def impronta_del_codice(radice: Path) -> str:
    """Changes whenever a file of the application changes: an unchanged one needs no migration and no table again."""
    somma = hashlib.sha256()
    for cartella in CARTELLE_DEL_CODICE:
        for base, cartelle, file in os.walk(radice / cartella):
            cartelle[:] = sorted(c for c in cartelle if c != "__pycache__")
            for nome in sorted(file):
                stato = os.stat(os.path.join(base, nome))
                somma.update(f"{base}/{nome} {stato.st_size} {stato.st_mtime_ns}\n".encode())
    return somma.hexdigest()


def prepara(luoghi: Luoghi, figli: dict[str, str], *, vuoto: bool) -> dict[str, Any]:
    """Migrations, starting tables and demo data. Returns what there is to say to people: the demo logins.

    On our own database it is skipped when neither the code nor the wish has changed since it last went well.
    """
    nostro = not os.environ.get("DATABASE_URL")
    bollo = luoghi.postgres / "preparato.json"
    chiave = f"{impronta_del_codice(luoghi.radice)} {'vuoto' if vuoto else 'pieno'}"
    if nostro and bollo.exists():
        try:
            fatto = json.loads(bollo.read_text())
        except ValueError:
            fatto = {}
        if fatto.get("chiave") == chiave:
            return dict(fatto["esito"])
    di("Preparo il database …")
    comando = [str(luoghi.python), "manage.py", "prepara", "--json", *(["--vuoto"] if vuoto else [])]
    esito = subprocess.run(
        comando, env=figli, cwd=luoghi.radice, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True, check=False
    )
    if esito.returncode != 0:
        raise Fermo("La preparazione del database non è riuscita: il motivo è scritto qui sopra.")
    detto: dict[str, Any] = json.loads(esito.stdout.splitlines()[-1])
    if nostro:
        bollo.write_text(json.dumps({"chiave": chiave, "esito": detto}))
    return detto


def applicazione(luoghi: Luoghi, figli: dict[str, str], porta: int) -> list[Processo]:
    """Site, worker and scheduler, sized to the cores."""
    python = str(luoghi.python)
    nuclei = len(os.sched_getaffinity(0))
    celery = [python, "-m", "celery", "-A", "orientamento", "-q"]
    comandi = {
        "sito": [
            *(python, "-m", "gunicorn", "orientamento.wsgi:application", "-c", "python:orientamento.avvio.gunicorn"),
            *("--bind", f"127.0.0.1:{porta}", "--workers", str(max(2, nuclei)), "--threads", "4"),
        ],
        "worker": [
            *(*celery, "worker", "--loglevel", "INFO", "--concurrency", str(min(4, max(1, nuclei)))),
            *("--without-gossip", "--without-mingle"),
        ],
        "pianificatore": [
            *(*celery, "beat", "--loglevel", "INFO", "--pidfile", ""),
            *("--schedule", str(luoghi.dati / "pianificatore")),
        ],
    }
    return [
        Processo(nome, comando, ambiente=figli, registro=luoghi.registri / f"{nome}.log", cartella=luoghi.radice)
        for nome, comando in comandi.items()
    ]


def salute(porta: int) -> dict[str, Any] | None:
    """What /salute answers; nothing when nobody answers."""
    collegamento = http.client.HTTPConnection("127.0.0.1", porta, timeout=5)
    try:
        collegamento.request("GET", "/salute")
        risposta = collegamento.getresponse()
        corpo = json.loads(risposta.read())
        return dict(corpo) if risposta.status in (200, 503) else None
    except (OSError, ValueError, http.client.HTTPException):
        return None
    finally:
        collegamento.close()


def attendi_pronto(processi: list[Processo], porta: int) -> None:
    scadenza = time.monotonic() + ATTESA_PRONTO
    stato: dict[str, Any] | None = None
    while not (stato and stato.get("stato") == "ok"):
        for processo in processi:
            if not processo.vivo:
                raise Fermo(f"Il processo «{processo.nome}» non si avvia:\n{coda(processo.registro, 30)}")
        if time.monotonic() > scadenza:
            chi = ", ".join(stato["guasti"]) if stato else "sito"
            raise Fermo(
                f"Dopo {ATTESA_PRONTO:.0f} secondi non è ancora pronto: {chi}. Guardare i registri dei processi."
            )
        time.sleep(0.1)
        stato = salute(porta)


def annuncia(luoghi: Luoghi, porta: int, detto: dict[str, Any], portale: Portale | None) -> None:
    righe = [f"pronto  http://localhost:{porta}/"]
    accessi = detto.get("accessi") or []
    if accessi:
        larghezza = max(len(nome) for nome, _ in accessi)
        righe.append(f"Accessi di prova, tutti con la parola d'ordine {detto['password']}:")
        righe += [f"  {nome:<{larghezza}}  {chi}" for nome, chi in accessi]
    else:
        righe.append("Nessun accesso di prova. Per crearne uno: .venv/bin/python manage.py createsuperuser")
    if portale:
        righe += portale.annuncio()
    righe.append(f"Registri dei processi in {luoghi.registri}. Per chiudere: Ctrl-C")
    os.write(1, ("\n".join(righe) + "\n").encode())


def rinnova_registri(luoghi: Luoghi) -> None:
    """Each start begins new logs and keeps those of the one before."""
    luoghi.registri.mkdir(parents=True, exist_ok=True)
    for file in luoghi.registri.glob("*.log"):
        file.replace(file.with_suffix(".precedente"))


def esegui_start(luoghi: Luoghi, figli: dict[str, str], *, porta: int, vuoto: bool) -> int:
    """Start all, say `pronto`, stay until Ctrl-C (or a TERM), end all."""
    if not porta_libera(porta):
        raise Fermo(f"La porta {porta} è occupata da un altro programma. Provare con: bin/start --port {porta + 1}")
    rinnova_registri(luoghi)
    insieme = Insieme()
    try:
        if not os.environ.get("REDIS_URL"):
            valkey = Valkey(luoghi, figli)
            insieme.aggiungi(valkey.processo)
            valkey.avvia()
            figli["REDIS_URL"] = valkey.url
        if not os.environ.get("DATABASE_URL"):
            postgres = Postgres(luoghi, figli)
            insieme.aggiungi(postgres.processo)
            postgres.avvia()
            figli["DATABASE_URL"] = postgres.url
        portale = Portale(luoghi, figli, prima_porta_libera(porta + 1)) if serve_il_portale(luoghi) else None
        if portale:
            insieme.aggiungi(portale.processo)
            portale.processo.avvia()
            figli.update(portale.ambiente)
        detto = prepara(luoghi, figli, vuoto=vuoto)
        for processo in applicazione(luoghi, figli, porta):
            insieme.aggiungi(processo)
            processo.avvia()
        attendi_pronto(insieme.processi, porta)
        if portale:
            portale.attendi()
        annuncia(luoghi, porta, detto, portale)
        insieme.sorveglia()
    except KeyboardInterrupt:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        di("Chiudo …")
        return 0
    finally:
        insieme.ferma()
        di("Tutto chiuso.")
    return 0
