"""P1, P2: adding, changing, removing; the register; what is refused leaves nothing behind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.utils import timezone

from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.models import Evento
from propensioni.models import Professione, Propensione
from propensioni.services.lettura import propensioni_di, quante
from propensioni.services.propensione import (
    aggiungi_propensione,
    elimina_propensione,
    modifica_propensione,
)
from tests.cast import Cast
from tests.propensioni.conftest import dati_propensione

OGGI = timezone.localdate


def aggiungi(cast: Cast, scelta: Professione, **altro: Any) -> Propensione:
    dati = {**dati_propensione(scelta), **altro}
    return aggiungi_propensione(utente=cast.utente, dati=dati, attore=cast.operatore)


def test_a_new_one_takes_the_first_place_with_its_note(cast: Cast, professioni: list[Professione]) -> None:
    propensione = aggiungi(
        cast,
        professioni[0],
        da_formazione=True,
        nota={"sep": "Trasporti e logistica", "durata_mesi": 120, "ultimo_anno": 2023},
    )
    propensione.refresh_from_db()
    assert (propensione.posto, propensione.data_intervista, propensione.versione) == (1, OGGI(), 1)
    assert propensione.nota == {"sep": "Trasporti e logistica", "durata_mesi": 120, "ultimo_anno": 2023}
    assert propensione.nota_testo == ("SEP: Trasporti e logistica. Durata dell'esperienza: 10 anni. Ultimo anno: 2023.")
    evento = Evento.objects.dell_utente(cast.utente.pk).first()
    assert evento is not None
    assert (evento.azione, evento.attore, evento.oggetto_id) == (
        "propensione_aggiunta", cast.operatore, propensione.pk,
    )  # fmt: skip
    assert evento.dettaglio == {"posto": 1, "professione": "Magazziniere", "codice": "4.3.1.2.0"}


def test_the_fourth_is_refused_in_clear_words(cast: Cast, professioni: list[Professione]) -> None:
    """P1: at most three."""
    for professione in professioni[:3]:
        aggiungi(cast, professione)
    eventi = Evento.objects.count()
    with pytest.raises(RegolaViolata, match="al massimo tre") as rifiuto:
        aggiungi(cast, professioni[3])
    assert rifiuto.value.regola == "P1"
    assert quante(cast.utente) == 3
    assert Evento.objects.count() == eventi


def test_removing_frees_the_place_for_the_next(cast: Cast, professioni: list[Professione]) -> None:
    tre = [aggiungi(cast, professione) for professione in professioni[:3]]
    elimina_propensione(propensione=tre[1], attore=cast.collega)
    evento = Evento.objects.dell_utente(cast.utente.pk).first()
    assert evento is not None
    assert (evento.azione, evento.attore, evento.dettaglio["professione"]) == (
        "propensione_eliminata", cast.collega, "Cuoco",
    )  # fmt: skip
    assert aggiungi(cast, professioni[3]).posto == 2
    assert [p["professione"] for p in propensioni_di(cast.utente)] == ["Magazziniere", "Idraulico", "Badante"]


def test_removing_twice_says_so(cast: Cast, professioni: list[Professione]) -> None:
    propensione = aggiungi(cast, professioni[0])
    copia = Propensione.objects.get(pk=propensione.pk)
    elimina_propensione(propensione=propensione, attore=cast.operatore)
    with pytest.raises(RegolaViolata, match="già stata eliminata"):
        elimina_propensione(propensione=copia, attore=cast.operatore)
    with pytest.raises(RegolaViolata, match="eliminata da qualcun altro"):
        modifica_propensione(propensione=copia, dati={}, versione=1, attore=cast.operatore)


def test_the_same_profession_twice_is_refused(cast: Cast, professioni: list[Professione]) -> None:
    aggiungi(cast, professioni[0])
    with pytest.raises(RegolaViolata, match="già tra le propensioni") as rifiuto:
        aggiungi(cast, professioni[0])
    assert rifiuto.value.campo == "professione"
    assert quante(cast.utente) == 1


@pytest.mark.parametrize(
    ("cambi", "campo"),
    [
        ({"professione": None}, "professione"),
        ({"da_lavoro": False}, "provenienze"),
        ({"data_intervista": OGGI() + dt.timedelta(days=1)}, "data_intervista"),
        ({"data_intervista": dt.date(1900, 1, 1)}, "data_intervista"),
        ({"nota": {"competenze": "x" * 10_001}}, "competenze"),
        ({"nota": {"orari": "x" * 1_001}}, "orari"),
        ({"nota": {"ultimo_anno": 1929}}, "ultimo_anno"),
        ({"nota": {"ultimo_anno": OGGI().year + 1}}, "ultimo_anno"),
        ({"nota": {"durata_mesi": -1}}, "durata_anni"),
        ({"nota": {"durata_mesi": 71 * 12}}, "durata_anni"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field(
    cast: Cast, professioni: list[Professione], cambi: dict[str, Any], campo: str
) -> None:
    eventi = Evento.objects.count()
    with pytest.raises(RegolaViolata) as rifiuto:
        aggiungi(cast, professioni[0], **cambi)
    assert rifiuto.value.campo == campo
    assert quante(cast.utente) == 0
    assert Evento.objects.count() == eventi


def test_a_profession_no_longer_in_the_glossary_cannot_be_added_but_stays(
    cast: Cast, professioni: list[Professione]
) -> None:
    propensione = aggiungi(cast, professioni[0])
    Professione.objects.update(attiva=False)
    professioni[1].refresh_from_db()
    with pytest.raises(RegolaViolata, match="non è più nel glossario"):
        aggiungi(cast, professioni[1])
    cambiata = modifica_propensione(
        propensione=propensione, dati={"da_formazione": True}, versione=1, attore=cast.operatore
    )
    assert cambiata.provenienze == ["lavoro", "formazione"]


def test_limits_are_reachable(cast: Cast, professioni: list[Professione]) -> None:
    nota = {"competenze": "à👩🏽‍🔧 " * 1_600, "ultimo_anno": OGGI().year, "durata_mesi": 0}
    propensione = aggiungi(cast, professioni[0], nota=nota, data_intervista=cast.utente.data_nascita)
    assert propensione.nota["durata_mesi"] == 0
    assert "Durata dell'esperienza: nessuna." in propensione.nota_testo


def test_changing_writes_what_changed_and_never_the_note(cast: Cast, professioni: list[Professione]) -> None:
    propensione = aggiungi(cast, professioni[0])
    cambiata = modifica_propensione(
        propensione=propensione,
        dati={"professione": professioni[1], "nota": {"competenze": "Segreto di famiglia"}},
        versione=1,
        attore=cast.collega,
    )
    assert (cambiata.versione, cambiata.nota_testo) == (2, "Competenze: Segreto di famiglia.")
    evento = Evento.objects.dell_utente(cast.utente.pk).first()
    assert evento is not None
    assert evento.dettaglio["cambi"] == {"professione": ["Magazziniere", "Cuoco"]}
    assert evento.dettaglio["nota"] == "cambiata"
    assert "Segreto" not in str(evento.dettaglio)


def test_saving_what_is_already_there_writes_nothing(cast: Cast, professioni: list[Professione]) -> None:
    propensione = aggiungi(cast, professioni[0])
    eventi = Evento.objects.count()
    uguale = modifica_propensione(propensione=propensione, dati={}, versione=1, attore=cast.operatore)
    assert uguale.versione == 1
    assert Evento.objects.count() == eventi


def test_a_stale_version_is_refused(cast: Cast, professioni: list[Professione]) -> None:
    """C8."""
    propensione = aggiungi(cast, professioni[0])
    modifica_propensione(propensione=propensione, dati={"da_istruzione": True}, versione=1, attore=cast.operatore)
    with pytest.raises(VersioneSuperata, match="Qualcun altro"):
        modifica_propensione(propensione=propensione, dati={"da_formazione": True}, versione=1, attore=cast.collega)
    propensione.refresh_from_db()
    assert propensione.provenienze == ["lavoro", "istruzione"]


def test_changing_to_a_profession_already_there_is_refused(cast: Cast, professioni: list[Professione]) -> None:
    aggiungi(cast, professioni[0])
    seconda = aggiungi(cast, professioni[1])
    with pytest.raises(RegolaViolata, match="già tra le propensioni"):
        modifica_propensione(
            propensione=seconda, dati={"professione": professioni[0]}, versione=1, attore=cast.operatore
        )
    seconda.refresh_from_db()
    assert seconda.professione == professioni[1]


def test_reading_for_other_apps(cast: Cast, professioni: list[Professione], django_assert_num_queries: Any) -> None:
    for professione in professioni[:3]:
        aggiungi(cast, professione, nota={"sep": "Edilizia"})
    with django_assert_num_queries(1):
        lette = propensioni_di(cast.utente)
    assert [letta["posto"] for letta in lette] == [1, 2, 3]
    assert lette[0] | {"id": 0} == {
        "id": 0,
        "posto": 1,
        "professione": "Magazziniere",
        "codice": "4.3.1.2.0",
        "edizione": "CP2021",
        "provenienze": ["lavoro"],
        "data_intervista": OGGI(),
        "sep": "Edilizia",
        "nota": {"sep": "Edilizia"},
        "nota_testo": "SEP: Edilizia.",
        "versione": 1,
    }
