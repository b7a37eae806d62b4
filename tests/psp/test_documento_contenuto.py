"""Step 1: the content of the pact as plain data (T1, T2, M1, M2)."""

from __future__ import annotations

import datetime as dt
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orientamento.anagrafica.models import Esperienza
from psp.documento.testo import numero, ore, periodo, pulito, riga
from psp.models import AreaAnalisi, CodiceServizio, Misura, Servizio
from psp.services.documento import codice_versione, contenuto_del_patto
from tests.psp.casi_documento import ADESSO, NOTE, esempio, patto_consueto


@pytest.mark.django_db
class TestContenuto:
    def test_it_is_the_frozen_example(self):
        patto = patto_consueto()
        contenuto = contenuto_del_patto(patto, adesso=ADESSO)
        atteso = esempio()
        assert contenuto["numero"] == {"anno": 2026, "progressivo": patto.pk}
        senza_chiavi = json.loads(json.dumps(contenuto))
        for voci in (*(g["atti"] for g in atteso["piano"]), atteso["propensioni"]):
            for voce in voci:
                voce.pop("rif")
        for voci in (*(g["atti"] for g in senza_chiavi["piano"]), senza_chiavi["propensioni"]):
            for voce in voci:
                voce.pop("rif")
        atteso["numero"] = contenuto["numero"]
        assert senza_chiavi == atteso

    def test_json_carries_it_without_loss(self):
        contenuto = contenuto_del_patto(patto_consueto(), adesso=ADESSO)
        assert json.loads(json.dumps(contenuto)) == contenuto

    def test_queries_do_not_grow_with_the_rows(self, django_assert_max_num_queries):
        patto = patto_consueto()
        with django_assert_max_num_queries(15):
            contenuto_del_patto(patto, adesso=ADESSO)

    def test_it_reads_the_rows_and_not_a_stale_object(self):
        patto = patto_consueto()
        type(patto).objects.filter(pk=patto.pk).update(modo_contatti="Videochiamata")
        assert contenuto_del_patto(patto, adesso=ADESSO)["impegni"]["modo_contatti"] == "Videochiamata"

    def test_judgements_and_notes_of_the_areas_stay_out(self):
        patto = patto_consueto()
        AreaAnalisi.objects.create(colloquio=patto.colloquio, area="vincoli", giudizio=1, note="fragile e riservato")
        patto.colloquio.motivazione_note = "poco motivata"
        patto.colloquio.save()
        testo = json.dumps(contenuto_del_patto(patto, adesso=ADESSO), ensure_ascii=False)
        assert "riservato" not in testo
        assert "poco motivata" not in testo

    def test_no_code_is_invented_and_the_code_is_that_of_the_day(self):
        patto = patto_consueto()
        consulenza = Servizio.objects.get(chiave="consulenza-orientativa")
        CodiceServizio.objects.filter(servizio=consulenza).update(valido_al=dt.date(2026, 11, 30))
        CodiceServizio.objects.create(servizio=consulenza, codice="A99", valido_dal=dt.date(2026, 12, 1))

        def codici(giorno: dt.datetime) -> dict[str, str]:
            return {m["rif"]: m["codice"] for m in contenuto_del_patto(patto, adesso=giorno)["misure"]}

        oggi, poi = codici(ADESSO), codici(ADESSO + dt.timedelta(days=10))
        assert (oggi["consulenza-orientativa"], poi["consulenza-orientativa"]) == ("A06", "A99")
        assert oggi["bilancio-competenze"] == ""

    def test_a_refused_measure_is_no_part_of_the_pact(self):
        patto = patto_consueto()
        Misura.objects.filter(servizio__chiave="bilancio-competenze").update(stato="rifiutata")
        nomi = [m["rif"] for m in contenuto_del_patto(patto, adesso=ADESSO)["misure"]]
        assert nomi == ["consulenza-orientativa", "seminari-laboratori"]

    def test_an_almost_empty_draft_has_content_too(self):
        patto = patto_consueto()
        patto.atti.all().delete()
        patto.misure.all().delete()
        patto.utente.propensioni.all().delete()
        patto.utente.profilazioni.all().delete()
        type(patto).objects.filter(pk=patto.pk).update(
            did=None, responsabile_attivita=None, valido_dal=None, valido_al=None, disponibilita_offerte=""
        )
        contenuto = contenuto_del_patto(patto, adesso=ADESSO)
        assert [gruppo["atti"] for gruppo in contenuto["piano"]] == [[], [], []]
        assert contenuto["responsabile"] == ""
        assert contenuto["profilo"]["profilazione"] is None
        assert contenuto["did"] == {"data": "12/11/2026", "programma": "NASpI", "termine": "27/11/2026"}

    def test_many_jobs_are_summed_up(self):
        patto = patto_consueto()
        for anno in range(1990, 2000):
            Esperienza.objects.create(
                utente=patto.utente, mansione=f"Lavoro {anno}", dal=dt.date(anno, 1, 1), al=dt.date(anno, 6, 1)
            )
        profilo = contenuto_del_patto(patto, adesso=ADESSO)["profilo"]
        assert len(profilo["esperienze"]) == 6
        assert profilo["altre_esperienze"] == 7
        assert profilo["esperienze"][0]["mansione"] == "Addetta alla segreteria (tirocinio)"

    def test_the_note_of_a_propensione_is_whole(self):
        propensioni = contenuto_del_patto(patto_consueto(), adesso=ADESSO)["propensioni"]
        assert [p["nota"] for p in propensioni] == list(NOTE)
        assert propensioni[0]["provenienze"] == ["lavoro", "formazione"]


class TestCodice:
    def test_form_of_the_code(self):
        contenuto = esempio()
        assert codice_versione(contenuto).startswith("PSP-2026-000123-")
        assert len(codice_versione(contenuto)) == 20

    def test_it_fits_the_column_for_a_very_high_number(self):
        contenuto = esempio()
        contenuto["numero"]["progressivo"] = 1_234_567_890
        assert len(codice_versione(contenuto)) <= 24

    def test_it_changes_with_the_content_and_only_with_it(self):
        prima, dopo = esempio(), esempio()
        assert codice_versione(prima) == codice_versione(dopo)
        dopo["impegni"]["modo_contatti"] += "."
        assert codice_versione(prima) != codice_versione(dopo)

    def test_it_does_not_depend_on_the_order_of_keys(self):
        contenuto = esempio()
        assert codice_versione(dict(reversed(contenuto.items()))) == codice_versione(contenuto)


class TestTesto:
    @pytest.mark.parametrize(
        ("scritto", "stampato"),
        [
            ("perche\u0301", "perché"),
            ("uno\r\ndue\rtre", "uno\ndue\ntre"),
            ("a\x00b\x07c", "abc"),
            ("lecito \u202eotserp\u202c", "lecito otserp"),
            ("uno\n\n\n\n\ndue  ", "uno\n\ndue"),
            ("👩\u200d🔧", "👩\u200d🔧"),
            (None, ""),
        ],
    )
    def test_people_s_text(self, scritto, stampato):
        assert pulito(scritto) == stampato

    @given(st.text())
    def test_cleaning_twice_changes_nothing_more(self, testo):
        assert pulito(pulito(testo)) == pulito(testo)
        assert "\n" not in riga(testo)

    def test_numbers_and_hours_as_italian_offices_write_them(self):
        assert [numero(1.50), numero(8), numero(0.482), numero(100)] == ["1,5", "8", "0,482", "100"]
        assert [ore(n) for n in (None, 1, 1.5)] == ["", "1 ora", "1,5 ore"]

    def test_periods(self):
        a, b = dt.date(2026, 12, 1), dt.date(2027, 1, 31)
        assert periodo(a, b) == "dal 01/12/2026 al 31/01/2027"
        assert [periodo(a, a), periodo(a, None), periodo(None, b), periodo(None, None)] == [
            "01/12/2026",
            "dal 01/12/2026",
            "entro il 31/01/2027",
            "",
        ]
