"""Presences and what hangs on them: two who mark at once, the measure of a leftover booking, what is not shown (U6)."""

from __future__ import annotations

import datetime as dt

import pytest
from django.urls import reverse
from django.utils import timezone

from orientamento.comune.calendario import adesso, oggi
from orientamento.comune.errori import RegolaViolata
from psp.models import Iscrizione, Misura, Seduta
from psp.services import agenda, erogazione
from psp.services.ore import contatore
from tests.cast import Cast
from tests.psp.scene_agenda import alle, feriale, fissa
from tests.psp.scene_misure import avvia, avviata, patto_firmato, tenuto

pytestmark = pytest.mark.django_db

DETTO = "Malattia o infortunio"


@pytest.fixture
def iscrizione(cast: Cast) -> Iscrizione:
    """A single appointment held some days ago, its presence still to be marked."""
    giorno = feriale(oggi() - dt.timedelta(days=8))
    return fissa(cast, alle(9, giorno=giorno), alle(10, giorno=giorno), adesso=adesso())


def di_ieri(cast: Cast, misura: Misura) -> Iscrizione:
    """A meeting of `misura` begun yesterday that nobody has marked."""
    fatta = tenuto(cast, misura, 60)
    Seduta.objects.filter(pk=fatta.seduta_id).update(stato="fissata")
    Iscrizione.objects.filter(pk=fatta.pk).update(stato="prenotata", minuti=None, segnata_il=None, segnata_da=None)
    return Iscrizione.objects.get(pk=fatta.pk)


def segna(cast: Cast, iscrizione: Iscrizione, **come: object) -> list[Iscrizione]:
    presenza = agenda.Presenza(**come)  # type: ignore[arg-type]
    esiti = {iscrizione.pk: presenza}
    return agenda.segna_presenze(seduta=iscrizione.seduta, esiti=esiti, attore=cast.operatore, adesso=adesso())


def interrompi(cast: Cast, misura: Misura) -> Misura:
    return erogazione.interrompi_misura(
        misura=misura, finita_il=oggi(), motivo="Trasloco", attore=cast.operatore, adesso=adesso()
    )


class TestPagina:
    def test_a_page_left_open_does_not_overwrite_a_colleague_c8(self, cast: Cast, iscrizione: Iscrizione) -> None:
        indirizzo = reverse("psp:presenze", args=[iscrizione.seduta_id])
        client = cast.client("operatore")
        chiave = iscrizione.pk
        dati = {f"stato-{chiave}": "assente", f"vista-{chiave}": ""}
        assert f'name="vista-{chiave}" value=""' in client.get(indirizzo).content.decode()
        segna(cast, iscrizione, stato="presente", minuti=50)
        superata = client.post(indirizzo, dati)
        assert superata.status_code == 409
        assert "mentre lei aveva la pagina aperta" in superata.content.decode()
        iscrizione.refresh_from_db()
        assert (iscrizione.stato, iscrizione.minuti) == ("presente", 50)
        assert iscrizione.segnata_il is not None
        assert iscrizione.segnata_il.isoformat() in superata.content.decode().replace("&#x2B;", "+")
        assert client.post(indirizzo, dati | {f"vista-{chiave}": iscrizione.segnata_il.isoformat()}).status_code == 302
        iscrizione.refresh_from_db()
        assert iscrizione.stato == "assente"

    def test_a_reason_once_written_is_kept_and_not_shown_u6(self, cast: Cast, iscrizione: Iscrizione) -> None:
        segna(cast, iscrizione, stato="giustificata", motivo_assenza="salute")
        indirizzo = reverse("psp:presenze", args=[iscrizione.seduta_id])
        client = cast.client("operatore")
        testo = client.get(indirizzo).content.decode()
        assert "Già scritto, non si mostra" in testo
        assert 'value="salute" selected' not in testo
        assert client.post(indirizzo, {f"stato-{iscrizione.pk}": "giustificata"}).status_code == 302
        iscrizione.refresh_from_db()
        assert (iscrizione.stato, iscrizione.giustificazione.motivo) == ("giustificata", "salute")

    def test_the_page_of_the_measure_does_not_say_why_u6(self, cast: Cast) -> None:
        misura = avviata(cast, "consulenza-orientativa")
        segna(cast, di_ieri(cast, misura), stato="giustificata", motivo_assenza="salute")
        testo = cast.client("operatore").get(reverse("psp:misura", args=[misura.pk])).content.decode()
        assert "giustificat" in testo
        assert DETTO not in testo


class TestMisura:
    def test_it_is_not_interrupted_over_a_meeting_nobody_marked_c2(self, cast: Cast) -> None:
        misura = avviata(cast, "consulenza-orientativa")
        iscrizione = di_ieri(cast, misura)
        with pytest.raises(RegolaViolata, match="segnare chi c'era") as rifiuto:
            interrompi(cast, misura)
        assert rifiuto.value.campo == "finita_il"
        segna(cast, iscrizione, stato="presente", minuti=60)
        assert contatore(interrompi(cast, misura)).minuti == 60

    def test_a_booking_left_over_is_marked_and_does_not_count_c2(self, cast: Cast) -> None:
        misura = avviata(cast, "consulenza-orientativa")
        interrompi(cast, misura)
        rimasta = di_ieri(cast, misura)
        segna(cast, rimasta, stato="presente", minuti=60)
        rimasta.refresh_from_db()
        assert (rimasta.stato, rimasta.misura) == ("presente", None)
        assert contatore(misura).minuti == 0

    def test_it_does_not_start_after_a_meeting_already_held_m3(self, cast: Cast) -> None:
        misura = patto_firmato(cast, "consulenza-orientativa").misure.get()
        incontro = tenuto(cast, misura, 60, giorni_fa=3)
        with pytest.raises(RegolaViolata, match="non può cominciare dopo") as rifiuto:
            avvia(cast, misura, oggi())
        assert rifiuto.value.campo == "iniziata_il"
        avvia(cast, misura, timezone.localdate(incontro.inizio))

    def test_no_meeting_is_for_it_before_it_began_or_after_its_pact_m3(self, cast: Cast) -> None:
        """Minutes from outside would count in its hours, and a presence after the pact would keep it from closing."""
        misura = avviata(cast, "consulenza-orientativa", giorni_fa=8)
        scade = misura.patto.valido_al
        assert scade is not None
        for giorno in (feriale(oggi() - dt.timedelta(days=30)), feriale(scade + dt.timedelta(days=1))):
            ore = (alle(9, giorno=giorno), alle(10, giorno=giorno))
            with pytest.raises(RegolaViolata, match="senza misura") as rifiuto:
                fissa(cast, *ore, misura=misura, adesso=adesso())
            assert rifiuto.value.campo == "misura"
            assert fissa(cast, *ore, adesso=adesso()).misura is None
