"""The check of art. 20: each missing thing, one by one, blocks the verb and is linked to its field (T1)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from orientamento.anagrafica.models import PresaInCarico
from orientamento.comune.calendario import adesso, oggi
from propensioni.models import Propensione
from psp.models import AreaAnalisi, AttoRicerca, Colloquio, Misura, PattoDiServizio, Profilazione
from psp.services import misura, patto
from psp.services.completezza import REGOLE, avvertenze_patto, controllo, mancanze_patto
from psp.services.patto import PattoIncompleto
from tests.cast import Cast
from tests.psp.scene_patto import bozza, completo

pytestmark = pytest.mark.django_db


def _vuota(**campi: Any) -> Callable[[PattoDiServizio], Any]:
    return lambda p: PattoDiServizio.objects.filter(pk=p.pk).update(**campi)


def _atto(**campi: Any) -> Callable[[PattoDiServizio], Any]:
    return lambda p: AttoRicerca.objects.filter(patto=p).update(**campi)


IERI = dt.timedelta(days=1)

# What is taken away → the key of the line, the anchor of the link.
CASI: dict[str, tuple[Callable[[PattoDiServizio], Any], str, str]] = {
    "responsabile": (_vuota(responsabile_attivita=None), "responsabile", "#id_responsabile_attivita"),
    "profilazione": (lambda p: Profilazione.objects.all().delete(), "profilo", "#id_profilazione-valore"),
    "nessun atto": (lambda p: p.atti.all().delete(), "atti", "#id_tipico_1"),
    "atto senza termine": (_atto(frequenza="", entro_il=None), "atti", "-entro_il"),
    "atto con termine passato": (
        lambda p: AttoRicerca.objects.filter(patto=p).update(frequenza="", entro_il=oggi() - IERI),
        "atti",
        "-entro_il",
    ),
    "atto senza prova": (_atto(prova=" "), "atti", "-prova"),
    "frequenza dei contatti": (_vuota(frequenza_contatti=""), "frequenza", "#id_frequenza_contatti"),
    "prova della ricerca": (_vuota(prova_ricerca="  "), "prova", "#id_prova_ricerca"),
    "disponibilità ai laboratori": (
        _vuota(disponibilita_laboratori=""),
        "disponibilita",
        "#id_disponibilita_laboratori_0",
    ),
    "disponibilità alla formazione": (
        _vuota(disponibilita_formazione=""),
        "disponibilita",
        "#id_disponibilita_formazione_0",
    ),
    "disponibilità alle offerte": (_vuota(disponibilita_offerte=""), "disponibilita", "#id_disponibilita_offerte_0"),
    "propensioni": (lambda p: Propensione.objects.all().delete(), "propensioni", "/fase/2#propensioni"),
    "fase 1": (lambda p: Colloquio.objects.update(motivazione=None), "fasi", "/fase/1#id_motivazione_1"),
    "fase 2": (lambda p: AreaAnalisi.objects.filter(area="vincoli").delete(), "fasi", "/fase/2#id_area_vincoli"),
    "presa in carico": (lambda p: PresaInCarico.objects.update(chiusa_il=oggi()), "presa_in_carico", "presa-in-carico"),
    "inizio del patto": (_vuota(valido_dal=None), "durata", "#id_valido_dal"),
    "fine del patto": (_vuota(valido_al=None), "durata", "#id_valido_al"),
    "misura fuori dal patto": (
        lambda p: Misura.objects.filter(patto=p).update(inizio_previsto=oggi() - IERI),
        "misure",
        "-inizio_previsto",
    ),
}


@pytest.mark.parametrize("caso", list(CASI))
def test_each_missing_thing_is_said_linked_and_stops_the_verb_t1(cast: Cast, caso: str) -> None:
    togli, chiave, ancora = CASI[caso]
    p = completo(cast)
    assert mancanze_patto(p, adesso()) == []
    togli(p)
    p = PattoDiServizio.objects.select_related("colloquio__utente").get(pk=p.pk)
    mancanti = {esito.chiave: esito.mancanze for esito in controllo(p, adesso()) if not esito.fatto}
    assert list(mancanti) == [chiave]
    (mancanza,) = mancanti[chiave]
    assert ancora in mancanza.url
    assert len(mancanza.testo) > 10
    with pytest.raises(PattoIncompleto) as errore:
        patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())
    assert mancanza.testo in errore.value.messaggio
    p.refresh_from_db()
    assert p.stato == "bozza"


def test_every_rule_of_the_table_has_a_case() -> None:
    assert {chiave for _, chiave, _ in CASI.values()} == {regola.chiave for regola in REGOLE}


def test_a_new_draft_misses_what_only_the_citizen_can_say(cast: Cast) -> None:
    mancanti = {e.chiave for e in controllo(bozza(cast), adesso()) if not e.fatto}
    assert mancanti == {"profilo", "atti", "frequenza", "disponibilita"}


def test_a_refused_measure_does_not_count(cast: Cast) -> None:
    p = completo(cast)
    Misura.objects.filter(patto=p).update(stato="rifiutata", inizio_previsto=oggi() - IERI)
    assert mancanze_patto(p, adesso()) == []


def test_measures_only_proposed_are_warned_about_and_do_not_stop_the_pact_m3(cast: Cast) -> None:
    """Found by hand: four measures ticked without hours were signed, and none could be started."""
    p = completo(cast)
    una = p.misure.get()
    Misura.objects.filter(pk=una.pk).update(stato="proposta", ore_previste=None)
    (avvertenza,) = [a for a in avvertenze_patto(p) if a.chiave == "proposte"]
    assert avvertenza.testo == f"La misura «{una.servizio}» è solo proposta: dopo la firma non si può avviare"
    assert avvertenza.url.endswith(f"#id_misura-{una.pk}-ore_previste")
    misura.aggiungi_misure(patto=p, chiavi=["scouting"], attore=cast.operatore, adesso=adesso())
    assert "2 misure sono solo proposte" in " ".join(a.testo for a in avvertenze_patto(p))
    assert mancanze_patto(p, adesso()) == []


def test_without_did_the_pact_is_warned_about_and_goes_on(cast: Cast) -> None:
    p = completo(cast)
    assert [a.chiave for a in avvertenze_patto(p)] == ["did"]
    assert patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso()).stato == "in_revisione"
