from django.apps import AppConfig


class PropensioniConfig(AppConfig):
    name = "propensioni"
    label = "propensioni"
    verbose_name = "Propensioni"
