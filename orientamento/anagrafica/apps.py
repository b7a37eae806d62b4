from django.apps import AppConfig


class AnagraficaConfig(AppConfig):
    name = "orientamento.anagrafica"
    label = "anagrafica"
    verbose_name = "Anagrafica"
