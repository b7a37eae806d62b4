"""The check of a CV against pikepdf alone: opening the same file and walking its objects, in this process."""

from __future__ import annotations

import io
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream, String

from bench.misura import alterna
from curriculum.services.controllo import controlla_pdf


def misura() -> tuple[float, float]:
    """Least seconds of our check, child included, and of the bare walk, on a CV with photograph and links."""
    with TemporaryDirectory() as cartella:
        file = Path(cartella) / "cv.pdf"
        file.write_bytes(_curriculum())

        def nostra() -> None:
            if not controlla_pdf(file).accettato:
                raise RuntimeError("The benchmark's own CV was refused")

        return alterna(nostra, lambda: _nuda(file))


def _nuda(file: Path) -> int:
    """The least that a check must do: open, count the pages, look at every object."""
    visti = 0
    with pikepdf.open(file) as pdf:
        len(pdf.pages)
        for oggetto in pdf.objects:
            pila = [oggetto]
            while pila:
                uno = pila.pop()
                visti += 1
                if isinstance(uno, Dictionary | Stream):
                    valori = [v for _, v in uno.items()]
                elif isinstance(uno, Array):
                    valori = list(uno)
                else:
                    continue
                pila.extend(v for v in valori if isinstance(v, Object) and not v.is_indirect)
    return visti


def _curriculum() -> bytes:
    uscita = io.BytesIO()
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        foto = pdf.make_stream(b"")
        foto.write(zlib.compress(bytes(range(256)) * 1200), filter=Name.FlateDecode)
        for chiave, valore in {"Width": 320, "Height": 320, "BitsPerComponent": 8}.items():
            foto[f"/{chiave}"] = valore
        foto.Type, foto.Subtype, foto.ColorSpace = Name.XObject, Name.Image, Name.DeviceRGB
        for pagina in range(2):
            foglio = pdf.add_blank_page(page_size=(595, 842))
            foglio.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im0=foto))
            righe = b"".join(b"1 0 0 1 60 %d Tm (Esperienza %d) Tj " % (780 - 12 * n, n) for n in range(60))
            foglio.Contents = pdf.make_stream(b"BT /F1 10 Tf " + righe + b"ET")
            foglio.Annots = Array([pdf.make_indirect(_collegamento(pagina * 20 + n)) for n in range(20)])
        pdf.save(uscita, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return uscita.getvalue()


def _collegamento(numero: int) -> Dictionary:
    return Dictionary(
        Type=Name.Annot,
        Subtype=Name.Link,
        Rect=Array([60, 700 - numero, 200, 712 - numero]),
        Border=Array([0, 0, 0]),
        A=Dictionary(S=Name.URI, URI=String(f"https://www.example.org/{numero}")),
    )
