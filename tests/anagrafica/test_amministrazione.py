"""The administrator's tables (A1): every change registered, nothing used is rewritten, no citizen in sight."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.anagrafica.amministrazione import TABELLE
from orientamento.anagrafica.models import CPI, Operatore, Programma, TestoInformativo
from orientamento.anagrafica.services.amministrazione import nuova_versione_testo, salva_programma
from orientamento.anagrafica.services.did import registra_did
from orientamento.comune.calendario import oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.models import Evento
from tests.cast import Cast

pytestmark = pytest.mark.django_db


def indirizzo(nome: str, *argomenti: Any) -> str:
    return reverse(f"anagrafica:{nome}", args=argomenti)


def configurazioni() -> Any:
    return Evento.objects.filter(azione="configurazione_modificata", attore__isnull=False).order_by("pk")


def dati_programma(**altro: Any) -> dict[str, Any]:
    dati = {"nome": "NASpI", "chiave": "naspi", "giorni_per_patto": 20, "valido_dal": oggi(), "valido_al": None}
    return {**dati, **altro}


def test_every_page_is_the_administrators_alone(cast: Cast) -> None:
    url = [indirizzo("amministrazione")]
    for chiave, tabella in TABELLE.items():
        riga = tabella.righe().first()
        url += [indirizzo("amministrazione_elenco", chiave), indirizzo("amministrazione_nuovo", chiave)]
        if riga:
            url.append(indirizzo("amministrazione_modifica", chiave, riga.pk))
    for chi, stato in (("amministratore", 200), ("responsabile", 403), ("operatore", 403), ("incrocio", 403)):
        client = cast.client(chi)
        assert {u: client.get(u).status_code for u in url} == dict.fromkeys(url, stato)
    assert Client().get(url[0]).status_code == 302


def test_no_citizen_is_named_anywhere(cast: Cast) -> None:
    client = cast.client("amministratore")
    for chiave in TABELLE:
        assert (
            cast.utente.codice_fiscale not in client.get(indirizzo("amministrazione_elenco", chiave)).content.decode()
        )


def test_a_list_is_searched_and_asks_a_fixed_number_of_questions(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = cast.client("amministratore")
    pagina = client.get(indirizzo("amministrazione_elenco", "centri"), {"cerca": "prato"}).content.decode()
    assert "Centro per l&#x27;impiego di Prato" in pagina
    assert "Empoli" not in pagina
    with django_assert_max_num_queries(6):
        client.get(indirizzo("amministrazione_elenco", "operatori"))


class TestAccounts:
    DATI = {"last_name": "Nuti", "first_name": "Ada", "username": "a.nuti", "ruolo": "operatore", "is_active": "on"}

    def test_the_first_password_is_shown_once_and_works(self, cast: Cast) -> None:
        client = cast.client("amministratore")
        risposta = client.post(indirizzo("amministrazione_nuovo", "operatori"), {**self.DATI, "cpi": cast.cpi.pk})
        trovata = re.search(r"<span>(\w{4}(?:-\w{4}){3})</span>", risposta.content.decode())
        assert trovata
        assert "no-store" in risposta["Cache-Control"]
        nuova = Operatore.objects.get(username="a.nuti")
        assert nuova.check_password(trovata[1])
        assert trovata[1] not in str(list(Evento.objects.values_list("dettaglio", flat=True)))
        assert (
            trovata[1] not in client.get(indirizzo("amministrazione_modifica", "operatori", nuova.pk)).content.decode()
        )

    def test_a_new_password_ends_the_sessions_of_the_old_one(self, cast: Cast) -> None:
        vecchia = cast.client("operatore")
        assert vecchia.get(indirizzo("fascicolo", cast.utente.pk)).status_code == 200
        cast.client("amministratore").post(indirizzo("amministrazione_password", cast.operatore.pk))
        assert vecchia.get(indirizzo("fascicolo", cast.utente.pk)).status_code == 302
        assert configurazioni().last().dettaglio["password"] == "reimpostata"

    def test_an_account_that_is_switched_off_is_out_at_once(self, cast: Cast) -> None:
        dentro = cast.client("collega")
        dati = {**self.DATI, "username": cast.collega.username, "cpi": cast.cpi.pk, "is_active": ""}
        cast.client("amministratore").post(indirizzo("amministrazione_modifica", "operatori", cast.collega.pk), dati)
        assert dentro.get(indirizzo("fascicolo", cast.utente.pk)).status_code == 302
        assert configurazioni().last().dettaglio["is_active"] == ["True", "False"]

    @pytest.mark.parametrize(
        ("cambi", "campo"),
        [({"cpi": ""}, "cpi"), ({"username": ""}, "username"), ({"ruolo": "re"}, "ruolo")],
    )
    def test_refusals_stand_at_the_field(self, cast: Cast, cambi: dict[str, str], campo: str) -> None:
        dati = {**self.DATI, "cpi": str(cast.cpi.pk), **cambi}
        risposta = cast.client("amministratore").post(indirizzo("amministrazione_nuovo", "operatori"), dati)
        assert risposta.status_code == 422
        assert list(risposta.context["modulo"].errors) == [campo]

    def test_nobody_locks_themselves_out(self, cast: Cast) -> None:
        io = cast.amministratore
        url = indirizzo("amministrazione_modifica", "operatori", io.pk)
        dati = {**self.DATI, "username": io.username, "ruolo": "amministratore"}
        client = cast.client("amministratore")
        assert client.post(url, {**dati, "is_active": ""}).status_code == 422
        assert client.post(url, {**dati, "ruolo": "operatore", "cpi": cast.cpi.pk}).status_code == 422
        assert client.post(url, dati).status_code == 302

    def test_an_administrator_belongs_to_no_centre(self, cast: Cast) -> None:
        dati = {**self.DATI, "ruolo": "amministratore", "cpi": cast.cpi.pk}
        cast.client("amministratore").post(indirizzo("amministrazione_nuovo", "operatori"), dati)
        assert Operatore.objects.get(username="a.nuti").cpi is None


class TestOffices:
    def dati(self, cpi: CPI, **altro: str) -> dict[str, str]:
        return {"nome": cpi.nome, "codice": cpi.codice, "comune": cpi.comune, "attivo": "on", **altro}

    def test_a_correction_is_registered(self, cast: Cast) -> None:
        url = indirizzo("amministrazione_modifica", "centri", cast.cpi.pk)
        cast.client("amministratore").post(url, self.dati(cast.cpi, telefono="0574 1"))
        assert configurazioni().last().dettaglio == {"telefono": ["", "0574 1"]}

    def test_one_with_people_at_work_is_not_switched_off(self, cast: Cast) -> None:
        url = indirizzo("amministrazione_modifica", "centri", cast.cpi.pk)
        risposta = cast.client("amministratore").post(url, self.dati(cast.cpi, attivo=""))
        assert risposta.status_code == 422
        assert list(risposta.context["modulo"].errors) == ["attivo"]

    def test_the_same_name_twice_is_refused(self, cast: Cast) -> None:
        url = indirizzo("amministrazione_nuovo", "centri")
        risposta = cast.client("amministratore").post(url, self.dati(cast.cpi))
        assert risposta.status_code == 422
        assert set(risposta.context["modulo"].errors) == {"nome", "codice"}


class TestProgrammes:
    def test_a_used_one_is_replaced_from_a_day_on(self, cast: Cast) -> None:
        naspi = Programma.objects.get(chiave="naspi")
        ieri = oggi() - dt.timedelta(days=1)
        did = registra_did(utente=cast.utente, data=ieri, programma=naspi, attore=cast.operatore)
        with pytest.raises(RegolaViolata, match="non si riscrive"):
            salva_programma(programma=naspi, dati=dati_programma(valido_dal=ieri), attore=cast.amministratore)
        nuovo = salva_programma(programma=naspi, dati=dati_programma(), attore=cast.amministratore)
        naspi.refresh_from_db()
        assert (naspi.giorni_per_patto, naspi.valido_al, nuovo.giorni_per_patto) == (15, ieri, 20)
        did.refresh_from_db()
        assert did.programma.giorni_per_patto == 15
        assert list(Programma.objects.in_vigore(oggi()).filter(chiave="naspi")) == [nuovo]

    def test_an_unused_one_is_corrected_in_place(self, cast: Cast) -> None:
        naspi = Programma.objects.get(chiave="naspi")
        dati = dati_programma(valido_dal=naspi.valido_dal)
        assert salva_programma(programma=naspi, dati=dati, attore=cast.amministratore).pk == naspi.pk

    def test_two_rows_of_one_programme_never_overlap(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata, match="vale già"):
            salva_programma(programma=None, dati=dati_programma(), attore=cast.amministratore)

    def test_the_end_does_not_precede_a_did(self, cast: Cast) -> None:
        naspi = Programma.objects.get(chiave="naspi")
        registra_did(utente=cast.utente, data=oggi(), programma=naspi, attore=cast.operatore)
        dati = dati_programma(valido_dal=naspi.valido_dal, giorni_per_patto=15, valido_al=oggi() - dt.timedelta(days=1))
        with pytest.raises(RegolaViolata, match="non può precederla"):
            salva_programma(programma=naspi, dati=dati, attore=cast.amministratore)
        chiuso = salva_programma(programma=naspi, dati={**dati, "valido_al": oggi()}, attore=cast.amministratore)
        assert (chiuso.pk, chiuso.valido_al) == (naspi.pk, oggi())


class TestTexts:
    def test_a_new_version_leaves_the_old_words_alone(self, cast: Cast) -> None:
        prima = TestoInformativo.objects.get(genere="consenso_incontro")
        url = indirizzo("amministrazione_modifica", "testi", prima.pk)
        client = cast.client("amministratore")
        assert prima.testo[:40] in client.get(url).content.decode().replace("&#x27;", "'")
        dati = {
            "genere": "altro",
            "titolo": "Nuovo titolo",
            "testo": "Nuovo testo.",
            "valido_dal": f"{oggi():%d/%m/%Y}",
        }
        assert client.post(url, dati).status_code == 302
        prima.refresh_from_db()
        nuovo = TestoInformativo.objects.in_vigore(oggi())["consenso_incontro"]
        assert (nuovo.versione, nuovo.titolo) == (2, "Nuovo titolo")
        assert prima.titolo.startswith("Consenso all'incontro")
        assert prima.valido_al == oggi() - dt.timedelta(days=1)
        assert client.post(url, dati).status_code == 422

    def test_not_in_the_past_and_not_the_same_again(self, cast: Cast) -> None:
        prima = TestoInformativo.objects.get(genere="consenso_incontro")
        dati = {"genere": prima.genere, "titolo": prima.titolo, "testo": prima.testo, "valido_dal": oggi()}
        with pytest.raises(RegolaViolata, match="uguale"):
            nuova_versione_testo(dati=dati, attore=cast.amministratore)
        ieri = oggi() - dt.timedelta(days=1)
        with pytest.raises(RegolaViolata, match="da oggi in poi"):
            nuova_versione_testo(dati={**dati, "testo": "Altro", "valido_dal": ieri}, attore=cast.amministratore)
