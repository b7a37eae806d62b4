"""The worklist: what is due, to whom, in what order; own filters and reminders; passing cases on (U3, M1, M3, A1)."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.utils.html import escape

from curriculum.models import Trasferimento
from orientamento.anagrafica.models import DID, Programma, Utente
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from psp.models import AttoRicerca, Colloquio, FiltroSalvato, Misura, PattoDiServizio, Promemoria
from psp.services import agenda, misura, patto, revisione
from psp.services.attivita import registra_prova
from psp.services.lavoro.elenco import Filtro, Lavoro
from psp.services.lavoro.propri import chiudi_promemoria, salva_filtro, scrivi_promemoria
from psp.services.oggi import giornata_di
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.psp import scene_patto
from tests.psp.scene_agenda import MARTEDI, alle, feriale, fissa, gruppo

pytestmark = pytest.mark.django_db


def lavoro(cast: Cast, chi: str = "operatore", giorni: int = 0, **filtro: Any) -> Lavoro:
    """The worklist of one of the cast, today or so many days from now."""
    connection.check_constraints()  # as at the end of a transaction
    return giornata_di(getattr(cast, chi), Filtro(**filtro), adesso() + dt.timedelta(days=giorni)).lavoro


def home(cast: Cast, chi: str, parole: str = "") -> str:
    """The home page of one of the cast."""
    connection.check_constraints()
    return cast.client(chi).get(f"/{parole}").content.decode()


def did(utente: Utente, giorni_fa: int) -> None:
    programma = Programma.objects.filter(chiave="naspi").latest("valido_dal")
    DID.objects.create(utente=utente, data=oggi() - dt.timedelta(days=giorni_fa), programma=programma)


def ricorda(cast: Cast, giorni: int = 0, **altro: Any) -> Promemoria:
    dati: dict[str, Any] = {"testo": "Telefonare", "utente": None, "attore": cast.operatore, **altro}
    return scrivi_promemoria(giorno=oggi() + dt.timedelta(days=giorni), adesso=adesso(), **dati)


class TestChiVedeChe:
    def test_the_nearest_term_comes_first_and_whoever_has_a_pact_is_not_there(self, cast: Cast) -> None:
        """U3. An operator sees those they follow, a supervisor the whole office or those of one operator."""
        altri = [crea_utente(cast.cpi, cast.collega), crea_utente(cast.cpi, cast.operatore)]
        for altro in altri:
            metti_in_carico(altro, cast.operatore)
        did(cast.utente, 2)
        did(altri[0], 20)
        did(altri[1], 10)
        voci = lavoro(cast, generi=("patto",)).voci
        assert [(v.utente_id, v.giorni) for v in voci] == [(altri[1].pk, 5), (cast.utente.pk, 13)]
        assert [v.giorni for v in lavoro(cast, "responsabile").voci] == [-5, 5, 13]
        assert [v.giorni for v in lavoro(cast, "responsabile", di=cast.collega.pk).voci] == [-5]
        assert lavoro(cast, "responsabile", di=0).voci == []
        scene_patto.firmato(cast)
        assert [v.utente_id for v in lavoro(cast, generi=("patto",)).voci] == [altri[1].pk]

    def test_a_supervisor_who_looks_at_a_colleague_does_not_find_what_is_their_own(self, cast: Cast) -> None:
        giorno = feriale(oggi() - dt.timedelta(days=9))
        ore = (alle(9, giorno=giorno), alle(10, giorno=giorno))
        fissa(cast, *ore, operatore=cast.responsabile, attore=cast.responsabile, adesso=adesso())
        ricorda(cast, attore=cast.responsabile)
        mie = {"promemoria": 1, "presenze": 1}
        assert lavoro(cast, "responsabile").quante == mie
        assert lavoro(cast, "responsabile", di=cast.responsabile.pk).quante == mie
        assert lavoro(cast, "responsabile", di=cast.operatore.pk).quante == {}
        assert lavoro(cast, "responsabile", di=0).quante == {}

    def test_an_operator_cannot_ask_for_the_work_of_another(self, cast: Cast) -> None:
        did(cast.utente, 2)
        assert lavoro(cast, "collega", di=cast.operatore.pk).voci == []
        assert lavoro(cast, "estraneo").voci == []

    def test_a_person_no_longer_in_charge_is_nobodys_work(self, cast: Cast) -> None:
        did(cast.utente, 2)
        cast.utente.prese_in_carico.update(chiusa_il=oggi())
        assert lavoro(cast).voci == []


class TestGeneri:
    def test_a_pact_sent_back_and_no_more_once_sent_again(self, cast: Cast) -> None:
        p = scene_patto.in_revisione(cast)
        assert "rimandato" not in lavoro(cast).quante
        revisione.rimanda_patto(patto=p, commenti={"piano": "Manca un atto"}, attore=cast.responsabile, adesso=adesso())
        assert [v.url for v in lavoro(cast, generi=("rimandato",)).voci] == [f"/patti/{p.pk}"]

    def test_an_act_is_late_the_day_after_its_term_and_not_once_shown(self, cast: Cast) -> None:
        atto = scene_patto.firmato(cast).atti.first()
        assert "atto" not in lavoro(cast, giorni=7).quante
        assert [v.giorni for v in lavoro(cast, giorni=8, generi=("atto",)).voci] == [-1]
        dati = {"modo": "dichiarata", "fatto_il": oggi(), "descrizione": "Elenco"}
        registra_prova(atto=atto, dati=dati, attore=cast.operatore, adesso=adesso())
        assert lavoro(cast).quante == {"prova": 1}

    def test_a_measure_is_late_when_its_planned_day_has_passed(self, cast: Cast) -> None:
        p = scene_patto.completo(cast)
        misura.aggiungi_misure(
            patto=p,
            chiavi=["consulenza-orientativa"],
            ore={"consulenza-orientativa": Decimal(2)},
            attore=cast.operatore,
            adesso=adesso(),
        )
        patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
        revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
        p.refresh_from_db()
        scene_patto.firmato(cast, p)
        in_piu = Misura.objects.get(patto=p, servizio__chiave="consulenza-orientativa")
        voci = lavoro(cast, giorni=1, generi=("misura",)).voci
        assert (in_piu.pk, -1) in [(v.pk, v.giorni) for v in voci]
        assert "misura" not in lavoro(cast).quante

    def test_a_contact_is_due_by_the_agreed_frequency(self, cast: Cast) -> None:
        """Every month, from the last time the person was met."""
        scene_patto.firmato(cast)
        assert "contatto" not in lavoro(cast, giorni=28).quante
        voce = next(v for v in lavoro(cast, giorni=32).voci if v.genere == "contatto")
        assert f"utente={cast.utente.pk}" in voce.url

    def test_a_pact_near_its_end(self, cast: Cast) -> None:
        p = scene_patto.firmato(cast)
        assert "scadenza" not in lavoro(cast).quante
        mancano = (p.valido_al - oggi()).days
        assert lavoro(cast, giorni=mancano - 30).quante["scadenza"] == 1

    def test_a_case_nobody_has_touched_for_sixty_days(self, cast: Cast) -> None:
        """To look at the file is not to do something."""
        assert "fermo" not in lavoro(cast, giorni=59).quante
        cast.client("operatore").get(f"/utenti/{cast.utente.pk}")
        assert [v.persona for v in lavoro(cast, giorni=60, generi=("fermo",)).voci] == [str(cast.utente)]

    def test_a_meeting_that_is_over_waits_for_its_attendance(self, cast: Cast) -> None:
        """C2: unmarked, its minutes do not count. It is the work of who held it."""
        giorno = feriale(oggi() - dt.timedelta(days=9))
        iscrizione = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        gruppo(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), adesso=adesso())  # nobody was expected
        voce = lavoro(cast, generi=("presenze",)).voci[0]
        assert (voce.persona, voce.url) == (str(cast.utente), f"/agenda/{iscrizione.seduta_id}/presenze")
        assert lavoro(cast).quante["presenze"] == 1
        assert "presenze" not in lavoro(cast, "collega").quante
        assert "presenze" not in lavoro(cast, giorni=-20).quante
        agenda.segna_presenze(
            seduta=iscrizione.seduta,
            esiti={iscrizione.pk: agenda.Presenza("presente", minuti=60)},
            attore=cast.operatore,
            adesso=adesso(),
        )
        assert "presenze" not in lavoro(cast).quante

    def test_one_statement_reads_all_kinds_however_many_the_lines(
        self, cast: Cast, django_assert_max_num_queries: Any
    ) -> None:
        scene_patto.firmato(cast)
        for _ in range(5):
            utente = crea_utente(cast.cpi, cast.operatore)
            metti_in_carico(utente, cast.operatore)
            did(utente, 3)
            ricorda(cast, testo=f"Sentire {utente.pk}", utente=utente)
        with django_assert_max_num_queries(4):
            assert lavoro(cast, giorni=70).totale > 10


def test_what_the_portal_refused_and_no_more_once_asked_again(cast: Cast) -> None:
    """V2, V6"""
    dati: dict[str, Any] = {"utente": cast.utente, "operazione": "rimozione", "creato_da": cast.operatore}
    rifiutato = {"stato": "rifiutato", "creato_il": adesso(), "chiuso_il": adesso(), "motivo": "Il profilo manca."}
    Trasferimento.objects.create(**dati, **rifiutato)
    assert "Il profilo manca." in home(cast, "operatore")
    Trasferimento.objects.create(**dati, creato_il=adesso(), prossimo_il=adesso())
    assert lavoro(cast).totale == 0


def test_an_interview_is_resumed_until_its_pact_is_signed_then_concluded(cast: Cast) -> None:
    """C1"""
    scene_patto.in_revisione(cast)
    Colloquio.objects.update(salvato_da=cast.operatore, salvato_il=adesso())
    assert giornata_di(cast.operatore, Filtro(), adesso()).riprendere == []
    patto_suo = PattoDiServizio.objects.get()
    revisione.approva_patto(patto=patto_suo, attore=cast.responsabile, adesso=adesso())
    scene_patto.firmato(cast, patto_suo)
    pagina = home(cast, "operatore")
    assert "Patto firmato, colloquio ancora aperto" in pagina
    assert f'href="/colloqui/{patto_suo.colloquio_id}/incontri"' in pagina


def test_the_meetings_of_the_day_are_those_from_midnight_to_midnight_in_italy(cast: Cast) -> None:
    fissa(cast, alle(0), alle(0, 30))
    fissa(cast, alle(23), alle(23, 59))
    for passi, quanti in ((-1, 0), (0, 2), (1, 0)):
        mattina = alle(9, giorno=MARTEDI + dt.timedelta(days=passi))
        assert len(giornata_di(cast.operatore, Filtro(), mattina).appuntamenti) == quanti


class TestFiltro:
    def test_within_so_many_days(self, cast: Cast) -> None:
        did(cast.utente, 2)
        assert lavoro(cast, entro=13).totale == 1
        assert lavoro(cast, entro=12).totale == 0

    def test_the_counts_stay_when_one_kind_is_chosen(self, cast: Cast) -> None:
        did(cast.utente, 2)
        ricorda(cast)
        scelto = lavoro(cast, generi=("promemoria",))
        assert scelto.quante == {"promemoria": 1, "patto": 1}
        assert [v.genere for v in scelto.voci] == ["promemoria"]

    def test_what_is_not_shown_is_counted(self, cast: Cast) -> None:
        for numero in range(4):
            ricorda(cast, testo=f"Cosa {numero}")
        breve = lavoro(cast, mostra=3)
        assert (len(breve.voci), breve.altre, breve.totale) == (3, 1, 4)

    @pytest.mark.parametrize("parole", ["genere=inventato", "entro=mai", "mostra=-4", "di=zzz", "mostra=99999999999"])
    def test_a_wrong_address_shows_everything(self, cast: Cast, parole: str) -> None:
        did(cast.utente, 2)
        for chi in ("operatore", "responsabile"):
            assert escape(str(cast.utente)) in home(cast, chi, f"?{parole}")

    def test_a_filter_is_kept_under_its_name_for_oneself(self, cast: Cast) -> None:
        browser = cast.client("operatore")
        risposta = browser.post("/filtri", {"nome": "Presto", "entro": "7", "genere": ["patto"]})
        assert risposta["Location"] == "/?genere=patto&entro=7#lavoro"
        assert "Presto" in browser.get("/").content.decode()
        assert "Presto" not in cast.client("collega").get("/").content.decode()
        filtro = FiltroSalvato.objects.get()
        assert cast.client("collega").post(f"/filtri/{filtro.pk}/togli").status_code == 404
        browser.post(f"/filtri/{filtro.pk}/togli")
        assert not FiltroSalvato.objects.exists()

    def test_the_same_name_takes_the_new_content_and_there_is_a_limit(self, cast: Cast) -> None:
        salva_filtro(attore=cast.operatore, nome="A", parametri={})
        salva_filtro(attore=cast.operatore, nome="A", parametri={"entro": "7"})
        assert FiltroSalvato.objects.get().parametri == {"entro": "7"}
        for numero in range(11):
            salva_filtro(attore=cast.operatore, nome=str(numero), parametri={})
        with pytest.raises(RegolaViolata, match="toglierne uno"):
            salva_filtro(attore=cast.operatore, nome="Uno di troppo", parametri={})


class TestPromemoria:
    def test_it_shows_the_week_before_and_goes_when_done(self, cast: Cast) -> None:
        promemoria = ricorda(cast, giorni=8)
        assert lavoro(cast).totale == 0
        assert [v.giorni for v in lavoro(cast, giorni=1).voci] == [7]
        chiudi_promemoria(promemoria=promemoria, adesso=adesso())
        assert lavoro(cast, giorni=1).totale == 0

    def test_sent_twice_is_one_and_the_past_is_refused(self, cast: Cast) -> None:
        assert ricorda(cast) == ricorda(cast)
        with pytest.raises(RegolaViolata) as rifiuto:
            ricorda(cast, giorni=-1)
        assert rifiuto.value.campo == "giorno"

    def test_it_is_ones_own(self, cast: Cast) -> None:
        promemoria = ricorda(cast)
        assert lavoro(cast, "collega").totale == 0
        assert cast.client("collega").post(f"/promemoria/{promemoria.pk}/fatto").status_code == 404

    def test_one_about_a_person_who_went_to_another_office_is_not_shown(self, cast: Cast) -> None:
        """A1"""
        ricorda(cast, utente=cast.utente)
        assert lavoro(cast).totale == 1
        Utente.objects.filter(pk=cast.utente.pk).update(cpi=cast.altro_cpi)
        assert lavoro(cast).totale == 0

    def test_from_the_page_what_was_typed_stays_with_its_error(self, cast: Cast) -> None:
        campi = {"promemoria-testo": "Sentire la scuola", "promemoria-giorno": "30/02/2027"}
        risposta = cast.client("operatore").post("/promemoria", campi)
        assert risposta.status_code == 422
        assert "Sentire la scuola" in risposta.content.decode()
        assert "una data che esiste" in risposta.content.decode()


def test_the_acts_of_the_page_are_those_of_the_list(cast: Cast) -> None:
    """One rule says when an act is late, for the list and for the citizen's page."""
    p = scene_patto.firmato(cast)
    PattoDiServizio.objects.filter(pk=p.pk).update(valido_dal=oggi() - dt.timedelta(days=10))
    atto = AttoRicerca.objects.con_scadenza().get(patto=p)
    assert [v.scade for v in lavoro(cast, generi=("atto",)).voci] == [atto.scadenza]
    assert "In ritardo" in cast.client("operatore").get(f"/utenti/{cast.utente.pk}/attivita").content.decode()
