"""Who is near the end of the six months, and telling them (V4, U2, A1)."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from curriculum.models import AvvisoScadenza
from curriculum.services.curriculum import cancella_curriculum, salva_curriculum
from curriculum.services.scadenze import avvisa, in_scadenza, prepara_avvisi, quanti_in_scadenza
from orientamento.anagrafica.models import Messaggio, StatoMessaggio
from orientamento.anagrafica.services.messaggi import invia_messaggi, rimanda_messaggio
from orientamento.anagrafica.services.presa_in_carico import revoca_consenso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.anagrafica.postino import postino
from tests.cast import Cast, crea_utente, metti_in_carico
from tests.curriculum.conftest import file_pdf
from tests.curriculum.test_scadenze import OGGI, acconsente, alle, cv, fra, soglie

# The list


def test_the_list_follows_from_the_date_though_no_sweep_ever_ran(cast: Cast) -> None:
    cv(cast, fra(31))
    attesi = [cv(cast, fra(giorni)) for giorni in (-5, 0, 7, 30)]

    righe = in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)
    assert [r["id"] for r in righe] == [c.pk for c in attesi]
    assert [(r["giorni"], r["scaduto"], r["soglia"]) for r in righe] == [
        (-5, True, 0), (0, False, 0), (7, False, 7), (30, False, 30),
    ]  # fmt: skip
    assert all(r["da_avvisare"] and r["avvisato_il"] is None for r in righe)
    assert quanti_in_scadenza(cast.operatore, adesso=alle(OGGI)) == {"in_scadenza": 3, "scaduti": 1}


def test_operators_see_whom_they_follow_supervisors_the_office(cast: Cast) -> None:
    """A1."""
    mio = cv(cast, fra(3))
    del_collega = cv(cast, fra(4), crea_utente(cast.cpi, cast.collega))
    di_nessuno = cv(cast, fra(5), crea_utente(cast.cpi))
    cv(cast, fra(6), crea_utente(cast.altro_cpi, cast.estraneo))

    def chiavi(chi: Any) -> list[int]:
        return [r["id"] for r in in_scadenza(chi, adesso=alle(OGGI), quanti=9)]

    assert chiavi(cast.operatore) == [mio.pk]
    assert chiavi(cast.collega) == [del_collega.pk]
    assert chiavi(cast.responsabile) == [mio.pk, del_collega.pk, di_nessuno.pk]
    assert chiavi(cast.amministratore) == []


def test_pages_follow_each_other_without_gaps(cast: Cast) -> None:
    attesi = [cv(cast, fra(giorni)).pk for giorni in (1, 1, 1, 2, 3, 3, 9)]
    viste, dopo = [], None
    while righe := in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=2, dopo=dopo):
        viste += [r["id"] for r in righe]
        dopo = (righe[-1]["valido_fino_al"], righe[-1]["id"])
    assert viste == attesi


def test_as_many_queries_for_one_as_for_many(cast: Cast) -> None:
    def domande() -> int:
        with CaptureQueriesContext(connection) as fatte:
            assert in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=50)
        return len(fatte)

    utenti = [crea_utente(cast.cpi, cast.operatore) for _ in range(6)]
    curricula = [cv(cast, fra(3), utente) for utente in utenti]
    for numero, utente in enumerate(utenti):
        acconsente(cast, utente, f"p{numero}@example.org")
    avvisa(curricula=curricula[:1], modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    poche = domande()
    avvisa(curricula=curricula, modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    assert domande() == poche == 4


# Telling them


def test_told_by_mail_once(cast: Cast) -> None:
    acconsente(cast, cast.utente)
    curriculum = cv(cast, fra(5), cast.utente)

    esito = avvisa(curricula=[curriculum], modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    assert (esito.inviati, esito.gia_avvisati, esito.rifiutati) == (1, 0, 0)
    messaggio = Messaggio.objects.get()
    assert messaggio.oggetto == "Il suo curriculum è valido fino al 28/11/2026"
    assert f"Gentile {cast.utente.nome} {cast.utente.cognome}" in messaggio.testo
    assert cast.utente.codice_fiscale not in messaggio.testo
    evento = Evento.objects.get(azione=Azione.AVVISO_SCADENZA_GESTITO)
    assert evento.dettaglio == {"modo": "posta", "soglia": 7}
    (riga,) = in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)
    assert (riga["avvisato_il"], riga["avvisato_come"], riga["da_avvisare"]) == (
        alle(OGGI),
        "Messaggio di posta",
        False,
    )
    assert (riga["messaggio_id"], riga["messaggio_stato"]) == (messaggio.pk, "da_inviare")

    di_nuovo = avvisa(curricula=[curriculum], modo="posta", attore=cast.collega, adesso=alle(fra(1)))
    assert (di_nuovo.inviati, di_nuovo.gia_avvisati) == (0, 1)
    assert Messaggio.objects.count() == 1
    # At the next threshold there is something new to say.
    assert in_scadenza(cast.operatore, adesso=alle(fra(5)), quanti=9)[0]["da_avvisare"] is True
    assert avvisa(curricula=[curriculum], modo="posta", attore=cast.operatore, adesso=alle(fra(6))).inviati == 1
    assert Messaggio.objects.first().oggetto == "Il suo curriculum va aggiornato"  # type: ignore[union-attr]


def test_who_is_told_late_needs_no_word_about_the_earlier_threshold(cast: Cast) -> None:
    curriculum = cv(cast, fra(30))
    prepara_avvisi(adesso=alle(OGGI))
    avvisa(curricula=[curriculum], modo="telefono", attore=cast.operatore, adesso=alle(fra(25)))
    assert soglie(curriculum) == [30, 7]
    assert not AvvisoScadenza.objects.da_gestire().exists()


def test_by_mail_only_with_an_address_and_the_consent(cast: Cast) -> None:
    """U2: each person of a batch stands alone, and each refusal says why."""
    utenti = [crea_utente(cast.cpi, cast.operatore) for _ in range(5)]
    buono, senza_posta, senza_consenso, revocato, storto = utenti
    for utente in (buono, revocato):
        acconsente(cast, utente)
    acconsente(cast, senza_posta, "")
    acconsente(cast, storto, "non-un-indirizzo")
    senza_consenso.email = "c@example.org"
    senza_consenso.save()
    metti_in_carico(senza_consenso, cast.operatore)
    consenso = revocato.consensi.filter(finalita="comunicazioni", esito="dato").get()
    revoca_consenso(consenso=consenso, attore=cast.operatore, adesso=alle(OGGI, 9, 30))
    curricula = [cv(cast, fra(3), utente) for utente in utenti] + [
        cv(cast, fra(60)),
        cv(cast, fra(3), stato="cancellato"),
    ]

    esito = avvisa(curricula=curricula, modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    assert esito.inviati == 1
    assert sorted(esito.senza_posta) == sorted([str(senza_posta), str(storto)])
    assert sorted(esito.senza_consenso) == sorted([str(senza_consenso), str(revocato)])
    assert sorted(esito.non_in_scadenza) == sorted(str(c.utente) for c in curricula[-2:])
    assert [m.utente_id for m in Messaggio.objects.all()] == [buono.pk]
    assert {r["utente_id"]: r["da_avvisare"] for r in in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)} == {
        u.pk: u != buono for u in utenti
    }

    per_telefono = avvisa(curricula=curricula[:5], modo="telefono", attore=cast.operatore, adesso=alle(OGGI))
    assert (per_telefono.inviati, per_telefono.gia_avvisati) == (4, 1)


def test_only_ways_that_there_are(cast: Cast) -> None:
    with pytest.raises(RegolaViolata, match="Scegliere"):
        avvisa(curricula=[], modo="piccione", attore=cast.operatore, adesso=alle(OGGI))


@pytest.mark.parametrize("che_cosa", ["cancellato", "sostituito", "revocato"])
def test_a_notice_that_is_overtaken_in_the_queue_does_not_leave(pronto: Cast, settings: Any, che_cosa: str) -> None:
    """The mail server may have been away for days."""
    acconsente(pronto, pronto.utente)
    curriculum = cv(pronto, fra(5), pronto.utente)
    avvisa(curricula=[curriculum], modo="posta", attore=pronto.operatore, adesso=alle(OGGI))
    if che_cosa == "cancellato":
        cancella_curriculum(curriculum=curriculum, attore=pronto.operatore)
    elif che_cosa == "sostituito":
        salva_curriculum(
            utente=pronto.utente, file=file_pdf(), origine="portato", attore=pronto.operatore, adesso=alle(fra(1))
        )
    else:
        consenso = pronto.utente.consensi.filter(finalita="comunicazioni", esito="dato").get()
        revoca_consenso(consenso=consenso, attore=pronto.operatore, adesso=alle(fra(1)))

    with postino(settings) as server:
        assert invia_messaggi(adesso=alle(fra(2))) == 0
        assert server.prese == []
    messaggio = Messaggio.objects.get()
    assert messaggio.stato == StatoMessaggio.ANNULLATO
    assert messaggio.motivo.startswith("Non serve più: ")


def test_the_list_says_how_the_mail_fared_also_when_sent_again(cast: Cast, settings: Any) -> None:
    acconsente(cast, cast.utente)
    curriculum = cv(cast, fra(5), cast.utente)
    avvisa(curricula=[curriculum], modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    with postino(settings) as server:
        server.modi.rcpt = {"anna@example.org": "550 ignoto"}
        invia_messaggi(adesso=alle(OGGI))
    (riga,) = in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)
    assert riga["messaggio_stato"] == "rifiutato"
    assert "recapiti" in riga["messaggio_motivo"]

    secondo = rimanda_messaggio(messaggio=Messaggio.objects.get(), attore=cast.operatore, adesso=alle(OGGI, 11))
    assert in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)[0]["messaggio_id"] == secondo.pk
    with postino(settings) as server:
        assert invia_messaggi(adesso=alle(OGGI, 11)) == 1
        assert len(server.prese) == 1


@pytest.mark.parametrize("volte", [1, 7])
def test_sent_again_however_often_the_newest_counts(cast: Cast, volte: int) -> None:
    """And only its own: a message about something else, or another CV's, is not taken for it."""
    acconsente(cast, cast.utente)
    curriculum = cv(cast, fra(5), cast.utente)
    avvisa(curricula=[curriculum], modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    messaggio = Messaggio.objects.get()
    for _ in range(volte):
        Messaggio.objects.filter(pk=messaggio.pk).update(stato=StatoMessaggio.RIFIUTATO, prossimo_il=None)
        messaggio = rimanda_messaggio(messaggio=messaggio, attore=cast.operatore, adesso=alle(OGGI))
    for causale in (f"scadenza-curriculum:{curriculum.pk}0:7", f"altro:{curriculum.pk}:7"):
        Messaggio.objects.create(
            utente=cast.utente, causale=causale, destinatario="a@example.org", stato="inviato", creato_il=alle(OGGI)
        )

    (riga,) = in_scadenza(cast.operatore, adesso=alle(OGGI), quanti=9)
    assert (riga["messaggio_id"], riga["messaggio_stato"]) == (messaggio.pk, "da_inviare")
    assert messaggio.causale.endswith(f"#{volte + 1}")


@pytest.mark.parametrize(
    ("stato", "giorno", "email", "consenso", "si_puo"),
    [
        ("rifiutato", OGGI, "anna@example.org", True, True),
        ("incerto", OGGI, "anna@example.org", True, True),
        ("inviato", OGGI, "anna@example.org", True, False),
        ("annullato", OGGI, "anna@example.org", True, False),
        ("rifiutato", fra(5), "anna@example.org", True, False),  # a nearer threshold has something newer to say
        ("rifiutato", OGGI, "", True, False),
        ("rifiutato", OGGI, "anna@example.org", False, False),
    ],
)
def test_when_a_notice_may_be_sent_again(
    cast: Cast, stato: str, giorno: Any, email: str, consenso: bool, si_puo: bool
) -> None:
    acconsente(cast, cast.utente)
    avvisa(curricula=[cv(cast, fra(5), cast.utente)], modo="posta", attore=cast.operatore, adesso=alle(OGGI))
    Messaggio.objects.update(stato=stato, prossimo_il=None)
    cast.utente.email = email
    cast.utente.save()
    if not consenso:
        dato = cast.utente.consensi.filter(finalita="comunicazioni").latest("registrato_il", "pk")
        revoca_consenso(consenso=dato, attore=cast.operatore, adesso=alle(OGGI))

    (riga,) = in_scadenza(cast.operatore, adesso=alle(giorno), quanti=9)
    assert riga["rimandabile"] is si_puo
