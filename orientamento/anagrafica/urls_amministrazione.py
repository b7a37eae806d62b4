"""The addresses of the administration."""

from django.urls import path

from orientamento.anagrafica.views import amministrazione as viste

urlpatterns = [
    path("amministrazione", viste.AmministrazioneView.as_view(), name="amministrazione"),
    path(
        "amministrazione/operatori/<int:pk>/password",
        viste.ReimpostaPasswordView.as_view(),
        name="amministrazione_password",
    ),
    path("amministrazione/<slug:tabella>", viste.ElencoView.as_view(), name="amministrazione_elenco"),
    path("amministrazione/<slug:tabella>/nuovo", viste.ModuloView.as_view(), name="amministrazione_nuovo"),
    path("amministrazione/<slug:tabella>/<int:pk>", viste.ModuloView.as_view(), name="amministrazione_modifica"),
]
