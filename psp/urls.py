from django.urls import path

from psp import amministrazione as amministrazione  # its tables join the administrator's
from psp import urls_agenda
from psp.views import attivita, colloquio, home, lavoro, misure, patto, piano, voci
from psp.views.imprese import ImpreseView
from psp.views.incontri import ConcludiView, IncontriView, TempoView
from psp.views.revisione import CodaView, RevisioneView
from psp.views.utente import FasciaView, UtenteView

app_name = "psp"

urlpatterns = [
    *urls_agenda.urlpatterns,
    path("", home.HomeView.as_view(), name="home"),
    path("utenti/<int:utente_id>", UtenteView.as_view(), name="utente"),
    path("utenti/<int:utente_id>/fascia", FasciaView.as_view(), name="fascia"),
    path("utenti/<int:utente_id>/colloquio", colloquio.ApriColloquioView.as_view(), name="apri_colloquio"),
    path("colloqui/<int:colloquio_id>/fase/<int:fase>", colloquio.fase, name="fase"),
    path("colloqui/<int:colloquio_id>/indice", colloquio.IndiceFaseView.as_view(), name="indice_fase"),
    path("colloqui/<int:colloquio_id>/imprese", ImpreseView.as_view(), name="imprese"),
    path("colloqui/<int:colloquio_id>/tempo", TempoView.as_view(), name="tempo"),
    path("colloqui/<int:colloquio_id>/incontri", IncontriView.as_view(), name="incontri"),
    path("colloqui/<int:colloquio_id>/conclusione", ConcludiView.as_view(), name="concludi_colloquio"),
    path("patti/<int:pk>", patto.PattoView.as_view(), name="patto"),
    path("patti/<int:pk>/pdf", patto.PdfView.as_view(), name="patto_pdf"),
    path("patti/<int:pk>/copia-firmata", patto.ScansioneView.as_view(), name="patto_scansione"),
    path("patti/<int:pk>/revisione", patto.MandaInRevisioneView.as_view(), name="manda_in_revisione"),
    path("patti/<int:pk>/bozza", patto.RiportaInBozzaView.as_view(), name="riporta_in_bozza"),
    path("patti/<int:pk>/firma", patto.FirmaView.as_view(), name="registra_firma"),
    path("patti/<int:pk>/annullamento", patto.AnnullaView.as_view(), name="annulla_patto"),
    path("patti/<int:pk>/chiusura", patto.ChiudiView.as_view(), name="chiudi_patto"),
    path("patti/<int:pk>/nuovo", patto.NuovoPattoView.as_view(), name="nuovo_patto"),
    path("patti/<int:pk>/impegni", piano.ImpegniView.as_view(), name="impegni"),
    path("patti/<int:pk>/profilazione", piano.ProfilazioneView.as_view(), name="profilazione"),
    path("patti/<int:pk>/atti", voci.AttiView.as_view(), name="atti"),
    path("patti/<int:pk>/atti/tipici", voci.AttiTipiciView.as_view(), name="atti_tipici"),
    path("patti/<int:pk>/atti/ripresi", voci.RiprendiAttiView.as_view(), name="riprendi_atti"),
    path("patti/<int:pk>/atti/<int:atto_id>", voci.AttoView.as_view(), name="atto"),
    path("patti/<int:pk>/atti/<int:atto_id>/elimina", voci.EliminaAttoView.as_view(), name="elimina_atto"),
    path("utenti/<int:utente_id>/misure", misure.MisureView.as_view(), name="misure"),
    path("misure/<int:pk>", misure.MisuraView.as_view(), name="misura"),
    path("misure/<int:pk>/avvio", misure.AvviaMisuraView.as_view(), name="avvia_misura"),
    path("misure/<int:pk>/conclusione", misure.ConcludiMisuraView.as_view(), name="concludi_misura"),
    path("misure/<int:pk>/interruzione", misure.InterrompiMisuraView.as_view(), name="interrompi_misura"),
    path("misure/<int:pk>/dettagli", misure.DettagliMisuraView.as_view(), name="dettagli_misura"),
    path("misure/<int:pk>/incontri", misure.IncontroMisuraView.as_view(), name="incontro_misura"),
    path("misure/<int:pk>/scouting", misure.ScoutingView.as_view(), name="scouting"),
    path("scouting/<int:pk>", misure.VoceScoutingView.as_view(), name="voce_scouting"),
    path("patti/<int:pk>/misure", voci.MisureView.as_view(), name="misure_del_patto"),
    path("patti/<int:pk>/misure/<int:misura_id>", voci.MisuraView.as_view(), name="misura_del_patto"),
    path("patti/<int:pk>/misure/<int:misura_id>/elimina", voci.EliminaMisuraView.as_view(), name="elimina_misura"),
    path("utenti/<int:utente_id>/attivita", attivita.AttivitaView.as_view(), name="attivita"),
    path("atti/<int:pk>/prove", attivita.RegistraProvaView.as_view(), name="registra_prova"),
    path("prove/<int:pk>/verifica", attivita.VerificaProvaView.as_view(), name="verifica_prova"),
    path("prove/<int:pk>/documento", attivita.ScaricaProvaView.as_view(), name="scarica_prova"),
    path("utenti/<int:utente_id>/imprese", attivita.RegistraContattoView.as_view(), name="registra_contatto"),
    path("imprese/<int:pk>/risposta", attivita.RispostaView.as_view(), name="risposta_impresa"),
    path("promemoria", home.PromemoriaView.as_view(), name="promemoria"),
    path("promemoria/<int:pk>/fatto", home.PromemoriaFattoView.as_view(), name="promemoria_fatto"),
    path("filtri", home.SalvaFiltroView.as_view(), name="salva_filtro"),
    path("filtri/<int:pk>/togli", home.TogliFiltroView.as_view(), name="togli_filtro"),
    path("affidamento", lavoro.AffidaView.as_view(), name="affida"),
    path("affidamento/giorni", lavoro.PassaGiorniView.as_view(), name="passa_giorni"),
    path("revisioni", CodaView.as_view(), name="revisioni"),
    path("revisioni/<int:pk>", RevisioneView.as_view(), name="revisione"),
]
