from django.urls import URLPattern

app_name = "psp"

urlpatterns: list[URLPattern] = []
