from django.apps import AppConfig


class RegistroConfig(AppConfig):
    name = "orientamento.registro"
    label = "registro"
    verbose_name = "Registro"
