"""The panel along the journey: the card that updates itself, the alert, the stopping, the cancelling (V2, V5)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.urls import reverse

from curriculum.models import InterruttorePortale, PosizionePortale, Trasferimento
from curriculum.services.anticipo import controlla_subito
from curriculum.services.trasferimento import AVVISO
from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import adesso
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.curriculum.trasferimenti import Orologio, carica, chiedi, con_curriculum, gira, revoca
from tests.portale_prova.server import PortaleDiProva

HTMX = {"HX-Request": "true"}


@pytest.fixture
def utente(cast: Cast, settings: Any) -> Utente:
    settings.PORTALE_URL = "http://127.0.0.1:9"
    return con_curriculum(cast, cast.utente, ora=adesso())


def parole(risposta: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", risposta.content.decode()).replace("&#x27;", "'").split())


def pannello(cast: Cast, utente: Utente, chi: str = "operatore") -> str:
    return cast.client(chi).get(reverse("curriculum:pannello", args=[utente.pk])).content.decode()


def url_luoghi(html: str) -> str:
    """The address that the card asks, "" where it does not ask."""
    trovato = re.search(r'hx-get="([^"]*/luoghi[^"]*)"', html)
    return trovato.group(1).replace("&amp;", "&") if trovato else ""


def trasferisci(cast: Cast, utente: Utente, **dati: str) -> Any:
    indirizzo = reverse("curriculum:trasferisci", args=[utente.pk])
    return cast.client("operatore").post(indirizzo, {"avviso": AVVISO.versione, **dati}, headers=HTMX)


class TestTrasferisci:
    def test_refused_consent_says_why_and_leads_to_the_answer(self, cast: Cast, utente: Utente) -> None:
        """V2, U2: the button is there and says why not: when, recorded by whom, and where it is mended."""
        altro = crea_utente(cast.cpi, cast.operatore)
        metti_in_carico(altro, cast.operatore, incontro="rifiutato")
        con_curriculum(cast, altro, ora=adesso())
        html = pannello(cast, altro)

        assert 'id="cv-trasferisci" aria-disabled="true" aria-describedby="cv-impedimenti"' in html
        assert f"rifiutato il consenso all&#x27;incontro tra domanda e offerta il {adesso():%d/%m/%Y}" in html
        assert f"(registrato da {cast.operatore})" in html
        cura = f"{reverse('anagrafica:presa_in_carico', args=[altro.pk])}#risposta-incontro"
        assert f'href="{cura}"' in html
        assert 'id="risposta-incontro"' in cast.client("operatore").get(cura).content.decode()

    def test_the_alert_comes_first_and_every_time(self, cast: Cast, utente: Utente) -> None:
        """V2: a page of its own, and a part of the panel; nothing is asked before it is accepted."""
        indirizzo = reverse("curriculum:trasferisci", args=[utente.pk])
        client = cast.client("operatore")
        pagina, pezzo = client.get(indirizzo), client.get(indirizzo, headers=HTMX)

        assert "<html" in pagina.content.decode()
        for risposta in (pagina, pezzo):
            assert AVVISO.testo in parole(risposta)
            assert "Accetto e trasferisco" in parole(risposta)
            assert utente.email in parole(risposta)
        assert not Trasferimento.objects.exists()

    def test_accepted_it_is_queued_and_said(self, cast: Cast, utente: Utente) -> None:
        risposta = trasferisci(cast, utente)

        assert risposta.status_code == 200
        assert risposta["HX-Trigger"] == "fascicolo-cambiato"
        assert "Il trasferimento al portale è chiesto e parte da solo" in parole(risposta)
        riga = Trasferimento.objects.get()
        assert (riga.stato, riga.avviso_versione, riga.creato_da) == ("da_inviare", AVVISO.versione, cast.operatore)

    @pytest.mark.parametrize("versione", ["", "0"])
    def test_an_alert_not_accepted_is_shown_again(self, cast: Cast, utente: Utente, versione: str) -> None:
        risposta = trasferisci(cast, utente, avviso=versione)

        assert risposta.status_code == 422
        assert "va letto e accettato di nuovo" in parole(risposta)
        assert AVVISO.testo in parole(risposta)
        assert not Trasferimento.objects.exists()

    def test_consent_withdrawn_while_the_alert_was_open(self, cast: Cast, utente: Utente) -> None:
        """U2: refused, said, registered, and nothing leaves."""
        revoca(cast, utente, adesso())
        risposta = trasferisci(cast, utente)

        assert risposta.status_code == 422
        assert "Il curriculum non può partire" in parole(risposta)
        assert not Trasferimento.objects.exists()
        assert Evento.objects.filter(azione=Azione.TRASFERIMENTO_NEGATO, utente=utente).count() == 1

    def test_stopped_while_in_the_queue(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente, adesso())
        ferma = reverse("curriculum:annulla_trasferimento", args=[riga.pk])
        assert f'action="{ferma}"' in pannello(cast, utente)
        client = cast.client("collega")

        for _ in range(2):
            risposta = client.post(ferma, headers=HTMX)
            assert "Il trasferimento è fermo" in parole(risposta)
        riga.refresh_from_db()
        assert riga.stato == "annullato"

    def test_stopped_after_an_attempt_without_answer_says_that_it_may_have_arrived(
        self, cast: Cast, utente: Utente
    ) -> None:
        riga = chiedi(cast, utente, adesso())
        Trasferimento.objects.filter(pk=riga.pk).update(esito_incerto=True)
        ferma = reverse("curriculum:annulla_trasferimento", args=[riga.pk])
        testo = parole(cast.client("operatore").post(ferma, headers=HTMX))

        assert "è stata chiesta anche la rimozione da Intuition" in testo
        assert "al portale non parte nulla" not in testo

    def test_a_removal_refused_is_asked_for_again(self, cast: Cast, utente: Utente) -> None:
        """V5: mended what the portal had refused, the CV must not stay in Intuition."""
        invio = chiedi(cast, utente, adesso())
        Trasferimento.objects.filter(pk=invio.pk).update(esito_incerto=True)
        revoca(cast, utente, adesso())
        rimozione = Trasferimento.objects.get(operazione="rimozione")
        ancora = reverse("curriculum:rimuovi", args=[utente.pk])
        assert ancora not in pannello(cast, utente)
        Trasferimento.objects.filter(pk=rimozione.pk).update(
            stato="rifiutato", motivo="Il portale non accetta i dati.", chiuso_il=adesso(), prossimo_il=None
        )
        assert f'action="{ancora}"' in pannello(cast, utente)

        for _ in range(2):
            risposta = cast.client("operatore").post(ancora, headers=HTMX)
            assert "chiesta di nuovo e parte da sola" in parole(risposta)
        stati = Trasferimento.objects.filter(operazione="rimozione").order_by("pk").values_list("stato", flat=True)
        assert list(stati) == ["rifiutato", "da_inviare"]
        assert Evento.objects.filter(azione=Azione.RIMOZIONE_CHIESTA, utente=utente).count() == 2

    def test_a_cv_found_again_after_its_removal_is_taken_away_again(self, cast: Cast, utente: Utente) -> None:
        """V5"""
        invio = chiedi(cast, utente, adesso())
        Trasferimento.objects.filter(pk=invio.pk).update(esito_incerto=True)
        revoca(cast, utente, adesso())
        rimozione = Trasferimento.objects.filter(operazione="rimozione")
        rimozione.update(stato="in_corso", presa=invio.chiave)
        rimozione.update(stato="confermato", presa=None, chiuso_il=adesso(), prossimo_il=None)
        ancora = reverse("curriculum:rimuovi", args=[utente.pk])
        assert ancora not in pannello(cast, utente)
        PosizionePortale.objects.update_or_create(
            utente=utente,
            defaults={"intuition": "presente", "intuition_come": "confermato", "intuition_visto_il": adesso()},
        )
        pagina = pannello(cast, utente)
        assert "Il curriculum è di nuovo su Intuition" in pagina
        assert f'action="{ancora}"' in pagina

        for _ in range(2):
            risposta = cast.client("operatore").post(ancora, headers=HTMX)
            assert "chiesta di nuovo e parte da sola" in parole(risposta)
        stati = Trasferimento.objects.filter(operazione="rimozione").order_by("pk").values_list("stato", flat=True)
        assert list(stati) == ["confermato", "da_inviare"]

    def test_no_removal_is_asked_for_where_none_was_refused(self, cast: Cast, utente: Utente) -> None:
        chiedi(cast, utente, adesso())
        risposta = cast.client("operatore").post(reverse("curriculum:rimuovi", args=[utente.pk]), headers=HTMX)

        assert risposta.status_code == 409
        assert Trasferimento.objects.get().stato == "da_inviare"

    def test_too_late_to_stop(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente, adesso())
        Trasferimento.objects.filter(pk=riga.pk).update(stato="in_corso", presa=riga.chiave)
        ferma = reverse("curriculum:annulla_trasferimento", args=[riga.pk])
        assert ferma not in pannello(cast, utente)

        risposta = cast.client("operatore").post(ferma, headers=HTMX)
        assert risposta.status_code == 409
        assert "sta partendo proprio adesso" in parole(risposta)

    def test_refused_says_why_and_leads_to_the_cure(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva
    ) -> None:
        portale_collegato.guasti(posta_diversa=True)
        chiedi(cast, utente, adesso())
        gira(Orologio(adesso()))
        html = pannello(cast, utente)

        assert "altro indirizzo di posta" in html
        assert f'href="{reverse("anagrafica:identita", args=[utente.pk])}#id_email"' in html
        assert "Trasferisci CV al portale" in html

    def test_a_portal_that_is_down_is_said_once_and_calmly(self, cast: Cast, utente: Utente) -> None:
        InterruttorePortale.objects.create(pk=1, aperto_il=adesso(), riprova_il=adesso(), errori_di_fila=5)
        assert "Il portale non risponde" not in pannello(cast, utente)
        chiedi(cast, utente, adesso())

        assert pannello(cast, utente).count("Il portale non risponde dal") == 1


class TestConferma:
    @pytest.fixture
    def in_attesa(self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva) -> Utente:
        chiedi(cast, utente, adesso())
        gira(Orologio(adesso()))
        return utente

    def test_what_the_citizen_has_to_do(self, cast: Cast, in_attesa: Utente) -> None:
        """V2: the channel, how many, when; one more only after the pause, and the page says from when."""
        html = " ".join(pannello(cast, in_attesa).split())

        assert "aprire il messaggio di posta arrivato dal portale" in html
        assert "per posta elettronica: 1 messaggio il" in html
        assert in_attesa.email in html
        dal = adesso() + dt.timedelta(days=3)
        assert f"Il prossimo messaggio si può mandare dal {dal:%d/%m/%Y}" in html
        assert 'id="cv-sollecita" aria-disabled="true"' in html

    def test_one_more_message_after_the_pause(self, cast: Cast, in_attesa: Utente) -> None:
        quando = adesso() - dt.timedelta(days=3, minutes=1)
        PosizionePortale.objects.filter(utente=in_attesa).update(ultimo_messaggio_il=quando)
        indirizzo = reverse("curriculum:sollecita", args=[in_attesa.pk])
        assert f'action="{indirizzo}"' in pannello(cast, in_attesa)

        risposta = cast.client("operatore").post(indirizzo, headers=HTMX)
        assert "Il nuovo messaggio è chiesto al portale" in parole(risposta)
        assert "già stato chiesto" in parole(risposta)
        assert Trasferimento.objects.filter(operazione="sollecito", utente=in_attesa).count() == 1

    def test_too_early_is_refused_with_the_date(self, cast: Cast, in_attesa: Utente) -> None:
        risposta = cast.client("operatore").post(reverse("curriculum:sollecita", args=[in_attesa.pk]), headers=HTMX)

        assert risposta.status_code == 422
        assert "il prossimo si può chiedere dal" in parole(risposta)

    def test_the_citizen_confirms_at_the_counter(
        self, cast: Cast, in_attesa: Utente, portale_collegato: PortaleDiProva
    ) -> None:
        """The pauses of the queue may be long: asked to look now, it does, and the CV leaves."""
        portale_collegato.conferma(in_attesa.codice_fiscale)
        ora = adesso() + dt.timedelta(minutes=1)
        Trasferimento.objects.filter(utente=in_attesa).update(prossimo_il=ora + dt.timedelta(hours=6))
        assert gira(Orologio(ora)) == 0
        assert controlla_subito(utente=in_attesa, adesso=ora)
        assert gira(Orologio(ora)) == 1

        assert "Trasferisci di nuovo al portale" in pannello(cast, in_attesa)
        assert not controlla_subito(utente=in_attesa, adesso=ora)
        indirizzo = reverse("curriculum:controlla", args=[in_attesa.pk])
        testo = parole(cast.client("operatore").post(indirizzo, headers=HTMX))
        assert "Nessun trasferimento aspetta più la conferma" in testo

    def test_asking_again_and_again_changes_nothing(self, cast: Cast, in_attesa: Utente) -> None:
        """Just asked: the portal is not hammered."""
        prima = Trasferimento.objects.get(utente=in_attesa).prossimo_il
        indirizzo = reverse("curriculum:controlla", args=[in_attesa.pk])
        for _ in range(2):
            assert "Si chiede adesso al portale" in parole(cast.client("operatore").post(indirizzo, headers=HTMX))
        assert Trasferimento.objects.get(utente=in_attesa).prossimo_il == prima


class TestSiAggiorna:
    def test_it_asks_only_while_something_is_open(self, cast: Cast, utente: Utente) -> None:
        assert url_luoghi(pannello(cast, utente)) == ""
        chiedi(cast, utente, adesso())
        html = pannello(cast, utente)

        assert url_luoghi(html)
        assert "every 4s" in html
        assert "Si aggiorna da solo" in html

    def test_nothing_new_is_nothing_drawn(self, cast: Cast, utente: Utente, django_assert_max_num_queries: Any) -> None:
        """204: neither the focus nor an open part of the page is touched."""
        chiedi(cast, utente, adesso())
        client = cast.client("operatore")
        indirizzo = url_luoghi(client.get(reverse("curriculum:pannello", args=[utente.pk])).content.decode())
        with django_assert_max_num_queries(5):
            risposta = client.get(indirizzo, headers=HTMX)

        assert (risposta.status_code, risposta.content) == (204, b"")

    def test_news_are_drawn_and_said_once(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente, adesso())
        client = cast.client("operatore")
        indirizzo = url_luoghi(client.get(reverse("curriculum:pannello", args=[utente.pk])).content.decode())
        Trasferimento.objects.filter(pk=riga.pk).update(stato="in_corso", presa=riga.chiave)
        risposta = client.get(indirizzo, headers=HTMX)
        html = risposta.content.decode()

        assert html.lstrip().startswith('<div id="cv-luoghi"')
        assert 'hx-swap-oob="innerHTML:#cv-luoghi-detto">Qui: C&#x27;è. Portale (Toscana Lavoro): In corso.' in html
        assert client.get(url_luoghi(html), headers=HTMX).status_code == 204

    def test_a_refusal_takes_the_place_of_the_good_news(self, cast: Cast, utente: Utente) -> None:
        """A green «parte da solo» above a red refusal said two things at once."""
        riga = chiedi(cast, utente, adesso())
        client = cast.client("operatore")
        indirizzo = url_luoghi(client.get(reverse("curriculum:pannello", args=[utente.pk])).content.decode())
        Trasferimento.objects.filter(pk=riga.pk).update(
            stato="rifiutato", errore="registrazione_rifiutata", motivo="No", chiuso_il=adesso(), prossimo_il=None
        )
        risposta = client.get(indirizzo, headers=HTMX)

        assert '<p id="cv-esito" class="nota nota-errore cv-esito" tabindex="-1" hx-swap-oob="true">' in (
            risposta.content.decode()
        )
        assert "il motivo è qui sotto" in parole(risposta)

    @pytest.mark.parametrize(("secondi", "ogni"), [(60, 204), (130, "every 15s"), (1000, "every 60s")])
    def test_it_slows_down(self, cast: Cast, utente: Utente, secondi: int, ogni: Any) -> None:
        """Without news it asks less and less; slowing down is not said aloud."""
        chiedi(cast, utente, adesso())
        indirizzo = url_luoghi(pannello(cast, utente))
        prima = int(adesso().timestamp()) - secondi
        risposta = cast.client("operatore").get(re.sub(r"dal=\d+", f"dal={prima}", indirizzo), headers=HTMX)

        if ogni == 204:
            assert risposta.status_code == 204
        else:
            assert ogni in risposta.content.decode()
            assert "hx-swap-oob" not in risposta.content.decode()

    def test_another_cv_draws_the_whole_panel(self, cast: Cast, utente: Utente) -> None:
        """The antivirus has let a newer one through: the download is another."""
        chiedi(cast, utente, adesso())
        indirizzo = url_luoghi(pannello(cast, utente))
        carica(cast, utente, pagine=2, ora=adesso())
        risposta = cast.client("operatore").get(indirizzo, headers=HTMX)

        assert risposta["HX-Retarget"] == "#pannello-curriculum"
        assert 'id="pannello-curriculum"' in risposta.content.decode()

    @pytest.mark.parametrize("coda", ["", "?visto=x&dal=y&cv=z", "?dal=99999999999999999999", "?visto=-&dal=-1"])
    def test_a_strange_address_is_just_drawn(self, cast: Cast, utente: Utente, coda: str) -> None:
        indirizzo = reverse("curriculum:luoghi", args=[utente.pk]) + coda
        assert cast.client("operatore").get(indirizzo, headers=HTMX).status_code == 200


def test_matching_reads_the_card_and_touches_nothing(cast: Cast, utente: Utente) -> None:
    """A1: the three places to read, the file to download, no verb."""
    chiedi(cast, utente, adesso())
    html = pannello(cast, utente, "incrocio")

    assert "Dove si trova il curriculum" in html
    assert reverse("curriculum:scarica", args=[utente.curricula.get().pk]) in html
    for verbo in ("trasferisci", "annulla", "sollecita", "cancella", "importa", "componi"):
        assert f"/{verbo}" not in html


def test_the_panel_reads_little(cast: Cast, utente: Utente, django_assert_max_num_queries: Any) -> None:
    chiedi(cast, utente, adesso())
    client = cast.client("operatore")
    with django_assert_max_num_queries(8):
        client.get(reverse("curriculum:pannello", args=[utente.pk]), headers=HTMX)


def test_the_citizen_s_page_says_the_same(cast: Cast, utente: Utente) -> None:
    chiedi(cast, utente, adesso())
    testo = parole(cast.client("operatore").get(reverse("psp:utente", args=[utente.pk])))

    assert "Qui: C'è Portale: In coda Intuition: Non ancora" in testo
