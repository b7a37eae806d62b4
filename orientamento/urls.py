"""Every address of the application. Each app owns its own part."""

from django.urls import include, path

from orientamento.salute import SaluteView

handler400 = "orientamento.comune.views.richiesta_errata"
handler500 = "orientamento.comune.views.guasto"

urlpatterns = [
    path("salute", SaluteView.as_view(), name="salute"),
    path("", include("psp.urls")),
    path("", include("orientamento.anagrafica.urls")),
    path("", include("propensioni.urls")),
    path("", include("curriculum.urls")),
]
