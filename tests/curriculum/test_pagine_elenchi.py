"""The worklists: who sees which people, the batches, the pages by key, the home and the menu (V2, V4, A1)."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from curriculum.models import AvvisoScadenza, Curriculum, InterruttorePortale, PosizionePortale, Trasferimento
from curriculum.views import elenchi
from orientamento.anagrafica.models import Messaggio, Operatore, Utente
from orientamento.anagrafica.services.presa_in_carico import esprimi_consenso
from orientamento.comune.calendario import adesso, oggi
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_operatore, crea_utente, metti_in_carico
from tests.curriculum.trasferimenti import chiedi, con_curriculum, revoca

SCADENZE, REGISTRAZIONI, TRASFERIMENTI = (
    reverse(f"curriculum:{nome}") for nome in ("scadenze", "registrazioni", "trasferimenti")
)


def parole(risposta: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", risposta.content.decode()).replace("&#x27;", "'").split())


def persona(cast: Cast, di: Operatore | None = None, *, comunicazioni: bool = True, **dati: Any) -> Utente:
    """Someone in charge with mail, who gave both consents."""
    utente = crea_utente(cast.cpi, di or cast.operatore, **{"email": "a@example.org", **dati})
    metti_in_carico(utente, cast.operatore)
    if comunicazioni:
        esprimi_consenso(utente=utente, finalita="comunicazioni", esito="dato", attore=cast.operatore, adesso=adesso())
    return utente


def scade(cast: Cast, giorni: int, utente: Utente | None = None) -> Curriculum:
    """A CV whose last day is in so many days; no file is needed to be on a list."""
    fine = oggi() + dt.timedelta(days=giorni)
    return Curriculum.objects.create(
        utente=utente or persona(cast),
        origine="portato",
        file="",
        nome_originale="cv.pdf",
        sha256="0" * 64,
        dimensione=1,
        pagine=1,
        caricato_il=adesso() - dt.timedelta(days=180),
        caricato_da=cast.operatore,
        valido_fino_al=fine,
    )


def da_confermare(cast: Cast, giorni_fa: int, *, messaggi: int = 1, utente: Utente | None = None) -> Utente:
    utente = utente or persona(cast)
    PosizionePortale.objects.create(
        utente=utente,
        registrazione="da_confermare",
        canale="posta",
        messaggi=messaggi,
        ultimo_messaggio_il=adesso() - dt.timedelta(days=giorni_fa),
    )
    return utente


def rifiutato(cast: Cast, utente: Utente, errore: str = "posta_diversa") -> Trasferimento:
    riga = chiedi(cast, utente, adesso())
    Trasferimento.objects.filter(pk=riga.pk).update(
        stato="rifiutato", motivo="Il portale dice di no.", errore=errore, chiuso_il=adesso(), prossimo_il=None
    )
    return riga


def posizioni(testo: str, *persone: Any) -> list[int]:
    return [testo.index(str(p)) for p in persone]


@pytest.fixture
def collegato(settings: Any) -> None:
    settings.PORTALE_URL = "http://127.0.0.1:9"


class TestScadenze:
    def test_nearest_first_with_the_days_in_words(self, cast: Cast) -> None:
        """V4: also where no sweep ever ran."""
        righe = [scade(cast, giorni) for giorni in (5, -3, 0, 1, 30)]
        lontano, vecchissimo = scade(cast, 31), scade(cast, -300)
        testo = parole(cast.client("operatore").get(SCADENZE))

        ordine = [righe[i].utente for i in (1, 2, 3, 0, 4)]
        assert posizioni(testo, *ordine) == sorted(posizioni(testo, *ordine))
        for detto in ("Scaduto da 3 giorni", "Scade oggi", "Scade domani", "Scade tra 5 giorni", "Scade tra 30 giorni"):
            assert detto in testo
        for altro in (lontano, vecchissimo):
            assert str(altro.utente) not in testo

    def test_who_sees_whom(self, cast: Cast) -> None:
        """A1: operators the people they follow, supervisors the office or one operator's, strangers nobody."""
        mio, suo, di_nessuno = persona(cast), persona(cast, cast.collega), persona(cast)
        Utente.objects.filter(pk=di_nessuno.pk).update(operatore_riferimento=None)
        for utente in (mio, suo, di_nessuno):
            scade(cast, 3, utente)

        def visti(chi: str, coda: str = "") -> list[Utente]:
            testo = parole(cast.client(chi).get(SCADENZE + coda))
            return [u for u in (mio, suo, di_nessuno) if str(u) in testo]

        assert visti("operatore") == [mio]
        assert visti("collega") == [suo]
        assert visti("responsabile") == [mio, suo, di_nessuno]
        assert visti("responsabile", f"?di={cast.collega.pk}") == [suo]
        assert visti("responsabile", "?di=nessuno") == [di_nessuno]
        assert visti("operatore", f"?di={cast.collega.pk}") == [mio]
        assert visti("estraneo") == []

    def test_told_by_mail_and_who_cannot_be(self, cast: Cast) -> None:
        """U2, V4: a message only with address and consent; the others are named, with the reason."""
        si, senza_posta = scade(cast, 3), scade(cast, 4, persona(cast, email=""))
        senza_consenso = scade(cast, 5, persona(cast, comunicazioni=False))
        chiavi = [cv.pk for cv in (si, senza_posta, senza_consenso)]
        testo = parole(cast.client("operatore").post(SCADENZE, {"cv": chiavi, "modo": "posta"}, follow=True))

        assert "1 persona avvisata per posta: il messaggio parte da solo." in testo
        assert f"Non avvisati: {senza_posta.utente}: manca un indirizzo di posta" in testo
        assert f"Non avvisati: {senza_consenso.utente}: non c'è il consenso" in testo
        assert [m.utente for m in Messaggio.objects.all()] == [si.utente]
        assert AvvisoScadenza.objects.get(gestito_il__isnull=False).curriculum == si

    @pytest.mark.parametrize(("modo", "detto"), [("telefono", "per telefono"), ("persona", "di persona")])
    def test_told_otherwise(self, cast: Cast, modo: str, detto: str) -> None:
        righe = [scade(cast, 3, persona(cast, email="")), scade(cast, 4)]
        client = cast.client("operatore")
        dati = {"cv": [cv.pk for cv in righe], "modo": modo}

        assert f"2 persone segnate come avvisate {detto}." in parole(client.post(SCADENZE, dati, follow=True))
        seconda = parole(client.post(SCADENZE, dati, follow=True))
        assert "2 persone erano già avvisate" in seconda
        assert 'name="cv"' not in client.get(SCADENZE).content.decode()
        assert not Messaggio.objects.exists()

    @pytest.mark.parametrize(
        ("dati", "detto"),
        [
            ({"modo": "posta"}, "spuntare prima le persone"),
            ({"modo": "posta", "cv": ["x", "", "²", "9" * 30]}, "spuntare prima le persone"),
            ({"modo": "piccione", "cv": ["CV"]}, "Scegliere come avvisare"),
        ],
    )
    def test_bad_batches(self, cast: Cast, dati: dict[str, Any], detto: str) -> None:
        cv = scade(cast, 3)
        dati = {k: [str(cv.pk) if x == "CV" else x for x in v] if k == "cv" else v for k, v in dati.items()}
        risposta = cast.client("operatore").post(SCADENZE, dati, follow=True)

        assert detto in parole(risposta)
        assert not AvvisoScadenza.objects.exists()

    def test_a_stranger_tells_nobody(self, cast: Cast) -> None:
        """A1: keys of another office are as if they were not there."""
        cv = scade(cast, 3)
        cast.client("estraneo").post(SCADENZE, {"cv": [cv.pk], "modo": "telefono"})

        assert not AvvisoScadenza.objects.exists()

    @pytest.mark.parametrize("stato", ["rifiutato", "incerto"])
    def test_a_notice_that_failed_says_why_and_goes_again(self, cast: Cast, stato: str) -> None:
        client, cv = cast.client("operatore"), scade(cast, 3)
        client.post(SCADENZE, {"cv": [cv.pk], "modo": "posta"})
        Messaggio.objects.update(stato=stato, prossimo_il=None, motivo="La casella non esiste.")
        (primo,) = Messaggio.objects.all()
        pagina = client.get(SCADENZE + "?di=x")
        assert primo.get_stato_display() in parole(pagina)
        assert "La casella non esiste." in parole(pagina)
        (indirizzo,) = re.findall(r'form="rimanda" formaction="([^"]+)"', pagina.content.decode())

        assert client.post(indirizzo)["Location"] == f"{SCADENZE}?di=x"
        testo = parole(client.post(indirizzo, follow=True))
        assert f"{cv.utente}: il messaggio riparte da solo, a a@example.org." in testo
        assert "Manda di nuovo" not in testo
        nuovo = Messaggio.objects.exclude(pk=primo.pk).get()
        assert Evento.objects.get(azione=Azione.MESSAGGIO_RIMANDATO, oggetto_id=nuovo.pk).attore == cast.operatore

    def test_why_a_notice_cannot_go_again(self, cast: Cast) -> None:
        client, cv = cast.client("operatore"), scade(cast, 3)
        client.post(SCADENZE, {"cv": [cv.pk], "modo": "posta"})
        Messaggio.objects.update(stato="rifiutato", prossimo_il=None)
        Curriculum.objects.update(stato="sostituito")
        url = reverse("curriculum:rimanda_avviso", args=[Messaggio.objects.get().pk])

        assert "il curriculum è stato sostituito o cancellato" in parole(client.post(url, follow=True))
        Messaggio.objects.update(causale="altro:1")
        assert client.post(url).status_code == 404
        assert Messaggio.objects.count() == 1

    def test_pages_by_key_meet_everyone_once(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(elenchi, "PER_PAGINA", 2)
        attesi = [scade(cast, giorni).pk for giorni in (1, 2, 2, 2, 3)]
        client, url, visti = cast.client("operatore"), SCADENZE, []
        while url and len(visti) < 9:
            html = client.get(url).content.decode()
            visti += [int(chiave) for chiave in re.findall(r'name="cv" value="(\d+)"', html)]
            seguito = re.search(r'href="(\?dopo=[^"]*)">Mostra', html)
            url = SCADENZE + seguito.group(1).replace("&amp;", "&") if seguito else ""

        assert visti == attesi

    @pytest.mark.parametrize("dopo", ["x", "2026-11-23", "2026-11-23_", "_1", "2026-13-45_1", "²_²"])
    def test_a_strange_mark_is_the_first_page(self, cast: Cast, dopo: str) -> None:
        cv = scade(cast, 3)
        for url in (SCADENZE, REGISTRAZIONI, TRASFERIMENTI):
            assert cast.client("operatore").get(url, {"dopo": dopo}).status_code == 200
        assert str(cv.utente) in parole(cast.client("operatore").get(SCADENZE, {"dopo": dopo}))

    @pytest.mark.parametrize(("dove", "si"), [("cartella.Cartella", True), ("server.ServerDiPosta", False)])
    def test_where_the_messages_of_a_trial_are_read(self, cast: Cast, settings: Any, dove: str, si: bool) -> None:
        settings.POSTA_BACKEND = f"orientamento.anagrafica.posta.{dove}"
        html = cast.client("operatore").get(SCADENZE).content.decode()
        assert (reverse("anagrafica:posta_in_uscita") in html) is si

    def test_empty_is_kind(self, cast: Cast) -> None:
        assert "Nessun curriculum scade nei prossimi 30 giorni" in parole(cast.client("operatore").get(SCADENZE))


class TestRegistrazioni:
    def test_the_longest_wait_first_and_what_may_be_done(self, cast: Cast) -> None:
        """V2: channel, how many, when, and from when the next one."""
        appena, da_tanto, troppi = da_confermare(cast, 1), da_confermare(cast, 9), da_confermare(cast, 5, messaggi=5)
        html = cast.client("operatore").get(REGISTRAZIONI)
        testo = parole(html)

        assert posizioni(testo, da_tanto, troppi, appena) == sorted(posizioni(testo, da_tanto, troppi, appena))
        assert "5 di 5" in testo
        assert "Raggiunto il massimo" in testo
        assert f"Dal {adesso() + dt.timedelta(days=2):%d/%m/%Y}" in testo
        assert re.findall(r'name="utente" value="(\d+)"', html.content.decode()) == [str(da_tanto.pk)]

    def test_one_more_message_to_the_ticked(self, cast: Cast, collegato: None) -> None:
        pronto, presto = da_confermare(cast, 4), da_confermare(cast, 1)
        dati = {"utente": [pronto.pk, presto.pk]}
        testo = parole(cast.client("operatore").post(REGISTRAZIONI, dati, follow=True))

        assert "Chiesto al portale di mandare 1 messaggio" in testo
        assert f"{presto}: L'ultimo messaggio è partito il" in testo
        assert [t.utente for t in Trasferimento.objects.filter(operazione="sollecito")] == [pronto]
        assert "Già chiesto: parte da solo." in testo

    def test_who_has_taken_the_consent_back_is_asked_nothing_more(self, cast: Cast) -> None:
        """U2, V2: nobody waits for that confirmation any more, and the list does not either."""
        utente = da_confermare(cast, 4)
        revoca(cast, utente, adesso())
        testo = parole(cast.client("operatore").get(REGISTRAZIONI))

        assert str(utente) not in testo

    def test_no_button_where_nobody_may_be_ticked(self, cast: Cast) -> None:
        da_confermare(cast, 1)
        testo = parole(cast.client("operatore").get(REGISTRAZIONI))
        assert "Adesso non si può mandare di nuovo il messaggio a nessuno di questa pagina" in testo
        assert testo.count("Manda di nuovo il messaggio") == 0

    def test_nobody_ticked(self, cast: Cast) -> None:
        testo = parole(cast.client("operatore").post(REGISTRAZIONI, follow=True))
        assert "spuntare prima le persone" in testo

    def test_pages_by_key_meet_everyone_once(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        """Also those of whom the moment of the last message is not known, and two of the same moment."""
        monkeypatch.setattr(elenchi, "PER_PAGINA", 1)
        quando = adesso() - dt.timedelta(days=5)
        persone = [da_confermare(cast, 5) for _ in range(3)]
        PosizionePortale.objects.filter(utente__in=persone[:2]).update(ultimo_messaggio_il=quando)
        PosizionePortale.objects.filter(utente=persone[2]).update(ultimo_messaggio_il=None)
        client, url, visti = cast.client("operatore"), REGISTRAZIONI, []
        while url and len(visti) < 9:
            html = client.get(url).content.decode()
            visti += [int(chiave) for chiave in re.findall(r'name="utente" value="(\d+)"', html)]
            seguito = re.search(r'href="(\?dopo=[^"]*)">Mostra', html)
            url = REGISTRAZIONI + seguito.group(1).replace("&amp;", "&") if seguito else ""

        assert visti == [persone[2].pk, persone[0].pk, persone[1].pk]


class TestTrasferimenti:
    def test_refusals_first_with_their_cure(self, cast: Cast, collegato: None) -> None:
        utente = con_curriculum(cast, ora=adesso())
        rifiutato(cast, utente)
        in_coda = con_curriculum(cast, ora=adesso())
        chiedi(cast, in_coda, adesso())
        risposta = cast.client("operatore").get(TRASFERIMENTI)
        testo = parole(risposta)

        assert "Rifiutati (1)" in testo
        assert "In coda (1)" in testo
        assert "Il portale dice di no." in testo
        assert str(in_coda) not in testo
        assert f"{reverse('anagrafica:identita', args=[utente.pk])}#id_email" in risposta.content.decode()
        assert str(in_coda) in parole(cast.client("operatore").get(f"{TRASFERIMENTI}?stato=in_coda"))

    def test_asked_again_it_is_no_refusal_any_more(self, cast: Cast, collegato: None) -> None:
        utente = con_curriculum(cast, ora=adesso())
        rifiutato(cast, utente)
        chiedi(cast, utente, adesso())
        testo = parole(cast.client("operatore").get(f"{TRASFERIMENTI}?stato=rifiutati"))

        assert "Rifiutati (0)" in testo
        assert "Nessuna richiesta rifiutata" in testo

    @pytest.mark.parametrize("errore", ["", "ignoto", "file_rifiutato", "scaduto_in_coda", "sparito"])
    def test_whatever_the_refusal_the_page_stands(self, cast: Cast, collegato: None, errore: str) -> None:
        rifiutato(cast, con_curriculum(cast, ora=adesso()), errore)
        assert "Il portale dice di no." in parole(cast.client("operatore").get(TRASFERIMENTI))

    def test_the_banner_of_a_portal_that_is_down(self, cast: Cast) -> None:
        InterruttorePortale.objects.create(pk=1, aperto_il=adesso(), riprova_il=adesso(), errori_di_fila=5)
        for url in (SCADENZE, REGISTRAZIONI, TRASFERIMENTI):
            testo = parole(cast.client("operatore").get(url))
            assert testo.count("Il portale non risponde dal") == 1
            assert "Non c'è niente da fare" in testo


@pytest.mark.parametrize(("url", "quante"), [(SCADENZE, 10), (REGISTRAZIONI, 8), (f"{TRASFERIMENTI}?stato=in_coda", 9)])
def test_long_lists_ask_no_more_than_short_ones(
    cast: Cast, collegato: None, url: str, quante: int, django_assert_max_num_queries: Any
) -> None:
    for giorni in range(4):
        da_confermare(cast, 4 + giorni, utente=scade(cast, giorni).utente)
    for _ in range(3):
        chiedi(cast, con_curriculum(cast, ora=adesso()), adesso())
    client = cast.client("operatore")
    client.post(SCADENZE, {"cv": [c.pk for c in Curriculum.objects.all()[:3]], "modo": "posta"})
    with django_assert_max_num_queries(quante):
        client.get(url)


def test_the_home_and_the_menu_lead_there(cast: Cast) -> None:
    cv = scade(cast, 2)
    altro = scade(cast, 2, persona(cast, crea_operatore("operatore", cast.cpi)))
    connection.check_constraints()  # as at the end of a transaction
    home = cast.client("operatore").get("/")
    testo = parole(home)

    assert str(cv.utente) in testo
    assert str(altro.utente) not in testo
    assert f'href="{SCADENZE}"' in home.content.decode()
    assert (
        f'href="{SCADENZE}" aria-current="page">Curriculum</a>'
        in cast.client("operatore").get(TRASFERIMENTI).content.decode()
    )
    assert SCADENZE not in cast.client("incrocio").get(reverse("anagrafica:ricerca")).content.decode()
