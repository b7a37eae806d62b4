"""A new citizen, identity and contacts, the passage of a file (U1, A1, A2, C8)."""

from __future__ import annotations

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection

from orientamento.anagrafica.models import CompetenzaTerritoriale, Utente
from orientamento.anagrafica.services import utente as servizi
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from tests.anagrafica.test_accesso import modulo
from tests.anagrafica.test_codice_fiscale import ROSSI, componi
from tests.cast import Cast, crea_cast, crea_utente

ROSSI_MARIA = {
    "codice_fiscale": ROSSI,
    "cognome": "Rossi",
    "nome": "Maria",
    "cittadinanza": "Italiana",
    "domicilio_indirizzo": "Via Roma 1",
    "domicilio_comune": "Prato",
    "domicilio_cap": "59100",
}
LETTI = {
    "sesso": "F",
    "data_nascita": dt.date(1985, 12, 10),
    "luogo_nascita": "Firenze",
    "extra_ue": False,
    "domicilio_provincia": "PO",
}


def crea(cast: Cast, conferme: list[str] | None = None, **altro: Any) -> Utente:
    return servizi.crea_utente(
        dati={**ROSSI_MARIA, **LETTI, **altro}, attore=cast.operatore, adesso=adesso(), conferme=conferme or []
    )


def avvisi_di(cast: Cast, **altro: Any) -> list[servizi.Avviso]:
    with pytest.raises(servizi.ConfermaNecessaria) as errore:
        crea(cast, **altro)
    return errore.value.avvisi


@pytest.mark.django_db
class TestNewPerson:
    def test_few_fields_are_enough_the_code_says_the_rest(self, cast: Cast) -> None:
        risposta = cast.client("operatore").post("/utenti/nuovo", ROSSI_MARIA)
        utente = Utente.objects.get(codice_fiscale=ROSSI)
        assert (risposta.status_code, risposta.url) == (302, f"/utenti/{utente.pk}/presa-in-carico")
        assert (utente.sesso, utente.data_nascita, utente.luogo_nascita) == ("F", dt.date(1985, 12, 10), "Firenze")
        assert (utente.domicilio_provincia, utente.domicilio_codice_comune) == ("PO", "G999")
        assert utente.codice_luogo_nascita == "D612"
        assert (utente.cpi, utente.operatore_riferimento) == (cast.cpi, cast.operatore)
        riga = Evento.objects.get(azione=Azione.FASCICOLO_CREATO)
        assert (riga.attore, riga.utente) == (cast.operatore, utente)

    def test_what_is_missing_is_asked_and_nothing_typed_is_lost(self, cast: Cast) -> None:
        scritto = {"cognome": "O'Neill <b>", "nome": "Zoë", "email": "non-una-mail", "domicilio_cap": "591"}
        risposta = cast.client("operatore").post("/utenti/nuovo", scritto)
        pagina = risposta.content.decode()
        assert risposta.status_code == 422
        assert not Utente.objects.filter(nome="Zoë").exists()
        for testo in ("O&#x27;Neill &lt;b&gt;", "Zoë", "non-una-mail", 'value="591"', "Il CAP ha 5 cifre"):
            assert testo in pagina
        assert "Compilare «codice fiscale»" in pagina.replace("Codice", "codice")

    def test_who_may(self, cast: Cast) -> None:
        for chi, stato in [("operatore", 200), ("responsabile", 200), ("incrocio", 403), ("amministratore", 403)]:
            assert cast.client(chi).get("/utenti/nuovo").status_code == stato

    def test_the_page_opens_with_what_the_search_had(self, cast: Cast) -> None:
        pagina = cast.client("operatore").get("/utenti/nuovo", {"codice_fiscale": ROSSI}).content.decode()
        assert "10/12/1985" in pagina
        assert 'value="Firenze"' in pagina

    def test_the_same_code_leads_to_the_file_there_is(self, cast: Cast) -> None:
        utente = crea(cast)
        risposta = cast.client("collega").post("/utenti/nuovo", ROSSI_MARIA)
        assert risposta.status_code == 422
        assert "Esiste già un fascicolo" in risposta.content.decode()
        assert f'href="/utenti/{utente.pk}"' in risposta.content.decode()

    def test_another_office_is_named_and_nothing_else_is_told(self, cast: Cast) -> None:
        """A1: the stranger learns which office to call, not the name nor the number of the file."""
        crea(cast, cognome="Rossi", domicilio_indirizzo="Via Segreta 7")
        altro = {**ROSSI_MARIA, "cognome": "Rassi", "domicilio_comune": "Empoli", "domicilio_cap": "50053"}
        for url, dati in [("/utenti/nuovo", altro), ("/utenti/leggi-codice-fiscale", {"codice_fiscale": ROSSI})]:
            pagina = cast.client("estraneo").post(url, dati).content.decode()
            assert cast.cpi.nome.replace("'", "&#x27;") in pagina
            assert "Via Segreta" not in pagina
            assert "Rossi" not in pagina
            assert Utente.objects.filter(codice_fiscale=ROSSI).count() == 1

    def test_a_possible_double_is_shown_and_confirmed(self, cast: Cast) -> None:
        crea(cast)
        gemella = componi("Rossi", "Maria", "F", dt.date(1985, 12, 10), "G999")
        [avviso] = avvisi_di(cast, codice_fiscale=gemella, cognome="RÒSSI", luogo_nascita="Prato")
        assert avviso.chiave == "omonimi"
        dati = {**ROSSI_MARIA, "codice_fiscale": gemella}
        client = cast.client("operatore")
        pagina = client.post("/utenti/nuovo", dati).content.decode()
        assert "È un&#x27;altra persona" in pagina
        assert ROSSI in pagina
        avviso_pagina = avvisi_di(cast, codice_fiscale=gemella, luogo_nascita="Prato")[0]
        assert client.post("/utenti/nuovo", {**dati, "conferma": avviso_pagina.impronta}).status_code == 302

    def test_a_double_of_another_office_is_told_without_data(self, cast: Cast) -> None:
        crea_utente(cast.altro_cpi, cognome="Rossi", nome="Maria", data_nascita=dt.date(1985, 12, 10))
        [avviso] = avvisi_di(cast)
        assert list(avviso.persone[0]) == ["chiave", "cpi"]

    def test_disagreements_are_confirmed_and_kept(self, cast: Cast) -> None:
        [avviso] = avvisi_di(cast, nome="Lucia", sesso="M")
        assert len(avviso.righe) == 2
        utente = crea(cast, [avviso.impronta], nome="Lucia", sesso="M")
        assert utente.divergenze_confermate == list(avviso.righe)

    def test_a_confirmation_is_good_only_for_what_was_shown(self, cast: Cast) -> None:
        """The tick for one disagreement is no tick for another that came after it."""
        [avviso] = avvisi_di(cast, nome="Lucia")
        with pytest.raises(servizi.ConfermaNecessaria):
            crea(cast, [avviso.impronta], nome="Bruna")

    def test_the_domicile_of_another_office_is_confirmed_and_recorded(self, cast: Cast) -> None:
        """U1: the domicile decides the competent office."""
        dove = {"domicilio_comune": "Empoli", "domicilio_provincia": "FI", "domicilio_cap": "50053"}
        [avviso] = avvisi_di(cast, **dove)
        assert cast.altro_cpi.nome in avviso.righe[0]
        utente = crea(cast, [avviso.impronta], **dove)
        assert utente.cpi == cast.cpi
        assert Evento.objects.get(azione=Azione.FASCICOLO_CREATO).dettaglio == {"confermati": ["altro_cpi"]}

    def test_a_town_that_is_not_in_the_list_is_confirmed(self, cast: Cast) -> None:
        [avviso] = avvisi_di(cast, domicilio_comune="Pratto", domicilio_provincia="PO")
        assert avviso.chiave == "comune"

    def test_without_the_table_no_office_is_invented(self, cast: Cast) -> None:
        CompetenzaTerritoriale.objects.all().delete()
        assert crea(cast, domicilio_comune="Empoli", domicilio_provincia="FI").cpi == cast.cpi

    def test_the_administrator_opens_no_file(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata):
            servizi.crea_utente(dati={**ROSSI_MARIA, **LETTI}, attore=cast.amministratore, adesso=adesso())


def test_two_operators_enter_the_same_person_at_once(transactional_db: None) -> None:
    """U1, real threads: one file; the other operator is told that it exists. No error page, nothing half written."""
    cast = crea_cast()
    barriera = threading.Barrier(4)
    esiti: list[str] = []

    def entra() -> None:
        try:
            barriera.wait()
            crea(cast)
            esiti.append("creato")
        except servizi.FascicoloEsistente as errore:
            esiti.append("esiste" if errore.utente else "altrove")
        except Exception as errore:
            esiti.append(repr(errore))
        finally:
            connection.close()

    fili = [threading.Thread(target=entra) for _ in range(4)]
    for filo in fili:
        filo.start()
    for filo in fili:
        filo.join()
    assert sorted(esiti) == ["creato", "esiste", "esiste", "esiste"]
    assert Utente.objects.filter(codice_fiscale=ROSSI).count() == 1
    assert Evento.objects.filter(azione=Azione.FASCICOLO_CREATO).count() == 1


@pytest.mark.django_db
class TestCodeAsOneTypes:
    def chiedi(self, cast: Cast, codice: str, **altro: str) -> str:
        dati = {"codice_fiscale": codice, **altro}
        return cast.client("operatore").post("/utenti/leggi-codice-fiscale", dati).content.decode()

    def test_it_proposes(self, cast: Cast) -> None:
        pagina = self.chiedi(cast, ROSSI.lower())
        assert "nata il 10/12/1985 a Firenze (FI)" in pagina
        assert "&quot;sesso&quot;: &quot;F&quot;" in pagina

    def test_it_says_what_is_missing_or_wrong(self, cast: Cast) -> None:
        assert "Mancano 3 caratteri" in self.chiedi(cast, ROSSI[:13])
        assert "controllo non torna" in self.chiedi(cast, ROSSI[:15] + "A")
        assert "provvisorio valido" in self.chiedi(cast, "12345678903")
        assert self.chiedi(cast, "").strip() == ""

    def test_the_file_in_hand_is_no_double_of_itself(self, cast: Cast) -> None:
        codice = cast.utente.codice_fiscale
        assert "Esiste già" in self.chiedi(cast, codice)
        assert "Esiste già" not in self.chiedi(cast, codice, utente=str(cast.utente.pk))

    def test_who_may(self, cast: Cast) -> None:
        dati = {"codice_fiscale": ROSSI}
        assert cast.client("incrocio").post("/utenti/leggi-codice-fiscale", dati).status_code == 403


@pytest.mark.django_db
class TestIdentity:
    def url(self, cast: Cast) -> str:
        return f"/utenti/{cast.utente.pk}/identita"

    def test_a_change_is_saved_counted_and_written_down(self, cast: Cast) -> None:
        dati = modulo(cast.utente, email="nuova@example.it")
        assert cast.client("collega").post(self.url(cast), dati).status_code == 302
        versione = cast.utente.versione
        cast.utente.refresh_from_db()
        assert (cast.utente.email, cast.utente.versione) == ("nuova@example.it", versione + 1)
        riga = Evento.objects.get(azione=Azione.FASCICOLO_MODIFICATO)
        assert list(riga.dettaglio["campi"]) == ["email"]
        assert riga.attore == cast.collega

    def test_saving_the_same_changes_nothing(self, cast: Cast) -> None:
        assert cast.client("operatore").post(self.url(cast), modulo(cast.utente)).status_code == 302
        assert not Evento.objects.filter(azione=Azione.FASCICOLO_MODIFICATO).exists()

    def test_who_may(self, cast: Cast) -> None:
        stati = {chi: cast.client(chi).get(self.url(cast)).status_code for chi in ("estraneo", "incrocio")}
        assert stati == {"estraneo": 404, "incrocio": 403}
        assert cast.client("estraneo").post(self.url(cast), modulo(cast.utente)).status_code == 404

    def test_a_stale_save_shows_both_texts(self, cast: Cast) -> None:
        """C8: refused with 409; what only the other touched is taken as it is now; saving again is possible."""
        mio = modulo(cast.utente, domicilio_indirizzo="Via Mia 1")
        cast.client("collega").post(
            self.url(cast), modulo(cast.utente, domicilio_indirizzo="Via Sua 2", email="sua@example.it")
        )
        client = cast.client("operatore")
        risposta = client.post(self.url(cast), mio)
        pagina = risposta.content.decode()
        assert risposta.status_code == 409
        assert "Via Mia 1" in pagina
        assert "Via Sua 2" in pagina
        assert "Paolo Neri" in pagina
        assert 'value="sua@example.it"' in pagina
        assert "sua@example.it</td>" not in pagina
        cast.utente.refresh_from_db()
        assert cast.utente.domicilio_indirizzo == "Via Sua 2"
        di_nuovo = {**mio, "email": "sua@example.it", "versione": str(cast.utente.versione)}
        assert client.post(self.url(cast), di_nuovo).status_code == 302
        cast.utente.refresh_from_db()
        assert (cast.utente.domicilio_indirizzo, cast.utente.email) == ("Via Mia 1", "sua@example.it")

    def test_without_a_version_nothing_is_overwritten(self, cast: Cast) -> None:
        dati = modulo(cast.utente, cognome="Altro")
        del dati["versione"]
        assert cast.client("operatore").post(self.url(cast), dati).status_code == 409

    def test_a_double_click_is_harmless(self, cast: Cast) -> None:
        dati = modulo(cast.utente, email="nuova@example.it")
        client = cast.client("operatore")
        assert client.post(self.url(cast), dati).status_code == 302
        pagina = client.post(self.url(cast), dati)
        assert pagina.status_code == 409
        assert "non c&#x27;è altro da fare" in pagina.content.decode().replace("'", "&#x27;")

    def test_a_confirmed_disagreement_is_not_asked_again(self, cast: Cast) -> None:
        [avviso] = avvisi_di(cast, nome="Lucia")
        utente = crea(cast, [avviso.impronta], nome="Lucia")
        risposta = cast.client("operatore").post(f"/utenti/{utente.pk}/identita", modulo(utente, email="a@example.it"))
        assert risposta.status_code == 302

    def test_the_code_of_somebody_else_is_refused(self, cast: Cast) -> None:
        altra = crea(cast)
        pagina = cast.client("operatore").post(self.url(cast), modulo(cast.utente, codice_fiscale=altra.codice_fiscale))
        assert pagina.status_code == 422
        assert "Esiste già un fascicolo" in pagina.content.decode()

    def test_a_move_to_another_office_s_town_asks_once(self, cast: Cast) -> None:
        dove = {"domicilio_comune": "Empoli", "domicilio_provincia": "", "domicilio_cap": "50053"}
        client = cast.client("operatore")
        pagina = client.post(self.url(cast), modulo(cast.utente, **dove)).content.decode()
        assert "domicilio è di un altro centro" in pagina

    def test_a_citizenship_from_outside_leads_to_the_document(self, cast: Cast) -> None:
        risposta = cast.client("operatore").post(self.url(cast), modulo(cast.utente, cittadinanza="albanese"))
        assert risposta.url == f"/utenti/{cast.utente.pk}/soggiorno"
        cast.utente.refresh_from_db()
        assert (cast.utente.cittadinanza, cast.utente.extra_ue) == ("Albanese", True)

    def test_the_service_refuses_an_old_version(self, cast: Cast) -> None:
        with pytest.raises(VersioneSuperata):
            servizi.modifica_utente(
                utente=cast.utente, dati={"nome": "Ada"}, versione=0, attore=cast.operatore, adesso=adesso()
            )


@pytest.mark.django_db
class TestPassage:
    def url(self, cast: Cast) -> str:
        return f"/utenti/{cast.utente.pk}/passaggio"

    def test_who_may(self, cast: Cast) -> None:
        stati = {
            chi: cast.client(chi).get(self.url(cast)).status_code
            for chi in ("responsabile", "operatore", "incrocio", "estraneo")
        }
        assert stati == {"responsabile": 200, "operatore": 403, "incrocio": 403, "estraneo": 404}
        assert cast.client("operatore").post(self.url(cast), {"cpi": cast.altro_cpi.pk}).status_code == 403

    def test_to_another_office_with_a_line_for_each_side(self, cast: Cast) -> None:
        client = cast.client("responsabile")
        risposta = client.post(self.url(cast), {"cpi": cast.altro_cpi.pk})
        assert risposta.url == "/utenti"
        cast.utente.refresh_from_db()
        assert (cast.utente.cpi, cast.utente.operatore_riferimento) == (cast.altro_cpi, None)
        righe = Evento.objects.filter(azione=Azione.FASCICOLO_TRASFERITO).order_by("pk")
        assert [riga.dettaglio["lato"] for riga in righe] == ["uscita", "entrata"]
        assert client.get(self.url(cast)).status_code == 404
        assert client.post(self.url(cast), {"cpi": cast.cpi.pk}).status_code == 404
        assert cast.client("estraneo").get(f"/utenti/{cast.utente.pk}/identita").status_code == 200

    def test_the_same_or_a_closed_office_is_refused(self, cast: Cast) -> None:
        with pytest.raises(RegolaViolata):
            servizi.trasferisci_utente(utente=cast.utente, cpi=cast.cpi, attore=cast.responsabile)
        cast.altro_cpi.attivo = False
        cast.altro_cpi.save()
        with pytest.raises(RegolaViolata):
            servizi.trasferisci_utente(utente=cast.utente, cpi=cast.altro_cpi, attore=cast.responsabile)
        assert cast.client("responsabile").post(self.url(cast), {"cpi": cast.altro_cpi.pk}).status_code == 422

    def test_nobody_takes_a_file_of_another_office(self, cast: Cast) -> None:
        altrove = crea_utente(cast.altro_cpi)
        with pytest.raises(RegolaViolata):
            servizi.trasferisci_utente(utente=altrove, cpi=cast.cpi, attore=cast.responsabile)

    def test_to_a_colleague(self, cast: Cast) -> None:
        client = cast.client("responsabile")
        assert client.post(self.url(cast), {"operatore": cast.collega.pk}).status_code == 302
        cast.utente.refresh_from_db()
        assert cast.utente.operatore_riferimento == cast.collega
        for sbagliato in (cast.estraneo, cast.incrocio):
            assert client.post(self.url(cast), {"operatore": sbagliato.pk}).status_code == 422
