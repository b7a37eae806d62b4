"""What has not left yet when a group changes is said again, once, and only that."""

from __future__ import annotations

import pytest

from orientamento.anagrafica.models import Messaggio
from psp.services import agenda
from psp.services.agenda.avvisi import non_piu_dovuto
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, alle, gruppo, iscrivi, persona

pytestmark = pytest.mark.django_db


def test_a_change_of_title_does_not_swallow_the_confirmation(cast: Cast) -> None:
    """Tomorrow's meeting: too late for a reminder, the confirmation is all that the person gets."""
    seduta = gruppo(cast, alle(9), alle(12))
    detta, ancora_no = (iscrivi(cast, seduta, persona(cast, email=f"{n}@esempio.it")) for n in ("uno", "due"))
    Messaggio.objects.filter(causale=f"appuntamento:{detta.pk}:1").update(stato="inviato", prossimo_il=None)
    dati = {"titolo": "Laboratorio colloqui", "posti": 2, "programma": ""}
    agenda.modifica_seduta(seduta=seduta, dati=dati, versione=1, attore=cast.operatore, adesso=ADESSO)
    righe = {m.causale: m for m in Messaggio.objects.filter(causale__startswith="appuntamento:")}
    assert set(righe) == {f"appuntamento:{p}" for p in (f"{detta.pk}:1", f"{ancora_no.pk}:1", f"{ancora_no.pk}:2")}
    assert "Laboratorio colloqui" in righe[f"appuntamento:{ancora_no.pk}:2"].testo
    assert "Laboratorio CV" in righe[f"appuntamento:{ancora_no.pk}:1"].testo
    assert righe[f"appuntamento:{ancora_no.pk}:1"].stato == "da_inviare"
    assert non_piu_dovuto(righe[f"appuntamento:{ancora_no.pk}:1"]) == "l'appuntamento è cambiato"
