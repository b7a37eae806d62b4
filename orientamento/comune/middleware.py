"""Login by default: every view asks for it unless it is marked with `login_not_required`."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import resolve, reverse
from django.utils.cache import patch_cache_control, patch_vary_headers

from orientamento.comune import ripresa


class AccessoRichiestoMiddleware(LoginRequiredMiddleware):
    """Django's login-required middleware, except that an expired login loses nothing of what was typed (C8).

    A partial request answers 401 and a word for the page, which stays as it is. A form sent the usual way answers the
    login page, and its fields come along in it.
    """

    def handle_no_permission(  # type: ignore[override]
        self, request: HttpRequest, view_func: Callable[..., HttpResponseBase]
    ) -> HttpResponseBase:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401, headers={"HX-Trigger": "accesso-scaduto"})
        if request.method == "POST":
            request.da_riprendere = ripresa.da_richiesta(request)  # type: ignore[attr-defined]
            return resolve(reverse(settings.LOGIN_URL)).func(request)
        return super().handle_no_permission(request, view_func)

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """One address may answer a page or a part of it: going back must not show the part, nor a proxy keep either."""
        patch_vary_headers(response, ["HX-Request"])
        if not response.has_header("Cache-Control"):
            patch_cache_control(response, private=True)
        return response
