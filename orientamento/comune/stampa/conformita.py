"""What WeasyPrint leaves to do for PDF/A-3a and PDF/UA-1, done on its objects just before the file is written.

- Headers, footers and their bars are page furniture: they become artifacts, out of the reading order.
- A compressed stream must not end with a carriage return, or its length could be read in two ways.
- The XMP metadata are stored uncompressed and say PDF/UA-1 too, with the schema's description that PDF/A asks for.
"""

from __future__ import annotations

import re
from typing import Any

import pydyf

_UA = b"""<rdf:Description xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" rdf:about="" pdfuaid:part="1"/>
<rdf:Description xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"
 rdf:about=""><pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA Universal Accessibility Schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix><pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 followed by the document</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
"""
_RIFERIMENTO = re.compile(rb"^(\d+) 0 R$")


def rifinisci(documento: Any, pdf: pydyf.PDF, *, tentativo: int = 0) -> None:
    """WeasyPrint's `finisher`. A `tentativo` after the first leaves no stream that ends like a line."""
    _margini_fuori_dalla_lettura(pdf)
    _metadati_in_chiaro(pdf)
    if tentativo:
        for oggetto in pdf.objects:
            if isinstance(oggetto, pydyf.Stream) and oggetto.compress and ambiguo(oggetto.data):
                oggetto.compress = False
        # One unused object more: the streams that hold the other objects come out different.
        pdf.add_object(pydyf.Dictionary({"Tentativo": tentativo}))


def ambiguo(contenuto: bytes) -> bool:
    """Whether some stream ends with a carriage return: readers may take it for part of the line's end and miscount."""
    return b"\r\nendstream" in contenuto


def _oggetto(pdf: pydyf.PDF, riferimento: Any) -> Any:
    trovato = _RIFERIMENTO.match(riferimento) if isinstance(riferimento, bytes) else None
    return pdf.objects[int(trovato[1])] if trovato else None


def _metadati_in_chiaro(pdf: pydyf.PDF) -> None:
    metadati = _oggetto(pdf, pdf.catalog["Metadata"])
    xml = b"\n".join(metadati.stream)
    metadati.stream = [xml.replace(b"</rdf:RDF>", _UA + b"</rdf:RDF>", 1)]
    metadati.compress = False


def _margini_fuori_dalla_lettura(pdf: pydyf.PDF) -> None:
    """Marked content of the margin boxes hangs from no element of the tree: turn it into artifacts of its page."""
    radice = _oggetto(pdf, pdf.catalog["StructTreeRoot"])
    mappa = _oggetto(pdf, radice["ParentTree"])["Nums"]
    collegati = _numeri_raggiungibili(pdf, radice)
    for posto, pagina in enumerate(_pagine(pdf)):
        elementi = mappa[2 * posto + 1]
        orfani = {mcid for mcid, rif in enumerate(elementi) if int(_RIFERIMENTO.match(rif)[1]) not in collegati}  # type: ignore[index]
        if not orfani:
            continue
        flusso = _oggetto(pdf, pagina["Contents"])
        flusso.stream = _con_artefatti(flusso.stream, orfani)
        for mcid in orfani:
            elementi[mcid] = b"null"


def _pagine(pdf: pydyf.PDF) -> list[Any]:
    return [_oggetto(pdf, riferimento) for riferimento in pdf.page_references]


def _numeri_raggiungibili(pdf: pydyf.PDF, radice: Any) -> set[int]:
    raggiunti: set[int] = set()
    da_visitare = list(radice["K"])
    while da_visitare:
        elemento = _oggetto(pdf, da_visitare.pop())
        if elemento is None or elemento.number in raggiunti or "K" not in elemento:
            continue
        raggiunti.add(elemento.number)
        da_visitare.extend(elemento["K"])
    return raggiunti


def _con_artefatti(flusso: list[Any], orfani: set[int]) -> list[Any]:
    """The operators of a page with the marked content `orfani` opened as pagination artifacts instead."""
    esito: list[Any] = []
    for operatore in flusso:
        if (
            operatore == b"BDC"
            and esito
            and isinstance(esito[-1], pydyf.Dictionary)
            and esito[-1].get("MCID") in orfani
        ):
            esito[-2:] = ["/Artifact", pydyf.Dictionary({"Type": "/Pagination"})]
        esito.append(operatore)
    return esito
