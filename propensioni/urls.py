from django.urls import URLPattern

app_name = "propensioni"

urlpatterns: list[URLPattern] = []
