"""The addresses of the file, the presa in carico, the DID, the document of stay and the register."""

from django.urls import path

from orientamento.anagrafica.sezioni import SEZIONI
from orientamento.anagrafica.views import did, fascicolo, presa_in_carico, registro, soggiorno

_U = "utenti/<int:utente_id>"

urlpatterns = [
    path(f"{_U}/fascicolo", fascicolo.FascicoloView.as_view(), name="fascicolo"),
    *[
        path(f"{_U}/fascicolo/{chiave}", fascicolo.PannelloView.as_view(sezione=chiave), name=f"pannello_{chiave}")
        for chiave in SEZIONI
    ],
    path(f"{_U}/fascicolo/<slug:sezione>/nuova", fascicolo.VoceView.as_view(), name="voce_nuova"),
    path(f"{_U}/fascicolo/<slug:sezione>/<int:pk>", fascicolo.VoceView.as_view(), name="voce_modifica"),
    path(f"{_U}/fascicolo/<slug:sezione>/<int:pk>/elimina", fascicolo.VoceEliminaView.as_view(), name="voce_elimina"),
    path(f"{_U}/presa-in-carico", presa_in_carico.PresaInCaricoView.as_view(), name="presa_in_carico"),
    path(
        f"{_U}/presa-in-carico/chiudi",
        presa_in_carico.ChiudiPresaInCaricoView.as_view(),
        name="chiudi_presa_in_carico",
    ),
    path(
        f"{_U}/presa-in-carico/consensi/<int:pk>/revoca",
        presa_in_carico.RevocaConsensoView.as_view(),
        name="revoca_consenso",
    ),
    path(
        f"{_U}/presa-in-carico/consensi/<slug:finalita>",
        presa_in_carico.EsprimiConsensoView.as_view(),
        name="esprimi_consenso",
    ),
    path(f"{_U}/did", did.DIDView.as_view(), name="did"),
    path(f"{_U}/did/<int:pk>/stato", did.StatoDIDView.as_view(), name="stato_did"),
    path(f"{_U}/soggiorno", soggiorno.SoggiornoView.as_view(), name="soggiorno"),
    path(f"{_U}/registro", registro.RegistroUtenteView.as_view(), name="registro_utente"),
]
