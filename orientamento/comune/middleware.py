"""Login by default: every view asks for it unless it is marked with `login_not_required`."""

from __future__ import annotations

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.http import HttpRequest, HttpResponse


class AccessoRichiestoMiddleware(LoginRequiredMiddleware):
    """Django's login-required middleware, except that a partial request answers 401 instead of a page inside a page."""

    def handle_no_permission(self, request: HttpRequest, view_func: object) -> HttpResponse:
        if request.headers.get("HX-Request"):
            return HttpResponse(status=401)
        return super().handle_no_permission(request, view_func)
