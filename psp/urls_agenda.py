"""The addresses of the agenda, joined to the others of the app."""

from django.urls import path

from psp import amministrazione_agenda as amministrazione_agenda  # its tables join the administrator's
from psp.views.agenda import documenti, giustificazione, impostazioni, iscritti, nuova, seduta, settimana

urlpatterns = [
    path("agenda", settimana.SettimanaView.as_view(), name="agenda"),
    path("agenda/giorno/<str:data>", settimana.GiornoView.as_view(), name="agenda_giorno"),
    path("agenda/nuova", nuova.NuovaSedutaView.as_view(), name="nuova_seduta"),
    path("agenda/gruppo", nuova.NuovoGruppoView.as_view(), name="nuovo_gruppo"),
    path("agenda/orario", impostazioni.OrarioView.as_view(), name="orario"),
    path("agenda/chiusure", impostazioni.ChiusureView.as_view(), name="chiusure"),
    path("agenda/chiusure/<int:pk>/togli", impostazioni.TogliChiusuraView.as_view(), name="togli_chiusura"),
    path("agenda/calendario", impostazioni.CalendarioPrivatoView.as_view(), name="calendario_privato"),
    path("agenda/<int:pk>", seduta.SedutaView.as_view(), name="seduta"),
    path("agenda/<int:pk>/sposta", seduta.SpostaSedutaView.as_view(), name="sposta_seduta"),
    path("agenda/<int:pk>/annulla", seduta.AnnullaSedutaView.as_view(), name="annulla_seduta"),
    path("agenda/<int:pk>/iscrivi", iscritti.IscriviView.as_view(), name="iscrivi"),
    path("agenda/<int:pk>/elenco", iscritti.ElencoView.as_view(), name="iscrivi_elenco"),
    path("agenda/<int:pk>/presenze", iscritti.PresenzeView.as_view(), name="presenze"),
    path("agenda/<int:pk>/foglio", documenti.FoglioView.as_view(), name="foglio_presenze"),
    path("iscrizioni/<int:pk>/togli", iscritti.TogliIscrizioneView.as_view(), name="togli_iscrizione"),
    path("iscrizioni/<int:pk>/giustificazione", giustificazione.GiustificazioneView.as_view(), name="giustificazione"),
    path("iscrizioni/<int:pk>/convocazione", documenti.ConvocazioneView.as_view(), name="convocazione"),
    path("iscrizioni/<int:pk>/appuntamento.ics", documenti.IcsView.as_view(), name="ics"),
    path("utenti/<int:utente_id>/appuntamenti", impostazioni.AppuntamentiView.as_view(), name="appuntamenti"),
    path("calendario/<str:gettone>.ics", documenti.CalendarioView.as_view(), name="calendario"),
]
