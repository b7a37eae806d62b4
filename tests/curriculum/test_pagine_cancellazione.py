"""Cancelling a CV from its panel: what goes, what stays, and what becomes of a transfer on its way (V5)."""

from __future__ import annotations

from django.urls import reverse

from curriculum.models import Trasferimento
from orientamento.anagrafica.models import Utente
from orientamento.comune.calendario import adesso
from tests.cast import Cast
from tests.curriculum.test_pagine_trasferimento import HTMX, parole
from tests.curriculum.test_pagine_trasferimento import utente as utente
from tests.curriculum.trasferimenti import Orologio, carica, chiedi, gira
from tests.portale_prova.server import PortaleDiProva


class TestCancella:
    def test_never_transferred(self, cast: Cast, utente: Utente) -> None:
        """V5: other words where the CV has never left."""
        cv = utente.curricula.get()
        testo = parole(cast.client("operatore").get(reverse("curriculum:cancella", args=[cv.pk])))

        assert "non è mai stato trasferito" in testo
        assert "Sì, cancella il curriculum" in testo
        assert "Da Intuition" not in testo

    def test_queued_says_that_it_stops(self, cast: Cast, utente: Utente) -> None:
        chiedi(cast, utente, adesso())
        cv = utente.curricula.get()
        testo = parole(cast.client("operatore").get(reverse("curriculum:cancella", args=[cv.pk]), headers=HTMX))

        assert "il trasferimento non ancora partito si ferma" in testo
        assert "Da Intuition" not in testo

    def test_leaving_right_now_may_arrive(self, cast: Cast, utente: Utente) -> None:
        riga = chiedi(cast, utente, adesso())
        Trasferimento.objects.filter(pk=riga.pk).update(stato="in_corso", presa=riga.chiave)
        cv = utente.curricula.get()
        testo = parole(cast.client("operatore").get(reverse("curriculum:cancella", args=[cv.pk]), headers=HTMX))

        assert "la rimozione viene chiesta al portale adesso" in testo
        assert "non è mai stato trasferito" not in testo

    def test_transferred(self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva) -> None:
        """V5: what goes, what stays, the sheet for the citizen; then the removal is on its way."""
        portale_collegato.registrati(utente.codice_fiscale)
        chiedi(cast, utente, adesso())
        gira(Orologio(adesso()))
        cv, client = utente.curricula.get(), cast.client("operatore")
        indirizzo = reverse("curriculum:cancella", args=[cv.pk])
        dialogo = client.get(indirizzo)

        assert "la rimozione viene chiesta al portale adesso" in parole(dialogo)
        assert "Lì può cancellarlo soltanto la persona" in parole(dialogo)
        assert reverse("curriculum:come_cancellare", args=[utente.pk]) in dialogo.content.decode()
        dopo = client.post(indirizzo, headers=HTMX)
        assert "La rimozione da Intuition è chiesta e parte da sola" in parole(dopo)
        assert "In rimozione" in parole(dopo)
        assert Trasferimento.objects.filter(operazione="rimozione", utente=utente).exists()

    def test_an_earlier_one_touches_nothing_outside(
        self, cast: Cast, utente: Utente, portale_collegato: PortaleDiProva
    ) -> None:
        vecchio = utente.curricula.get()
        portale_collegato.registrati(utente.codice_fiscale)
        carica(cast, utente, pagine=2, ora=adesso())
        chiedi(cast, utente, adesso())
        gira(Orologio(adesso()))
        testo = parole(cast.client("operatore").get(reverse("curriculum:cancella", args=[vecchio.pk])))

        assert "Cancellare questo curriculum precedente?" in testo
        assert "non cambia niente: conta il curriculum attuale" in testo
