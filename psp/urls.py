from django.urls import path

from psp.views import colloquio
from psp.views.home import HomeView
from psp.views.utente import FasciaView, UtenteView

app_name = "psp"

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("utenti/<int:utente_id>", UtenteView.as_view(), name="utente"),
    path("utenti/<int:utente_id>/fascia", FasciaView.as_view(), name="fascia"),
    path("utenti/<int:utente_id>/colloquio", colloquio.ApriColloquioView.as_view(), name="apri_colloquio"),
    path("colloqui/<int:colloquio_id>/fase/<int:fase>", colloquio.fase, name="fase"),
    path("colloqui/<int:colloquio_id>/fase/<int:fase>/indice", colloquio.IndiceFaseView.as_view(), name="indice_fase"),
    path("colloqui/<int:colloquio_id>/imprese", colloquio.ImpreseView.as_view(), name="imprese"),
    path("colloqui/<int:colloquio_id>/tempo", colloquio.TempoView.as_view(), name="tempo"),
    path("colloqui/<int:colloquio_id>/incontri", colloquio.IncontriView.as_view(), name="incontri"),
    path("colloqui/<int:colloquio_id>/conclusione", colloquio.ConcludiView.as_view(), name="concludi_colloquio"),
]
