"""The verbs of the interview: opening, saving, completing, concluding (C1-C5, C8, A2)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from orientamento.anagrafica.models import PresaInCarico, TestoInformativo
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import Appuntamento, Area, AreaAnalisi, Colloquio, ImpresaObiettivo
from psp.services import colloquio as servizi
from psp.services.appuntamento import dichiara_minuti, incontro_di_oggi
from psp.services.completezza_colloquio import mancanze_fase, prima_fase_incompleta
from psp.services.conflitto import confronta, risolvi
from tests.cast import Cast, crea_utente
from tests.psp.scene import ANALISI, INFORMATIVA, analizzato, apri, informato, propensione, salva


def righe(azione: Azione, colloquio: Colloquio) -> int:
    return Evento.objects.filter(azione=azione, oggetto_tipo="psp.colloquio", oggetto_id=colloquio.pk).count()


class TestApri:
    def test_needs_the_presa_in_carico(self, cast: Cast) -> None:
        """U2: with the cure in the message, and nothing written."""
        cast.utente = crea_utente(cast.cpi)
        with pytest.raises(RegolaViolata, match="presa in carico") as rifiuto:
            apri(cast)
        assert rifiuto.value.regola == "U2"
        assert not Colloquio.objects.exists()

    def test_a_closed_presa_in_carico_is_none(self, cast: Cast) -> None:
        PresaInCarico.objects.update(chiusa_il=oggi())
        with pytest.raises(RegolaViolata):
            apri(cast)

    def test_twice_is_the_same_interview(self, cast: Cast) -> None:
        assert apri(cast) == apri(cast)
        assert Colloquio.objects.count() == 1

    def test_a_colleague_resumes_another_day_with_a_line_of_the_register(self, cast: Cast) -> None:
        """C1."""
        colloquio = informato(cast)
        ripreso = apri(cast, attore=cast.collega, adesso=adesso() + dt.timedelta(days=3))
        assert ripreso == colloquio
        riga = Evento.objects.get(azione=Azione.COLLOQUIO_APERTO, attore=cast.collega)
        assert riga.dettaglio == {"ripreso": True}

    def test_the_database_refuses_a_second_one_in_progress(self, cast: Cast) -> None:
        apri(cast)
        with pytest.raises(IntegrityError), transaction.atomic():
            Colloquio.objects.create(utente=cast.utente, cpi=cast.cpi, aperto_il=adesso(), aperto_da=cast.operatore)

    def test_after_the_conclusion_a_new_one_may_begin(self, cast: Cast) -> None:
        primo = apri(cast)
        Colloquio.objects.update(concluso_il=adesso())
        assert apri(cast) != primo


class TestSalva:
    def test_writes_the_fields_the_version_and_the_hand(self, cast: Cast) -> None:
        colloquio = apri(cast)
        salva(cast, colloquio, 1, {"aspettative": 5, "aspettative_note": "Molte ✨"})
        colloquio.refresh_from_db()
        assert (colloquio.aspettative, colloquio.aspettative_note) == (5, "Molte ✨")
        assert (colloquio.versione_1, colloquio.versione_2, colloquio.salvato_da) == (2, 1, cast.operatore)
        assert colloquio.scritture["aspettative"]["da"] == "Laura Verdi"

    def test_a_stale_version_is_refused_and_nothing_is_written(self, cast: Cast) -> None:
        """C8."""
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_vincoli_note": "Di Verdi"}, versione=1)
        prima = Evento.objects.count()
        with pytest.raises(VersioneSuperata):
            salva(cast, colloquio, 2, {"area_vincoli_note": "Di Neri"}, versione=1, attore=cast.collega)
        assert AreaAnalisi.objects.get().note == "Di Verdi"
        assert Evento.objects.count() == prima
        assert not Appuntamento.objects.filter(operatore=cast.collega).exists()

    def test_saving_what_is_already_there_writes_nothing_and_is_never_refused(self, cast: Cast) -> None:
        """The double click, the repeated request, the return of a lost answer."""
        colloquio = apri(cast)
        salva(cast, colloquio, 1, {"motivazione": 2}, versione=1)
        salva(cast, colloquio, 1, {"motivazione": 2}, versione=1)
        colloquio.refresh_from_db()
        assert colloquio.versione_1 == 2

    def test_the_phases_have_versions_of_their_own(self, cast: Cast) -> None:
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"portale": "fatto"}, versione=1)
        salva(cast, colloquio, 1, {"aspettative": 1}, versione=2)
        colloquio.refresh_from_db()
        assert (colloquio.versione_1, colloquio.versione_2) == (3, 2)

    def test_one_update_and_one_upsert_whatever_changed(self, cast: Cast, django_assert_num_queries) -> None:
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_profilo_note": "a"})
        dati = {f"area_{area}_note": f"Nota {area}" for area in Area.values} | {"portale": "fatto"}
        with django_assert_num_queries(6) as catturate:  # savepoint, lock, areas, update, upsert, release
            servizi.salva_fase(
                colloquio=colloquio, fase=2, dati=dati, versione=2, attore=cast.operatore, adesso=adesso()
            )
        scritte = [
            q["sql"].split()[0] for q in catturate.captured_queries if q["sql"].split()[0] in ("UPDATE", "INSERT")
        ]
        assert sorted(scritte) == ["INSERT", "UPDATE"]

    def test_the_register_has_one_line_per_sitting_and_phase_without_text(self, cast: Cast) -> None:
        """A2: not a line each keystroke, and never the text of notes."""
        colloquio = informato(cast)
        for parola in ("uno", "uno due", "uno due tre"):
            salva(cast, colloquio, 2, {"area_profilo_note": parola, "area_mercato_giudizio": len(parola) % 5 + 1})
        fase_2 = Evento.objects.filter(azione=Azione.COLLOQUIO_SALVATO, dettaglio__fase=2)
        assert [riga.dettaglio for riga in fase_2] == [
            {"fase": 2, "campi": ["area_mercato_giudizio", "area_profilo_note"]}
        ]
        salva(cast, colloquio, 2, {"area_profilo_note": "quattro"}, attore=cast.collega)
        salva(cast, colloquio, 2, {"area_profilo_note": "cinque"}, adesso=adesso() + dt.timedelta(days=1))
        assert fase_2.all().count() == 3

    def test_the_first_save_of_the_day_begins_the_sitting(self, cast: Cast) -> None:
        colloquio = apri(cast)
        assert not Appuntamento.objects.exists()
        salva(cast, colloquio, 1, {"motivazione": 2})
        salva(cast, colloquio, 1, {"motivazione": 3})
        assert Appuntamento.objects.get().operatore == cast.operatore

    def test_phase_2_is_closed_until_phase_1_is_complete(self, cast: Cast) -> None:
        """C1."""
        colloquio = apri(cast)
        salva(cast, colloquio, 1, INFORMATIVA)
        with pytest.raises(RegolaViolata, match="fase 1"):
            salva(cast, colloquio, 2, {"portale": "fatto"})

    def test_a_concluded_interview_is_not_changed(self, cast: Cast) -> None:
        colloquio = apri(cast)
        Colloquio.objects.update(concluso_il=adesso())
        with pytest.raises(RegolaViolata, match="concluso"):
            salva(cast, colloquio, 1, {"motivazione": 2})

    def test_ten_thousand_characters_and_emoji_come_back_as_typed(self, cast: Cast) -> None:
        testo = ("è e\u0300 👩‍🏭 " * 1_500)[:10_000]
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_vincoli_note": testo})
        assert AreaAnalisi.objects.get().note == testo


class TestCompleta:
    def test_phase_1_says_all_that_is_missing(self, cast: Cast) -> None:
        colloquio = apri(cast)
        salva(cast, colloquio, 1, {"aspettative": 3})
        assert [m.chiave for m in mancanze_fase(Colloquio.objects.get(), 1)] == [
            "informato_svolgimento",
            "informato_diritti_doveri",
            "motivazione",
        ]
        with pytest.raises(RegolaViolata, match="Valutare la motivazione"):
            servizi.completa_fase(colloquio=colloquio, fase=1, attore=cast.operatore, adesso=adesso())

    def test_phase_1_records_moment_and_version_of_the_text(self, cast: Cast) -> None:
        """C3."""
        colloquio = informato(cast)
        assert colloquio.informato_il is not None
        assert colloquio.informazioni == servizi.testo_informazioni(oggi())
        assert mancanze_fase(colloquio, 1) == []
        dettaglio = Evento.objects.get(azione=Azione.FASE_COMPLETATA).dettaglio
        assert dettaglio["informazioni"] == colloquio.informazioni.versione
        assert "motivazione" in dettaglio["campi"]

    def test_the_text_that_was_shown_counts_even_if_a_newer_one_came(self, cast: Cast) -> None:
        colloquio = apri(cast)
        salva(cast, colloquio, 1, INFORMATIVA)
        mostrato = servizi.testo_informazioni(oggi())
        TestoInformativo.objects.create(
            genere=mostrato.genere, versione=99, titolo="Nuovo", testo="Nuovo", valido_dal=oggi()
        )
        fatto = servizi.completa_fase(
            colloquio=colloquio, fase=1, attore=cast.operatore, adesso=adesso(), informazioni=mostrato
        )
        assert fatto.informazioni == mostrato

    def test_another_text_or_none_is_refused(self, cast: Cast) -> None:
        colloquio = apri(cast)
        salva(cast, colloquio, 1, INFORMATIVA)
        for testo in (None, TestoInformativo.objects.exclude(genere="informazioni_colloquio").first()):
            with pytest.raises(RegolaViolata, match="testo delle informazioni"):
                servizi.completa_fase(
                    colloquio=colloquio, fase=1, attore=cast.operatore, adesso=adesso(), informazioni=testo
                )

    @pytest.mark.parametrize("fase", [1, 2])
    def test_twice_is_one_line(self, cast: Cast, fase: int) -> None:
        colloquio = analizzato(cast)
        prima = righe(Azione.FASE_COMPLETATA, colloquio)
        servizi.completa_fase(colloquio=colloquio, fase=fase, attore=cast.operatore, adesso=adesso())
        assert righe(Azione.FASE_COMPLETATA, colloquio) == prima == 2

    def test_taking_a_tick_back_reopens_phase_1(self, cast: Cast) -> None:
        colloquio = informato(cast)
        salva(cast, colloquio, 1, {"informato_svolgimento": False})
        colloquio.refresh_from_db()
        assert (colloquio.informato_il, colloquio.informazioni) == (None, None)
        with pytest.raises(RegolaViolata):
            salva(cast, colloquio, 2, {"portale": "fatto"})

    def test_phase_2_asks_for_areas_propensioni_curriculum_and_portal(self, cast: Cast) -> None:
        """C4, C5."""
        colloquio = informato(cast)
        assert [m.chiave for m in mancanze_fase(colloquio, 2)] == ["aree", "propensioni", "curriculum", "portale"]
        tranne = dict.fromkeys(["area_metodo_giudizio"])
        salva(cast, colloquio, 2, ANALISI | tranne | {"curriculum": "declinato", "portale": "declinato"})
        propensione(cast)
        colloquio.refresh_from_db()
        mancanze = mancanze_fase(colloquio, 2)
        assert [m.chiave for m in mancanze] == ["area_metodo", "curriculum_motivo", "portale_motivo"]
        assert mancanze[0].url.endswith("#id_area_metodo_giudizio_1")

    def test_resuming_leads_to_the_first_phase_that_lacks_something(self, cast: Cast) -> None:
        colloquio = apri(cast)
        assert prima_fase_incompleta(colloquio) == 1
        assert prima_fase_incompleta(informato(cast)) == 2
        colloquio = analizzato(cast)
        assert prima_fase_incompleta(colloquio) == 3


class TestConcludi:
    @pytest.fixture
    def colloquio(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Colloquio:
        """All three phases complete, 20 minutes each."""
        colloquio = analizzato(cast)
        monkeypatch.setattr("psp.services.completezza_colloquio.Situazione.patto_definito", True)
        incontro = incontro_di_oggi(colloquio=colloquio, attore=cast.operatore, adesso=adesso())
        dichiara_minuti(incontro=incontro, dati={f"minuti_{n}": 20 for n in (1, 2, 3)}, attore=cast.operatore)
        return colloquio

    def concludi(self, cast: Cast, colloquio: Colloquio, motivo: str = "") -> Colloquio:
        return servizi.concludi_colloquio(
            colloquio=colloquio, motivo_scostamento=motivo, attore=cast.operatore, adesso=adesso()
        )

    def test_needs_the_three_phases(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata, match="patto"):
            self.concludi(cast, analizzato(cast))

    def test_within_the_limit_needs_no_reason(self, cast: Cast, colloquio: Colloquio) -> None:
        fatto = self.concludi(cast, colloquio, "Ignorato")
        assert fatto.concluso_da == cast.operatore
        assert fatto.motivo_scostamento == ""
        assert Evento.objects.get(azione=Azione.COLLOQUIO_CONCLUSO).dettaglio == {"minuti": 60, "scostamento": False}

    @pytest.mark.parametrize(("minuti", "serve"), [(50, False), (51, True)])
    def test_over_90_minutes_needs_a_reason(self, cast: Cast, colloquio: Colloquio, minuti: int, serve: bool) -> None:
        """C2: exactly 90 is within."""
        dichiara_minuti(incontro=Appuntamento.objects.get(), dati={"minuti_2": minuti}, attore=cast.operatore)
        if serve:
            with pytest.raises(RegolaViolata) as rifiuto:
                self.concludi(cast, colloquio, "   ")
            assert (rifiuto.value.campo, rifiuto.value.regola) == ("motivo_scostamento", "C2")
        assert self.concludi(cast, colloquio, "Serviva un interprete").concluso_il is not None

    def test_twice_is_refused_in_words(self, cast: Cast, colloquio: Colloquio) -> None:
        self.concludi(cast, colloquio)
        with pytest.raises(RegolaViolata, match="concluso"):
            self.concludi(cast, colloquio)
        assert righe(Azione.COLLOQUIO_CONCLUSO, colloquio) == 1


class TestImprese:
    def test_add_and_remove(self, cast: Cast) -> None:
        colloquio = informato(cast)
        dati = {"nome": "Tessitura Rossi", "luogo": "Prato", "motivo": "Cercano magazzinieri"}
        chi = {"attore": cast.operatore, "adesso": adesso()}
        impresa = servizi.aggiungi_impresa(colloquio=colloquio, dati=dati, **chi)
        with pytest.raises(RegolaViolata, match="già"):
            servizi.aggiungi_impresa(colloquio=colloquio, dati=dati, **chi)
        servizi.elimina_impresa(colloquio=colloquio, impresa_id=impresa.pk, **chi)
        servizi.elimina_impresa(colloquio=colloquio, impresa_id=impresa.pk, **chi)
        assert not ImpresaObiettivo.objects.exists()
        righe_imprese = Evento.objects.filter(dettaglio__has_key="impresa")
        assert [r.dettaglio["impresa"] for r in righe_imprese.order_by("pk")] == ["aggiunta", "eliminata"]
        assert "Tessitura" not in str([r.dettaglio for r in righe_imprese])


class TestConflitto:
    """C8: both texts, who wrote the other and when, and nothing chosen without the person."""

    def confronto(self, cast: Cast, dati: dict[str, object]):
        colloquio = informato(cast)
        salva(cast, colloquio, 2, {"area_vincoli_note": "Di Verdi", "area_mercato_giudizio": 2})
        colloquio.refresh_from_db()
        return colloquio, confronta(colloquio=colloquio, fase=2, dati=dati, versione=1, attore=cast.collega)

    def test_shows_both_texts_hand_and_moment(self, cast: Cast) -> None:
        _, confronto = self.confronto(cast, {"area_vincoli_note": "Di Neri"})
        (differenza,) = confronto.conflitti
        assert (differenza.altrui, differenza.mio, differenza.da) == ("Di Verdi", "Di Neri", "Laura Verdi")
        assert abs(timezone.now() - differenza.il) < dt.timedelta(minutes=1)
        assert [d.etichetta for d in confronto.altre_scritte] == ["Conoscenza del mercato del lavoro: giudizio"]

    def test_a_field_that_nobody_else_wrote_is_no_conflict(self, cast: Cast) -> None:
        _, confronto = self.confronto(cast, {"area_profilo_note": "Mia", "area_vincoli_note": "Di Verdi"})
        assert confronto.conflitti == []

    @pytest.mark.parametrize(
        ("scelta", "scritto"), [("mio", "Di Neri"), ("altrui", None), ("entrambi", "Di Verdi\n\nDi Neri")]
    )
    def test_the_choice_decides(self, cast: Cast, scelta: str, scritto: str | None) -> None:
        dati = {"area_vincoli_note": "Di Neri"}
        colloquio, confronto = self.confronto(cast, dati)
        risolti = risolvi(
            confronto=confronto,
            attuali=servizi.leggi_fase(colloquio, 2),
            dati=dati,
            scelte={"area_vincoli_note": scelta},
        )
        assert risolti.get("area_vincoli_note") == scritto

    def test_without_a_choice_nothing_is_decided(self, cast: Cast) -> None:
        dati = {"area_vincoli_note": "Di Neri"}
        colloquio, confronto = self.confronto(cast, dati)
        with pytest.raises(RegolaViolata, match="Scegliere quale testo tenere"):
            risolvi(confronto=confronto, attuali=servizi.leggi_fase(colloquio, 2), dati=dati, scelte={})

    def test_two_texts_too_long_together_are_not_cut(self, cast: Cast) -> None:
        dati = {"area_vincoli_note": "x" * 9_999}
        colloquio, confronto = self.confronto(cast, dati)
        with pytest.raises(RegolaViolata, match="troppo lunghi"):
            risolvi(
                confronto=confronto,
                attuali=servizi.leggi_fase(colloquio, 2),
                dati=dati,
                scelte={"area_vincoli_note": "entrambi"},
            )

    def test_ones_own_other_window_is_called_so(self, cast: Cast) -> None:
        colloquio, _ = self.confronto(cast, {})
        confronto = confronta(
            colloquio=colloquio, fase=2, dati={"area_vincoli_note": "z"}, versione=1, attore=cast.operatore
        )
        assert confronto.conflitti[0].da == "lei, in un'altra finestra"
