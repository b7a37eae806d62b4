from django.apps import AppConfig


class PspConfig(AppConfig):
    name = "psp"
    label = "psp"
    verbose_name = "Patto di servizio"
