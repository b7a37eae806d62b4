"""The three places in words (V3, V4, V5): what the queue and the portal said, and nothing that they did not say."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from curriculum.models import ComeLoSappiamo, LuogoCurriculum, Operazione, StatoTrasferimento, Trasferimento
from curriculum.services.curriculum import cancella_curriculum
from curriculum.services.lettura import curriculum_attuale, curriculum_e_luoghi
from curriculum.services.luoghi import Quadro, componi, luoghi_di
from curriculum.services.trasferimento import annulla_trasferimento
from tests.cast import Cast
from tests.curriculum.trasferimenti import ORA, Orologio, carica, chiedi, con_curriculum, gira
from tests.portale_prova.server import PortaleDiProva

OGGI = ORA.date()
IERI = ORA - dt.timedelta(days=1)


def letto(**altro: Any) -> dict[str, Any]:
    attuale = {"id": 7, "caricato_il": IERI, "valido_fino_al": OGGI + dt.timedelta(days=100)}
    base = {"attuale": attuale, "in_controllo": None, "posizione": None, "operazioni": None, "fermo_dal": None}
    return {**base, "forse_partito": False, **altro}


def operazione(stato: str, *, quale: str = "invio", pk: int = 1, cv: int | None = 7, **altro: Any) -> dict[str, Any]:
    vuoto = dict.fromkeys(("ultimo_tentativo_il", "in_attesa_dal", "inviato_il", "chiuso_il"))
    fisso = {"creato_il": IERI, "tentativi": 1, "errore": "", "motivo": "", "chi": "Laura Verdi"}
    return {"id": pk, "operazione": quale, "stato": stato, "curriculum_id": cv, **vuoto, **fisso, **altro}


def posto(portale: str, intuition: str, come: str = "confermato", cv: int | None = 7) -> dict[str, Any]:
    return {
        "registrazione": "confermata",
        "registrazione_vista_il": IERI,
        "canale": "",
        "messaggi": 0,
        "ultimo_messaggio_il": None,
        "curriculum_id": cv,
        "curriculum_caricato_il": IERI,
        "curriculum_valido_fino_al": OGGI + dt.timedelta(days=100),
        "portale": portale,
        "portale_come": come,
        "portale_visto_il": ORA,
        "intuition": intuition,
        "intuition_come": come,
        "intuition_visto_il": ORA,
    }


def stati(quadro: Quadro) -> tuple[str, ...]:
    return tuple(luogo.stato for luogo in quadro.luoghi)


CASI = {
    "mai trasferito": (letto(), ("C'è", "Mai trasferito", "Mai trasferito"), False),
    "nessun CV": (letto(attuale=None), ("Non c'è", "Mai trasferito", "Mai trasferito"), False),
    "al controllo": (
        letto(attuale=None, in_controllo={"id": 8, "caricato_il": ORA}),
        ("In controllo", "Mai trasferito", "Mai trasferito"),
        True,
    ),
    "in coda": (letto(operazioni=[operazione("da_inviare", tentativi=0)]), ("C'è", "In coda", "Non ancora"), True),
    "parte": (letto(operazioni=[operazione("in_corso")]), ("C'è", "In corso", "Non ancora"), True),
    "in attesa": (
        letto(operazioni=[operazione("in_attesa")], posizione=posto("assente", "assente", cv=None)),
        ("C'è", "In attesa di conferma del cittadino", "Non ancora"),
        True,
    ),
    "senza risposta": (
        letto(operazioni=[operazione("da_inviare")], posizione=posto("in_arrivo", "in_arrivo", "senza_risposta")),
        ("C'è", "Mandato", "Mandato"),
        True,
    ),
    "ricevuto": (
        letto(operazioni=[operazione("inviato", inviato_il=ORA)], posizione=posto("presente", "in_arrivo")),
        ("C'è", "C'è", "In arrivo"),
        True,
    ),
    "confermato": (
        letto(operazioni=[operazione("confermato", inviato_il=ORA)], posizione=posto("presente", "presente")),
        ("C'è", "C'è", "C'è"),
        False,
    ),
    "rifiutato": (
        letto(operazioni=[operazione("rifiutato", chiuso_il=ORA, motivo="No.")]),
        ("C'è", "Rifiutato", "Non c'è"),
        False,
    ),
    "uno più recente in coda": (
        letto(
            operazioni=[operazione("da_inviare", pk=2), operazione("confermato", cv=6, inviato_il=IERI)],
            posizione=posto("presente", "presente", cv=6),
        ),
        ("C'è", "C'è quello di prima", "C'è quello di prima"),
        True,
    ),
    "cancellato qui": (
        letto(
            attuale=None,
            operazioni=[operazione("da_inviare", quale="rimozione", pk=2, cv=None), operazione("confermato")],
            posizione=posto("presente", "presente"),
        ),
        ("Non c'è", "C'è ancora", "In rimozione"),
        True,
    ),
    "tolto": (
        letto(
            attuale=None,
            operazioni=[operazione("confermato", quale="rimozione", pk=2, cv=None), operazione("confermato")],
            posizione=posto("presente", "assente"),
        ),
        ("Non c'è", "C'è ancora", "Tolto"),
        False,
    ),
    "rimozione rifiutata": (
        letto(
            attuale=None,
            operazioni=[operazione("rifiutato", quale="rimozione", pk=2, cv=None, chiuso_il=ORA)],
            posizione=posto("presente", "presente"),
        ),
        ("Non c'è", "C'è ancora", "Rimozione rifiutata"),
        False,
    ),
    "fermato dopo un tentativo a vuoto": (
        letto(operazioni=[operazione("annullato", tentativi=3, chiuso_il=ORA)]),
        ("C'è", "Mai trasferito", "Mai trasferito"),
        False,
    ),
    "fermato dopo un tentativo di esito ignoto": (
        letto(operazioni=[operazione("annullato", chiuso_il=ORA)], forse_partito=True),
        ("C'è", "Non si sa", "Non si sa"),
        False,
    ),
    "cancellato dalla persona": (
        letto(
            operazioni=[operazione("annullato", inviato_il=IERI, chiuso_il=ORA, motivo="La persona lo ha cancellato.")],
            posizione=posto("assente", "assente", cv=None),
        ),
        ("C'è", "Non c'è più", "Non c'è"),
        False,
    ),
}


@pytest.mark.parametrize("nome", CASI)
def test_each_state_in_words(nome: str) -> None:
    """V3, V5: the state of each place, and whether the card has something to wait for."""
    dati, attesi, in_movimento = CASI[nome]
    quadro = componi(dati, giorno=OGGI)

    assert (stati(quadro), quadro.in_movimento) == (attesi, in_movimento)


def test_the_state_follows_from_the_date(cast: Cast) -> None:
    """V4: valid on its last day, expired on the next, here and on the portal, also if no sweep ever ran."""
    dati = letto(posizione=posto("presente", "presente"), operazioni=[operazione("confermato", inviato_il=IERI)])
    ultimo = dati["attuale"]["valido_fino_al"]

    assert stati(componi(dati, giorno=ultimo))[:2] == ("C'è", "C'è")
    dopo = componi(dati, giorno=ultimo + dt.timedelta(days=1))
    assert stati(dopo)[:2] == ("Scaduto", "C'è, obsoleto")
    assert f"{ultimo + dt.timedelta(days=1):%d/%m/%Y}" in dopo.luoghi[1].nota


def test_a_send_that_waits_counts_more_than_a_later_one_that_was_stopped() -> None:
    righe = [operazione("annullato", pk=2, chiuso_il=ORA, motivo="x"), operazione("inviato", pk=1, inviato_il=IERI)]
    quadro = componi(letto(operazioni=righe), giorno=OGGI)

    assert quadro.invio is not None
    assert quadro.invio["id"] == 1
    assert quadro.luoghi[1].come == "Mandato il 22/11/2026 alle 10:00, senza risposta finora."


POSTI = st.sampled_from(LuogoCurriculum.values)
QUALSIASI = st.builds(
    lambda presente, ops, dove, come: letto(
        **({} if presente else {"attuale": None}),
        operazioni=[
            operazione(s, quale=q, pk=9 - i, cv=cv, chiuso_il=ORA, inviato_il=ORA) for i, (s, q, cv) in enumerate(ops)
        ],
        posizione=dove and posto(*dove, come),
    ),
    st.booleans(),
    st.lists(
        st.tuples(
            st.sampled_from(StatoTrasferimento.values), st.sampled_from(Operazione.values), st.sampled_from([6, 7])
        ),
        max_size=4,
    ),
    st.none() | st.tuples(POSTI, POSTI),
    st.sampled_from(ComeLoSappiamo.values),
)


@given(QUALSIASI)
def test_whatever_is_known_can_be_said(dati: dict[str, Any]) -> None:
    """Every combination has words, and never says that something is there which nobody has seen there."""
    quadro = componi(dati, giorno=OGGI)

    for luogo in quadro.luoghi:
        assert luogo.stato
        assert luogo.come.endswith(".")
        assert luogo.tono in ("", "fatto", "attesa", "attenzione", "errore")
    for luogo in quadro.luoghi[1:]:
        if luogo.stato.startswith("C'è"):
            assert dati["posizione"][luogo.chiave] == LuogoCurriculum.PRESENTE
    assert componi(dati, giorno=OGGI).impronta == quadro.impronta


def test_one_statement_reads_it_all(cast: Cast, django_assert_num_queries: Any) -> None:
    utente = con_curriculum(cast, cast.utente)
    with django_assert_num_queries(1):
        letti = curriculum_e_luoghi(utente, giorno=OGGI)

    assert letti["curriculum"] == curriculum_attuale(utente)
    assert [luogo.nome_breve for luogo in letti["luoghi"]] == ["Qui", "Portale", "Intuition"]


def test_only_what_may_have_left_leaves_a_doubt(cast: Cast, settings: Any) -> None:
    """V6: a portal that could not be reached never had it; one whose answer got lost may have it."""
    settings.PORTALE_URL = "http://127.0.0.1:9"
    utente = con_curriculum(cast, cast.utente)
    riga = chiedi(cast, utente)
    gira(Orologio())
    annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)
    assert stati(luoghi_di(utente, giorno=OGGI)) == ("C'è", "Mai trasferito", "Mai trasferito")

    Trasferimento.objects.filter(pk=riga.pk).update(esito_incerto=True)
    assert stati(luoghi_di(utente, giorno=OGGI)) == ("C'è", "Non si sa", "Non si sa")


def test_from_the_desk_to_the_firms_and_back(cast: Cast, portale_collegato: PortaleDiProva) -> None:
    """V2, V3, V5: what the card says at each step of one CV's journey, and the mark changes with each."""
    orologio = Orologio()
    utente = con_curriculum(cast, cast.utente)
    impronte: list[str] = []

    def guarda() -> tuple[str, ...]:
        quadro = luoghi_di(utente, giorno=OGGI)
        impronte.append(quadro.impronta)
        return stati(quadro)

    assert guarda() == ("C'è", "Mai trasferito", "Mai trasferito")
    riga = chiedi(cast, utente)
    assert guarda() == ("C'è", "In coda", "Non ancora")
    annulla_trasferimento(trasferimento=riga, attore=cast.operatore, adesso=ORA)
    assert guarda() == ("C'è", "Mai trasferito", "Mai trasferito")
    chiedi(cast, utente)
    gira(orologio)
    assert guarda() == ("C'è", "In attesa di conferma del cittadino", "Non ancora")
    portale_collegato.conferma(utente.codice_fiscale)
    orologio.avanti(hours=1)
    gira(orologio)
    assert guarda() == ("C'è", "C'è", "C'è")
    nuovo = carica(cast, utente, pagine=2, ora=orologio.avanti(minutes=1))
    assert guarda() == ("C'è", "C'è quello di prima", "C'è quello di prima")
    chiedi(cast, utente, orologio.avanti(minutes=1))
    gira(orologio)
    assert guarda() == ("C'è", "C'è", "C'è")
    cancella_curriculum(curriculum=nuovo, attore=cast.operatore, adesso=orologio.avanti(minutes=1))
    assert guarda() == ("Non c'è", "C'è ancora", "In rimozione")
    gira(orologio)
    assert guarda() == ("Non c'è", "C'è ancora", "Tolto")
    assert all(prima != dopo for prima, dopo in itertools.pairwise(impronte))
