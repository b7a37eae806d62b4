"""Every address of the portal to try against."""

from django.urls import path

from curriculum.portale.prova import api, comandi, pagina_guasti, pagine

urlpatterns = [
    path("oauth/token", api.gettone),
    path("v2/registrazione", api.registrazione),
    path("v2/registrazione/messaggi", api.messaggi),
    path("v2/curriculum", api.curriculum),
    path("v2/intuition", api.intuition),
    path("contratto.yaml", api.contratto, name="contratto"),
    path("prova/salute", comandi.salute),
    path("prova/guasti", comandi.guasti),
    path("prova/azzera", comandi.azzera),
    path("prova/conferma", comandi.conferma),
    path("prova/registrati", comandi.registrati),
    path("prova/conteggi", comandi.conteggi),
    path("prova/messaggi", comandi.messaggi),
    path("", pagine.inizio, name="inizio"),
    path("messaggi", pagine.messaggi, name="messaggi"),
    path("conferma/<str:gettone>", pagine.conferma, name="conferma"),
    path("cittadini", pagine.cittadini, name="cittadini"),
    path("cittadini/<str:codice_fiscale>", pagine.cittadino, name="cittadino"),
    path("cittadini/<str:codice_fiscale>/curriculum.pdf", pagine.scarica, name="scarica"),
    path("cittadini/<str:codice_fiscale>/cancella", pagine.cancella, name="cancella"),
    path("intuition", pagine.intuition, name="intuition"),
    path("intuition/<int:pk>/curriculum.pdf", pagine.scarica_da_intuition, name="scarica_da_intuition"),
    path("guasti", pagina_guasti.mostra, name="guasti"),
    path("guasti/ripristina", pagina_guasti.ripristina, name="ripristina"),
]
handler404 = "curriculum.portale.prova.pagine.non_trovata"
