"""The invented signed pacts have been kept: the pages of the measures and the worklist have life from the start."""

from __future__ import annotations

from collections import Counter

import pytest
from django.utils import timezone

from orientamento.anagrafica.services.tabelle import carica_tabelle
from orientamento.comune.calendario import adesso
from propensioni.services.glossario import carica_glossario
from psp.dimostrazione.agenda import carica_agenda
from psp.dimostrazione.casi import carica_casi
from psp.dimostrazione.misure import tieni_misure
from psp.models import ContattoImpresa, Misura, PattoDiServizio, ProvaAtto
from psp.services.catalogo import carica_catalogo
from psp.services.erogazione import in_ritardo
from psp.services.ore import contatore

pytestmark = pytest.mark.django_db


def test_the_pacts_in_force_have_been_kept() -> None:
    ora = adesso()
    carica_tabelle()
    carica_glossario()
    carica_catalogo()
    carica_casi(ora, {"Prato": 40, "Empoli": 0})
    carica_agenda(ora)
    firmati = PattoDiServizio.objects.filter(stato="firmato").count()
    tenuti = firmati - firmati // 3
    assert 0 < tieni_misure(ora) == tenuti < firmati

    misure = list(Misura.objects.filter(patto__stato="firmato").select_related("servizio", "patto"))
    stati = Counter((m.servizio.chiave, m.stato) for m in misure)
    assert {"avviata", "conclusa", "concordata"} == {m.stato for m in misure}
    assert stati["consulenza-orientativa", "avviata"] == stati["colloquio-patto", "conclusa"] == tenuti
    consulenze = [m for m in misure if m.servizio.chiave == "consulenza-orientativa" and m.iniziata_il]
    assert [contatore(m).scostamenti for m in consulenze] == [[]] * tenuti
    colloqui = [contatore(m) for m in misure if m.stato == "conclusa"]
    assert all(ore.del_colloquio == ore.minuti > 0 and not ore.scostamenti for ore in colloqui)
    assert any(in_ritardo(m, timezone.localdate(ora)) for m in misure)
    assert Counter(ProvaAtto.objects.values_list("esito", flat=True)) == {"": tenuti, "accolta": tenuti}
    assert ContattoImpresa.objects.filter(impresa_obiettivo__isnull=False).count() == tenuti
