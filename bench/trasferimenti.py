"""The queue to the portal, end to end, against bare PUTs of the same bytes to the same portal; and the worker's memory.

The portal is the one to try against, a process of its own. `python -m bench.trasferimenti N` is the process whose
memory is measured: it sends N CVs and prints its resident memory after the first fifth and at the end.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import random
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pikepdf
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.test import override_settings
from pikepdf import Dictionary, Name

CLIENTE, SEGRETO = "orientamento", "solo-per-prova"
FILE = "bench/trasferimento.pdf"
PERSONE = 250
MANCIATA, COPPIE = 100, 10
INVII = 5_000


def misura() -> tuple[float, float]:
    """Least seconds of one transfer through the queue and of one bare PUT, by handfuls of fifty, in turn."""
    with _portale() as url, override_settings(PORTALE_URL=url, PORTALE_CLIENTE=CLIENTE, PORTALE_SEGRETO=SEGRETO):
        persone = _persone(url)[:MANCIATA]
        nudo = _Nudo(url, [codice for _, _, codice in persone])
        campioni = [(_coda(persone), nudo.manda()) for _ in range(COPPIE + 1)][1:]
    return min(n for n, _ in campioni) / MANCIATA, min(lim for _, lim in campioni) / MANCIATA


def misura_memoria() -> tuple[float, float]:
    """Resident memory of the worker after 5,000 transfers and after 1,000, in gigabytes (a table of ms shows MB)."""
    with _portale() as url:
        ambiente = {**os.environ, "PORTALE_URL": url, "PORTALE_CLIENTE": CLIENTE, "PORTALE_SEGRETO": SEGRETO}
        comando = [sys.executable, "-m", "bench.trasferimenti", str(INVII)]
        esito = subprocess.run(comando, env=ambiente, capture_output=True, text=True, timeout=900, check=False)
    if esito.returncode:
        raise RuntimeError(esito.stderr[-2000:])
    prima, dopo = json.loads(esito.stdout.splitlines()[-1])
    return dopo / 1024**2, prima / 1024**2


@contextmanager
def _portale() -> Iterator[str]:
    from orientamento.avvio.insieme import prima_porta_libera

    with TemporaryDirectory() as cartella:
        porta = prima_porta_libera(8700)
        url = f"http://127.0.0.1:{porta}"
        figlio = subprocess.Popen(
            [
                *(sys.executable, "-m", "gunicorn", "curriculum.portale.prova.wsgi:application"),
                *("-c", "python:curriculum.portale.prova.gunicorn", "--bind", f"127.0.0.1:{porta}"),
            ],
            env={**os.environ, "PORTALE_PROVA_DIR": cartella},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            _aspetta(url)
            yield url
        finally:
            figlio.terminate()
            figlio.wait(20)


def _aspetta(url: str) -> None:
    for _ in range(600):
        try:
            if httpx.get(f"{url}/prova/salute", timeout=5, trust_env=False).status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.05)
    raise RuntimeError("Il portale di prova non si avvia.")


def _con_fotografia() -> bytes:
    """One page with a photograph of some 150 kB, as CVs have."""
    uscita = io.BytesIO()
    with pikepdf.new() as pdf:
        foto = pdf.make_stream(random.Random(7).randbytes(150_000))
        for chiave, valore in {"/Width": 250, "/Height": 200, "/BitsPerComponent": 8}.items():
            foto[chiave] = valore
        foto.Type, foto.Subtype, foto.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        foglio = pdf.add_blank_page(page_size=(595, 842))
        foglio.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im0=foto))
        righe = b"".join(b"1 0 0 1 60 %d Tm (Esperienza %d) Tj " % (780 - 12 * n, n) for n in range(60))
        foglio.Contents = pdf.make_stream(b"q 90 0 0 90 460 700 cm /Im0 Do Q BT /F1 10 Tf " + righe + b"ET")
        pdf.save(uscita)
    return uscita.getvalue()


def _persone(url: str) -> list[tuple[int, int, str]]:
    """Citizens who may be sent, known to the portal: id, id of the CV, codice fiscale. Made where they are missing."""
    from curriculum.models import Curriculum
    from orientamento.anagrafica.models import Operatore, Utente
    from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi

    contenuto = default_storage.open(FILE).read() if default_storage.exists(FILE) else _con_fotografia()
    if not default_storage.exists(FILE):
        default_storage.save(FILE, ContentFile(contenuto))
    manca = PERSONE - Curriculum.objects.attuali().filter(file=FILE).count()
    utenti = Utente.objects.exclude(curricula__isnull=False).filter(trasferimenti__isnull=True).order_by("pk")
    Curriculum.objects.bulk_create(
        Curriculum(
            utente=utente,
            origine="portato",
            file=FILE,
            nome_originale="cv.pdf",
            sha256=hashlib.sha256(contenuto).hexdigest(),
            dimensione=len(contenuto),
            pagine=2,
            caricato_il=adesso(),
            caricato_da=Operatore.objects.earliest("pk"),
            valido_fino_al=aggiungi_mesi(oggi(), 6),
        )
        for utente in islice(utenti, max(manca, 0))
    )
    righe = Curriculum.objects.attuali().filter(file=FILE, valido_fino_al__gte=oggi()).order_by("pk")[:PERSONE]
    persone = list(righe.values_list("utente_id", "pk", "utente__codice_fiscale"))
    Utente.objects.filter(pk__in=[u for u, _, _ in persone]).update(consenso_incontro=True)
    codici = {"codici_fiscali": [codice for _, _, codice in persone]}
    httpx.post(f"{url}/prova/registrati", json=codici, timeout=60, trust_env=False).raise_for_status()
    return persone


def _coda(persone: list[tuple[int, int, str]]) -> float:
    """Seconds of one sweep over a transfer of each, the first claim to the last settlement."""
    from curriculum.models import Trasferimento
    from curriculum.services import coda
    from orientamento.anagrafica.models import Operatore
    from orientamento.comune.calendario import adesso

    ora, autore = adesso(), Operatore.objects.earliest("pk")
    Trasferimento.objects.bulk_create(
        Trasferimento(
            utente_id=utente,
            codice_fiscale=codice,
            curriculum_id=curriculum,
            operazione="invio",
            creato_il=ora,
            creato_da=autore,
            avviso_accettato_il=ora,
            avviso_versione="1",
            prossimo_il=ora,
        )
        for utente, curriculum, codice in persone
    )
    inizio = time.perf_counter()
    fatte = coda.giro(mani=settings.PORTALE_MANI)
    durata = time.perf_counter() - inizio
    if fatte != len(persone) or Trasferimento.objects.aperti().filter(creato_il=ora).exists():
        raise RuntimeError("The portal has not confirmed every transfer")
    return durata


class _Nudo:
    """The least that a transfer must do: the same file with as many data, a new key each, one connection."""

    def __init__(self, url: str, codici: list[str]) -> None:
        self.codici, self.http = codici, httpx.Client(base_url=url, timeout=30, trust_env=False)
        chiesto = self.http.post("/oauth/token", data={"grant_type": "client_credentials"}, auth=(CLIENTE, SEGRETO))
        self.http.headers["Authorization"] = f"Bearer {chiesto.json()['access_token']}"
        with default_storage.open(FILE) as file:
            self.contenuto = file.read()
        dati = {
            "sha256": hashlib.sha256(self.contenuto).hexdigest(),
            "caricato_il": "2026-11-23T10:00:00Z",
            "propensioni": [],
            "titoli": [],
        }
        self.dati = json.dumps(dati).encode()

    def manda(self) -> float:
        inizio = time.perf_counter()
        for codice in self.codici:
            risposta = self.http.put(
                "/v2/curriculum",
                headers={"Codice-Fiscale": codice, "Idempotency-Key": str(uuid.uuid4())},
                files={
                    "dati": (None, self.dati, "application/json"),
                    "file": ("cv.pdf", self.contenuto, "application/pdf"),
                },
            )
            risposta.raise_for_status()
        return time.perf_counter() - inizio


def _residente() -> int:
    """Kilobytes."""
    righe = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(riga for riga in righe if riga.startswith("VmRSS")).split()[1])


def _lavoratore(invii: int) -> None:
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
    django.setup()
    persone = _persone(settings.PORTALE_URL)
    prima, fatti = 0, 0
    while fatti < invii:
        _coda(persone)
        fatti += len(persone)
        if not prima and fatti >= invii // 5:
            prima = _residente()
    print(json.dumps([prima, _residente()]))


if __name__ == "__main__":
    _lavoratore(int(sys.argv[1]))
