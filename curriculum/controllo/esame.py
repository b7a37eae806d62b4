"""What the bounded child does with one file: open it strictly, walk every object, judge.

A first pass looks at each object as qpdf writes it back, with names already normalised (`/#4aavaScript` reads
`/JavaScript`), for the few words that may mean trouble. Only a file that holds one of them is walked object by object.
"""

from __future__ import annotations

import re
import zlib
from typing import Any, BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Object, Stream, String

from curriculum.controllo import allegati, azioni, motivi
from curriculum.controllo.rifiuto import Rifiutato
from curriculum.controllo.verdetto import MEGA, Limiti, Verdetto

# The words after which the careful walk is worth its time. Wider than what is forbidden: never the other way round.
PAROLE_SOSPETTE = re.compile(
    rb"/(?:JavaScript|JS|Launch|ImportData|SubmitForm|XFA|RichMedia\w*|Movie|Sound|Screen|Rendition|3D|GoTo3DView"
    rb"|GoToE|GoToR|AA|EF|EmbeddedFiles?|U3D|PRC)(?=[\s/<>\[\]()]|$)"
    rb"|(?i:javascript)|/URI (?=[(<0-9])(?!\((?i:https?:|mailto:|tel:))"
)
TIPI_MULTIMEDIALI = frozenset(
    {"/RichMedia", "/RichMediaContent", "/Movie", "/Sound", "/Screen", "/Rendition", "/3D", "/U3D", "/PRC"}
)
# qpdf repairs what it can and warns. These warnings mean that what another reader would see is not what was checked.
DANNI = ("reconstruct", "duplicated key", "unexpected", "parse error", "EOF", "expected n n obj", "loop detected")
MEMORIA_QPDF = "memory limit"
# The most that one filter can multiply its input: for a bound that spares opening what cannot be a bomb.
FATTORI = {"/FlateDecode": 1032, "/Fl": 1032, "/LZWDecode": 2048, "/LZW": 2048, "/RunLengthDecode": 64, "/RL": 64}
FLATE = ("/FlateDecode", "/Fl")


def limita_qpdf(limiti: Limiti) -> None:
    """Bound qpdf itself, so that most bombs are told by name before memory runs out."""
    pikepdf.settings.set_qpdf_limits(
        max_stream_filters=5,
        flate_max_memory=limiti.espansione_uno,
        run_length_max_memory=limiti.espansione_uno,
    )


def esamina(file: BinaryIO, limiti: Limiti) -> Verdetto:
    """The verdict on `file`, which has the right size and begins with `%PDF-`."""
    try:
        with pikepdf.open(file, attempt_recovery=True, inherit_page_attributes=False) as pdf:
            pagine = _conta_pagine(pdf, limiti)
            flussi = _guarda_oggetti(pdf)
            _guarda_avvisi(pdf)
            _misura(flussi, limiti)
    except Rifiutato as rifiuto:
        return Verdetto(False, rifiuto.motivo)
    except pikepdf.PasswordError:
        return Verdetto(False, motivi.PROTETTO)
    except MemoryError:
        return Verdetto(False, motivi.BOMBA)
    except Exception as errore:  # whatever a hostile file makes the library raise is a refusal
        if MEMORIA_QPDF in str(errore):
            return Verdetto(False, motivi.BOMBA)
        if "encrypt" in str(errore).lower():
            return Verdetto(False, motivi.CIFRATURA_IGNOTA)
        return Verdetto(False, motivi.DANNEGGIATO)
    return Verdetto(True, pagine=pagine)


def _conta_pagine(pdf: pikepdf.Pdf, limiti: Limiti) -> int:
    """The number of pages. A declared count above the limit is enough to refuse, before a huge tree is walked."""
    dichiarate = pdf.Root.Pages.get("/Count", 0)
    if isinstance(dichiarate, int) and dichiarate > limiti.pagine:
        raise Rifiutato(motivi.troppe_pagine(limiti.pagine, dichiarate))
    pagine = len(pdf.pages)
    if pagine == 0:
        raise Rifiutato(motivi.SENZA_PAGINE)
    if pagine > limiti.pagine:
        raise Rifiutato(motivi.troppe_pagine(limiti.pagine, pagine))
    return pagine


def _guarda_oggetti(pdf: pikepdf.Pdf) -> list[Stream]:
    """Every object of the file, also those that nothing refers to and those inside object streams. Gives streams."""
    sospetto = PAROLE_SOSPETTE.search
    flussi: list[Stream] = []
    da_camminare = False
    for oggetto in pdf.objects:
        if isinstance(oggetto, Stream):
            flussi.append(oggetto)
            testo = oggetto.stream_dict.unparse(resolved=True)
        elif isinstance(oggetto, Object):
            testo = oggetto.unparse(resolved=True)
        else:
            continue
        da_camminare = da_camminare or sospetto(testo) is not None
    da_camminare = da_camminare or sospetto(pdf.trailer.unparse(resolved=True)) is not None
    azioni.guarda_apertura(pdf.Root.get("/OpenAction"))
    if da_camminare:
        _cammina(pdf)
    return flussi


def _guarda_avvisi(pdf: pikepdf.Pdf) -> None:
    for avviso in pdf.get_warnings():
        if MEMORIA_QPDF in avviso:
            raise Rifiutato(motivi.BOMBA)
        if "limits error" in avviso or any(danno in avviso for danno in DANNI):
            raise Rifiutato(motivi.DANNEGGIATO)


def _cammina(pdf: pikepdf.Pdf) -> None:
    """The careful walk: every dictionary, direct or not, on a stack of our own (no recursion to exhaust)."""
    pila: list[Any] = [*pdf.objects, pdf.trailer]
    while pila:
        oggetto = pila.pop()
        if isinstance(oggetto, Stream):
            allegati.guarda_flusso(oggetto)
            oggetto = oggetto.stream_dict
        if isinstance(oggetto, Dictionary):
            _guarda_dizionario(oggetto)
            valori = [valore for _, valore in oggetto.items()]
        elif isinstance(oggetto, Array):
            valori = list(oggetto)
        else:
            continue
        pila.extend(v for v in valori if isinstance(v, Dictionary | Array) and not v.is_indirect)


def _guarda_dizionario(diz: Dictionary) -> None:
    azioni.guarda_azione(diz)
    if "/AA" in diz:
        azioni.guarda_azioni_aggiuntive(diz.get("/AA"))
    if isinstance(diz.get("/JS"), String | Stream):
        raise Rifiutato(motivi.JAVASCRIPT)
    if isinstance(diz.get("/XFA"), Array | Stream):
        raise Rifiutato(motivi.XFA)
    for chiave in ("/Subtype", "/Type"):
        if azioni.nome(diz.get(chiave)) in TIPI_MULTIMEDIALI:
            raise Rifiutato(motivi.MULTIMEDIA)
    if "/EF" in diz:
        allegati.guarda_allegato(diz.get("/EF"))


def _misura(flussi: list[Stream], limiti: Limiti) -> None:
    """Refuse what would become enormous when opened. Streams too small to matter together are not opened at all."""
    grandi: list[tuple[int, int, Stream, list[str]]] = []
    for flusso in flussi:
        if "/F" in flusso:
            raise Rifiutato(motivi.CONTENUTO_ESTERNO)
        if azioni.nome(flusso.get("/Subtype")) == "/Image":
            larghezza, altezza = flusso.get("/Width", 0), flusso.get("/Height", 0)
            if _intero(larghezza) * _intero(altezza) > limiti.punti_immagine:
                raise Rifiutato(motivi.BOMBA)
        filtri = _filtri(flusso)
        fattore = 1
        for filtro in filtri:
            fattore *= FATTORI.get(filtro, 1)
        if fattore > 1:
            dichiarata = _intero(flusso.get("/Length", 0))
            grandi.append((dichiarata * fattore, fattore, flusso, filtri))
    if sum(stima for stima, *_ in grandi) <= limiti.espansione:
        return
    totale = 0
    for _stima, fattore, flusso, filtri in grandi:
        grezzi = flusso.read_raw_bytes()
        if len(grezzi) * fattore <= MEGA:
            totale += len(grezzi) * fattore
        elif len(filtri) == 1 and filtri[0] in FLATE:
            totale += _espansione_flate(grezzi, limiti.espansione - totale)
        else:
            totale += len(flusso.read_bytes(pikepdf.StreamDecodeLevel.generalized))
        if totale > limiti.espansione:
            raise Rifiutato(motivi.BOMBA)


def _espansione_flate(grezzi: bytes, massimo: int) -> int:
    """How long `grezzi` becomes, opened a piece at a time and thrown away; stops a little over `massimo`."""
    apri = zlib.decompressobj()
    totale = 0
    resto = grezzi
    try:
        while resto and totale <= massimo and not apri.eof:
            totale += len(apri.decompress(resto, MEGA))
            resto = apri.unconsumed_tail
    except zlib.error:
        pass  # readers show what comes before the fault; its length is what counts here
    return totale


def _filtri(flusso: Stream) -> list[str]:
    filtri = flusso.get("/Filter")
    if isinstance(filtri, Array):
        return [azioni.nome(f) for f in filtri]
    return [azioni.nome(filtri)] if filtri is not None else []


def _intero(valore: Any) -> int:
    try:
        return max(0, int(valore))
    except (TypeError, ValueError, OverflowError):
        return 0
