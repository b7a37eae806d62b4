from django.urls import path

from curriculum.views import componi, elenchi, file, importa, pannello, trasferimento

app_name = "curriculum"

urlpatterns = [
    path("utenti/<int:utente_id>/curriculum", pannello.PannelloView.as_view(), name="pannello"),
    path("utenti/<int:utente_id>/curriculum/luoghi", pannello.LuoghiView.as_view(), name="luoghi"),
    path("utenti/<int:utente_id>/curriculum/carica", pannello.CaricaView.as_view(), name="carica"),
    path("utenti/<int:utente_id>/curriculum/trasferisci", trasferimento.TrasferisciView.as_view(), name="trasferisci"),
    path("utenti/<int:utente_id>/curriculum/sollecita", trasferimento.SollecitaView.as_view(), name="sollecita"),
    path("utenti/<int:utente_id>/curriculum/controlla", trasferimento.ControllaView.as_view(), name="controlla"),
    path("utenti/<int:utente_id>/curriculum/rimuovi", trasferimento.RimuoviView.as_view(), name="rimuovi"),
    path("utenti/<int:utente_id>/curriculum/importa", importa.ImportaView.as_view(), name="importa"),
    path("utenti/<int:utente_id>/curriculum/componi", componi.ComponiView.as_view(), name="componi"),
    path(
        "utenti/<int:utente_id>/curriculum/componi/anteprima",
        componi.AnteprimaView.as_view(),
        name="componi_anteprima",
    ),
    path(
        "utenti/<int:utente_id>/curriculum/come-cancellare",
        componi.ComeCancellareView.as_view(),
        name="come_cancellare",
    ),
    path("curriculum/scadenze", elenchi.ScadenzeView.as_view(), name="scadenze"),
    path("curriculum/scadenze/messaggi/<int:pk>/rimanda", elenchi.RimandaAvvisoView.as_view(), name="rimanda_avviso"),
    path("curriculum/registrazioni", elenchi.RegistrazioniView.as_view(), name="registrazioni"),
    path("curriculum/trasferimenti", elenchi.TrasferimentiView.as_view(), name="trasferimenti"),
    path("curriculum/<int:pk>/scarica", file.ScaricaView.as_view(), name="scarica"),
    path("curriculum/<int:pk>/cancella", file.CancellaView.as_view(), name="cancella"),
    path(
        "curriculum/trasferimenti/<int:pk>/annulla", trasferimento.AnnullaView.as_view(), name="annulla_trasferimento"
    ),
]
