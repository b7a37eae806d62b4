from django.urls import URLPattern, path

from orientamento.anagrafica import urls_amministrazione, urls_fascicolo
from orientamento.anagrafica.views import accesso, posta, ricerca, utente

app_name = "anagrafica"

urlpatterns: list[URLPattern] = [
    path("accesso", accesso.AccessoView.as_view(), name="accesso"),
    path("accesso/fatto", accesso.AccessoFattoView.as_view(), name="accesso_fatto"),
    path("uscita", accesso.UscitaView.as_view(), name="uscita"),
    path("utenti", ricerca.RicercaView.as_view(), name="ricerca"),
    path("utenti/nuovo", utente.NuovoUtenteView.as_view(), name="nuovo_utente"),
    path("utenti/leggi-codice-fiscale", utente.LeggiCodiceFiscaleView.as_view(), name="leggi_codice_fiscale"),
    path("utenti/<int:utente_id>/identita", utente.IdentitaView.as_view(), name="identita"),
    path("utenti/<int:utente_id>/passaggio", utente.PassaggioView.as_view(), name="passaggio"),
    path("posta-in-uscita", posta.PostaInUscitaView.as_view(), name="posta_in_uscita"),
    path("comuni/cerca", ricerca.SuggerisciComuniView.as_view(), name="suggerisci_comuni"),
    *urls_fascicolo.urlpatterns,
    *urls_amministrazione.urlpatterns,
]
