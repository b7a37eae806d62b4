"""Pages left open while others worked: nothing is approved unread, no other version is filed (T1, T3, T4)."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from orientamento.anagrafica.models import Operatore, Ruolo
from orientamento.anagrafica.services.utente import trasferisci_utente
from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from psp.models import PattoDiServizio
from psp.services import atto, documento, patto, revisione
from psp.services.completezza import mancanze_patto
from tests.cast import Cast, crea_operatore
from tests.psp.scene_patto import ATTO, completo, impegni, in_revisione, proposto, scansione

pytestmark = pytest.mark.django_db


def nascosto(pagina: str, nome: str) -> str:
    trovato = re.search(rf'name="{nome}"\s+value="([^"]*)"', pagina)
    assert trovato, nome
    return trovato[1]


def correggi(cast: Cast, p: PattoDiServizio) -> None:
    """Withdrawn, corrected, sent again."""
    patto.riporta_in_bozza(patto=p, motivo="Un errore", attore=cast.operatore)
    atto.aggiungi_atto(patto=p, dati={**ATTO, "descrizione": "Un atto nuovo"}, attore=cast.operatore)
    patto.manda_in_revisione(patto=p, attore=cast.operatore, adesso=adesso())


class TestApproval:
    def test_what_changed_meanwhile_is_read_again(self, cast: Cast) -> None:
        p = in_revisione(cast)
        client, url = cast.client("responsabile"), reverse("psp:revisione", args=[p.pk])
        letto = nascosto(client.get(url).content.decode(), "letto")
        correggi(cast, p)
        risposta = client.post(url, {"esito": "approva", "letto": letto, "commento-piano": "Bene"})
        pagina = risposta.content.decode()
        assert risposta.status_code == 422
        assert "è cambiato dopo che ha aperto" in pagina
        assert "Un atto nuovo" in pagina
        assert "Bene" in pagina
        p.refresh_from_db()
        assert p.stato == "in_revisione"
        dati = {"esito": "approva", "letto": nascosto(pagina, "letto")}
        assert client.post(url, dati).status_code == 302
        p.refresh_from_db()
        assert p.stato == "proposto"

    def test_midnight_changes_nothing_to_read(self, cast: Cast) -> None:
        p = in_revisione(cast)
        ieri = documento.contenuto_del_patto(p, adesso=adesso()) | {"redatto_il": "01/01/2000"}
        revisione.approva_patto(
            patto=p, attore=cast.responsabile, adesso=adesso(), letto=revisione.impronta_letta(ieri)
        )


class TestSignature:
    def registra(self, client: Client, p: PattoDiServizio, codice: str) -> Any:
        dati = {"firmato_il": f"{oggi():%d/%m/%Y}", "scansione": scansione(), "codice": codice}
        return client.post(reverse("psp:registra_firma", args=[p.pk]), dati, follow=True)

    def test_the_copy_of_a_version_withdrawn_is_not_filed(self, cast: Cast) -> None:
        p = proposto(cast)
        client = cast.client("operatore")
        vecchio = nascosto(client.get(reverse("psp:patto", args=[p.pk])).content.decode(), "codice")
        assert vecchio == p.codice_versione
        correggi(cast, p)
        revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
        p.refresh_from_db()
        assert p.codice_versione in self.registra(client, p, vecchio).content.decode()
        p.refresh_from_db()
        assert (p.stato, p.scansione.name) == ("proposto", "")
        self.registra(client, p, p.codice_versione)
        p.refresh_from_db()
        assert p.stato == "firmato"

    def test_a_scan_thrown_away_for_its_size_is_not_called_missing(self, cast: Cast, settings: Any) -> None:
        settings.CARICAMENTO_MASSIMO = 100
        p = proposto(cast)
        risposta = self.registra(cast.client("operatore"), p, p.codice_versione)
        assert risposta.status_code == 422
        assert "supera 20 MB" in risposta.content.decode()


class TestResponsabile:
    """T1: whoever answers for the activities works where the person is followed."""

    def chiavi(self, p: PattoDiServizio) -> list[str]:
        return [m.chiave for m in mancanze_patto(PattoDiServizio.objects.get(pk=p.pk), adesso())]

    @pytest.mark.parametrize("come", [{"is_active": False}, {"ruolo": Ruolo.INCROCIO}])
    def test_who_may_no_longer_answer(self, cast: Cast, come: dict[str, Any]) -> None:
        p = in_revisione(cast)
        assert self.chiavi(p) == []
        Operatore.objects.filter(pk=cast.operatore.pk).update(**come)
        assert self.chiavi(p) == ["responsabile_attivita_id"]
        with pytest.raises(RegolaViolata, match="non lavora più"):
            revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())

    def test_a_file_that_passed_gets_the_heading_and_the_people_of_its_new_office(self, cast: Cast) -> None:
        p = completo(cast)
        trasferisci_utente(utente=cast.utente, cpi=cast.altro_cpi, attore=cast.responsabile)
        assert self.chiavi(p) == ["responsabile_attivita_id"]
        patto.salva_impegni(
            patto=p,
            dati=impegni(cast, responsabile_attivita=cast.estraneo),
            versione=p.versione,
            attore=cast.estraneo,
        )
        patto.manda_in_revisione(patto=p, attore=cast.estraneo, adesso=adesso())
        altro = crea_operatore(Ruolo.RESPONSABILE, cast.altro_cpi)
        approvato = revisione.approva_patto(patto=p, attore=altro, adesso=adesso())
        assert approvato.cpi == cast.altro_cpi
        assert approvato.contenuto["centro"]["nome"] == cast.altro_cpi.nome
        assert approvato.contenuto["responsabile"] == str(cast.estraneo)
