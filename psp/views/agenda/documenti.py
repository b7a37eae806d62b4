"""What leaves the agenda: the letter, the attendance sheet, the calendar of a citizen, that of an operator."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.cache import never_cache

from orientamento.anagrafica.viste import Richiesta
from orientamento.comune.calendario import adesso
from orientamento.comune.errori import RegolaViolata
from psp.services.agenda.calendario import (
    ics_dell_iscrizione,
    ics_dell_operatore,
    impronta_gettone,
    operatore_del_calendario,
)
from psp.services.agenda.giorni import giorno_di
from psp.services.agenda.stampe import stampa_convocazione, stampa_foglio
from psp.views.agenda.cornice import IscrizioneMixin, SedutaMixin

SECONDI_IN_CACHE = 60


class ConvocazioneView(IscrizioneMixin):
    """The letter of one citizen."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        try:
            byte = stampa_convocazione(iscrizione=self.oggetto, attore=request.user, adesso=adesso())
        except RegolaViolata as errore:
            messages.warning(request, errore.messaggio)
            return redirect("psp:seduta", self.oggetto.seduta_id)
        return _file(byte, "application/pdf", f"convocazione-{giorno_di(self.oggetto.inizio):%d-%m-%Y}.pdf")


class FoglioView(SedutaMixin):
    """The list for staff and the slips to sign."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        byte = stampa_foglio(seduta=self.seduta, attore=request.user, adesso=adesso())
        return _file(byte, "application/pdf", f"presenze-{giorno_di(self.seduta.inizio):%d-%m-%Y}.pdf")


class IcsView(IscrizioneMixin):
    """The appointment for the citizen's own calendar."""

    http_method_names = ["get", "head", "options"]

    def get(self, request: Richiesta, pk: int) -> HttpResponse:
        byte = ics_dell_iscrizione(self.oggetto, adesso())
        return _file(byte, "text/calendar; charset=utf-8", "appuntamento.ics", allegato=True)


@method_decorator([login_not_required, never_cache], name="dispatch")
class CalendarioView(View):
    """The operator's own calendar reads this without a login: the secret of the address is the key.

    Whose it is, is asked every time; what it says is kept for a minute, so that a client gone mad costs one look-up.
    """

    http_method_names = ["get", "head", "options"]

    def get(self, request: HttpRequest, gettone: str) -> HttpResponse:
        operatore = operatore_del_calendario(gettone)
        if operatore is None:
            raise Http404
        chiave = f"calendario:{impronta_gettone(gettone)}"
        byte = cache.get(chiave)
        if byte is None:
            byte = ics_dell_operatore(operatore, adesso())
            cache.set(chiave, byte, SECONDI_IN_CACHE)
        risposta = _file(byte, "text/calendar; charset=utf-8", "agenda.ics")
        risposta["X-Robots-Tag"] = "noindex"
        return risposta


def _file(byte: bytes, tipo: str, nome: str, *, allegato: bool = False) -> HttpResponse:
    risposta = HttpResponse(byte, content_type=tipo)
    risposta["Content-Disposition"] = f'{"attachment" if allegato else "inline"}; filename="{nome}"'
    return risposta
