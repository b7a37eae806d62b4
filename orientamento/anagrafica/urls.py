from django.urls import URLPattern, path

from orientamento.anagrafica import urls_amministrazione, urls_fascicolo
from orientamento.anagrafica.views import accesso

app_name = "anagrafica"

urlpatterns: list[URLPattern] = [
    path("accesso", accesso.AccessoView.as_view(), name="accesso"),
    path("accesso/fatto", accesso.AccessoFattoView.as_view(), name="accesso_fatto"),
    path("uscita", accesso.UscitaView.as_view(), name="uscita"),
    *urls_fascicolo.urlpatterns,
    *urls_amministrazione.urlpatterns,
]
