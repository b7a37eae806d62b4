from django.urls import URLPattern

app_name = "anagrafica"

urlpatterns: list[URLPattern] = []
