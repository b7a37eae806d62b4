"""The pages of the delivery: what they show, how they refuse, how much they cost (M2-M4, C2, C8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.urls import reverse

from orientamento.comune.calendario import adesso, oggi
from psp.models import Misura, VoceScouting
from psp.services import patto
from tests.cast import Cast
from tests.psp.scene_misure import (
    BILANCIO,
    TIROCINIO,
    agg_misura,
    avvia,
    avviata,
    concludi,
    patto_firmato,
    scrivi,
    tenuto,
)

pytestmark = pytest.mark.django_db

OGGI = f"{oggi():%d/%m/%Y}"


def posta(cast: Cast, nome: str, misura: Misura, **dati: Any) -> Any:
    return cast.client("operatore").post(reverse(f"psp:{nome}", args=[misura.pk]), dati)


def pagina(cast: Cast, misura: Misura, chi: str = "operatore") -> str:
    risposta = cast.client(chi).get(reverse("psp:misura", args=[misura.pk]))
    assert risposta.status_code == 200
    return risposta.content.decode()


def test_from_agreed_to_concluded_by_hand_m3_m4(cast: Cast) -> None:
    misura = patto_firmato(cast, "consulenza-orientativa").misure.get()
    assert "Avvia la misura" in pagina(cast, misura)
    ieri = oggi() - dt.timedelta(days=1)
    assert posta(cast, "avvia_misura", misura, iniziata_il=f"{ieri:%d/%m/%Y}").status_code == 302
    incontro = {"incontro-giorno": f"{ieri:%d/%m/%Y}", "incontro-dalle": "9:00", "incontro-modo": "presenza"}
    assert posta(cast, "incontro_misura", misura, **incontro, **{"incontro-minuti": "59"}).status_code == 302
    assert "Un incontro è durato meno di 1 ora" in pagina(cast, misura)
    misura.refresh_from_db()
    dati = {"versione": misura.versione, "finita_il": OGGI, "esiti": ["obiettivo"], "esito_note": "Ha un piano"}
    rifiutata = posta(cast, "concludi_misura", misura, **dati)
    assert rifiutata.status_code == 422
    assert "scrivere perché" in rifiutata.content.decode()
    assert "Ha un piano" in rifiutata.content.decode()
    assert posta(cast, "concludi_misura", misura, **dati, motivo_scostamento="Un imprevisto").status_code == 302
    testo = pagina(cast, misura)
    assert "È conclusa" in testo
    assert "Un imprevisto" in testo


def test_what_is_missing_is_a_list_of_links_m3(cast: Cast) -> None:
    misura = patto_firmato(cast, "tirocinio").misure.get()
    rifiutata = posta(cast, "avvia_misura", misura, iniziata_il=OGGI)
    assert rifiutata.status_code == 422
    assert f"/misure/{misura.pk}#id_dettagli-impresa" in rifiutata.content.decode()
    assert "nulla è stato cambiato" in rifiutata.content.decode()


def test_a_conclusion_refused_for_what_is_missing_stays_open_with_what_was_written(cast: Cast) -> None:
    misura = patto_firmato(cast, "bilancio-competenze").misure.get()
    posta(cast, "avvia_misura", misura, iniziata_il=OGGI)
    misura.refresh_from_db()
    dati = {
        "versione": misura.versione,
        "finita_il": OGGI,
        "esiti": ["obiettivo"],
        "motivo_scostamento": "Ha un lavoro",
    }
    rifiutata = posta(cast, "concludi_misura", misura, **dati)
    assert rifiutata.status_code == 422
    testo = rifiutata.content.decode()
    assert '<details class="verbo" id="concludi" open>' in testo
    assert "Ha un lavoro" in testo


def campi_tirocinio(misura: Misura, **altro: Any) -> dict[str, Any]:
    dati = {c: f"{v:%d/%m/%Y}" if isinstance(v, dt.date) else v for c, v in TIROCINIO.items()}
    return {f"dettagli-{c}": v for c, v in {**dati, "versione": misura.versione, **altro}.items()}


def test_a_wrong_fiscal_code_is_refused_at_its_field_and_the_rest_stays_m3(cast: Cast) -> None:
    misura = patto_firmato(cast, "tirocinio").misure.get()
    rifiutata = posta(cast, "dettagli_misura", misura, **campi_tirocinio(misura, codice_fiscale="00743110158"))
    assert rifiutata.status_code == 422
    testo = rifiutata.content.decode()
    assert 'id="id_dettagli-codice_fiscale_error"' in testo
    assert "carattere di controllo non torna" in testo
    assert TIROCINIO["tutor"] in testo
    assert posta(cast, "dettagli_misura", misura, **campi_tirocinio(misura)).status_code == 302
    assert Misura.objects.get().dettagli["al"] == TIROCINIO["al"].isoformat()


def test_somebody_else_has_written_meanwhile_c8(cast: Cast) -> None:
    misura = avviata(cast, "eures")
    vecchia = misura.versione
    scrivi(cast, misura, {"paesi": ["Austria"]})
    campi = {"dettagli-versione": vecchia, "dettagli-paesi": "Malta\nMalta\n Cipro "}
    superata = posta(cast, "dettagli_misura", misura, **campi)
    assert superata.status_code == 409
    testo = superata.content.decode()
    assert "Qualcun altro" in testo
    assert "Malta" in testo
    misura.refresh_from_db()
    assert f'name="dettagli-versione" value="{misura.versione}"' in testo
    campi["dettagli-versione"] = misura.versione
    assert posta(cast, "dettagli_misura", misura, **campi).status_code == 302
    assert Misura.objects.get().dettagli["paesi"] == ["Malta", "Cipro"]


def test_a_second_click_says_what_happened_and_changes_nothing_m3(cast: Cast) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    tenuto(cast, misura, 60)
    dati = {"versione": misura.versione, "finita_il": OGGI, "esiti": ["ricerca"]}
    client = cast.client("operatore")
    url = reverse("psp:concludi_misura", args=[misura.pk])
    assert client.post(url, dati).status_code == 302
    seconda = client.post(url, dati, follow=True)
    assert "già conclusa da Laura Verdi" in seconda.content.decode()


def test_interrupted_from_the_page_m3(cast: Cast) -> None:
    misura = avviata(cast, "eures")
    assert posta(cast, "interrompi_misura", misura, **{"interruzione-finita_il": OGGI}).status_code == 422
    dati = {"interruzione-finita_il": OGGI, "interruzione-motivo": "Ha trovato lavoro"}
    assert posta(cast, "interrompi_misura", misura, **dati).status_code == 302
    assert "Ha trovato lavoro" in pagina(cast, misura)


@pytest.mark.parametrize(
    ("ora", "giorno", "parola"),
    [
        ("25:00", OGGI, "Scrivere un&#x27;ora"),
        ("2:30", "29/03/2026", "non esistono"),
        ("9", "31/02/2026", "data che esiste"),
    ],
)
def test_hours_that_do_not_exist(cast: Cast, ora: str, giorno: str, parola: str) -> None:
    misura = avviata(cast, "consulenza-orientativa")
    dati = {"incontro-giorno": giorno, "incontro-dalle": ora, "incontro-minuti": "60", "incontro-modo": "presenza"}
    rifiutata = posta(cast, "incontro_misura", misura, **dati)
    assert rifiutata.status_code == 422
    assert parola in rifiutata.content.decode()


def test_the_scouting_by_hand_m3(cast: Cast) -> None:
    misura = avviata(cast, "scouting")
    voce = {"voce-genere": "impresa", "voce-impresa": "Filati", "voce-data": OGGI, "voce-esito": "in_attesa"}
    assert posta(cast, "scouting", misura, **{**voce, "voce-impresa": ""}).status_code == 422
    assert posta(cast, "scouting", misura, **voce).status_code == 302
    riga = VoceScouting.objects.get()
    client, url = cast.client("operatore"), reverse("psp:voce_scouting", args=[riga.pk])
    assert client.post(url, {**voce, "voce-esito": "assunzione", "voce-versione": 1}).status_code == 302
    superata = client.post(url, {**voce, "voce-esito": "senza_risposta", "voce-versione": 1})
    assert superata.status_code == 409
    assert "Esito salvato: «Assunzione»" in superata.content.decode()
    assert client.post(url, {"togli": "1"}).status_code == 302
    assert client.post(url, {"togli": "1"}).status_code == 404
    assert not misura.scouting.exists()


def test_after_the_bilancio_the_new_pact_is_one_click_away_m4(cast: Cast) -> None:
    misura = avviata(cast, "bilancio-competenze")
    scrivi(cast, misura, BILANCIO)
    tenuto(cast, misura, 480)
    concludi(cast, misura)
    testo = pagina(cast, misura)
    assert "Aggiorna il patto" in testo
    assert reverse("psp:nuovo_patto", args=[misura.patto_id]) in testo
    nuovo = patto.nuovo_patto(patto=misura.patto, attore=cast.operatore, adesso=adesso())
    assert "Aggiorna il patto" not in pagina(cast, misura)
    assert reverse("psp:patto", args=[nuovo.pk]) in pagina(cast, misura)


def test_a_measure_of_a_draft_points_to_where_it_goes_on(cast: Cast) -> None:
    misura = avviata(cast, "scouting")
    nuovo = patto.nuovo_patto(patto=misura.patto, attore=cast.operatore, adesso=adesso())
    testo = pagina(cast, nuovo.misure.get())
    assert reverse("psp:misura", args=[misura.pk]) in testo
    assert "Concludi la misura" not in testo
    assert posta(cast, "avvia_misura", nuovo.misure.get(), iniziata_il=OGGI).status_code == 302
    assert nuovo.misure.get().stato == "concordata"


def test_free_text_is_shown_as_text(cast: Cast) -> None:
    misura = avviata(cast, "auto-impresa")
    scrivi(cast, misura, {"idea": "<script>alert(1)</script>", "prossimo_passo": "Sì"})
    concludi(cast, misura)
    assert "<script>alert" not in pagina(cast, misura)


def test_the_list_says_states_hours_and_what_is_late(cast: Cast) -> None:
    p = patto_firmato(cast, "bilancio-competenze", "eures")
    misura = p.misure.get(servizio__chiave="bilancio-competenze")
    avvia(cast, misura)
    tenuto(cast, misura, 350)
    testo = cast.client("operatore").get(reverse("psp:misure", args=[cast.utente.pk])).content.decode()
    assert "Mancano 2 ore e 10 minuti al minimo di 8 ore." in testo
    assert f"Doveva cominciare il {p.valido_dal:%d/%m/%Y}" in testo
    assert (
        reverse("psp:misure", args=[cast.utente.pk])
        in cast.client("operatore").get(reverse("psp:utente", args=[cast.utente.pk])).content.decode()
    )


@pytest.mark.parametrize(("chi", "atteso"), [("estraneo", 404), ("incrocio", 403), ("amministratore", 404)])
def test_who_may_not_see_nor_touch_a1(cast: Cast, chi: str, atteso: int) -> None:
    misura = avviata(cast, "scouting")
    client = cast.client(chi)
    assert client.get(reverse("psp:misure", args=[cast.utente.pk])).status_code == atteso
    assert client.get(reverse("psp:misura", args=[misura.pk])).status_code == atteso
    for nome in ("concludi_misura", "interrompi_misura", "dettagli_misura", "incontro_misura", "scouting"):
        assert client.post(reverse(f"psp:{nome}", args=[misura.pk]), {}).status_code == atteso


def test_query_counts(cast: Cast, django_assert_max_num_queries: Any) -> None:
    p = patto_firmato(cast, "consulenza-orientativa")
    client = cast.client("operatore")
    url = reverse("psp:misure", args=[cast.utente.pk])
    with django_assert_max_num_queries(14):
        client.get(url)
    for chiave in ("bilancio-competenze", "scouting", "eures", "tirocinio", "formazione-riqualificazione"):
        misura = agg_misura(p, chiave)
        tenuto(cast, misura, 30, giorni_fa=misura.pk % 20 + 1)
    with django_assert_max_num_queries(14):
        client.get(url)
    with django_assert_max_num_queries(18):
        client.get(reverse("psp:misura", args=[p.misure.earliest("pk").pk]))
