"""A measure kept: started, concluded, interrupted; limits of hours, details, outcomes (M2-M4, C2)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from dateutil.relativedelta import SU, relativedelta
from django.db import DatabaseError, transaction
from django.utils import timezone

from orientamento.anagrafica.models import CompetenzaPersonale
from orientamento.comune.calendario import adesso, aggiungi_mesi, oggi
from orientamento.comune.errori import RegolaViolata, VersioneSuperata
from orientamento.registro.models import Evento
from psp.models import PASSAGGI_MISURA, GiustificazioneAssenza, Iscrizione, Misura, Seduta
from psp.services import dettagli, erogazione
from psp.services.incontri_misura import registra_incontro
from psp.services.ore import contatore, in_parole, limiti_in_parole
from tests.cast import Cast
from tests.psp.scene_misure import (
    BILANCIO,
    agg_misura,
    avvia,
    avviata,
    concludi,
    patto_firmato,
    scrivi,
    tenuto,
)

pytestmark = pytest.mark.django_db

FUORI = "motivo_scostamento"


def pronta(cast: Cast, chiave: str) -> Misura:
    misura = avviata(cast, chiave)
    if chiave == "bilancio-competenze":
        scrivi(cast, misura, BILANCIO)
    return misura


# The limits of the charter (C2): service, minutes of each meeting, whether it closes without a reason.
LIMITI = [
    ("bilancio-competenze", [479], False),
    ("bilancio-competenze", [480], True),
    ("bilancio-competenze", [240, 240], True),
    ("bilancio-competenze", [720], True),
    ("bilancio-competenze", [480, 241], False),
    ("bilancio-competenze", [], False),
    ("consulenza-orientativa", [59], False),
    ("consulenza-orientativa", [60], True),
    ("consulenza-orientativa", [60, 59], False),
    ("consulenza-orientativa", [60, 300], True),
    ("consulenza-orientativa", [], False),
    ("colloquio-patto", [90], True),
    ("colloquio-patto", [91], False),
    ("colloquio-informativo", [45, 45], True),
    ("colloquio-informativo", [45, 46], False),
]


@pytest.mark.parametrize(("chiave", "incontri", "basta"), LIMITI)
def test_closing_outside_the_limits_demands_a_reason_c2(
    cast: Cast, chiave: str, incontri: list[int], basta: bool
) -> None:
    misura = pronta(cast, chiave)
    for posto, minuti in enumerate(incontri):
        tenuto(cast, misura, minuti, giorni_fa=posto + 1)
    if not basta:
        with pytest.raises(RegolaViolata) as rifiuto:
            concludi(cast, misura)
        assert (rifiuto.value.campo, rifiuto.value.regola) == (FUORI, "C2")
        assert Misura.objects.get().stato == "avviata"
    motivo = "" if basta else "La persona ha trovato lavoro prima."
    concludi(cast, misura, motivo_scostamento=motivo)
    assert (Misura.objects.get().stato, Misura.objects.get().motivo_scostamento) == ("conclusa", motivo)


def test_a_reason_that_nothing_asks_for_is_not_kept_c2(cast: Cast) -> None:
    misura = avviata(cast, "eures")
    scrivi(cast, misura, {"paesi": ["Germania"]})
    assert concludi(cast, misura, motivo_scostamento="Chissà").motivo_scostamento == ""


@pytest.mark.parametrize("stato", ["prenotata", "assente", "giustificata", "in_lista", "annullata"])
def test_only_the_minutes_of_who_was_there_count_c2(cast: Cast, stato: str) -> None:
    misura = avviata(cast, "bilancio-competenze")
    tenuto(cast, misura, 120, giorni_fa=2)
    altra = tenuto(cast, misura, 300, giorni_fa=1)
    senza_posto = stato in ("in_lista", "annullata")
    Iscrizione.objects.filter(pk=altra.pk).update(
        stato=stato,
        minuti=None,
        posto=None if senza_posto else 1,
        motivo="Disdetto" if stato == "annullata" else "",
    )
    if stato == "giustificata":
        GiustificazioneAssenza.objects.create(
            iscrizione=altra, motivo="salute", registrata_il=adesso(), registrata_da=cast.operatore
        )
    assert (contatore(misura).minuti, contatore(misura).incontri) == (120, 1)


PAROLE = [
    ([], "Nessun incontro registrato."),
    ([350], "Mancano 2 ore e 10 minuti al minimo di 8 ore."),
    ([420], "Manca 1 ora al minimo di 8 ore."),
    ([479], "Manca 1 minuto al minimo di 8 ore."),
    ([480], "In tutto 8 ore, in un incontro."),
    ([480, 250], "Il massimo di 12 ore è superato di 10 minuti."),
]


@pytest.mark.parametrize(("incontri", "testo"), PAROLE)
def test_the_meter_speaks_c2(cast: Cast, incontri: list[int], testo: str) -> None:
    misura = avviata(cast, "bilancio-competenze")
    for posto, minuti in enumerate(incontri):
        tenuto(cast, misura, minuti, giorni_fa=posto + 1)
    assert contatore(misura).testo == testo


@pytest.mark.parametrize(
    ("del_colloquio", "incontro", "testo", "si_chiude"),
    [
        (70, 0, "In tutto 1 ora e 10 minuti.", True),
        (70, 20, "In tutto 1 ora e 30 minuti, in un incontro.", True),
        (70, 25, "Il massimo di 1 ora e 30 minuti è superato di 5 minuti.", False),
    ],
)
def test_base_orientation_counts_the_interview_of_the_pact_too_c2(
    cast: Cast, del_colloquio: int, incontro: int, testo: str, si_chiude: bool
) -> None:
    misura = avviata(cast, "colloquio-patto")
    giorno = oggi() - dt.timedelta(days=30)
    misura.patto.colloquio.appuntamenti.create(
        data=giorno, operatore=cast.operatore, minuti_1=del_colloquio - 30, minuti_2=30
    )
    if incontro:
        tenuto(cast, misura, incontro)
    ore = contatore(misura)
    assert (ore.minuti, ore.testo) == (del_colloquio + incontro, testo)
    assert ore.nota == "Comprende 1 ora e 10 minuti del colloquio in cui è nato il patto."
    assert bool(ore.scostamenti) is not si_chiude
    if si_chiude:
        assert concludi(cast, misura).stato == "conclusa"
    else:
        with pytest.raises(RegolaViolata, match="scrivere perché"):
            concludi(cast, misura)


def test_words_of_minutes_and_of_limits_c2(cast: Cast) -> None:
    assert [in_parole(m) for m in (0, 1, 59, 60, 61, 130)] == [
        "0 minuti",
        "1 minuto",
        "59 minuti",
        "1 ora",
        "1 ora e 1 minuto",
        "2 ore e 10 minuti",
    ]
    p = patto_firmato(cast, "bilancio-competenze", "consulenza-orientativa", "colloquio-patto", "tirocinio")
    assert [limiti_in_parole(m.servizio) for m in p.misure.order_by("servizio__ordine")] == [
        "al massimo 1 ora e 30 minuti in tutto",
        "ogni incontro almeno 1 ora",
        "da 8 ore a 12 ore in tutto",
        "",
    ]


# Verbs and states (M3)


def test_started_concluded_and_written_in_the_register(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    assert (misura.stato, misura.iniziata_il) == ("avviata", misura.patto.valido_dal)
    tenuto(cast, misura, 60)
    chiusa = concludi(cast, misura, esiti=["ricerca", "obiettivo", "ricerca"], esito_note=" Ha un piano. ")
    assert chiusa.esiti == ["obiettivo", "ricerca"]
    assert (chiusa.esito_note, chiusa.chiusa_da, chiusa.finita_il) == ("Ha un piano.", cast.operatore, oggi())
    azioni = list(Evento.objects.filter(oggetto_tipo="psp.misura").order_by("pk").values_list("azione", flat=True))
    assert azioni == ["misura_avviata", "misura_conclusa"]
    assert "Ha un piano" not in str(list(Evento.objects.values_list("dettaglio", flat=True)))


def test_closing_twice_is_harmless_and_says_so_m3(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    tenuto(cast, misura, 60)
    prima = concludi(cast, misura)
    with pytest.raises(RegolaViolata, match="già conclusa da Laura Verdi") as rifiuto:
        concludi(cast, misura, esiti=["ricerca"])
    assert rifiuto.value.campo is None
    with pytest.raises(RegolaViolata, match="già conclusa"):
        interrompi(cast, misura)
    assert Misura.objects.get().esiti == prima.esiti
    assert Evento.objects.filter(azione="misura_conclusa").count() == 1


def interrompi(cast: Cast, misura: Misura, **altro: Any) -> Misura:
    dati = {"finita_il": oggi(), "motivo": "Ha cambiato città.", **altro}
    return erogazione.interrompi_misura(misura=misura, attore=cast.operatore, adesso=adesso(), **dati)


def test_interrupted_with_a_reason_and_without_outcomes_m3(cast: Cast) -> None:
    misura = avviata(cast, "bilancio-competenze")
    with pytest.raises(RegolaViolata) as rifiuto:
        interrompi(cast, misura, motivo="  ")
    assert rifiuto.value.campo == "motivo"
    interrompi(cast, misura)
    riga = Misura.objects.get()
    assert (riga.stato, riga.esiti, riga.motivo_interruzione) == ("interrotta", [], "Ha cambiato città.")


@pytest.mark.parametrize(
    ("verbo", "giorni", "campo"),
    [
        ("avvia", 1, "iniziata_il"),
        ("avvia", -31, "iniziata_il"),
        ("concludi", 1, "finita_il"),
        ("concludi", -31, "finita_il"),
        ("concludi", -5, "finita_il"),  # before a meeting held
        ("interrompi", 1, "finita_il"),
    ],
)
def test_days_in_the_past_inside_the_pact_in_order_m3(cast: Cast, verbo: str, giorni: int, campo: str) -> None:
    giorno = oggi() + dt.timedelta(days=giorni)
    if verbo == "avvia":
        misura = patto_firmato(cast, "eures").misure.get()
        azione: Any = lambda: avvia(cast, misura, giorno)  # noqa: E731
    else:
        misura = avviata(cast, "consulenza-orientativa")
        tenuto(cast, misura, 60, giorni_fa=2)
        azione = lambda: globals()[verbo](cast, misura, finita_il=giorno)  # noqa: E731
    with pytest.raises(RegolaViolata) as rifiuto:
        azione()
    assert (rifiuto.value.campo, rifiuto.value.regola) == (campo, "M3")


def test_nothing_ends_after_the_pact_m3(cast: Cast) -> None:
    misura = avviata(cast, "eures", giorni_fa=30, valido_al=oggi() - dt.timedelta(days=3))
    scrivi(cast, misura, {"paesi": ["Spagna"]})
    with pytest.raises(RegolaViolata, match="fuori dalla durata"):
        concludi(cast, misura)
    concludi(cast, misura, finita_il=oggi() - dt.timedelta(days=3))


def test_only_a_signed_pact_in_force_is_kept_m3(cast: Cast) -> None:
    p = patto_firmato(cast, "eures")
    misura = p.misure.get()
    type(p).objects.filter(pk=p.pk).update(stato="sospeso")
    with pytest.raises(RegolaViolata, match="sospeso"):
        avvia(cast, misura)
    type(p).objects.filter(pk=p.pk).update(stato="chiuso", chiuso_il=adesso())
    with pytest.raises(RegolaViolata, match="chiuso"):
        avvia(cast, misura)
    with pytest.raises(RegolaViolata, match="chiuso"):
        scrivi(cast, misura, {"paesi": ["Francia"]})


@pytest.mark.parametrize("stato", ["proposta", "rifiutata"])
def test_what_was_not_agreed_needs_a_new_version_of_the_pact_t2(cast: Cast, stato: str) -> None:
    misura = agg_misura(patto_firmato(cast), "eures", stato=stato)
    with pytest.raises(RegolaViolata, match="nuova versione del patto"):
        avvia(cast, misura)


@pytest.mark.parametrize(
    ("da", "a"),
    [(da, a) for da in PASSAGGI_MISURA for a in PASSAGGI_MISURA if a not in PASSAGGI_MISURA[da] and a != da],
)
def test_the_database_refuses_every_other_passage_m3(cast: Cast, da: str, a: str) -> None:
    campi: dict[str, dict[str, Any]] = {
        "proposta": {},
        "concordata": {},
        "rifiutata": {},
        "avviata": {"iniziata_il": oggi()},
        "conclusa": {"iniziata_il": oggi(), "finita_il": oggi(), "chiusa_il": adesso(), "esiti": ["ricerca"]},
        "interrotta": {"iniziata_il": oggi(), "finita_il": oggi(), "chiusa_il": adesso(), "motivo_interruzione": "x"},
    }
    vuoti: dict[str, Any] = {"iniziata_il": None, "finita_il": None, "chiusa_il": None, "chiusa_da": None, "esiti": []}
    vuoti["motivo_interruzione"] = ""
    chi: dict[str, dict[str, Any]] = {
        s: {"chiusa_da": cast.operatore} if s in ("conclusa", "interrotta") else {} for s in campi
    }
    misura = agg_misura(patto_firmato(cast), "eures", stato=da, **campi[da], **chi[da])
    with pytest.raises(DatabaseError), transaction.atomic():
        Misura.objects.filter(pk=misura.pk).update(stato=a, **{**vuoti, **campi[a]})


def test_a_page_older_than_the_measure_is_refused_c8(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    tenuto(cast, misura, 60)
    with pytest.raises(VersioneSuperata):
        erogazione.concludi_misura(
            misura=misura,
            dati={"finita_il": oggi(), "esiti": ["ricerca"]},
            versione=misura.versione - 1,
            attore=cast.operatore,
            adesso=adesso(),
        )


# Meetings held without an appointment


def registra(cast: Cast, misura: Misura, giorno: dt.date, ora: int = 9, minuti: int = 60, **altro: Any) -> Iscrizione:
    inizio = timezone.make_aware(dt.datetime.combine(giorno, dt.time(ora)))
    dati = {"operatore": cast.operatore, "attore": cast.operatore, "adesso": adesso(), **altro}
    return registra_incontro(misura=misura, inizio=inizio, minuti=minuti, **dati)


def test_a_meeting_already_held_counts_c2(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    iscrizione = registra(cast, misura, oggi() - dt.timedelta(days=1), minuti=75)
    assert (iscrizione.stato, iscrizione.minuti, iscrizione.seduta.stato) == ("presente", 75, "tenuta")
    assert contatore(misura).minuti == 75


def test_over_another_meeting_of_the_person_or_of_the_operator_is_refused(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    ieri = oggi() - dt.timedelta(days=1)
    registra(cast, misura, ieri, ora=9, minuti=60)
    with pytest.raises(RegolaViolata, match="La persona ha già") as rifiuto:
        registra(cast, misura, ieri, ora=9, minuti=30, operatore=cast.collega)
    assert rifiuto.value.campo == "dalle"
    Iscrizione.objects.update(stato="assente", minuti=None)
    with pytest.raises(RegolaViolata, match="Laura Verdi ha già"):
        registra(cast, misura, ieri, ora=9, minuti=30)
    registra(cast, misura, ieri, ora=10, minuti=30)  # they may touch


@pytest.mark.parametrize(
    ("minuti", "giorni_fa", "campo"), [(0, 1, "minuti"), (721, 1, "minuti"), (60, -1, "giorno"), (60, 31, "giorno")]
)
def test_meetings_that_cannot_have_been(cast: Cast, minuti: int, giorni_fa: int, campo: str) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    with pytest.raises(RegolaViolata) as rifiuto:
        registra(cast, misura, oggi() - dt.timedelta(days=giorni_fa), minuti=minuti)
    assert rifiuto.value.campo == campo
    assert not Seduta.objects.exists()


def test_minutes_on_the_night_of_the_clock_change_are_real_ones_c2(cast: Cast) -> None:
    """The last Sunday of October: at three it is two again. Three hours from one end at three, both hours of two in."""
    domeniche = (dt.date(oggi().year - anni, 10, 31) + relativedelta(weekday=SU(-1)) for anni in (0, 1))
    notte = next(domenica for domenica in domeniche if domenica < oggi())
    da_allora = (oggi() - notte).days + 15
    misura = avviata(cast, "consulenza-orientativa", giorni_fa=da_allora, valido_al=aggiungi_mesi(oggi(), 6))
    iscrizione = registra(cast, misura, notte, ora=1, minuti=180)
    assert (iscrizione.fine - iscrizione.inizio) == dt.timedelta(minutes=180)
    assert timezone.localtime(iscrizione.fine).hour == 3


def test_a_booked_meeting_keeps_the_measure_open_m3(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    prenotata = tenuto(cast, misura, 60, giorni_fa=-1)
    Iscrizione.objects.filter(pk=prenotata.pk).update(stato="prenotata", minuti=None)
    assert [m.chiave for m in dettagli.mancanze_per_concludere(misura)] == ["incontri"]


# Outcomes of the bilancio (M4)


def test_the_spendable_skills_go_into_the_file_without_doubles_m4(cast: Cast) -> None:
    CompetenzaPersonale.objects.create(utente=cast.utente, genere="tecnica", descrizione="gestire il MAGAZZINO")
    misura = avviata(cast, "bilancio-competenze")
    scrivi(cast, misura, {**BILANCIO, "competenze_digitale": ["Fogli di calcolo", "lavorare in squadra"]})
    tenuto(cast, misura, 480)
    concludi(cast, misura)
    righe = set(cast.utente.competenze.values_list("genere", "descrizione", "acquisita_dove"))
    assert righe == {
        ("tecnica", "gestire il MAGAZZINO", ""),
        ("tecnica", "Leggere una distinta base", "Bilancio delle competenze"),
        ("trasversale", "Lavorare in squadra", "Bilancio delle competenze"),
        ("digitale", "Fogli di calcolo", "Bilancio delle competenze"),
    }


def test_interrupting_a_bilancio_writes_nothing_into_the_file(cast: Cast) -> None:
    misura = avviata(cast, "bilancio-competenze")
    scrivi(cast, misura, BILANCIO)
    interrompi(cast, misura)
    assert not cast.utente.competenze.exists()


def test_what_is_late_is_said(cast: Cast) -> None:
    p = patto_firmato(cast)
    ieri = oggi() - dt.timedelta(days=1)
    misura = agg_misura(p, "eures", inizio_previsto=ieri, fine_prevista=ieri)
    assert erogazione.in_ritardo(misura, oggi()) == f"Doveva cominciare il {ieri:%d/%m/%Y}"
    assert erogazione.in_ritardo(misura, ieri) == ""
    assert erogazione.in_ritardo(avvia(cast, misura), oggi()) == f"Doveva finire il {ieri:%d/%m/%Y}"
