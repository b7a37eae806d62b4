"""The supervisor's verbs (T4): comments tied to sections, the author is not the reviewer, T1 again at the approval."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from orientamento.anagrafica.models import Ruolo
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from propensioni.models import Propensione
from psp.models import CommentoRevisione, PattoDiServizio, Revisione
from psp.services import patto, revisione
from psp.services.patto import PattoIncompleto
from tests.cast import Cast, crea_operatore
from tests.psp.scene_patto import completo, in_revisione

pytestmark = pytest.mark.django_db


def rimanda(cast: Cast, p: PattoDiServizio, **commenti: str) -> PattoDiServizio:
    return revisione.rimanda_patto(patto=p, commenti=commenti, attore=cast.responsabile, adesso=adesso())


def test_comments_are_kept_by_section_and_shown_to_the_author(cast: Cast) -> None:
    p = in_revisione(cast)
    rimanda(cast, p, piano="Servono più atti", misure="  ", impegni="Contatti più frequenti")
    p.refresh_from_db()
    assert p.stato == "bozza"
    assert p.inviato_il is None
    assert [(c.sezione, c.testo) for c in revisione.commenti_da_considerare(p)] == [
        ("piano", "Servono più atti"),
        ("impegni", "Contatti più frequenti"),
    ]
    assert Evento.objects.get(azione=Azione.PATTO_RIMANDATO).dettaglio["sezioni"] == ["piano", "impegni"]
    assert "più atti" not in str(Evento.objects.get(azione=Azione.PATTO_RIMANDATO).dettaglio)


@pytest.mark.parametrize("commenti", [{}, {"piano": "   "}])
def test_sending_back_needs_a_comment(cast: Cast, commenti: dict[str, str]) -> None:
    p = in_revisione(cast)
    with pytest.raises(RegolaViolata, match="almeno un commento"):
        rimanda(cast, p, **commenti)
    assert not Revisione.objects.exists()


def test_comments_of_an_approval_are_kept_and_ask_for_nothing(cast: Cast) -> None:
    p = in_revisione(cast)
    revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso(), commenti={"generale": "Ben fatto"})
    assert CommentoRevisione.objects.get().testo == "Ben fatto"
    p.refresh_from_db()
    assert revisione.commenti_da_considerare(p) == []


@pytest.mark.parametrize("parte", ["autore", "inviato_da"])
def test_who_wrote_or_sent_does_not_review_t4(cast: Cast, parte: str) -> None:
    p = completo(cast)
    if parte == "autore":
        PattoDiServizio.objects.filter(pk=p.pk).update(autore=cast.responsabile)
    chi_manda = cast.responsabile if parte == "inviato_da" else cast.operatore
    patto.manda_in_revisione(patto=p, attore=chi_manda, adesso=adesso())
    with pytest.raises(RegolaViolata, match="un altro responsabile"):
        revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
    with pytest.raises(RegolaViolata, match="un altro responsabile"):
        rimanda(cast, p, piano="No")
    altro = crea_operatore(Ruolo.RESPONSABILE, cast.cpi)
    assert revisione.approva_patto(patto=p, attore=altro, adesso=adesso()).stato == "proposto"


def test_the_database_itself_refuses_the_author_as_reviewer(cast: Cast) -> None:
    p = in_revisione(cast)
    for chi in ({"autore_patto": cast.collega}, {"inviato_da": cast.collega}):
        parti = {"autore_patto": cast.operatore, "inviato_da": cast.operatore, **chi}
        with pytest.raises(IntegrityError), transaction.atomic():
            Revisione.objects.create(
                patto=p, esito="approvato", revisore=cast.collega, fatta_il=adesso(), contenuto={}, **parti
            )


def test_approval_checks_again_what_may_have_changed_meanwhile_t1(cast: Cast) -> None:
    p = in_revisione(cast)
    Propensione.objects.all().delete()
    with pytest.raises(PattoIncompleto):
        revisione.approva_patto(patto=p, attore=cast.responsabile, adesso=adesso())
    p.refresh_from_db()
    assert p.stato == "in_revisione"
    assert not Revisione.objects.exists()
    rimanda(cast, p, propensioni="Manca la propensione")


def test_the_queue_is_of_the_own_office_and_says_its_signals(cast: Cast) -> None:
    p = in_revisione(cast)
    (voce,) = revisione.coda_revisioni(cast.responsabile, adesso())
    assert voce.patto == p
    assert voce.giorni == 0
    assert voce.segnali == ["Senza DID in corso", "Un solo atto", "Una disponibilità negata"]
    altrove = crea_operatore(Ruolo.RESPONSABILE, cast.altro_cpi)
    assert revisione.coda_revisioni(altrove, adesso()) == []
    rimanda(cast, p, piano="No")
    assert revisione.coda_revisioni(cast.responsabile, adesso()) == []
    patto.manda_in_revisione(patto=p, attore=cast.responsabile, adesso=adesso())
    (voce,) = revisione.coda_revisioni(cast.responsabile, adesso())
    assert voce.segnali[:2] == ["Scritto o mandato da lei", "Già rimandato una volta"]
