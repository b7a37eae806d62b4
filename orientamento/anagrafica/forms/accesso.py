"""The form of the login page."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UsernameField

from orientamento.anagrafica.models import Operatore
from orientamento.comune.forms import ModuloMixin


class AccessoForm(ModuloMixin, AuthenticationForm):
    """User name and password. One message for every refusal, so that it does not tell which names exist."""

    username = UsernameField(
        label="Nome utente",
        max_length=Operatore._meta.get_field("username").max_length,
        widget=forms.TextInput(attrs={"autofocus": True, "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label="Password", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What can be nobody's name gets the same answer as a wrong one, and goes no further.
        for codice in ("max_length", "null_characters_not_allowed"):
            self.fields["username"].error_messages[codice] = self.error_messages["invalid_login"]

    error_messages = {
        "invalid_login": (
            "Nome utente o password non corretti. Controlli maiuscole e minuscole; se l'accesso è stato disattivato, "
            "si rivolga all'amministratore."
        ),
        "inactive": "Questo accesso è stato disattivato: si rivolga all'amministratore.",
    }
