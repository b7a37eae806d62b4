"""A signed pact takes over what is open in the one it replaces, at the moment of the signature (T2)."""

from __future__ import annotations

from typing import Any

import pytest

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from orientamento.registro.azioni import Azione
from orientamento.registro.models import Evento
from psp.models import AttoRicerca, Misura, PattoDiServizio, ProvaAtto
from psp.services import misura, patto, revisione, scouting
from psp.services.atto import riprendi_atti
from psp.services.erogazione import interrompi_misura
from psp.services.misura import elimina_misura, impronta_misura, modifica_misura
from psp.services.ore import contatore
from psp.services.prosecuzione import prosegui
from tests.cast import Cast
from tests.psp import scene_patto
from tests.psp.scene_misure import BILANCIO, TIROCINIO, agg_misura, avvia, concludi, patto_firmato, scrivi, tenuto

pytestmark = pytest.mark.django_db


def vecchio(cast: Cast) -> PattoDiServizio:
    """In force, with a bilancio under way, a scouting under way, a tirocinio agreed, an interview concluded."""
    p = patto_firmato(cast, "bilancio-competenze", "scouting", "tirocinio", "colloquio-patto", "eures")
    m = misure(p)
    avvia(cast, m["bilancio-competenze"])
    scrivi(cast, m["bilancio-competenze"], BILANCIO)
    tenuto(cast, m["bilancio-competenze"], 200)
    avvia(cast, m["scouting"])
    dati = {"genere": "impresa", "impresa": "Filati", "descrizione": "", "data": oggi(), "incentivi": ""}
    scouting.registra_voce(
        misura=m["scouting"], dati={**dati, "esito": "in_attesa"}, attore=cast.operatore, adesso=adesso()
    )
    scrivi(cast, m["tirocinio"], TIROCINIO)
    avvia(cast, m["colloquio-patto"])
    tenuto(cast, m["colloquio-patto"], 60, giorni_fa=2)
    concludi(cast, m["colloquio-patto"])
    p.atti.create(tipo="utente", descrizione="Cinque candidature", frequenza="settimanale", prova="Elenco")
    ProvaAtto.objects.create(
        atto=p.atti.get(),
        modo="dichiarata",
        fatto_il=oggi(),
        descrizione="Elenco",
        registrata_il=adesso(),
        registrata_da=cast.operatore,
    )
    return p


def misure(p: PattoDiServizio) -> dict[str, Misura]:
    return {m.servizio.chiave: m for m in p.misure.select_related("servizio", "patto")}


def nuovo(cast: Cast, p: PattoDiServizio) -> PattoDiServizio:
    return patto.nuovo_patto(patto=p, attore=cast.operatore, adesso=adesso())


def firma(cast: Cast, da: PattoDiServizio, a: PattoDiServizio) -> None:
    """What the signature does to measures and acts; the whole signature is tried below."""
    prosegui(da=da, a=a, attore=cast.operatore)


def test_the_draft_promises_what_is_open_and_the_old_row_goes_on_meanwhile_t2(cast: Cast) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    nuove, vecchie = misure(bozza), misure(p)
    assert set(nuove) == {"bilancio-competenze", "scouting", "tirocinio", "eures"}
    assert {m.stato for m in nuove.values()} == {"concordata"}
    assert all(nuove[chiave].continua_id == vecchie[chiave].pk for chiave in nuove)
    tenuto(cast, vecchie["bilancio-competenze"], 100, giorni_fa=3)
    assert (contatore(vecchie["bilancio-competenze"]).minuti, contatore(nuove["bilancio-competenze"]).minuti) == (
        300,
        0,
    )


def test_meetings_offers_details_state_and_proofs_pass_at_the_signature_t2(cast: Cast) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    firma(cast, p, bozza)
    nuove = misure(bozza)
    bilancio = nuove["bilancio-competenze"]
    assert (bilancio.stato, bilancio.iniziata_il, contatore(bilancio).minuti) == ("avviata", p.valido_dal, 200)
    assert bilancio.dettagli["competenze_tecnica"] == BILANCIO["competenze_tecnica"]
    assert (nuove["scouting"].stato, nuove["scouting"].scouting.count()) == ("avviata", 1)
    assert (nuove["tirocinio"].stato, nuove["tirocinio"].dettagli["tutor"]) == ("concordata", TIROCINIO["tutor"])
    assert contatore(misure(p)["colloquio-patto"]).minuti == 60  # concluded: it stays where it was
    assert ProvaAtto.objects.get().atto == bozza.atti.get()


@pytest.mark.parametrize("come", ["conclusa", "interrotta"])
def test_what_ends_between_draft_and_signature_brings_the_fact_along_t2(cast: Cast, come: str) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    vecchia = misure(p)["bilancio-competenze"]
    if come == "conclusa":
        concludi(cast, vecchia, motivo_scostamento="Ha trovato lavoro", esiti=["percorso"])
    else:
        chi = {"attore": cast.operatore, "adesso": adesso()}
        interrompi_misura(misura=vecchia, finita_il=oggi(), motivo="Trasloco", **chi)
    firma(cast, p, bozza)
    riga = misure(bozza)["bilancio-competenze"]
    vecchia.refresh_from_db()
    for campo in (
        "stato",
        "iniziata_il",
        "finita_il",
        "esiti",
        "motivo_scostamento",
        "motivo_interruzione",
        "chiusa_da",
    ):
        assert getattr(riga, campo) == getattr(vecchia, campo), campo
    assert (riga.stato, contatore(riga).minuti) == (come, 200)


def test_what_the_new_pact_leaves_out_or_refuses_stays_in_the_old_t2(cast: Cast) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    nuove = misure(bozza)
    elimina_misura(misura=nuove["tirocinio"], attore=cast.operatore)
    _cambia(cast, nuove["eures"], stato="rifiutata")
    firma(cast, p, bozza)
    vecchie = misure(p)
    assert (vecchie["tirocinio"].stato, vecchie["tirocinio"].dettagli["tutor"]) == ("concordata", TIROCINIO["tutor"])
    assert "tirocinio" not in misure(bozza)
    assert misure(bozza)["eures"].stato == "rifiutata"


def _cambia(cast: Cast, riga: Misura, **dati: Any) -> None:
    modifica_misura(misura=riga, dati=dati, versione=impronta_misura(riga), attore=cast.operatore)


def test_a_measure_under_way_is_not_refused_in_the_draft_m3(cast: Cast) -> None:
    bozza = nuovo(cast, vecchio(cast))
    with pytest.raises(RegolaViolata, match="già avviata") as rifiuto:
        _cambia(cast, misure(bozza)["scouting"], stato="rifiutata")
    assert rifiuto.value.campo == "stato"
    with pytest.raises(RegolaViolata, match="già avviata"):
        elimina_misura(misura=misure(bozza)["scouting"], attore=cast.operatore)
    vecchia = misure(bozza)["scouting"].continua
    assert vecchia is not None
    interrompi_misura(misura=vecchia, finita_il=oggi(), motivo="Trasloco", attore=cast.operatore, adesso=adesso())
    elimina_misura(misura=misure(bozza)["scouting"], attore=cast.operatore)
    assert "scouting" not in misure(bozza)


def test_the_same_service_agreed_anew_goes_on_all_the_same_t2(cast: Cast) -> None:
    """A draft written from a new interview copies nothing: what is open in force is found by its service."""
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    bozza.misure.all().delete()
    agg_misura(bozza, "bilancio-competenze")
    agg_misura(bozza, "colloquio-patto")
    firma(cast, p, bozza)
    nuove = misure(bozza)
    assert (nuove["bilancio-competenze"].stato, contatore(nuove["bilancio-competenze"]).minuti) == ("avviata", 200)
    assert nuove["colloquio-patto"].stato == "concordata"  # the old one is concluded: this is a second round


def test_an_annulled_draft_lets_the_next_one_continue_t2(cast: Cast) -> None:
    p = vecchio(cast)
    patto.annulla_patto(patto=nuovo(cast, p), attore=cast.operatore, adesso=adesso())
    bozza = nuovo(cast, p)
    assert misure(bozza)["scouting"].continua == misure(p)["scouting"]
    assert bozza.atti.get().continua == p.atti.get()


def test_an_act_taken_up_twice_under_other_words_is_continued_once(cast: Cast) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    AttoRicerca.objects.filter(patto=bozza).update(descrizione="Sei candidature")
    riprendi_atti(patto=bozza, attore=cast.operatore, adesso=adesso())
    assert [a.continua for a in bozza.atti.order_by("pk")] == [p.atti.get(), None]


def test_where_the_pact_in_force_has_been_closed_nothing_goes_on(cast: Cast) -> None:
    p = vecchio(cast)
    bozza = nuovo(cast, p)
    prosegui(da=None, a=bozza, attore=cast.operatore)
    assert {m.continua for m in bozza.misure.all()} == {None}
    assert misure(p)["scouting"].scouting.count() == 1


def test_three_pacts_in_a_row_keep_the_hours_and_the_first_day_t2(cast: Cast) -> None:
    primo = vecchio(cast)
    secondo = nuovo(cast, primo)
    firma(cast, primo, secondo)
    PattoDiServizio.objects.filter(pk=primo.pk).update(stato="chiuso", chiuso_il=adesso())
    # The second is brought to the signature as the table wants, without its print.
    for stato in ("in_revisione", "proposto", "firmato"):
        congelato = {"contenuto": {}, "pdf": b"x", "sha256": "1" * 64, "codice_versione": "P2", "proposto_il": adesso()}
        copia = {"firmato_il": oggi(), "scansione": "x", "scansione_sha256": "x"}
        campi = congelato if stato == "proposto" else copia if stato == "firmato" else {}
        PattoDiServizio.objects.filter(pk=secondo.pk).update(stato=stato, **campi)
    secondo.refresh_from_db()
    terzo = nuovo(cast, secondo)
    firma(cast, secondo, terzo)
    riga = misure(terzo)["bilancio-competenze"]
    assert (riga.iniziata_il, contatore(riga).minuti) == (primo.valido_dal, 200)


def test_the_whole_signature_carries_everything_over_t2(cast: Cast) -> None:
    primo = scene_patto.firmato(cast)
    riga = primo.misure.select_related("servizio", "patto").get()
    avvia(cast, riga, oggi())
    secondo = nuovo(cast, primo)
    _fino_alla_proposta(cast, secondo)
    scene_patto.firmato(cast, secondo)
    primo.refresh_from_db()
    nuova = secondo.misure.get()
    assert (primo.stato, secondo.stato) == ("chiuso", "firmato")
    assert (nuova.stato, nuova.iniziata_il, nuova.continua_id) == ("avviata", oggi(), riga.pk)
    assert nuova.patto.contenuto == secondo.contenuto  # what was signed says what was agreed, and stays


@pytest.mark.parametrize("come", ["tolta", "rifiutata"])
def test_a_measure_started_after_the_draft_left_it_out_goes_on_in_the_new_pact_t2(cast: Cast, come: str) -> None:
    """In the closed pact nobody could conclude it any more: with the real signature it is found in the new one."""
    primo = scene_patto.firmato(cast)
    vecchia = primo.misure.select_related("servizio", "patto").get()
    secondo = nuovo(cast, primo)
    if come == "tolta":
        elimina_misura(misura=secondo.misure.get(), attore=cast.operatore)
        misura.aggiungi_misure(patto=secondo, chiavi=["scouting"], attore=cast.operatore, adesso=adesso())
    else:
        _cambia(cast, misure(secondo)["consulenza-orientativa"], stato="rifiutata")
        misura.aggiungi_misure(patto=secondo, chiavi=["scouting"], attore=cast.operatore, adesso=adesso())
    _fino_alla_proposta(cast, secondo)
    avvia(cast, vecchia, oggi())
    tenuto(cast, vecchia, 60, giorni_fa=0, ora=0)
    scene_patto.firmato(cast, secondo)
    primo.refresh_from_db()
    nuova = misure(secondo)["consulenza-orientativa"]
    assert (primo.stato, secondo.stato) == ("chiuso", "firmato")
    assert (nuova.stato, nuova.iniziata_il, nuova.continua_id) == ("avviata", oggi(), vecchia.pk)
    assert (contatore(nuova).minuti, contatore(vecchia).minuti) == (60, 0)
    riga = Evento.objects.filter(azione=Azione.MISURA_MODIFICATA, utente=cast.utente).latest("pk")
    atteso = "Non compresa" if come == "tolta" else "Rifiutata"
    assert (riga.dettaglio["prosegue_la_misura"], riga.dettaglio["nel_patto_firmato"]) == (vecchia.pk, atteso)
    assert concludi(cast, nuova).stato == "conclusa"


def _fino_alla_proposta(cast: Cast, bozza: PattoDiServizio) -> None:
    patto.salva_impegni(patto=bozza, dati=scene_patto.impegni(cast), versione=bozza.versione, attore=cast.operatore)
    patto.manda_in_revisione(patto=bozza, attore=cast.operatore, adesso=adesso())
    revisione.approva_patto(patto=bozza, attore=cast.responsabile, adesso=adesso())
    bozza.refresh_from_db()
