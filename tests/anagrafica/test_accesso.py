"""Login, lock-out, and the expired login that loses nothing (A2, C8)."""

from __future__ import annotations

import datetime as dt
import html as htmllib
import re

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from orientamento.anagrafica.models import Operatore, Utente
from orientamento.comune import ripresa
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.cast import PASSWORD, Cast

pytestmark = pytest.mark.django_db


def accedi(client: Client, operatore: Operatore, password: str = PASSWORD, **altro: str):
    return client.post("/accesso", {"username": operatore.username, "password": password, **altro})


def firma(pagina: str) -> str:
    trovata = re.search(r'name="da_riprendere" value="([^"]*)"', pagina)
    assert trovata, pagina
    return htmllib.unescape(trovata[1])


def campi_da_inviare(pagina: str) -> dict[str, list[str]]:
    """The fields of the page "Riprenda da dove era", as the browser would send them."""
    campi: dict[str, list[str]] = {}
    for nome, valore in re.findall(r'<textarea name="([^"]*)" hidden>\n(.*?)</textarea>', pagina, re.DOTALL):
        campi.setdefault(htmllib.unescape(nome), []).append(htmllib.unescape(valore))
    return campi


def scadi(client: Client) -> None:
    """The session ends on the server; the browser keeps its cookies."""
    client.session.flush()


@pytest.fixture
def client_entrato(cast: Cast) -> Client:
    client = Client()
    assert accedi(client, cast.operatore).status_code == 302
    return client


def modulo(utente: Utente, **altro: str) -> dict[str, str]:
    dati = {
        nome: str(getattr(utente, nome))
        for nome in (
            "codice_fiscale cognome nome sesso luogo_nascita cittadinanza domicilio_indirizzo domicilio_comune "
            "domicilio_provincia domicilio_cap cellulare email versione"
        ).split()
    }
    return {**dati, "data_nascita": f"{utente.data_nascita:%d/%m/%Y}", **altro}


def test_a_login_and_a_logout_leave_a_line_each(cast: Cast) -> None:
    client = Client()
    risposta = accedi(client, cast.operatore, next="/utenti")
    assert (risposta.status_code, risposta.url) == (302, "/utenti")
    assert Evento.objects.filter(azione=Azione.ACCESSO, attore=cast.operatore).count() == 1
    assert client.post("/uscita").status_code == 302
    assert Evento.objects.filter(azione=Azione.USCITA, attore=cast.operatore).count() == 1
    assert client.get("/utenti").status_code == 302
    assert client.get("/uscita").status_code == 405


@pytest.mark.parametrize("altrove", ["https://esempio.invalid/", "//esempio.invalid/", "javascript:alert(1)"])
def test_next_never_leads_elsewhere(cast: Cast, altrove: str) -> None:
    assert accedi(Client(), cast.operatore, next=altrove).url == "/"


def test_a_wrong_password_is_refused_in_words_and_written_down(cast: Cast) -> None:
    risposta = accedi(Client(), cast.operatore, "sbagliata")
    assert risposta.status_code == 422
    assert "Nome utente o password non corretti" in risposta.content.decode()
    riga = Evento.objects.get(azione=Azione.ACCESSO_RIFIUTATO)
    assert riga.attore == cast.operatore


def test_what_was_typed_for_an_unknown_name_is_not_written_down(cast: Cast) -> None:
    """It may be a password typed in the wrong box."""
    Client().post("/accesso", {"username": "la-mia-password", "password": "x"})
    riga = Evento.objects.get(azione=Azione.ACCESSO_RIFIUTATO)
    assert riga.attore is None
    assert "la-mia-password" not in str(riga.dettaglio)


def test_an_inactive_account_is_refused(cast: Cast) -> None:
    Operatore.objects.filter(pk=cast.operatore.pk).update(is_active=False)
    client = Client()
    assert accedi(client, cast.operatore).status_code == 422
    assert client.get("/utenti").status_code == 302


def test_five_failures_lock_out_for_a_quarter_of_an_hour(cast: Cast) -> None:
    inizio = dt.datetime(2026, 11, 23, 9, 0, tzinfo=dt.UTC)
    with time_machine.travel(inizio, tick=False) as orologio:
        client = Client()
        for _ in range(4):
            assert accedi(client, cast.operatore, "sbagliata").status_code == 422
        for _ in range(2):
            bloccato = accedi(client, cast.operatore, "sbagliata")
            assert bloccato.status_code == 429
        pagina = bloccato.content.decode()
        assert "Può riprovare dalle 10:16" in pagina  # 09:00 UTC is 10:00 in Italy
        orologio.shift(dt.timedelta(minutes=10))
        assert accedi(client, cast.operatore).status_code == 429
        assert "10:16" in accedi(client, cast.operatore).content.decode()
        assert accedi(client, cast.collega).status_code == 302
        orologio.shift(dt.timedelta(minutes=6))
        assert accedi(Client(), cast.operatore).status_code == 302


def test_the_lock_out_keeps_what_was_being_written(cast: Cast, client_entrato: Client) -> None:
    scadi(client_entrato)
    gettone = firma(client_entrato.post("/utenti/nuovo", {"cognome": "Rossi"}).content.decode())
    for _ in range(5):
        pagina = accedi(client_entrato, cast.operatore, "sbagliata", da_riprendere=gettone).content.decode()
        gettone = firma(pagina)
    assert "Può riprovare" in pagina
    pagina = client_entrato.post("/accesso", {"da_riprendere": gettone}).content.decode()
    assert "Ciò che ha scritto è conservato" in pagina
    assert firma(pagina)


def test_an_expired_login_in_the_middle_of_a_form_loses_nothing(cast: Cast, client_entrato: Client) -> None:
    """C8: the fields travel in the login page, then one button sends them where they were going."""
    indirizzo = f"/utenti/{cast.utente.pk}/identita"
    scritto = modulo(cast.utente, domicilio_indirizzo='Via "dei <Mille>" & figli\nscala B', email="nuova@example.it")
    scadi(client_entrato)
    risposta = client_entrato.post(indirizzo, scritto)
    assert risposta.status_code == 401
    pagina = risposta.content.decode()
    assert "L'accesso era scaduto" in htmllib.unescape(pagina)
    assert "<Mille>" not in pagina
    risposta = accedi(client_entrato, cast.operatore, da_riprendere=firma(pagina))
    assert risposta.status_code == 200
    pagina = risposta.content.decode()
    assert "Riprenda da dove era" in pagina
    assert f'action="{indirizzo}"' in pagina
    campi = campi_da_inviare(pagina)
    assert {nome: valori[0] for nome, valori in campi.items()} == scritto
    assert client_entrato.post(indirizzo, campi).status_code == 302
    cast.utente.refresh_from_db()
    assert cast.utente.email == "nuova@example.it"


def test_repeated_fields_and_the_query_string_come_back_whole(cast: Cast, client_entrato: Client) -> None:
    scadi(client_entrato)
    pagina = client_entrato.post("/utenti/nuovo?da=colloquio", {"conferma": ["a", "b"], "nota": "\nriga\n"}).content
    pagina = accedi(client_entrato, cast.operatore, da_riprendere=firma(pagina.decode())).content.decode()
    assert 'action="/utenti/nuovo?da=colloquio"' in pagina
    assert campi_da_inviare(pagina)["conferma"] == ["a", "b"]
    assert campi_da_inviare(pagina)["nota"] == ["\nriga\n"]


def test_nothing_is_kept_on_the_server(cast: Cast, client_entrato: Client) -> None:
    scadi(client_entrato)
    client_entrato.post("/utenti/nuovo", {"cognome": "Segretissimo"})
    assert "Segretissimo" not in str(dict(client_entrato.session))


def test_another_operator_neither_sees_nor_sends_it(cast: Cast, client_entrato: Client) -> None:
    scadi(client_entrato)
    gettone = firma(client_entrato.post("/utenti/nuovo", {"cognome": "Segretissimo"}).content.decode())
    risposta = accedi(client_entrato, cast.collega, da_riprendere=gettone)
    assert risposta.status_code == 302
    pagina = client_entrato.get(risposta.url).content.decode()
    assert "Segretissimo" not in pagina
    assert "scritto da un altro operatore" in pagina


def test_a_forged_or_old_token_is_ignored(cast: Cast) -> None:
    assert accedi(Client(), cast.operatore, da_riprendere="falso").status_code == 302
    with time_machine.travel(dt.datetime(2026, 11, 22, tzinfo=dt.UTC)):
        vecchio = ripresa.Ripresa("/utenti/nuovo", "", None, [("cognome", "Rossi")]).firma()
    with time_machine.travel(dt.datetime(2026, 11, 23, 13, tzinfo=dt.UTC)):
        assert ripresa.da_firma(vecchio) is None


def test_a_file_cannot_be_carried_along_and_the_page_says_so(cast: Cast, client_entrato: Client) -> None:
    scadi(client_entrato)
    pagina_di_prima = f"/utenti/{cast.utente.pk}/identita"
    risposta = client_entrato.post(
        f"/utenti/{cast.utente.pk}/curriculum",
        {"file": SimpleUploadedFile("cv.pdf", b"%PDF-1.7 segreto")},
        headers={"Referer": f"http://testserver{pagina_di_prima}"},
    )
    pagina = risposta.content.decode()
    assert "non si può conservare" in pagina
    risposta = accedi(client_entrato, cast.operatore, da_riprendere=firma(pagina))
    assert (risposta.status_code, risposta.url) == (302, pagina_di_prima)
    assert "lo scelga di nuovo" in client_entrato.get(pagina_di_prima).content.decode()


@pytest.mark.parametrize("referer", ["https://esempio.invalid/utenti", "http://testserver//esempio.invalid", ""])
def test_the_page_of_before_is_only_one_of_ours(cast: Cast, client_entrato: Client, referer: str) -> None:
    scadi(client_entrato)
    file = SimpleUploadedFile("cv.pdf", b"%PDF-")
    pagina = client_entrato.post("/utenti/nuovo", {"file": file}, headers={"Referer": referer}).content.decode()
    assert accedi(client_entrato, cast.operatore, da_riprendere=firma(pagina)).url == "/"


def test_without_its_token_no_form_is_carried(cast: Cast) -> None:
    """A form of another site gets no further than the check against forgery."""
    client = Client(enforce_csrf_checks=True)
    risposta = client.post("/utenti/nuovo", {"cognome": "Falso"})
    assert risposta.status_code == 403
    assert "da_riprendere" not in risposta.content.decode()


@pytest.mark.parametrize("metodo", ["get", "post"])
def test_a_partial_request_leaves_the_page_as_it_is(cast: Cast, metodo: str) -> None:
    risposta = getattr(Client(), metodo)("/utenti", headers={"HX-Request": "true"})
    assert risposta.status_code == 401
    assert risposta.headers["HX-Trigger"] == "accesso-scaduto"
    assert risposta.content == b""


def test_a_login_in_a_tab_of_its_own_ends_on_a_small_page(cast: Cast) -> None:
    client = Client()
    pagina = client.get("/accesso?torna=scheda").content.decode()
    assert 'name="torna" value="scheda"' in pagina
    risposta = accedi(client, cast.operatore, torna="scheda")
    assert risposta.url == "/accesso/fatto"
    assert "Può chiudere questa scheda" in client.get("/accesso/fatto").content.decode()
    assert client.get("/accesso?torna=scheda").url == "/accesso/fatto"


def test_a_second_login_page_left_open_still_hands_the_form_back(cast: Cast, client_entrato: Client) -> None:
    """The login was done meanwhile in another tab: the fields are offered at once."""
    scadi(client_entrato)
    gettone = firma(client_entrato.post("/utenti/nuovo", {"cognome": "Rossi"}).content.decode())
    accedi(client_entrato, cast.operatore)
    pagina = accedi(client_entrato, cast.operatore, da_riprendere=gettone).content.decode()
    assert campi_da_inviare(pagina) == {"cognome": ["Rossi"]}


def test_a_part_of_a_page_is_never_taken_for_the_page(cast: Cast) -> None:
    """The browser keeps the two apart when one goes back; a proxy keeps neither."""
    risposta = cast.client("operatore").get("/utenti", headers={"HX-Request": "true"})
    assert "HX-Request" in risposta.headers["Vary"]
    assert risposta.headers["Cache-Control"] == "private"


@pytest.mark.parametrize("nome", ["a" * 151, "a" * 5000, "a\x00", "²", "😀" * 200, "<script>", "' OR 1=1--"])
def test_what_can_be_no_name_is_refused_like_a_wrong_one(cast: Cast, nome: str) -> None:
    client = Client(headers={"User-Agent": "u" * 5000, "Accept": "a" * 5000})
    risposta = client.post("/accesso", {"username": nome, "password": nome})
    assert risposta.status_code == 422
    assert "Nome utente o password non corretti" in risposta.content.decode()
    assert Evento.objects.filter(azione=Azione.ACCESSO_RIFIUTATO, attore=None).count() == 1


def test_the_pages_kept_by_the_browser_are_tied_to_the_operator(cast: Cast) -> None:
    """app.js asks anew for a page shown again from the browser's memory where the two differ."""
    client = Client()
    accedi(client, cast.operatore)
    assert client.cookies["pagine_di"].value == str(cast.operatore.pk)
    assert f'data-operatore="{cast.operatore.pk}"' in client.get("/").content.decode()
    client.post("/uscita")
    assert client.cookies["pagine_di"].value == ""
