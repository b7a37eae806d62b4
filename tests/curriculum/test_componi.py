"""CV dal fascicolo (U4, V1): what is printed and what never is, how it is saved and remembered, its conformity."""

from __future__ import annotations

import datetime as dt
import io
from html import unescape
from typing import Any

import page as validatore
import pikepdf
import pypdfium2 as pdfium
import pytest
from django.http import HttpResponse
from django.urls import reverse

from curriculum.composizione.contenuto import blocchi
from curriculum.composizione.fonti import leggi_fonti
from curriculum.composizione.scelte import Scelte
from curriculum.models import Curriculum, TestoCurriculum
from curriculum.services.composizione import pdf_del_cv, scelte_di_partenza
from curriculum.services.controllo import controlla_pdf
from orientamento.anagrafica.models import (
    AltreInformazioni,
    CompetenzaPersonale,
    DocumentoSoggiorno,
    Esperienza,
    LinguaConosciuta,
    TitoloStudio,
)
from orientamento.comune.calendario import adesso
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast
from tests.curriculum.conftest import archivio
from tests.psp.test_documento_stampa import compatto, pagine

ADESSO = dt.datetime(2026, 11, 23, 9, 30, tzinfo=dt.UTC)


@pytest.fixture
def pieno(pronto: Cast) -> Cast:
    """A citizen with something in every section."""
    u = pronto.utente
    u.cellulare, u.email, u.domicilio_comune, u.domicilio_provincia = "333 9876543", "anna@posta.example", "Prato", "PO"
    u.data_nascita = dt.date(1985, 4, 9)
    u.save()
    TitoloStudio.objects.create(utente=u, livello=7, descrizione="Laurea in economia", conseguito=False)
    Esperienza.objects.create(
        utente=u,
        mansione="Contabile",
        datore="Filati Bisenzio",
        luogo="Prato",
        dal=dt.date(2019, 3, 1),
        attivita="Registrazione delle fatture:\n- fornitori\n- clienti",
    )
    Esperienza.objects.create(
        utente=u, mansione="Commessa", datore="Casa della lana", dal=dt.date(2010, 1, 1), al=dt.date(2012, 6, 30)
    )
    LinguaConosciuta.objects.create(utente=u, lingua="Italiano", madrelingua=True)
    LinguaConosciuta.objects.create(utente=u, lingua="Inglese", comprensione="B1", parlato="B1", scritto="A2")
    CompetenzaPersonale.objects.create(utente=u, genere="digitale", descrizione="Foglio di calcolo")
    AltreInformazioni.objects.create(
        utente=u, patenti=["B"], patentini=["haccp"], automunito=True, note="Iscritta alla legge 68"
    )
    DocumentoSoggiorno.objects.create(
        utente=u, tipo="permesso", numero="I01234567", scadenza=dt.date(2027, 1, 1), ricevuta_rinnovo=False
    )
    return pronto


def stampato(cast: Cast, **scelte: Any) -> tuple[bytes, str]:
    """The PDF with the usual choices but `scelte`, and its text without blanks."""
    fonti = leggi_fonti(cast.utente)
    partenza = scelte_di_partenza(fonti)
    pdf = pdf_del_cv(fonti, Scelte(**{**vars(partenza), **scelte}), adesso=ADESSO)
    return pdf, compatto("".join(pagine(pdf)))


def dati_della_pagina(cast: Cast, **altro: Any) -> dict[str, Any]:
    """What the page would send as it stands at its first opening."""
    form = cast.client("operatore").get(reverse("curriculum:componi", args=[cast.utente.pk])).context["form"]
    dati = {nome: form[nome].value() for nome in form.fields}
    return {nome: valore for nome, valore in {**dati, **altro}.items() if valore not in (None, False)}


def manda(cast: Cast, nome: str, **altro: Any) -> HttpResponse:
    url = reverse(f"curriculum:{nome}", args=[cast.utente.pk])
    return cast.client("operatore").post(url, dati_della_pagina(cast, **altro))


class TestContenuto:
    def test_every_section_is_on_paper(self, pieno):
        testo = stampato(pieno, profilo="Cerco un impiego stabile.")[1]
        for atteso in (
            f"{pieno.utente.nome} {pieno.utente.cognome}",
            "Magazziniere di prova",
            "333 9876543",
            "anna@posta.example",
            "Prato (PO)",
            "Cerco un impiego stabile.",
            "03/2019 – oggi",
            "Filati Bisenzio, Prato",
            "01/2010 – 06/2012",
            "Diploma di ragioneria",
            "Madrelingua",
            "B1",
            "Foglio di calcolo",
            "Igiene degli alimenti (HACCP)",
            "Autorizzo il trattamento",
            "Regolamento (UE) 2016/679",
            "Prato, 23/11/2026",
        ):
            assert compatto(atteso) in testo, atteso

    def test_the_newest_job_comes_first(self, pieno):
        testo = stampato(pieno)[1]
        assert testo.index("Contabile") < testo.index("Commessa")

    def test_what_is_nobody_s_business_is_never_there(self, pieno):
        """Not even by choosing everything: notes, stay and special data are no source of the page."""
        fonti = leggi_fonti(pieno.utente)
        tutto = scelte_di_partenza(fonti)
        tutto.recapiti = list(fonti.recapiti)
        testo = compatto("".join(pagine(pdf_del_cv(fonti, tutto, adesso=ADESSO))))
        for vietato in ("legge 68", "I01234567", "soggiorno", "Iscritta", pieno.utente.cittadinanza):
            assert compatto(vietato) not in testo

    def test_identity_numbers_and_the_address_only_if_asked(self, pieno):
        u = pieno.utente
        testo = stampato(pieno)[1]
        assert u.codice_fiscale not in testo
        assert "09/04/1985" not in testo
        assert compatto(u.domicilio_indirizzo) not in testo
        assert u.codice_fiscale in stampato(pieno, recapiti=["codice_fiscale"])[1]

    def test_a_title_not_obtained_is_left_out_unless_asked(self, pieno):
        assert "Laureaineconomia" not in stampato(pieno)[1]

    def test_without_the_authorization_only_the_date(self, pieno):
        testo = stampato(pieno, autorizzazione=False)[1]
        assert "2016/679" not in testo
        assert "Aggiornatoil23/11/2026" in testo

    def test_lists_and_paragraphs_of_a_text(self):
        assert blocchi("Uno\n- due\n• tre\n\nquattro") == [
            {"voci": [], "testo": "Uno"},
            {"voci": ["due", "tre"], "testo": ""},
            {"voci": [], "testo": "quattro"},
        ]

    def test_people_s_words_are_never_a_template(self, pieno):
        testo = stampato(pieno, profilo="{{ 7|add:7 }} <script>alert(1)</script> & Figli {% now 'Y' %}")[1]
        assert compatto("{{ 7|add:7 }} <script>alert(1)</script> & Figli {% now 'Y' %}") in testo


class TestStampa:
    def test_an_empty_file_makes_a_sound_page(self, cast):
        pdf, testo = stampato(cast)
        assert len(pdfium.PdfDocument(pdf)) == 1
        assert compatto("Curriculum vitae") in testo or compatto("CURRICULUM VITAE") in testo
        assert controlla_pdf(pdf).accettato

    @pytest.mark.parametrize("profilo", ["3a", "ua1"])
    @pytest.mark.parametrize("quale", ["vuoto", "pieno", "lungo"])
    def test_it_is_pdf_a_and_pdf_ua(self, cast, request, quale, profilo):
        scelte = {}
        if quale != "vuoto":
            request.getfixturevalue("pieno")
        if quale == "lungo":
            allunga(cast)
            scelte = {"profilo": ("Testo lungo con àccenti, ❤️ e 王小明. " * 40)[:1500]}
        pdf = stampato(cast, **scelte)[0]
        esito = validatore.validate_pdf_bytes(pdf, profile=profilo)
        assert esito.is_compliant, [(f.rule_id, f.message) for f in esito.failures]

    def test_a_usual_case_takes_one_page_and_our_own_check_takes_it(self, pieno):
        pdf = stampato(pieno, profilo="Contabile con dieci anni di esperienza. " * 4)[0]
        documento = pdfium.PdfDocument(pdf)
        assert len(documento) == 1
        assert documento[0].get_size() == pytest.approx((595.28, 841.89), abs=0.1)
        assert controlla_pdf(pdf).accettato

    def test_long_texts_lose_nothing_and_no_heading_stays_alone(self, pieno):
        allunga(pieno)
        pdf = stampato(pieno)[0]
        testi = pagine(pdf)
        assert len(testi) > 3
        assert compatto("".join(testi)).count("ParolaUltima") == 12
        for numero, testo in enumerate(testi, start=1):
            righe = [r.strip() for r in testo.splitlines() if r.strip() and "Curriculum vitae" not in r]
            assert f"Pagina {numero} di {len(testi)}" in testo
            assert [r for r in righe if not r.startswith("Pagina")][-1] not in TITOLI

    def test_title_language_and_order_of_reading(self, pieno):
        pdf = stampato(pieno)[0]
        with pikepdf.open(io.BytesIO(pdf)) as aperto:
            assert str(aperto.Root.Lang) == "it"
            u = pieno.utente
            assert str(aperto.docinfo.Title) == f"Curriculum vitae di {u.nome} {u.cognome}"

    def test_the_same_day_the_same_choices_give_the_same_bytes(self, pieno):
        fonti = leggi_fonti(pieno.utente)
        scelte = scelte_di_partenza(fonti)
        prima, dopo = (pdf_del_cv(fonti, scelte, adesso=ADESSO + dt.timedelta(hours=h)) for h in (0, 5))
        assert prima == dopo
        assert prima != pdf_del_cv(fonti, scelte, adesso=ADESSO + dt.timedelta(days=1))


TITOLI = {
    "Presentazione",
    "Esperienze di lavoro",
    "Istruzione e formazione",
    "Lingue",
    "Competenze",
    "Altre informazioni",
}


def allunga(cast: Cast) -> None:
    for n in range(12):
        Esperienza.objects.create(
            utente=cast.utente,
            mansione=f"Mansione numero {n} dal nome lungo quanto basta per andare a capo nella colonna del curriculum",
            datore="Società cooperativa sociale con un nome che non finisce mai e continua ancora per molte parole",
            dal=dt.date(2000 + n, 1, 1),
            al=dt.date(2000 + n, 12, 31),
            attivita="Frase di attività svolte, abbastanza lunga da riempire più righe. " * 25 + "ParolaUltima",
        )


class TestPagina:
    def test_everything_of_the_file_is_offered(self, pieno):
        risposta = pieno.client("operatore").get(reverse("curriculum:componi", args=[pieno.utente.pk]))
        testo = unescape(risposta.content.decode())
        assert risposta.status_code == 200
        for offerto in ("Contabile", "Registrazione delle fatture", "Magazziniere di prova", "Codice fiscale: "):
            assert offerto in testo
        assert "legge 68" not in testo

    def test_the_preview_shows_what_is_typed_and_saves_nothing(self, pieno):
        risposta = manda(pieno, "componi_anteprima", profilo="Parole di prova")
        assert risposta["Content-Type"] == "application/pdf"
        assert risposta["Content-Disposition"].startswith("inline; filename")
        assert "Parole di prova" in "".join(pagine(risposta.content))
        assert not Curriculum.objects.exists()
        assert not TestoCurriculum.objects.exists()
        assert archivio() == []

    def test_what_is_unticked_is_not_printed(self, pieno):
        commessa = Esperienza.objects.get(mansione="Commessa")
        risposta = manda(pieno, "componi_anteprima", **{f"esperienza_{commessa.pk}": None, "lingue": []})
        testo = "".join(pagine(risposta.content))
        assert "Contabile" in testo
        assert "Commessa" not in testo
        assert "Inglese" not in testo

    def test_saving_makes_it_the_current_one_and_leaves_the_file_as_it_is(self, pieno):
        contabile = Esperienza.objects.get(mansione="Contabile")
        risposta = manda(pieno, "componi", **{f"testo_{contabile.pk}": "Testo riscritto con la persona"})
        assert risposta.status_code == 302
        salvato = Curriculum.objects.attuali().get(utente=pieno.utente)
        assert salvato.origine == Curriculum.Origine.FASCICOLO
        assert salvato.nome_originale == f"CV {pieno.utente.cognome} {pieno.utente.nome}.pdf"
        with salvato.file.open() as file:
            assert "Testo riscritto con la persona" in "".join(pagine(file.read()))
        contabile.refresh_from_db()
        assert contabile.attivita.startswith("Registrazione delle fatture")
        assert [e.azione for e in Evento.objects.filter(azione__startswith="curriculum").order_by("pk")] == [
            Azione.CURRICULUM_SALVATO,
            Azione.CURRICULUM_COMPOSTO,
        ]
        composto = Evento.objects.get(azione=Azione.CURRICULUM_COMPOSTO)
        assert "riscritto" not in str(composto.dettaglio)

    def test_saved_twice_on_one_day_it_is_one(self, pieno):
        dati = dati_della_pagina(pieno)
        url = reverse("curriculum:componi", args=[pieno.utente.pk])
        for _ in range(2):
            assert pieno.client("operatore").post(url, dati).status_code == 302
        assert Curriculum.objects.filter(utente=pieno.utente).count() == 1
        assert Evento.objects.filter(azione=Azione.CURRICULUM_COMPOSTO).count() == 1

    def test_without_the_gate_nothing_is_saved_and_the_words_stay(self, cast):
        risposta = cast.client("operatore").post(
            reverse("curriculum:componi", args=[cast.utente.pk]), {"profilo": "Parole da non perdere"}
        )
        assert risposta.status_code == 422
        testo = unescape(risposta.content.decode())
        assert "Prima occorre aggiungere almeno un titolo di studio e almeno una propensione" in testo
        assert "Parole da non perdere" in testo
        assert archivio() == []
        assert not TestoCurriculum.objects.exists()

    def test_a_text_too_long_is_said_at_its_field(self, pieno):
        risposta = manda(pieno, "componi", profilo="x" * 1501)
        assert risposta.status_code == 422
        assert "profilo" in risposta.context["form"].errors
        assert manda(pieno, "componi_anteprima", profilo="x" * 1501).status_code == 422


class TestRicordo:
    """The next time begins from the last words, but what changed in the file is seen."""

    def scelte(self, cast: Cast) -> Scelte:
        return scelte_di_partenza(leggi_fonti(cast.utente))

    def test_texts_and_choices_come_back(self, pieno):
        contabile, commessa = (Esperienza.objects.get(mansione=m) for m in ("Contabile", "Commessa"))
        manda(
            pieno,
            "componi",
            profilo="Cerco lavoro",
            recapiti=["email"],
            autorizzazione=None,
            **{f"testo_{contabile.pk}": "Riscritto", f"esperienza_{commessa.pk}": None},
        )
        dopo = self.scelte(pieno)
        assert (dopo.profilo, dopo.recapiti, dopo.autorizzazione) == ("Cerco lavoro", ["email"], False)
        assert dopo.esperienze == {str(contabile.pk): "Riscritto"}

    def test_a_new_entry_is_printed_and_a_changed_one_begins_again_from_the_file(self, pieno):
        contabile = Esperienza.objects.get(mansione="Contabile")
        manda(pieno, "componi", **{f"testo_{contabile.pk}": "Riscritto"})
        contabile.attivita = "Corretto nel fascicolo"
        contabile.save()
        nuova = Esperienza.objects.create(utente=pieno.utente, mansione="Nuova", dal=dt.date(2026, 1, 1))
        dopo = self.scelte(pieno)
        assert dopo.esperienze[str(contabile.pk)] == "Corretto nel fascicolo"
        assert str(nuova.pk) in dopo.esperienze

    def test_an_entry_gone_meanwhile_is_no_trouble(self, pieno):
        dati = dati_della_pagina(pieno)
        Esperienza.objects.get(mansione="Commessa").delete()
        CompetenzaPersonale.objects.all().delete()
        LinguaConosciuta.objects.get(lingua="Inglese").delete()
        url = reverse("curriculum:componi", args=[pieno.utente.pk])
        assert pieno.client("operatore").post(url, dati).status_code == 302
        assert self.scelte(pieno).esperienze.keys() == {str(Esperienza.objects.get().pk)}


def test_the_service_keeps_the_old_one_until_the_new_is_sound(pieno: Cast) -> None:
    manda(pieno, "componi")
    primo = Curriculum.objects.attuali().get()
    manda(pieno, "componi", profilo="Altro")
    assert Curriculum.objects.attuali().get().pk != primo.pk
    primo.refresh_from_db()
    assert primo.stato == Curriculum.Stato.SOSTITUITO
    assert primo.caricato_il <= adesso()
