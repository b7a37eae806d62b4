"""The hours of a measure where something else is counted beside its own meetings (C2)."""

from __future__ import annotations

import datetime as dt

import pytest

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from psp.models import Seduta
from psp.services.incontri_misura import registra_incontro
from psp.services.ore import contatore
from tests.cast import Cast
from tests.psp.scene_agenda import alle, postazione
from tests.psp.scene_misure import avvia, avviata, concludi, patto_firmato, tenuto

pytestmark = pytest.mark.django_db


def test_base_orientation_is_ninety_minutes_over_both_interviews_c2(cast: Cast) -> None:
    patto = patto_firmato(cast, "colloquio-patto", "colloquio-informativo")
    del_patto, informativo = (avvia(cast, m) for m in patto.misure.order_by("servizio__ordine"))
    tenuto(cast, informativo, 60)
    tenuto(cast, del_patto, 30, giorni_fa=2)
    assert [contatore(m).minuti for m in (del_patto, informativo)] == [90, 90]
    assert not contatore(del_patto).scostamenti
    tenuto(cast, del_patto, 1, giorni_fa=3)
    for misura, altri in ((del_patto, "1 ora"), (informativo, "31 minuti")):
        assert "superato di 1 minuto" in contatore(misura).testo
        assert contatore(misura).nota == f"Comprende {altri} degli altri colloqui di orientamento di base."
    with pytest.raises(RegolaViolata) as rifiuto:
        concludi(cast, del_patto)
    assert rifiuto.value.campo == "motivo_scostamento"


def test_what_comes_after_the_closing_counts_for_the_other_alone_c2(cast: Cast) -> None:
    patto = patto_firmato(cast, "colloquio-patto", "colloquio-informativo")
    del_patto, informativo = (avvia(cast, m) for m in patto.misure.order_by("servizio__ordine"))
    tenuto(cast, del_patto, 60)
    conclusa = concludi(cast, del_patto)
    tenuto(cast, informativo, 31, giorni_fa=2)
    assert contatore(conclusa).minuti == 60
    assert contatore(informativo).oltre == 1


def test_who_is_only_asked_for_at_a_place_was_free_for_a_meeting_c2(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    inizio = alle(9, giorno=oggi() - dt.timedelta(days=1))
    Seduta.objects.create(
        cpi=cast.cpi,
        operatore=cast.operatore,
        luogo=postazione(cast),
        assistita=False,
        titolo="Modulo",
        inizio=inizio,
        fine=inizio + dt.timedelta(hours=2),
        creata_il=adesso(),
        creata_da=cast.operatore,
    )
    iscrizione = registra_incontro(
        misura=misura,
        inizio=inizio,
        minuti=60,
        operatore=cast.operatore,
        attore=cast.operatore,
        adesso=adesso(),
    )
    assert contatore(misura).minuti == iscrizione.minuti == 60
