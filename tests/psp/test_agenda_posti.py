"""The places and the words of a group that change without moving it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from orientamento.comune.errori import RegolaViolata
from psp.models import Misura, Seduta
from psp.services import agenda
from tests.cast import Cast
from tests.psp.scene_agenda import ADESSO, alle, fissa, gruppo, iscrivi, misura_firmata, persona

pytestmark = pytest.mark.django_db


class TestPostiInMeno:
    def test_as_few_as_those_who_have_one(self, cast: Cast) -> None:
        """Places given back leave holes: what counts is how many are taken."""
        seduta = gruppo(cast, alle(9), alle(10), posti=4)
        iscritti = [iscrivi(cast, seduta, persona(cast)) for _ in range(4)]
        for via in iscritti[:2]:
            agenda.togli_iscrizione(iscrizione=via, motivo="x", attore=cast.operatore, adesso=ADESSO)
        dati = {"titolo": "Laboratorio", "programma": ""}

        def porta_a(posti: int) -> Seduta:
            versione = Seduta.objects.get(pk=seduta.pk).versione
            return agenda.modifica_seduta(
                seduta=seduta, dati={**dati, "posti": posti}, versione=versione, attore=cast.operatore, adesso=ADESSO
            )

        with pytest.raises(RegolaViolata, match="da 2, quelli già presi"):
            porta_a(1)
        assert porta_a(2).posti == 2
        assert sorted(seduta.iscrizioni.filter(posto__isnull=False).values_list("posto", flat=True)) == [1, 2]
        assert iscrivi(cast, Seduta.objects.get(pk=seduta.pk), cast.utente).stato == "in_lista"

    def test_a_title_of_nothing_is_refused_and_a_longer_one_is_one_line(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(10))
        comuni = {"seduta": seduta, "attore": cast.operatore, "adesso": ADESSO}
        with pytest.raises(RegolaViolata) as rifiuto:
            agenda.modifica_seduta(dati={"titolo": " \x01 ", "posti": 2, "programma": ""}, versione=1, **comuni)
        assert rifiuto.value.campo == "titolo"
        dati = {"titolo": "Due\nrighe\x07", "posti": 2, "programma": ""}
        assert agenda.modifica_seduta(dati=dati, versione=1, **comuni).titolo == "Due righe"


class TestChiArrivaSenzaIscrizione:
    """The sheet has blank slips for them; their minutes count as the others' (C2)."""

    def tenuta(self, cast: Cast, posti: int) -> Seduta:
        seduta = gruppo(cast, alle(9), alle(10), posti=posti)
        una = iscrivi(cast, seduta, persona(cast))
        esiti = {una.pk: agenda.Presenza("presente")}
        agenda.segna_presenze(seduta=seduta, esiti=esiti, attore=cast.operatore, adesso=alle(10))
        return Seduta.objects.get(pk=seduta.pk, stato="tenuta")

    def test_they_are_booked_when_the_others_are_marked_already(self, cast: Cast) -> None:
        seduta = self.tenuta(cast, 2)
        iscrizione = iscrivi(cast, seduta, cast.utente, adesso=alle(11))
        seduta.refresh_from_db()
        assert (iscrizione.stato, seduta.stato) == ("prenotata", "fissata")
        esiti = {iscrizione.pk: agenda.Presenza("presente", 40)}
        agenda.segna_presenze(seduta=seduta, esiti=esiti, attore=cast.operatore, adesso=alle(11))
        seduta.refresh_from_db()
        assert seduta.stato == "tenuta"

    def test_booked_by_mistake_and_taken_away_again_nothing_is_left_to_mark(self, cast: Cast) -> None:
        """C2: the agenda and the worklist would ask for an attendance that is all written."""
        seduta = self.tenuta(cast, 2)
        sbagliata = iscrivi(cast, seduta, cast.utente, adesso=alle(11))
        agenda.togli_iscrizione(iscrizione=sbagliata, motivo="Non era venuta", attore=cast.operatore, adesso=alle(11))
        seduta.refresh_from_db()
        assert seduta.stato == "tenuta"

    def test_a_list_puts_nobody_on_the_waiting_list_of_what_is_past(self, cast: Cast) -> None:
        seduta = gruppo(cast, alle(9), alle(10), posti=1)
        prima, dopo = persona(cast), persona(cast)
        esiti = agenda.iscrivi_elenco(
            seduta=seduta,
            righe=[(1, prima.codice_fiscale), (2, dopo.codice_fiscale)],
            attore=cast.operatore,
            adesso=alle(11),
        )
        assert [(e.esito, e.fatto) for e in esiti] == [("Iscritta", True), ("I posti sono finiti", False)]
        assert "aumentarli" in esiti[1].spiegazione
        assert list(seduta.iscrizioni.values_list("utente", flat=True)) == [prima.pk]

    def test_who_waited_in_vain_cannot_be_taken_away_from_what_is_past(self, cast: Cast) -> None:
        """The button would only lead to a refusal."""
        seduta = gruppo(cast, alle(9), alle(10), posti=1)
        una, attesa = iscrivi(cast, seduta, persona(cast)), iscrivi(cast, seduta, cast.utente)
        url, verbo = reverse("psp:seduta", args=[seduta.pk]), reverse("psp:togli_iscrizione", args=[attesa.pk])
        client = cast.client("operatore")
        assert verbo in client.get(url).content.decode()
        esiti = {una.pk: agenda.Presenza("presente")}
        agenda.segna_presenze(seduta=seduta, esiti=esiti, attore=cast.operatore, adesso=alle(10))
        assert verbo not in client.get(url).content.decode()

    def test_where_places_are_finished_nobody_waits_for_what_is_past(self, cast: Cast) -> None:
        seduta = self.tenuta(cast, 1)
        with pytest.raises(RegolaViolata, match="aumentarli"):
            iscrivi(cast, seduta, cast.utente, adesso=alle(11))
        dati = {"titolo": "Laboratorio", "posti": 2, "programma": ""}
        agenda.modifica_seduta(
            seduta=seduta, dati=dati, versione=seduta.versione, attore=cast.operatore, adesso=alle(11)
        )
        assert iscrivi(cast, seduta, cast.utente, adesso=alle(11)).posto == 2

    def test_an_appointment_of_one_person_stays_theirs(self, cast: Cast) -> None:
        seduta = fissa(cast, alle(9), alle(10)).seduta
        esiti = {seduta.iscrizioni.get().pk: agenda.Presenza("assente")}
        agenda.segna_presenze(seduta=seduta, esiti=esiti, attore=cast.operatore, adesso=alle(10))
        with pytest.raises(RegolaViolata, match="già tenuto"):
            iscrivi(cast, seduta, persona(cast), adesso=alle(11))

    def test_the_page_leads_there_and_says_what_to_do(self, cast: Cast) -> None:
        seduta = self.tenuta(cast, 1)
        client, url = cast.client("operatore"), reverse("psp:iscrivi", args=[seduta.pk])
        assert f'href="{url}"' in client.get(reverse("psp:seduta", args=[seduta.pk])).content.decode()


@pytest.mark.parametrize(
    ("campi", "vincolo"),
    [
        ({"posti": 0}, "posti_della_seduta"),
        ({"posti": 401}, "posti_della_seduta"),
        ({"stato": "boh"}, "seduta_in_uno_stato_che_esiste"),
    ],
)
def test_the_database_keeps_meetings_within_reason(cast: Cast, campi: dict[str, object], vincolo: str) -> None:
    seduta = gruppo(cast, alle(9), alle(10))
    with pytest.raises(IntegrityError, match=vincolo), transaction.atomic():
        Seduta.objects.filter(pk=seduta.pk).update(**campi)


def test_the_database_keeps_the_hours_of_a_measure_positive_m3(cast: Cast) -> None:
    misura = misura_firmata(cast)
    with pytest.raises(IntegrityError, match="ore_della_misura_positive"), transaction.atomic():
        Misura.objects.filter(pk=misura.pk).update(ore_previste=-1)
