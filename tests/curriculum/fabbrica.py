"""Makes PDFs for the tests: a sound CV, and one of each kind that must be refused.

`grezzo` writes a file byte by byte, for what no library would write; the others use pikepdf.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from functools import lru_cache

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

EUROPASS = (
    b'<?xml version="1.0" encoding="UTF-8"?><Candidate xmlns="http://www.europass.eu/1.0">'
    b"<CandidatePerson><PersonName>Bianchi</PersonName></CandidatePerson></Candidate>"
)
EUROPASS_VECCHIO = b'<?xml version="1.0"?><SkillsPassport xmlns="http://europass.cedefop.europa.eu/Europass"><LearnerInfo/></SkillsPassport>'


def pdf(costruisci: Callable[[Pdf], object] | None = None, *, pagine: int = 1, **salva: object) -> bytes:
    """A sound PDF, changed by `costruisci` and saved with `salva`."""
    uscita = io.BytesIO()
    with pikepdf.new() as documento:
        for numero in range(pagine):
            pagina = documento.add_blank_page(page_size=(595, 842))
            testo = f"BT /F1 12 Tf 72 770 Td (Curriculum, pagina {numero + 1}) Tj ET".encode()
            pagina.Contents = documento.make_stream(testo)
            pagina.Resources = Dictionary(
                Font=Dictionary(F1=Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
            )
        if costruisci:
            costruisci(documento)
        documento.save(uscita, **salva)
    return uscita.getvalue()


OGGETTI = {
    1: b"<< /Type /Catalog /Pages 2 0 R >>",
    2: b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
    3: b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Resources << >> /Contents 4 0 R >>",
    4: b"<< /Length 10 >>\nstream\nBT ET q Q \nendstream",
}


def grezzo(
    oggetti: dict[int, bytes] | None = None, *, prev: str = "", coda: bytes = b"", trailer: bytes = b""
) -> bytes:
    """A PDF written by hand with a right xref table; `oggetti` replace or join those of a one-page document."""
    tutti = OGGETTI | (oggetti or {})
    uscita = bytearray(b"%PDF-1.7\n")
    posti: dict[int, int] = {}
    for numero, corpo in tutti.items():
        posti[numero] = len(uscita)
        uscita += b"%d 0 obj\n" % numero + corpo + b"\nendobj\n"
    xref, quanti = len(uscita), max(tutti) + 1
    uscita += b"xref\n0 %d\n0000000000 65535 f \n" % quanti
    for numero in range(1, quanti):
        uscita += b"%010d 00000 n \n" % posti[numero] if numero in posti else b"0000000000 65535 f \n"
    if prev == "se stesso":
        trailer += b"/Prev %d " % xref
    uscita += b"trailer\n<< /Size %d /Root 1 0 R %s>>\nstartxref\n%d\n%%%%EOF\n" % (quanti, trailer, xref)
    return bytes(uscita) + coda


def flusso(dati: bytes, dizionario: bytes = b"") -> bytes:
    return b"<< %s /Length %d >>\nstream\n" % (dizionario, len(dati)) + dati + b"\nendstream"


def zeri_compressi(mega: int, ogni: bytes = b"\0") -> bytes:
    """`mega` MB of one byte, deflated: one block of 1 MB repeated, with the checksum worked out instead of computed."""
    comprimi = zlib.compressobj(9, zlib.DEFLATED, -15)
    blocco = comprimi.compress(ogni * (1024 * 1024)) + comprimi.flush(zlib.Z_FULL_FLUSH)
    quanti, valore = mega * 1024 * 1024, ogni[0]
    somma = (1 + quanti * valore) % 65_521 | ((quanti + valore * quanti * (quanti + 1) // 2) % 65_521) << 16
    return b"\x78\xda" + blocco * mega + zlib.compressobj(9, zlib.DEFLATED, -15).flush() + somma.to_bytes(4, "big")


def catalogo(**voci: object) -> Callable[[Pdf], object]:
    """Puts `voci` in the catalogue."""

    def metti(documento: Pdf) -> None:
        for chiave, valore in voci.items():
            documento.Root[Name("/" + chiave)] = valore

    return metti


def annotazione(**voci: object) -> Callable[[Pdf], object]:
    """Puts one annotation on the first page."""

    def metti(documento: Pdf) -> None:
        nota = Dictionary(Type=Name.Annot, Rect=Array([10, 10, 60, 30]), **voci)
        documento.pages[0].Annots = Array([documento.make_indirect(nota)])

    return metti


def azione(genere: str, **voci: object) -> Dictionary:
    return Dictionary(S=Name("/" + genere), **voci)


def js() -> Dictionary:
    return azione("JavaScript", JS=String("app.alert(1)"))


def allega(nome: str, dati: bytes) -> Callable[[Pdf], object]:
    def metti(documento: Pdf) -> None:
        documento.attachments[nome] = pikepdf.AttachedFileSpec(documento, dati, filename=nome)

    return metti


def campo(**voci: object) -> Callable[[Pdf], object]:
    """A form with one text field that is also an annotation."""

    def metti(documento: Pdf) -> None:
        uno = documento.make_indirect(
            Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, T=String("nome"), Rect=Array([1, 1, 90, 20]), **voci
            )
        )
        documento.pages[0].Annots = Array([uno])
        documento.Root.AcroForm = Dictionary(Fields=Array([uno]), DA=String("/Helv 0 Tf 0 g"))

    return metti


def docx() -> bytes:
    uscita = io.BytesIO()
    with zipfile.ZipFile(uscita, "w") as archivio:
        archivio.writestr("word/document.xml", "<w:document/>")
    return uscita.getvalue()


def cifrato(utente: str) -> bytes:
    """AES-256; an empty `utente` is a file that opens freely and only its changes are locked."""
    return pdf(encryption=pikepdf.Encryption(owner="padrone", user=utente, R=6))


def _js_in_indice(documento: Pdf) -> None:
    documento.Root.Names = Dictionary(JavaScript=Dictionary(Names=Array([String("x"), documento.make_indirect(js())])))


def _js_orfano(documento: Pdf) -> None:
    """A script in an object of an object stream that nothing shows; only a walk over every object meets it."""
    documento.Root.PieceInfo = Dictionary(Nascosto=documento.make_indirect(Dictionary(A=Array([js()]))))


def _js_in_catena(documento: Pdf) -> None:
    documento.Root.OpenAction = azione(
        "GoTo", D=Array([documento.pages[0].obj, Name.Fit]), Next=Array([azione("Named", N=Name.NextPage, Next=js())])
    )


def _bomba_oggetti(mega: int) -> bytes:
    dati = zeri_compressi(mega, b" ")
    return _con_xref_stream({5: flusso(dati, b"/Type /ObjStm /N 1 /First 10 /Filter /FlateDecode")}, {6: (5, 0)})


def _con_xref_stream(oggetti: dict[int, bytes], compressi: dict[int, tuple[int, int]]) -> bytes:
    """As `grezzo`, with a cross-reference stream that places `compressi` in object streams."""
    tutti = OGGETTI | {1: b"<< /Type /Catalog /Pages 2 0 R /Extra 6 0 R >>"} | oggetti
    uscita = bytearray(b"%PDF-1.7\n")
    voci: dict[int, bytes] = {0: b"\0" + (0).to_bytes(4, "big") + b"\xff\xff"}
    for numero, corpo in tutti.items():
        voci[numero] = b"\1" + len(uscita).to_bytes(4, "big") + b"\0\0"
        uscita += b"%d 0 obj\n" % numero + corpo + b"\nendobj\n"
    for numero, (contenitore, indice) in compressi.items():
        voci[numero] = b"\2" + contenitore.to_bytes(4, "big") + indice.to_bytes(2, "big")
    xref, proprio = len(uscita), max(voci) + 1
    voci[proprio] = b"\1" + xref.to_bytes(4, "big") + b"\0\0"
    tabella = b"".join(voci.get(n, b"\0" * 7) for n in range(proprio + 1))
    corpo = flusso(tabella, b"/Type /XRef /W [1 4 2] /Size %d /Root 1 0 R" % (proprio + 1))
    uscita += b"%d 0 obj\n" % proprio + corpo + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % xref
    return bytes(uscita)


def _immagine(documento: Pdf, larghezza: int = 1240, altezza: int = 1754) -> None:
    """A scanned page: one bitmap, no text."""
    dati = zlib.compress(bytes(larghezza * altezza // 8))
    bitmap = documento.make_stream(dati)
    for chiave, valore in {
        "/Type": Name.XObject,
        "/Subtype": Name.Image,
        "/Width": larghezza,
        "/Height": altezza,
        "/BitsPerComponent": 1,
        "/ColorSpace": Name.DeviceGray,
    }.items():
        bitmap[chiave] = valore
    bitmap.write(dati, filter=Name.FlateDecode)
    documento.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=bitmap))
    documento.pages[0].Contents = documento.make_stream(b"q 595 0 0 842 0 0 cm /Im0 Do Q")


def _firma(documento: Pdf) -> None:
    firma = documento.make_indirect(
        Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            ByteRange=Array([0, 10, 20, 30]),
            Contents=String(b"\0" * 64),
        )
    )
    campo(V=firma)(documento)
    documento.Root.AcroForm.SigFlags = 3


def buoni() -> dict[str, bytes]:
    """Files that must be accepted."""
    return {
        "una pagina": pdf(),
        "cinquanta pagine": pdf(pagine=50),
        "flussi di oggetti": pdf(pagine=3, object_stream_mode=pikepdf.ObjectStreamMode.generate),
        "linearizzato": pdf(pagine=3, linearize=True),
        "GoTo all'apertura": pdf(lambda d: catalogo(OpenAction=azione("GoTo", D=Array([d.pages[0].obj, Name.Fit])))(d)),
        "posizione all'apertura": pdf(lambda d: catalogo(OpenAction=Array([d.pages[0].obj, Name.Fit]))(d)),
        "collegamento a un sito": pdf(
            annotazione(Subtype=Name.Link, A=azione("URI", URI=String("https://www.example.org/cv")))
        ),
        "testo che parla di JavaScript": pdf(
            lambda d: d.docinfo.__setitem__("/Title", "Sviluppatore JavaScript /JS /Launch")
        ),
        "modulo senza script": pdf(campo(V=String("Anna"))),
        "modulo che si azzera": pdf(campo(AA=Dictionary(U=azione("ResetForm")))),
        "firma": pdf(_firma),
        "solo immagine": pdf(_immagine),
        "Europass": pdf(allega("attachment.xml", EUROPASS)),
        "Europass di prima": pdf(allega("Europass-CV.xml", EUROPASS_VECCHIO)),
        "apribile da tutti, modifiche bloccate": cifrato(""),
        "font di nome JS": pdf(lambda d: d.pages[0].Resources.Font.__setitem__("/JS", Dictionary(Type=Name.Font))),
        "nome di font che somiglia": pdf(
            lambda d: d.pages[0].Resources.Font.F1.__setitem__("/BaseFont", Name("/ABCDEF+Movie"))
        ),
        "lunghezza di un flusso sbagliata": grezzo({4: b"<< /Length 3 >>\nstream\nBT ET q Q \nendstream"}),
    }


@lru_cache
def cattivi() -> dict[str, tuple[bytes, str]]:
    """Files that must be refused, each with a piece of the reason that must be given."""
    tutti: dict[str, tuple[bytes, str]] = {
        "vuoto": (b"", "vuoto"),
        "docx con altro nome": (docx(), "Word"),
        "immagine con altro nome": (b"\xff\xd8\xff\xe0" + b"x" * 99, "immagine"),
        "testo": (b"Curriculum di Anna Bianchi", "non è un PDF"),
        "PDF al byte 10": (b"x" * 10 + pdf(), "prima dell'inizio"),
        "password": (cifrato("segreta"), "password"),
        "troppo grande": (pdf() + b"%" * (10 * 1024 * 1024), "10 MB"),
        "51 pagine": (pdf(pagine=51), "51 pagine"),
        "nessuna pagina": (grezzo({2: b"<< /Type /Pages /Kids [] /Count 0 >>"}), "nessuna pagina"),
        "troncato": (pdf(pagine=5)[:-300], "danneggiato"),
        "solo intestazione": (b"%PDF-1.7\n", "danneggiato"),
        "catalogo senza pagine": (grezzo({1: b"<< /Type /Catalog >>"}), "danneggiato"),
        "rumore": (b"%PDF-1.7\n" + bytes(range(256)) * 400, "danneggiato"),
        "xref che torna su se stessa": (grezzo(prev="se stesso"), "danneggiato"),
        "albero delle pagine in cerchio": (grezzo({2: b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>"}), "danneggiato"),
        "chiave doppia": (
            grezzo({1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /GoTo >> /OpenAction [3 0 R /Fit] >>"}),
            "danneggiato",
        ),
        "liste annidate": (grezzo({5: b"[" * 20_000 + b"]" * 20_000}), "danneggiato"),
        "dizionari annidati": (grezzo({5: b"<</A " * 20_000 + b"1" + b">>" * 20_000}), "danneggiato"),
        "duecentomila pagine dichiarate": (
            grezzo({2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 200_000 + b"] /Count 200000 >>"}),
            "200000 pagine",
        ),
        "duecentomila pagine nascoste": (
            grezzo({2: b"<< /Type /Pages /Kids [" + b"3 0 R " * 200_000 + b"] /Count 1 >>"}),
            "",
        ),
        "JS all'apertura": (pdf(catalogo(OpenAction=js())), "JavaScript"),
        "JS nell'indice dei nomi": (pdf(_js_in_indice), "JavaScript"),
        "JS orfano": (pdf(_js_orfano, object_stream_mode=pikepdf.ObjectStreamMode.generate), "JavaScript"),
        "JS in catena": (pdf(_js_in_catena), "JavaScript"),
        "JS nel documento": (pdf(catalogo(AA=Dictionary(WC=js()))), "JavaScript"),
        "JS nella pagina": (pdf(lambda d: d.pages[0].obj.__setitem__("/AA", Dictionary(O=js()))), "JavaScript"),
        "JS in un collegamento": (pdf(annotazione(Subtype=Name.Link, A=js())), "JavaScript"),
        "JS in un campo": (pdf(campo(AA=Dictionary(K=js()))), "JavaScript"),
        "JS senza genere": (pdf(annotazione(Subtype=Name.Link, A=Dictionary(JS=String("x")))), "JavaScript"),
        "JS in un flusso": (
            pdf(lambda d: annotazione(Subtype=Name.Link, A=Dictionary(S=Name.JavaScript, JS=d.make_stream(b"x")))(d)),
            "JavaScript",
        ),
        "JS con nome mascherato": (
            grezzo({1: b"<< /Type /Catalog /Pages 2 0 R /#4fpenAction << /#53 /#4aava#53cript /#4a#53 (x) >> >>"}),
            "JavaScript",
        ),
        "JS con genere a parte": (
            grezzo({1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction << /S 5 0 R /JS (x) >> >>", 5: b"/JavaScript"}),
            "JavaScript",
        ),
        "JS cifrato con password vuota": (
            pdf(catalogo(OpenAction=js()), encryption=pikepdf.Encryption(owner="p", user="", R=6)),
            "JavaScript",
        ),
        "indirizzo javascript": (
            pdf(annotazione(Subtype=Name.Link, A=azione("URI", URI=String("java\nScript:alert(1)")))),
            "JavaScript",
        ),
        "Launch": (pdf(catalogo(OpenAction=azione("Launch", F=String("cmd.exe")))), "avvia programmi"),
        "Launch in un collegamento": (pdf(annotazione(Subtype=Name.Link, A=azione("Launch", F=String("x")))), "avvia"),
        "ImportData": (pdf(catalogo(OpenAction=azione("ImportData", F=String("x.fdf")))), "importa dati"),
        "SubmitForm all'apertura": (
            pdf(catalogo(OpenAction=azione("SubmitForm", F=String("https://www.example.org/")))),
            "invia dati",
        ),
        "SubmitForm in un pulsante": (
            pdf(campo(A=azione("SubmitForm", F=String("https://www.example.org/")))),
            "invia dati",
        ),
        "indirizzo aperto da solo": (
            pdf(catalogo(OpenAction=azione("URI", URI=String("https://www.example.org/")))),
            "parte da solo",
        ),
        "catena senza fine": (
            grezzo(
                {
                    1: b"<< /Type /Catalog /Pages 2 0 R /OpenAction 5 0 R >>",
                    5: b"<< /S /GoTo /D [3 0 R /Fit] /Next 5 0 R >>",
                }
            ),
            "parte da solo",
        ),
        "file di rete": (
            pdf(annotazione(Subtype=Name.Link, A=azione("GoToR", F=String(r"\\server\cv.pdf"), D=String("x")))),
            "computer della rete",
        ),
        "XFA": (pdf(catalogo(AcroForm=Dictionary(Fields=Array([]), XFA=Array([String("x")])))), "XFA"),
        "XFA in un flusso": (
            pdf(lambda d: catalogo(AcroForm=Dictionary(Fields=Array([]), XFA=d.make_stream(b"<x/>")))(d)),
            "XFA",
        ),
        "programma allegato": (pdf(allega("giochi.exe", b"MZ" + bytes(2000))), "allegato"),
        "programma allegato con nome di Europass": (pdf(allega("Europass.xml", b"MZ" + bytes(2000))), "allegato"),
        "XML qualunque": (pdf(allega("fattura.xml", b"<Fattura/>")), "allegato"),
        "Europass con entita": (
            pdf(allega("cv.xml", b'<!DOCTYPE a [<!ENTITY b "c">]>' + EUROPASS.split(b"?>", 1)[1])),
            "allegato",
        ),
        "Europass guasto": (pdf(allega("cv.xml", EUROPASS[:-9])), "allegato"),
        "allegato in un flusso sciolto": (
            pdf(lambda d: catalogo(Pezzi=d.make_stream(b"MZ", Type=Name.EmbeddedFile))(d)),
            "allegato",
        ),
        "contenuto in un altro file": (
            grezzo({4: b"<< /Length 0 /F (altro.bin) >>\nstream\n\nendstream"}),
            "altro file",
        ),
        "bomba nella pagina": (grezzo({4: flusso(zeri_compressi(3000), b"/Filter /FlateDecode")}), "enorme"),
        "bomba doppia": (
            grezzo({4: flusso(zlib.compress(zeri_compressi(3000), 9), b"/Filter [/FlateDecode /FlateDecode]")}),
            "enorme",
        ),
        "bomba nei flussi di oggetti": (_bomba_oggetti(3000), ""),
        "immagine smisurata": (
            grezzo({5: flusso(b"x", b"/Subtype /Image /Width 100000 /Height 100000 /Filter /JBIG2Decode")}),
            "enorme",
        ),
    }
    for genere in ("RichMedia", "Movie", "Sound", "Screen", "3D"):
        tutti[f"multimedia {genere}"] = (pdf(annotazione(Subtype=Name("/" + genere))), "audio, video")
    for genere in ("Rendition", "Sound", "Movie"):
        tutti[f"azione {genere}"] = (pdf(annotazione(Subtype=Name.Link, A=azione(genere))), "audio, video")
    return tutti
