"""Login and logout, and the way back to what one was writing when the login expired (A2, C8)."""

from __future__ import annotations

import datetime as dt
from typing import Any

from axes.helpers import get_cool_off
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, LogoutView
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render, resolve_url
from django.urls import reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.generic import TemplateView

from orientamento.anagrafica.forms.accesso import AccessoForm
from orientamento.anagrafica.models import Operatore
from orientamento.comune import ripresa
from orientamento.comune.ripresa import Ripresa
from orientamento.registro.azioni import Azione
from orientamento.registro.services import registra


@method_decorator(login_not_required, name="dispatch")
class AccessoView(LoginView):
    """The login page. It also receives, from the middleware, forms sent by who is no longer logged in."""

    template_name = "anagrafica/accesso/accesso.html"
    form_class = AccessoForm
    da_riprendere: Ripresa | None = None

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        fermato = getattr(request, "da_riprendere", None)
        if fermato:
            self.da_riprendere = fermato
            return self.mostra(status=401)
        self.da_riprendere = ripresa.da_firma(request.POST.get(ripresa.CAMPO, ""))
        if request.user.is_authenticated:
            return self.dopo_l_accesso()
        return super().dispatch(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "username" not in request.POST:
            return self.mostra()
        return super().post(request, *args, **kwargs)

    def mostra(self, status: int = 200) -> HttpResponse:
        """The page with an empty form."""
        form = AccessoForm(self.request)
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        login(self.request, form.get_user())
        registra(Azione.ACCESSO, attore=form.get_user())
        response = self.dopo_l_accesso()
        ripresa.ricorda_operatore(response, form.get_user().pk, sicuro=settings.SESSION_COOKIE_SECURE)
        return response

    def form_invalid(self, form: AuthenticationForm) -> HttpResponse:
        # A name that is nobody's is not written down: it may be a password typed in the wrong box.
        operatore = Operatore.objects.filter(username=form.cleaned_data.get("username", "")).first()
        bloccato = bool(getattr(self.request, "axes_locked_out", False))
        registra(
            Azione.ACCESSO_RIFIUTATO,
            attore=operatore,
            dettaglio={"nome_utente_noto": operatore is not None, "bloccato": bloccato},
        )
        return self.render_to_response(self.get_context_data(form=form), status=422)

    def dopo_l_accesso(self) -> HttpResponse:
        """Back to where one was: with the fields to send again, where there are any and they are this person's."""
        sospeso = self.da_riprendere
        if sospeso is None:
            return HttpResponseRedirect(self.get_success_url())
        if not sospeso.di(self.request.user.pk or 0):
            messages.warning(
                self.request,
                "Nella pagina di prima c'era qualcosa scritto da un altro operatore: non viene mostrato né salvato.",
            )
            return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))
        if sospeso.con_file:
            messages.warning(
                self.request,
                "Il file che stava caricando non si può conservare mentre l'accesso è scaduto: lo scelga di nuovo.",
            )
            return HttpResponseRedirect(sospeso.pagina or resolve_url(settings.LOGIN_REDIRECT_URL))
        return render(
            self.request,
            "anagrafica/accesso/riprenda.html",
            {"sospeso": sospeso, "titolo_pagina": "Riprenda da dove era"},
        )

    def get_default_redirect_url(self) -> str:
        if "scheda" in (self.request.GET.get("torna"), self.request.POST.get("torna")):
            return reverse("anagrafica:accesso_fatto")
        return super().get_default_redirect_url()

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            **kwargs,
            da_riprendere=self.da_riprendere,
            firma=self.da_riprendere.firma() if self.da_riprendere else "",
            torna=self.request.GET.get("torna") or self.request.POST.get("torna", ""),
        )


@method_decorator(login_not_required, name="dispatch")
class UscitaView(LogoutView):
    """Logout, by a form; what was open in this browser stays tied to who had opened it."""

    http_method_names = ["post", "options"]

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.user.is_authenticated:
            registra(Azione.USCITA, attore=request.user)
        risposta = super().post(request, *args, **kwargs)
        risposta.delete_cookie(ripresa.BISCOTTO_PAGINE, samesite="Lax")
        return risposta


@method_decorator([login_not_required, never_cache], name="dispatch")
class AccessoFattoView(TemplateView):
    """The small page at the end of a login that was done in a tab of its own."""

    template_name = "anagrafica/accesso/fatto.html"
    extra_context = {"titolo_pagina": "Accesso eseguito"}


def accesso_bloccato(request: HttpRequest, _risposta: HttpResponse, credenziali: dict[str, Any] | None) -> HttpResponse:
    """The page of who failed too many times: when to try again, and nothing lost of what was being written."""
    tentativo = (
        AccessAttempt.objects.filter(
            username=(credenziali or {}).get("username", ""),
            ip_address=request.axes_ip_address,  # type: ignore[attr-defined]
        )
        .order_by("-attempt_time")
        .first()
    )
    inizio = tentativo.attempt_time if tentativo else timezone.now()
    sospeso = ripresa.da_firma(request.POST.get(ripresa.CAMPO, ""))
    return render(
        request,
        "anagrafica/accesso/bloccato.html",
        {
            "titolo_pagina": "Accesso sospeso per qualche minuto",
            "riprovare_dalle": inizio + (get_cool_off(request) or dt.timedelta(minutes=15)) + dt.timedelta(minutes=1),
            "tentativi": settings.AXES_FAILURE_LIMIT,
            "firma": sospeso.firma() if sospeso else "",
        },
        status=429,
    )
