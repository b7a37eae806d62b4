"""Every address of the portal to try against."""

from django.urls import path, re_path

from curriculum.portale.prova import api, comandi

CITTADINO = r"^v1/cittadini/(?P<codice_fiscale>[^/]*)"

urlpatterns = [
    path("oauth/token", api.gettone),
    re_path(CITTADINO + "$", api.cittadino),
    re_path(CITTADINO + "/messaggi$", api.messaggi),
    re_path(CITTADINO + "/curriculum$", api.curriculum),
    re_path(r"^v1/intuition/(?P<codice_fiscale>[^/]*)$", api.intuition),
    path("contratto.yaml", api.contratto, name="contratto"),
    path("prova/salute", comandi.salute),
    path("prova/guasti", comandi.guasti),
    path("prova/azzera", comandi.azzera),
    path("prova/conferma", comandi.conferma),
    path("prova/registrati", comandi.registrati),
    path("prova/conteggi", comandi.conteggi),
    path("prova/messaggi", comandi.messaggi),
]
