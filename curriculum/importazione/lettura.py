"""The door: bytes of a file → what the sheet says (U4). What is wrong is a `Rifiutato`, with a sentence."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from curriculum.controllo.rifiuto import Rifiutato
from curriculum.importazione import candidato, motivi, passaporto
from curriculum.importazione.albero import BYTE_MASSIMI, nome, radice, spazio
from curriculum.importazione.dati import Scheda
from curriculum.importazione.pdf import scheda_nel_pdf

INIZI_XML = (b"<", b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")


def leggi_scheda(contenuto: bytes) -> Scheda:
    """The sheet in `contenuto`, an XML or a PDF that carries one; never empty, at most `VOCI_MASSIME` entries."""
    if not contenuto.strip():
        raise Rifiutato(motivi.VUOTO)
    if len(contenuto) > BYTE_MASSIMI:
        raise Rifiutato(motivi.troppo_grande(BYTE_MASSIMI))
    if b"%PDF-" in contenuto[:1024]:
        contenuto = scheda_nel_pdf(contenuto)
    elif not contenuto.lstrip().startswith(INIZI_XML):
        raise Rifiutato(motivi.NON_XML)
    scheda = _secondo_il_formato(radice(contenuto))
    if not scheda.voci:
        raise Rifiutato(motivi.SENZA_VOCI)
    return scheda


def _secondo_il_formato(cima: Element) -> Scheda:
    chi, dove = nome(cima), spazio(cima).lower()
    if "europass" not in dove:
        raise Rifiutato(motivi.NON_EUROPASS)
    if chi == "Candidate":
        return candidato.leggi(cima)
    if chi == "SkillsPassport":
        return passaporto.leggi(cima)
    raise Rifiutato(motivi.VECCHIO if chi.lower() == "learnerinfo" else motivi.NON_EUROPASS)
