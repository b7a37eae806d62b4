"""What the citizen does of the plan: due dates, proofs, firms, the realistic load (M1, C4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dateutil.relativedelta import relativedelta
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import AttoRicerca, Colloquio, ContattoImpresa, Frequenza, PattoDiServizio, ProvaAtto
from psp.services import attivita, contatti, misura, patto
from psp.services import atto as atti
from tests.cast import Cast
from tests.psp import scene_patto
from tests.psp.scene_misure import patto_firmato

pytestmark = pytest.mark.django_db

PASSO = {
    "settimanale": relativedelta(days=7),
    "quindicinale": relativedelta(days=14),
    "mensile": relativedelta(months=1),
    "bimestrale": relativedelta(months=2),
    "trimestrale": relativedelta(months=3),
}


@pytest.fixture
def in_vigore(cast: Cast) -> PattoDiServizio:
    """A signed pact that began three months ago."""
    p = scene_patto.firmato(cast)
    PattoDiServizio.objects.filter(pk=p.pk).update(valido_dal=oggi() - dt.timedelta(days=90))
    p.refresh_from_db()
    return p


def prova(cast: Cast, atto: AttoRicerca, giorno: dt.date, **altro: Any) -> ProvaAtto:
    dati = {"modo": "dichiarata", "fatto_il": giorno, "descrizione": "Elenco di cinque candidature", **altro}
    return attivita.registra_prova(atto=atto, dati=dati, attore=cast.operatore, adesso=adesso())


def carico(p: PattoDiServizio) -> attivita.Carico:
    return attivita.carico(p.atti.all(), p.misure.all())


def file_delle_prove() -> set[str]:
    """The folders of the stored proofs."""
    return set(default_storage.listdir("prove")[0]) if default_storage.exists("prove") else set()


def scadenza(atto: AttoRicerca) -> dt.date | None:
    giorno: dt.date | None = AttoRicerca.objects.con_scadenza().get(pk=atto.pk).scadenza
    return giorno


class TestQuandoScade:
    @given(
        frequenza=st.sampled_from(list(PASSO)),
        inizio=st.dates(dt.date(2024, 1, 1), dt.date(2026, 8, 31)),
        giorni=st.integers(0, 60),
    )
    @settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
    def test_one_interval_after_it_was_last_done(
        self, in_vigore: PattoDiServizio, frequenza: str, inizio: dt.date, giorni: int
    ) -> None:
        """Months count as the calendar does, in the database as in Python."""
        atto = in_vigore.atti.first()
        ultima = inizio + dt.timedelta(days=giorni)
        with transaction.atomic():
            PattoDiServizio.objects.filter(pk=in_vigore.pk).update(valido_dal=inizio)
            AttoRicerca.objects.filter(pk=atto.pk).update(frequenza=frequenza, entro_il=None)
            assert scadenza(atto) == inizio + PASSO[frequenza]
            ProvaAtto.objects.create(
                atto=atto,
                modo="dichiarata",
                fatto_il=ultima,
                descrizione="Elenco",
                registrata_il=adesso(),
                registrata_da=in_vigore.autore,
            )
            assert scadenza(atto) == ultima + PASSO[frequenza]
            transaction.set_rollback(True)

    def test_every_frequency_has_an_interval(self) -> None:
        assert set(PASSO) == set(Frequenza.values)

    def test_what_is_done_once_is_due_until_it_is_done(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        atto = in_vigore.atti.first()
        AttoRicerca.objects.filter(pk=atto.pk).update(frequenza="", entro_il=oggi() - dt.timedelta(days=1))
        assert scadenza(atto) == oggi() - dt.timedelta(days=1)
        prova(cast, atto, oggi())
        assert scadenza(atto) is None

    def test_a_refused_proof_does_not_count(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        atto = in_vigore.atti.first()
        mostrata = prova(cast, atto, oggi())
        assert scadenza(atto) == oggi() + dt.timedelta(days=7)
        attivita.verifica_prova(
            prova=mostrata, esito="non_accolta", motivo="L'elenco è vuoto", attore=cast.operatore, adesso=adesso()
        )
        assert scadenza(atto) == in_vigore.valido_dal + dt.timedelta(days=7)

    def test_a_repeated_act_ends_on_its_last_day(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        atto = in_vigore.atti.first()
        AttoRicerca.objects.filter(pk=atto.pk).update(entro_il=oggi() - dt.timedelta(days=3))
        assert scadenza(atto) == in_vigore.valido_dal + dt.timedelta(days=7)
        prova(cast, atto, oggi() - dt.timedelta(days=5))
        assert scadenza(atto) == oggi() - dt.timedelta(days=3)
        prova(cast, atto, oggi() - dt.timedelta(days=3), descrizione="L'ultima")
        assert scadenza(atto) is None


class TestProve:
    def test_it_is_registered_and_sent_twice_is_one(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        atto = in_vigore.atti.first()
        assert prova(cast, atto, oggi()) == prova(cast, atto, oggi())
        assert Evento.objects.filter(azione=Azione.PROVA_REGISTRATA, utente=cast.utente).count() == 1

    @pytest.mark.parametrize(("giorni", "frase"), [(1, "nel futuro"), (-91, "non ne fa parte")])
    def test_its_day_lies_in_the_pact_and_not_in_the_future(
        self, cast: Cast, in_vigore: PattoDiServizio, giorni: int, frase: str
    ) -> None:
        with pytest.raises(RegolaViolata, match=frase) as rifiuto:
            prova(cast, in_vigore.atti.first(), oggi() + dt.timedelta(days=giorni))
        assert rifiuto.value.campo == "fatto_il"

    def test_that_of_an_act_that_goes_on_lies_in_the_pacts_it_comes_from(
        self, cast: Cast, in_vigore: PattoDiServizio
    ) -> None:
        vecchio = in_vigore.atti.first()
        patto.chiudi_patto(patto=in_vigore, motivo="Nuovo patto", attore=cast.operatore, adesso=adesso())
        Colloquio.objects.update(concluso_il=adesso(), concluso_da=cast.operatore)
        nuovo = patto_firmato(cast, giorni_fa=10)
        seguito = nuovo.atti.create(tipo="utente", descrizione=vecchio.descrizione, continua=vecchio)
        prova(cast, seguito, oggi() - dt.timedelta(days=90))
        with pytest.raises(RegolaViolata, match="non ne fa parte"):
            prova(cast, seguito, oggi() - dt.timedelta(days=91))

    def test_only_for_a_pact_in_force(self, cast: Cast) -> None:
        p = scene_patto.completo(cast)
        with pytest.raises(RegolaViolata, match="firmato e in vigore"):
            prova(cast, p.atti.first(), oggi())

    def test_a_document_is_checked_kept_and_read_again(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        contenuto = scene_patto.pdf()
        mostrata = attivita.registra_prova(
            atto=in_vigore.atti.first(),
            dati={"modo": "documento", "fatto_il": oggi(), "descrizione": "Ricevute"},
            file=SimpleUploadedFile("ricevute.pdf", contenuto),
            attore=cast.operatore,
            adesso=adesso(),
        )
        assert attivita.leggi_prova(prova=mostrata, attore=cast.collega) == contenuto
        assert Evento.objects.filter(azione=Azione.PROVA_SCARICATA, attore=cast.collega).count() == 1

    def test_a_refused_document_leaves_nothing_behind(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        prima = file_delle_prove()
        for file in (None, SimpleUploadedFile("foto.pdf", b"non sono un PDF")):
            with pytest.raises(RegolaViolata) as rifiuto:
                attivita.registra_prova(
                    atto=in_vigore.atti.first(),
                    dati={"modo": "documento", "fatto_il": oggi(), "descrizione": "Foto"},
                    file=file,
                    attore=cast.operatore,
                    adesso=adesso(),
                )
            assert rifiuto.value.campo == "file"
        assert not ProvaAtto.objects.exists()
        assert file_delle_prove() == prima

    def test_a_file_is_never_dropped_in_silence(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        with pytest.raises(RegolaViolata, match="Documento consegnato") as rifiuto:
            attivita.registra_prova(
                atto=in_vigore.atti.first(),
                dati={"modo": "dichiarata", "fatto_il": oggi(), "descrizione": "Ricevute"},
                file=SimpleUploadedFile("ricevute.pdf", scene_patto.pdf()),
                attore=cast.operatore,
                adesso=adesso(),
            )
        assert rifiuto.value.campo == "modo"

    def test_the_verification_is_said_once(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        mostrata = prova(cast, in_vigore.atti.first(), oggi())
        accolta = {"esito": "accolta", "motivo": "", "adesso": adesso()}
        attivita.verifica_prova(prova=mostrata, attore=cast.operatore, **accolta)
        attivita.verifica_prova(prova=mostrata, attore=cast.collega, **accolta)
        mostrata.refresh_from_db()
        assert mostrata.verificata_da == cast.operatore
        with pytest.raises(RegolaViolata, match="già stata verificata"):
            attivita.verifica_prova(
                prova=mostrata, esito="non_accolta", motivo="Ripensato", attore=cast.collega, adesso=adesso()
            )

    def test_a_refusal_asks_why_also_in_the_database(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        mostrata = prova(cast, in_vigore.atti.first(), oggi())
        with pytest.raises(RegolaViolata, match="Scrivere perché"):
            attivita.verifica_prova(
                prova=mostrata, esito="non_accolta", motivo="  ", attore=cast.operatore, adesso=adesso()
            )
        with pytest.raises(IntegrityError), transaction.atomic():
            ProvaAtto.objects.filter(pk=mostrata.pk).update(
                esito="non_accolta", verificata_il=adesso(), verificata_da=cast.operatore
            )

    def test_the_proofs_follow_the_act_into_the_next_pact(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        vecchio = in_vigore.atti.first()
        mostrata = prova(cast, vecchio, oggi() - dt.timedelta(days=2))
        nuovo = patto.nuovo_patto(patto=in_vigore, attore=cast.operatore, adesso=adesso())
        seguito = nuovo.atti.get(descrizione=vecchio.descrizione)
        assert seguito.continua == vecchio
        attivita.prosegui_atti(nuovo)
        mostrata.refresh_from_db()
        assert mostrata.atto == seguito


class TestImprese:
    DATI: dict[str, Any] = {"impresa": "Officine Rossi", "modo": "posta", "risposta": "in_attesa", "risposta_il": None}

    def registra(self, cast: Cast, **altro: Any) -> ContattoImpresa:
        dati = self.DATI | {"data": oggi()} | altro
        return contatti.registra_contatto(utente=cast.utente, dati=dati, attore=cast.operatore, adesso=adesso())

    def test_a_target_firm_is_recognised_by_its_name(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        impresa = in_vigore.colloquio.imprese.create(nome="Officine Rossi")
        assert self.registra(cast, impresa="officine rossi").impresa_obiettivo == impresa
        assert self.registra(cast, impresa="Altra").impresa_obiettivo is None
        assert contatti.imprese_obiettivo(cast.utente)[0] == "Officine Rossi"

    def test_sent_twice_is_one(self, cast: Cast) -> None:
        assert self.registra(cast) == self.registra(cast)

    def test_an_answer_is_not_lost_in_the_same_contact(self, cast: Cast) -> None:
        self.registra(cast)
        with pytest.raises(RegolaViolata, match="già registrato"):
            self.registra(cast, risposta="colloquio", risposta_il=oggi())

    def test_not_in_a_year_that_can_only_be_a_slip(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata, match="controllare l'anno") as rifiuto:
            self.registra(cast, data=dt.date(202, 11, 23))
        assert rifiuto.value.campo == "data"

    def test_not_in_the_future(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata) as rifiuto:
            self.registra(cast, data=oggi() + dt.timedelta(days=1))
        assert rifiuto.value.campo == "data"

    @pytest.mark.parametrize("giorni", [-1, 1])
    def test_the_answer_comes_between_the_contact_and_today(self, cast: Cast, giorni: int) -> None:
        contatto = self.registra(cast)
        with pytest.raises(RegolaViolata) as rifiuto:
            contatti.aggiorna_risposta(
                contatto=contatto,
                dati={"risposta": "negativa", "risposta_il": oggi() + dt.timedelta(days=giorni)},
                versione=1,
                attore=cast.operatore,
                adesso=adesso(),
            )
        assert rifiuto.value.campo == "risposta_il"

    def test_an_older_page_does_not_overwrite(self, cast: Cast) -> None:
        """C8"""
        contatto = self.registra(cast)
        risposta = {"risposta": "colloquio", "risposta_il": oggi()}
        contatti.aggiorna_risposta(contatto=contatto, dati=risposta, versione=1, attore=cast.operatore, adesso=adesso())
        with pytest.raises(VersioneSuperata):
            contatti.aggiorna_risposta(
                contatto=contatto,
                dati={"risposta": "negativa", "risposta_il": None},
                versione=1,
                attore=cast.collega,
                adesso=adesso(),
            )


class TestCarico:
    def test_a_usual_plan_says_nothing(self, cast: Cast) -> None:
        assert carico(scene_patto.completo(cast)).avvisi == []

    def test_too_many_acts_a_week_are_said_in_the_plan(self, cast: Cast) -> None:
        p = scene_patto.bozza(cast)
        for numero in range(7):
            dati = scene_patto.ATTO | {"descrizione": f"Azione {numero}"}
            atti.aggiungi_atto(patto=p, dati=dati, attore=cast.operatore)
        assert carico(p).impegni == 7
        pagina = cast.client("operatore").get(scene_patto.piano(p))
        assert "circa 7 azioni ogni settimana" in pagina.content.decode()

    def test_too_many_hours_in_the_same_week(self, cast: Cast) -> None:
        p = scene_patto.bozza(cast)
        chiavi = ["formazione-riqualificazione"]
        misura.aggiungi_misure(
            patto=p,
            chiavi=chiavi,
            ore={chiavi[0]: 40},
            attore=cast.operatore,
            adesso=adesso(),  # type: ignore[dict-item]
        )
        assert carico(p).avvisi == ["In una stessa settimana le misure occupano circa 40 ore: spostare qualche inizio."]

    def test_too_many_terms_in_the_same_week(self, cast: Cast) -> None:
        p = scene_patto.bozza(cast)
        for numero in range(5):
            dati = scene_patto.ATTO | {"descrizione": f"Atto {numero}", "frequenza": "", "entro_il": oggi()}
            atti.aggiungi_atto(patto=p, dati=dati, attore=cast.operatore)
        assert "scadono 5 atti" in carico(p).avvisi[0]


class TestPagina:
    def test_proof_verification_and_contact_from_the_page(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        browser, url = cast.client("operatore"), f"/utenti/{cast.utente.pk}/attivita"
        atto = in_vigore.atti.first()
        assert "In ritardo" in browser.get(url).content.decode()
        campi = {
            f"atto-{atto.pk}-fatto_il": f"{oggi():%d/%m/%Y}",
            f"atto-{atto.pk}-descrizione": "Elenco",
            f"atto-{atto.pk}-modo": "dichiarata",
        }
        pagina = browser.post(f"/atti/{atto.pk}/prove", campi, follow=True).content.decode()
        assert "In regola" in pagina
        mostrata = ProvaAtto.objects.get()
        esito = {f"prova-{mostrata.pk}-esito": "accolta"}
        assert "Accolta" in browser.post(f"/prove/{mostrata.pk}/verifica", esito, follow=True).content.decode()
        contatto = {
            "contatto-impresa": "Bar Sport",
            "contatto-data": f"{oggi():%d/%m/%Y}",
            "contatto-modo": "persona",
            "contatto-risposta": "in_attesa",
        }
        url_imprese = f"/utenti/{cast.utente.pk}/imprese"
        assert "Bar Sport" in browser.post(url_imprese, contatto, follow=True).content.decode()

    def test_what_was_typed_stays_with_its_error(self, cast: Cast, in_vigore: PattoDiServizio) -> None:
        atto = in_vigore.atti.first()
        campi = {
            f"atto-{atto.pk}-fatto_il": "31/02/2026",
            f"atto-{atto.pk}-descrizione": "Elenco con sei imprese",
            f"atto-{atto.pk}-modo": "documento",
        }
        risposta = cast.client("operatore").post(f"/atti/{atto.pk}/prove", campi)
        assert risposta.status_code == 422
        assert "Elenco con sei imprese" in risposta.content.decode()
        assert "una data che esiste" in risposta.content.decode()

    def test_the_queries_do_not_grow_with_the_rows(
        self, cast: Cast, in_vigore: PattoDiServizio, django_assert_max_num_queries: Any
    ) -> None:
        for numero in range(8):
            prova(cast, in_vigore.atti.first(), oggi() - dt.timedelta(days=numero))
            TestImprese().registra(cast, impresa=f"Impresa {numero}")
        browser = cast.client("operatore")
        with django_assert_max_num_queries(14):
            browser.get(f"/utenti/{cast.utente.pk}/attivita")
