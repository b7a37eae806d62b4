from django.urls import path

from curriculum import views

app_name = "curriculum"

urlpatterns = [
    path("utenti/<int:utente_id>/curriculum", views.PannelloView.as_view(), name="pannello"),
    path("utenti/<int:utente_id>/curriculum/carica", views.CaricaView.as_view(), name="carica"),
    path("curriculum/<int:pk>/scarica", views.ScaricaView.as_view(), name="scarica"),
    path("curriculum/<int:pk>/cancella", views.CancellaView.as_view(), name="cancella"),
]
