"""A colleague is absent: cases pass, and meetings with them or for some days; what cannot pass is told (A1, A2)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils.html import escape

from orientamento.anagrafica.models import Messaggio, Operatore, Utente
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import ChiusuraUfficio, OrarioOperatore, Seduta
from psp.services import agenda
from psp.services.agenda.avvisi import non_piu_dovuto
from psp.services.agenda.sostituzione import impedimenti
from psp.services.lavoro.affidamento import Affidamento, affida_molti, passa_giorni
from tests.cast import Cast, crea_operatore, crea_utente
from tests.psp.scene_agenda import ADESSO, MARTEDI, alle, feriale, fissa, gruppo, iscrivi, persona, postazione

pytestmark = pytest.mark.django_db

MERCOLEDI = MARTEDI + dt.timedelta(days=1)


def affida(cast: Cast, utenti: list[Utente], **altro: Any) -> Affidamento:
    dati = {"da": cast.operatore, "a": cast.collega, "attore": cast.responsabile, "adesso": ADESSO, **altro}
    return affida_molti(utenti=utenti, **dati)


def passa(cast: Cast, dal: dt.date, al: dt.date, **altro: Any) -> agenda.Passaggio:
    dati = {"da": cast.operatore, "a": cast.collega, "attore": cast.responsabile, "adesso": ADESSO, **altro}
    return passa_giorni(dal=dal, al=al, **dati)


def di_chi(*sedute: Seduta) -> list[Operatore]:
    return [Seduta.objects.select_related("operatore").get(pk=s.pk).operatore for s in sedute]


class TestAffidamento:
    @pytest.fixture
    def persone(self, cast: Cast) -> list[Utente]:
        return [cast.utente, *(crea_utente(cast.cpi, cast.operatore) for _ in range(3))]

    def scegli(self, browser: Client, cast: Cast, utenti: list[Utente], a: Any, **altro: Any) -> Any:
        dati = {"utenti": [u.pk for u in utenti], "a": a.pk, **altro}
        return browser.post(f"/affidamento?di={cast.operatore.pk}", dati, follow=True)

    def test_many_pass_to_a_colleague_each_with_its_line(self, cast: Cast, persone: list[Utente]) -> None:
        pagina = self.scegli(cast.client("responsabile"), cast, persone[:3], cast.collega).content.decode()
        assert "3 persone sono ora affidate" in pagina
        assert set(Utente.objects.filter(operatore_riferimento=cast.collega)) == set(persone[:3])
        assert Evento.objects.filter(attore=cast.responsabile, utente__in=persone[:3]).count() == 3

    def test_the_agenda_of_who_has_left_is_one_click_away(self, cast: Cast, persone: list[Utente]) -> None:
        giorno = feriale(oggi() + dt.timedelta(days=3))
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), utente=persone[0], adesso=adesso())
        Operatore.objects.filter(pk=cast.operatore.pk).update(is_active=False)
        browser = cast.client("responsabile")
        indirizzo = f"/agenda?di=operatore-{cast.operatore.pk}"
        assert f'href="{indirizzo}"' in browser.get(f"/affidamento?di={cast.operatore.pk}").content.decode()
        pagina = browser.get(f"{indirizzo}&giorno={giorno:%Y-%m-%d}").content.decode()
        assert f"Agenda di {cast.operatore}" in pagina
        assert str(persone[0]) in pagina

    def test_all_or_none(self, cast: Cast, persone: list[Utente]) -> None:
        fuori = crea_utente(cast.altro_cpi, None)
        with pytest.raises(RegolaViolata):
            affida(cast, [*persone, fuori])
        assert Utente.objects.filter(operatore_riferimento=cast.operatore, pk__in=[p.pk for p in persone]).count() == 4

    def test_only_people_of_that_operator_to_someone_who_works_here(self, cast: Cast, persone: list[Utente]) -> None:
        browser = cast.client("responsabile")
        altrui = crea_utente(cast.cpi, cast.collega)
        partito = crea_operatore("operatore", cast.cpi, is_active=False)  # type: ignore[arg-type]
        for utenti, a in (([altrui], cast.collega), (persone, cast.estraneo), (persone, partito), ([], cast.collega)):
            assert self.scegli(browser, cast, utenti, a).status_code == 422

    def test_the_operator_of_another_office_is_not_there(self, cast: Cast) -> None:
        assert cast.client("responsabile").get(f"/affidamento?di={cast.estraneo.pk}").status_code == 404


class TestConGliAppuntamenti:
    def test_those_of_the_people_ticked_pass_and_the_others_stay(self, cast: Cast) -> None:
        altra = persona(cast)
        sua, dell_altra = fissa(cast, alle(9), alle(10)).seduta, fissa(cast, alle(10), alle(11), utente=altra).seduta
        insieme = gruppo(cast, alle(11), alle(12))
        iscrivi(cast, insieme, cast.utente)
        esito = affida(cast, [cast.utente], appuntamenti=True)
        assert ([s.pk for s in esito.passaggio.passate], esito.passaggio.restano) == ([sua.pk], 0)
        assert di_chi(sua, dell_altra, insieme) == [cast.collega, cast.operatore, cast.operatore]

    def test_not_asked_nothing_of_the_agenda_moves(self, cast: Cast) -> None:
        sua = fissa(cast, alle(9), alle(10)).seduta
        affida(cast, [cast.utente])
        assert di_chi(sua) == [cast.operatore]
        assert Utente.objects.get(pk=cast.utente.pk).operatore_riferimento == cast.collega

    def test_groups_pass_where_chosen_with_all_their_people(self, cast: Cast) -> None:
        insieme = gruppo(cast, alle(11), alle(12), posti=1)
        iscrizione = iscrivi(cast, insieme, persona(cast, email="gruppo@esempio.it"))
        attesa = iscrivi(cast, insieme, persona(cast, email="attesa@esempio.it"))
        affida(cast, [cast.utente], gruppi=True)
        assert di_chi(insieme) == [cast.collega]
        assert Messaggio.objects.filter(causale=f"appuntamento_cambiato:{iscrizione.pk}:2").count() == 1
        assert not Messaggio.objects.filter(utente=attesa.utente).exists()

    def test_only_what_is_still_to_be_held(self, cast: Cast) -> None:
        cominciata, annullata = fissa(cast, alle(9), alle(10)).seduta, fissa(cast, alle(11), alle(12)).seduta
        agenda.annulla_seduta(seduta=annullata, motivo="x", versione=1, attore=cast.operatore, adesso=ADESSO)
        dopo = fissa(cast, alle(12), alle(13)).seduta
        affida(cast, [cast.utente], appuntamenti=True, adesso=alle(9))
        assert di_chi(cominciata, annullata, dopo) == [cast.operatore, cast.operatore, cast.collega]

    def test_each_passage_is_registered_for_its_person(self, cast: Cast) -> None:
        """A2"""
        sua = fissa(cast, alle(9), alle(10)).seduta
        affida(cast, [cast.utente], appuntamenti=True)
        righe = Evento.objects.filter(azione=Azione.APPUNTAMENTO_SPOSTATO, attore=cast.responsabile)
        chi = [cast.operatore.pk, cast.collega.pk]
        assert righe.get(utente=None).dettaglio == {"operatore": chi}
        assert righe.get(utente=cast.utente).dettaglio == {"seduta": sua.pk, "operatore": chi}

    def test_the_person_is_told_the_new_name_and_the_old_reminder_stays_at_home(self, cast: Cast) -> None:
        Utente.objects.filter(pk=cast.utente.pk).update(email="anna@esempio.it")
        giorno = feriale(oggi() + dt.timedelta(days=10))
        iscrizione = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        affida(cast, [cast.utente], appuntamenti=True, adesso=adesso())
        messaggi = {m.causale: m for m in Messaggio.objects.filter(utente=cast.utente)}
        cambiato = messaggi[f"appuntamento_cambiato:{iscrizione.pk}:2"]
        assert f"Con {cast.collega}" in cambiato.testo
        assert str(cast.operatore) not in cambiato.testo
        assert f"Con {cast.collega}" in messaggi[f"promemoria_appuntamento:{iscrizione.pk}:2"].testo
        for causale in (f"appuntamento:{iscrizione.pk}:1", f"promemoria_appuntamento:{iscrizione.pk}:1"):
            assert non_piu_dovuto(messaggi[causale]) == "l'appuntamento è cambiato"

    def test_where_the_new_operator_is_busy_the_rest_passes_and_that_one_stays(self, cast: Cast) -> None:
        prima, dopo = fissa(cast, alle(9), alle(10)).seduta, fissa(cast, alle(11), alle(12)).seduta
        fissa(cast, alle(9, 30), alle(10, 30), operatore=cast.collega, utente=persona(cast), titolo="Bilancio")
        esito = affida(cast, [cast.utente], appuntamenti=True)
        assert (esito.persone, esito.passaggio.restano) == (1, 1)
        assert di_chi(prima, dopo) == [cast.operatore, cast.collega]
        assert impedimenti([prima], cast.collega) == {
            prima.pk: f"{cast.collega} ha già «Bilancio» dalle 9:30 alle 10:30."
        }

    def test_meetings_may_touch_and_a_place_used_alone_takes_nobodys_time(self, cast: Cast) -> None:
        fissa(cast, alle(9), alle(10), operatore=cast.collega, utente=persona(cast))
        tocca = fissa(cast, alle(10), alle(11)).seduta
        sola = persona(cast)
        da_sola = fissa(cast, alle(9), alle(10), utente=sola, luogo=postazione(cast), assistita=False).seduta
        affida(cast, [cast.utente, sola], appuntamenti=True)
        assert di_chi(tocca, da_sola) == [cast.collega, cast.collega]

    def test_on_a_closing_day_it_stays_to_be_moved(self, cast: Cast) -> None:
        sua = fissa(cast, alle(9), alle(10)).seduta
        ChiusuraUfficio.objects.create(cpi=cast.cpi, dal=MARTEDI, al=MARTEDI, motivo="Disinfestazione")
        assert affida(cast, [cast.utente], appuntamenti=True).passaggio.restano == 1
        assert di_chi(sua) == [cast.operatore]
        assert "il centro è chiuso: Disinfestazione" in impedimenti([sua], cast.collega)[sua.pk]

    def test_what_passes_beyond_the_hours_of_who_takes_it_is_said(self, cast: Cast) -> None:
        dentro, fuori = fissa(cast, alle(9), alle(10)).seduta, fissa(cast, alle(15), alle(16)).seduta
        for dalle, fino in ((9, 11), (11, 13)):
            OrarioOperatore.objects.create(operatore=cast.collega, giorno=2, dalle=dt.time(dalle), alle=dt.time(fino))
        a_cavallo = fissa(cast, alle(10, 30), alle(11, 30)).seduta
        passaggio = affida(cast, [cast.utente], appuntamenti=True).passaggio
        assert [s.pk for s in passaggio.fuori_orario] == [fuori.pk]
        assert di_chi(dentro, fuori, a_cavallo) == [cast.collega] * 3

    def test_who_keeps_no_agenda_takes_nothing_and_nothing_changes(self, cast: Cast) -> None:
        sua = fissa(cast, alle(9), alle(10)).seduta
        for chi in (cast.incrocio, cast.estraneo):
            with pytest.raises(RegolaViolata):
                affida(cast, [cast.utente], appuntamenti=True, a=chi)
        assert di_chi(sua) == [cast.operatore]
        assert Utente.objects.get(pk=cast.utente.pk).operatore_riferimento == cast.operatore

    def test_its_queries_do_not_grow_with_the_meetings(self, cast: Cast) -> None:
        """Beside the line of each file."""

        def quante(ora: int, n: int) -> int:
            utenti = [cast.utente]
            for i in range(n):
                fissa(cast, alle(ora, 10 * i), alle(ora, 10 * i + 10))
            with CaptureQueriesContext(connection) as fatte:
                affida(cast, utenti, appuntamenti=True)
            Utente.objects.filter(pk=cast.utente.pk).update(operatore_riferimento=cast.operatore)
            cast.utente.refresh_from_db()
            return len(fatte)

        assert quante(9, 1) == quante(11, 5)


class TestPerQualcheGiorno:
    def test_the_meetings_of_those_days_pass_and_the_files_stay(self, cast: Cast) -> None:
        martedi = fissa(cast, alle(9), alle(10)).seduta
        insieme = gruppo(cast, alle(11, giorno=MERCOLEDI), alle(12, giorno=MERCOLEDI))
        giovedi = MERCOLEDI + dt.timedelta(days=1)
        dopo = fissa(cast, alle(9, giorno=giovedi), alle(10, giorno=giovedi)).seduta
        assert len(passa(cast, MARTEDI, MERCOLEDI).passate) == 2
        assert di_chi(martedi, insieme, dopo) == [cast.collega, cast.collega, cast.operatore]
        assert Utente.objects.get(pk=cast.utente.pk).operatore_riferimento == cast.operatore

    def test_a_day_is_italian_from_midnight_to_midnight(self, cast: Cast) -> None:
        presto, tardi = fissa(cast, alle(0, 15), alle(1)).seduta, fissa(cast, alle(23), alle(23, 45)).seduta
        passa(cast, MARTEDI, MARTEDI)
        assert di_chi(presto, tardi) == [cast.collega, cast.collega]

    @pytest.mark.parametrize(
        ("dal", "al", "campo"),
        [
            (MERCOLEDI, MARTEDI, "al"),
            (MARTEDI - dt.timedelta(days=9), MARTEDI - dt.timedelta(days=8), "al"),
            (MERCOLEDI, MERCOLEDI, "dal"),
            (dt.date.min, MERCOLEDI, "dal"),
            (MARTEDI, dt.date.max, "al"),
        ],
        ids=["al contrario", "già passati", "senza appuntamenti", "il primo del calendario", "l'ultimo"],
    )
    def test_days_that_cannot_be(self, cast: Cast, dal: dt.date, al: dt.date, campo: str) -> None:
        fissa(cast, alle(9), alle(10))
        with pytest.raises(RegolaViolata) as errore:
            passa(cast, dal, al)
        assert errore.value.campo == campo


class TestPagina:
    @pytest.fixture
    def giorno(self) -> dt.date:
        return feriale(oggi() + dt.timedelta(days=7))

    @pytest.fixture
    def browser(self, cast: Cast) -> Client:
        return cast.client("responsabile")

    def pagina(self, risposta: Any) -> str:
        return str(risposta.content.decode())

    def test_the_tick_is_there_and_on_only_where_there_are_meetings(
        self, cast: Cast, browser: Client, giorno: dt.date
    ) -> None:
        indirizzo = f"/affidamento?di={cast.operatore.pk}"
        assert 'name="appuntamenti"' not in self.pagina(browser.get(indirizzo))
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        gruppo(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), adesso=adesso())
        caselle = re.findall(r'<input[^>]*name="(appuntamenti|gruppi)"[^>]*>', self.pagina(browser.get(indirizzo)))
        assert caselle == ["appuntamenti", "gruppi"]
        spuntate = re.findall(
            r'<input[^>]*name="(appuntamenti|gruppi)"[^>]*checked', self.pagina(browser.get(indirizzo))
        )
        assert spuntate == ["appuntamenti"]

    def test_what_stays_is_listed_with_why_and_a_link_that_moves_it(
        self, cast: Cast, browser: Client, giorno: dt.date
    ) -> None:
        resta = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso()).seduta
        fissa(cast, alle(11, giorno=giorno), alle(12, giorno=giorno), adesso=adesso())
        altro = {"operatore": cast.collega, "utente": persona(cast), "titolo": "Bilancio", "adesso": adesso()}
        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), **altro)
        dati = {"utenti": [cast.utente.pk], "a": cast.collega.pk, "appuntamenti": "on"}
        risposta = browser.post(f"/affidamento?di={cast.operatore.pk}", dati, follow=True)
        pagina = self.pagina(risposta)
        assert escape(f"Un appuntamento passa nell'agenda di {cast.collega}") in pagina
        assert escape(f"Un appuntamento resta nell'agenda di {cast.operatore}") in pagina
        assert escape(f"{cast.collega} ha già «Bilancio» dalle 9:00 alle 10:00") in pagina
        assert f"{giorno:%d/%m/%Y} dalle 9:00 alle 10:00" in pagina
        assert escape(str(cast.utente)) in pagina
        sposta = (
            f"{reverse('psp:sposta_seduta', args=[resta.pk])}?rimasti={cast.operatore.pk}&operatore={cast.collega.pk}"
        )
        assert f'href="{escape(sposta)}"' in pagina
        assert f'<option value="{cast.collega.pk}" selected>' in self.pagina(browser.get(sposta))
        # The list does not depend on the moment: it is there whenever the page is opened.
        assert escape("ha già «Bilancio»") in self.pagina(browser.get(risposta.redirect_chain[-1][0]))

    def test_moved_from_the_list_one_is_back_on_the_list(self, cast: Cast, browser: Client, giorno: dt.date) -> None:
        sua = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso()).seduta
        lista = f"/affidamento?di={cast.operatore.pk}&a={cast.collega.pk}"
        sposta = (
            f"{reverse('psp:sposta_seduta', args=[sua.pk])}?rimasti={cast.operatore.pk}&operatore={cast.collega.pk}"
        )
        assert f'href="{escape(lista)}">Lascia com' in self.pagina(browser.get(sposta))
        dati = {"giorno": f"{giorno:%d/%m/%Y}", "dalle": "10", "alle": "11", "motivo": "x", "versione": "1"}
        # Only the hour: it stays in the agenda of who is absent, and the list is still there.
        risposta = browser.post(sposta, {**dati, "operatore": cast.operatore.pk})
        assert risposta["Location"] == lista
        assert browser.get(lista).status_code == 200
        # Who may not give cases on is not sent to a page that refuses them.
        assert f'href="/agenda/{sua.pk}">Lascia com' in self.pagina(cast.client("operatore").get(sposta))

    def test_some_days_from_the_page(self, cast: Cast, browser: Client, giorno: dt.date) -> None:
        sua = fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso()).seduta
        indirizzo = f"{reverse('psp:passa_giorni')}?di={cast.operatore.pk}"
        dati = {"giorni-dal": f"{giorno:%d/%m/%Y}", "giorni-al": "", "giorni-a": cast.collega.pk}
        for sbagliato in ({"giorni-dal": "31/02/2027"}, {"giorni-a": cast.operatore.pk}, {"giorni-al": "01/01/2020"}):
            risposta = browser.post(indirizzo, {**dati, **sbagliato})
            assert risposta.status_code == 422
            assert f"{giorno:%d/%m/%Y}" in self.pagina(risposta) or "31/02/2027" in self.pagina(risposta)
            # Its own address only takes what is sent: whoever looks at another colleague is led to the page.
            assert f'href="/affidamento?di={cast.collega.pk}"' in self.pagina(risposta)
        assert di_chi(sua) == [cast.operatore]
        assert escape(f"passa nell'agenda di {cast.collega}") in self.pagina(browser.post(indirizzo, dati, follow=True))
        assert di_chi(sua) == [cast.collega]
        assert browser.post(reverse("psp:passa_giorni"), dati).status_code == 302

    def test_its_queries_do_not_grow_with_what_stays(self, cast: Cast, browser: Client, giorno: dt.date) -> None:
        def quante() -> int:
            with CaptureQueriesContext(connection) as fatte:
                browser.get(f"/affidamento?di={cast.operatore.pk}&a={cast.collega.pk}")
            return len(fatte)

        fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())
        prima = quante()
        for ora in range(10, 14):
            fissa(cast, alle(ora, giorno=giorno), alle(ora + 1, giorno=giorno), adesso=adesso())
            fissa(
                cast,
                alle(ora, giorno=giorno),
                alle(ora + 1, giorno=giorno),
                adesso=adesso(),
                operatore=cast.collega,
                utente=persona(cast),
            )
        assert quante() == prima
