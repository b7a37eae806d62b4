"""Messages to citizens: queued once, sent once by a real SMTP conversation, and honest about what is not known."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from orientamento.anagrafica.models import CPI, Messaggio, StatoMessaggio, Utente
from orientamento.anagrafica.services import messaggi
from orientamento.anagrafica.services.messaggi import (
    PAUSA_MASSIMA,
    PRESA_VALE,
    accoda_messaggio,
    identificatore,
    invia_messaggi,
    messaggi_di,
    rimanda_messaggio,
)
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.anagrafica.postino import TAGLIA, Postino, postino
from tests.cast import Cast, crea_utente

ORA = dt.datetime(2026, 11, 23, 10, 0, tzinfo=ZoneInfo("Europe/Rome"))
S = StatoMessaggio


@pytest.fixture
def server(settings: Any) -> Iterator[Postino]:
    with postino(settings) as uno:
        yield uno


@pytest.fixture
def cast_con_posta(cast: Cast) -> Cast:
    cast.utente.email = "anna@example.org"
    cast.utente.save()
    return cast


def accoda(cast: Cast, causale: str = "prova:1", **altro: Any) -> Messaggio:
    dati = {"oggetto": "Il suo curriculum è valido", "testo": "Gentile Anna,\n\nperché è così.\n.\n", **altro}
    return accoda_messaggio(utente=cast.utente, causale=causale, attore=cast.operatore, adesso=ORA, **dati)


def dopo(**quanto: Any) -> dt.datetime:
    return ORA + dt.timedelta(**quanto)


def invia(adesso: dt.datetime = ORA) -> int:
    return invia_messaggi(adesso=adesso)


# Queueing


def test_queued_with_the_office_below(cast_con_posta: Cast) -> None:
    messaggio = accoda(cast_con_posta)

    assert (messaggio.stato, messaggio.destinatario, messaggio.prossimo_il) == (S.DA_INVIARE, "anna@example.org", ORA)
    assert messaggio.testo.startswith("Gentile Anna,")
    assert cast_con_posta.cpi.nome in messaggio.testo
    evento = Evento.objects.get(azione=Azione.MESSAGGIO_ACCODATO)
    assert (evento.utente_id, evento.attore_id) == (cast_con_posta.utente.pk, cast_con_posta.operatore.pk)
    assert "anna@example.org" not in str(evento.dettaglio)


def test_the_same_thing_said_twice_is_one_message(cast_con_posta: Cast) -> None:
    assert accoda(cast_con_posta).pk == accoda(cast_con_posta).pk
    assert Evento.objects.filter(azione=Azione.MESSAGGIO_ACCODATO).count() == 1


def test_what_was_said_to_one_is_never_taken_for_another(cast_con_posta: Cast) -> None:
    accoda(cast_con_posta)
    cast_con_posta.utente = crea_utente(cast_con_posta.cpi, email="altro@example.org")
    with pytest.raises(ValueError, match="un'altra persona"):
        accoda(cast_con_posta)


@pytest.mark.parametrize("indirizzo", ["", "anna", "anna@", "anna@example.org\nBcc: altro@example.org"])
def test_without_a_good_address_it_is_refused_in_plain_words(cast: Cast, indirizzo: str) -> None:
    cast.utente.email = indirizzo
    cast.utente.save()
    with pytest.raises(RegolaViolata, match="telefonare") as errore:
        accoda(cast)
    assert errore.value.campo == "email"
    assert not Messaggio.objects.exists()


def test_not_before_its_time(cast_con_posta: Cast, server: Postino) -> None:
    accoda(cast_con_posta, non_prima=dopo(days=1))

    assert invia() == 0
    assert invia(dopo(days=1)) == 1


# Sending


def test_one_mail_as_it_should_be(cast_con_posta: Cast, server: Postino) -> None:
    cast_con_posta.cpi.email = "cpi.prato@example.it"
    cast_con_posta.cpi.save()
    messaggio = accoda(cast_con_posta)

    assert invia() == 1
    assert invia(dopo(days=9)) == 0
    (busta,) = server.prese
    lettera = busta.lettera
    assert (busta.mittente, busta.destinatario) == ("non-rispondere@example.it", "anna@example.org")
    assert lettera["Subject"] == "Il suo curriculum è valido"
    assert lettera["Reply-To"] == "cpi.prato@example.it"
    assert lettera["Auto-Submitted"] == "auto-generated"
    assert lettera["Message-ID"] == identificatore(messaggio)
    assert lettera["Message-ID"].endswith("@example.it>")
    assert lettera.get_content_type() == "text/plain"
    # Also the line of one full stop, which in the conversation would end the text.
    assert lettera.get_content().replace("\r\n", "\n").strip() == messaggio.testo.strip()
    messaggio.refresh_from_db()
    assert (messaggio.stato, messaggio.tentativi, messaggio.prossimo_il) == (S.INVIATO, 1, None)
    assert messaggio.inviato_il is not None
    assert Evento.objects.get(azione=Azione.MESSAGGIO_INVIATO).attore_nome == "Sistema"


def test_many_messages_one_connection(cast_con_posta: Cast, server: Postino) -> None:
    for numero in range(5):
        accoda(cast_con_posta, f"prova:{numero}")
    assert invia() == 5
    assert (len(server.prese), server.connessioni) == (5, 1)


@given(oggetto=st.text(max_size=60), testo=st.text(max_size=200).filter(lambda t: "\0" not in t))
def test_no_text_becomes_a_header(oggetto: str, testo: str) -> None:
    """Whatever a subject or a text holds, a mail has the headers that it should, once each."""
    messaggio = Messaggio(
        pk=7,
        oggetto=" ".join(oggetto.split())[:200],
        testo=testo,
        destinatario="anna@example.org",
        creato_il=ORA,
        utente=Utente(pk=1, cpi=CPI(nome="Prova")),
    )
    uscita = messaggi._componi(messaggio).message()
    assert [n for n, _ in uscita.items()] == [
        "Content-Type",
        "MIME-Version",
        "Content-Transfer-Encoding",
        "Subject",
        "From",
        "To",
        "Date",
        "Message-ID",
        "Auto-Submitted",
    ]


def test_a_subject_on_several_lines_stays_a_subject(cast_con_posta: Cast, server: Postino) -> None:
    accoda(cast_con_posta, oggetto="Avviso\r\nBcc: altri@example.org\n\nTesto")
    assert invia() == 1
    lettera = server.prese[0].lettera
    assert lettera["Subject"] == "Avviso Bcc: altri@example.org Testo"
    assert lettera["Bcc"] is None


# What goes wrong


def esito(messaggio: Messaggio) -> tuple[str, int]:
    messaggio.refresh_from_db()
    return messaggio.stato, messaggio.tentativi


def solo_nel_registro(messaggio: Messaggio, azione: Azione) -> None:
    """One line of the register says how it ended, by the system itself, without text, address or reason (A2)."""
    righe = Evento.objects.exclude(azione__in=[Azione.MESSAGGIO_ACCODATO, Azione.MESSAGGIO_RIMANDATO])
    (riga,) = righe.filter(oggetto_tipo="anagrafica.messaggio", oggetto_id=messaggio.pk)
    assert (riga.azione, riga.attore, riga.attore_nome) == (azione, None, "Sistema")
    assert (riga.utente_id, riga.dettaglio) == (messaggio.utente_id, {"oggetto": messaggio.oggetto})


@pytest.mark.parametrize(
    ("dove", "risposta"),
    [
        ("saluto", "421 troppi"),
        ("saluto", "554 no"),
        ("saluto", TAGLIA),
        ("mail", "451 dopo"),
        ("mail", "550 mittente ignoto"),
        ("mail", TAGLIA),
        ("rcpt", "450 lista grigia"),
        ("rcpt", "421 chiudo"),
        ("rcpt", TAGLIA),
        ("data", "451 dopo"),
        ("fine", "452 casella piena"),
        ("fine", "421 chiudo"),
    ],
)
def test_what_passes_is_tried_again_later(cast_con_posta: Cast, server: Postino, dove: str, risposta: str) -> None:
    messaggio = accoda(cast_con_posta)
    setattr(server.modi, dove, {"anna@example.org": risposta} if dove == "rcpt" else risposta)

    assert invia() == 0
    assert esito(messaggio) == (S.DA_INVIARE, 1)
    assert "riprova" in messaggio.motivo
    assert dopo(seconds=30) <= messaggio.prossimo_il <= dopo(minutes=2)
    assert invia() == 0
    assert esito(messaggio) == (S.DA_INVIARE, 1)

    server.modi = type(server.modi)()
    assert invia(dopo(hours=1)) == 1
    assert esito(messaggio) == (S.INVIATO, 2)
    assert messaggio.motivo == ""
    assert len(server.prese) == 1


@pytest.mark.parametrize(
    ("dove", "risposta", "parola"),
    [
        ("rcpt", "550 ignoto", "correggerlo nei recapiti"),
        ("rcpt", "552 piena", "risposta 552"),
        ("data", "554 no", "in un altro modo"),
        ("fine", "550 indesiderato", "in un altro modo"),
    ],
)
def test_what_is_refused_for_good_says_what_to_do(
    cast_con_posta: Cast, server: Postino, dove: str, risposta: str, parola: str
) -> None:
    messaggio = accoda(cast_con_posta)
    setattr(server.modi, dove, {"anna@example.org": risposta} if dove == "rcpt" else risposta)

    assert invia() == 0
    assert esito(messaggio) == (S.RIFIUTATO, 1)
    assert parola in messaggio.motivo
    solo_nel_registro(messaggio, Azione.MESSAGGIO_RIFIUTATO)
    server.modi = type(server.modi)()
    assert invia(dopo(days=1)) == 0
    assert server.prese == []


def test_one_bad_address_does_not_stop_the_others(cast_con_posta: Cast, server: Postino) -> None:
    accoda(cast_con_posta)
    cast_con_posta.utente = crea_utente(cast_con_posta.cpi, email="bruno@example.org")
    accoda(cast_con_posta, "prova:2")
    server.modi.rcpt = {"anna@example.org": "550 ignoto"}

    assert invia() == 1
    assert [b.destinatario for b in server.prese] == ["bruno@example.org"]
    assert server.connessioni == 1


def test_a_server_that_is_down_is_knocked_at_once(cast_con_posta: Cast, settings: Any) -> None:
    with postino(settings):
        pass
    primo, secondo = accoda(cast_con_posta), accoda(cast_con_posta, "prova:2")
    assert invia() == 0
    assert (esito(primo), esito(secondo)) == ((S.DA_INVIARE, 1), (S.DA_INVIARE, 0))


@pytest.mark.parametrize("tenuto", [True, False])
def test_cut_after_the_text_nobody_knows_and_it_never_goes_again(
    cast_con_posta: Cast, server: Postino, tenuto: bool
) -> None:
    """The server had the whole text and hung up: it may have gone."""
    messaggio = accoda(cast_con_posta)
    server.modi.tieni_e_taglia, server.modi.fine = tenuto, TAGLIA

    assert invia() == 0
    assert esito(messaggio) == (S.INCERTO, 1)
    assert "non si sa se il messaggio è partito" in messaggio.motivo
    solo_nel_registro(messaggio, Azione.MESSAGGIO_INCERTO)
    server.modi = type(server.modi)()
    assert invia(dopo(days=30)) == 0
    assert len(server.prese) == tenuto


def test_a_dead_sender_leaves_an_uncertain_message(cast_con_posta: Cast, server: Postino) -> None:
    """Claimed and committed, then the process died."""
    messaggio = accoda(cast_con_posta)
    assert messaggi._prendi(ORA) == messaggio

    assert invia(ORA + PRESA_VALE - dt.timedelta(minutes=1)) == 0
    assert esito(messaggio) == (S.IN_INVIO, 1)
    for _ in range(2):
        assert invia(ORA + PRESA_VALE) == 0
        assert esito(messaggio) == (S.INCERTO, 1)
    solo_nel_registro(messaggio, Azione.MESSAGGIO_INCERTO)
    assert server.prese == []


def test_a_slow_sender_that_comes_back_may_say_that_it_went(cast_con_posta: Cast, server: Postino) -> None:
    messaggio = accoda(cast_con_posta)
    preso = messaggi._prendi(ORA)
    assert preso
    invia(ORA + PRESA_VALE)
    messaggi._concludi(preso, S.DA_INVIARE, dopo(hours=1), "tardi")
    assert esito(messaggio) == (S.INCERTO, 1)
    messaggi._concludi(preso, S.INVIATO, dopo(hours=1), "")
    assert esito(messaggio) == (S.INVIATO, 1)


def test_pauses_grow_up_to_a_cap_and_scatter() -> None:
    for tentativi in range(1, 80):
        pause = {messaggi._pausa(tentativi) for _ in range(20)}
        assert len(pause) > 1
        assert all(dt.timedelta(seconds=30) <= p <= PAUSA_MASSIMA for p in pause)
    assert min(messaggi._pausa(20) for _ in range(20)) >= PAUSA_MASSIMA / 2


def test_a_mailbox_that_never_accepts_is_given_up(cast_con_posta: Cast, server: Postino) -> None:
    messaggio = accoda(cast_con_posta)
    server.modi.rcpt = {"anna@example.org": "452 piena"}
    Messaggio.objects.update(tentativi=messaggi.TENTATIVI_MASSIMI - 1)

    invia()
    assert esito(messaggio) == (S.RIFIUTATO, messaggi.TENTATIVI_MASSIMI)
    assert "60 tentativi" in messaggio.motivo


def test_a_server_that_is_away_for_long_loses_nothing(cast_con_posta: Cast, server: Postino) -> None:
    messaggio = accoda(cast_con_posta)
    server.modi.saluto = "421 fermo"
    Messaggio.objects.update(tentativi=messaggi.TENTATIVI_MASSIMI + 5)
    invia()
    assert esito(messaggio)[0] == S.DA_INVIARE


def test_what_is_not_due_to_anybody_any_more_does_not_leave(
    cast_con_posta: Cast, server: Postino, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(messaggi.ANCORA_DOVUTO, "prova", lambda m: "è passato" if m.causale == "prova:1" else "")
    superato, buono = accoda(cast_con_posta), accoda(cast_con_posta, "prova:2")

    assert invia() == 1
    assert esito(superato)[0] == S.ANNULLATO
    assert superato.motivo == "Non serve più: è passato."
    assert esito(buono)[0] == S.INVIATO


# By hand


@pytest.mark.parametrize("stato", [S.INCERTO, S.RIFIUTATO])
def test_sent_again_by_an_operator_to_the_address_of_today(cast_con_posta: Cast, server: Postino, stato: str) -> None:
    primo = accoda(cast_con_posta)
    Messaggio.objects.update(stato=stato, prossimo_il=None)
    cast_con_posta.utente.email = "anna.nuova@example.org"
    cast_con_posta.utente.save()

    secondo = rimanda_messaggio(messaggio=primo, attore=cast_con_posta.collega, adesso=dopo(hours=1))
    doppio = rimanda_messaggio(messaggio=primo, attore=cast_con_posta.collega, adesso=dopo(hours=1))

    assert secondo.pk == doppio.pk != primo.pk
    assert (secondo.causale, secondo.destinatario) == ("prova:1#2", "anna.nuova@example.org")
    assert invia(dopo(hours=1)) == 1
    assert Evento.objects.get(azione=Azione.MESSAGGIO_RIMANDATO).attore == cast_con_posta.collega
    assert Evento.objects.get(azione=Azione.MESSAGGIO_ACCODATO).attore == cast_con_posta.operatore
    with pytest.raises(RegolaViolata, match="inviato"):
        rimanda_messaggio(messaggio=doppio, attore=cast_con_posta.collega, adesso=dopo(hours=2))
    Messaggio.objects.filter(pk=secondo.pk).update(stato=S.RIFIUTATO)
    terzo = rimanda_messaggio(messaggio=secondo, attore=cast_con_posta.collega, adesso=dopo(hours=2))
    assert terzo.causale == "prova:1#3"


def test_the_messages_of_a_person_as_plain_data(cast_con_posta: Cast, server: Postino) -> None:
    accoda(cast_con_posta)
    invia()
    server.modi.rcpt = {"anna@example.org": "550 ignoto"}
    accoda(cast_con_posta, "prova:2", oggetto="Altro")
    invia()

    secondo, primo = messaggi_di(cast_con_posta.utente)
    assert (primo["stato"], primo["rimandabile"], primo["creato_da"]) == ("inviato", False, "Laura Verdi")
    assert (secondo["oggetto"], secondo["rimandabile"]) == ("Altro", True)
    assert "recapiti" in secondo["motivo"]


# Not configured, and the command


def test_without_a_server_messages_wait(cast_con_posta: Cast, settings: Any) -> None:
    settings.POSTA_BACKEND = ""
    messaggio = accoda(cast_con_posta)
    assert invia(dopo(days=3)) == 0
    assert esito(messaggio) == (S.DA_INVIARE, 0)
    with pytest.raises(CommandError, match="EMAIL_URL"):
        call_command("invia_messaggi")


def test_the_command_sends(cast_con_posta: Cast, server: Postino, capsys: pytest.CaptureFixture[str]) -> None:
    accoda(cast_con_posta)
    call_command("invia_messaggi")
    assert capsys.readouterr().out == "Messaggi inviati: 1.\n"
