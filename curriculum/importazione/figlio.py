"""The bounded child: reads one PDF from its standard input, writes the Europass XML that it carries.

First a word on a line of its own (trovata, assente, protetto, danneggiato), then the XML. It may open nothing more,
write no file, use so much memory and time and no more; the kernel ends it when it tries.
"""

from __future__ import annotations

import resource
import signal
import sys
from pathlib import Path
from typing import BinaryIO

SECONDI_CPU = 6
SECONDI = 9.0
MEMORIA = 768 * 1024 * 1024
ALLEGATI_MASSIMI = 50


def principale() -> None:
    sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))
    import pikepdf

    from curriculum.controllo import allegati, azioni  # noqa: F401 - loaded before files are closed to it
    from curriculum.importazione.figlio import cerca

    with pikepdf.new() as prova:
        prova.add_blank_page()
    pikepdf.settings.set_qpdf_limits(max_stream_filters=5, flate_max_memory=64 * 1024 * 1024)
    _lega()
    try:
        xml = cerca(sys.stdin.buffer)
        esito = b"trovata\n" + xml if xml is not None else b"assente\n"
    except pikepdf.PasswordError:
        esito = b"protetto\n"
    except Exception:  # whatever a hostile file makes the library raise
        esito = b"danneggiato\n"
    sys.stdout.buffer.write(esito)
    sys.stdout.buffer.flush()


def _lega() -> None:
    """Limits that the kernel keeps."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, SECONDI)
    for risorsa, valore in (
        (resource.RLIMIT_CPU, SECONDI_CPU),
        (resource.RLIMIT_AS, MEMORIA),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        resource.setrlimit(risorsa, (valore, valore))


def cerca(file: BinaryIO) -> bytes | None:
    """The first embedded file that is Europass XML, wherever in the PDF it hangs from."""
    import pikepdf
    from pikepdf import Dictionary, Stream

    from curriculum.controllo.allegati import e_europass, leggi
    from curriculum.controllo.azioni import nome

    with pikepdf.open(file, attempt_recovery=True, inherit_page_attributes=False) as pdf:
        candidati: list[Stream] = []
        for oggetto in pdf.objects:
            if isinstance(oggetto, Stream) and nome(oggetto.get("/Type")) == "/EmbeddedFile":
                candidati.append(oggetto)
            elif isinstance(oggetto, Dictionary) and isinstance(oggetto.get("/EF"), Dictionary):
                candidati.extend(v for _, v in oggetto["/EF"].items() if isinstance(v, Stream))
        for flusso in candidati[:ALLEGATI_MASSIMI]:
            dati = leggi(flusso)
            if dati is not None and e_europass(dati):
                return dati
    return None


if __name__ == "__main__":
    principale()
