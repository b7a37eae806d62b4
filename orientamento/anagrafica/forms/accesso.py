"""The form of the login page."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from orientamento.comune.forms import ModuloMixin


class AccessoForm(ModuloMixin, AuthenticationForm):
    """User name and password. One message for every refusal, so that it does not tell which names exist."""

    username = UsernameField(
        label="Nome utente",
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    error_messages = {
        "invalid_login": (
            "Nome utente o password non corretti. Controlli maiuscole e minuscole; se l'accesso è stato disattivato, "
            "si rivolga all'amministratore."
        ),
        "inactive": "Questo accesso è stato disattivato: si rivolga all'amministratore.",
    }
