"""What changed between two contents, in words (T4)."""

from __future__ import annotations

import copy

from hypothesis import given
from hypothesis import strategies as st

from psp.models import Sezione
from psp.services.documento import differenze
from tests.psp.casi_documento import esempio, lunghissimo, minimo


def dopo_con(cambia) -> dict[str, list[str]]:
    prima, dopo = esempio(), esempio()
    cambia(dopo)
    return differenze(prima, dopo)


def test_equal_contents_have_none_even_on_another_day():
    dopo = esempio() | {"redatto_il": "30/11/2026"}
    assert differenze(esempio(), dopo) == {}


def test_an_act_added_and_one_taken_away():
    def cambia(c):
        atti = c["piano"][2]["atti"]
        atti.append(atti.pop(0) | {"rif": "999", "che_cosa": "Seguire il corso di inglese"})

    assert dopo_con(cambia) == {
        "piano": ["Aggiunto l'atto «Seguire il corso di inglese».", "Tolto l'atto «Inviare almeno cinque candidature»."]
    }


def test_the_term_of_an_act_moved():
    def cambia(c):
        c["piano"][0]["atti"][0]["quando"] = "Entro il 20/12/2026"

    assert dopo_con(cambia) == {
        "piano": [
            "Cambiata la scadenza di «Partecipare a un laboratorio di gruppo sulla ricerca attiva del lavoro»: "
            "Entro il 15/12/2026 → Entro il 20/12/2026."
        ]
    }


def test_a_reworded_act_is_the_same_act():
    def cambia(c):
        c["piano"][2]["atti"][0]["che_cosa"] = "Inviare almeno dieci candidature"

    assert dopo_con(cambia) == {
        "piano": [
            "Cambiato il testo di «Inviare almeno cinque candidature»: "
            "Inviare almeno cinque candidature → Inviare almeno dieci candidature."
        ]
    }


def test_an_act_written_anew_with_the_same_words_says_nothing():
    def cambia(c):
        for atto in c["piano"][2]["atti"]:
            atto["rif"] = f"9{atto['rif']}"

    assert dopo_con(cambia) == {}


def test_measures_propensioni_and_commitments():
    def cambia(c):
        c["misure"][0]["durata"] = "5 ore"
        c["misure"].pop()
        c["propensioni"][0]["nota"] = c["propensioni"][0]["nota"].replace("10 anni", "12 anni")
        c["propensioni"][1]["provenienze"] = ["lavoro", "istruzione"]
        c["impegni"]["disponibilita"]["offerte"] = "No"
        c["impegni"]["frequenza_contatti"] = "Ogni due settimane"
        c["responsabile"] = ""
        c["persona"]["recapiti"][0]["valore"] = "333 1111111"

    assert dopo_con(cambia) == {
        "generale": [
            "Aggiunto il recapito «Cellulare: 333 1111111».",
            "Tolto il recapito «Cellulare: 333 0000000».",
            "Cambiato il responsabile delle attività: Laura Verdi → vuoto.",
        ],
        "propensioni": [
            "Cambiata la nota di «Magazziniere»: tolto «10», aggiunto «12».",
            "Cambiata la provenienza di «Commesso di negozio»: lavoro → lavoro, istruzione.",
        ],
        "misure": [
            "Cambiata la durata di «Consulenza orientativa»: 3 ore → 5 ore.",
            "Tolta la misura «Bilancio delle competenze».",
        ],
        "impegni": [
            "Cambiata la disponibilità ad accettare offerte congrue: Sì → No.",
            "Cambiata la frequenza dei contatti: Ogni mese → Ogni due settimane.",
        ],
    }


def test_from_nothing_to_everything_and_back():
    avanti, indietro = differenze(minimo(), esempio()), differenze(esempio(), minimo())
    assert set(avanti) == set(indietro) == set(Sezione.values)
    assert "Aggiunta la DID." in avanti["generale"]
    assert "Tolta la misura «Consulenza orientativa»." in indietro["misure"]
    assert (
        "Aggiunta l'esperienza «Magazziniera, Logistica Toscana S.r.l., Pistoia, 02/2014 – 12/2023»."
        in avanti["profilo"]
    )


def test_long_texts_are_cut_in_the_sentences():
    frasi = [frase for voci in differenze(esempio(), lunghissimo()).values() for frase in voci]
    assert max(map(len, frasi)) < 400


def _foglie(valore, percorso=()):
    if isinstance(valore, dict):
        for chiave, v in valore.items():
            yield from _foglie(v, (*percorso, chiave))
    elif isinstance(valore, list):
        for posto, v in enumerate(valore):
            yield from _foglie(v, (*percorso, posto))
    else:
        yield percorso


# What never changes between two drafts of one pact, or says nothing to a reviewer.
NON_DETTE = {
    *("schema", "numero", "redatto_il", "rif", "tipo", "titolo", "ente", "comune", "telefono", "email", "pec"),
    *("consegnata_il", "livello", "altri_titoli", "altre_esperienze"),
}
FOGLIE = [p for p in _foglie(esempio()) if not NON_DETTE & set(p)]


@given(percorso=st.sampled_from(FOGLIE), testo=st.text(alphabet="abcdeè 12/", min_size=1).map(lambda t: f"Nuovo {t}"))
def test_any_printed_value_that_changes_is_told(percorso, testo):
    dopo = copy.deepcopy(esempio())
    contenitore = dopo
    for passo in percorso[:-1]:
        contenitore = contenitore[passo]
    contenitore[percorso[-1]] = testo
    assert differenze(esempio(), dopo)
    assert differenze(dopo, esempio())
