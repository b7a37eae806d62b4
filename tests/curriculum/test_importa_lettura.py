"""Reading a sheet (U4): what each generation of the format says, and whatever must be refused with a clear sentence."""

from __future__ import annotations

import io
import time
import zlib
from typing import Any

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pikepdf import Array, Dictionary, Name

from curriculum.controllo.rifiuto import Rifiutato
from curriculum.importazione import motivi
from curriculum.importazione.albero import BYTE_MASSIMI, ELEMENTI_MASSIMI, TESTO_MASSIMO
from curriculum.importazione.dati import VOCI_MASSIME, Scheda
from curriculum.importazione.lettura import leggi_scheda
from curriculum.importazione.livelli import livello_proposto
from curriculum.importazione.testo import semplice, voci_di_elenco
from tests.curriculum import fabbrica, schede


def voci(scheda: Scheda, sezione: str) -> list[dict[str, Any]]:
    return [v.valori for v in scheda.voci if v.sezione == sezione]


def avvisi(scheda: Scheda, sezione: str, numero: int) -> str:
    return " ".join([v.avvisi for v in scheda.voci if v.sezione == sezione][numero])


def motivo(dati: bytes) -> str:
    with pytest.raises(Rifiutato) as rifiuto:
        leggi_scheda(dati)
    return rifiuto.value.motivo


class TestCandidato:
    scheda = leggi_scheda(schede.CANDIDATO)

    def test_jobs_with_dates_as_one_would_type_them(self):
        prima, seconda = voci(self.scheda, "esperienze")
        assert (prima["mansione"], prima["datore"], prima["luogo"]) == (
            "Sarta confezionista",
            "Confezioni Bellandi",
            "Montemurlo",
        )
        assert (prima["dal"], prima["al"]) == ("03/2019", "")
        assert prima["attivita"] == "Ogni giorno:\n- cuciture lineari\n- asole"
        assert (seconda["dal"], seconda["al"], seconda["luogo"]) == ("", "30/11/2018", "Prato")
        assert avvisi(self.scheda, "esperienze", 0) == ""
        assert (
            avvisi(self.scheda, "esperienze", 1) == "Nel documento c'è solo l'anno di inizio, 2014: chiedere il mese."
        )

    def test_a_level_is_proposed_only_where_it_is_sure(self):
        qualifica, estero = voci(self.scheda, "titoli")
        assert (qualifica["livello"], qualifica["anno"], qualifica["conseguito"]) == (3, "2006", True)
        assert (estero["livello"], estero["estero"], estero["conseguito"], estero["anno"]) == (None, True, False, "")
        assert "livello europeo 4" in avvisi(self.scheda, "titoli", 1)

    def test_of_two_levels_the_lower_one_and_it_is_said(self):
        madre, francese = voci(self.scheda, "lingue")
        assert madre == {"lingua": "Italiano", "madrelingua": True}
        assert (francese["lingua"], francese["comprensione"], francese["scritto"]) == ("Francese", "B1", "A2")
        assert "ascolto B2, lettura B1" in avvisi(self.scheda, "lingue", 1)

    def test_skills_licences_and_what_has_no_place(self):
        assert voci(self.scheda, "competenze") == [
            {"descrizione": "Organizzazione del banco", "genere": "trasversale"},
            {"descrizione": "Modellazione CAD per la moda", "genere": "digitale"},
        ]
        assert voci(self.scheda, "altro") == [{"patenti": ["B"]}]
        assert self.scheda.resto == [
            "Patenti che il fascicolo non elenca: C1",
            "Corsi: Sicurezza sul lavoro",
            "Presentazione: Sarta con dieci anni di mestiere.",
        ]

    def test_the_person_is_read_apart(self):
        assert self.scheda.persona["cellulare"] == "+39 3331234567"
        assert self.scheda.persona["data_nascita"] == "09/04/1988"
        assert self.scheda.persona["domicilio_comune"] == "Prato"


class TestPassaporto:
    scheda = leggi_scheda(schede.PASSAPORTO)

    def test_it_says_the_same_things(self):
        assert voci(self.scheda, "esperienze")[0] == {
            "mansione": "Magazziniere",
            "datore": "Logistica Elsa",
            "luogo": "Certaldo",
            "dal": "03/2008",
            "al": "15/09/2015",
            "attivita": "Carico e scarico;\ninventario",
        }
        titolo = voci(self.scheda, "titoli")[0]
        assert (titolo["livello"], titolo["anno"], titolo["istituto"]) == (4, "1998", "Istituto Ferraris")
        assert [x["lingua"] for x in voci(self.scheda, "lingue")] == ["Italiano", "Inglese"]
        assert [(c["genere"], c["descrizione"]) for c in voci(self.scheda, "competenze")] == [
            ("tecnica", "Uso del muletto"),
            ("tecnica", "Gestione delle scorte"),
            ("digitale", "Foglio di calcolo"),
            ("digitale", "Posta elettronica"),
        ]
        assert voci(self.scheda, "altro") == [{"patenti": ["B", "CE"]}]
        assert (self.scheda.persona["cellulare"], self.scheda.persona["telefono"]) == ("347 7654321", "055 1234567")


class TestPDF:
    @pytest.mark.parametrize("xml", [schede.CANDIDATO, schede.PASSAPORTO])
    def test_the_sheet_inside_is_read_as_the_bare_one(self, xml):
        assert leggi_scheda(schede.pdf_con(("attachment.xml", xml))) == leggi_scheda(xml)

    def test_it_is_found_among_other_attachments(self):
        pdf = schede.pdf_con(("foto.txt", b"ciao"), ("altro.xml", b"<a/>"), ("cv.xml", schede.PASSAPORTO))
        assert leggi_scheda(pdf) == leggi_scheda(schede.PASSAPORTO)

    def test_without_one_it_says_what_to_do(self):
        assert motivo(fabbrica.pdf()) == motivo(schede.pdf_con(("a.xml", b"<a/>"))) == motivi.PDF_SENZA_SCHEDA

    def test_a_password_is_named(self):
        cifrato = schede.pdf_con(
            ("cv.xml", schede.CANDIDATO), encryption=pikepdf.Encryption(owner="a", user="segreta", R=6)
        )
        assert motivo(cifrato) == motivi.PROTETTO

    @pytest.mark.parametrize("dati", [b"%PDF-1.7 e poi niente", fabbrica.pdf()[:300]])
    def test_a_broken_one_is_refused(self, dati):
        assert motivo(dati) in (motivi.DANNEGGIATO, motivi.PDF_SENZA_SCHEDA)

    def test_an_attachment_that_grows_without_end_is_not_opened(self):
        with pikepdf.new() as documento:
            documento.add_blank_page()
            flusso = documento.make_stream(fabbrica.zeri_compressi(900))
            flusso.Filter, flusso.Type = Name.FlateDecode, Name.EmbeddedFile
            documento.Root.AF = Array([documento.make_indirect(Dictionary(EF=Dictionary(F=flusso)))])
            uscita = io.BytesIO()
            documento.save(uscita, compress_streams=False)
        assert len(uscita.getvalue()) < BYTE_MASSIMI
        assert motivo(uscita.getvalue()) == motivi.PDF_SENZA_SCHEDA

    def test_entities_inside_are_no_sheet(self):
        assert motivo(schede.pdf_con(("cv.xml", schede.BOMBA))) == motivi.PDF_SENZA_SCHEDA


SCHEGGE = [b"", b"<", b">", b"&", b"&#0;", b"&#xD800;", b"<!DOCTYPE a>", b"\xff", b"]]>", b"<a/>"]
PROFONDA = b'<Candidate xmlns="http://www.europass.eu/1.0">' + b"<a>" * 60 + b"</a>" * 60 + b"</Candidate>"
AFFOLLATA = b'<Candidate xmlns="http://www.europass.eu/1.0">' + b"<a/>" * (ELEMENTI_MASSIMI + 1) + b"</Candidate>"
VECCHIA = b'<learnerinfo xmlns="http://europass.cedefop.europa.eu/Europass/V2.0"><identification/></learnerinfo>'


class TestRifiuti:
    @pytest.mark.parametrize(
        ("dati", "atteso"),
        [
            (b"", motivi.VUOTO),
            (b"  \n ", motivi.VUOTO),
            (b"Curriculum di Mario", motivi.NON_XML),
            (b"PK\x03\x04...", motivi.NON_XML),
            (b"<a", motivi.ROTTO),
            (schede.CANDIDATO[:-40], motivi.ROTTO),
            (b"<a/>", motivi.NON_EUROPASS),
            (b"<html><body>ciao</body></html>", motivi.NON_EUROPASS),
            (b'<SkillsPassport xmlns="http://esempio.invalid/"/>', motivi.NON_EUROPASS),
            (b'<Altro xmlns="http://www.europass.eu/1.0"/>', motivi.NON_EUROPASS),
            (VECCHIA, motivi.VECCHIO),
            (schede.BOMBA, motivi.ENTITA),
            (schede.ESTERNA, motivi.ENTITA),
            (b'<?xml version="1.0" encoding="boh"?><a/>', motivi.ROTTO),
            (PROFONDA, motivi.TROPPO_COMPLICATO),
            (AFFOLLATA, motivi.TROPPO_COMPLICATO),
            (b'<Candidate xmlns="http://www.europass.eu/1.0"/>', motivi.SENZA_VOCI),
            (schede.candidato("", schede.PERSONA.replace("<PrimaryLanguageCode", "<Altro").replace(
                "</PrimaryLanguageCode>", "</Altro>")), motivi.SENZA_VOCI),
            (b"<a>" + b" " * BYTE_MASSIMI + b"</a>", motivi.troppo_grande(BYTE_MASSIMI)),
        ],
    )  # fmt: skip
    def test_each_says_why(self, dati, atteso):
        assert motivo(dati) == atteso

    def test_any_cut_of_a_good_sheet_is_refused_or_read_never_an_error(self):
        for fino in range(1, len(schede.CANDIDATO), 97):
            with pytest.raises(Rifiutato):
                leggi_scheda(schede.CANDIDATO[:fino])

    @settings(max_examples=150, deadline=None)
    @given(st.data())
    def test_whatever_a_hostile_hand_changes_it_is_read_or_refused(self, data):
        """Bytes put in, taken out, swapped: never an error page."""
        intero = data.draw(st.sampled_from([schede.CANDIDATO, schede.PASSAPORTO]))
        rotto = bytearray(intero)
        for _ in range(data.draw(st.integers(1, 6))):
            dove = data.draw(st.integers(0, len(rotto) - 1))
            quanti = data.draw(st.integers(0, 30))
            pezzi = st.sampled_from(
                [b"", b"<", b">", b"&", b"&#0;", b"&#xD800;", b"<!DOCTYPE a>", b"\xff", b"]]>", b"<a/>"]
            )
            rotto[dove : dove + quanti] = data.draw(pezzi)
        try:
            letto = bool(leggi_scheda(bytes(rotto)).voci)
        except Rifiutato as rifiuto:
            letto = rifiuto.motivo.endswith(".")
        assert letto

    def test_other_encodings_are_read(self):
        scritta = schede.CANDIDATO.decode().replace("UTF-8", "UTF-16")
        assert leggi_scheda(scritta.encode("utf-16")) == leggi_scheda(schede.CANDIDATO)

    def test_what_is_too_much_is_cut_and_counted(self):
        gruppo = "".join(f"<DigitalSkill>Programma {n}</DigitalSkill>" for n in range(VOCI_MASSIME + 7))
        scheda = leggi_scheda(
            schede.candidato(f"<DigitalSkills><DigitalSkillsGroup>{gruppo}</DigitalSkillsGroup></DigitalSkills>")
        )
        assert (len(scheda.voci), scheda.tagliate) == (VOCI_MASSIME, 7)

    def test_many_entries_and_long_titles_cost_no_more_than_their_length(self):
        voce = "<PersonCompetency><TaxonomyID>digital_skill</TaxonomyID><CompetencyName>Programma {}</CompetencyName>"
        molte = "".join((voce + "</PersonCompetency>").format(n) for n in range(6_000))
        titolo = f"<DegreeName>{'master ' * 5_000}</DegreeName>"
        studio = f"<EducationOrganizationAttendance><EducationDegree>{titolo}</EducationDegree>"
        corpo = (
            f"<PersonQualifications>{molte}</PersonQualifications>"
            f"<EducationHistory>{studio}</EducationOrganizationAttendance></EducationHistory>"
        )
        testo = (
            f'<Candidate xmlns="http://www.europass.eu/1.0"><CandidateProfile>{corpo}</CandidateProfile></Candidate>'
        )
        inizio = time.process_time()
        scheda = leggi_scheda(testo.encode())
        assert time.process_time() - inizio < 2
        assert (len(scheda.voci), scheda.tagliate) == (VOCI_MASSIME, 6_001 - VOCI_MASSIME)

    def test_a_long_text_is_cut_at_a_word_and_it_is_said(self):
        titolo = "parola " * 60
        scheda = leggi_scheda(
            schede.candidato(
                "<EducationHistory><EducationOrganizationAttendance><EducationDegree>"
                f"<hr:DegreeName>{titolo}</hr:DegreeName>"
                "</EducationDegree></EducationOrganizationAttendance></EducationHistory>"
            )
        )
        scritto = scheda.voci[0].valori["descrizione"]
        assert len(scritto) <= 200
        assert scritto.endswith("parola…")
        assert "più lungo di 200 caratteri" in scheda.voci[0].avvisi[-1]

    def test_impossible_dates_are_left_to_people(self):
        coda = "</eures:StartDate></eures:EmploymentPeriod></PositionHistory></EmployerHistory></EmploymentHistory>"
        periodo = "<eures:EmploymentPeriod><eures:StartDate><hr:FormattedDateTime>{}</hr:FormattedDateTime>"
        for scritta, attesa in (("2019-02-31", "02/2019"), ("2019-13-01", ""), ("99999-01-01", ""), ("ieri", "")):
            scheda = leggi_scheda(
                schede.candidato(
                    "<EmploymentHistory><EmployerHistory><PositionHistory><PositionTitle>Cuoco</PositionTitle>"
                    + periodo.format(scritta)
                    + coda
                )
            )
            assert scheda.voci[0].valori["dal"] == attesa
            assert scheda.voci[0].avvisi


class TestTesti:
    def test_html_becomes_lines(self):
        html = "<p>Uno</p><ul><li>due &amp; <b>tre</b></li><li>quattro</li></ul><script>alert(1)</script>fine"
        assert semplice(html) == "Uno\n- due & tre\n- quattro\nfine"

    @pytest.mark.parametrize("testo", ["meno di 5 < 6", "R&D", "a <> b", "5 > 3"])
    def test_plain_text_stays(self, testo):
        assert semplice(testo) == testo

    @pytest.mark.parametrize("pezzo", ["<a a=", "<!--", "<a ", "</a", "&a"])
    def test_a_hostile_text_costs_no_more_than_its_length(self, pezzo):
        inizio = time.process_time()
        semplice(pezzo * (TESTO_MASSIMO // len(pezzo)))
        semplice("<" + "a" * TESTO_MASSIMO)
        assert time.process_time() - inizio < 1

    def test_a_number_that_is_no_character_is_left_out(self):
        assert semplice(f"Prima&#{'1' * 5000};dopo &#39;ancora&#39;") == "Primadopo 'ancora'"

    def test_lists_are_taken_apart(self):
        assert voci_di_elenco("<ul><li>- Saldatura a filo;</li><li>Tornio</li></ul>• Tornio; x") == [
            "Saldatura a filo",
            "Tornio",
        ]

    @pytest.mark.parametrize(
        ("titolo", "eqf", "atteso"),
        [
            ("Licenza media", "", 2),
            ("Diploma di perito elettronico", "4", 4),
            ("Diploma di liceo scientifico", "", 4),
            ("Diploma professionale di tecnico", "4", None),
            ("Laurea magistrale in fisica", "7", 7),
            ("Master universitario di II livello", "8", 10),
            ("Master universitario di primo livello", "7", 9),
            ("Dottorato di ricerca in chimica", "8", 12),
            ("Corso di cucina", "3", 3),
            ("Corso di cucina", "6", None),
            ("Corso di cucina", "", None),
            ("Laurea e dottorato", "8", None),
        ],
    )
    def test_levels(self, titolo, eqf, atteso):
        assert livello_proposto(titolo, eqf) == atteso


def test_the_bomb_of_the_test_is_one() -> None:
    assert len(zlib.decompress(fabbrica.zeri_compressi(3))) == 3 * 1024 * 1024
