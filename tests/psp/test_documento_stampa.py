"""Steps 2 and 3: content → HTML → archivable, accessible bytes, the same for ever (T2, T3)."""

from __future__ import annotations

import datetime as dt
import hashlib
import io
import re
from functools import cache

import page as validatore
import pikepdf
import pypdfium2 as pdfium
import pytest
from weasyprint.urls import FatalURLFetchingError

from orientamento.comune.stampa import conformita
from orientamento.comune.stampa.pdf import RisorseDelDocumento, risorse
from psp.documento.codice import _LARGHEZZE, simboli
from psp.models import Sezione
from psp.services import documento
from tests.psp.casi_documento import ADESSO, esempio, lunghissimo, minimo, variato


@cache
def consueto() -> documento.Documento:
    return documento.prepara_documento(esempio(), adesso=ADESSO, bozza=False)


@cache
def bozza() -> documento.Documento:
    return documento.prepara_documento(esempio(), adesso=ADESSO, bozza=True)


@cache
def bozza_vuota() -> documento.Documento:
    return documento.prepara_documento(minimo(), adesso=ADESSO, bozza=True)


@cache
def lungo() -> documento.Documento:
    return documento.prepara_documento(lunghissimo(), adesso=ADESSO, bozza=False)


def pagine(contenuto: bytes) -> list[str]:
    return [pagina.get_textpage().get_text_bounded() for pagina in pdfium.PdfDocument(contenuto)]


def compatto(testo: str) -> str:
    """Text without blanks: a line's end on paper is no difference."""
    return re.sub(r"[\s\u00ad\ufffe\x02]+", "", testo)


def parole_del_contenuto(valore: object) -> list[str]:
    """Every text of the content but the keys that serve only to compare."""
    if isinstance(valore, dict):
        return [
            t
            for chiave, v in valore.items()
            if chiave not in ("rif", "tipo", "sep", "schema")
            for t in parole_del_contenuto(v)
        ]
    if isinstance(valore, list):
        return [t for v in valore for t in parole_del_contenuto(v)]
    return [valore] if isinstance(valore, str) and valore else []


class TestTestoStampato:
    def test_everything_in_the_content_is_on_paper(self):
        stampato = compatto("".join(pagine(consueto().pdf)))
        assert [t for t in parole_del_contenuto(esempio()) if compatto(t).lower() not in stampato.lower()] == []

    def test_the_law_s_elements_are_said(self):
        stampato = compatto("".join(pagine(consueto().pdf)))
        for detto in (
            "Articolo 20 del decreto legislativo 14 settembre 2015, n. 150",
            "Responsabile delle attività",
            "Frequenza ordinaria dei contatti",
            "Come la persona dimostra la ricerca attiva",
            "Il centro per l'impiego si impegna a",
            "La persona si impegna a",
            "art. 21, comma 7",
            "Informativa completa consegnata il 20/11/2026",
            "Luogo e data: Pistoia",
            "Firma della persona",
            "Firma dell'operatore",
        ):
            assert compatto(detto) in stampato

    def test_a_usual_case_takes_three_or_four_pages_of_a4(self):
        pdf = pdfium.PdfDocument(consueto().pdf)
        assert len(pdf) in (3, 4)
        assert all(pagina.get_size() == pytest.approx((595.28, 841.89), abs=0.1) for pagina in pdf)

    def test_every_page_has_its_number_and_the_code(self):
        testi = pagine(consueto().pdf)
        for n, testo in enumerate(testi, start=1):
            assert f"Pagina {n} di {len(testi)}" in testo
            assert consueto().codice_versione in testo

    def test_the_signatures_stay_with_the_closing_text(self):
        for stampa in (consueto(), lungo(), bozza_vuota()):
            ultima = compatto(pagine(stampa.pdf)[-1])
            assert "8.Firme" in ultima
            assert "Lepartihannolettoilpatto" in ultima
            assert "Firmadell'operatore" in ultima

    def test_a_long_table_repeats_its_headers(self):
        con_righe = [t for t in pagine(lungo().pdf) if "Entro il 15/12/2026" in t]
        assert len(con_righe) > 1
        assert all("Come si dimostra" in t for t in con_righe)

    def test_what_people_write_is_never_a_template(self):
        html = documento.html_del_documento(
            variato(responsabile="{{ 7|add:7 }} {% now 'Y' %} <script>alert(1)</script> & Figli"), bozza=True
        )
        assert "{{ 7|add:7 }} {% now &#x27;Y&#x27; %} &lt;script&gt;" in html
        assert "<script>" not in html

    def test_long_notes_scripts_and_signs_lose_nothing(self):
        arredo = re.compile(r"(?m)^(Pagina \d.*|PSP-\d.*|Patto di servizio personalizzato.*|BNC\w+ · .*)$")
        stampato = compatto("".join(arredo.sub("", t.replace("\r", "")) for t in pagine(lungo().pdf)))
        contenuto = lunghissimo()
        attesa = contenuto["propensioni"][1]["nota"].replace("🙂", "[U+1F642]")
        assert attesa.count("[U+1F642]") == 59
        assert compatto(attesa) in stampato
        assert compatto("ĐorđevićȘtefănescu-González-Castañeda") in stampato
        assert "ΕλένηЮлия" in stampato
        assert "王小明" in stampato or "[U+738B][U+5C0F][U+660E]" in stampato


class TestBozza:
    def test_a_draft_says_so_on_every_page_and_has_no_code(self):
        for testo in pagine(bozza().pdf) + pagine(bozza_vuota().pdf):
            assert "Bozza del 23/11/2026: non valida per la firma" in testo
            assert "PSP-" not in testo
        assert bozza().codice_versione == ""

    def test_the_final_does_not(self):
        assert not any("bozza" in testo.lower() for testo in pagine(consueto().pdf))

    def test_the_watermark_is_light_and_out_of_the_reading_order(self):
        marcata, pulita = (
            pdfium.PdfDocument(s.pdf)[0].render(scale=1, grayscale=True).to_pil() for s in (bozza(), consueto())
        )
        grigi = [sum(immagine.histogram()[215:235]) for immagine in (marcata, pulita)]
        assert grigi[0] > grigi[1] + 10_000
        assert "BOZZA" not in "".join(pagine(bozza().pdf))


class TestArchivio:
    @pytest.mark.parametrize("stampa", [consueto, bozza, bozza_vuota, lungo])
    @pytest.mark.parametrize("profilo", ["3a", "ua1"])
    def test_it_is_pdf_a_and_pdf_ua(self, stampa, profilo):
        esito = validatore.validate_pdf_bytes(stampa().pdf, profile=profilo)
        assert esito.is_compliant, [(f.rule_id, f.message) for f in esito.failures]

    def test_many_contents_validate_whatever_their_bytes(self):
        """A compressed stream that ends like a line would be read in two ways, one time in some twenty prints."""
        for n in range(6):
            stampa = documento.prepara_documento(variato(responsabile=f"Responsabile {n}"), adesso=ADESSO, bozza=False)
            assert b"\r\nendstream" not in stampa.pdf
            assert validatore.is_pdf_compliant_bytes(stampa.pdf, profile="3a")

    def test_any_sign_of_a_keyboard_leaves_it_archivable(self):
        segni = ["❤️", "x\u0302", "\ue000", "\U000e0041", "\u200b\u2060", "🇮🇹", "ำ", "हिन्दी", "עברית (1)", "ﷺ", "\u0378"]
        contenuto = variato(responsabile=" fine, prova ".join(segni))
        stampa = documento.prepara_documento(contenuto, adesso=ADESSO, bozza=False)
        assert validatore.is_pdf_compliant_bytes(stampa.pdf, profile="3a")
        assert validatore.is_pdf_compliant_bytes(stampa.pdf, profile="ua1")

    def test_title_language_author_and_date(self):
        with pikepdf.open(io.BytesIO(consueto().pdf)) as pdf:
            assert str(pdf.Root.Lang) == "it"
            assert bool(pdf.Root.MarkInfo.Marked)
            assert bool(pdf.Root.ViewerPreferences.DisplayDocTitle)
            assert (
                str(pdf.docinfo.Title)
                == f"Patto di servizio personalizzato {consueto().codice_versione} – Bianchi Anna"
            )
            assert str(pdf.docinfo.Author) == "Centro per l'impiego di Pistoia"
            assert str(pdf.docinfo.CreationDate) == "D:20261123103200+01'00"
            assert "/Filter" not in pdf.Root.Metadata
            with pdf.open_outline() as segnalibri:
                assert [capo.title for capo in segnalibri.root[0].children][:2] == [
                    "1. Parti e durata del patto",
                    "2. Profilo della persona",
                ]

    def test_headers_and_footers_are_artifacts(self):
        """They are furniture: the reading order of a screen reader has the text of the pact alone."""
        with pikepdf.open(io.BytesIO(consueto().pdf)) as pdf:
            for pagina, numeri in zip(pdf.pages, pdf.Root.StructTreeRoot.ParentTree.Nums[1::2], strict=True):
                artefatti = pagina.Contents.read_bytes().count(b"/Artifact\n<</Type /Pagination>>")
                assert artefatti >= 3
                assert sum(numero is None for numero in numeri) == artefatti

    def test_only_titillium_is_embedded(self):
        assert caratteri(consueto().pdf) == {"Titillium-Web", "Titillium-Web-Semi-Bold", "Titillium-Web-Bold"}
        assert all(nome.startswith(("Titillium", "DejaVu", "Noto")) for nome in caratteri(lungo().pdf))

    def test_same_content_same_bytes(self):
        seconda = documento.prepara_documento(esempio(), adesso=ADESSO, bozza=False)
        assert seconda.pdf == consueto().pdf
        assert seconda.sha256 == hashlib.sha256(consueto().pdf).hexdigest() == consueto().sha256

    def test_other_prints_between_do_not_change_them(self):
        documento.prepara_documento(lunghissimo(), adesso=ADESSO + dt.timedelta(days=3), bozza=True)
        assert documento.prepara_documento(esempio(), adesso=ADESSO, bozza=False).pdf == consueto().pdf

    def test_a_stream_that_ends_like_a_line_is_written_again(self, monkeypatch):
        risposte = iter([True, True, True, False])
        monkeypatch.setattr("orientamento.comune.stampa.pdf.ambiguo", lambda _: next(risposte))
        stampa = documento.prepara_documento(esempio(), adesso=ADESSO, bozza=False)
        assert next(risposte, None) is None
        assert pagine(stampa.pdf) == pagine(consueto().pdf)
        assert validatore.is_pdf_compliant_bytes(stampa.pdf, profile="3a")
        assert conformita.ambiguo(b"x\r\nendstream")


def caratteri(contenuto: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(contenuto)) as pdf:
        nomi = set()
        for pagina in pdf.pages:
            for carattere in pagina.Resources.Font.values():
                discendente = carattere.DescendantFonts[0]
                assert any(k in discendente.FontDescriptor for k in ("/FontFile2", "/FontFile3", "/FontFile"))
                nomi.add(str(carattere.BaseFont).partition("+")[2])
        return nomi


def test_warming_up_reads_the_fonts_of_the_pact():
    documento.scalda()


class TestRisorse:
    @pytest.mark.parametrize(
        "indirizzo",
        [
            "http://esempio.it/x.css",
            "https://esempio.it/x.png",
            "file:///etc/passwd",
            "ftp://esempio.it/x",
            "data:text/css,p{}",
            "documento:../../../etc/passwd",
            "documento:///etc/passwd",
            "documento:",
            "DOCUMENTO:bozza.svg",
        ],
    )
    def test_everything_else_is_refused(self, indirizzo):
        with pytest.raises(ValueError, match="non può caricare"):
            RisorseDelDocumento()(indirizzo)

    def test_ours_are_found(self):
        for nome in risorse():
            assert RisorseDelDocumento()(f"documento:{nome}").read()

    def test_a_foreign_address_in_the_html_stops_the_print(self):
        html = documento.html_del_documento(esempio(), bozza=False).replace(
            "</body>", '<img src="http://esempio.it/a.png" alt="x"></body>'
        )
        with pytest.raises(FatalURLFetchingError):
            documento.pdf_del_documento(html, identificatore="x", data=ADESSO)


class TestSezioni:
    def test_one_for_each_section_that_a_comment_may_be_tied_to(self):
        assert {sezione.chiave for sezione in documento.sezioni(esempio())} == set(Sezione.values)

    def test_each_prints_by_itself_what_the_paper_prints(self):
        from django.template.loader import render_to_string

        intero = documento.html_del_documento(esempio(), bozza=False)
        for sezione in documento.sezioni(esempio()):
            parte = render_to_string(sezione.modello, {"contenuto": sezione.contenuto})
            assert parte.strip() in intero

    def test_an_unknown_template_version_is_refused(self):
        with pytest.raises(ValueError, match="v0"):
            documento.html_del_documento(esempio(), modello="v0", bozza=True)


class TestBarre:
    def test_every_symbol_is_eleven_modules_wide(self):
        assert len(set(_LARGHEZZE)) == len(_LARGHEZZE) == 107
        assert {sum(map(int, simbolo)) for simbolo in _LARGHEZZE[:-1]} == {11}
        assert sum(map(int, _LARGHEZZE[-1])) == 13

    def test_start_characters_check_and_stop(self):
        """PSP: values 48, 51, 48; check (104 + 48 + 2·51 + 3·48) mod 103."""
        assert simboli("PSP") == [104, 48, 51, 48, 398 % 103, 106]

    def test_what_ascii_cannot_say_is_refused(self):
        with pytest.raises(ValueError, match="ASCII"):
            simboli("è")

    def test_the_printed_bars_say_the_code(self):
        for numero in range(len(pdfium.PdfDocument(consueto().pdf))):
            assert leggi_barre(consueto().pdf, numero) == consueto().codice_versione


def leggi_barre(contenuto: bytes, numero: int) -> str:
    """Read the bars back from the rendered page, as a scanner would: runs of black and white along one line."""
    scala = 300 / 72
    immagine = pdfium.PdfDocument(contenuto)[numero].render(scale=scala, grayscale=True).to_pil()
    riga_pixel = int((297 - 25 + 6.2) / 25.4 * 300)
    destra = int(100 / 25.4 * 300)
    nero = [immagine.getpixel((x, riga_pixel)) < 128 for x in range(destra)]
    inizio = nero.index(True)
    fine = len(nero) - nero[::-1].index(True)
    tratti, ultimo = [1], nero[inizio]
    for punto in nero[inizio + 1 : fine]:
        if punto == ultimo:
            tratti[-1] += 1
        else:
            tratti.append(1)
            ultimo = punto
    modulo = (fine - inizio) / (11 * ((len(tratti) - 7) // 6) + 13)
    larghezze = "".join(str(round(tratto / modulo)) for tratto in tratti)
    valori = [_LARGHEZZE.index(larghezze[i : i + 6]) for i in range(0, len(larghezze) - 7, 6)]
    assert _LARGHEZZE.index(larghezze[-7:]) == 106
    return "".join(chr(valore + 32) for valore in valori[1:-1])
