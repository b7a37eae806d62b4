from django.urls import path

from propensioni import views

app_name = "propensioni"

urlpatterns = [
    path("utenti/<int:utente_id>/propensioni", views.PannelloView.as_view(), name="pannello"),
    path("utenti/<int:utente_id>/propensioni/nuova", views.NuovaView.as_view(), name="nuova"),
    path("propensioni/<int:pk>", views.ModificaView.as_view(), name="modifica"),
    path("propensioni/<int:pk>/elimina", views.EliminaView.as_view(), name="elimina"),
    path("propensioni/anteprima-nota", views.AnteprimaNotaView.as_view(), name="anteprima_nota"),
    path("professioni/cerca", views.CercaProfessioniView.as_view(), name="cerca_professioni"),
]
