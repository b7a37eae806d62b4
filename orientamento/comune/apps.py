from django.apps import AppConfig


class ComuneConfig(AppConfig):
    name = "orientamento.comune"
    label = "comune"
    verbose_name = "Comune"
