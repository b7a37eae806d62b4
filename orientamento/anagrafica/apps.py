from django.apps import AppConfig


class AnagraficaConfig(AppConfig):
    name = "orientamento.anagrafica"
    label = "anagrafica"
    verbose_name = "Anagrafica"

    def ready(self) -> None:
        from orientamento.anagrafica.posta import controlli  # noqa: F401 - registers itself
