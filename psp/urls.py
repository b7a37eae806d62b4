from django.urls import path

from psp.views import colloquio

app_name = "psp"

urlpatterns = [
    path("utenti/<int:utente_id>/colloquio", colloquio.ApriColloquioView.as_view(), name="apri_colloquio"),
    path("colloqui/<int:colloquio_id>/fase/<int:fase>", colloquio.fase, name="fase"),
    path("colloqui/<int:colloquio_id>/fase/<int:fase>/indice", colloquio.IndiceFaseView.as_view(), name="indice_fase"),
    path("colloqui/<int:colloquio_id>/imprese", colloquio.ImpreseView.as_view(), name="imprese"),
    path("colloqui/<int:colloquio_id>/tempo", colloquio.TempoView.as_view(), name="tempo"),
    path("colloqui/<int:colloquio_id>/incontri", colloquio.IncontriView.as_view(), name="incontri"),
    path("colloqui/<int:colloquio_id>/conclusione", colloquio.ConcludiView.as_view(), name="concludi_colloquio"),
]
