"""Presa in carico and consents (U2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from orientamento.anagrafica.models import DID, Consenso, PresaInCarico, Programma, TestoInformativo, Utente
from orientamento.anagrafica.services.presa_in_carico import (
    GiaInCarico,
    TestoSostituito,
    chiudi_presa_in_carico,
    esprimi_consenso,
    prendi_in_carico,
    revoca_consenso,
)
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from tests.cast import Cast, crea_utente

pytestmark = pytest.mark.django_db


def in_vigore() -> dict[str, TestoInformativo]:
    return TestoInformativo.objects.in_vigore(oggi())


def prendi(utente: Utente, cast: Cast, **altro: Any) -> PresaInCarico:
    dati: dict[str, Any] = {
        "informativa": in_vigore()["informativa_privacy"],
        "consensi": {"incontro": "dato", "comunicazioni": "rifiutato"},
        "adesso": adesso(),
        **altro,
    }
    return prendi_in_carico(utente=utente, attore=cast.operatore, **dati)


@pytest.fixture
def nuovo(cast: Cast) -> Utente:
    return crea_utente(cast.cpi)


def moduli(utente: Utente, **altro: str) -> dict[str, str]:
    """What the page sends."""
    return {
        **{f"testo_{genere}": str(testo.pk) for genere, testo in in_vigore().items()},
        "informativa_letta": "on",
        "consenso_incontro": "dato",
        "consenso_comunicazioni": "rifiutato",
        "senza_did": "on",
        **altro,
    }


def indirizzo(utente: Utente) -> str:
    return reverse("anagrafica:presa_in_carico", args=[utente.pk])


def test_keeps_version_date_and_who(cast: Cast, nuovo: Utente) -> None:
    presa = prendi(nuovo, cast)
    incontro = Consenso.objects.get(utente=nuovo, finalita="incontro")
    assert (incontro.testo, incontro.registrato_da) == (in_vigore()["consenso_incontro"], cast.operatore)
    assert (presa.data, presa.cpi, presa.informativa_letta) == (oggi(), cast.cpi, True)
    azioni = list(Evento.objects.filter(utente=nuovo).order_by("pk").values_list("azione", flat=True))
    assert azioni == ["presa_in_carico", "consenso_dato", "consenso_rifiutato"]
    nuovo.refresh_from_db()
    assert nuovo.operatore_riferimento == cast.operatore


@pytest.mark.parametrize(
    ("altro", "campo"),
    [
        ({"informativa": None}, "informativa_letta"),
        ({"consensi": {"incontro": "dato"}}, "consenso_comunicazioni"),
        ({"consensi": {"incontro": "forse", "comunicazioni": "dato"}}, "consenso_incontro"),
    ],
)
def test_needs_the_notice_and_an_answer_for_every_purpose(
    cast: Cast, nuovo: Utente, altro: dict[str, Any], campo: str
) -> None:
    with pytest.raises(RegolaViolata) as errore:
        prendi(nuovo, cast, **altro)
    assert errore.value.campo == campo
    assert not PresaInCarico.objects.filter(utente=nuovo).exists()
    assert not Evento.objects.filter(utente=nuovo).exists()


def test_a_bad_did_leaves_nothing_behind(cast: Cast, nuovo: Utente) -> None:
    did = {"data": oggi() + dt.timedelta(days=1), "programma": Programma.objects.get(chiave="nessuno")}
    with pytest.raises(RegolaViolata, match="futura"):
        prendi(nuovo, cast, did=did)
    assert not PresaInCarico.objects.filter(utente=nuovo).exists()
    assert not Consenso.objects.filter(utente=nuovo).exists()


def test_an_answer_to_a_text_replaced_meanwhile_is_refused(cast: Cast, nuovo: Utente) -> None:
    """The version kept is the one that was read."""
    visti = {genere: testo.pk for genere, testo in in_vigore().items()}
    TestoInformativo.objects.create(
        genere="consenso_incontro", versione=2, titolo="Nuovo", testo="Altro.", valido_dal=oggi()
    )
    with pytest.raises(TestoSostituito):
        prendi(nuovo, cast, testi_mostrati=visti)
    assert not PresaInCarico.objects.filter(utente=nuovo).exists()


def test_one_open_presa_in_carico_and_another_after_it_is_closed(cast: Cast, nuovo: Utente) -> None:
    presa = prendi(nuovo, cast)
    with pytest.raises(GiaInCarico):
        prendi(nuovo, cast)
    chiudi_presa_in_carico(presa=presa, attore=cast.operatore, adesso=adesso())
    chiudi_presa_in_carico(presa=presa, attore=cast.operatore, adesso=adesso())
    assert prendi(nuovo, cast).pk != presa.pk
    assert Evento.objects.filter(utente=nuovo, azione="presa_in_carico_chiusa").count() == 1


def test_the_database_refuses_a_second_open_one(cast: Cast, nuovo: Utente) -> None:
    presa = prendi(nuovo, cast)
    presa.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        presa.save(force_insert=True)


class TestMirror:
    """`Utente.consenso_incontro` follows the consent in force, whoever writes it."""

    def specchio(self, utente: Utente) -> bool:
        return Utente.objects.values_list("consenso_incontro", flat=True).get(pk=utente.pk)

    def test_give_revoke_give_again(self, cast: Cast, nuovo: Utente) -> None:
        assert not self.specchio(nuovo)
        prendi(nuovo, cast)
        assert self.specchio(nuovo)
        consenso = Consenso.objects.get(utente=nuovo, finalita="incontro")
        revoca_consenso(consenso=consenso, attore=cast.collega, adesso=adesso())
        assert not self.specchio(nuovo)
        esprimi_consenso(utente=nuovo, finalita="incontro", esito="dato", attore=cast.collega, adesso=adesso())
        assert self.specchio(nuovo)
        assert Consenso.objects.filter(utente=nuovo, finalita="incontro").count() == 2

    def test_the_other_purpose_does_not_touch_it(self, cast: Cast, nuovo: Utente) -> None:
        prendi(nuovo, cast, consensi={"incontro": "rifiutato", "comunicazioni": "dato"})
        assert not self.specchio(nuovo)

    def test_raw_sql_moves_it_too(self, cast: Cast, nuovo: Utente) -> None:
        prendi(nuovo, cast)
        with connection.cursor() as cursore:
            cursore.execute(
                "UPDATE anagrafica_consenso SET revocato_il = now(), revocato_da_id = %s "
                "WHERE utente_id = %s AND finalita = 'incontro'",
                [cast.operatore.pk, nuovo.pk],
            )
        assert not self.specchio(nuovo)

    def test_matching_loses_sight_of_who_revoked_at_once(self, cast: Cast) -> None:
        assert cast.utente in Utente.objects.visibili_a(cast.incrocio)
        consenso = Consenso.objects.get(utente=cast.utente, finalita="incontro")
        revoca_consenso(consenso=consenso, attore=cast.operatore, adesso=adesso())
        assert cast.utente not in Utente.objects.visibili_a(cast.incrocio)


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE anagrafica_consenso SET esito = 'dato'",
        "UPDATE anagrafica_consenso SET registrato_il = now()",
        "DELETE FROM anagrafica_consenso",
    ],
)
def test_what_was_answered_cannot_be_rewritten(cast: Cast, sql: str) -> None:
    with pytest.raises(Exception, match="pgtrigger"), transaction.atomic(), connection.cursor() as cursore:
        cursore.execute(sql)


def test_revoking_twice_is_registered_once_and_a_refusal_is_not_revoked(cast: Cast) -> None:
    dato = Consenso.objects.get(utente=cast.utente, finalita="incontro")
    for _ in range(2):
        revoca_consenso(consenso=dato, attore=cast.operatore, adesso=adesso())
    assert Evento.objects.filter(utente=cast.utente, azione="consenso_revocato").count() == 1
    rifiutato = Consenso.objects.get(utente=cast.utente, finalita="comunicazioni")
    with pytest.raises(RegolaViolata, match="soltanto un consenso dato"):
        revoca_consenso(consenso=rifiutato, attore=cast.operatore, adesso=adesso())


def test_a_refused_consent_may_be_given_later_and_the_same_answer_twice_is_one_row(cast: Cast) -> None:
    for _ in range(2):
        esprimi_consenso(
            utente=cast.utente, finalita="comunicazioni", esito="dato", attore=cast.operatore, adesso=adesso()
        )
    righe = Consenso.objects.filter(utente=cast.utente, finalita="comunicazioni")
    assert sorted(righe.values_list("esito", flat=True)) == ["dato", "rifiutato"]
    with pytest.raises(RegolaViolata, match="revocarlo"):
        esprimi_consenso(
            utente=cast.utente, finalita="comunicazioni", esito="rifiutato", attore=cast.operatore, adesso=adesso()
        )


def test_nobody_consents_outside_a_presa_in_carico(cast: Cast, nuovo: Utente) -> None:
    with pytest.raises(RegolaViolata, match="non è in carico"):
        esprimi_consenso(utente=nuovo, finalita="incontro", esito="dato", attore=cast.operatore, adesso=adesso())


class TestPage:
    def test_shows_every_text_and_chooses_no_answer(self, cast: Cast, nuovo: Utente) -> None:
        """Never pre-ticked: neither the answers nor the tick of the notice."""
        pagina = cast.client("operatore").get(indirizzo(nuovo)).content.decode()
        assert pagina.count('type="radio"') == 4
        assert " checked" not in pagina
        assert "possono trovare i suoi dati e il suo curriculum" in pagina

    def test_one_submit_saves_all_and_goes_on_to_the_interview(self, cast: Cast, nuovo: Utente) -> None:
        dati = moduli(nuovo, apri="1", did_data="20/11/2026", senza_did="")
        programma = str(_programma("naspi"))
        risposta = cast.client("operatore").post(indirizzo(nuovo), {**dati, "did_programma": programma})
        assert risposta.status_code == 307
        assert risposta["Location"] == reverse("psp:apri_colloquio", args=[nuovo.pk])
        did = DID.objects.get(utente=nuovo)
        assert (did.data, did.termine_patto) == (dt.date(2026, 11, 20), dt.date(2026, 12, 5))

    def test_sent_twice_it_is_done_once(self, cast: Cast, nuovo: Utente) -> None:
        client = cast.client("operatore")
        for _ in range(2):
            risposta = client.post(indirizzo(nuovo), moduli(nuovo))
            assert risposta.status_code == 302
            assert risposta["Location"] == reverse("psp:utente", args=[nuovo.pk])
        assert PresaInCarico.objects.filter(utente=nuovo).count() == 1
        assert Consenso.objects.filter(utente=nuovo).count() == 2

    @pytest.mark.parametrize("manca", ["informativa_letta", "consenso_incontro", "consenso_comunicazioni"])
    def test_says_at_the_field_what_was_not_asked(self, cast: Cast, nuovo: Utente, manca: str) -> None:
        dati = moduli(nuovo)
        del dati[manca]
        risposta = cast.client("operatore").post(indirizzo(nuovo), dati)
        assert risposta.status_code == 422
        assert list(risposta.context["modulo"].errors) == [manca]
        assert not PresaInCarico.objects.filter(utente=nuovo).exists()

    def test_a_did_of_tomorrow_is_an_error_at_its_field(self, cast: Cast, nuovo: Utente) -> None:
        domani = f"{oggi() + dt.timedelta(days=1):%d/%m/%Y}"
        dati = moduli(nuovo, senza_did="", did_data=domani, did_programma=str(_programma("nessuno")))
        risposta = cast.client("operatore").post(indirizzo(nuovo), dati)
        assert risposta.status_code == 422
        assert "did_data" in risposta.context["modulo"].errors
        assert domani in risposta.content.decode()

    def test_a_text_replaced_meanwhile_is_shown_and_asked_again(self, cast: Cast, nuovo: Utente) -> None:
        dati = moduli(nuovo)
        nuovo_testo = TestoInformativo.objects.create(
            genere="consenso_incontro", versione=2, titolo="Nuovo", testo="Altro testo.", valido_dal=oggi()
        )
        risposta = cast.client("operatore").post(indirizzo(nuovo), dati)
        pagina = risposta.content.decode()
        assert risposta.status_code == 422
        assert "Altro testo." in pagina
        assert f'name="testo_consenso_incontro" value="{nuovo_testo.pk}"' in pagina
        assert 'value="dato" checked' not in pagina

    @pytest.mark.parametrize("testo", [None, "", "²", "0", "9" * 5000])
    @pytest.mark.parametrize("quale", ["informativa_privacy", "consenso_incontro", "consenso_comunicazioni"])
    def test_an_answer_to_no_known_text_is_asked_again(
        self, cast: Cast, nuovo: Utente, quale: str, testo: str | None
    ) -> None:
        """U2: a consent is versioned with the text shown."""
        dati = {**moduli(nuovo), f"testo_{quale}": testo}
        risposta = cast.client("operatore").post(indirizzo(nuovo), {k: v for k, v in dati.items() if v is not None})
        assert risposta.status_code == 422
        assert not Consenso.objects.filter(utente=nuovo).exists()

    def test_the_document_of_stay_is_asked_only_outside_the_union(self, cast: Cast, nuovo: Utente) -> None:
        client = cast.client("operatore")
        assert "Documento di soggiorno" not in client.get(indirizzo(nuovo)).content.decode()
        Utente.objects.filter(pk=nuovo.pk).update(extra_ue=True)
        assert "Documento di soggiorno" in client.get(indirizzo(nuovo)).content.decode()
        dati = moduli(nuovo, **{"soggiorno-tipo": "permesso", "soggiorno-numero": "A1", "soggiorno-scadenza": ""})
        risposta = client.post(indirizzo(nuovo), dati)
        assert risposta.status_code == 422
        assert list(risposta.context["soggiorno"].errors) == ["scadenza"]
        assert not PresaInCarico.objects.filter(utente=nuovo).exists()
        assert client.post(indirizzo(nuovo), {**dati, "soggiorno-scadenza": "01/01/2030"}).status_code == 302
        nuovo.refresh_from_db()
        assert nuovo.documento_soggiorno.numero == "A1"

    def test_the_document_may_come_later(self, cast: Cast, nuovo: Utente) -> None:
        Utente.objects.filter(pk=nuovo.pk).update(extra_ue=True)
        dati = moduli(nuovo, **{"soggiorno-tipo": "", "soggiorno-numero": "", "soggiorno-scadenza": ""})
        assert cast.client("operatore").post(indirizzo(nuovo), dati).status_code == 302

    def test_afterwards_it_shows_who_when_which_version_and_revokes(self, cast: Cast) -> None:
        client = cast.client("collega")
        pagina = client.get(indirizzo(cast.utente)).content.decode()
        assert "Laura Verdi" in pagina
        assert "testo versione 1" in pagina
        consenso = Consenso.objects.get(utente=cast.utente, finalita="incontro")
        client.post(reverse("anagrafica:revoca_consenso", args=[cast.utente.pk, consenso.pk]))
        pagina = client.get(indirizzo(cast.utente)).content.decode()
        assert "Revocato il" in pagina
        assert "registrato da Paolo Neri" in pagina

    def test_a_new_answer_and_the_closing(self, cast: Cast) -> None:
        client = cast.client("operatore")
        url = reverse("anagrafica:esprimi_consenso", args=[cast.utente.pk, "comunicazioni"])
        testo = in_vigore()["consenso_comunicazioni"].pk
        client.post(url, {"esito": "dato", "testo": testo})
        assert Consenso.objects.filter(utente=cast.utente, finalita="comunicazioni", esito="dato").exists()
        client.post(reverse("anagrafica:chiudi_presa_in_carico", args=[cast.utente.pk]))
        assert not PresaInCarico.objects.filter(utente=cast.utente, chiusa_il__isnull=True).exists()

    @pytest.mark.parametrize(
        ("chi", "stato"),
        [("operatore", 200), ("responsabile", 200), ("incrocio", 403), ("estraneo", 404), ("amministratore", 404)],
    )
    def test_who_may(self, cast: Cast, chi: str, stato: int) -> None:
        client = cast.client(chi)
        assert client.get(indirizzo(cast.utente)).status_code == stato
        if stato != 200:
            assert client.post(indirizzo(cast.utente), moduli(cast.utente)).status_code == stato

    def test_a_consent_of_another_person_is_not_found(self, cast: Cast, nuovo: Utente) -> None:
        consenso = Consenso.objects.filter(utente=cast.utente).first()
        assert consenso
        url = reverse("anagrafica:revoca_consenso", args=[nuovo.pk, consenso.pk])
        assert cast.client("operatore").post(url).status_code == 404

    def test_without_texts_it_says_who_must_put_them(self, cast: Cast, nuovo: Utente) -> None:
        TestoInformativo.objects.update(valido_al=dt.date(2020, 1, 1))
        assert "Manca un testo" in cast.client("operatore").get(indirizzo(nuovo)).content.decode()


def _programma(chiave: str) -> int:
    return Programma.objects.get(chiave=chiave).pk
