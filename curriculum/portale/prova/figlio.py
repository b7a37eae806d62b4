"""The child that opens PDFs: it does nothing else, holds little memory, and dies rather than harm its parent.

Run as a script, alone. Standard input: 8 bytes with the length, then the file; standard output: a line of JSON.
"""

import json
import resource
import struct
import sys

import pypdfium2

MEMORIA = 768 * 1024 * 1024
PAGINE = 100
CARATTERI = 200_000


def esamina(dati: bytes) -> dict[str, object]:
    """Whether it is a sound PDF with a page at least, and the text that it shows."""
    try:
        documento = pypdfium2.PdfDocument(dati)
    except pypdfium2.PdfiumError:
        return {"integro": False}
    try:
        pezzi: list[str] = []
        quante, presi = len(documento), 0
        for numero in range(min(quante, PAGINE)):
            pagina = documento[numero]
            testo = pagina.get_textpage().get_text_range()
            pagina.close()
            pezzi.append(testo)
            presi += len(testo)
            if presi > CARATTERI:
                break
        return {"integro": quante > 0, "testo": "\n".join(pezzi)[:CARATTERI]}
    except (pypdfium2.PdfiumError, IndexError):
        return {"integro": False}
    finally:
        documento.close()


def principale() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORIA, MEMORIA))
    resource.setrlimit(resource.RLIMIT_NOFILE, (32, 32))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    entrata, uscita = sys.stdin.buffer, sys.stdout.buffer
    while len(lunghezza := entrata.read(8)) == 8:
        dati = entrata.read(struct.unpack(">Q", lunghezza)[0])
        uscita.write(json.dumps(esamina(dati)).encode() + b"\n")
        uscita.flush()


if __name__ == "__main__":
    principale()
